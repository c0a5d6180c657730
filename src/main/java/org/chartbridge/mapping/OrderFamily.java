package org.chartbridge.mapping;

import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.GivenNumber;
import org.chartbridge.chart.ItemField;
import org.chartbridge.chart.ListKind;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.chart.OneNumber;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Partner;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Orders of the laboratory and of other services: ORM^O01, OML^O21, O33, O35 and OMG^O19, their
 * answers, and OSU^O51, by which 360X says how a referral stands; long because an order is read
 * here field by field. Each OBR is an order of its own, under the ORC before it (HL7-RULES §5). One
 * is recognised by the placer's number, else the filler's; the later word stands, by MSH-7.
 *
 * <p>OBX here are answers asked for at order entry or earlier results: they stay with the order and
 * are never results ⚠. Orders of medication (RXO, RXE) are read by {@link MedicationOrders}; diets
 * (ODS) are not charted, which is remarked.
 */
@Component
final class OrderFamily implements MessageFamily {
    private static final Map<String, Set<String>> TRIGGERS =
            Map.of(
                    "ORM", Set.of("", "O01"),
                    "OML", Set.of("", "O21", "O33", "O35"),
                    "OMG", Set.of("", "O19"),
                    "ORR", Set.of("", "O02"),
                    "ORL", Set.of("", "O22", "O34", "O36"),
                    "ORG", Set.of("", "O20"),
                    "OSU", Set.of("O51"));

    /** Answers to orders: a number and what became of it are enough, OBR may be left out. */
    private static final Set<String> ANSWERS = Set.of("ORR", "ORL", "ORG", "OSU");

    /** ORC-1 by which a placer asks for something; ORC-5 is not its word (table 0119). */
    private static final Set<String> ASKS =
            Set.of("NW", "CA", "DC", "HD", "RL", "XO", "RP", "RO", "PA", "CH");

    /** ORC-1 that end or pause an order (table 0119). */
    static final Set<String> STOPS =
            Set.of("CA", "OC", "CR", "DC", "OD", "DR", "HD", "OH", "HR", "RP", "RQ", "RU", "DE");

    /** ORC-1 that may stand alone: the order is found by its number (table 0119). */
    private static final Set<String> BY_NUMBER =
            Set.of(
                    "CA", "OC", "CR", "DC", "OD", "DR", "HD", "OH", "HR", "RP", "RQ", "RU", "RL",
                    "OR", "DE");

    /** All ORC-1 that have a meaning (table 0119, HL7 v2.9); what else is said orders nothing. */
    private static final Set<String> CONTROLS =
            Set.of(
                    "AF", "CA", "CC", "CH", "CN", "CP", "CR", "DC", "DE", "DF", "DR", "FU", "HD",
                    "HR", "IN", "LI", "MC", "NA", "NR", "NW", "OC", "OD", "OE", "OF", "OH", "OK",
                    "OP", "OR", "PA", "PR", "PY", "RC", "RE", "RF", "RL", "RO", "RP", "RQ", "RR",
                    "RU", "SC", "SN", "SQ", "SR", "SS", "UA", "UC", "UD", "UF", "UH", "UM", "UN",
                    "UR", "UX", "XO", "XR", "XX");

    /** How the key of what an ORC alone says begins; the chart looks for it by this. */
    private static final String BARE = "stop ";

    /** One ORC and what stands below it, up to the next. */
    private static final class Order {
        @Nullable Line control;
        @Nullable Line request;
        @Nullable Line timing;
        @Nullable Line specimen;
        @Nullable Line container;
        boolean medication;
        final List<Line> beside = new ArrayList<>();
        final List<Line> notes = new ArrayList<>();
    }

    @Override
    public boolean takes(Header header) {
        return TRIGGERS.getOrDefault(header.messageCode(), Set.of())
                .contains(header.triggerEvent());
    }

    @Override
    public Mapped map(Message message, Partner partner) {
        if (isAnswer(message)
                && (message.lines("PID").isEmpty()
                        || (message.lines("ORC").isEmpty() && message.lines("OBR").isEmpty())))
            return new Mapped.NotCharted(
                    "An answer to an order that names no patient (PID) or no order (ORC) is kept"
                            + " and not charted.");
        return OneStatement.map(message, partner, OrderFamily::read);
    }

