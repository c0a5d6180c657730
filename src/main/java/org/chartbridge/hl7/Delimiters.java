package org.chartbridge.hl7;

/**
 * The characters a sender cuts its messages with: MSH-1 and MSH-2 (std 2.5.4). All are ASCII;
 * {@link #NONE} stands for one the sender does not have.
 *
 * @param escape NONE for the {@code ^~&} that some write
 * @param truncation the fifth character, from 2.7 on, accepted in every version
 */
public record Delimiters(
        char field,
        char component,
        char repetition,
        char escape,
        char subcomponent,
        char truncation) {

    public static final char NONE = '\0';

    /** The ones the standard recommends. */
    public static final Delimiters STANDARD = new Delimiters('|', '^', '~', '\\', '&', NONE);

    /** MSH-2 of at most this many characters is understood. */
    static final int MAX_ENCODING_CHARACTERS = 5;

    public boolean hasEscape() {
        return escape != NONE;
    }

    /**
     * Reads the bytes of MSH-2. Four are component, repetition, escape, subcomponent; a fifth is
     * truncation; of three the last is the escape character if it is a backslash, else the
     * subcomponent.
     *
     * @return null when they can't be delimiters (letters, digits, spaces, control characters, more
     *     than five, beyond ASCII, or one that is used twice)
     */
    static @org.jspecify.annotations.Nullable Delimiters read(
            byte[] bytes, char field, int from, int to) {
        int length = to - from;
        if (length > MAX_ENCODING_CHARACTERS) return null;
        for (int i = from; i < to; i++) {
            if (!canSeparate(bytes[i]) || bytes[i] == field) return null;
            for (int j = from; j < i; j++) if (bytes[j] == bytes[i]) return null;
        }
        return switch (length) {
            case 0 -> new Delimiters(field, '^', '~', '\\', '&', NONE);
            case 1 -> new Delimiters(field, (char) bytes[from], NONE, NONE, NONE, NONE);
            case 2 ->
                    new Delimiters(
                            field, (char) bytes[from], (char) bytes[from + 1], NONE, NONE, NONE);
            case 3 ->
                    bytes[from + 2] == '\\'
                            ? new Delimiters(
                                    field,
                                    (char) bytes[from],
                                    (char) bytes[from + 1],
                                    '\\',
                                    NONE,
                                    NONE)
                            : new Delimiters(
                                    field,
                                    (char) bytes[from],
                                    (char) bytes[from + 1],
                                    NONE,
                                    (char) bytes[from + 2],
                                    NONE);
            default ->
                    new Delimiters(
                            field,
                            (char) bytes[from],
                            (char) bytes[from + 1],
                            (char) bytes[from + 2],
                            (char) bytes[from + 3],
                            length == 5 ? (char) bytes[from + 4] : NONE);
        };
    }

    /** Whether a byte can be a delimiter: visible ASCII, neither letter nor digit. */
    static boolean canSeparate(byte b) {
        return b > ' '
                && b < 127
                && !(b >= '0' && b <= '9')
                && !(b >= 'A' && b <= 'Z')
                && !(b >= 'a' && b <= 'z');
    }
}
