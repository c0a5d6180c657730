package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.DocumentView;
import org.chartbridge.chart.Documents;
import org.chartbridge.chart.Registrations;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

import java.util.Set;

/**
 * Documents that came with reports or by themselves. Their bytes are a stranger's: only what a
 * browser shows without running anything is shown, by the type their first bytes tell; all else is
 * a download.
 */
@Controller
class DocumentPage {
    private static final Set<String> SHOWN =
            Set.of("application/pdf", "image/png", "image/jpeg", "image/gif");

    /** Nothing may be loaded or run; only our own pages may frame it. */
    static final String POLICY =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    private final Documents documents;
    private final CareStatements care;
    private final AuditTrail audit;

    DocumentPage(Documents documents, CareStatements care, AuditTrail audit) {
        this.documents = documents;
        this.care = care;
        this.audit = audit;
    }

    /** Whether a page can show it beside the data. */
    static boolean isShown(DocumentView document) {
        return SHOWN.contains(document.mediaType());
    }

    @GetMapping("/documents/{id}")
    ResponseEntity<byte[]> document(
            @PathVariable long id, @RequestParam(required = false) String download) {
        var file =
                documents
                        .document(id)
                        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        var document = file.document();
        audit.seesDocument(document.personId(), id);
        return answer("document-" + id, document.mediaType(), file.content(), download != null);
    }

    /** A file of a document that came by itself (MDM). */
    @GetMapping("/clinical-documents/{id}/{part}")
    ResponseEntity<byte[]> part(
            @PathVariable long id,
            @PathVariable int part,
            @RequestParam(required = false) String download) {
        var view =
                care.documents(Registrations.Search.of(id), 0, 1).items().stream()
                        .findFirst()
                        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        var content =
                care.content(id, part)
                        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        audit.seesDocument(view.personId(), id);
        return answer(
                "document-" + id + "-" + part,
                content.mediaType(),
                content.content(),
                download != null);
    }

    private static ResponseEntity<byte[]> answer(
            String name, String mediaType, byte[] content, boolean download) {
        var inline = !download && SHOWN.contains(mediaType);
        var disposition = inline ? ContentDisposition.inline() : ContentDisposition.attachment();
        return ResponseEntity.ok()
                .contentType(
                        inline
                                ? MediaType.parseMediaType(mediaType)
                                : MediaType.APPLICATION_OCTET_STREAM)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        disposition.filename(name + ending(mediaType)).build().toString())
                .header("Content-Security-Policy", POLICY)
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .body(content);
    }

    private static String ending(String mediaType) {
        return switch (mediaType) {
            case "application/pdf" -> ".pdf";
            case "image/png" -> ".png";
            case "image/jpeg" -> ".jpg";
            case "image/gif" -> ".gif";
            case "image/tiff" -> ".tif";
            case "text/rtf", "application/rtf" -> ".rtf";
            default -> ".bin";
        };
    }
}
