package org.chartbridge.hl7;

import org.jspecify.annotations.Nullable;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The names of MSH-18 (table 0211), as written by the standard and as written by senders. */
final class CharacterSets {
    static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    private static final Set<String> TABLE_0211 =
            Set.of(
                    "ASCII",
                    "8859/1",
                    "8859/2",
                    "8859/3",
                    "8859/4",
                    "8859/5",
                    "8859/6",
                    "8859/7",
                    "8859/8",
                    "8859/9",
                    "8859/15",
                    "JAS2020",
                    "JIS X 0202",
                    "ISO IR6",
                    "ISO IR14",
                    "ISO IR87",
                    "ISO IR159",
                    "GB 18030-2000",
                    "KS X 1001",
                    "CNS 11643-1992",
                    "BIG-5",
                    "UNICODE",
                    "UNICODE UTF-8",
                    "UNICODE UTF-16",
                    "UNICODE UTF-32");

    /** By the name's letters and digits alone. */
    private static final Map<String, String> JAVA_NAMES =
            Map.ofEntries(
                    Map.entry("ASCII", "US-ASCII"),
                    Map.entry("USASCII", "US-ASCII"),
                    Map.entry("ISOIR6", "US-ASCII"),
                    Map.entry("LATIN1", "ISO-8859-1"),
                    Map.entry("ISOIR100", "ISO-8859-1"),
                    Map.entry("88591", "ISO-8859-1"),
                    Map.entry("88592", "ISO-8859-2"),
                    Map.entry("88593", "ISO-8859-3"),
                    Map.entry("88594", "ISO-8859-4"),
                    Map.entry("88595", "ISO-8859-5"),
                    Map.entry("88596", "ISO-8859-6"),
                    Map.entry("88597", "ISO-8859-7"),
                    Map.entry("88598", "ISO-8859-8"),
                    Map.entry("88599", "ISO-8859-9"),
                    Map.entry("885915", "ISO-8859-15"),
                    Map.entry("UTF8", "UTF-8"),
                    Map.entry("UNICODEUTF8", "UTF-8"),
                    // The table's UNICODE names no encoding; what starts with the bytes MSH is
                    // UTF-8.
                    Map.entry("UNICODE", "UTF-8"),
                    Map.entry("ISOIR192", "UTF-8"),
                    Map.entry("UTF16", "UTF-16"),
                    Map.entry("UNICODEUTF16", "UTF-16"),
                    Map.entry("WINDOWS1250", "windows-1250"),
                    Map.entry("CP1250", "windows-1250"),
                    Map.entry("WINDOWS1251", "windows-1251"),
                    Map.entry("CP1251", "windows-1251"),
                    Map.entry("WINDOWS1252", "windows-1252"),
                    Map.entry("CP1252", "windows-1252"),
                    Map.entry("ISOIR14", "ISO-2022-JP-2"),
                    Map.entry("ISOIR87", "ISO-2022-JP-2"),
                    Map.entry("ISOIR159", "ISO-2022-JP-2"),
                    Map.entry("JAS2020", "ISO-2022-JP-2"),
                    Map.entry("JISX0202", "ISO-2022-JP-2"),
                    Map.entry("ISO2022JP", "ISO-2022-JP-2"),
                    Map.entry("SHIFTJIS", "windows-31j"),
                    Map.entry("EUCJP", "EUC-JP"),
                    Map.entry("GB180302000", "GB18030"),
                    Map.entry("GB18030", "GB18030"),
                    Map.entry("GB2312", "GB18030"),
                    Map.entry("KSX1001", "EUC-KR"),
                    Map.entry("CNS116431992", "x-EUC-TW"),
                    Map.entry("BIG5", "Big5"));

    /** Those in whose characters a byte may look like a delimiter or a line break. */
    private static final Set<String> HIDING_DELIMITERS =
            Set.of(
                    "ISO-2022-JP-2",
                    "ISO-2022-JP",
                    "windows-31j",
                    "Shift_JIS",
                    "GB18030",
                    "Big5",
                    "GBK");

    private CharacterSets() {}

    /** What MSH-18 says. */
    sealed interface Declared {
        /** No character set is named. */
        record Nothing() implements Declared {}

        /** One we can read; misspelt when it is not in the table in these words. */
        record Known(Charset charset, boolean misspelt) implements Declared {}

        /** One we can't read. */
        record Unknown() implements Declared {}
    }

