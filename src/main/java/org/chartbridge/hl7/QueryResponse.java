package org.chartbridge.hl7;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/**
 * The response to a query by parameter: RSP with MSH, MSA, ERR, QAK, the query's own QPD, rows, and
 * DSC where there are more (HL7 v2.5.1 §5.3.1). In the sender's version, delimiters and character
 * set; where that set lacks a letter of a row, all of it in UTF-8, and MSH-18 says so: never a
 * question mark for a letter of a name.
 *
 * @param request the query
 * @param trigger MSH-9.2, such as {@code K22}
 * @param structure MSH-9.3
 * @param faults what ERR says
 * @param hits how many rows there are in all; -1 when nobody counted
 * @param rows segments, each begins with its name
 * @param records how many records the rows are
 * @param before how many came with earlier answers
 * @param continuation what DSC-1 has to be to get the next ones; empty when these are the last
 */
public record QueryResponse(
        Message request,
        String trigger,
        String structure,
        AckCode code,
        Status status,
        List<Fault> faults,
        int hits,
        List<SegmentText> rows,
        int records,
        int before,
        String continuation) {

    /** QAK-2, table 0208. */
    public enum Status {
        /** Data found. */
        OK,
        /** No data found, no errors. */
        NF,
        /** Application error. */
        AE,
        /** Application reject. */
        AR
    }

    public QueryResponse {
        faults = List.copyOf(faults);
        rows = List.copyOf(rows);
    }

    /**
     * The answer without framing.
     *
     * @param ownControlId MSH-10, ASCII
     * @param later whether it is an exchange of its own, behind an accept acknowledgement
     */
    public byte[] write(String ownControlId, Instant now, ZoneId zone, boolean later) {
        var raw = request.raw();
        var utf16 = CharacterSets.utf16(raw);
        var tail = tail();
        var charset = utf16 == null ? request.charset() : StandardCharsets.UTF_8;
        var from = canEncode(charset, tail) ? null : charset;
        var out = new ByteArrayOutputStream(512 + tail.length());
        out.writeBytes(
                Acknowledgement.ofQuery(
                        request.header(),
                        new ResponseType("RSP", trigger, structure),
                        code,
                        faults,
                        ownControlId,
                        now,
                        zone,
                        later,
                        from));
        out.writeBytes(tail.getBytes(from == null ? charset : StandardCharsets.UTF_8));
        return utf16 == null
                ? out.toByteArray()
                : Acknowledgement.inUtf16(out.toByteArray(), raw, utf16);
    }

    private static boolean canEncode(@Nullable Charset charset, String text) {
        return charset != null && charset.canEncode() && charset.newEncoder().canEncode(text);
    }

    private String tail() {
        var delimiters = request.header().delimiters();
        var text = new StringBuilder();
        var query = request.lines("QPD");
        var acknowledged = new SegmentText("QAK");
        if (!query.isEmpty()) {
            acknowledged.put(1, request.value(query.getFirst(), 2));
            for (int i = 1; i <= 3; i++)
                acknowledged.put(3, i, request.value(query.getFirst(), 1, i));
        }
        acknowledged.put(2, status.name());
        if (hits >= 0) {
            acknowledged.put(4, Integer.toString(hits));
            acknowledged.put(5, Integer.toString(records));
            acknowledged.put(6, Integer.toString(Math.max(0, hits - before - records)));
        }
        text.append(acknowledged.text(delimiters)).append('\r');
        if (!query.isEmpty())
            text.append(request.text(query.getFirst()).replace('\n', ' ')).append('\r');
        for (var row : rows) text.append(row.text(delimiters)).append('\r');
        if (!continuation.isEmpty())
            text.append(new SegmentText("DSC").put(1, continuation).put(2, "I").text(delimiters))
                    .append('\r');
        return text.toString();
    }

    /** Says nothing of the patients in its rows. */
    @Override
    public String toString() {
        return "QueryResponse[" + trigger + " " + status + "]";
    }
}
