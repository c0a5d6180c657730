package org.chartbridge.fhir;

import org.chartbridge.fhir.NotPlaced.Fault;
import org.chartbridge.placing.Placed;
import org.chartbridge.placing.Placed.Code;
import org.chartbridge.placing.Placed.Dispensing;
import org.chartbridge.placing.Placed.Dosage;
import org.chartbridge.placing.Placed.OrderNumber;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Medication;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.MedicationRequest.MedicationRequestIntent;
import org.hl7.fhir.r4.model.MedicationRequest.MedicationRequestStatus;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Range;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads a MedicationRequest as an order; long because each element has its place. Asks nobody: what
 * the chart has to say is looked up before and after.
 */
final class MedicationReader extends ElementReader {
    private static final String IN_WORDS =
            "This element can't be sent with an order of medication; leave it out, or say it in"
                    + " dosageInstruction.text or note.";

    /** Elements that become a part of the message, or that change nothing of what is ordered. */
    private static final Set<String> TAKEN =
            Set.of(
                    "id",
                    "meta",
                    "language",
                    "text",
                    "contained",
                    "extension",
                    "identifier",
                    "groupIdentifier",
                    "status",
                    "intent",
                    "category",
                    "priority",
                    "doNotPerform",
                    "medication[x]",
                    "subject",
                    "encounter",
                    "authoredOn",
                    "requester",
                    "reasonCode",
                    "reasonReference",
                    "insurance",
                    "supportingInformation",
                    "note",
                    "dosageInstruction",
                    "dispenseRequest",
                    "substitution");

    private static final Set<String> OF_MEDICATION =
            Set.of("id", "meta", "language", "text", "extension", "code", "status", "form");

    private static final Set<String> OF_DOSAGE =
            Set.of(
                    "id",
                    "extension",
                    "sequence",
                    "text",
                    "additionalInstruction",
                    "patientInstruction",
                    "timing",
                    "asNeeded[x]",
                    "site",
                    "route",
                    "method",
                    "doseAndRate");

    /** Coding systems that the tables of screening know. */
    private static final Set<String> SCREENED = Set.of("RXNORM", "ATC");

    private final Instant now;

    /**
     * @param at FHIRPath of the resource
     */
    MedicationReader(String at, List<Fault> faults, Instant now) {
        super(at, faults);
        this.now = now;
    }

    Instant now() {
        return now;
    }

    /** The order itself; complete only when no fault was found. */
    Placed.Drug drug(MedicationRequest request) {
        only(request, "", TAKEN, IN_WORDS);
        if (request.getStatus() != MedicationRequestStatus.ACTIVE)
            fault(
                    IssueType.VALUE,
                    "status",
                    "Only what is active is ordered; set active when it is to be given.");
        if (request.getIntent() != MedicationRequestIntent.ORDER)
            fault(
                    IssueType.VALUE,
                    "intent",
                    "Only an order is ordered, no proposal and no plan; set order.");
        if (request.getDoNotPerform())
            fault(IssueType.NOTSUPPORTED, "doNotPerform", "What is not to be given is no order.");
        var form = new ArrayList<Code>();
        var codes = drugs(request, form);
        return new Placed.Drug(
                "NW",
                number(request.getIdentifier()),
                request.hasGroupIdentifier()
                        ? number(request.getGroupIdentifier(), "groupIdentifier")
                        : OrderNumber.NONE,
                requester(request.getRequester()),
                authored(request.getAuthoredOnElement()),
                codes.getFirst(),
                codes.getLast(),
                dosage(request, form.isEmpty() ? Code.NONE : form.getFirst()),
                dispensing(request),
                priority(request.hasPriority() ? request.getPriority().toCode() : null),
                reasons(request.getReasonCode(), request.getReasonReference()),
                notes(request.getNote()),
                answers(request.getSupportingInformation(), "supportingInformation"));
    }

    // ------------------------------------------------------------ what