    /**
     * Resolves the repetitions of MSH-18; later ones are alternates that ISO 2022 escapes switch
     * to.
     */
    static Declared resolve(List<String> names) {
        boolean misspelt = false;
        @Nullable Charset first = null;
        boolean sure = true;
        for (var name : names) {
            if (name.isBlank()) continue;
            var charset = find(name);
            if (charset == null) return new Declared.Unknown();
            misspelt |= !TABLE_0211.contains(name);
            // A Japanese alternate means ISO 2022 with ASCII or the like as its first set.
            if (first == null || (isJapanese(charset) && isAscii(first))) first = charset;
            else if (!charset.equals(first) && !isAscii(charset) && !isJapanese(first))
                sure = false;
        }
        // The only alternate of ASCII is taken for the whole; of several none can be.
        if (first != null && !sure && names.getFirst().isBlank() && !isJapanese(first))
            first = StandardCharsets.US_ASCII;
        return first == null ? new Declared.Nothing() : new Declared.Known(first, misspelt);
    }

    static @Nullable Charset find(String name) {
        var key = name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "");
        if (key.startsWith("ISO8859")) key = key.substring(3);
        var javaName = JAVA_NAMES.get(key);
        return javaName != null && Charset.isSupported(javaName) ? Charset.forName(javaName) : null;
    }

    private static boolean isAscii(Charset charset) {
        return charset.equals(StandardCharsets.US_ASCII);
    }

    private static boolean isJapanese(Charset charset) {
        return charset.name().startsWith("ISO-2022");
    }

    /** Whether nothing but ASCII and what one reader of Japanese knows is named. */
    static boolean isOnlyJapanese(List<String> names) {
        for (var name : names) {
            var charset = name.isBlank() ? null : find(name);
            if (charset != null && !isAscii(charset) && !isJapanese(charset)) return false;
        }
        return true;
    }

    /**
     * The set that bytes are in where no escape sequence switched to another one.
     *
     * @param standard what is meant when MSH-18 is empty
     */
    static Charset base(byte[] raw, List<String> names, Charset standard) {
        var said = resolve(names) instanceof Declared.Known(var charset, _) ? charset : standard;
        if (isJapanese(said)) said = StandardCharsets.US_ASCII;
        if (said.name().startsWith("UTF-16")) said = StandardCharsets.UTF_8;
        return Text.isAscii(raw, 0, raw.length) ? said : really(raw, said, standard);
    }

    /** The character set that bytes are really in, where that is certain enough. */
    static Charset really(byte[] bytes, Charset said, Charset standard) {
        if (!isWestern(said)) return said;
        var really = said;
        if (Text.firstUndecodable(bytes, 0, bytes.length, StandardCharsets.UTF_8) < 0)
            really = StandardCharsets.UTF_8;
        else if (isAscii(said) && isWestern(standard)) really = standard;
        return really.equals(StandardCharsets.ISO_8859_1) && hasControlsOfLatin1(bytes)
                ? WINDOWS_1252
                : really;
    }

    private static boolean hasControlsOfLatin1(byte[] bytes) {
        for (byte b : bytes) if (b < (byte) 0xA0) return true;
        return false;
    }

    static boolean hidesDelimiters(Charset charset) {
        return HIDING_DELIMITERS.contains(charset.name());
    }

    /**
     * Whether text of this kind may in truth be UTF-8 or windows-1252: names that senders set once.
     */
    static boolean isWestern(Charset charset) {
        return charset.equals(StandardCharsets.US_ASCII)
                || charset.equals(StandardCharsets.ISO_8859_1)
                || charset.equals(WINDOWS_1252)
                || charset.name().equals("ISO-8859-15");
    }

    /** UTF-16 by its mark or by how MSH looks in it; null for everything else. */
    static @Nullable Charset utf16(byte[] raw) {
        if (raw.length < 8) return null;
        if (raw[0] == (byte) 0xFE && raw[1] == (byte) 0xFF) return StandardCharsets.UTF_16BE;
        if (raw[0] == (byte) 0xFF && raw[1] == (byte) 0xFE) return StandardCharsets.UTF_16LE;
        if (raw[0] == 0 && raw[1] == 'M' && raw[2] == 0 && raw[3] == 'S')
            return StandardCharsets.UTF_16BE;
        if (raw[0] == 'M' && raw[1] == 0 && raw[2] == 'S' && raw[3] == 0)
            return StandardCharsets.UTF_16LE;
        return null;
    }
}
