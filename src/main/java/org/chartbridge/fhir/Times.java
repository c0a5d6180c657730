package org.chartbridge.fhir;

import org.hl7.fhir.r4.model.DateTimeType;
import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/**
 * Times of care as FHIR writes them, in the precision they were sent in. A date has no zone and
 * never shifts; a time of day is written as the lab's clock showed it, with the offset that makes
 * it the known instant.
 */
final class Times {
    private static final Pattern AS_SENT =
            Pattern.compile(
                    "(\\d{4})(?:(\\d{2})(?:(\\d{2})(?:(\\d{2})(\\d{2})?(\\d{2})?(?:\\.(\\d{1,9}))?)?)?)?([+-]\\d{4})?");

    private static final DateTimeFormatter FHIR =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssXXX");

    /** Offsets further than this from UTC are no offsets: then the instant is not of this text. */
    private static final long MAX_OFFSET_SECONDS = 18 * 3600;

    private Times() {}

    /**
     * A time of care.
     *
     * @param instant what the text means in its zone; null when it could not be read
     * @param asSent HL7 v2.5.1 §2.A.22
     * @return null when it was not sent or is no time
     */
    static @Nullable DateTimeType dateTime(@Nullable Instant instant, String asSent) {
        var m = AS_SENT.matcher(asSent.strip());
        if (instant == null || !m.matches()) return null;
        if (m.group(4) == null) {
            var date = new StringBuilder(m.group(1));
            if (m.group(2) != null) date.append('-').append(m.group(2));
            if (m.group(3) != null) date.append('-').append(m.group(3));
            return new DateTimeType(date.toString());
        }
        try {
            var local =
                    LocalDateTime.of(
                            number(m.group(1)),
                            number(m.group(2)),
                            number(m.group(3)),
                            number(m.group(4)),
                            number(m.group(5)),
                            number(m.group(6)));
            var ahead = local.toEpochSecond(ZoneOffset.UTC) - instant.getEpochSecond();
            if (Math.abs(ahead) > MAX_OFFSET_SECONDS) return null;
            return new DateTimeType(
                    FHIR.format(local.atOffset(ZoneOffset.ofTotalSeconds((int) ahead / 60 * 60))));
        } catch (DateTimeException e) {
            return null; // Hour 24 or month 00: kept in the chart as text, no time for FHIR.
        }
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
