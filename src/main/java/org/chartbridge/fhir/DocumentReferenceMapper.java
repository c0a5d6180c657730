package org.chartbridge.fhir;

import org.chartbridge.chart.ClinicalDocumentView;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.DocumentReference.DocumentRelationshipType;
import org.hl7.fhir.r4.model.DocumentReference.ReferredDocumentStatus;
import org.hl7.fhir.r4.model.Enumerations.DocumentReferenceStatus;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;

import java.util.Date;

/**
 * A document as a FHIR DocumentReference (v2-to-FHIR TXA[DocumentReference]). Its files are read as
 * {@code Binary/document-<id>-<part>}; a cancelled one has none ⚠.
 */
final class DocumentReferenceMapper {
    private DocumentReferenceMapper() {}

    static DocumentReference of(ClinicalDocumentView view) {
        var document = new DocumentReference();
        document.setId(Long.toString(view.id()));
        document.getMeta().setLastUpdated(Date.from(view.source().recordedAt()));
        document.setStatus(status(view));
        document.setSubject(new Reference("Patient/" + view.personId()));
        if (!view.number().isEmpty()) document.setMasterIdentifier(Numbers.of(view.number()));
        var relation = relation(view.relation());
        if (relation != null && view.parentId() != 0)
            document.addRelatesTo()
                    .setCode(relation)
                    .setTarget(new Reference("DocumentReference/" + view.parentId()));
        document.setType(Concepts.of(view.type(), null, view.source().partner()));
        if (!view.title().isEmpty()) document.setDescription(view.title());
        var completion = completion(view.completion());
        if (completion != null) document.setDocStatus(completion);
        if (!view.clinician().isEmpty())
            document.addAuthor(new Reference().setDisplay(view.clinician()));
        if (!view.authenticator().isEmpty())
            document.setAuthenticator(new Reference().setDisplay(view.authenticator()));
        if (!view.confidentiality().isEmpty())
            document.addSecurityLabel()
                    .addCoding()
                    .setSystem("http://terminology.hl7.org/CodeSystem/v2-0272")
                    .setCode(view.confidentiality());
        var activity = Times.dateTime(view.activity(), view.activityAsSent());
        if (activity != null) document.getContext().getPeriod().setStartElement(activity);
        var beside =
                new SupportingMapper(view.supporting(), view.personId(), view.source().partner());
        beside.requests().forEach(one -> document.getContext().addRelated().setResource(one));
        var visit = beside.visit();
        if (visit != null) document.getContext().addEncounter().setResource(visit);
        for (int i = 0; i < view.parts().size(); i++) {
            var part = view.parts().get(i);
            document.addContent()
                    .getAttachment()
                    .setContentType(part.mediaType())
                    .setSize(part.sizeBytes())
                    .setTitle(part.title().isEmpty() ? null : part.title())
                    .setUrl("Binary/document-" + view.id() + "-" + (i + 1));
        }
        if (view.parts().isEmpty())
            document.addContent()
                    .getAttachment()
                    .setTitle(view.active() ? "content not sent" : "cancelled");
        return document;
    }

    private static @Nullable DocumentRelationshipType relation(String relation) {
        return switch (relation) {
            case "replaces" -> DocumentRelationshipType.REPLACES;
            case "appends" -> DocumentRelationshipType.APPENDS;
            default -> null;
        };
    }

    /** One whose replacement was cancelled stays superseded: nobody said that it counts again ⚠. */
    private static DocumentReferenceStatus status(ClinicalDocumentView view) {
        if (!view.active()) return DocumentReferenceStatus.ENTEREDINERROR;
        return view.replacedBy().isEmpty() && !view.availability().equals("OB")
                ? DocumentReferenceStatus.CURRENT
                : DocumentReferenceStatus.SUPERSEDED;
    }

    /** TXA-17, table 0271. */
    private static @Nullable ReferredDocumentStatus completion(String completion) {
        return switch (completion) {
            case "AU", "LA" -> ReferredDocumentStatus.FINAL;
            case "DI", "DO", "IP", "IN", "PA" -> ReferredDocumentStatus.PRELIMINARY;
            default -> null;
        };
    }
}
