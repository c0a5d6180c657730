package org.chartbridge.chart;

/**
 * A document with its content. The bytes are as the sender made them: serve them with the media
 * type given here, never with one the sender declared, and never as something a browser runs.
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes are what a document is; nobody compares these.
public record DocumentFile(DocumentView document, byte[] content) {

    /** The id only. */
    @Override
    public String toString() {
        return "DocumentFile[id=" + document.id() + "]";
    }
}
