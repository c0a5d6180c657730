package org.chartbridge.mapping;

import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.RequestField;
import org.chartbridge.chart.Supporting;
import org.chartbridge.hl7.Hl7Time;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what a result message says of the order that it answers (ORC, OBR, SPM) and of the visit
 * beside it (PV1). A result is never refused or remarked for any of this: what can't be read is
 * left out.
 */
final class RequestReader {
    /** OBR-13 and others may be long; nobody reads more as a reason. */
    private static final int MAX_CHARACTERS = 4_000;

    private static final int ALTERNATE_VISIT = 50;

    private final Reader reader;

    /** The visit of the only patient; null when it is not sure whose it is. */
    private final @Nullable Line visit;

    RequestReader(Reader reader) {
        this.reader = reader;
        var visits = Beside.ofPatient(reader.message);
        visit =
                visits.size() == 1 && reader.message.lines("PID").size() < 2
                        ? visits.getFirst()
                        : null;
    }

    /**
     * What is said of one report's order.
     *
     * @param order the ORC that speaks for it, if any
     */
    Map<RequestField, FieldValue> read(Grouping.Report report, @Nullable Line order) {
        var said = new EnumMap<RequestField, FieldValue>(RequestField.class);
        var request = report.line;
        if (order != null) {
            put(said, RequestField.GROUP, number(order, 4, 0));
            put(said, RequestField.ORDERED, time(order, 9));
        }
        named(request, order, said);
        put(said, RequestField.PRIORITY, part(request, 5, 1));
        if (!said.containsKey(RequestField.PRIORITY))
            put(said, RequestField.PRIORITY, part(request, 27, 6));
        if (!said.containsKey(RequestField.PRIORITY) && order != null)
            put(said, RequestField.PRIORITY, part(order, 7, 6));
        put(said, RequestField.REASON, coded(request, 31));
        if (!said.containsKey(RequestField.REASON))
            put(said, RequestField.REASON, part(request, 13, 1));
        if (report.specimens.size() == 1) specimen(report.specimens.getFirst(), said);
        if (!said.containsKey(RequestField.SPECIMEN)) ofRequest(request, said);
        if (!said.containsKey(RequestField.SPECIMEN_RECEIVED))
            put(said, RequestField.SPECIMEN_RECEIVED, time(request, 14));
        if (visit != null) visit(visit, said);
        takenBack(request, 5, RequestField.PRIORITY, said);
        takenBack(request, 31, RequestField.REASON, said);
        takenBack(request, 15, RequestField.SPECIMEN, said);
        takenBack(request, 14, RequestField.SPECIMEN_RECEIVED, said);
        takenBack(request, 2, RequestField.PLACER_NUMBER, said);
        takenBack(request, 7, RequestField.COLLECTED, said);
        takenBack(request, 16, RequestField.ORDERER, said);
        takenBack(request, 32, RequestField.INTERPRETER, said);
        return said.isEmpty() ? Map.of() : said;
    }

    /** {@code ""} empties what was said before (HL7 v2.5.1 §2.5.3.2). */
    private void takenBack(
            Line request, int field, RequestField as, Map<RequestField, FieldValue> said) {
        if (said.containsKey(as)) return;
        int mark = reader.mark();
        if (reader.value(request, field, 1, 0, 0).strip().equals(Message.NULL))
            said.put(
                    as,
                    reader.made(
                            Rule.DELETED,
                            mark,
                            FieldValue.deleted(OrderNumbers.path(request, field))));
    }

    /** What else the order is called, and what it goes deeper into; seldom sent. */
    private void named(Line request, @Nullable Line order, Map<RequestField, FieldValue> said) {
        int mark = reader.mark();
        var parents = new ArrayList<String>();
        if (order != null) SupportingReader.parent(reader, order, 8, parents);
        SupportingReader.parent(reader, request, 54, parents);
        if (!parents.isEmpty()) put(said, RequestField.PARENTS, joined(mark, parents, request, 54));
        mark = reader.mark();
        var further = new ArrayList<Supporting.Numbered>();
        SupportingReader.cx(reader, request, 53, further);
        if (order != null) SupportingReader.cx(reader, order, 33, further);
        var numbers = further.stream().map(Supporting.Numbered::number).toList();
        if (!numbers.isEmpty())
            put(said, RequestField.FURTHER_NUMBERS, joined(mark, numbers, request, 53));
        mark = reader.mark();
        var third = reader.triplet(request, 4, 1, 10);
        if (!third.code().isEmpty())
            put(
                    said,
                    RequestField.FURTHER_CODE,
                    reader.made(
                            Rule.CODED_FIELD,
                            mark,
                            value(third.text(), third.code(), third.system(), request, 4)));
    }

    private FieldValue joined(int mark, List<String> numbers, Line line, int field) {
        return reader.made(
                Rule.NAMED_ORDERS,
                mark,
                FieldValue.of(String.join("~", numbers), OrderNumbers.path(line, field)));
    }