    static boolean isAnswer(Message message) {
        return ANSWERS.contains(message.header().messageCode());
    }

    private static void read(Message message, Reader reader, List<ListStatement> statements) {
        var orders = orders(message, reader);
        var lines = new ArrayList<Line>();
        for (var order : orders) {
            if (order.request != null) lines.add(order.request);
            else if (order.control != null) lines.add(order.control);
        }
        if (lines.isEmpty()) {
            reader.findings.error(
                    Location.of("ORC", 1),
                    ErrorCode.REQUIRED_MISSING,
                    "order-segment-missing",
                    "An order must have an ORC or an OBR.");
            return;
        }
        var list = new ListReader(ListKind.PLACED_ORDER, reader, lines, false);
        for (var order : orders) item(order, orders, reader, list);
        list.finish(false, statements);
        MedicationOrders.read(message, reader, statements);
    }

    private static List<Order> orders(Message message, Reader reader) {
        var orders = new ArrayList<Order>();
        var now = new Order();
        @Nullable Line specimen = null;
        @Nullable Line container = null;
        boolean prior = false;
        boolean specimensFirst = isSpecimenFirst(message);
        for (var line : message.lines()) {
            switch (line.segment()) {
                case "ORC" -> {
                    add(now, orders);
                    now = new Order();
                    prior = isPriorResult(line, prior, orders, reader);
                    if (prior) continue;
                    now.control = line;
                    now.specimen = specimen;
                    now.container = container;
                }
                case "OBR" -> {
                    if (prior) continue;
                    if (now.request != null) {
                        // One ORC governs the OBR that follow it.
                        var next = new Order();
                        next.control = now.control;
                        next.timing = now.timing;
                        next.specimen = now.specimen;
                        next.container = now.container;
                        add(now, orders);
                        now = next;
                    }
                    now.request = line;
                }
                case "NTE" -> {
                    if (!prior) now.notes.add(line);
                }
                case "TQ1" -> now.timing = now.timing == null ? line : now.timing;
                case "SAC" -> {
                    if (specimensFirst && (now.control != null || now.request != null)) {
                        add(now, orders);
                        now = new Order();
                    }
                    if (now.control == null && now.request == null) container = line;
                    else if (now.container == null) now.container = line;
                }
                case "SPM" -> {
                    // In O33 and O35 the specimen stands before its orders.
                    if (now.control == null && now.request == null) {
                        specimen = line;
                        container = null;
                    } else if (specimensFirst) {
                        add(now, orders);
                        now = new Order();
                        specimen = line;
                        container = null;
                    } else now.specimen = now.specimen == null ? line : now.specimen;
                }
                case "OBX" -> {
                    if (prior) Details.leftOut(line, reader);
                    else if (now.request != null || now.control != null) now.beside.add(line);
                    else Details.leftOut(line, reader);
                }
                case "PID" -> prior = line.ordinal() > 1; // PATIENT_PRIOR
                case "RXO", "RXE" -> now.medication = true;
                case "ODS", "ODT" ->
                        reader.findings.warn(
                                line.location(),
                                ErrorCode.SEGMENT_SEQUENCE,
                                "order-not-charted",
                                "Orders of diets are kept in the message and not charted.");
                default -> {
                    // Not mapped.
                }
            }
        }
        add(now, orders);
        return orders;
    }

    /**
     * Earlier results, for the laboratory to compare with (PRIOR_RESULT): they stand behind what is
     * asked for. Where every ORC says RE, these are the orders.
     */
    private static boolean isPriorResult(
            Line control, boolean prior, List<Order> orders, Reader reader) {
        if (!isResult(control, reader)) return false;
        if (prior) return true;
        for (var order : orders)
            if (order.control == null || !isResult(order.control, reader)) return true;
        return false;
    }

    private static boolean isResult(Line control, Reader reader) {
        return reader.text(control, 1, 1).equalsIgnoreCase("RE");
    }

