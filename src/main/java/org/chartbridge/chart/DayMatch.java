package org.chartbridge.chart;

import java.util.regex.Pattern;

/**
 * A calendar date of some precision that is compared with dates of any precision, as they were
 * written: no time zone takes part, so nothing ever shifts by a day. The comparisons are those of
 * FHIR R4 search, §3.1.1.5.5: a date is the range of all moments it may mean.
 *
 * @param day {@code yyyy}, {@code yyyy-MM} or {@code yyyy-MM-dd}
 */
public record DayMatch(Comparison comparison, String day) {
    private static final Pattern DAY = Pattern.compile("\\d{4}(-\\d{2}(-\\d{2})?)?");

    public DayMatch {
        if (!DAY.matcher(day).matches())
            throw new IllegalArgumentException("a date is yyyy, yyyy-MM or yyyy-MM-dd");
    }

    /** How the found date relates to the one given. */
    public enum Comparison {
        /** Within it. */
        EQ,
        NE,
        /** After its end, at least in part. */
        GT,
        LT,
        GE,
        LE,
        /** After its end, in whole. */
        SA,
        EB
    }

    /**
     * A condition on a column of digits ({@code yyyy}, {@code yyyyMM} or {@code yyyyMMdd}; empty
     * when unknown, and then nothing matches).
     *
     * @param digits an SQL expression
     */
    String sql(String digits) {
        // Only digits of the day get into the text: see DAY.
        var given = day.replace("-", "");
        var first = "'" + given + "0".repeat(8 - given.length()) + "'";
        var last = "'" + given + "9".repeat(8 - given.length()) + "'";
        var earliest = "rpad(" + digits + ", 8, '0') collate \"C\"";
        var latest = "rpad(" + digits + ", 8, '9') collate \"C\"";
        var condition =
                switch (comparison) {
                    case EQ -> digits + " like '" + given + "%'";
                    case NE -> digits + " not like '" + given + "%'";
                    case GT -> latest + " > " + last;
                    case LT -> earliest + " < " + first;
                    case GE -> latest + " >= " + first;
                    case LE -> earliest + " <= " + last;
                    case SA -> earliest + " > " + last;
                    case EB -> latest + " < " + first;
                };
        return "(" + digits + " <> '' and " + condition + ")";
    }
}
