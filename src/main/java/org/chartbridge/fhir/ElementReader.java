package org.chartbridge.fhir;

import org.chartbridge.fhir.NotPlaced.Fault;
import org.chartbridge.placing.Placed.Answer;
import org.chartbridge.placing.Placed.Clinician;
import org.chartbridge.placing.Placed.Code;
import org.chartbridge.placing.Placed.Insurance;
import org.chartbridge.placing.Placed.OrderNumber;
import org.hl7.fhir.r4.model.Annotation;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads what orders of every kind have in common; long because each element has its place. What
 * can't be carried into the message is a fault with its FHIRPath, never overlooked.
 */
class ElementReader {

    /** Characters of a code, a number or a name. */
    static final int MAX_VALUE = 199;

    /** Characters of an instruction; all of an order are one field of the chart. */
    static final int MAX_INSTRUCTION = 1_000;

    /** Characters of a note or an answer. */
    static final int MAX_TEXT = 4_000;

    private final List<Fault> faults;
    private final String at;

    /**
     * @param at FHIRPath of the resource
     */
    ElementReader(String at, List<Fault> faults) {
        this.at = at;
        this.faults = faults;
    }

    /**
     * Refuses whatever else is said.
     *
     * @param path empty for the resource itself
     */
    void only(Base element, String path, Set<String> taken, String remedy) {
        for (var property : element.children())
            if (property.hasValues() && !taken.contains(property.getName())) {
                var name = property.getName().replace("[x]", "");
                fault(IssueType.NOTSUPPORTED, path.isEmpty() ? name : path + "." + name, remedy);
            }
    }

    // ------------------------------------------------------------ numbers

    /** The placer's number: of type PLAC, or without a type. */
    OrderNumber number(List<Identifier> identifiers) {
        var number = OrderNumber.NONE;
        for (int i = 0; i < identifiers.size(); i++) {
            var identifier = identifiers.get(i);
            var path = "identifier[" + i + "]";
            var type = identifier.getType().getCodingFirstRep().getCode();
            if (type != null && !type.equals("PLAC"))
                fault(
                        IssueType.NOTSUPPORTED,
                        path + ".type",
                        "An order is placed by its placer's number only (type PLAC).");
            else if (!number.value().isEmpty())
                fault(IssueType.STRUCTURE, path, "An order has one placer's number.");
            else number = number(identifier, path);
        }
        return number;
    }

    OrderNumber number(Identifier identifier, String path) {
        var value = line(identifier.getValue(), path + ".value", MAX_VALUE);
        if (value.isEmpty()) {
            fault(IssueType.REQUIRED, path + ".value", "An identifier needs its value.");
            return OrderNumber.NONE;
        }
        if (value.contains("^") || value.contains("|"))
            fault(IssueType.VALUE, path + ".value", "A number of an order has no ^ and no |.");
        return new OrderNumber(value, authority(identifier, path));
    }

    String authority(Identifier identifier, String path) {
        var system = line(identifier.getSystem(), path + ".system", MAX_VALUE);
        return CodeSystems.authority(system);
    }

    // ------------------------------------------------------------ who

    /** "Family, Given"; not "Given Family, MD". */
    private static final Pattern FAMILY_GIVEN =
            Pattern.compile(
                    "([^,]*[^,\\s])\\s*,\\s*(?!(?:M\\.?D|D\\.?O|N\\.?P|P\\.?A|R\\.?N|Ph\\.?D|FNP|APRN|DNP|DPM|DDS|CNM)\\b)([^,\\s][^,]*)",
                    Pattern.CASE_INSENSITIVE);

    /** Who orders. */
    Clinician requester(Reference requester) {
        return requester.isEmpty() ? Clinician.NONE : clinician(requester, "requester");
    }

    Clinician clinician(Reference reference, String path) {
        var there = reference.getResource();
        if (there instanceof PractitionerRole role && role.hasPractitioner())
            return clinician(role.getPractitioner(), path + ".resolve().practitioner");
        if (there instanceof Practitioner one) {
            var name = one.getNameFirstRep();
            var number = one.getIdentifierFirstRep();
            return new Clinician(
                    line(number.getValue(), path + ".resolve().identifier.value", MAX_VALUE),
                    line(family(name), path + ".resolve().name.family", MAX_VALUE),
                    line(given(name), path + ".resolve().name.given", MAX_VALUE),
                    authority(number, path + ".resolve().identifier"));
        }
        var number = reference.getIdentifier();
        var name = line(reference.getDisplay(), path + ".display", MAX_VALUE);
        var parts = FAMILY_GIVEN.matcher(name);
        boolean both = parts.matches();
        var who =
                new Clinician(
                        line(number.getValue(), path + ".identifier.value", MAX_VALUE),
                        both ? parts.group(1) : name,
                        both ? parts.group(2) : "",
                        authority(number, path + ".identifier"));
        if (who.number().isEmpty() && who.family().isEmpty())
            fault(
                    IssueType.NOTFOUND,
                    path,
                    "Nobody is known by this reference; give display and identifier, or the"
                            + " Practitioner contained or in the bundle.");
        return who;
    }

