package org.chartbridge.mapping;

import org.chartbridge.chart.DocumentContent;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.chart.Registration;
import org.chartbridge.chart.Several;
import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Partner;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Maps messages that say who the patient is and state things about them: immunizations,
 * appointments, orders, referrals, documents. Demographics count as far as the partner's word does;
 * so do insurance (IN1) and guarantors (GT1). Allergies (AL1) and diagnoses (DG1) are added to what
 * is known: beside an order they are seldom the whole list.
 */
final class OneStatement {

    private static final Set<String> OF_REFERRALS = Set.of("REF", "RRI", "PPR");

    /** Reads what a family is about. */
    interface Statements {
        void read(Message message, Reader reader, List<ListStatement> statements);
    }

    private OneStatement() {}

    static Mapped map(Message message, Partner partner, Statements family) {
        return map(message, partner, family, List.of());
    }

    /**
     * @param contents filled by the family: the bytes that its items name
     */
    static Mapped map(
            Message message, Partner partner, Statements family, List<DocumentContent> contents) {
        var findings = new Findings();
        var reader = new Reader(message, partner, findings);
        var patients = message.lines("PID");
        var named = new PatientReader(reader);
        // Behind an order the laboratory is sent earlier results, with a PID of their own.
        var patient =
                message.header().messageCode().startsWith("OM")
                        ? named.readFirst(patients)
                        : named.read(patients);
        var trigger = message.header().triggerEvent();
        var statements = new ArrayList<ListStatement>();
        family.read(message, reader, statements);
        if (patient == null || findings.hasErrors())
            return new Mapped.NotUnderstood(findings.errors());
        var demographics =
                new DemographicsReader(reader, patients.getFirst(), trigger).read(patient);
        CoverageReader.read(message, reader, statements);
        GuarantorReader.read(message, reader, statements);
        AllergyReader.beside(message, reader, statements);
        // What a referral is for stays with the referral (HL7-RULES §7).
        if (!OF_REFERRALS.contains(message.header().messageCode()))
            ConditionReader.beside(message, reader, statements);
        if (findings.hasErrors()) return new Mapped.NotUnderstood(findings.errors());
        var updates = new ArrayList<Registration>(1);
        updates.add(
                new Registration(
                        partner.folder(),
                        patient,
                        trigger,
                        partner.demographics() == Partner.Demographics.MASTER,
                        EventReader.read(message, reader).times(),
                        demographics,
                        null,
                        statements,
                        contents));
        Beside.visit(reader, patients.getFirst(), patient, updates);
        if (findings.hasErrors()) return new Mapped.NotUnderstood(findings.errors());
        return new Mapped.Update(Several.of(updates), findings.remarks());
    }
}
