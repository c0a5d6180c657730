package org.chartbridge.fhir;

import ca.uhn.fhir.context.FhirContext;

import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.fhir.NotPlaced.Fault;
import org.chartbridge.placing.Placing.Change;
import org.hl7.fhir.r4.model.Annotation;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What a PUT changes of an order of a test that goes on: priority, time, notes and answers. The
 * rest says which order it is, and what its laboratory may have begun ⚠: whoever wants that
 * otherwise orders anew. What is left out stays.
 */
final class TestChange {
    private static final FhirContext R4 = FhirContext.forR4Cached();

    /** Elements that may be sent and must be as they were read. */
    private static final Set<String> FIXED =
            Set.of(
                    "intent",
                    "category",
                    "doNotPerform",
                    "code",
                    "requisition",
                    "basedOn",
                    "subject",
                    "encounter",
                    "authoredOn",
                    "requester",
                    "reasonCode",
                    "reasonReference",
                    "insurance",
                    "specimen");

    /** Elements that change nothing, are read elsewhere, or below. */
    private static final Set<String> READ =
            Set.of(
                    "id",
                    "meta",
                    "language",
                    "text",
                    "contained",
                    "extension",
                    "identifier",
                    "status",
                    "priority",
                    "occurrence[x]",
                    "note",
                    "supportingInfo");

    private TestChange() {}

    /**
     * What is to be told its laboratory; {@link Change#NONE} when nothing is.
     *
     * @param faults is given what can't be changed
     */
    static Change of(ServiceRequest wanted, PlacedOrderView order, List<Fault> faults) {
        var now = asRead(ServiceRequestMapper.of(order));
        var reader = new OrderReader("ServiceRequest", faults);
        var silent = new OrderReader("ServiceRequest", new ArrayList<>());
        for (var property : wanted.children()) {
            var name = property.getName();
            if (!property.hasValues() || READ.contains(name)) continue;
            boolean same =
                    FIXED.contains(name)
                            && same(property.getValues(), now.getNamedProperty(name).getValues());
            if (!same)
                faults.add(
                        new Fault(
                                IssueType.NOTSUPPORTED,
                                "ServiceRequest." + name,
                                "By PUT only priority, occurrenceDateTime, note and supportingInfo"
                                        + " are changed, and status; end the order and order"
                                        + " anew."));
        }
        var priority =
                ElementReader.priority(wanted.hasPriority() ? wanted.getPriority().toCode() : null);
        var before =
                ElementReader.priority(now.hasPriority() ? now.getPriority().toCode() : "routine");
        // A day without its time is shown as one, and sent back so.
        boolean asShown =
                wanted.hasOccurrence() && wanted.getOccurrence().equalsDeep(now.getOccurrence());
        var start = asShown ? null : reader.start(wanted);
        var answers = reader.answers(wanted.getSupportingInfo(), "supportingInfo");
        var shown = silent.answers(now.getSupportingInfo(), "supportingInfo");
        var lines = lines(now.getNote());
        // What is shown as a note begins with the answers, a line each (OBX); they are no notes.
        int asked = Math.min(now.getSupportingInfo().size(), lines.size());
        var notes = new ArrayList<>(lines(wanted.getNote()));
        notes.removeAll(lines.subList(0, asked));
        return new Change(
                priority.isEmpty() || priority.equals(before) ? "" : priority,
                start == null || start.equals(order.due()) ? null : start,
                notes.isEmpty() || notes.equals(lines.subList(asked, lines.size()))
                        ? List.of()
                        : reader.notes(List.of(new Annotation().setText(String.join("\n", notes)))),
                answers.isEmpty() || answers.equals(shown) ? List.of() : answers);
    }

    /** As who reads it gets it: with references to what is contained. */
    private static ServiceRequest asRead(ServiceRequest resource) {
        var parser = R4.newJsonParser();
        return parser.parseResource(ServiceRequest.class, parser.encodeResourceToString(resource));
    }

    private static boolean same(List<Base> wanted, List<Base> now) {
        if (wanted.size() != now.size()) return false;
        for (int i = 0; i < wanted.size(); i++)
            if (!wanted.get(i).equalsDeep(now.get(i)) && !contain(wanted.get(i), now.get(i)))
                return false;
        return true;
    }

    /** References that name the same contained resource by another id. */
    private static boolean contain(Base wanted, Base now) {
        if (!(wanted instanceof Reference one) || !(now instanceof Reference other)) return false;
        return one.getResource() instanceof Base its
                && other.getResource() instanceof Base others
                && its.equalsShallow(others)
                && its.children().stream()
                        .filter(child -> !child.getName().equals("id"))
                        .allMatch(
                                child ->
                                        same(
                                                child.getValues(),
                                                others.getNamedProperty(child.getName())
                                                        .getValues()));
    }

    private static List<String> lines(List<Annotation> notes) {
        return notes.stream()
                .map(Annotation::getText)
                .filter(text -> text != null)
                .flatMap(text -> Arrays.stream(text.split("\\R")))
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
