package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A document as its sender last stated it (MDM).
 *
 * @param active whether it was not cancelled
 * @param relation {@code replaces} or {@code appends}, to the document {@code parentNumber}
 * @param completion TXA-17, table 0271: AU and LA are signed
 * @param replacedBy the number of the document that replaces it; empty when none does
 * @param replacementCancelled whether that one was cancelled since: nothing says that this one
 *     counts again ⚠
 * @param parentId the document of {@code parentNumber}; 0 when it is not in the chart
 * @param parts its files, the text first; empty when it was cancelled or only told of
 * @param versions how often its content was sent
 */
public record ClinicalDocumentView(
        long id,
        UUID personId,
        boolean active,
        String number,
        String parentNumber,
        String relation,
        CodingView type,
        String title,
        String completion,
        String confidentiality,
        String availability,
        @Nullable Instant activity,
        String activityAsSent,
        String clinician,
        String authenticator,
        String replacedBy,
        boolean replacementCancelled,
        long parentId,
        List<DocumentPart> parts,
        int versions,
        Supporting supporting,
        Source source) {

    public ClinicalDocumentView {
        parts = List.copyOf(parts);
    }

    /** Whether another document stands in its place. */
    public boolean isReplaced() {
        return !replacedBy.isEmpty() && !replacementCancelled;
    }

    /** The id only. */
    @Override
    public String toString() {
        return "ClinicalDocumentView[id=" + id + "]";
    }
}
