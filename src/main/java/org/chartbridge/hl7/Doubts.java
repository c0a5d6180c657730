package org.chartbridge.hl7;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks for what is doubtful in a message that could be indexed: its character set, bytes that are
 * no text, text that no database takes, missing fields of MSH. Decides the character set on the
 * way.
 */
final class Doubts {
    private final Message message;
    private final List<Fault> remarks = new ArrayList<>();
    private final Header header;
    private Charset sent;
    private Charset text;
    private int left;

    Doubts(
            Message message,
            List<Fault> before,
            Header header,
            Charset sent,
            Optional<Charset> rewrittenFrom) {
        this.message = message;
        this.header = header;
        this.remarks.addAll(before);
        this.sent = sent;
        this.text = sent;
        if (rewrittenFrom.isEmpty()) {
            decide(sent, message.bytes());
            return;
        }
        if (sent instanceof Switched switched) decide(switched.standard(), message.raw());
        this.sent = sent;
        this.text = StandardCharsets.UTF_8;
    }

    /** The message's own character set. */
    Charset sent() {
        return sent;
    }

    /** The character set of the normalised bytes. */
    Charset text() {
        return text;
    }

    List<Fault> remarks() {
        if (left > 0)
            remarks.add(
                    Fault.warning(
                            null,
                            ErrorCode.DATA_TYPE,
                            "more-remarks",
                            left + " more remarks of this kind are not listed."));
        return List.copyOf(remarks);
    }

    private void decide(Charset defaultCharset, byte[] bytes) {
        var declared = CharacterSets.resolve(header.charsets());
        boolean beyondAscii = !Text.isAscii(bytes, 0, bytes.length);
        var chosen =
                switch (declared) {
                    case CharacterSets.Declared.Known(var charset, _) -> charset;
                    case CharacterSets.Declared.Nothing _ -> defaultCharset;
                    case CharacterSets.Declared.Unknown _ -> defaultCharset;
                };
        switch (declared) {
            case CharacterSets.Declared.Known(_, var misspelt) -> {
                if (misspelt)
                    charset(
                            Severity.I,
                            "charset-misspelt",
                            "MSH-18 is not written as in table 0211; its meaning is clear and was"
                                    + " taken.");
            }
            case CharacterSets.Declared.Nothing _ -> {
                if (beyondAscii)
                    charset(
                            Severity.I,
                            "charset-not-declared",
                            "MSH-18 is empty; the text was read as "
                                    + defaultCharset.name()
                                    + " as set for the partner.");
            }
            case CharacterSets.Declared.Unknown _ ->
                    charset(
                            beyondAscii ? Severity.W : Severity.I,
                            "charset-unknown",
                            "MSH-18 names no character set of table 0211; the text was read as "
                                    + defaultCharset.name()
                                    + ". Send a name of the table, such as UNICODE UTF-8.");
        }
        if (chosen.name().startsWith("UTF-16")) chosen = StandardCharsets.UTF_8;
        sent = beyondAscii ? contradicted(bytes, chosen, defaultCharset) : chosen;
        text = sent;
    }

    /** The character set the bytes are really in, where that is certain enough; remarked. */
    private Charset contradicted(byte[] bytes, Charset chosen, Charset defaultCharset) {
        var really = CharacterSets.really(bytes, chosen, defaultCharset);
        if (!really.equals(chosen))
            charset(
                    Severity.W,
                    "charset-contradicted",
                    "The text is declared as "
                            + chosen.name()
                            + " but its bytes are "
                            + really.name()
                            + ", and so it was read. Send MSH-18 as the text is encoded.");
        return really;
    }

    private void charset(Severity severity, String reason, String text) {
        remarks.add(
                new Fault(
                        new Location("MSH", 1, 18, 0, 0, 0),
                        ErrorCode.TABLE_VALUE,
                        severity,
                        reason,
                        text));
    }

    /** Looks through the text where there is reason to. */
    void look(boolean beyondAscii, boolean suspicious) {
        if (header.messageCode().isEmpty())
            missing(
                    9,
                    "message-type-missing",
                    "MSH-9 must name the message type, such as ORU^R01.");
        if (header.controlId().isEmpty())
            missing(
                    10,
                    "control-id-missing",
                    "MSH-10 must hold an id that the answer can refer to.");
        for (var line : message.lines()) if (line.segment().equals("DSC")) fragment(line);
        if (!beyondAscii && !suspicious) return;
        for (var line : message.lines()) {
            undecodable(line);
            if (suspicious) unstorable(line);
        }
    }

