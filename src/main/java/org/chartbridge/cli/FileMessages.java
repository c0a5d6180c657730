package org.chartbridge.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What is to be sent of a file: its messages, byte by byte as they stand there, and in a word what
 * was left out.
 *
 * <p>A message begins where {@code MSH} and a separator stand at the start of a line. Left out are
 * MLLP's framing bytes, the lines of a batch around the messages (FHS, BHS, BTS, FTS: HL7 v2.5.1
 * §2.10.3), and whatever stands before the first MSH. A file without any MSH is sent as it is, so
 * that one can see what the other side makes of it.
 *
 * @param leftOut for a person, such as {@code FHS}, {@code BTS}; without any content
 */
record FileMessages(List<byte[]> messages, List<String> leftOut) {
    private static final byte FRAME_START = 0x0B;
    private static final byte FRAME_END = 0x1C;
    private static final List<String> BATCH = List.of("FHS", "BHS", "BTS", "FTS");

    static FileMessages in(byte[] file) {
        return new Cut(file).cut();
    }

    private static final class Cut {
        private final byte[] file;
        private final List<byte[]> messages = new ArrayList<>();
        private final TreeMap<String, Integer> leftOut = new TreeMap<>();
        private final ByteArrayOutputStream message;

        /** How long the byte order mark is; it goes out with the first message. */
        private final int mark;

        private boolean inMessage;

        Cut(byte[] file) {
            this.file = file;
            this.mark = mark(file);
            this.message = new ByteArrayOutputStream(file.length);
        }

        FileMessages cut() {
            var at = mark;
            while (at < file.length) at = line(at);
            endMessage();
            if (messages.isEmpty() && leftOut.keySet().stream().noneMatch(BATCH::contains)) {
                return new FileMessages(unframed(), List.of());
            }
            var words = new ArrayList<String>();
            leftOut.forEach((word, count) -> words.add(count == 1 ? word : count + " " + word));
            return new FileMessages(List.copyOf(messages), List.copyOf(words));
        }

        /** Takes one line with what ends it; returns where the next begins. */
        private int line(int from) {
            var end = from;
            while (end < file.length && !endsLine(file[end])) end++;
            var next = end;
            while (next < file.length && endsLine(file[next])) next++;
            if (isSegment(from, "MSH")) {
                endMessage();
                inMessage = true;
                if (from == mark) message.write(file, 0, mark);
            }
            var batch = BATCH.stream().filter(name -> isSegment(from, name)).findFirst();
            if (batch.isPresent()) {
                leftOut.merge(batch.get(), 1, Integer::sum);
                endMessage();
            } else if (inMessage) {
                write(from, next);
            } else if (end > from && !blank(from, end)) {
                leftOut.merge("line before MSH", 1, Integer::sum);
            }
            return next;
        }

        private void endMessage() {
            if (inMessage) messages.add(message.toByteArray());
            message.reset();
            inMessage = false;
        }

        private boolean isSegment(int at, String name) {
            if (at + 3 >= file.length) return false;
            for (var i = 0; i < 3; i++) if (file[at + i] != name.charAt(i)) return false;
            var separator = file[at + 3];
            return separator > ' ' && separator < 127 && !Character.isLetterOrDigit(separator);
        }

        private boolean blank(int from, int end) {
            return new String(file, from, end - from, StandardCharsets.ISO_8859_1).isBlank();
        }

        /** The bytes without an envelope's: 0x0B, 0x1C and the carriage return behind it. */
        private void write(int from, int to) {
            for (var i = from; i < to; i++) {
                if (!isFraming(file[i])) message.write(file[i]);
                else if (file[i] == FRAME_END && i + 1 < to && file[i + 1] == '\r') i++;
            }
        }

        private static int mark(byte[] file) {
            var marked =
                    file.length >= 3
                            && file[0] == (byte) 0xEF
                            && file[1] == (byte) 0xBB
                            && file[2] == (byte) 0xBF;
            return marked ? 3 : 0;
        }

        /** The whole file without an envelope around it; nothing when nothing is in it. */
        private List<byte[]> unframed() {
            var text = new String(file, StandardCharsets.ISO_8859_1);
            if (text.startsWith("\u000B")) text = text.substring(1);
            text = text.replaceFirst("\u001C[\r\n]*$", "");
            return text.isBlank() ? List.of() : List.of(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        private static boolean endsLine(byte b) {
            return b == '\r' || b == '\n' || isFraming(b);
        }

        private static boolean isFraming(byte b) {
            return b == FRAME_START || b == FRAME_END;
        }
    }
}
