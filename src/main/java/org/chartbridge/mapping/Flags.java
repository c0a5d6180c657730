package org.chartbridge.mapping;

import java.util.Locale;
import java.util.Set;

/** Flags of a value, OBX-8, as table 0078 writes them. */
final class Flags {

    /** Table 0078, HL7 v2.5.1 and v2.8.2. */
    private static final Set<String> TABLE_0078 =
            Set.of(
                    "L", "LL", "H", "HH", "N", "A", "AA", "U", "D", "B", "W", "S", "R", "I", "MS",
                    "VS", "POS", "NEG", "IND", "DET", "ND", "AC", "TOX", "QCF", "RR", "WR", "NR",
                    "HU", "LU", "HM", "HX", "LX", "EX", "IE", "NS", "SDD", "SYN-R", "SYN-S", "EXP",
                    "UNE");

    private Flags() {}

    /** In small letters or capitals. */
    static boolean isOfTable(String flag) {
        return TABLE_0078.contains(flag.toUpperCase(Locale.ROOT));
    }

    /**
     * In capitals where they are letters of the table then ({@code hh} is HH ⚠); another flag is a
     * partner's own and stays as sent.
     *
     * @param flags repetitions joined by {@code ~}
     */
    static String inCapitals(String flags) {
        if (flags.equals(flags.toUpperCase(Locale.ROOT))) return flags;
        var each = flags.split("~", -1);
        for (int i = 0; i < each.length; i++) {
            var upper = each[i].toUpperCase(Locale.ROOT);
            if (TABLE_0078.contains(upper)) each[i] = upper;
        }
        return String.join("~", each);
    }
}