    /** The code that is screened and another one; the form where a Medication says it. */
    private List<Code> drugs(MedicationRequest request, List<Code> form) {
        if (request.getMedication() instanceof CodeableConcept concept)
            return drugs(concept, "medication");
        var path = "medication.resolve()";
        if (request.hasMedicationReference()
                && request.getMedicationReference().getResource() instanceof Medication its) {
            only(
                    its,
                    path,
                    OF_MEDICATION,
                    "Of a Medication code and form are sent; say the rest in medication's text or"
                            + " note.");
            if (its.hasForm()) form.addAll(codes(its.getForm(), path + ".form"));
            return drugs(its.getCode(), path + ".code");
        }
        fault(
                request.hasMedication() ? IssueType.NOTFOUND : IssueType.REQUIRED,
                "medication",
                "Say what is to be given: medicationCodeableConcept, or a Medication contained or"
                        + " in the bundle.");
        return List.of(Code.NONE, Code.NONE);
    }

    private List<Code> drugs(CodeableConcept concept, String path) {
        var all = codes(concept, path, Integer.MAX_VALUE);
        if (all.isEmpty() || all.getFirst().isNothing()) {
            fault(IssueType.REQUIRED, path, "Say what is to be given, by code or text.");
            return List.of(Code.NONE, Code.NONE);
        }
        // ⚠ The first code is what is screened.
        var first =
                all.stream()
                        .filter(code -> SCREENED.contains(code.system()))
                        .findFirst()
                        .orElse(all.getFirst());
        var words = line(concept.getText(), path + ".text", MAX_VALUE);
        var other =
                all.stream()
                        .filter(code -> !code.equals(first))
                        .findFirst()
                        .orElse(
                                words.isEmpty() || words.equals(first.text())
                                        ? Code.NONE
                                        : new Code("", words, ""));
        return List.of(first, other);
    }

    // ------------------------------------------------------------ how

    private Dosage dosage(MedicationRequest request, Code form) {
        if (request.getDosageInstruction().size() > 1)
            fault(
                    IssueType.NOTSUPPORTED,
                    "dosageInstruction[1]",
                    "An order has one dosage; order twice, or say it all in"
                            + " dosageInstruction[0].text.");
        var said = request.getDosageInstructionFirstRep();
        var path = "dosageInstruction[0]";
        only(said, path, OF_DOSAGE, IN_WORDS);
        var timing = new TimingReader(this, path);
        var when = timing.read(said);
        var least = "";
        var most = "";
        var unit = Code.NONE;
        if (said.getDoseAndRate().size() > 1)
            fault(IssueType.NOTSUPPORTED, path + ".doseAndRate[1]", "An order has one dose.");
        if (said.hasDoseAndRate()) {
            var dose = said.getDoseAndRateFirstRep();
            var its = path + ".doseAndRate[0]";
            only(dose, its, Set.of("id", "extension", "type", "dose[x]"), IN_WORDS);
            switch (dose.getDose()) {
                case Quantity quantity -> {
                    least = amount(quantity, its + ".dose");
                    unit = unit(quantity, its + ".dose");
                }
                case Range range -> {
                    least = amount(range.getLow(), its + ".dose.low");
                    most = amount(range.getHigh(), its + ".dose.high");
                    unit = unit(range.getLow(), its + ".dose.low");
                    if (!unit.equals(unit(range.getHigh(), its + ".dose.high")))
                        fault(
                                IssueType.VALUE,
                                its + ".dose",
                                "Both ends of the range need the same unit.");
                }
                case null, default -> {} // Nothing is said of how much.
            }
        }
        return new Dosage(
                least,
                most,
                unit,
                form,
                instructions(said, timing, path),
                one(said.getRoute(), path + ".route"),
                one(said.getSite(), path + ".site"),
                one(said.getMethod(), path + ".method"),
                when);
    }