    private static @Nullable String family(HumanName name) {
        return name.hasFamily() ? name.getFamily() : name.getText();
    }

    private static @Nullable String given(HumanName name) {
        return name.hasGiven() ? name.getGiven().getFirst().getValue() : null;
    }

    /** A Coverage that came with the order, as IN1 has it. */
    Insurance insurance(Coverage coverage, String path) {
        var plan = Code.NONE;
        var group = "";
        for (int i = 0; i < coverage.getClass_().size(); i++) {
            var part = coverage.getClass_().get(i);
            var its = path + ".class[" + i + "]";
            var value = line(part.getValue(), its + ".value", MAX_VALUE);
            var type = part.getType().getCodingFirstRep().getCode();
            if ("plan".equals(type))
                plan = new Code(value, line(part.getName(), its + ".name", MAX_VALUE), "");
            else if ("group".equals(type)) group = value;
        }
        var payor = coverage.getPayorFirstRep();
        var insurer = line(payor.getDisplay(), path + ".payor.display", MAX_VALUE);
        var number = payor.getIdentifier().getValue();
        if (payor.getResource() instanceof Organization organization) {
            insurer = line(organization.getName(), path + ".payor.resolve().name", MAX_VALUE);
            number = organization.getIdentifierFirstRep().getValue();
        }
        var member = coverage.getSubscriberId();
        if (member == null) member = coverage.getIdentifierFirstRep().getValue();
        return new Insurance(
                plan,
                line(number, path + ".payor.identifier.value", MAX_VALUE),
                insurer,
                group,
                line(member, path + ".subscriberId", MAX_VALUE),
                relationship(coverage));
    }

    /** Table 0063. */
    private static String relationship(Coverage coverage) {
        var code = coverage.getRelationship().getCodingFirstRep().getCode();
        return switch (code == null ? "" : code) {
            case "" -> "";
            case "self" -> "SEL";
            case "spouse" -> "SPO";
            case "child" -> "CHD";
            case "parent" -> "PAR";
            case "common" -> "DOM";
            default -> "OTH";
        };
    }

    // ------------------------------------------------------------ what, when and why

    /** Table 0485. */
    static String priority(@Nullable String code) {
        return switch (code == null ? "" : code) {
            case "stat" -> "S";
            case "asap", "urgent" -> "A";
            case "routine" -> "R";
            default -> "";
        };
    }

    /** When it was ordered; null when nobody said, or said the day only. */
    static @Nullable Instant authored(DateTimeType when) {
        return when.isEmpty() || when.getTimeZone() == null ? null : when.getValue().toInstant();
    }

    @Nullable Instant instant(BaseDateTimeType when, String path) {
        if (when.isEmpty()) return null;
        if (when.getTimeZone() != null) return when.getValue().toInstant();
        fault(IssueType.VALUE, path, "Give the time of day, with its offset.");
        return null;
    }

    List<Code> reasons(List<CodeableConcept> codes, List<Reference> references) {
        var reasons = new ArrayList<Code>();
        for (int i = 0; i < codes.size(); i++)
            reason(codes.get(i), "reasonCode[" + i + "]", reasons);
        for (int i = 0; i < references.size(); i++) {
            var path = "reasonReference[" + i + "]";
            if (references.get(i).getResource() instanceof Condition condition)
                reason(condition.getCode(), path + ".resolve().code", reasons);
            else
                fault(
                        IssueType.NOTSUPPORTED,
                        path,
                        "A reason is a Condition, contained or in the bundle, or reasonCode.");
        }
        return reasons;
    }

    private void reason(CodeableConcept concept, String path, List<Code> reasons) {
        var codes = codes(concept, path);
        if (codes.isEmpty()) fault(IssueType.REQUIRED, path, "A reason needs a code or a text.");
        else reasons.add(codes.getFirst());
    }

    List<String> notes(List<Annotation> annotations) {
        var notes = new ArrayList<String>();
        for (int i = 0; i < annotations.size(); i++) {
            var text = text(annotations.get(i).getText(), "note[" + i + "].text", MAX_TEXT);
            if (!text.isEmpty()) notes.add(text);
        }
        return notes;
    }

    /**
     * Answers to questions.
     *
     * @param element in which they are referred to
     */
    List<Answer> answers(List<Reference> references, String element) {
        var answers = new ArrayList<Answer>();
        for (int i = 0; i < references.size(); i++) {
            var path = element + "[" + i + "]";
            if (references.get(i).getResource() instanceof Observation its)
                answer(its, path + ".resolve()", answers);
            else
                fault(
                        IssueType.NOTSUPPORTED,
                        path,
                        "What goes along is an Observation, contained or in the bundle, that"
                                + " answers a question.");
        }
        return answers;
    }

