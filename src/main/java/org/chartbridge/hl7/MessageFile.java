package org.chartbridge.hl7;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a file into its messages: each begins where a line begins with MSH and a delimiter. Framing
 * bytes, blank lines and the segments of batch envelopes (FHS, BHS, BTS, FTS) belong to none of
 * them. The bytes of a message are not changed.
 */
public final class MessageFile {
    private MessageFile() {}

    /**
     * The messages in order. A file in which no line begins with MSH is one message as it is, so
     * that reading it says what is wrong.
     */
    public static List<byte[]> split(byte[] file) {
        var messages = new ArrayList<byte[]>();
        int start = -1;
        int end = -1;
        int at = Prologue.skip(file);
        while (at < file.length) {
            int lineEnd = Prologue.lineEnd(file, at);
            boolean header = Prologue.isHeader(file, at);
            boolean envelope = isEnvelope(file, at);
            if ((header || envelope) && start >= 0) {
                messages.add(Arrays.copyOfRange(file, start, end));
                start = -1;
            }
            if (header) start = at;
            if (start >= 0) end = lineEnd;
            at = Prologue.nextLine(file, lineEnd);
        }
        if (start >= 0) messages.add(Arrays.copyOfRange(file, start, end));
        return messages.isEmpty() ? List.of(file) : List.copyOf(messages);
    }

    private static boolean isEnvelope(byte[] file, int at) {
        return SegmentNames.isAt(file, at, "FHS")
                || SegmentNames.isAt(file, at, "BHS")
                || SegmentNames.isAt(file, at, "BTS")
                || SegmentNames.isAt(file, at, "FTS");
    }
}
