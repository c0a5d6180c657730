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

import java.util.List;

/**
 * Reads who the patient is (PID); which identifier names the record is said by {@link
 * PatientIdentifiers}.
 */
final class PatientReader {
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
            reader.findings.error(
                    other.location(),
                    ErrorCode.SEGMENT_SEQUENCE,
                    "several-patients",
                    "The message names several patients; send one message for each.");
            return true;
        }
        return false;
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
