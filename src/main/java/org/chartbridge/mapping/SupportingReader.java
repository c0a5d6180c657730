package org.chartbridge.mapping;

import org.chartbridge.chart.CodingView;
import org.chartbridge.chart.Concept;
import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.ItemField;
import org.chartbridge.chart.Supporting;
import org.chartbridge.chart.Supporting.Timed;
import org.chartbridge.hl7.Hl7Time;
import org.chartbridge.hl7.Line;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Collects what stands beside an item in segments of their own, as data ({@link Supporting}); long
 * because each segment has its own fields. What OBX say is handed over by {@link Details}, which
 * has read them for its lines.
 */
final class SupportingReader {
    /** Of each kind beside one item; what is more stands in the message and in the details. */
    static final int MAX_OF_A_KIND = 100;

    private static final Set<String> WITHDRAWN = Set.of("D", "W");

    private final Reader reader;
    private final List<Supporting.Observed> observations = new ArrayList<>();
    private final List<Supporting.Requested> requests = new ArrayList<>();
    private final List<Supporting.Diagnosed> diagnoses = new ArrayList<>();
    private final List<Supporting.Numbered> numbers = new ArrayList<>();
    private final List<String> parents = new ArrayList<>();
    private Supporting.@Nullable Visited visit;
    private final List<CodingView> alternates = new ArrayList<>();
    private final List<CodingView> asked = new ArrayList<>();
    private final List<Supporting.Component> components = new ArrayList<>();
    private @Nullable Object read;
    private String path = "";

    SupportingReader(Reader reader) {
        this.reader = reader;
    }

    /** All of it as one field of the item; nothing where nothing was found. */
    void put(Map<ItemField, FieldValue> fields) {
        var all =
                new Supporting(
                        observations,
                        requests,
                        diagnoses,
                        numbers,
                        parents,
                        visit,
                        alternates,
                        asked,
                        components);
        if (all.isEmpty()) return;
        fields.put(
                ItemField.SUPPORTING,
                reader.made(
                        Rule.SUPPORTING,
                        reader.mark(),
                        new FieldValue("", all.json(), "", path),
                        read));
    }

    /**
     * OBX whose values were read.
     *
     * @param mark before the first read
     */
    void observations(List<Line> lines, List<List<ValueReader.Part>> values, int mark) {
        for (int i = 0; i < lines.size(); i++) observation(lines.get(i), values.get(i));
        found(lines.getFirst(), mark);
    }

    private void observation(Line obx, List<ValueReader.Part> parts) {
        var status = reader.text(obx, 11, 1).toUpperCase(Locale.ROOT);
        boolean cut = Units.isCut(obx, reader);
        if (!WITHDRAWN.contains(status) && observations.size() < MAX_OF_A_KIND)
            observations.add(
                    new Supporting.Observed(
                            codings(obx, 3),
                            text(parts),
                            number(parts),
                            parts.size() == 1 ? parts.getFirst().comparator() : "",
                            parts.stream()
                                    .flatMap(part -> part.codings().stream())
                                    .map(SupportingReader::coding)
                                    .toList(),
                            bounded(
                                    cut
                                            ? Units.read(obx, reader)
                                            : Reader.firstSaid(
                                                    reader.text(obx, 6, 2),
                                                    reader.text(obx, 6, 1))),
                            cut ? "" : bounded(reader.text(obx, 6, 1)),
                            bounded(Units.system(obx, reader)),
                            bounded(Ranges.read(obx, reader)),
                            flags(obx),
                            bounded(status),
                            time(obx, 14)));
    }

    /** An order that is named: an ORC and its OBR, or one of them. */
    void request(@Nullable Line order, @Nullable Line request) {
        int mark = reader.mark();
        var own = new ArrayList<Supporting.Numbered>();
        var above = new ArrayList<String>();
        for (var line : new Line[] {request, order}) {
            if (line == null) continue;
            add(own, "PLAC", OrderNumbers.read(line, 2, reader));
            add(own, "FILL", OrderNumbers.read(line, 3, reader));
        }
        furtherNumbers(order, request, own);
        parents(order, request, above);
        var group = order == null ? "" : bounded(OrderNumbers.read(order, 4, reader));
        List<CodingView> service = request == null ? List.of() : codings(request, 4);
        var asked =
                new Supporting.Requested(
                        own, group, above, service, order == null ? null : time(order, 9));
        var line = request != null ? request : order;
        if (line == null) return;
        if (!(own.isEmpty() && group.isEmpty() && service.isEmpty())
                && requests.size() < MAX_OF_A_KIND) requests.add(asked);
        found(line, mark);
    }

