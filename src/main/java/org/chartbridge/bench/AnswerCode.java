package org.chartbridge.bench;

import java.nio.charset.StandardCharsets;

/**
 * Reads MSA-1 from an acknowledgement of this engine, which has standard delimiters here, and looks
 * whether MSA-2 is right; cheap, since the sender must not be what is measured.
 */
final class AnswerCode {
    static final String OTHER_MESSAGE = "answer to another message";
    static final String UNREADABLE = "unreadable answer";

    private AnswerCode() {}

    /** AA, AE and so on, or one of the constants. */
    static String of(byte[] answer, String controlId) {
        for (var i = 0; i + 8 < answer.length; i++) {
            if (answer[i] != '\r' || !matches(answer, i + 1, "MSA|")) continue;
            var idAt = i + 8;
            if (answer[idAt - 1] != '|' || !matches(answer, idAt, controlId)) return OTHER_MESSAGE;
            var end = idAt + controlId.length();
            if (end < answer.length && answer[end] != '\r' && answer[end] != '|') {
                return OTHER_MESSAGE;
            }
            return new String(answer, i + 5, 2, StandardCharsets.US_ASCII);
        }
        return UNREADABLE;
    }

    private static boolean matches(byte[] bytes, int at, String text) {
        if (at + text.length() > bytes.length) return false;
        for (var i = 0; i < text.length(); i++) if (bytes[at + i] != text.charAt(i)) return false;
        return true;
    }
}