    /** Some call a message O33 and write the specimen below its order all the same. */
    private static boolean isSpecimenFirst(Message message) {
        if (!Set.of("O33", "O35").contains(message.header().triggerEvent())) return false;
        for (var line : message.lines()) {
            if (line.segment().equals("SPM")) return true;
            if (line.segment().equals("ORC") || line.segment().equals("OBR")) return false;
        }
        return false;
    }

    private static void add(Order order, List<Order> orders) {
        if (order.control != null || order.request != null) orders.add(order);
    }

    private static void item(Order order, List<Order> all, Reader reader, ListReader list) {
        var control = order.control;
        var request = order.request;
        boolean answer = isAnswer(reader.message);
        if (request == null && (!answer || control == null || order.medication)) {
            if (control != null) withoutRequest(order, control, reader, list);
            return;
        }
        if (control != null && !isKnown(control, reader)) {
            notKnown(order, control, reader, list);
            return;
        }
        var placer = placer(order, reader);
        numbersDiffer(order, all, reader);
        var filler = number(request, 3, control, 3, reader);
        var line = request != null ? request : control;
        if (line == null) return;
        var group = control == null ? "" : OrderNumbers.read(control, 4, reader);
        if (placer.isEmpty()
                && filler.isEmpty()
                && control != null
                && !answer
                && asks(control, reader))
            notNumbered(control, 3, "the filler's own number (ORC-3 or OBR-3)", reader);
        // Of a group each order is told by what is ordered.
        if (placer.isEmpty() && filler.isEmpty() && (group.isEmpty() || request == null)) {
            unreadable(
                    order,
                    line,
                    2,
                    "ORC-2 (or OBR-2, or the filler's number in field 3, or the group's in ORC-4)"
                            + " must hold the order's number; it is not charted.",
                    reader,
                    list);
            for (var obx : order.beside) Details.leftOut(obx, reader);
            return;
        }
        var fields = ListReader.fields();
        int mark = reader.mark();
        var action = control == null ? "" : upperCase(control, 1, reader);
        if (placer.isEmpty()
                && request != null
                && control != null
                && !answer
                && asks(control, reader)) placer = given(request, filler, reader);
        var status = control == null ? "" : upperCase(control, 5, reader);
        var state = reader.made(Rule.STATE, mark, state(action, status));
        text(fields, ItemField.PLACER_NUMBER, placer, "ORC-2");
        text(fields, ItemField.NUMBER, filler, "ORC-3");
        text(fields, ItemField.STATE, state, "ORC-1");
        text(fields, ItemField.CONTROL, action, "ORC-1");
        text(fields, ItemField.CLINICAL_STATUS, status, "ORC-5");
        if (control != null) {
            var read = new FieldReader(reader, control, false);
            text(fields, ItemField.GROUP, group, "ORC-4");
            ListReader.put(fields, ItemField.BEGAN, read.time(9));
            ListReader.put(fields, ItemField.CLINICIAN, read.provider(12));
        }
        if (request != null) ofRequest(request, reader, fields);
        priority(order, reader, fields);
        if (!answer && (action.isEmpty() || ASKS.contains(action))) due(order, reader, fields);
        if (order.specimen != null)
            ListReader.put(
                    fields,
                    ItemField.SPECIMEN,
                    new FieldReader(reader, order.specimen, false).coded(4));
        text(fields, ItemField.SPECIMEN_NUMBER, specimens(order, reader), "SPM-2");
        if (control != null && (answer || !ASKS.contains(action)))
            ListReader.put(
                    fields,
                    ItemField.HINDRANCE,
                    Hindrances.read(control, order.specimen, order.notes, state, reader));
        var supporting = new SupportingReader(reader);
        Details.put(order.beside, order.notes, reader, fields, supporting);
        supporting.ofOrder(control, request);
        supporting.visit();
        if (request != null) supporting.alternates(request, 4, fields.get(ItemField.CODE));
        supporting.put(fields);
        var code = fields.get(ItemField.CODE);
        boolean ofGroup = placer.isEmpty() && filler.isEmpty();
        if (code == null && (!answer || ofGroup)) {
            list.unreadable(line, 4, "OBR-4 must say what is ordered; it is not charted.");
            return;
        }
        var number = placer;
        boolean repeated =
                all.stream()
                                .filter(o -> !number.isEmpty() && placer(o, reader).equals(number))
                                .count()
                        > 1;
        var key = ofGroup ? "group " + group : placer.isEmpty() ? "filler " + filler : placer;
        list.add(
                line,
                (repeated || ofGroup) && code != null ? key + " " + ListReader.key(code) : key,
                false,
                action,
                fields);
    }