    /** A service that is named in a field of a segment. */
    void service(Line line, int field) {
        int mark = reader.mark();
        var service = codings(line, field);
        if (!service.isEmpty() && requests.size() < MAX_OF_A_KIND)
            requests.add(new Supporting.Requested(List.of(), "", List.of(), service, null));
        found(line, mark);
    }

    void diagnosis(Line dg1) {
        int mark = reader.mark();
        var codings = codings(dg1, 3);
        if (codings.isEmpty()) {
            var words = bounded(reader.text(dg1, 4));
            if (!words.isEmpty()) codings = List.of(new CodingView("", words, ""));
        }
        if (!codings.isEmpty() && diagnoses.size() < MAX_OF_A_KIND)
            diagnoses.add(new Supporting.Diagnosed(codings, time(dg1, 5)));
        found(dg1, mark);
    }

    /** What else an order is called, and what it goes deeper into. */
    void ofOrder(@Nullable Line order, @Nullable Line request) {
        int mark = reader.mark();
        if (order != null && request != null) {
            other(order, request, 2, "PLAC");
            other(order, request, 3, "FILL");
        }
        furtherNumbers(order, request, numbers);
        parents(order, request, parents);
        var line = request != null ? request : order;
        if (line != null) found(line, mark);
    }

    /** The number in ORC where the one in OBR, by which the order goes, is another. */
    private void other(Line order, Line request, int field, String type) {
        var own = OrderNumbers.read(request, field, reader);
        var other = OrderNumbers.read(order, field, reader);
        if (!own.isEmpty() && !own.equals(other)) add(numbers, type, other);
    }

    /** A further number of the item. */
    void number(String type, Line line, int field) {
        int mark = reader.mark();
        add(numbers, type, OrderNumbers.read(line, field, reader));
        found(line, mark);
    }

    /** The visit of the only patient, where it has no number and is therefore none of its own. */
    void visit() {
        var lines = Beside.ofPatient(reader.message);
        if (lines.size() != 1 || reader.message.lines("PID").size() > 1) return;
        int mark = reader.mark();
        var pv1 = lines.getFirst();
        var patientClass = reader.text(pv1, 2, 1).toUpperCase(Locale.ROOT);
        boolean hasNumber = !reader.text(pv1, 19, 1).isEmpty();
        var location = new FieldReader(reader, pv1, false).location(3);
        read = reader.since(mark, read);
        if (hasNumber || patientClass.equals("N")) return;
        if (patientClass.isEmpty() && location == null) return;
        visit =
                new Supporting.Visited(
                        bounded(patientClass), location == null ? "" : location.text());
        if (path.isEmpty()) path = "PV1[" + pv1.ordinal() + "]";
    }

    // ------------------------------------------------------------ what else names it

    /**
     * What else a field calls what it names.
     *
     * @param own as it is charted; null where nothing is
     */
    void alternates(Line line, int field, @Nullable FieldValue own) {
        others(line, field, own, alternates);
    }

    /** What RXO-1 calls that which RXE encodes. */
    void asked(Line rxo, @Nullable FieldValue own) {
        others(rxo, 1, own, asked);
    }

    private void others(Line line, int field, @Nullable FieldValue own, List<CodingView> into) {
        if (own == null) return;
        int mark = reader.mark();
        int before = into.size();
        for (var one : names(line, field)) {
            boolean same =
                    one.code().isEmpty()
                            ? one.text().equals(own.text())
                            : one.code().equals(own.code())
                                    && one.system().equals(own.system())
                                    && (one.text().isEmpty() || one.text().equals(own.text()));
            if (!same && !into.contains(one) && into.size() < MAX_OF_A_KIND) into.add(one);
        }
        if (into.size() > before) found(line, mark);
    }

    /** RXC. */
    void component(Line rxc) {
        int mark = reader.mark();
        var drug = names(rxc, 2);
        var amount =
                Reader.joined(
                        " ",
                        reader.text(rxc, 3, 1),
                        Reader.firstSaid(reader.text(rxc, 4, 2), reader.text(rxc, 4, 1)));
        var one = new Supporting.Component(drug, bounded(amount));
        if (drug.isEmpty() || components.contains(one) || components.size() == MAX_OF_A_KIND)
            return;
        components.add(one);
        found(rxc, mark);
    }

    /** Every triplet that says anything, with or without a code, and the original text. */
    private List<CodingView> names(Line line, int field) {
        var all = new ArrayList<CodingView>();
        for (int i = 1; i <= reader.repetitions(line, field); i++) {
            for (int component : new int[] {1, 4, 10}) {
                var triplet = reader.triplet(line, field, i, component);
                if (!triplet.isEmpty()) all.add(coding(triplet));
            }
            var original = bounded(reader.text(line, field, i, 9));
            if (all.stream().noneMatch(one -> one.text().equals(original)))
                all.add(new CodingView("", original, ""));
        }
        all.removeIf(one -> one.code().isEmpty() && one.text().isEmpty());
        return all;
    }