    private void fragment(Line line) {
        // In a query it says where the answer is to go on (std 2.10.2).
        if (message.value(line, 1).isEmpty() || message.header().messageCode().equals("QBP"))
            return;
        if (Fragment.of(message).isPresent()) return;
        remark(
                Fault.error(
                        line.location(1),
                        ErrorCode.SEGMENT_SEQUENCE,
                        "continuation-not-taken",
                        "The message continues in another one (DSC-1) in a way that only answers to"
                                + " queries do, or DSC is not its last segment. Send DSC-2 F and"
                                + " DSC last, or the message whole."));
    }

    private void missing(int field, String reason, String text) {
        remarks.add(
                Fault.error(
                        new Location("MSH", 1, field, 0, 0, 0),
                        ErrorCode.REQUIRED_MISSING,
                        reason,
                        text));
    }

    private void remark(Fault fault) {
        if (remarks.size() < Limits.MAX_REMARKS) remarks.add(fault);
        else left++;
    }

    private void undecodable(Line line) {
        var bytes = message.bytes();
        int end = message.end(line);
        int at = message.start(line);
        if (Text.isAscii(bytes, at, end)) return;
        while ((at = Text.firstUndecodable(bytes, at, end, text)) >= 0) {
            var place = message.locate(line, at);
            if (isSurrogate(bytes, at, end) && text.equals(StandardCharsets.UTF_8)) {
                unstorable(place);
                at += 3;
            } else {
                remark(
                        Fault.warning(
                                place,
                                ErrorCode.DATA_TYPE,
                                "undecodable-bytes",
                                "A byte here is no text in "
                                        + text.name()
                                        + "; it is shown as an escape. Send MSH-18 as the text is"
                                        + " encoded."));
                at++;
            }
            if (left > 0) return;
        }
    }

    /** U+D800 to U+DFFF written as if they were characters. */
    private static boolean isSurrogate(byte[] bytes, int at, int end) {
        return bytes[at] == (byte) 0xED && at + 1 < end && (bytes[at + 1] & 0xE0) == 0xA0;
    }

    private void unstorable(Location place) {
        remark(
                Fault.error(
                        place,
                        ErrorCode.DATA_TYPE,
                        "text-not-storable",
                        "A NUL or half of a surrogate pair stands here, which is no text; remove"
                                + " it."));
    }

    /** NUL bytes, and what \Xhh..\ stands for. */
    private void unstorable(Line line) {
        var bytes = message.bytes();
        var delimiters = header.delimiters();
        int end = message.end(line);
        int valueStart = message.start(line);
        boolean nul = false;
        boolean hex = false;
        int skip = Message.isHeader(line) ? 2 : 0;
        for (int at = valueStart; at <= end; at++) {
            if (at < end) {
                byte b = bytes[at];
                nul |= b == 0;
                hex |= b == 'X' && at > 0 && bytes[at - 1] == delimiters.escape();
                if (b != delimiters.field()
                        && (b == 0
                                || (b != delimiters.component()
                                        && b != delimiters.repetition()
                                        && b != delimiters.subcomponent()))) continue;
            }
            if (nul) unstorable(message.locate(line, at));
            else if (hex && skip <= 0) hex(line, valueStart, at);
            if (at < end && bytes[at] == delimiters.field()) skip--;
            if (left > 0) return;
            nul = false;
            hex = false;
            valueStart = at + 1;
        }
    }

    private void hex(Line line, int from, int to) {
        var decoded = Text.unescape(message.bytes(), from, to, text, sent, header.delimiters());
        for (byte b : decoded) {
            if (b == 0) {
                unstorable(message.locate(line, from));
                return;
            }
        }
        int wrong = Text.firstUndecodable(decoded, 0, decoded.length, text);
        if (wrong < 0 || Text.firstUndecodable(message.bytes(), from, to, text) >= 0) return;
        if (text.equals(StandardCharsets.UTF_8) && isSurrogate(decoded, wrong, decoded.length))
            unstorable(message.locate(line, from));
        else
            remark(
                    Fault.warning(
                            message.locate(line, from),
                            ErrorCode.DATA_TYPE,
                            "undecodable-bytes",
                            "An escape \\X..\\ here stands for bytes that are no text in "
                                    + text.name()
                                    + "; they are shown as sent."));
    }
}