    /** In words, in the order in which they are read; what the timing says in words last. */
    private List<String> instructions(
            org.hl7.fhir.r4.model.Dosage said, TimingReader timing, String path) {
        var all = new ArrayList<String>();
        all.add(line(said.getText(), path + ".text", MAX_INSTRUCTION));
        for (int i = 0; i < said.getAdditionalInstruction().size(); i++) {
            var concept = said.getAdditionalInstruction().get(i);
            all.add(words(concept, path + ".additionalInstruction[" + i + "]"));
        }
        all.add(line(said.getPatientInstruction(), path + ".patientInstruction", MAX_INSTRUCTION));
        all.addAll(timing.words());
        all.removeIf(String::isEmpty);
        // ⚠ One repetition: of several a receiver may read the first only.
        var joined = String.join("; ", all);
        if (joined.length() > MAX_INSTRUCTION)
            fault(
                    IssueType.TOOLONG,
                    path,
                    "All instructions together have at most " + MAX_INSTRUCTION + " characters.");
        return joined.isEmpty() ? List.of() : List.of(joined);
    }

    /** A concept as people read it. */
    String words(CodeableConcept concept, String path) {
        if (concept.hasText()) return line(concept.getText(), path + ".text", MAX_INSTRUCTION);
        var code = one(concept, path);
        return code.text().isEmpty() ? code.code() : code.text();
    }

    private Code one(CodeableConcept concept, String path) {
        var codes = codes(concept, path);
        return codes.isEmpty() ? Code.NONE : codes.getFirst();
    }

    private String amount(Quantity quantity, String path) {
        if (quantity.hasComparator())
            fault(IssueType.NOTSUPPORTED, path + ".comparator", "How much has to be one number.");
        if (!quantity.hasValue()) {
            fault(IssueType.REQUIRED, path + ".value", "How much has to be a number.");
            return "";
        }
        if (quantity.getValue().signum() < 0)
            fault(IssueType.VALUE, path + ".value", "How much can't be below zero.");
        return quantity.getValue().toPlainString();
    }

    private Code unit(Quantity quantity, String path) {
        var code = line(quantity.getCode(), path + ".code", MAX_VALUE);
        var text = line(quantity.getUnit(), path + ".unit", MAX_VALUE);
        if (code.isEmpty() && text.isEmpty())
            fault(IssueType.REQUIRED, path + ".unit", "How much needs its unit.");
        var system = line(quantity.getSystem(), path + ".system", MAX_VALUE);
        return new Code(code, text, code.isEmpty() ? "" : CodeSystems.name(system));
    }

    // ------------------------------------------------------------ what is handed out

    private Dispensing dispensing(MedicationRequest request) {
        var wanted = request.getDispenseRequest();
        only(
                wanted,
                "dispenseRequest",
                Set.of("id", "extension", "quantity", "numberOfRepeatsAllowed"),
                "Of this the quantity and the number of refills are sent; leave it out, or say it"
                        + " in note.");
        var amount = "";
        var unit = Code.NONE;
        if (wanted.hasQuantity()) {
            amount = amount(wanted.getQuantity(), "dispenseRequest.quantity");
            unit = unit(wanted.getQuantity(), "dispenseRequest.quantity");
        }
        return new Dispensing(
                amount,
                unit,
                wanted.hasNumberOfRepeatsAllowed()
                        ? Integer.toString(wanted.getNumberOfRepeatsAllowed())
                        : "",
                substitution(request));
    }

    /** Table 0161. */
    private String substitution(MedicationRequest request) {
        if (!request.hasSubstitution()) return "";
        var said = request.getSubstitution();
        only(said, "substitution", Set.of("id", "extension", "allowed[x]"), IN_WORDS);
        if (said.hasAllowedBooleanType())
            return said.getAllowedBooleanType().booleanValue() ? "G" : "N";
        var code =
                said.hasAllowedCodeableConcept()
                        ? said.getAllowedCodeableConcept().getCodingFirstRep().getCode()
                        : null;
        return switch (code == null ? "" : code) {
            case "N" -> "N";
            case "G" -> "G";
            case "TE", "T" -> "T";
            default -> {
                fault(
                        IssueType.VALUE,
                        "substitution.allowed",
                        "Whether it may be substituted is true, false, or the code N, G or TE.");
                yield "";
            }
        };
    }
}