    private void specimen(Line specimen, Map<RequestField, FieldValue> said) {
        put(said, RequestField.SPECIMEN, coded(specimen, 4));
        put(said, RequestField.SPECIMEN_SITE, coded(specimen, 8));
        put(said, RequestField.SPECIMEN_COLLECTED, time(specimen, 17));
        put(said, RequestField.SPECIMEN_RECEIVED, time(specimen, 18));
        var number = number(specimen, 2, 2);
        put(said, RequestField.SPECIMEN_NUMBER, number != null ? number : number(specimen, 2, 1));
    }

    /** OBR-15 is an SPS before version 2.7: the first of its components is the specimen. */
    private void ofRequest(Line request, Map<RequestField, FieldValue> said) {
        int mark = reader.mark();
        var code = reader.text(request, 15, 1, 1, 1);
        var text = Reader.firstSaid(reader.text(request, 15, 1, 1, 2), code);
        if (text.isEmpty()) return;
        put(
                said,
                RequestField.SPECIMEN,
                reader.made(
                        Rule.CODED_FIELD,
                        mark,
                        value(text, code, reader.text(request, 15, 1, 1, 3), request, 15)));
    }

    private void visit(Line visit, Map<RequestField, FieldValue> said) {
        var patientClass = coded(visit, 2);
        if (patientClass != null && patientClass.code().equals("N")) return;
        put(said, RequestField.CLASS, patientClass);
        put(said, RequestField.LOCATION, location(visit));
        put(said, RequestField.VISIT, cx(visit, 19));
        put(said, RequestField.ALTERNATE_VISIT, cx(visit, ALTERNATE_VISIT));
        put(said, RequestField.ADMITTED, time(visit, 44));
        put(said, RequestField.DISCHARGED, time(visit, 45));
    }

    private static void put(
            Map<RequestField, FieldValue> said, RequestField field, @Nullable FieldValue value) {
        if (value != null) said.put(field, value);
    }

    private @Nullable FieldValue part(Line line, int field, int component) {
        int mark = reader.mark();
        var text = reader.text(line, field, component);
        return text.isEmpty()
                ? null
                : reader.made(Rule.FIELD, mark, value(text, "", "", line, field));
    }

    private @Nullable FieldValue coded(Line line, int field) {
        int mark = reader.mark();
        var concept = reader.concept(line, field, 1);
        if (concept.isEmpty()) return null;
        var text = Reader.firstSaid(concept.text(), concept.code());
        return reader.made(
                Rule.CODED_FIELD, mark, value(text, concept.code(), concept.system(), line, field));
    }

    /**
     * An EI, with {@code ^} and its namespace when one is sent.
     *
     * @param component of an EIP, whose parts are subcomponents; 0 where the field is the EI
     */
    private @Nullable FieldValue number(Line line, int field, int component) {
        int mark = reader.mark();
        var entity = part(line, field, component, 1);
        if (entity.isEmpty()) return null;
        var namespace =
                Reader.firstSaid(part(line, field, component, 2), part(line, field, component, 3));
        return reader.made(
                Rule.ORDER_NUMBER,
                mark,
                value(
                        namespace.isEmpty() ? entity : entity + "^" + namespace,
                        "",
                        "",
                        line,
                        field));
    }

    private String part(Line line, int field, int component, int part) {
        return component == 0
                ? reader.text(line, field, part)
                : reader.text(line, field, 1, component, part);
    }

    private @Nullable FieldValue cx(Line line, int field) {
        int mark = reader.mark();
        var number = reader.text(line, field, 1);
        if (number.isEmpty()) return null;
        var authority =
                Reader.firstSaid(
                        reader.text(line, field, 1, 4, 1), reader.text(line, field, 1, 4, 2));
        return reader.made(Rule.NUMBER, mark, value(number, "", authority, line, field));
    }

    /** Point of care, room, bed, and the facility. */
    private @Nullable FieldValue location(Line visit) {
        int mark = reader.mark();
        var text =
                Reader.joined(
                        " · ",
                        reader.text(visit, 3, 1, 1, 1),
                        reader.text(visit, 3, 1, 2, 1),
                        reader.text(visit, 3, 1, 3, 1),
                        reader.text(visit, 3, 1, 4, 1));
        return text.isEmpty()
                ? null
                : reader.made(Rule.LOCATION, mark, value(text, "", "", visit, 3));
    }

    private @Nullable FieldValue time(Line line, int field) {
        int mark = reader.mark();
        var asSent = reader.text(line, field, 1);
        return Hl7Time.parse(asSent) instanceof Hl7Time.Parsed.Known(var time)
                ? reader.made(
                        Rule.TIME,
                        mark,
                        value(asSent, reader.instant(time).toString(), "", line, field))
                : null;
    }

    private static FieldValue value(String text, String code, String system, Line line, int field) {
        return new FieldValue(
                bounded(text), bounded(code), bounded(system), OrderNumbers.path(line, field));
    }

    private static String bounded(String text) {
        return text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS);
    }
}
