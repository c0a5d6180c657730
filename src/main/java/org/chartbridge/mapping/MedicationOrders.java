package org.chartbridge.mapping;

import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.ItemField;
import org.chartbridge.chart.ListKind;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads orders of medication: each RXE (as encoded by the pharmacy), else RXO (as ordered), under
 * the ORC before it, with its route (RXR), its timing (TQ1), what is mixed into it (RXC) and what
 * OBX say beside it. What was dispensed or given (RXD, RXG, RXA) is no order.
 */
final class MedicationOrders {

    /** Where RXE and RXO have the same. */
    private record Columns(
            int drug, int dose, int form, int instructions, int quantity, int refills, int reason) {
        static final Columns OF_RXE = new Columns(2, 3, 6, 7, 10, 12, 27);
        static final Columns OF_RXO = new Columns(1, 2, 5, 7, 11, 13, 20);

        static Columns of(Line line) {
            return line.segment().equals("RXE") ? OF_RXE : OF_RXO;
        }
    }

    /** One ORC and what stands below it. */
    private static final class Order {
        @Nullable Line control;
        @Nullable Line asked;
        @Nullable Line encoded;
        @Nullable Line route;
        @Nullable Line timing;
        final List<Line> components = new ArrayList<>();
        final List<Line> beside = new ArrayList<>();
        final List<Line> notes = new ArrayList<>();

        @Nullable Line drug() {
            return encoded != null ? encoded : asked;
        }
    }

    private MedicationOrders() {}

    static boolean areIn(Message message) {
        return !message.lines("RXO").isEmpty() || !message.lines("RXE").isEmpty();
    }

    static void read(Message message, Reader reader, List<ListStatement> statements) {
        var orders = orders(message);
        var lines = orders.stream().map(Order::drug).toList();
        if (lines.isEmpty()) return;
        var list = new ListReader(ListKind.MEDICATION_ORDER, reader, lines, false);
        for (var order : orders) item(order, orders, reader, list);
        list.finish(false, statements);
    }

    private static List<Order> orders(Message message) {
        var orders = new ArrayList<Order>();
        var now = new Order();
        for (var line : message.lines()) {
            switch (line.segment()) {
                case "ORC" -> {
                    add(now, orders);
                    now = new Order();
                    now.control = line;
                }
                case "OBR" -> {
                    // An order of another kind; a drug below it, such as contrast, has its ORC.
                    now = next(now, orders);
                }
                case "RXO" -> {
                    if (now.drug() != null) now = next(now, orders);
                    now.asked = line;
                }
                case "RXE" -> {
                    if (now.encoded != null) now = next(now, orders);
                    now.encoded = line;
                }
                case "RXR" -> now.route = now.route == null ? line : now.route;
                case "TQ1" -> now.timing = now.timing == null ? line : now.timing;
                case "RXC" -> {
                    if (now.drug() != null) now.components.add(line);
                }
                case "OBX" -> {
                    if (now.drug() != null) now.beside.add(line);
                }
                case "NTE" -> {
                    if (now.drug() != null) now.notes.add(line);
                }
                default -> {
                    // Not mapped.
                }
            }
        }
        add(now, orders);
        return orders;
    }

    private static Order next(Order now, List<Order> orders) {
        add(now, orders);
        var next = new Order();
        next.control = now.control;
        return next;
    }

    private static void add(Order order, List<Order> orders) {
        if (order.drug() != null) orders.add(order);
    }

