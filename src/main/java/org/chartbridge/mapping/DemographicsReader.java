package org.chartbridge.mapping;

import org.chartbridge.chart.DemographicField;
import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.PatientClaim;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Location;
import org.chartbridge.partner.Partner;
import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Reads what PID (and PD1-4) states of a person, field by field.
 *
 * <p>The parts of a name are fields of their own. An address, and the numbers of PID-13, are sent
 * whole (HL7 v2.5.1 §2.10.5): when one part has a value, the parts that are empty have none, so
 * that parts of two addresses never make a third. {@code ""} alone in a part deletes that part.
 *
 * <p>Names, addresses and numbers beside these: {@link FurtherDemographics}.
 *
 * <p>Identifier, family and given name and birth date are never deleted ⚠: that is flagged.
 */
final class DemographicsReader {

    /** Events whose PID is the whole of what the sender knows. */
    private static final Set<String> WHOLE = Set.of("A01", "A04", "A05", "A08", "A28", "A31");

    private static final DemographicField[] ADDRESS = {
        DemographicField.STREET,
        DemographicField.ADDRESS_LINE,
        DemographicField.CITY,
        DemographicField.STATE,
        DemographicField.POSTAL_CODE,
        DemographicField.COUNTRY
    };

    private final Reader reader;
    private final Line pid;
    private final boolean clear;
    private final FieldReader read;
    private final Map<DemographicField, FieldValue> fields = new EnumMap<>(DemographicField.class);

    DemographicsReader(Reader reader, Line pid, String trigger) {
        this.reader = reader;
        this.pid = pid;
        this.clear = reader.partner.empty() == Partner.Empty.CLEAR && WHOLE.contains(trigger);
        this.read = new FieldReader(reader, pid, clear);
    }

    /**
     * What A29, "delete person information", leaves of a person: enough to know whose the results
     * are. Never anything else than demographics ⚠ (HL7-RULES §6).
     */
    static final Set<DemographicField> STAYS =
            EnumSet.of(
                    DemographicField.FAMILY,
                    DemographicField.GIVEN,
                    DemographicField.MIDDLE,
                    DemographicField.SUFFIX,
                    DemographicField.BIRTH_DATE,
                    DemographicField.SEX);

    /** Every field of the person deleted that may be. */
    static Map<DemographicField, FieldValue> deleted() {
        var fields = new EnumMap<DemographicField, FieldValue>(DemographicField.class);
        for (var field : EnumSet.complementOf(EnumSet.copyOf(STAYS)))
            fields.put(field, FieldValue.deleted("MSH-9"));
        return fields;
    }

    /**
     * @param claim the same PID as the patient it names
     */
    Map<DemographicField, FieldValue> read(PatientClaim claim) {
        if (read.isDeleted(3)) keep(3, "identifier");
        name(claim);
        if (read.isDeleted(7)) keep(7, "birth date");
        else if (!claim.birthDate().isEmpty())
            put(DemographicField.BIRTH_DATE, FieldValue.of(claim.birthDate(), "PID-7"));
        put(DemographicField.SEX, read.text(8));
        put(DemographicField.RACE, read.coded(10));
        address();
        phones();
        put(DemographicField.WORK_PHONE, workPhone());
        put(DemographicField.LANGUAGE, read.coded(15));
        put(DemographicField.MARITAL_STATUS, read.coded(16));
        put(DemographicField.ETHNICITY, read.coded(22));
        put(DemographicField.MULTIPLE_BIRTH, read.text(24));
        put(DemographicField.BIRTH_ORDER, read.text(25));
        put(DemographicField.DEATH_TIME, read.time(29));
        put(DemographicField.DECEASED, read.text(30));
        new FurtherDemographics(reader, pid, read, fields).read();
        var pd1 = reader.message.lines("PD1");
        if (!pd1.isEmpty())
            put(
                    DemographicField.PRIMARY_CARE,
                    new FieldReader(reader, pd1.getFirst(), false).provider(4));
        return fields;
    }

    /** The first repetition of a type (component 7), else the first. */
    static int chosen(Reader reader, Line pid, int field, String type) {
        int chosen = 1;
        for (int i = reader.repetitions(pid, field); i > 0; i--)
            if (reader.text(pid, field, i, 7).equals(type)) chosen = i;
        return chosen;
    }

    private void put(DemographicField field, @Nullable FieldValue value) {
        if (value != null) fields.put(field, value);
    }

    private void keep(int field, String what) {
        keep(pid.location(field), what);
    }

    private void keep(Location place, String what) {
        reader.findings.warn(
                place,
                ErrorCode.TABLE_VALUE,
                "delete-not-followed",
                "The message asks to delete the patient's " + what + "; that is never done.");
    }

    // ------------------------------------------------------------ name