    /**
     * ORC-2 and OBR-2 are one number (HL7 v2.5.1 §4.5.1.2, §4.5.3.2). Where they are two, OBR-2 is
     * what the order is known by, here and at whom it is sent to, and somebody should know that.
     * Only the first OBR below an ORC: those that follow may have numbers of their own.
     */
    private static void numbersDiffer(Order order, List<Order> all, Reader reader) {
        var control = order.control;
        var request = order.request;
        if (control == null || request == null) return;
        for (var one : all) {
            if (one == order) break;
            if (control.equals(one.control)) return;
        }
        if (agree(OrderNumbers.read(control, 2, reader), OrderNumbers.read(request, 2, reader)))
            return;
        reader.findings.warn(
                reader.place(request, 2, 1, 1),
                ErrorCode.DATA_TYPE,
                "order-numbers-differ",
                "OBR-2 is another number than ORC-2 of the same order: it is known by OBR-2, also"
                        + " to whom it is sent.");
    }

    /** Whether two numbers may be one: a namespace may be left out. */
    private static boolean agree(String one, String other) {
        return one.isEmpty() || other.isEmpty() || OneNumber.isOne(one, other);
    }

    /** Whether ORC-1 is empty or has a meaning. */
    static boolean isKnown(Line control, Reader reader) {
        var said = action(control, reader);
        return said.isEmpty() || CONTROLS.contains(said);
    }

    /** ⚠ Nobody knows whether it orders or ends: it is no order, and changes none. */
    private static void notKnown(Order order, Line control, Reader reader, ListReader list) {
        for (var obx : order.beside) Details.leftOut(obx, reader);
        if (order.request != null && isOfContrast(order.request, reader)) {
            list.notScreened(control, 1, NOT_KNOWN);
            return;
        }
        reader.findings.warn(
                reader.place(control, 1, 1, 1),
                ErrorCode.TABLE_VALUE,
                "order-control-not-known",
                NOT_KNOWN);
    }

    static final String NOT_KNOWN =
            "ORC-1 is no code of table 0119: whether it orders, changes or ends the order is not"
                    + " known; it is not charted.";

    private static boolean isOfContrast(Line request, Reader reader) {
        var said = reader.value(request, 4, 1, 0, 0).toLowerCase(Locale.ROOT);
        return said.contains("contrast") || said.contains("gadolinium");
    }

    /** Whether a filler asks for a number of an order that it adds (ORC-1 SN). */
    private static boolean asks(Line control, Reader reader) {
        return reader.text(control, 1, 1).equalsIgnoreCase("SN");
    }

    /** ⚠ Who waits for a number must hear that there is none. */
    private static void notNumbered(Line control, int field, String missing, Reader reader) {
        reader.findings.error(
                field == 0 ? control.location() : reader.place(control, field, 1, 1),
                ErrorCode.REQUIRED_MISSING,
                "order-detail-missing",
                "An order that asks for a placer's number (ORC-1 SN) needs " + missing + ".");
    }

    /** The number that it is given. */
    private static String given(Line request, String filler, Reader reader) {
        if (filler.isEmpty() || reader.message.lines("PID").isEmpty()) return "";
        int mark = reader.mark();
        var patient =
                new PatientIdentifiers(reader, reader.message.lines("PID").getFirst()).chosen();
        var code = reader.text(request, 4, 1);
        var test = code.isEmpty() ? reader.text(request, 4, 2) : code;
        if (patient == null || test.isEmpty()) return "";
        return reader.made(
                Rule.NUMBER_GIVEN,
                mark,
                GivenNumber.of(
                        reader.partner.folder(),
                        patient.key(),
                        filler,
                        test.toUpperCase(Locale.ROOT)),
                filler);
    }

