package org.chartbridge.hl7;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * A run of bytes of a message as it came, with all that is needed to read it alone.
 *
 * @param start offset of its first byte in {@link Message#raw()}
 * @param end offset after its last byte; equal to the start where something stands empty
 * @param charset the character set of the bytes
 * @param shift the ISO 2022 escape sequences that are in force before the first byte, one character
 *     a byte; empty in ASCII and in character sets without such states (HL7 v2.5.1 §2.14.9.18)
 */
public record Span(int start, int end, Charset charset, String shift) {

    public boolean isEmpty() {
        return start >= end;
    }

    /** The bytes behind what brings a decoder into the state they were sent in. */
    public byte[] bytes(byte[] raw) {
        var all = new ByteArrayOutputStream(shift.length() + end - start);
        all.writeBytes(shift.getBytes(StandardCharsets.ISO_8859_1));
        all.write(raw, start, end - start);
        return all.toByteArray();
    }

    /** The state for people, such as {@code ESC $ B}; empty where there is none. */
    public String state() {
        var words = new StringBuilder();
        for (char c : shift.toCharArray())
            words.append(words.isEmpty() ? "" : " ").append(c == 0x1B ? "ESC" : c);
        return words.toString();
    }
}
