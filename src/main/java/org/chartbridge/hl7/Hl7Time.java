package org.chartbridge.hl7;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/**
 * A time with the precision it was sent in: YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ] (std
 * 2.A.22).
 *
 * @param asSent the text as it came
 * @param local date and time as written; parts that were not given are their lowest value, so read
 *     it together with the precision
 * @param offset from UTC as sent, null when none was
 */
public record Hl7Time(
        String asSent, Precision precision, LocalDateTime local, @Nullable ZoneOffset offset) {

    private static final Pattern FORM =
            Pattern.compile(
                    "(\\d{4})(?:(\\d{2})(?:(\\d{2})(?:(\\d{2})(?:(\\d{2})(?:(\\d{2})(?:\\.(\\d{1,9}))?)?)?)?)?)?([+-]\\d{4})?");
    private static final Pattern OFFSET = Pattern.compile("([+-]\\d{2})(\\d{2})");

    /** What came of reading a time. */
    public sealed interface Parsed {
        /** Nothing was sent, or only explicit null. */
        record Absent() implements Parsed {}

        record Known(Hl7Time time) implements Parsed {}

        /** Not a time (24:00, month 00, letters): flagged; the caller keeps the text as sent. */
        record Wrong(Fault fault) implements Parsed {}
    }

    /** Reads a DT, DTM or the first component of a TS. */
    public static Parsed parse(String asSent) {
        var text = asSent.strip();
        if (text.isEmpty() || text.equals(Message.NULL)) return new Parsed.Absent();
        var m = FORM.matcher(text);
        if (!m.matches())
            return wrong(
                    "A time must be written YYYYMMDDHHMMSS, with as many places as are known and an"
                            + " offset such as +0100.");
        int given = 1;
        while (given < 6 && m.group(given + 1) != null) given++;
        int[] parts = {0, 1, 1, 0, 0, 0};
        for (int i = 0; i < given; i++) parts[i] = Integer.parseInt(m.group(i + 1));
        if (parts[0] == 0) return wrong("There is no year 0000.");
        if (parts[3] == 24)
            return wrong("There is no hour 24; midnight is hour 00 of the next day.");
        var fraction = m.group(7);
        int nanos =
                fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
        try {
            var local =
                    LocalDateTime.of(
                            parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], nanos);
            var precision = fraction != null ? Precision.FRACTION : precision(given);
            return new Parsed.Known(new Hl7Time(asSent, precision, local, offset(m.group(8))));
        } catch (DateTimeException e) {
            return wrong(
                    "A part of the date, time or offset is out of range (month, day, hour, minute"
                            + " or second).");
        }
    }

    private static Precision precision(int partsGiven) {
        return switch (partsGiven) {
            case 1 -> Precision.YEAR;
            case 2 -> Precision.MONTH;
            case 3 -> Precision.DAY;
            case 4 -> Precision.HOUR;
            case 5 -> Precision.MINUTE;
            default -> Precision.SECOND;
        };
    }

    private static @Nullable ZoneOffset offset(@Nullable String text) {
        if (text == null) return null;
        var m = OFFSET.matcher(text);
        if (!m.matches()) throw new DateTimeException("offset");
        int hours = Integer.parseInt(m.group(1));
        int minutes = Integer.parseInt(m.group(2));
        return ZoneOffset.ofHoursMinutes(hours, text.charAt(0) == '-' ? -minutes : minutes);
    }

    private static Parsed wrong(String text) {
        return new Parsed.Wrong(Fault.warning(null, ErrorCode.DATA_TYPE, "not-a-time", text));
    }

    /**
     * The moment meant. An offset that was sent decides; else the partner's zone, in which the
     * offset of MSH-7 settles the hour that comes twice when clocks go back; never the server's
     * zone.
     *
     * <p>A date has no moment and never shifts: for it this is the start of the day in the
     * partner's zone, good for ordering and for nothing that is shown; show {@link #local()} by its
     * precision.
     *
     * @param msh7 MSH-7 of the message, null when absent or wrong
     */
    public Instant instant(ZoneId partnerZone, @Nullable Hl7Time msh7) {
        if (!precision.timed()) return local.atZone(partnerZone).toInstant();
        if (offset != null) return local.toInstant(offset);
        var hint = msh7 == null ? null : msh7.offset();
        if (hint != null && partnerZone.getRules().isValidOffset(local, hint))
            return local.toInstant(hint);
        return local.atZone(partnerZone).toInstant();
    }
}
