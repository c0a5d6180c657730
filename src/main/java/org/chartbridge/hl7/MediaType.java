package org.chartbridge.hl7;

import org.jspecify.annotations.Nullable;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What HTTP says a message is: {@code application/hl7-v2; charset=…}, HAPI's "HL7 over HTTP" §2.4.
 */
public final class MediaType {
    /** HAPI's servers know no other, and those of others take it. */
    public static final String HL7 = "application/hl7-v2";

    /** What senders write; the last three say nothing, as many clients do by default. */
    private static final List<String> TAKEN =
            List.of(
                    HL7,
                    HL7 + "+er7",
                    "x-application/hl7-v2+er7",
                    "text/plain",
                    "application/octet-stream",
                    "");

    private static final Pattern CHARSET = Pattern.compile("(?i);\\s*charset\\s*=\\s*\"?([^\";]+)");

    private MediaType() {}

    /**
     * The type of a message of ours. It names a character set only where that is known.
     *
     * @param standard how it is read when MSH-18 is empty
     */
    public static String of(byte[] content, Charset standard) {
        boolean said = Header.read(content).filter(msh -> !msh.charsets().isEmpty()).isPresent();
        if (said && Message.read(content, standard) instanceof Reading.Readable(var message))
            // A message of several sets has no name that a reader of HTTP would know.
            return message.charset() instanceof Switched
                    ? HL7
                    : HL7 + "; charset=" + message.charset().name();
        return isAscii(content) ? HL7 + "; charset=UTF-8" : HL7;
    }

    /**
     * Why a body is not taken as what its request says it is; empty when it is. A message is read
     * by MSH-18 wherever it comes from, so a request that says otherwise is not guessed about.
     *
     * @param said Content-Type; null when there is none
     * @param standard how the message is read when MSH-18 is empty
     */
    public static Optional<String> misfit(@Nullable String said, byte[] content, Charset standard) {
        if (said == null) return Optional.empty();
        var type = said.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
        if (!TAKEN.contains(type))
            return Optional.of("wanted Content-Type " + HL7 + ", one message with | in each body");
        var charset = CHARSET.matcher(said);
        if (!charset.find() || isAscii(content)) return Optional.empty();
        var read =
                Message.read(content, standard) instanceof Reading.Readable(var message)
                        ? message.charset()
                        : standard;
        return isSame(
                        charset.group(1).strip(),
                        read instanceof Switched switched ? switched.base() : read)
                ? Optional.empty()
                : Optional.of(
                        "Content-Type names another character set than "
                                + read.name()
                                + ", by which the message is read; name it in MSH-18");
    }

    private static boolean isSame(String name, Charset charset) {
        try {
            return Charset.forName(name).equals(charset);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException _) {
            return false;
        }
    }

    private static boolean isAscii(byte[] content) {
        for (byte b : content) if (b < 0) return false;
        return true;
    }
}