    private void answer(Observation observation, String path, List<Answer> answers) {
        var questions = codes(observation.getCode(), path + ".code");
        if (questions.isEmpty() || questions.getFirst().code().isEmpty()) {
            fault(IssueType.REQUIRED, path + ".code", "An answer needs the code of its question.");
            return;
        }
        var question = questions.getFirst();
        var value = observation.getValue();
        var its = path + ".value";
        answers.add(
                switch (value) {
                    case StringType text ->
                            Answer.text(question, text(text.getValue(), its, MAX_TEXT));
                    case IntegerType number -> plain(question, "NM", number);
                    case BooleanType yes ->
                            yes.booleanValue()
                                    ? new Answer(question, "CWE", "Y", "Yes", "HL70136", "")
                                    : new Answer(question, "CWE", "N", "No", "HL70136", "");
                    case Quantity quantity when quantity.hasValue() && !quantity.hasComparator() ->
                            new Answer(
                                    question,
                                    "NM",
                                    quantity.getValue().toPlainString(),
                                    "",
                                    "",
                                    line(
                                            quantity.hasCode()
                                                    ? quantity.getCode()
                                                    : quantity.getUnit(),
                                            its + ".unit",
                                            MAX_VALUE));
                    case CodeableConcept concept -> coded(question, concept, its);
                    case DateTimeType when ->
                            new Answer(
                                    question,
                                    when.getTimeZone() == null ? "DT" : "TS",
                                    time(when),
                                    "",
                                    "",
                                    "");
                    case null, default -> {
                        fault(
                                IssueType.NOTSUPPORTED,
                                its,
                                "An answer is a text, a code, a number, a date, yes or no.");
                        yield Answer.text(question, "");
                    }
                });
    }

    private static Answer plain(Code question, String type, Type value) {
        return new Answer(question, type, value.primitiveValue(), "", "", "");
    }

    private Answer coded(Code question, CodeableConcept concept, String path) {
        var codes = codes(concept, path);
        if (codes.isEmpty()) {
            fault(IssueType.REQUIRED, path, "An answer needs a value.");
            return Answer.text(question, "");
        }
        var code = codes.getFirst();
        return new Answer(question, "CWE", code.code(), code.text(), code.system(), "");
    }

    /** As it is written, to its precision (HL7 v2.5.1 §2.A.22). */
    static String time(DateTimeType when) {
        var text = when.getValueAsString();
        int t = text.indexOf('T');
        if (t < 0) return text.replace("-", "");
        return text.substring(0, t).replace("-", "")
                + text.substring(t + 1)
                        .replace(":", "")
                        .replace("Z", "+0000")
                        .replaceFirst("[.]\\d+", "");
    }

    // ------------------------------------------------------------ values

    /** The first two codings, or the text alone. */
    List<Code> codes(CodeableConcept concept, String path) {
        return codes(concept, path, 2);
    }

    /** The codings, the first first, or the text alone. */
    List<Code> codes(CodeableConcept concept, String path, int most) {
        var codes = new ArrayList<Code>();
        for (int i = 0; i < concept.getCoding().size() && codes.size() < most; i++) {
            Coding coding = concept.getCoding().get(i);
            if (!coding.hasCode()) continue;
            var its = path + ".coding[" + i + "]";
            var display = coding.hasDisplay() ? coding.getDisplay() : concept.getText();
            codes.add(
                    new Code(
                            line(coding.getCode(), its + ".code", MAX_VALUE),
                            line(display, its + ".display", MAX_VALUE),
                            CodeSystems.name(
                                    line(coding.getSystem(), its + ".system", MAX_VALUE))));
        }
        if (codes.isEmpty() && concept.hasText())
            codes.add(new Code("", line(concept.getText(), path + ".text", MAX_VALUE), ""));
        return codes;
    }

    String line(@Nullable String value, String path, int max) {
        var text = value == null ? "" : value.strip();
        if (text.chars().anyMatch(Character::isISOControl))
            fault(IssueType.VALUE, path, "No control characters and no line breaks here.");
        return bounded(text, path, max);
    }

    String text(@Nullable String value, String path, int max) {
        var text = value == null ? "" : value.strip();
        if (text.chars().anyMatch(c -> Character.isISOControl(c) && "\r\n\t".indexOf(c) < 0))
            fault(IssueType.VALUE, path, "No control characters here.");
        return bounded(text.replace('\t', ' '), path, max);
    }

    private String bounded(String text, String path, int max) {
        if (text.length() <= max) return text;
        fault(IssueType.TOOLONG, path, "At most " + max + " characters.");
        return "";
    }

    void fault(IssueType type, String path, String text) {
        faults.add(new Fault(type, at + "." + path, text));
    }
}