    private void name(PatientClaim claim) {
        int mark = reader.mark();
        if (!read.isSent(5)) return;
        if (read.isDeleted(5)) {
            keep(5, "name");
            return;
        }
        int chosen = chosen(reader, pid, 5, "L");
        var choice = reader.since(mark);
        keptPart(DemographicField.FAMILY, claim.name().family(), chosen, 1, "family name");
        keptPart(DemographicField.GIVEN, claim.name().given(), chosen, 2, "given name");
        part(DemographicField.MIDDLE, chosen, 3, choice);
        part(DemographicField.SUFFIX, chosen, 4, choice);
        part(DemographicField.PREFIX, chosen, 5, choice);
        part(DemographicField.NAME_TYPE, chosen, 7, choice);
    }

    private void part(
            DemographicField field, int repetition, int component, @Nullable Object choice) {
        int mark = reader.mark();
        var value = read.component(5, repetition, component);
        if (value != null) put(field, reader.made(Rule.NAME, mark, value, choice));
    }

    private void keptPart(
            DemographicField field, String text, int repetition, int component, String what) {
        if (FieldReader.isNull(reader.value(pid, 5, repetition, component, 1)))
            keep(reader.place(pid, 5, repetition, component), what);
        else if (!text.isEmpty())
            put(field, FieldValue.of(text, read.path(5, repetition, component)));
    }

    // ------------------------------------------------------------ address

    private void address() {
        int mark = reader.mark();
        if (!read.isSent(11) || read.isDeleted(11)) {
            if (clear || read.isDeleted(11))
                for (var field : ADDRESS) put(field, FieldValue.deleted("PID-11"));
            return;
        }
        int chosen = chosen(reader, pid, 11, "H");
        boolean valued = false;
        for (int part = 1; part <= ADDRESS.length; part++)
            valued |= !reader.text(pid, 11, chosen, part, 1).isEmpty();
        for (int part = 1; part <= ADDRESS.length; part++) {
            var sent = reader.value(pid, 11, chosen, part, 1).strip();
            var path = read.path(11, chosen, part);
            @Nullable FieldValue value = null;
            if (FieldReader.isNull(sent) || (valued && sent.isEmpty()))
                value = FieldValue.deleted(path);
            else if (!sent.isEmpty())
                value = FieldValue.of(read.bounded(11, chosen, part, sent), path);
            put(ADDRESS[part - 1], reader.maybe(Rule.ADDRESS_PART, mark, value));
        }
    }

    // ------------------------------------------------------------ telephone

    private void phones() {
        int mark = reader.mark();
        var found = new EnumMap<DemographicField, FieldValue>(DemographicField.class);
        for (int i = 1; i <= reader.repetitions(pid, 13); i++) phone(i, found);
        boolean gone = read.isDeleted(13) || (clear && !read.isSent(13));
        if (found.isEmpty() && !gone) return;
        for (var field :
                new DemographicField[] {
                    DemographicField.PHONE, DemographicField.MOBILE, DemographicField.EMAIL
                })
            put(
                    field,
                    reader.made(
                            Rule.PHONE_OF_USE,
                            mark,
                            found.getOrDefault(field, FieldValue.deleted("PID-13"))));
    }

    /** XTN: use and equipment say what rings (tables 0201, 0202); a fax rings nobody. */
    private void phone(int repetition, Map<DemographicField, FieldValue> found) {
        var use = reader.text(pid, 13, repetition, 2);
        var equipment = reader.text(pid, 13, repetition, 3);
        var address = reader.text(pid, 13, repetition, 4);
        var number = number(13, repetition);
        var path = read.path(13, repetition, 0);
        if (address.contains("@") || number.contains("@")) {
            found.putIfAbsent(
                    DemographicField.EMAIL,
                    FieldValue.of(
                            read.bounded(
                                    13, repetition, 0, address.contains("@") ? address : number),
                            path));
            if (number.isEmpty() || number.contains("@")) return;
        }
        if (number.isEmpty() || equipment.equals("FX") || use.equals("NET")) return;
        boolean mobile = equipment.equals("CP") || use.equals("PRS");
        found.putIfAbsent(
                mobile ? DemographicField.MOBILE : DemographicField.PHONE,
                FieldValue.of(read.bounded(13, repetition, 0, number), path));
    }

    private @Nullable FieldValue workPhone() {
        return reader.maybe(Rule.PHONE, reader.mark(), sentWorkPhone());
    }

    private @Nullable FieldValue sentWorkPhone() {
        if (read.isDeleted(14)) return FieldValue.deleted("PID-14");
        var number = number(14, 1);
        if (!number.isEmpty()) return FieldValue.of(read.bounded(14, number), "PID-14");
        return clear ? FieldValue.deleted("PID-14") : null;
    }

    private String number(int field, int repetition) {
        return number(reader, pid, field, repetition);
    }

    /**
     * Unformatted, else as one text, else put together: from 2.7 on the text (1) is withdrawn, and
     * who fills both means the newer.
     */
    static String number(Reader reader, Line pid, int field, int repetition) {
        return Reader.firstSaid(
                reader.text(pid, field, repetition, 12),
                reader.text(pid, field, repetition, 1),
                Reader.joined(
                        " ",
                        reader.text(pid, field, repetition, 5),
                        reader.text(pid, field, repetition, 6),
                        reader.text(pid, field, repetition, 7)));
    }
}