    private void found(Line line, int mark) {
        read = reader.since(mark, read);
        if (path.isEmpty()) path = line.segment() + "[" + line.ordinal() + "]";
    }

    // ------------------------------------------------------------ parts

    /** ORC-33 and OBR-53, alternate placer order numbers. */
    private void furtherNumbers(
            @Nullable Line order, @Nullable Line request, List<Supporting.Numbered> into) {
        if (request != null) cx(reader, request, 53, into);
        if (order != null) cx(reader, order, 33, into);
    }

    static void cx(Reader reader, Line line, int field, List<Supporting.Numbered> into) {
        for (int i = 1; i <= reader.repetitions(line, field); i++) {
            var number = reader.text(line, field, i, 1);
            var authority =
                    Reader.firstSaid(
                            reader.text(line, field, i, 4, 1), reader.text(line, field, i, 4, 2));
            add(into, "PLAC", authority.isEmpty() ? number : number + "^" + authority);
        }
    }

    /** ORC-8, OBR-29 and OBR-54: each a placer's and a filler's number. */
    private void parents(@Nullable Line order, @Nullable Line request, List<String> into) {
        if (order != null) parent(reader, order, 8, into);
        if (request != null) {
            parent(reader, request, 29, into);
            parent(reader, request, 54, into);
        }
    }

    static void parent(Reader reader, Line line, int field, List<String> into) {
        for (int i = 1; i <= reader.repetitions(line, field); i++)
            for (int component = 1; component <= 2; component++) {
                var entity = reader.text(line, field, i, component, 1);
                var namespace =
                        Reader.firstSaid(
                                reader.text(line, field, i, component, 2),
                                reader.text(line, field, i, component, 3));
                var number = bounded(namespace.isEmpty() ? entity : entity + "^" + namespace);
                if (!entity.isEmpty() && !into.contains(number) && into.size() < MAX_OF_A_KIND)
                    into.add(number);
            }
    }

    private static void add(List<Supporting.Numbered> into, String type, String number) {
        var one = new Supporting.Numbered(type, bounded(number));
        if (!number.isEmpty() && !into.contains(one) && into.size() < MAX_OF_A_KIND) into.add(one);
    }

    /** Both triplets of a CWE, and the third (components 10 to 12). */
    private List<CodingView> codings(Line line, int field) {
        var all = new ArrayList<CodingView>();
        for (int component : new int[] {1, 4, 10}) {
            var coding = coding(reader.triplet(line, field, 1, component));
            if (!coding.code().isEmpty() || (all.isEmpty() && !coding.text().isEmpty()))
                all.add(coding);
        }
        if (all.isEmpty()) {
            var original = bounded(reader.text(line, field, 1, 9));
            if (!original.isEmpty()) all.add(new CodingView("", original, ""));
        }
        return all;
    }

    private static CodingView coding(Concept concept) {
        return new CodingView(
                bounded(concept.code()), bounded(concept.text()), bounded(concept.system()));
    }

    private static String text(List<ValueReader.Part> parts) {
        var said = new ArrayList<String>();
        for (var part : parts) if (!part.text().isEmpty()) said.add(part.text());
        return bounded(String.join(", ", said));
    }

    private static String number(List<ValueReader.Part> parts) {
        var number = parts.size() == 1 ? parts.getFirst().number() : null;
        return number == null ? "" : number.toPlainString();
    }

    private List<String> flags(Line obx) {
        var flags = new ArrayList<String>();
        for (int i = 1; i <= reader.repetitions(obx, 8); i++) {
            var flag = bounded(reader.text(obx, 8, i, 1));
            if (!flag.isEmpty() && flags.size() < MAX_OF_A_KIND) flags.add(flag);
        }
        return flags;
    }

    /** Without a remark where it can't be read: nothing depends on it. */
    private @Nullable Timed time(Line line, int field) {
        var asSent = reader.text(line, field, 1);
        return Hl7Time.parse(asSent) instanceof Hl7Time.Parsed.Known(var time)
                ? new Timed(reader.instant(time).toString(), asSent)
                : asSent.isEmpty() ? null : new Timed("", bounded(asSent));
    }

    private static String bounded(String text) {
        return text.length() <= FieldReader.MAX_TEXT_CHARACTERS
                ? text
                : text.substring(0, FieldReader.MAX_TEXT_CHARACTERS - 1) + "…";
    }
}
