package org.chartbridge.chart;

import java.util.List;

/**
 * A file of a document, without its bytes.
 *
 * @param hash SHA-256, lower-case hex
 * @param title the text of OBX-3; may be empty
 */
public record DocumentPart(String hash, String mediaType, int sizeBytes, String title) {

    /** As {@link DocumentContent#line} wrote them, one in each line. */
    static List<DocumentPart> of(String lines) {
        return lines.lines().map(DocumentPart::ofLine).toList();
    }

    private static DocumentPart ofLine(String line) {
        var parts = line.split(" ", 4);
        return new DocumentPart(parts[0], parts[1], Integer.parseInt(parts[2]), parts[3]);
    }

    public boolean isText() {
        return mediaType.equals("text/plain");
    }

    /** The hash only. */
    @Override
    public String toString() {
        return "DocumentPart[" + hash + "]";
    }
}
