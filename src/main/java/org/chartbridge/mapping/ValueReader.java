package org.chartbridge.mapping;

import org.chartbridge.chart.Concept;
import org.chartbridge.chart.DocumentStatement;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Hl7Time;
import org.chartbridge.hl7.Line;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads OBX-5 by what OBX-2 says it is (table 0125); long because it is a table of types. What does
 * not have the form of its type is kept as text and remarked, never dropped and never guessed at:
 * an ST of {@code 5.1} is text.
 */
final class ValueReader {

    /** Digits of a number; a longer one is kept as text. */
    static final int MAX_NUMBER_CHARACTERS = 40;

    /** Instead of a document whose content can't be decoded. */
    static final String NOT_READABLE = "[document not readable]";

    private static final Pattern NUMBER =
            Pattern.compile("(<=|>=|<|>)?\\s*([+-]?(?:\\d+\\.?\\d*|\\.\\d+))");
    private static final Pattern TIME_OF_DAY =
            Pattern.compile("([01]\\d|2[0-3])([0-5]\\d)([0-5]\\d(?:\\.\\d{1,4})?)?([+-]\\d{4})?");

    /** Types of table 0125 whose parts are shown in order, as they come. */
    private static final Set<String> PARTED =
            Set.of(
                    "AUI", "CCD", "CCP", "CD", "CK", "CP", "CQ", "CSU", "CX", "DDI", "DIN", "DLD",
                    "DLN", "DLT", "DR", "DTN", "EI", "EIP", "ERL", "FC", "FN", "GTS", "HD", "ICD",
                    "JCC", "LA1", "LA2", "MA", "MO", "MOC", "MOP", "MSG", "NA", "NDL", "NR", "OCD",
                    "OSD", "OSP", "PIP", "PL", "PLN", "PPN", "PRL", "PT", "PTA", "QIP", "QSC",
                    "RCD", "RFR", "RI", "RMC", "RP", "RPT", "SCV", "SI", "SPD", "SPS", "SRT", "TN",
                    "TQ", "UVC", "VH", "VID", "VR", "WVI", "WVS", "XON", "XTN");

    /** Characters of a name, address or the like that is taken apart; a longer one stays whole. */
    static final int MAX_TAKEN_APART = 2_000;

    /**
     * One repetition of OBX-5.
     *
     * @param text what a person reads; may be empty
     * @param number null when it is none
     */
    record Part(
            String text,
            @Nullable BigDecimal number,
            String comparator,
            List<Concept> codings,
            @Nullable DocumentStatement document) {

        static Part of(String text) {
            return new Part(text, null, "", List.of(), null);
        }

        /** The same, for a test that could not be done: never a number. */
        Part withoutNumber() {
            return number == null ? this : new Part(text, null, "", codings, document);
        }
    }

    private final Reader reader;

    ValueReader(Reader reader) {
        this.reader = reader;
    }

    /** OBX-2 as sent. */
    String type(Line obx) {
        return reader.text(obx, 2, 1);
    }

    /** By which rule a value of such a type (OBX-2) is read. */
    Rule rule(String type) {
        return switch (type.toUpperCase(Locale.ROOT)) {
            case "NM" -> Rule.VALUE_NUMBER;
            case "SN" -> Rule.VALUE_STRUCTURED;
            case "ST", "TX", "FT" -> Rule.VALUE_TEXT;
            case "CE", "CWE", "CNE", "CF", "ID", "IS" -> Rule.VALUE_CODED;
            case "DT", "DTM", "TS", "TM" -> Rule.VALUE_TIME;
            case "ED" -> Rule.VALUE_DOCUMENT;
            case "PN", "XPN", "CN", "XCN", "CNN", "AD", "XAD", "SAD" -> Rule.VALUE_PARTS;
            default ->
                    PARTED.contains(type.toUpperCase(Locale.ROOT))
                            ? Rule.VALUE_PARTS
                            : Rule.VALUE_UNTYPED;
        };
    }

