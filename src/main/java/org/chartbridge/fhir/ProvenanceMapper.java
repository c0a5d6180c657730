package org.chartbridge.fhir;

import org.chartbridge.chart.ObservationView;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.ReportView;
import org.chartbridge.chart.Source;
import org.chartbridge.chart.StatedView;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Reference;

import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;

/**
 * Where a report or value comes from: the journal entry, the segment, the partner and the time it
 * was charted.
 */
final class ProvenanceMapper {
    static final String OF_REPORT = "report-";
    static final String OF_OBSERVATION = "observation-";
    static final String OF_PATIENT = "patient-";

    private ProvenanceMapper() {}

    static Provenance of(ReportView view) {
        return provenance(
                OF_REPORT + view.series(),
                "DiagnosticReport/" + view.series(),
                view.recordedAt(),
                view.entryId(),
                view.path(),
                view.partner());
    }

    static Provenance of(ObservationView view) {
        return provenance(
                OF_OBSERVATION + view.series() + "-" + view.version(),
                "Observation/" + view.series() + "/_history/" + ObservationMapper.version(view),
                view.recordedAt(),
                view.entryId(),
                view.path(),
                view.partner());
    }

    /**
     * Of a visit, allergy, condition or coverage.
     *
     * @param type the FHIR type of what it is about
     */
    static Provenance of(String type, long id, Source source) {
        return provenance(
                type.toLowerCase(Locale.ROOT) + "-" + id,
                type + "/" + id,
                source.recordedAt(),
                source.entryId(),
                source.path(),
                source.partner());
    }

    /** Of those of a patient's fields whose word one entry is. */
    static Provenance of(PersonView person, long entryId, List<StatedView> fields) {
        var provenance =
                provenance(
                        OF_PATIENT + person.id() + "-" + entryId,
                        "Patient/" + person.id(),
                        person.recordedAt(),
                        entryId,
                        fields.getFirst().path(),
                        fields.getFirst().partner());
        for (var field : fields.subList(1, fields.size()))
            provenance
                    .addEntity()
                    .setRole(Provenance.ProvenanceEntityRole.SOURCE)
                    .setWhat(entry(entryId, field.path()));
        return provenance;
    }

    private static Reference entry(long entryId, String path) {
        return new Reference()
                .setIdentifier(
                        new Identifier()
                                .setSystem(CodeSystems.entries())
                                .setValue(entryId + "#" + path))
                .setDisplay("Entry " + entryId + ", " + path);
    }

    private static Provenance provenance(
            String id, String target, Instant recorded, long entryId, String path, String partner) {
        var provenance = new Provenance();
        provenance.setId(id);
        provenance.getMeta().setLastUpdated(Date.from(recorded));
        provenance.addTarget(new Reference(target));
        provenance.setRecorded(Date.from(recorded));
        provenance
                .addAgent()
                .setWho(new Reference().setDisplay(partner))
                .getType()
                .addCoding()
                .setSystem("http://terminology.hl7.org/CodeSystem/provenance-participant-type")
                .setCode("author")
                .setDisplay("Author");
        provenance
                .addEntity()
                .setRole(Provenance.ProvenanceEntityRole.SOURCE)
                .setWhat(entry(entryId, path));
        return provenance;
    }
}
