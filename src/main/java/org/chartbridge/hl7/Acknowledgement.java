package org.chartbridge.hl7;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Builds the answer to a message: MSH, MSA and ERR in the sender's own version, delimiters and
 * character set; long because they stand here field by field, as they are written. What is taken
 * over from the request is copied byte by byte, never decoded. Needs no more than a readable MSH,
 * and answers even where there is none.
 *
 * <ul>
 *   <li>MSH-9 is {@code ACK^<trigger>}, from 2.3.1 with {@code ^ACK}; without a trigger just {@code
 *       ACK}. To a sender that wants it, an application acknowledgement comes as the {@link
 *       ResponseType} of its message.
 *   <li>MSA-3, plain words of at most 80 characters, to 2.6.
 *   <li>ERR by faults: to 2.4 one ERR whose ERR-1 repeats, as these versions have it (std 2.3
 *       §2.24.5); from 2.5 one ERR for each fault, to 2.6 with ERR-1 as well. An AA or CA to a
 *       version before 2.5, whose ERR knows no severity, carries its warnings in MSA-3 only.
 *   <li>MSH-12 missing: 2.5.1 is written, whose layout is used. MSH-12 unknown: it is repeated, and
 *       the layout of 2.5.1 used, which has all of MSA-3, ERR-1 and ERR-2.
 *   <li>No readable MSH: standard delimiters, MSA-2 empty.
 * </ul>
 */
