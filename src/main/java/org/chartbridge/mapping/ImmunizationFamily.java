package org.chartbridge.mapping;

import org.chartbridge.chart.Doses;
import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.ItemField;
import org.chartbridge.chart.ListKind;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Partner;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Immunizations, VXU^V04: given by the sender, or known from elsewhere (RXA-9); refused ones too
 * (RXA-20 RE), which are no immunization of the patient and are shown as not given ⚠.
 *
 * <p>One is recognised by vaccine (its CVX code, wherever in RXA-5 that stands, else the first),
 * day and its filler number (ORC-3), see {@link Doses}; a number that only fills the field, such as
 * the 9999 of historical and refused doses, is none ⚠. RXA-21 (table 0206) says what becomes of it:
 * D takes it back, U replaces what else was said of the number. "No vaccine administered" (CVX 998)
 * states nothing. What OBX say behind an RXA (eligibility, information statement) belongs to that
 * immunization.
 */
@Component
final class ImmunizationFamily implements MessageFamily {
    private static final Set<String> NO_VACCINE = Set.of("998", "999");

    @Override
    public boolean takes(Header header) {
        return header.messageCode().equals("VXU")
                && Set.of("", "V04").contains(header.triggerEvent());
    }

    @Override
    public Mapped map(Message message, Partner partner) {
        return OneStatement.map(message, partner, ImmunizationFamily::read);
    }

    private static void read(Message message, Reader reader, List<ListStatement> statements) {
        var lines = message.lines("RXA");
        if (lines.isEmpty()) return;
        var list = new ListReader(ListKind.IMMUNIZATION, reader, lines, false);
        @Nullable Line order = null;
        @Nullable Line given = null;
        @Nullable Line route = null;
        var beside = new ArrayList<Line>();
        for (var line : message.lines()) {
            switch (line.segment()) {
                case "ORC" -> {
                    if (given != null) item(given, order, route, beside, reader, list);
                    given = null;
                    route = null;
                    beside.clear();
                    order = line;
                }
                case "RXA" -> {
                    if (given != null) {
                        item(given, order, route, beside, reader, list);
                        // An ORC speaks for one RXA only: its number is that of one dose.
                        order = null;
                        route = null;
                        beside.clear();
                    }
                    given = line;
                }
                case "RXR" -> route = route == null ? line : route;
                case "OBX" -> {
                    if (given != null) beside.add(line);
                    else Details.leftOut(line, reader);
                }
                default -> {
                    // Not mapped.
                }
            }
        }
        if (given != null) item(given, order, route, beside, reader, list);
        list.tellApart(Doses::isWithoutNumber, Doses::further);
        list.finish(false, statements);
    }

    private static void item(
            Line rxa,
            @Nullable Line order,
            @Nullable Line route,
            List<Line> beside,
            Reader reader,
            ListReader list) {
        var read = new FieldReader(reader, rxa, false);
        var vaccine = read.coded(5);
        if (vaccine == null || vaccine.isEmpty()) {
            list.unreadable(rxa, 5, "RXA-5 must name the vaccine; this one is not charted.");
            return;
        }
        if (NO_VACCINE.contains(vaccine.code())) {
            for (var obx : beside) Details.leftOut(obx, reader);
            return;
        }
        var time = read.time(3);
        var fields = ListReader.fields();
        fields.put(ItemField.CODE, vaccine);
        ListReader.put(fields, ItemField.BEGAN, time);
        ListReader.put(fields, ItemField.CLINICAL_STATUS, read.coded(20));
        ListReader.put(fields, ItemField.REASON, read.coded(18));
        ListReader.put(fields, ItemField.TYPE, read.coded(9));
        ListReader.put(fields, ItemField.CLINICIAN, read.provider(10));
        ListReader.put(fields, ItemField.LOT, read.text(15));
        ListReader.put(fields, ItemField.ENDED, read.time(16));
        ListReader.put(fields, ItemField.MANUFACTURER, read.coded(17));
        dose(read, rxa, reader, fields);
        if (route != null) {
            var how = new FieldReader(reader, route, false);
            ListReader.put(fields, ItemField.ROUTE, how.coded(1));
            ListReader.put(fields, ItemField.SITE, how.coded(2));
        }
        var sent = order == null ? "" : OrderNumbers.read(order, 3, reader);
        var number = isNoNumber(sent) ? "" : sent;
        if (!number.isEmpty() && order != null)
            fields.put(ItemField.NUMBER, FieldValue.of(number, OrderNumbers.path(order, 3)));
        var supporting = new SupportingReader(reader);
        Details.put(beside, List.of(), reader, fields, supporting);
        if (order != null) supporting.number("PLAC", order, 2);
        supporting.alternates(rxa, 5, vaccine);
        supporting.put(fields);
        var day = time == null ? "" : time.text().strip();
        var dose = key(rxa, vaccine, reader) + " " + day.substring(0, Math.min(8, day.length()));
        var action = reader.text(rxa, 21, 1).toUpperCase(Locale.ROOT);
        list.add(rxa, Doses.key(dose, number), action.equals("D"), fields);
        if (!action.equals("U")) return;
        if (!number.isEmpty()) list.add(rxa, Doses.corrected(number), true, fields);
        else
            reader.findings.warn(
                    reader.place(rxa, 21, 1, 0),
                    ErrorCode.REQUIRED_MISSING,
                    "dose-correction-without-number",
                    "RXA-21 U needs the number of the dose that it corrects (ORC-3); without it"
                            + " this replaces one of the same vaccine and day only, and any other"
                            + " stands beside it until it is taken back (RXA-21 D).");
    }

    /** By its CVX code, wherever that stands; of an NDC code beside it there are many ⚠. */
    private static String key(Line rxa, FieldValue vaccine, Reader reader) {
        for (int component : new int[] {1, 4, 10}) {
            var coding = reader.triplet(rxa, 5, 1, component);
            if (coding.system().equalsIgnoreCase("CVX") && !coding.code().isEmpty())
                return ListReader.key(
                        new FieldValue(
                                coding.text(), coding.code(), coding.system(), vaccine.path()));
        }
        return ListReader.key(vaccine);
    }

    /** What stands in ORC-3 because it may not be empty: 9999 and the like. */
    private static boolean isNoNumber(String number) {
        var entity = number.split("\\^", 2)[0];
        return entity.matches("9{4,}") || PatientIdentifiers.isNoNumber(entity);
    }

    /** RXA-6 and RXA-7; 999 stands for an unknown amount. */
    private static void dose(
            FieldReader read,
            Line rxa,
            Reader reader,
            java.util.Map<ItemField, FieldValue> fields) {
        var amount = reader.text(rxa, 6, 1);
        if (amount.isEmpty() || amount.equals("999")) return;
        var unit = Reader.firstSaid(reader.text(rxa, 7, 1), reader.text(rxa, 7, 2));
        fields.put(
                ItemField.DOSE,
                FieldValue.of(
                        read.bounded(6, Reader.joined(" ", amount, unit)), read.path(6, 1, 0)));
    }
}
