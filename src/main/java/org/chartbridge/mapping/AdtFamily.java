package org.chartbridge.mapping;

import org.chartbridge.chart.ChartUpdate;
import org.chartbridge.chart.DemographicField;
import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.chart.PatientClaim;
import org.chartbridge.chart.Registration;
import org.chartbridge.chart.Results;
import org.chartbridge.chart.Several;
import org.chartbridge.chart.VisitStatement;
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
import java.util.Map;
import java.util.Set;

/**
 * Registration: who the patient is (A28, A31 and every other), what becomes of a visit (A01 to A10,
 * A17, A21 to A23, A32, A33, A38, A54, A55; cancelled by A11 to A13), under which number it goes on
 * (A35, A41, A42, A49 to A51), the lists that come along: allergies (A60 brings nothing else),
 * diagnoses, insurance, and what OBX say of the patient (height, smoking). Who is who (A40, A24 and
 * their kin) is read by {@link IdentityFamily}.
 *
 * <p>Deletions hide a visit (A23) or demographics (A29) and never anything that was charted of the
 * patient's results ⚠.
 */
@Component
final class AdtFamily implements MessageFamily {
    private static final Set<String> TRIGGERS =
            Set.of(
                    "A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A09", "A10", "A11",
                    "A12", "A13", "A17", "A21", "A22", "A23", "A28", "A29", "A31", "A32", "A33",
                    "A35", "A38", "A41", "A42", "A49", "A50", "A51", "A54", "A55", "A60");

    @Override
    public boolean takes(Header header) {
        return header.messageCode().equals("ADT") && TRIGGERS.contains(header.triggerEvent());
    }

    @Override
    public Mapped map(Message message, Partner partner) {
        var findings = new Findings();
        var reader = new Reader(message, partner, findings);
        var trigger = message.header().triggerEvent();
        if (trigger.equals("A17")) return swap(message, partner, reader);
        var patients = message.lines("PID");
        if (VisitNumbers.takes(trigger) && patients.size() > 1)
            return renumbered(message, partner, reader);
        var patient = new PatientReader(reader).readNamed(patients, List.of());
        if (patient == null) return new Mapped.NotUnderstood(findings.errors());

        var pid = patients.getFirst();
        var event = EventReader.read(message, reader);
        var demographics =
                trigger.equals("A29")
                        ? DemographicsReader.deleted()
                        : new DemographicsReader(reader, pid, trigger).read(patient);
        var visit = new VisitReader(reader, pid, event).read(message, patient);
        var lists = new ArrayList<ListStatement>();
        AllergyReader.read(message, reader, lists);
        ConditionReader.read(message, reader, lists);
        CoverageReader.read(message, reader, lists);
        GuarantorReader.read(message, reader, lists);
        var updates = new ArrayList<ChartUpdate>(2);
        updates.add(registration(partner, patient, event, demographics, visit, lists));
        if (VisitNumbers.takes(trigger))
            for (var former :
                    VisitNumbers.read(
                            trigger, pid, message.lines("MRG"), message.lines("PV1"), reader))
                updates.add(registration(partner, patient, event, Map.of(), former, List.of()));
        if (!message.lines("OBX").isEmpty()) {
            var reports = ObservationsBeside.read(message, reader);
            // With errors there may be none, and they refuse the message below.
            if (!reports.isEmpty()) updates.add(new Results(partner.folder(), patient, reports));
        }
        if (findings.hasErrors()) return new Mapped.NotUnderstood(findings.errors());
        return new Mapped.Update(Several.of(updates), findings.remarks());
    }

    private static Registration registration(
            Partner partner,
            PatientClaim patient,
            EventReader.Event event,
            Map<DemographicField, FieldValue> demographics,
            @Nullable VisitStatement visit,
            List<ListStatement> lists) {
        return new Registration(
                partner.folder(),
                patient,
                event.trigger(),
                partner.demographics() == Partner.Demographics.MASTER,
                event.times(),
                demographics,
                visit,
                lists);
    }

    /**
     * Several numbers that changed, each PID with its MRG and PV1 (A41, A42; HL7 v2.5.1 §3.3.41):
     * of one patient with two accounts, or of several.
     */
    private static Mapped renumbered(Message message, Partner partner, Reader reader) {
        var findings = reader.findings;
        var event = EventReader.read(message, reader);
        var patients = message.lines("PID");
        var updates = new ArrayList<ChartUpdate>();
        for (int i = 0; i < patients.size() && !findings.hasErrors(); i++) {
            var pid = patients.get(i);
            int end = i + 1 < patients.size() ? patients.get(i + 1).index() : Integer.MAX_VALUE;
            var patient = new PatientReader(reader).read(List.of(pid));
            if (patient == null) continue;
            var visits = between(message, "PV1", pid, end);
            updates.add(
                    registration(
                            partner,
                            patient,
                            event,
                            new DemographicsReader(reader, pid, event.trigger()).read(patient),
                            new VisitReader(reader, pid, event)
                                    .read(visits, between(message, "PV2", pid, end), patient),
                            List.of()));
            var prior = between(message, "MRG", pid, end);
            for (var former : VisitNumbers.read(event.trigger(), pid, prior, visits, reader))
                updates.add(registration(partner, patient, event, Map.of(), former, List.of()));
        }
        for (var obx : message.lines("OBX")) Details.leftOut(obx, reader);
        if (findings.hasErrors()) return new Mapped.NotUnderstood(findings.errors());
        return new Mapped.Update(Several.of(updates), findings.remarks());
    }

    /** Two patients change beds: each has a PID and the PV1 behind it (HL7 v2.5.1 §3.3.17). */
    private static Mapped swap(Message message, Partner partner, Reader reader) {
        var findings = reader.findings;
        var patients = message.lines("PID");
        if (patients.size() != 2)
            findings.error(
                    Location.of("PID", 1),
                    ErrorCode.SEGMENT_SEQUENCE,
                    "two-patients-wanted",
                    "A17 names two patients, each in a PID with its PV1.");
        var event = EventReader.read(message, reader);
        var updates = new ArrayList<ChartUpdate>(2);
        for (int i = 0; i < patients.size() && !findings.hasErrors(); i++) {
            var pid = patients.get(i);
            int end = i + 1 < patients.size() ? patients.get(i + 1).index() : Integer.MAX_VALUE;
            var patient = new PatientReader(reader).read(List.of(pid));
            if (patient == null) continue;
            updates.add(
                    registration(
                            partner,
                            patient,
                            event,
                            new DemographicsReader(reader, pid, event.trigger()).read(patient),
                            new VisitReader(reader, pid, event)
                                    .read(
                                            between(message, "PV1", pid, end),
                                            between(message, "PV2", pid, end),
                                            patient),
                            List.of()));
        }
        for (var obx : message.lines("OBX")) Details.leftOut(obx, reader);
        if (findings.hasErrors()) return new Mapped.NotUnderstood(findings.errors());
        return new Mapped.Update(Several.of(updates), findings.remarks());
    }

    private static List<Line> between(Message message, String segment, Line after, int end) {
        return message.lines(segment).stream()
                .filter(line -> line.index() > after.index() && line.index() < end)
                .toList();
    }
}