    private static void item(Order order, List<Order> all, Reader reader, ListReader list) {
        var line = order.drug();
        if (line == null) return;
        var control = order.control;
        if (control != null && !OrderFamily.isKnown(control, reader)) {
            notCharted(reader, list, control, 1, OrderFamily.NOT_KNOWN);
            for (var obx : order.beside) Details.leftOut(obx, reader);
            return;
        }
        var placer = control == null ? "" : OrderNumbers.read(control, 2, reader);
        var filler = control == null ? "" : OrderNumbers.read(control, 3, reader);
        var columns = Columns.of(line);
        var fields = ListReader.fields();
        var read = new FieldReader(reader, line, false);
        ListReader.put(fields, ItemField.CODE, read.coded(columns.drug()));
        var asked = order.asked;
        if (asked != null && !asked.equals(line) && fields.get(ItemField.CODE) == null)
            ListReader.put(fields, ItemField.CODE, new FieldReader(reader, asked, false).coded(1));
        var code = fields.get(ItemField.CODE);
        if (code == null || (placer.isEmpty() && filler.isEmpty())) {
            var action = control == null ? "" : reader.text(control, 1, 1);
            if (OrderFamily.STOPS.contains(action)) stopsNothing(line, reader);
            notCharted(
                    reader,
                    list,
                    code == null ? line : control == null ? line : control,
                    code == null ? columns.drug() : 2,
                    "An order of medication needs its number (ORC-2 or ORC-3) and the drug; this"
                            + " one is not charted.");
            for (var obx : order.beside) Details.leftOut(obx, reader);
            return;
        }
        drug(line, columns, reader, read, fields);
        timing(order, line, reader, fields);
        if (order.route != null) {
            var how = new FieldReader(reader, order.route, false);
            ListReader.put(fields, ItemField.ROUTE, how.coded(1));
            ListReader.put(fields, ItemField.SITE, how.coded(2));
        }
        put(fields, ItemField.PLACER_NUMBER, placer, "ORC-2");
        put(fields, ItemField.NUMBER, filler, "ORC-3");
        int mark = reader.mark();
        var action = control == null ? "" : OrderFamily.upperCase(control, 1, reader);
        if (control != null) {
            var status = OrderFamily.upperCase(control, 5, reader);
            var state = reader.made(Rule.STATE, mark, OrderFamily.state(action, status));
            put(fields, ItemField.CONTROL, action, "ORC-1");
            put(fields, ItemField.STATE, state, "ORC-1");
            put(fields, ItemField.CLINICAL_STATUS, status, "ORC-5");
            put(fields, ItemField.GROUP, OrderNumbers.read(control, 4, reader), "ORC-4");
            var said = new FieldReader(reader, control, false);
            ListReader.put(fields, ItemField.ORDERED, said.time(9));
            var provider = said.provider(12);
            if (provider != null) ListReader.put(fields, ItemField.CLINICIAN, provider);
        }
        var supporting = new SupportingReader(reader);
        Details.put(order.beside, order.notes, reader, fields, supporting);
        supporting.ofOrder(control, null);
        supporting.alternates(line, columns.drug(), code);
        if (asked != null && !asked.equals(line)) supporting.asked(asked, code);
        components(order, action, supporting, reader, list);
        supporting.put(fields);
        boolean repeated =
                all.stream()
                                .filter(
                                        o ->
                                                o.control != null
                                                        && !placer.isEmpty()
                                                        && OrderNumbers.read(o.control, 2, reader)
                                                                .equals(placer))
                                .count()
                        > 1;
        var key = placer.isEmpty() ? "filler " + filler : placer;
        list.add(
                line,
                repeated ? key + " " + ListReader.key(code) : key,
                action.equals("DE"),
                action,
                fields);
    }

    private static void components(
            Order order,
            String action,
            SupportingReader supporting,
            Reader reader,
            ListReader list) {
        int number = 0;
        for (var rxc : order.components) {
            boolean charted = ++number <= SupportingReader.MAX_OF_A_KIND;
            if (charted) supporting.component(rxc);
            if ((!charted || reader.concept(rxc, 2, 1).isEmpty())
                    && !OrderFamily.STOPS.contains(action))
                notCharted(
                        reader,
                        list,
                        rxc,
                        2,
                        "RXC-2 must say what is mixed in, in at most "
                                + SupportingReader.MAX_OF_A_KIND
                                + " RXC; this one is not charted.");
        }
    }

    /**
     * What is ordered is not screened where it can't be charted, and has to be said ⚠. What answers
     * an order is neither.
     */
    private static void notCharted(
            Reader reader, ListReader list, Line line, int field, String text) {
        if (OrderFamily.isAnswer(reader.message)) list.unreadable(line, field, text);
        else list.notScreened(line, field, text);
    }

