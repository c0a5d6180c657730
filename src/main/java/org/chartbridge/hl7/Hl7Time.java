package org.chartbridge.hl7;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

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

    /** Digits of a time to the second. */
    private static final int WHOLE = 14;

    private static final int MAX_FRACTION_DIGITS = 9;

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
        int digits = digits(text, 0);
        int end = digits;
        int fraction = 0;
        if (digits == WHOLE && end < text.length() && text.charAt(end) == '.') {
            fraction = digits(text, end + 1);
            end += 1 + fraction;
            if (fraction == 0 || fraction > MAX_FRACTION_DIGITS) return wrongForm();
        }
        if (digits < 4 || digits > WHOLE || digits % 2 != 0 || !endsWithOffset(text, end))
            return wrongForm();
        int year = number(text, 0, 4);
        int hour = digits < 10 ? 0 : number(text, 8, 10);
        if (year == 0) return wrong("There is no year 0000.");
        if (hour == 24) return wrong("There is no hour 24; midnight is hour 00 of the next day.");
        try {
            var local =
                    LocalDateTime.of(
                            year,
                            digits < 6 ? 1 : number(text, 4, 6),
                            digits < 8 ? 1 : number(text, 6, 8),
                            hour,
                            digits < 12 ? 0 : number(text, 10, 12),
                            digits < WHOLE ? 0 : number(text, 12, WHOLE),
                            nanos(text, fraction));
            var precision = fraction > 0 ? Precision.FRACTION : precision(digits / 2 - 1);
            return new Parsed.Known(new Hl7Time(asSent, precision, local, offset(text, end)));
        } catch (DateTimeException e) {
            return wrong(
                    "A part of the date, time or offset is out of range (month, day, hour, minute"
                            + " or second).");
        }
    }

    // By hand: ten and more times are read in every result, and by a pattern they took an eighth
    // of what receiving one costs.

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
        return at - from;
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) number = number * 10 + text.charAt(i) - '0';
        return number;
    }

    private static int nanos(String text, int fractionDigits) {
        if (fractionDigits == 0) return 0;
        int nanos = number(text, WHOLE + 1, WHOLE + 1 + fractionDigits);
        for (int i = fractionDigits; i < MAX_FRACTION_DIGITS; i++) nanos *= 10;
        return nanos;
    }

    /** Whether nothing or +ZZZZ or -ZZZZ stands from here to the end. */
    private static boolean endsWithOffset(String text, int from) {
        int left = text.length() - from;
        return left == 0
                || (left == 5
                        && (text.charAt(from) == '+' || text.charAt(from) == '-')
                        && digits(text, from + 1) == 4);
    }

    private static @Nullable ZoneOffset offset(String text, int from) {
        if (from == text.length()) return null;
        int hours = number(text, from + 1, from + 3);
        int minutes = number(text, from + 3, from + 5);
        return text.charAt(from) == '-'
                ? ZoneOffset.ofHoursMinutes(-hours, -minutes)
                : ZoneOffset.ofHoursMinutes(hours, minutes);
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

    private static Parsed wrongForm() {
        return wrong(
                "A time must be written YYYYMMDDHHMMSS, with as many places as are known and an"
                        + " offset such as +0100.");
    }

    private static Parsed wrong(String text) {
        return new Parsed.Wrong(Fault.warning(null, ErrorCode.DATA_TYPE, "not-a-time", text));
    }

    /**
     * The last moment that may be meant, where the time is less exact than a second or lies in the
     * hour that comes twice when clocks go back; null where it is exact.
     *
     * @param msh7 as for {@link #instant}
     */
    public @Nullable Instant until(ZoneId partnerZone, @Nullable Hl7Time msh7) {
        var next =
                switch (precision) {
                    case YEAR -> local.plusYears(1);
                    case MONTH -> local.plusMonths(1);
                    case DAY -> local.plusDays(1);
                    case HOUR -> local.plusHours(1);
                    case MINUTE -> local.plusMinutes(1);
                    case SECOND, FRACTION -> null;
                };
        var twice = twice(partnerZone, msh7);
        if (next == null) return twice == null ? null : local.toInstant(twice);
        var end =
                twice == null
                        ? new Hl7Time(asSent, precision, next, offset).instant(partnerZone, msh7)
                        : next.toInstant(twice);
        return end.minusMillis(1);
    }

    /** The later of two offsets that this time has in the zone and nothing decides between. */
    private @Nullable ZoneOffset twice(ZoneId partnerZone, @Nullable Hl7Time msh7) {
        if (offset != null || !precision.timed()) return null;
        var offsets = partnerZone.getRules().getValidOffsets(local);
        if (offsets.size() < 2) return null;
        var hint = msh7 == null ? null : msh7.offset();
        return hint != null && offsets.contains(hint) ? null : offsets.getLast();
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
