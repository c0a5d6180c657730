package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.DocumentView;
import org.chartbridge.chart.Documents;
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
 * Documents that came with reports. Their bytes are a stranger's: only what a browser shows without
 * running anything is shown, by the type their first bytes tell; all else is a download.
 */
@Controller
class DocumentPage {
    private static final Set<String> SHOWN =
            Set.of("application/pdf", "image/png", "image/jpeg", "image/gif");

    /** Nothing may be loaded or run; only our own pages may frame it. */
    static final String POLICY =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    private final Documents documents;
    private final AuditTrail audit;

    DocumentPage(Documents documents, AuditTrail audit) {
        this.documents = documents;
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
        var inline = download == null && isShown(document);
        var disposition = inline ? ContentDisposition.inline() : ContentDisposition.attachment();
        return ResponseEntity.ok()
                .contentType(
                        inline
                                ? MediaType.parseMediaType(document.mediaType())
                                : MediaType.APPLICATION_OCTET_STREAM)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        disposition
                                .filename("document-" + id + ending(document))
                                .build()
                                .toString())
                .header("Content-Security-Policy", POLICY)
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .body(file.content());
    }

    private static String ending(DocumentView document) {
        return switch (document.mediaType()) {
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
