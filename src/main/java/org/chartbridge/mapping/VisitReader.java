package org.chartbridge.mapping;

import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.PatientClaim;
import org.chartbridge.chart.VisitEvent;
import org.chartbridge.chart.VisitField;
import org.chartbridge.chart.VisitKey;
import org.chartbridge.chart.VisitStatement;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Partner;
import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what PV1 and PV2 say of a visit. It is recognised by its number (PV1-19), else by the
 * account (PID-18), else by patient and time of admission; one that has none of these is not
 * charted, which is flagged. PV1-2 of N means that there is no visit.
 */
final class VisitReader {
    private static final int ALTERNATE_ID = 50;

    private final Reader reader;
    private final Line pid;
    private final EventReader.Event event;
    private final Map<VisitField, FieldValue> fields = new EnumMap<>(VisitField.class);

    /**
     * PV1-44: what else tells when the visit began is no name of it, which the next one repeats ⚠.
     */
    private @Nullable FieldValue admittedAsSent;

    VisitReader(Reader reader, Line pid, EventReader.Event event) {
        this.reader = reader;
        this.pid = pid;
        this.event = event;
    }

    @Nullable VisitStatement read(Message message, PatientClaim patient) {
        return read(message.lines("PV1"), message.lines("PV2"), patient);
    }

    /** The same of a visit that is one of several in the message. */
    @Nullable VisitStatement read(List<Line> lines, List<Line> further, PatientClaim patient) {
        var happening = VisitEvent.of(event.trigger()).orElse(null);
        if (happening == null) return null;
        if (lines.isEmpty()) {
            if (happening != VisitEvent.UPDATE && happening != VisitEvent.RENUMBER)
                reader.findings.warn(
                        Location.of("PV1", 1),
                        ErrorCode.REQUIRED_MISSING,
                        "visit-missing",
                        "The event is about a visit and has no PV1; no visit is charted.");
            return null;
        }
        var pv1 = lines.getFirst();
        if (reader.text(pv1, 2, 1).equals("N")) return null;
        var read =
                new FieldReader(
                        reader,
                        pv1,
                        happening == VisitEvent.UPDATE
                                && reader.partner.empty() == Partner.Empty.CLEAR);
        visit(read, happening);
        if (!further.isEmpty()) expectations(new FieldReader(reader, further.getFirst(), false));
        put(VisitField.ACCOUNT, new FieldReader(reader, pid, false).number(18));
        var key = key(read, patient);
        if (key == null) {
            reader.findings.warn(
                    reader.place(pv1, 19, 1, 1),
                    ErrorCode.REQUIRED_MISSING,
                    "visit-not-identified",
                    "PV1-19 (or PID-18, or PV1-44) must say which visit it is; the visit is not"
                            + " charted.");
            return null;
        }
        var path = pv1.ordinal() == 1 ? "PV1" : Paths.of(pv1, pv1);
        return new VisitStatement(key, path, happening, fields);
    }

    private void put(VisitField field, @Nullable FieldValue value) {
        if (value != null) fields.put(field, value);
    }

    private void visit(FieldReader pv1, VisitEvent happening) {
        put(VisitField.CLASS, stays(pv1.coded(2)));
        put(VisitField.LOCATION, pv1.location(3));
        put(VisitField.ADMISSION_TYPE, pv1.coded(4));
        put(VisitField.ATTENDING, pv1.provider(7));
        put(VisitField.REFERRING, pv1.provider(8));
        put(VisitField.CONSULTING, pv1.provider(9));
        put(VisitField.SERVICE, pv1.coded(10));
        put(VisitField.PREADMIT_NUMBER, pv1.number(5));
        put(VisitField.READMISSION, pv1.coded(13));
        put(VisitField.ADMIT_SOURCE, pv1.coded(14));
        put(VisitField.AMBULATORY, pv1.coded(15));
        put(VisitField.VIP, pv1.coded(16));
        put(VisitField.ADMITTING, pv1.provider(17));
        put(VisitField.DISPOSITION, stays(pv1.coded(36)));
        put(VisitField.DISCHARGED_TO, stays(pv1.coded(37)));
        put(VisitField.ALTERNATE_NUMBER, pv1.number(ALTERNATE_ID));
        put(VisitField.ADMITTED, pv1.time(44));
        admittedAsSent = fields.get(VisitField.ADMITTED);
        put(VisitField.DISCHARGED, pv1.time(45));
        switch (happening) {
            case ADMIT, REGISTER -> orEvent(VisitField.ADMITTED);
            case DISCHARGE -> orEvent(VisitField.DISCHARGED);
            case TO_INPATIENT -> fields.putIfAbsent(VisitField.CLASS, ofEvent("I"));
            case TO_OUTPATIENT -> fields.putIfAbsent(VisitField.CLASS, ofEvent("O"));
            case TRANSFER,
                    PRE_ADMIT,
                    UPDATE,
                    CANCEL_ADMIT,
                    CANCEL_TRANSFER,
                    CANCEL_DISCHARGE,
                    CANCEL_PRE_ADMIT,
                    DELETE,
                    RENUMBER -> {}
        }
    }

    /** What an empty field never takes away: an update that leaves it out doesn't mean it. */
    private static @Nullable FieldValue stays(@Nullable FieldValue value) {
        return value != null && value.isEmpty() ? null : value;
    }

    private FieldValue ofEvent(String patientClass) {
        int mark = reader.mark();
        reader.trigger();
        return reader.made(
                Rule.VISIT_EVENT, mark, new FieldValue(patientClass, patientClass, "", "MSH-9"));
    }

    /** The time of the event, where the field itself is silent. */
    private void orEvent(VisitField field) {
        var time = event.time();
        if (fields.containsKey(field) || time.instant() == null) return;
        fields.put(
                field,
                reader.made(
                        Rule.EVENT_TIME,
                        reader.mark(),
                        new FieldValue(
                                time.asSent(), time.instant().toString(), "", event.timePath()),
                        time));
    }

    private void expectations(FieldReader pv2) {
        put(VisitField.REASON, pv2.coded(3));
        put(VisitField.EXPECTED, pv2.time(8));
        put(VisitField.EXPECTED_DISCHARGE, pv2.time(9));
        put(VisitField.VISIT_PRIORITY, pv2.coded(25));
        put(VisitField.ARRIVAL, pv2.coded(38));
    }

    private @Nullable VisitKey key(FieldReader pv1, PatientClaim patient) {
        int mark = reader.mark();
        var key = sentKey(pv1, patient);
        // What else it may be made of.
        var account = fields.get(VisitField.ACCOUNT);
        return reader.recorder == null || key == null
                ? key
                : reader.recorder.made(
                        Rule.VISIT_NUMBER, mark, key, account, admittedAsSent, patient.key());
    }

    private @Nullable VisitKey sentKey(FieldReader pv1, PatientClaim patient) {
        var number = pv1.number(19);
        if (number != null && !number.isEmpty())
            return new VisitKey(VisitKey.Kind.VISIT, number.system(), number.text());
        var account = fields.get(VisitField.ACCOUNT);
        if (account != null && !account.isEmpty())
            return new VisitKey(VisitKey.Kind.ACCOUNT, account.system(), account.text());
        return admittedAsSent == null || admittedAsSent.code().isEmpty()
                ? null
                : VisitKey.admitted(patient.key(), admittedAsSent.code());
    }
}
