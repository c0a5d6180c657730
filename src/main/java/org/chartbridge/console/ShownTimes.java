package org.chartbridge.console;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * How moments are written on pages: in one zone, which every page names. Times of care are not
 * converted: they are shown as they were sent.
 */
@Component("times")
public class ShownTimes {
    private static final DateTimeFormatter LIST =
            DateTimeFormatter.ofPattern("d MMM HH:mm:ss", Locale.ENGLISH);
    private static final DateTimeFormatter TEXT =
            DateTimeFormatter.ofPattern("d MMM yyyy HH:mm", Locale.ENGLISH);
    private static final DateTimeFormatter EXACT =
            DateTimeFormatter.ofPattern("d MMM yyyy HH:mm:ss.SSS", Locale.ENGLISH);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM yyyy", Locale.ENGLISH);

    private final ZoneId zone;

    /**
     * @param zone setting {@code chartbridge.zone}: by default that of the machine
     */
    ShownTimes(@Value("${chartbridge.zone:}") String zone) {
        this.zone = zone.isEmpty() ? ZoneId.systemDefault() : ZoneId.of(zone);
    }

    public ZoneId zone() {
        return zone;
    }

    /** For the foot of each page: {@code Europe/Berlin (UTC+01:00)}. */
    public String zoneName() {
        var offset = zone.getRules().getOffset(Instant.now());
        if (zone.normalized().equals(ZoneOffset.UTC)) return "UTC";
        return offset.getTotalSeconds() == 0
                ? zone.getId()
                : zone.getId() + " (UTC" + offset.getId() + ")";
    }

    /** In a list: day and time to the second. */
    public String list(Instant time) {
        return LIST.format(time.atZone(zone));
    }

    /** In a sentence: day, year, time to the minute. */
    public String text(Instant time) {
        return TEXT.format(time.atZone(zone));
    }

    /** To the millisecond. */
    public String exact(Instant time) {
        return EXACT.format(time.atZone(zone));
    }

    /** For {@code datetime} attributes and files: ISO 8601 with the offset. */
    public String iso(Instant time) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time.atZone(zone).toOffsetDateTime());
    }

    /** How long ago, in one unit. */
    public String ago(Instant time) {
        var gone = Duration.between(time, Instant.now());
        if (gone.toMinutes() < 1) return "just now";
        if (gone.toHours() < 1) return gone.toMinutes() + " min ago";
        if (gone.toDays() < 1) return gone.toHours() + " h ago";
        return gone.toDays() + " d ago";
    }

    /** From one moment to the next: {@code 12 ms}, {@code 3.4 s}. */
    public String took(Instant from, @Nullable Instant to) {
        if (to == null) return "";
        var millis = Duration.between(from, to).toMillis();
        if (millis < 1_000) return Math.max(millis, 0) + " ms";
        if (millis < 60_000) return "%.1f s".formatted(millis / 1000.0);
        return Duration.ofMillis(millis).toMinutes() + " min";
    }

    /**
     * A date of whatever precision it came in: {@code 3 Feb 1971}, {@code Feb 1971}, {@code 1971}.
     */
    public static String day(String date) {
        try {
            return switch (date.length()) {
                case 10 -> DAY.format(LocalDate.parse(date));
                case 7 ->
                        DateTimeFormatter.ofPattern("MMM yyyy", Locale.ENGLISH)
                                .format(LocalDate.parse(date + "-01"));
                default -> date;
            };
        } catch (java.time.DateTimeException e) {
            return date;
        }
    }

    /**
     * Age today of someone born then: {@code 55 y}, {@code 7 mo}, {@code 12 d}; empty when not
     * known.
     */
    public String age(String birthDate) {
        if (birthDate.length() != 10) return "";
        try {
            var age = Period.between(LocalDate.parse(birthDate), LocalDate.now(zone));
            if (age.isNegative()) return "";
            if (age.getYears() >= 2) return age.getYears() + " y";
            if (age.toTotalMonths() >= 1) return age.toTotalMonths() + " mo";
            return age.getDays() + " d";
        } catch (java.time.DateTimeException e) {
            return "";
        }
    }

    /**
     * A time of care as a laboratory wrote it (HL7 TS): split into its parts for people, never
     * converted; what is no such time stays as it is.
     */
    public static String asSent(String sent) {
        var offset =
                sent.length() > 5
                                && (sent.charAt(sent.length() - 5) == '+'
                                        || sent.charAt(sent.length() - 5) == '-')
                        ? sent.substring(sent.length() - 5)
                        : "";
        var digits = sent.substring(0, sent.length() - offset.length());
        var dot = digits.indexOf('.');
        if (dot >= 0) digits = digits.substring(0, dot);
        if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) return sent;
        var zone = offset.isEmpty() ? "" : " " + offset.substring(0, 3) + ":" + offset.substring(3);
        return switch (digits.length()) {
            case 4 -> digits;
            case 6 -> day(digits.substring(0, 4) + "-" + digits.substring(4));
            case 8 -> dayOf(digits);
            case 10 -> dayOf(digits) + " " + digits.substring(8) + " h" + zone;
            case 12, 14 ->
                    dayOf(digits)
                            + " "
                            + digits.substring(8, 10)
                            + ":"
                            + digits.substring(10, 12)
                            + zone;
            default -> sent;
        };
    }

    /** The day of a time of care, as it was sent; for narrow places. */
    public static String dayAsSent(String sent) {
        return sent.matches("\\d{8}.*") ? dayOf(sent.substring(0, 8)) : asSent(sent);
    }

    private static String dayOf(String digits) {
        return day(
                digits.substring(0, 4)
                        + "-"
                        + digits.substring(4, 6)
                        + "-"
                        + digits.substring(6, 8));
    }
}
