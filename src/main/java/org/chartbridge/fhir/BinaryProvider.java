package org.chartbridge.fhir;

import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.Documents;
import org.chartbridge.chart.Registrations;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Reference;
import org.springframework.stereotype.Component;

import java.util.regex.Pattern;

/** Documents that came with reports: raw by default, as a resource when FHIR is asked for. */
@Component
public class BinaryProvider implements IResourceProvider {
    /** As {@link DocumentReferenceMapper} names them. */
    private static final Pattern PART = Pattern.compile("document-(\\d{1,18})-(\\d{1,3})");

    private final Documents documents;
    private final CareStatements care;
    private final AuditTrail audit;

    BinaryProvider(Documents documents, CareStatements care, AuditTrail audit) {
        this.documents = documents;
        this.care = care;
        this.audit = audit;
    }

    @Override
    public Class<Binary> getResourceType() {
        return Binary.class;
    }

    @Read
    public Binary read(@IdParam IdType id) {
        var part = PART.matcher(id.getIdPart());
        if (part.matches())
            return part(id, Long.parseLong(part.group(1)), Integer.parseInt(part.group(2)));
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

    /** A file of a document that came by itself. */
    private Binary part(IdType id, long document, int part) {
        var view =
                care.documents(Registrations.Search.of(document), 0, 1).items().stream()
                        .findFirst()
                        .orElseThrow(() -> new ResourceNotFoundException(id));
        var content =
                care.content(document, part).orElseThrow(() -> new ResourceNotFoundException(id));
        audit.readsOverFhir(view.personId());
        var binary = new Binary();
        binary.setId(id.toUnqualifiedVersionless());
        binary.setContentType(content.mediaType());
        binary.setSecurityContext(new Reference("DocumentReference/" + document));
        binary.setData(content.content());
        return binary;
    }
}
