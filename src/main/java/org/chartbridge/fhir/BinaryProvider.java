package org.chartbridge.fhir;

import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.Documents;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Reference;
import org.springframework.stereotype.Component;

/** Documents that came with reports: raw by default, as a resource when FHIR is asked for. */
@Component
public class BinaryProvider implements IResourceProvider {
    private final Documents documents;
    private final AuditTrail audit;

    BinaryProvider(Documents documents, AuditTrail audit) {
        this.documents = documents;
        this.audit = audit;
    }

    @Override
    public Class<Binary> getResourceType() {
        return Binary.class;
    }

    @Read
    public Binary read(@IdParam IdType id) {
        var file =
                documents
                        .document(Wanted.series(id.getIdPart()))
                        .orElseThrow(() -> new ResourceNotFoundException(id));
        audit.readsOverFhir(file.document().personId());
        var binary = new Binary();
        binary.setId(id.toUnqualifiedVersionless());
        binary.setContentType(file.document().mediaType());
        binary.setSecurityContext(
                new Reference("DiagnosticReport/" + file.document().reportSeries()));
        binary.setData(file.content());
        return binary;
    }
}
