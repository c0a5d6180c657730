package org.chartbridge.mapping;

import org.chartbridge.chart.ChartUpdate;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.chart.Registration;
import org.chartbridge.chart.Results;
import org.chartbridge.chart.Several;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Partner;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.Set;

/**
 * Registration: who the patient is (A28, A31 and every other), what becomes of a visit (A01 to A08,
 * cancelled by A11 to A13), the lists that come along: allergies (A60 brings nothing else),
 * diagnoses, insurance, and what OBX say of the patient (height, smoking). Who is who (A40, A24 and
 * their kin) is read by {@link IdentityFamily}. Deletions (A23, A29) are not taken.
 */
@Component
final class AdtFamily implements MessageFamily {
    private static final Set<String> TRIGGERS =
            Set.of(
                    "A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A11", "A12", "A13",
                    "A28", "A31", "A60");

    @Override
    public boolean takes(Header header) {
        return header.messageCode().equals("ADT") && TRIGGERS.contains(header.triggerEvent());
    }

    @Override
    public Mapped map(Message message, Partner partner) {
        var findings = new Findings();
        var reader = new Reader(message, partner, findings);
        var trigger = message.header().triggerEvent();
        var patients = message.lines("PID");
        var patient = new PatientReader(reader).read(patients);
        if (patient == null) return new Mapped.NotUnderstood(findings.errors());

        var event = EventReader.read(message, reader);
        var demographics =
                new DemographicsReader(reader, patients.getFirst(), trigger).read(patient);
        var visit = new VisitReader(reader, patients.getFirst(), event).read(message, patient);
        var lists = new ArrayList<ListStatement>();
        AllergyReader.read(message, reader, lists);
        ConditionReader.read(message, reader, lists);
        CoverageReader.read(message, reader, lists);
        var updates = new ArrayList<ChartUpdate>(2);
        updates.add(
                new Registration(
                        partner.folder(),
                        patient,
                        trigger,
                        partner.demographics() == Partner.Demographics.MASTER,
                        event.times(),
                        demographics,
                        visit,
                        lists));
        if (!message.lines("OBX").isEmpty())
            updates.add(
                    new Results(
                            partner.folder(), patient, ObservationsBeside.read(message, reader)));
        if (findings.hasErrors()) return new Mapped.NotUnderstood(findings.errors());
        return new Mapped.Update(Several.of(updates), findings.remarks());
    }
}
