package org.chartbridge.fhir;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.AllergyView;
import org.chartbridge.chart.AppointmentView;
import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.ClinicalDocumentView;
import org.chartbridge.chart.ConditionView;
import org.chartbridge.chart.CoverageView;
import org.chartbridge.chart.EncounterView;
import org.chartbridge.chart.GuarantorView;
import org.chartbridge.chart.ImmunizationView;
import org.chartbridge.chart.MedicationOrderView;
import org.chartbridge.chart.Registrations;
import org.hl7.fhir.r4.model.Account;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Immunization;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Visits, lists, immunizations, appointments, medication and documents over FHIR. */
@Configuration(proxyBeanMethods = false)
class RegistrationProviders {
    private final Registrations registrations;
    private final CareStatements care;
    private final RegistrationRequests requests;
    private final AuditTrail audit;

    RegistrationProviders(
            Registrations registrations,
            CareStatements care,
            RegistrationRequests requests,
            AuditTrail audit) {
        this.registrations = registrations;
        this.care = care;
        this.requests = requests;
        this.audit = audit;
    }

    /** Visits as they stand. */
    @Bean
    RegistrationProvider<EncounterView, Encounter> encounters() {
        return new RegistrationProvider<>(
                Encounter.class,
                registrations::encounters,
                EncounterView::personId,
                EncounterMapper::of,
                requests,
                audit);
    }

    /** What is on a sender's list of allergies now. */
    @Bean
    RegistrationProvider<AllergyView, AllergyIntolerance> allergies() {
        return new RegistrationProvider<>(
                AllergyIntolerance.class,
                registrations::allergies,
                AllergyView::personId,
                AllergyIntoleranceMapper::of,
                requests,
                audit);
    }

    /** Problems and diagnoses that are listed now. */
    @Bean
    RegistrationProvider<ConditionView, Condition> conditions() {
        return new RegistrationProvider<>(
                Condition.class,
                registrations::conditions,
                ConditionView::personId,
                ConditionMapper::of,
                requests,
                audit);
    }

    /** Insurances that are listed now. */
    @Bean
    RegistrationProvider<CoverageView, Coverage> coverages() {
        return new RegistrationProvider<>(
                Coverage.class,
                registrations::coverages,
                CoverageView::personId,
                CoverageMapper::of,
                requests,
                audit);
    }

    /** Who answers for the bill, by who is listed now. */
    @Bean
    RegistrationProvider<GuarantorView, Account> guarantors() {
        return new RegistrationProvider<>(
                Account.class,
                registrations::guarantors,
                GuarantorView::personId,
                AccountMapper::of,
                requests,
                audit);
    }

    /** Immunizations, given or not. */
    @Bean
    RegistrationProvider<ImmunizationView, Immunization> immunizations() {
        return new RegistrationProvider<>(
                Immunization.class,
                registrations::immunizations,
                ImmunizationView::personId,
                ImmunizationMapper::of,
                requests,
                audit);
    }

    /** Appointments as they stand. */
    @Bean
    RegistrationProvider<AppointmentView, Appointment> appointments() {
        return new RegistrationProvider<>(
                Appointment.class,
                registrations::appointments,
                AppointmentView::personId,
                AppointmentMapper::of,
                requests,
                audit);
    }

    /** Orders of medication as they stand. */
    @Bean
    RegistrationProvider<MedicationOrderView, MedicationRequest> medication() {
        return new RegistrationProvider<>(
                MedicationRequest.class,
                care::medication,
                MedicationOrderView::personId,
                MedicationRequestMapper::of,
                requests,
                audit);
    }

    /** Documents that came by themselves. */
    @Bean
    RegistrationProvider<ClinicalDocumentView, DocumentReference> clinicalDocuments() {
        return new RegistrationProvider<>(
                DocumentReference.class,
                care::documents,
                ClinicalDocumentView::personId,
                DocumentReferenceMapper::of,
                requests,
                audit);
    }
}