    /** What it stops would stay active in the chart ⚠: refused. */
    private static void stopsNothing(Line line, Reader reader) {
        reader.findings.error(
                line.location(),
                ErrorCode.REQUIRED_MISSING,
                "order-detail-missing",
                "An ORC that stops an order of medication needs its number and the drug, so that"
                        + " the order can be found.");
    }

    private static void drug(
            Line line,
            Columns columns,
            Reader reader,
            FieldReader read,
            Map<ItemField, FieldValue> fields) {
        int dose = columns.dose();
        int mark = reader.mark();
        if (read.isDeleted(dose))
            fields.put(
                    ItemField.DOSE,
                    reader.made(Rule.AMOUNT, mark, FieldValue.deleted(read.path(dose, 1, 0))));
        else
            put(
                    fields,
                    ItemField.DOSE,
                    read.bounded(dose, amount(reader, line, dose, dose + 1, dose + 2)),
                    read.path(dose, 1, 0));
        ListReader.put(fields, ItemField.FORM, read.coded(columns.form()));
        ListReader.put(fields, ItemField.INSTRUCTIONS, read.coded(columns.instructions()));
        int quantity = columns.quantity();
        put(
                fields,
                ItemField.QUANTITY,
                read.bounded(quantity, amount(reader, line, quantity, quantity, quantity + 1)),
                read.path(quantity, 1, 0));
        ListReader.put(fields, ItemField.REFILLS, read.text(columns.refills()));
        ListReader.put(fields, ItemField.REASON, read.coded(columns.reason()));
        ListReader.put(
                fields, ItemField.CLINICIAN, read.provider(line.segment().equals("RXE") ? 13 : 14));
    }

    /** For example {@code 1-2 tablet}. */
    private static String amount(Reader reader, Line line, int least, int most, int unit) {
        return reader.made(Rule.AMOUNT, reader.mark(), sentAmount(reader, line, least, most, unit));
    }

    private static String sentAmount(Reader reader, Line line, int least, int most, int unit) {
        var from = reader.text(line, least, 1);
        var to = reader.text(line, most, 1);
        var range = to.isEmpty() || to.equals(from) ? from : Reader.joined("-", from, to);
        if (range.isEmpty()) return "";
        return Reader.joined(
                " ",
                range,
                Reader.firstSaid(reader.text(line, unit, 2), reader.text(line, unit, 1)));
    }

    /** TQ1, else the older quantity and timing in RXE-1 or ORC-7. */
    private static void timing(
            Order order, Line line, Reader reader, Map<ItemField, FieldValue> fields) {
        if (order.timing != null) {
            var read = new FieldReader(reader, order.timing, false);
            ListReader.put(fields, ItemField.FREQUENCY, read.component(3, 1, 1));
            ListReader.put(fields, ItemField.BEGAN, read.time(7));
            ListReader.put(fields, ItemField.ENDED, read.time(8));
            ListReader.put(fields, ItemField.PRIORITY, read.coded(9));
        }
        if (line.segment().equals("RXE")) older(line, 1, reader, fields);
        if (order.control != null) older(order.control, 7, reader, fields);
    }

    private static void older(
            Line line, int field, Reader reader, Map<ItemField, FieldValue> fields) {
        var read = new FieldReader(reader, line, false);
        var often = reader.text(line, field, 1, 2, 1);
        if (!often.isEmpty())
            fields.putIfAbsent(
                    ItemField.FREQUENCY,
                    FieldValue.of(read.bounded(field, 1, 2, often), read.path(field, 1, 2)));
        var begins = read.time(field, 4);
        if (begins != null && !begins.isEmpty()) fields.putIfAbsent(ItemField.BEGAN, begins);
        var ends = read.time(field, 5);
        if (ends != null && !ends.isEmpty()) fields.putIfAbsent(ItemField.ENDED, ends);
    }

    private static void put(
            Map<ItemField, FieldValue> fields, ItemField field, String text, String path) {
        if (!text.isEmpty()) fields.put(field, FieldValue.of(text, path));
    }
}
