package org.chartbridge.mapping;

import org.chartbridge.chart.PatientClaim;
import org.chartbridge.chart.PersonName;
import org.chartbridge.chart.RecordKey;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Hl7Time;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Precision;
import org.chartbridge.partner.Partner;
import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads who the patient is (PID); which identifier names the record is said by {@link
 * PatientIdentifiers}.
 */
final class PatientReader {
    private static final int NAME = 5;
    private static final int BIRTH_DATE = 7;

    private final Reader reader;

    PatientReader(Reader reader) {
        this.reader = reader;
    }

    /** The claim; null when the message names no patient by a number, which is then a fault. */
    @Nullable PatientClaim read(List<Line> patients) {
        return read(patients, null);
    }

    /**
     * The same of one who may be named without a number; {@link WithoutIdentifier} says what stands
     * for it.
     *
     * @param reports whose orders may
     */
    @Nullable PatientClaim readNamed(List<Line> patients, List<Grouping.Report> reports) {
        return read(patients, reports);
    }

    /** The claim of the first, where those that follow may say the same person less fully. */
    @Nullable PatientClaim readFirst(List<Line> patients) {
        if (patients.size() < 2) return read(patients);
        var first = patients.getFirst();
        for (var other : patients.subList(1, patients.size()))
            if (isSomebodyElse(first, other)) return several(other);
        return read(List.of(first));
    }

    /**
     * ⚠ The orders and results behind it would be charted, and sent, as the first one's. A number
     * in common is not enough where neither name nor birth date is the same.
     */
    private boolean isSomebodyElse(Line first, Line other) {
        boolean otherName = differs(first, other, NAME);
        boolean otherBirth = differs(first, other, BIRTH_DATE);
        var numbers = numbers(other);
        if (numbers.stream().anyMatch(numbers(first)::contains)) return otherName && otherBirth;
        boolean isSaid = true;
        for (int field : new int[] {NAME, BIRTH_DATE})
            isSaid &= isSaid(first, field) && isSaid(other, field);
        return otherName || otherBirth || (!numbers.isEmpty() && !isSaid);
    }

    private Set<String> numbers(Line line) {
        var numbers = new HashSet<String>();
        for (int i = 1; i <= reader.repetitions(line, 3); i++)
            if (!reader.text(line, 3, i, 1).isEmpty()) numbers.add(reader.text(line, 3, i, 1));
        return numbers;
    }

    private boolean isSaid(Line line, int field) {
        return !reader.text(line, field, 1).isEmpty();
    }

    /** Whether both say it, and not the same. */
    private boolean differs(Line first, Line other, int field) {
        var one = reader.text(first, field, 1);
        var its = reader.text(other, field, 1);
        int said = Math.min(one.length(), its.length());
        if (field == BIRTH_DATE && said > 0)
            return !one.substring(0, said).equals(its.substring(0, said));
        return said > 0 && !one.equalsIgnoreCase(its);
    }

    private @Nullable PatientClaim read(
            List<Line> patients, @Nullable List<Grouping.Report> reports) {
        if (patients.isEmpty()) {
            missing(Location.of("PID", 1), "PID must name the patient; the message has none.");
            return null;
        }
        if (severalPatients(patients)) return null;
        var line = patients.getFirst();
        int mark = reader.mark();
        var identifiers = new PatientIdentifiers(reader, line);
        var read = reader.since(mark);
        var chosen = identifiers.chosen();
        if (chosen == null) return withoutIdentifier(line, reports);
        var claim = claim(line, chosen.key(), chosen.path(), identifiers);
        reader.told(claim, "key", Rule.PATIENT_NUMBER, read);
        return claim;
    }

    private @Nullable PatientClaim withoutIdentifier(
            Line line, @Nullable List<Grouping.Report> reports) {
        int mark = reader.mark();
        var place = reader.place(line, 3, 1, 1);
        var key =
                reports == null || reader.partner.unidentified() == Partner.Unidentified.REFUSE
                        ? null
                        : new WithoutIdentifier(reader).key(line, reports);
        if (key == null) {
            missing(
                    place,
                    "PID-3 must hold an identifier of the patient (PID-2, PID-4 and PID-19 have"
                            + " none either; UNKNOWN, NONE, 0 or 99999 is none).");
            return null;
        }
        var read = reader.since(mark);
        if (reader.partner.patients() == Partner.Patients.CREATE)
            reader.findings.warn(
                    place,
                    ErrorCode.REQUIRED_MISSING,
                    "patient-without-identifier",
                    "The patient is named without an identifier; charted by themselves until a"
                            + " person says who it is.");
        var claim = claim(line, key, "PID-3", null);
        reader.told(claim, "key", Rule.WITHOUT_IDENTIFIER, read);
        return claim;
    }