    /** What is done with contrast is screened, and so it has to be said where it is not ⚠. */
    private static void unreadable(
            Order order, Line line, int field, String text, Reader reader, ListReader list) {
        var action = order.control == null ? "" : upperCase(order.control, 1, reader);
        if (order.request != null
                && isOfContrast(order.request, reader)
                && !STOPS.contains(action)
                && !isAnswer(reader.message)) list.notScreened(line, field, text);
        else list.unreadable(line, field, text);
    }

    /** What stands on the label: SPM-2, by its placer and filler, and SAC-3. */
    private static String specimens(Order order, Reader reader) {
        var specimen = order.specimen;
        var container = order.container;
        return Reader.joined(
                "~",
                specimen == null ? "" : label(specimen, 2, 1, reader),
                specimen == null ? "" : label(specimen, 2, 2, reader),
                container == null ? "" : label(container, 3, 1, reader));
    }

    private static String label(Line line, int field, int component, Reader reader) {
        return reader.key(line, field, 1, component, reader.text(line, field, 1, component, 1));
    }

    static String upperCase(Line control, int field, Reader reader) {
        return reader.made(
                Rule.UPPER_CASE,
                reader.mark(),
                reader.text(control, field, 1).toUpperCase(Locale.ROOT));
    }

    private static String placer(Order order, Reader reader) {
        return number(order.request, 2, order.control, 2, reader);
    }

    /**
     * An ORC alone names the order by the placer's number, with all tests under it, and is a word
     * of its own beside them: it says nothing of what was ordered. What it stops would stay active
     * in the chart where it has no number ⚠: refused. One that orders medication is read by {@link
     * MedicationOrders}.
     */
    private static void withoutRequest(Order order, Line control, Reader reader, ListReader list) {
        if (order.medication) return;
        if (!isKnown(control, reader)) {
            notKnown(order, control, reader, list);
            return;
        }
        for (var obx : order.beside) Details.leftOut(obx, reader);
        var placer = OrderNumbers.read(control, 2, reader);
        int mark = reader.mark();
        var action = upperCase(control, 1, reader);
        if (!placer.isEmpty() && BY_NUMBER.contains(action)) {
            var status = upperCase(control, 5, reader);
            var state = reader.made(Rule.STATE, mark, state(action, status));
            var fields = ListReader.fields();
            text(fields, ItemField.PLACER_NUMBER, placer, "ORC-2");
            text(fields, ItemField.NUMBER, OrderNumbers.read(control, 3, reader), "ORC-3");
            text(fields, ItemField.STATE, state, "ORC-1");
            text(fields, ItemField.CONTROL, action, "ORC-1");
            text(fields, ItemField.CLINICAL_STATUS, status, "ORC-5");
            ListReader.put(
                    fields,
                    ItemField.CLINICIAN,
                    new FieldReader(reader, control, false).provider(12));
            list.add(control, BARE + placer, false, action, fields);
            return;
        }
        if (action.equals("SN") && placer.isEmpty()) {
            notNumbered(control, 0, "its OBR, which says what is added", reader);
            return;
        }
        if (!STOPS.contains(action)) return;
        reader.findings.error(
                control.location(),
                ErrorCode.REQUIRED_MISSING,
                "order-detail-missing",
                "An ORC that stops an order needs the placer's number (ORC-2), so that the order"
                        + " can be found.");
    }

    /**
     * What an ORC alone says of an order of medication, beside others or by itself.
     *
     * @return whether there is such an ORC
     */
    static boolean stopped(Message message, Reader reader, List<ListStatement> statements) {
        var alone = new ArrayList<Line>();
        Line last = null;
        for (var line : message.lines()) {
            if (line.segment().equals("ORC")) {
                if (last != null) alone.add(last);
                last = line;
            } else if (OF_ORDERS.contains(line.segment())) {
                last = null;
            }
        }
        if (last != null) alone.add(last);
        alone.removeIf(line -> !isByNumber(action(line, reader)));
        if (alone.isEmpty()) return false;
        var list = new ListReader(ListKind.PLACED_ORDER, reader, alone, false);
        for (var control : alone) withoutRequest(new Order(), control, reader, list);
        list.finish(false, statements);
        return true;
    }

    private static boolean isByNumber(String action) {
        return STOPS.contains(action) || BY_NUMBER.contains(action);
    }