public final class Acknowledgement {
    private static final DateTimeFormatter WITH_OFFSET =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmssxx", Locale.ROOT);
    private static final DateTimeFormatter WITHOUT_OFFSET =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT);

    /** MSA-3 is an ST of 80 in the versions that have it. */
    private static final int MAX_MSA_TEXT = 80;

    /** ERR-8 is a TX of 250 in 2.5 and 2.6. */
    private static final int MAX_ERR_TEXT = 250;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    private final @Nullable Header request;
    private final Delimiters delimiters;
    private final Version version;
    private final Optional<ResponseType> response;

    private final @Nullable Charset from;

    private Acknowledgement(@Nullable Header request, boolean asResponse) {
        this(
                request,
                asResponse && request != null ? ResponseType.to(request) : Optional.empty(),
                null);
    }

    /**
     * @param from the request's character set where the answer is in UTF-8 in place of it; null
     *     where what is taken over is copied
     */
    private Acknowledgement(
            @Nullable Header request, Optional<ResponseType> response, @Nullable Charset from) {
        this.request = request;
        this.response = response;
        this.from = from;
        this.delimiters = request == null ? Delimiters.STANDARD : request.delimiters();
        this.version = Version.of(request == null ? "" : request.version());
    }

    /**
     * The answer to bytes, whatever they are.
     *
     * @param faults what to report, in order; those of severity I as well
     * @param ownControlId MSH-10 of the answer, unique among ours, ASCII
     * @param now MSH-7 of the answer, written in the zone
     * @return the answer without framing, each segment ended by a carriage return
     */
    public static byte[] of(
            byte[] request,
            AckCode code,
            List<Fault> faults,
            String ownControlId,
            Instant now,
            ZoneId zone) {
        return of(request, code, faults, ownControlId, now, zone, false);
    }

    /**
     * As above.
     *
     * @param asResponse whether AA, AE and AR come as the response that HL7 defines for the
     *     message, such as ORR; accept acknowledgements are always ACK (std 2.9.3)
     */
    public static byte[] of(
            byte[] request,
            AckCode code,
            List<Fault> faults,
            String ownControlId,
            Instant now,
            ZoneId zone,
            boolean asResponse) {
        var header = Header.read(request);
        var answer =
                inItsEncoding(
                        of(header, code, faults, ownControlId, now, zone, false, asResponse),
                        request,
                        header);
        return asResponse && code.isApplication() ? whole(answer, request, header) : answer;
    }

    /**
     * The application acknowledgement that is an exchange of its own, after an accept
     * acknowledgement: it asks, by MSH-15 AL, to be told that it has arrived (ig 2.8.3.2).
     *
     * @param ownControlId another one than the accept acknowledgement's
     * @param asResponse as above
     */
    public static byte[] later(
            byte[] request,
            AckCode code,
            List<Fault> faults,
            String ownControlId,
            Instant now,
            ZoneId zone,
            boolean asResponse) {
        var header = Header.read(request);
        var answer =
                inItsEncoding(
                        of(header, code, faults, ownControlId, now, zone, true, asResponse),
                        request,
                        header);
        return asResponse && code.isApplication() ? whole(answer, request, header) : answer;
    }

    /**
     * With the segments of the message that its response repeats, as they came.
     *
     * @param answer in the encoding of the message
     */
    private static byte[] whole(byte[] answer, byte[] request, Optional<Header> header) {
        var repeated =
                header.flatMap(ResponseType::to).map(ResponseType::repeats).orElse(List.of());
        return !repeated.isEmpty()
                        && Message.read(request, StandardCharsets.UTF_8)
                                instanceof Reading.Readable(var message)
                ? with(answer, message, repeated)
                : answer;
    }

    /**
     * With segments of a message, as they came.
     *
     * @param answer in the encoding of the message
     */
    static byte[] with(byte[] answer, Message message, List<String> repeated) {
        var request = message.raw();
        var utf16 = CharacterSets.utf16(request);
        var end = "\r".getBytes(utf16 == null ? StandardCharsets.US_ASCII : utf16);
        var all = new ByteArrayOutputStream(answer.length + 512);
        all.writeBytes(answer);
        for (var segment : repeated) {
            for (var line : message.lines(segment)) {
                for (int i = line.start(); i < line.end(); i++)
                    // A torn segment is whole in the answer.
                    if (utf16 != null || (request[i] != '\r' && request[i] != '\n'))
                        all.write(request[i]);
                all.writeBytes(end);
            }
        }
        return all.toByteArray();
    }

    private static byte[] inItsEncoding(byte[] answer, byte[] request, Optional<Header> header) {
        var utf16 = header.isPresent() ? CharacterSets.utf16(request) : null;
        return utf16 == null ? answer : inUtf16(answer, request, utf16);
    }

    /** The answer to a message whose header was read; empty when it has none. */
    public static byte[] of(
            Optional<Header> request,
            AckCode code,
            List<Fault> faults,
            String ownControlId,
            Instant now,
            ZoneId zone) {
        return of(request, code, faults, ownControlId, now, zone, false, false);
    }

    private static byte[] of(
            Optional<Header> request,
            AckCode code,
            List<Fault> faults,
            String ownControlId,
            Instant now,
            ZoneId zone,
            boolean asksAccept,
            boolean asResponse) {
        var answer = new Acknowledgement(request.orElse(null), asResponse && code.isApplication());
        answer.header(ownControlId, now, zone, asksAccept);
        answer.verdict(code, faults);
        if (!(code.positive() && !answer.version.from(Version.V2_5))) answer.errors(faults);
        return answer.out.toByteArray();
    }

    /**
     * MSH, MSA and ERR of the response to a query.
     *
     * @param from null to answer in the request's own character set, else UTF-8 is written
     */
    static byte[] ofQuery(
            Header request,
            ResponseType response,
            AckCode code,
            List<Fault> faults,
            String ownControlId,
            Instant now,
            ZoneId zone,
            boolean later,
            @Nullable Charset from) {
        var answer = new Acknowledgement(request, Optional.of(response), from);
        answer.header(ownControlId, now, zone, later);
        answer.verdict(code, faults);
        if (!(code.positive() && !answer.version.from(Version.V2_5))) answer.errors(faults);
        return answer.out.toByteArray();
    }

    static byte[] inUtf16(byte[] answer, byte[] request, Charset charset) {
        boolean mark = request[0] == (byte) 0xFE || request[0] == (byte) 0xFF;
        var text = new String(answer, StandardCharsets.UTF_8);
        return (mark ? "\uFEFF" + text : text).getBytes(charset);
    }

    private void header(String ownControlId, Instant now, ZoneId zone, boolean asksAccept) {
        ascii("MSH");
        field();
        if (request == null || request.rawField(2).length == 0) ascii(encodingCharacters());
        else copy(2);
        field();
        copy(5);
        field();
        copy(6);
        field();
        copy(3);
        field();
        copy(4);
        field();
        ascii((version.from(Version.V2_2) ? WITH_OFFSET : WITHOUT_OFFSET).format(now.atZone(zone)));
        field();
        field();
        messageType();
        field();
        ascii(ownControlId);
        field();
        if (request == null) ascii("P");
        else copy(11);
        field();
        if (request == null || request.field(12).isEmpty()) ascii(Version.ASSUMED);
        else copy(12);
        boolean charset = from != null || (request != null && !request.field(18).isEmpty());
        if (asksAccept) {
            for (int i = 13; i <= 15; i++) field();
            ascii("AL");
            field();
            ascii("NE");
        }
        if (charset) {
            for (int i = asksAccept ? 17 : 13; i <= 18; i++) field();
            if (from != null) ascii("UNICODE UTF-8");
            else copy(18);
        }
        end();
    }

    private String encodingCharacters() {
        return ""
                + delimiters.component()
                + delimiters.repetition()
                + delimiters.escape()
                + delimiters.subcomponent();
    }

    private void messageType() {
        if (response.isPresent()) {
            var its = response.get();
            ascii(its.code());
            component();
            ascii(its.trigger());
            if (!version.from(Version.V2_3_1)) return;
            component();
            ascii(its.structure());
            return;
        }
        ascii("ACK");
        var trigger = request == null ? "" : request.triggerEvent();
        if (trigger.isEmpty() || trigger.equals(Message.NULL)) return;
        component();
        ascii(plain(trigger));
        if (!version.from(Version.V2_3_1)) return;
        component();
        ascii("ACK");
    }

    private void verdict(AckCode code, List<Fault> faults) {
        ascii("MSA");
        field();
        ascii(code.name());
        field();
        copy(10);
        if (!version.from(Version.V2_7)) {
            var words = words(code, faults);
            if (!words.isEmpty()) {
                field();
                text(words, MAX_MSA_TEXT);
            }
        }
        end();
    }

    private static String words(AckCode code, List<Fault> faults) {
        if (faults.isEmpty())
            return switch (code) {
                case AA, CA -> "";
                case AE, CE -> "The message could not be processed.";
                case AR, CR -> "The message was rejected.";
            };
        Fault worst = faults.getFirst();
        for (var fault : faults)
            if (fault.severity().compareTo(worst.severity()) < 0) worst = fault;
        return worst.text();
    }

    private void errors(List<Fault> faults) {
        if (faults.isEmpty()) return;
        var told =
                faults.size() <= Limits.MAX_ERRORS_ANSWERED
                        ? faults
                        : faults.subList(0, Limits.MAX_ERRORS_ANSWERED);
        if (!version.from(Version.V2_5)) {
            ascii("ERR");
            field();
            for (int i = 0; i < told.size(); i++) {
                if (i > 0) {
                    if (delimiters.repetition() == Delimiters.NONE) break;
                    out.write(delimiters.repetition());
                }
                codeAndLocation(told.get(i));
            }
            end();
            return;
        }
        for (var fault : told) error(fault);
    }

    /** ERR-1: segment ^ sequence ^ field ^ code & text & table. */
    private void codeAndLocation(Fault fault) {
        var place = fault.location();
        if (place != null) ascii(place.segment());
        component();
        if (place != null) number(place.sequence());
        component();
        if (place != null) number(place.field());
        component();
        ascii(Integer.toString(fault.code().number()));
        if (delimiters.subcomponent() == Delimiters.NONE) return;
        out.write(delimiters.subcomponent());
        text(fault.code().text(), MAX_ERR_TEXT);
        out.write(delimiters.subcomponent());
        ascii("HL70357");
    }

    private void error(Fault fault) {
        ascii("ERR");
        field();
        if (!version.from(Version.V2_7)) codeAndLocation(fault);
        field();
        var place = fault.location();
        if (place != null) place(place);
        field();
        ascii(Integer.toString(fault.code().number()));
        component();
        text(fault.code().text(), MAX_ERR_TEXT);
        component();
        ascii("HL70357");
        field();
        ascii(fault.severity().name());
        field();
        // ERR-5 is the application's own code: our rule, from a table of our own.
        ascii(plain(fault.reason()));
        component();
        component();
        ascii("L");
        field();
        field();
        field();
        text(fault.text(), MAX_ERR_TEXT);
        end();
    }

    /** ERR-2, without the parts that are not given. */
    private void place(Location place) {
        int[] numbers = {
            place.sequence(),
            place.field(),
            place.repetition(),
            place.component(),
            place.subcomponent()
        };
        // Repetition and sequence are 1 when what follows them is given.
        if (place.field() > 0) numbers[0] = Math.max(1, numbers[0]);
        if (place.component() > 0) numbers[2] = Math.max(1, numbers[2]);
        int last = numbers.length;
        while (last > 0 && numbers[last - 1] == 0) last--;
        ascii(place.segment());
        for (int i = 0; i < last; i++) {
            component();
            number(numbers[i]);
        }
    }

    private void number(int number) {
        if (number > 0) ascii(Integer.toString(number));
    }

    private void copy(int field) {
        if (request == null) return;
        var raw = request.rawField(field);
        out.writeBytes(from == null ? raw : new String(raw, from).getBytes(StandardCharsets.UTF_8));
    }

    private void field() {
        out.write(delimiters.field());
    }

    private void component() {
        out.write(delimiters.component());
    }

    private void end() {
        out.write('\r');
    }

    private void ascii(String text) {
        for (int i = 0; i < text.length(); i++)
            out.write(text.charAt(i) < 128 ? text.charAt(i) : '?');
    }

    /** Without delimiters: for codes, which have none. */
    private String plain(String code) {
        var plain = new StringBuilder(code.length());
        for (int i = 0; i < code.length(); i++) {
            char c = code.charAt(i);
            if (c > ' ' && c < 127 && !separates(c)) plain.append(c);
        }
        return plain.toString();
    }

    private boolean separates(char c) {
        return c == delimiters.field()
                || c == delimiters.component()
                || c == delimiters.repetition()
                || c == delimiters.escape()
                || c == delimiters.subcomponent();
    }

    /**
     * Words of ours, in ASCII, which every character set here holds, escaped as the sender does.
     */
    private void text(String words, int maxLength) {
        var line = words.length() <= maxLength ? words : words.substring(0, maxLength - 3) + "...";
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (!separates(c)) out.write(asAscii(c));
            else if (!delimiters.hasEscape()) out.write(' ');
            else {
                out.write(delimiters.escape());
                out.write(escapeOf(c));
                out.write(delimiters.escape());
            }
        }
    }

    private char escapeOf(char c) {
        if (c == delimiters.field()) return 'F';
        if (c == delimiters.component()) return 'S';
        if (c == delimiters.repetition()) return 'R';
        return c == delimiters.escape() ? 'E' : 'T';
    }

    private static char asAscii(char c) {
        if (c >= ' ' && c < 127) return c;
        return switch (c) {
            case '\u2018', '\u2019' -> '\'';
            case '\u201C', '\u201D' -> '"';
            case '\u2013', '\u2014' -> '-';
            case '\r', '\n', '\t', '\u00A0' -> ' ';
            default -> '?';
        };
    }
}
