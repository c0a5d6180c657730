package org.chartbridge.start;

/**
 * One line of the start report.
 *
 * @param label one or two words, at most {@value #LABEL_LIMIT} characters, e.g. "Listening"
 * @param value e.g. "mllp:127.0.0.1:2575 (northlab)"
 */
public record StartLine(String label, String value) {
    static final int LABEL_LIMIT = 12;

    public StartLine {
        if (label.length() > LABEL_LIMIT) throw new IllegalArgumentException("long label " + label);
    }
}