    /** Every repetition of OBX-5; one empty part when nothing was sent. */
    List<Part> read(Line obx, Concept test) {
        int repetitions = reader.repetitions(obx, 5);
        if (repetitions == 0) return List.of(Part.of(""));
        var parts = new ArrayList<Part>(repetitions);
        for (int i = 1; i <= repetitions; i++) parts.add(read(obx, i, test));
        return parts;
    }

    private Part read(Line obx, int repetition, Concept test) {
        var type = type(obx).toUpperCase(Locale.ROOT);
        return switch (type) {
            case "NM" -> number(obx, repetition);
            case "SN" -> structured(obx, repetition);
            case "ST" -> plain(obx, repetition);
            case "TX", "FT" -> Part.of(reader.line(obx, 5, repetition));
            case "CE", "CWE", "CNE", "CF" -> coded(obx, repetition);
            case "ID", "IS" -> code(obx, repetition);
            case "DT", "DTM", "TS" -> time(obx, repetition);
            case "TM" -> timeOfDay(obx, repetition);
            case "ED" -> document(obx, repetition, test);
            case "PN", "XPN" -> Part.of(name(obx, repetition, 1));
            case "CN", "XCN", "CNN" -> Part.of(numberedName(obx, repetition));
            case "AD", "XAD", "SAD" -> Part.of(pieces(obx, repetition, ", "));
            default ->
                    PARTED.contains(type)
                            ? Part.of(pieces(obx, repetition, " "))
                            : untyped(obx, repetition, type, test);
        };
    }

    /** No type, or none that table 0125 has: text, as it came. */
    private Part untyped(Line obx, int repetition, String type, Concept test) {
        if (type.isEmpty()
                && reader.text(obx, 5, repetition, 4).equalsIgnoreCase("base64")
                && !reader.text(obx, 5, repetition, 5).isEmpty()) {
            reader.findings.warn(
                    obx.location(2),
                    ErrorCode.REQUIRED_MISSING,
                    "value-type-missing",
                    "OBX-2 does not say what OBX-5 is; it is read as the document (ED) that it has"
                            + " the form of.");
            return document(obx, repetition, test);
        }
        var text = reader.line(obx, 5, repetition);
        if (!text.isEmpty() && repetition == 1) {
            if (type.isEmpty())
                reader.findings.warn(
                        obx.location(2),
                        ErrorCode.REQUIRED_MISSING,
                        "value-type-missing",
                        "OBX-2 does not say what OBX-5 is; it is kept as text. Send NM, ST, CE or"
                                + " whatever it is.");
            else
                reader.findings.warn(
                        obx.location(2),
                        ErrorCode.TABLE_VALUE,
                        "value-type-unknown",
                        "OBX-2 is no type of table 0125; OBX-5 is kept as text.");
        }
        return Part.of(text);
    }

    /** Formatting is not for ST (HL7 v2.5.1 §2.7.6), and kept all the same. */
    private Part plain(Line obx, int repetition) {
        var text = reader.line(obx, 5, repetition);
        if (text.indexOf('\n') >= 0)
            reader.findings.inform(
                    reader.place(obx, 5, repetition, 0),
                    ErrorCode.DATA_TYPE,
                    "formatting-in-string",
                    "OBX-5 is a string (ST) with line breaks (\\.br\\ and the like): they are kept."
                            + " Send TX or FT.");
        return Part.of(text);
    }

    // ------------------------------------------------------------ numbers

    private Part number(Line obx, int repetition) {
        var text = wholeNumberText(obx, repetition);
        var number = numberOf(text);
        if (number == null && !text.isEmpty())
            doubt(
                    obx,
                    repetition,
                    0,
                    "value-not-a-number",
                    "OBX-2 says number (NM) and OBX-5 is text; it is kept as text. Send ST for"
                            + " text, SN for a number with a limit, or status X where there is no"
                            + " result.");
        return number == null ? Part.of(text) : number;
    }