    private static String action(Line control, Reader reader) {
        return reader.text(control, 1, 1).toUpperCase(Locale.ROOT);
    }

    /** What says below an ORC what is ordered, dispensed or given. */
    private static final Set<String> OF_ORDERS =
            Set.of("OBR", "RXO", "RXE", "RXD", "RXG", "RXA", "ODS", "ODT", "RQD", "BPO");

    private static String number(
            @Nullable Line request, int own, @Nullable Line control, int other, Reader reader) {
        var number = request == null ? "" : OrderNumbers.read(request, own, reader);
        return number.isEmpty() && control != null
                ? OrderNumbers.read(control, other, reader)
                : number;
    }

    private static void text(
            Map<ItemField, FieldValue> fields, ItemField field, String text, String path) {
        if (!text.isEmpty()) fields.put(field, FieldValue.of(text, path));
    }

    private static void ofRequest(Line request, Reader reader, Map<ItemField, FieldValue> fields) {
        var read = new FieldReader(reader, request, false);
        ListReader.put(fields, ItemField.CODE, read.coded(4));
        ListReader.put(fields, ItemField.COLLECTED, read.time(7));
        var provider = read.provider(16);
        if (provider != null) ListReader.put(fields, ItemField.CLINICIAN, provider);
        var reason = read.coded(31);
        ListReader.put(fields, ItemField.REASON, reason != null ? reason : read.text(13));
        ListReader.put(fields, ItemField.SPECIMEN, read.coded(15));
    }

    /**
     * When it is to be done, by who asks for it: TQ1-7 (from 2.5), else the start in the older
     * quantity and timing, else when the order takes effect (ORC-15), else OBR-6.
     */
    private static void due(Order order, Reader reader, Map<ItemField, FieldValue> fields) {
        if (order.timing != null) due(order.timing, 7, 1, reader, fields);
        if (order.control != null) due(order.control, 7, 4, reader, fields);
        if (order.request != null) due(order.request, 27, 4, reader, fields);
        if (order.control != null) due(order.control, 15, 1, reader, fields);
        if (order.request != null) due(order.request, 6, 1, reader, fields);
    }

    private static void due(
            Line line, int field, int component, Reader reader, Map<ItemField, FieldValue> fields) {
        if (fields.containsKey(ItemField.DUE)) return;
        var read = new FieldReader(reader, line, false);
        var time = component == 1 ? read.time(field) : read.time(field, component);
        if (time != null && !time.isEmpty()) fields.put(ItemField.DUE, time);
    }

    /** TQ1-9 (from 2.5), OBR-5, ORC-7.6 or OBR-27.6. */
    private static void priority(Order order, Reader reader, Map<ItemField, FieldValue> fields) {
        var priority = "";
        if (order.timing != null) priority = reader.text(order.timing, 9, 1);
        if (priority.isEmpty() && order.request != null)
            priority =
                    Reader.firstSaid(
                            reader.text(order.request, 5, 1), reader.text(order.request, 27, 6));
        if (priority.isEmpty() && order.control != null)
            priority = reader.text(order.control, 7, 6);
        if (priority.length() <= Reader.MAX_KEY_CHARACTERS)
            text(fields, ItemField.PRIORITY, priority, "TQ1-9");
    }

    /**
     * ORC-1 (table 0119) says what is asked for or answered, ORC-5 (table 0038) how it stands at
     * the filler. Only a filler's ORC-5 counts: a placer that asks for something repeats an old
     * one.
     */
    static String state(String control, String status) {
        // What is not taken was not cancelled, also where ORC-5 says CA beside it.
        if (control.equals("UA") || control.equals("DE")) return "refused";
        return switch (ASKS.contains(control) ? "" : status) {
            case "CM" -> "completed";
            case "CA", "DC" -> "cancelled";
            case "HD" -> "on-hold";
            case "ER" -> "refused";
            case "RP" -> "cancelled";
            default ->
                    switch (control) {
                        case "CA", "OC", "CR", "DC", "OD", "DR", "RP", "RQ", "RU" -> "cancelled";
                        case "HD", "OH", "HR" -> "on-hold";
                        default -> "active";
                    };
        };
    }
}
