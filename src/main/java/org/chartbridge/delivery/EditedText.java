package org.chartbridge.delivery;

import org.chartbridge.delivery.Desk.NotPossible;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.hl7.Severity;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.stream.Collectors;

/** A message as a person edits it: one segment a line, in the message's own character set. */
public final class EditedText {
    private EditedText() {}

    /** The message as text, each segment ended by a line feed. */
    public static String of(byte[] content, Charset charset) {
        var used =
                Message.read(content, charset) instanceof Reading.Readable(var message)
                        ? message.charset()
                        : charset;
        return new String(content, used).replace("\r\n", "\n").replace('\r', '\n');
    }

    /**
     * The bytes of an edited text.
     *
     * @param before what was edited: its character set is kept
     * @param sent whether that may have reached the partner, which would then discard a message of
     *     the same MSH-10
     * @throws NotPossible when it is no message any more; says why
     */
    static byte[] bytes(String text, byte[] before, Charset charset, boolean sent) {
        var lines = text.strip().lines().filter(line -> !line.isBlank());
        var joined = lines.collect(Collectors.joining("\r", "", "\r"));
        for (int i = 0; i < joined.length(); i++)
            if (joined.charAt(i) != '\r' && Character.isISOControl(joined.charAt(i)))
                throw new NotPossible("it holds a control character; write it as an escape");
        var used =
                Message.read(before, charset) instanceof Reading.Readable(var message)
                        ? message.charset()
                        : charset;
        var bytes = encoded(joined, used);
        if (!(Message.read(bytes, charset) instanceof Reading.Readable(var edited)))
            throw new NotPossible("it is no HL7 message any more: it must begin with MSH");
        edited.remarks().stream()
                .filter(fault -> fault.severity() == Severity.E)
                .findFirst()
                .ifPresent(
                        fault -> {
                            throw new NotPossible(fault.text());
                        });
        if (java.util.Arrays.equals(bytes, before)) throw new NotPossible("nothing was changed");
        var oldId = Header.read(before).map(Header::controlId).orElse("");
        if (sent && edited.header().controlId().equals(oldId))
            throw new NotPossible(
                    "MSH-10 is the one of the old message, which may have arrived; give the edited"
                            + " one an id of its own");
        return bytes;
    }

    private static byte[] encoded(String text, Charset charset) {
        try {
            ByteBuffer bytes =
                    charset.newEncoder()
                            .onUnmappableCharacter(CodingErrorAction.REPORT)
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .encode(CharBuffer.wrap(text));
            var all = new byte[bytes.remaining()];
            bytes.get(all);
            return all;
        } catch (CharacterCodingException e) {
            throw new NotPossible(
                    "a character of it does not exist in "
                            + charset.name()
                            + ", the message's character set (MSH-18)");
        }
    }
}