    /** The repetition whole, without the component separators that some send behind a number. */
    private String wholeNumberText(Line obx, int repetition) {
        var text = reader.line(obx, 5, repetition).strip();
        char component = reader.message.header().delimiters().component();
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == component) end--;
        return text.substring(0, end);
    }

    /** A number with or without a limit in front; null when the text is anything else. */
    private static @Nullable Part numberOf(String text) {
        if (text.length() > MAX_NUMBER_CHARACTERS) return null;
        var m = NUMBER.matcher(text);
        if (!m.matches()) return null;
        var comparator = m.group(1) == null ? "" : m.group(1);
        return new Part(text, new BigDecimal(m.group(2)), comparator, List.of(), null);
    }

    /** SN: comparator, number, separator, number (std 2.A.73): {@code >200}, {@code 1:160}. */
    private Part structured(Line obx, int repetition) {
        var comparator = reader.text(obx, 5, repetition, 1);
        var first = reader.text(obx, 5, repetition, 2);
        var separator = reader.text(obx, 5, repetition, 3);
        var second = reader.text(obx, 5, repetition, 4);
        if (comparator.equals("=")) comparator = "";
        var text = comparator + first + separator + second;
        if (first.isEmpty() && second.isEmpty()) {
            // A plain number in place of the comparator is read as what it is.
            var number = numberOf(text);
            if (number != null || text.isEmpty()) return number == null ? Part.of("") : number;
        } else if (separator.isEmpty() && second.isEmpty()) {
            var number = numberOf(text);
            if (number != null) return number;
        } else if (numberOf(first) != null && (second.isEmpty() || numberOf(second) != null)) {
            return Part.of(text);
        }
        int component = first.isEmpty() && second.isEmpty() ? 1 : numberOf(first) == null ? 2 : 4;
        if (component == 4 && second.isEmpty()) component = 1;
        doubt(
                obx,
                repetition,
                component,
                "value-not-a-number",
                "OBX-5 does not have the form of a structured number (SN:"
                        + " comparator^number^separator^number); it is kept as text.");
        return Part.of(reader.line(obx, 5, repetition));
    }

    // ------------------------------------------------------------ codes

    private Part coded(Line obx, int repetition) {
        var codings = new ArrayList<Concept>(2);
        for (int component : new int[] {1, 4, 10}) {
            var coding = reader.triplet(obx, 5, repetition, component);
            if (!coding.isEmpty()) codings.add(coding);
        }
        var text = reader.text(obx, 5, repetition, 9);
        for (int i = 0; i < codings.size() && text.isEmpty(); i++) text = codings.get(i).text();
        for (int i = 0; i < codings.size() && text.isEmpty(); i++) text = codings.get(i).code();
        if (text.isEmpty()) return withoutCode(obx, repetition);
        return new Part(text, null, "", codings, null);
    }

    /** ⚠ A text that is one component off would be lost. */
    private Part withoutCode(Line obx, int repetition) {
        var text = pieces(obx, repetition, " ");
        if (!text.isEmpty())
            doubt(
                    obx,
                    repetition,
                    0,
                    "value-without-code",
                    "OBX-5 has neither a code nor a text where its type (OBX-2) has them; what it"
                            + " has is kept as text. Send code^text^system, or ^text.");
        return Part.of(text);
    }

    private Part code(Line obx, int repetition) {
        var code = reader.text(obx, 5, repetition, 1);
        return new Part(
                code,
                null,
                "",
                code.isEmpty() ? List.of() : List.of(Concept.of(code, "", "")),
                null);
    }

    // ------------------------------------------------------------ times

    private Part time(Line obx, int repetition) {
        var asSent = reader.text(obx, 5, repetition, 1);
        return switch (Hl7Time.parse(asSent)) {
            case Hl7Time.Parsed.Absent _ -> Part.of("");
            case Hl7Time.Parsed.Known(var time) -> Part.of(shown(time));
            case Hl7Time.Parsed.Wrong(var fault) -> {
                reader.findings.add(fault.at(reader.place(obx, 5, repetition, 1)));
                yield Part.of(reader.line(obx, 5, repetition));
            }
        };
    }

    private static String shown(Hl7Time time) {
        var all = time.local().toString(); // 2026-11-03T08:00[:00[.000]]
        var seconds = all.length() > 16 ? all.substring(16) : ":00";
        var shown =
                switch (time.precision()) {
                    case YEAR -> all.substring(0, 4);
                    case MONTH -> all.substring(0, 7);
                    case DAY -> all.substring(0, 10);
                    case HOUR -> all.substring(0, 13).replace('T', ' ') + "h";
                    case MINUTE -> all.substring(0, 16).replace('T', ' ');
                    case SECOND, FRACTION -> all.substring(0, 16).replace('T', ' ') + seconds;
                };
        return time.offset() == null ? shown : shown + " " + time.offset();
    }

    private Part timeOfDay(Line obx, int repetition) {
        var asSent = reader.text(obx, 5, repetition, 1);
        var m = TIME_OF_DAY.matcher(asSent);
        if (asSent.isEmpty() || !m.matches()) {
            if (!asSent.isEmpty())
                doubt(
                        obx,
                        repetition,
                        1,
                        "not-a-time",
                        "A time of day must be written HHMM or HHMMSS; it is kept as sent.");
            return Part.of(asSent);
        }
        var seconds = m.group(3) == null ? "" : ":" + m.group(3);
        var offset = m.group(4) == null ? "" : " " + m.group(4);
        return Part.of(m.group(1) + ":" + m.group(2) + seconds + offset);
    }

    // ------------------------------------------------------------ documents

    /**
     * A document that comes in pieces, as OBX of one value or as repetitions of OBX-5: the first
     * says what it is, and is no whole document itself; those behind it begin none. Null where it
     * is anything else.
     */
    @Nullable Part inPieces(List<Line> obx, Concept test) {
        int pieces = 0;
        for (var line : obx) {
            if (!type(line).equalsIgnoreCase("ED")) return null;
            pieces += reader.repetitions(line, 5);
        }
        if (pieces < 2) return null;
        int mark = reader.mark();
        var whole = new StringBuilder();
        byte @Nullable [] first = null;
        boolean begun = false;
        for (var line : obx)
            for (int i = 1; i <= reader.repetitions(line, 5); i++) {
                int encodingAt = encodingAt(line, i);
                var encoded = reader.value(line, 5, i, encodingAt + 1, 0);
                if (encoded.isEmpty()) encoded = reader.value(line, 5, i, 1, 0);
                else if (!reader.text(line, 5, i, encodingAt).equalsIgnoreCase("base64"))
                    return null;
                var content = Documents.base64(encoded);
                if (!begun) first = content;
                else if (content != null
                        && !Documents.mediaType(content).equals(Documents.UNKNOWN_TYPE))
                    return null;
                begun = true;
                whole.append(encoded);
            }
        if (first != null && !Documents.isCut(first)) return null;
        var content = Documents.base64(whole.toString());
        if (content == null || Documents.mediaType(content).equals(Documents.UNKNOWN_TYPE))
            return null;
        return document(obx.getFirst(), 1, test, mark, content, "BASE64");
    }

    /** Some leave out the source or the type: the encoding tells where the content begins. */
    private int encodingAt(Line obx, int repetition) {
        int encodingAt = 4;
        for (int i = 1; i <= 4; i++)
            if (reader.text(obx, 5, repetition, i).equalsIgnoreCase("base64")) encodingAt = i;
        return encodingAt;
    }

    /** ED: source^type^subtype^encoding^content (std 2.A.24). */
    private Part document(Line obx, int repetition, Concept test) {
        int mark = reader.mark();
        int encodingAt = encodingAt(obx, repetition);
        var encoding = reader.text(obx, 5, repetition, encodingAt).toUpperCase(Locale.ROOT);
        var sent = reader.value(obx, 5, repetition, encodingAt + 1, 0);
        byte @Nullable [] content =
                switch (encoding) {
                    case "HEX" -> Documents.hex(sent);
                    case "A", "ASCII", "TEXT" -> sent.getBytes(StandardCharsets.UTF_8);
                    default -> Documents.base64(sent);
                };
        if (encoding.isEmpty()
                && content != null
                && Documents.mediaType(content).equals(Documents.UNKNOWN_TYPE)) {
            doubt(
                    obx,
                    repetition,
                    encodingAt,
                    "document-encoding-missing",
                    "OBX-5.4 does not say how the document is encoded, and it is none by Base64;"
                            + " it is kept as text. Send Base64, Hex or A.");
            return Part.of(reader.line(obx, 5, repetition));
        }
        if (content == null || content.length == 0) {
            doubt(
                    obx,
                    repetition,
                    encodingAt + 1,
                    "document-unreadable",
                    "The content of the document (OBX-5.5) can't be decoded by its encoding"
                            + " (OBX-5.4); send Base64 without other characters.");
            return Part.of(NOT_READABLE);
        }
        return document(obx, repetition, test, mark, content, encoding);
    }

    private Part document(
            Line obx, int repetition, Concept test, int mark, byte[] content, String encoding) {
        var mediaType = Documents.mediaType(content);
        if (Documents.isCut(content)) {
            mediaType = Documents.UNKNOWN_TYPE;
            doubt(
                    obx,
                    repetition,
                    0,
                    "document-incomplete",
                    "The document begins as a PDF and has no end (%%EOF): it is kept, and shown to"
                            + " nobody as a PDF. Have it sent again whole.");
        }
        if (mediaType.equals(Documents.UNKNOWN_TYPE)
                && (encoding.equals("A") || encoding.equals("ASCII") || encoding.equals("TEXT")))
            mediaType = Documents.PLAIN_TEXT;
        return new Part(
                Documents.describe(mediaType, content),
                null,
                "",
                List.of(),
                reader.made(
                        Rule.VALUE_DOCUMENT,
                        mark,
                        new DocumentStatement(
                                obx.location(5).repetition(repetition).toString(),
                                test.text().isEmpty() ? test.code() : test.text(),
                                Reader.joined(
                                        "/",
                                        reader.text(obx, 5, repetition, 2),
                                        reader.text(obx, 5, repetition, 3)),
                                mediaType,
                                content)));
    }

    // ------------------------------------------------------------ people, places and the like

    /** XPN and its kin from a component on: family, given, middle, suffix, prefix, degree. */
    private String name(Line obx, int repetition, int from) {
        return Reader.joined(
                " ",
                reader.text(obx, 5, repetition, from + 4),
                reader.text(obx, 5, repetition, from + 1),
                reader.text(obx, 5, repetition, from + 2),
                reader.text(obx, 5, repetition, from, 1),
                reader.text(obx, 5, repetition, from + 3),
                reader.text(obx, 5, repetition, from + 5));
    }

    private String numberedName(Line obx, int repetition) {
        var number = reader.text(obx, 5, repetition, 1);
        var name = name(obx, repetition, 2);
        if (name.isEmpty()) return number;
        return number.isEmpty() ? name : name + " (" + number + ")";
    }

    /** Whatever was sent, its pieces in order. */
    private String pieces(Line obx, int repetition, String between) {
        var whole = reader.line(obx, 5, repetition);
        if (whole.length() > MAX_TAKEN_APART) return whole;
        var delimiters = reader.message.header().delimiters();
        var pieces = new ArrayList<String>();
        int components = count(whole, delimiters.component());
        for (int i = 1; i <= components; i++) {
            int subcomponents =
                    count(reader.text(obx, 5, repetition, i), delimiters.subcomponent());
            for (int j = 1; j <= subcomponents; j++) {
                var piece = reader.text(obx, 5, repetition, i, j);
                if (!piece.isEmpty()) pieces.add(piece);
            }
        }
        return String.join(between, pieces);
    }

    /** How many parts a delimiter makes of a text, or a few more where it was escaped. */
    private static int count(String text, char delimiter) {
        return 1 + (int) text.chars().filter(c -> c == delimiter).count();
    }

    /**
     * @param component 0 for the repetition as a whole
     */
    private void doubt(Line obx, int repetition, int component, String reason, String text) {
        reader.findings.warn(
                reader.place(obx, 5, repetition, component), ErrorCode.DATA_TYPE, reason, text);
    }
}