    private PatientClaim claim(
            Line line, RecordKey key, String path, @Nullable PatientIdentifiers identifiers) {
        return new PatientClaim(
                key,
                path,
                identifiers == null ? List.of() : identifiers.keys(),
                name(line),
                birthDate(line),
                reader.text(line, 8, 1),
                reader.address(line, 11),
                phone(line),
                reader.partner.patients() == Partner.Patients.CREATE,
                reader.text(line, 24, 1).equalsIgnoreCase("Y"),
                identifiers == null ? List.of() : identifiers.trusted());
    }

    private void missing(Location place, String text) {
        reader.findings.error(
                place, ErrorCode.REQUIRED_MISSING, "patient-identifier-missing", text);
    }

    /** Some senders repeat PID before each OBR: the same PID again is the same patient. */
    private boolean severalPatients(List<Line> patients) {
        var first = statement(patients.getFirst());
        for (var other : patients.subList(1, patients.size())) {
            if (statement(other).equals(first)) continue;
            several(other);
            return true;
        }
        return false;
    }

    private @Nullable PatientClaim several(Line other) {
        reader.findings.error(
                other.location(),
                ErrorCode.SEGMENT_SEQUENCE,
                "several-patients",
                "The message names several patients; send one message for each.");
        return null;
    }

    /** The segment without its counter PID-1. */
    private String statement(Line line) {
        var text = reader.message.text(line);
        char field = reader.message.header().delimiters().field();
        int second = text.indexOf(field, text.indexOf(field) + 1);
        return second < 0 ? "" : text.substring(second);
    }

    /** The legal name (XPN.7 L) where several are sent, else the first. */
    private PersonName name(Line line) {
        int mark = reader.mark();
        int chosen = 1;
        for (int i = reader.repetitions(line, 5); i > 0; i--)
            if (reader.text(line, 5, i, 7).equals("L")) chosen = i;
        var choice = reader.since(mark);
        return new PersonName(
                namePart(line, chosen, 1, choice),
                namePart(line, chosen, 2, choice),
                namePart(line, chosen, 3, choice),
                namePart(line, chosen, 4, choice));
    }

    private String namePart(Line line, int chosen, int component, @Nullable Object choice) {
        int mark = reader.mark();
        // A family name has parts of its own.
        var text = reader.text(line, 5, chosen, component, component == 1 ? 1 : 0);
        if (component <= 2) text = reader.name(line, 5, chosen, component, text);
        return reader.made(Rule.NAME, mark, text, choice);
    }

    /** To the precision that was sent; a day is never made up. */
    private String birthDate(Line line) {
        return reader.made(Rule.BIRTH_DATE, reader.mark(), sentBirthDate(line));
    }

    private String sentBirthDate(Line line) {
        return switch (Hl7Time.parse(reader.text(line, 7, 1))) {
            case Hl7Time.Parsed.Absent _ -> "";
            case Hl7Time.Parsed.Known(var time) when reader.isInFuture(time) -> {
                reader.findings.warn(
                        reader.place(line, 7, 1, 1),
                        ErrorCode.DATA_TYPE,
                        "birth-date-in-future",
                        "PID-7 lies after the message came: no birth date, neither in the chart nor"
                                + " to match by.");
                yield "";
            }
            case Hl7Time.Parsed.Known(var time) -> {
                var date = time.local().toLocalDate().toString();
                yield switch (time.precision()) {
                    case Precision.YEAR -> date.substring(0, 4);
                    case Precision.MONTH -> date.substring(0, 7);
                    case Precision.DAY,
                            Precision.HOUR,
                            Precision.MINUTE,
                            Precision.SECOND,
                            Precision.FRACTION ->
                            date;
                };
            }
            case Hl7Time.Parsed.Wrong(var fault) -> {
                reader.findings.add(fault.at(reader.place(line, 7, 1, 1)));
                yield "";
            }
        };
    }

    /**
     * XTN: the number as one text, else as one unformatted, else put together, else the address.
     */
    private String phone(Line line) {
        return reader.made(
                Rule.PHONE,
                reader.mark(),
                Reader.firstSaid(
                        reader.text(line, 13, 12),
                        reader.text(line, 13, 1),
                        Reader.joined(
                                " ",
                                reader.text(line, 13, 5),
                                reader.text(line, 13, 6),
                                reader.text(line, 13, 7)),
                        reader.text(line, 13, 4)));
    }
}
