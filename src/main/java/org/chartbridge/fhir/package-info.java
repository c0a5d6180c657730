/**
 * FHIR R4 over the chart, at {@code /fhir}: Patient, Encounter, AllergyIntolerance, Condition,
 * Coverage, Immunization, Appointment, ServiceRequest, MedicationRequest, DocumentReference,
 * DiagnosticReport, Observation, DetectedIssue, Task, Provenance and Binary, to read and to search,
 * JSON and XML.
 *
 * <p>HAPI FHIR's {@code RestfulServer} does what every FHIR server has to do in the same way:
 * content negotiation, {@code metadata}, ETags, bundles, paging links. The providers here ask the
 * reading stores of {@code chart}, which decide what may be seen, and the mappers turn their views
 * into resources by the tables of HL7's v2-to-FHIR guide. {@link org.chartbridge.fhir.Gate} refuses
 * by name what would otherwise be overlooked, and lets no exception text out.
 *
 * <p>Ids: a Patient is a person (UUID); a DiagnosticReport and an Observation are a series, and
 * {@code meta.versionId} is the version of the chart. Who may call is decided before, by {@code
 * access}.
 */
@NullMarked
package org.chartbridge.fhir;

import org.jspecify.annotations.NullMarked;
