package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A field as it stands or stood, and whose word that is.
 *
 * @param text what a person reads; empty when the field was deleted
 * @param code of coded values; of times the instant in ISO 8601; else empty
 * @param system whose code it is
 * @param partner who said it; empty when the record was brought with it
 * @param entryId the journal entry that said it
 * @param path where it stood, for example {@code PID-11.3}
 * @param saidAt EVN-2, else MSH-7; null when neither was sent
 */
public record StatedView(
        String text,
        String code,
        String system,
        String partner,
        long entryId,
        String path,
        @Nullable Instant saidAt) {

    static StatedView of(Stated stated) {
        var said = stated.said();
        return new StatedView(
                stated.value().text(),
                stated.value().code(),
                stated.value().system(),
                stated.partner(),
                said.entryId(),
                stated.value().path(),
                said.recorded() != null ? said.recorded() : said.message());
    }

    /** The source only. */
    @Override
    public String toString() {
        return "StatedView[entryId=" + entryId + ", path=" + path + "]";
    }
}
