package org.chartbridge.hl7;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What makes a message a part of a longer one that was cut (HL7 v2.5.1 §2.10.2): DSC at its end
 * says that it goes on, MSH-14 that it takes up another, both by a pointer that the sender made up.
 *
 * @param takesUp MSH-14; empty in the first part
 * @param goesOn DSC-1; empty in the last part
 * @param alike equal in all parts of one message: a hash of MSH-1 to 6, 9, 11, 12 and 18
 * @param content a hash of what the part adds to the whole: everything behind MSH
 */
public record Fragment(String takesUp, String goesOn, UUID alike, UUID content) {

    /** What may stand between MSH and the patient in a message that is whole. */
    private static final Set<String> HEADS =
            Set.of("SFT", "UAC", "EVN", "NTE", "SCH", "TQ1", "RF1", "AUT", "CTD", "PRD", "ARV");

    /** What a whole message is about: a patient, a query, an answer, a master file. */
    private static final Set<String> SUBJECTS = Set.of("PID", "QPD", "QRD", "MSA", "MFI");

    /** Fields of MSH by which parts belong together, besides the delimiters. */
    private static final int[] ALIKE = {3, 4, 5, 6, 9, 11, 12, 18};

    /** Style of DSC-2, table 0398: a fragment. Before 2.4 there was no other, and no DSC-2. */
    private static final String FRAGMENT = "F";

    public Fragment {
        if (takesUp.isEmpty() && goesOn.isEmpty())
            throw new IllegalArgumentException("a part takes up another one, or goes on");
    }

    /** Where the bytes of a part stand in the whole. Offsets in bytes, from 0. */
    public record Range(int takenFrom, int joinedAt, int bytes) {}

    /** All parts as one message. Prints nothing of it. */
    public record Joined(byte[] raw, List<Range> ranges) {
        public Joined {
            ranges = List.copyOf(ranges);
        }

        @Override
        public String toString() {
            return "Joined[" + raw.length + " bytes]";
        }
    }

    /** Bytes {@code [from, to)} of a part that go into the whole. */
    private record Piece(int from, int to, boolean addendum) {}

    /**
     * Whether a message is a part. Some senders write something into MSH-14 of every message: one
     * without DSC that begins as whole messages do, with its patient or query, is whole.
     */
    public static Optional<Fragment> of(Message message) {
        var lines = message.lines();
        var last = lines.getLast();
        var header = message.header();
        var takesUp = pointer(header.field(14));
        boolean dsc = last.segment().equals("DSC");
        if (!dsc && takesUp.isEmpty()) return Optional.empty();
        var goesOn = dsc && isFragment(message, last) ? pointer(message.value(last, 1)) : "";
        if (goesOn.isEmpty() && (takesUp.isEmpty() || isWhole(lines))) return Optional.empty();
        var raw = message.raw();
        var piece = piece(raw, false);
        if (piece.isEmpty()) return Optional.empty();
        var alike = new StringBuilder(header.field(1)).append(header.field(2));
        for (int field : ALIKE) alike.append('\r').append(header.field(field));
        return Optional.of(
                new Fragment(
                        takesUp,
                        goesOn,
                        hash(alike.toString().getBytes(StandardCharsets.UTF_8)),
                        hash(
                                java.util.Arrays.copyOfRange(
                                        raw, piece.get().from(), piece.get().to()))));
    }

    /** Whether a DSC says that an unasked message was cut, and no answer to a query. */
    static boolean isFragment(Message message, Line dsc) {
        var style = message.value(dsc, 2);
        return style.isEmpty() || style.equalsIgnoreCase(FRAGMENT);
    }

    /** Whether MSH-14 of these bytes, a line of their own, is valued. */
    static boolean takesUp(byte[] bytes, int msh, int end) {
        byte field = bytes[msh + 3];
        int seen = 0;
        for (int at = msh + 3; at < end; at++)
            if (bytes[at] == field && ++seen == 13) return at + 1 < end && bytes[at + 1] != field;
        return false;
    }

    private static String pointer(String sent) {
        var pointer = sent.strip();
        return pointer.equals(Message.NULL) ? "" : pointer;
    }

    private static boolean isWhole(List<Line> lines) {
        for (var line : lines.subList(1, lines.size()))
            if (!HEADS.contains(line.segment())) return SUBJECTS.contains(line.segment());
        return true;
    }

    /**
     * Joins parts in their order: MSH of the first, and of each what stands behind MSH and before
     * DSC. An ADD at the beginning of a part goes on in the segment that the part before broke off.
     *
     * @param parts raw bytes for which {@link #of} gave a fragment
     */
    public static Joined join(List<byte[]> parts) {
        var out = new ByteArrayOutputStream();
        var ranges = new ArrayList<Range>();
        for (var raw : parts) {
            var piece = piece(raw, out.size() == 0).orElseThrow();
            int from = piece.from() + (piece.addendum() ? 4 : 0);
            if (out.size() > 0 && !piece.addendum()) out.write('\r');
            ranges.add(new Range(from, out.size(), piece.to() - from));
            out.write(raw, from, piece.to() - from);
        }
        out.write('\r');
        return new Joined(out.toByteArray(), ranges);
    }

    /** Empty where the bytes are not cut into lines as ASCII is, or DSC is not the last line. */
    private static Optional<Piece> piece(byte[] raw, boolean first) {
        int msh = Prologue.skip(raw);
        if (!Prologue.isHeader(raw, msh)) return Optional.empty();
        byte field = raw[msh + 3];
        int from = Prologue.nextLine(raw, Prologue.lineEnd(raw, msh));
        int to = raw.length;
        for (int at = from; at < raw.length; ) {
            int end = Prologue.lineEnd(raw, at);
            int next = Prologue.nextLine(raw, end);
            boolean dsc = isNamed(raw, at, end, "DSC", field);
            if (dsc && next < raw.length) return Optional.empty();
            if (dsc) to = at;
            at = next > at ? next : at + 1;
        }
        to = trimmed(raw, from, to);
        int line = lineStart(raw, from, to);
        // Behind a segment that is broken off an empty ADD may stand as a mark.
        if (isNamed(raw, line, to, "ADD", field) && to - line <= 4 && line > from)
            to = trimmed(raw, from, line);
        boolean addendum = isNamed(raw, from, to, "ADD", field) && to - from >= 4;
        return Optional.of(
                first
                        ? new Piece(msh, trimmed(raw, msh, to), false)
                        : new Piece(from, to, addendum));
    }

    private static boolean isNamed(byte[] raw, int from, int to, String name, byte field) {
        return to - from >= 3
                && SegmentNames.isAt(raw, from, name)
                && (to - from == 3 || raw[from + 3] == field);
    }

    private static int lineStart(byte[] raw, int from, int to) {
        int at = to;
        while (at > from && raw[at - 1] != '\r' && raw[at - 1] != '\n') at--;
        return at;
    }

    private static int trimmed(byte[] raw, int from, int to) {
        int at = to;
        while (at > from
                && (raw[at - 1] == '\r'
                        || raw[at - 1] == '\n'
                        || raw[at - 1] == 0x1C
                        || raw[at - 1] == 0x0B)) at--;
        return at;
    }

    private static UUID hash(byte[] bytes) {
        try {
            var digest = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes));
            return new UUID(digest.getLong(), digest.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
