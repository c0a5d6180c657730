package org.chartbridge.chart;

import java.util.HexFormat;

/**
 * The bytes of a file of a document, kept once however often they are sent.
 *
 * @param hash SHA-256, lower-case hex
 * @param mediaType by the first bytes, else {@code application/octet-stream}
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes are what a document is; nobody compares these.
public record DocumentContent(String hash, String mediaType, byte[] content) {

    public static DocumentContent of(String mediaType, byte[] content) {
        return new DocumentContent(
                HexFormat.of().formatHex(ContentHash.sha256(content)), mediaType, content);
    }

    /** How an item names it; {@link DocumentPart} reads it. */
    public String line(String title) {
        return hash + ' ' + mediaType + ' ' + content.length + ' ' + title.replaceAll("\\s+", " ");
    }

    /** The hash only. */
    @Override
    public String toString() {
        return "DocumentContent[" + hash + "]";
    }
}
