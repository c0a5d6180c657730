package org.chartbridge.partner;

import org.jspecify.annotations.Nullable;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a partner's own codes and units are in LOINC and UCUM: its {@code codes.csv}.
 *
 * <p>A row is about a code, or about a text where only text was sent, and about one unit or, with
 * an empty one, about all. The row that names the unit goes before the one that does not; among
 * equals the one counts that began last before the day in question.
 */
public final class CodeTable {
    public static final CodeTable EMPTY = new CodeTable(List.of());

    /**
     * One row.
     *
     * @param line in the file, from 1
     * @param code OBX-3.1 as the partner sends it; empty when the row is about a text
     * @param text OBX-3.2; compared only when {@code code} is empty
     * @param unit OBX-6.1 as the partner sends it; empty for all
     * @param loinc empty when the test has no LOINC code and only its unit is translated
     * @param ucum empty when the unit is not translated
     * @param from the first day it is about; null for all of the past
     */
    public record Row(
            int line,
            String code,
            String text,
            String unit,
            String loinc,
            String ucum,
            @Nullable LocalDate from) {

        private Key key() {
            return new Key(code.isEmpty() ? text : code, code.isEmpty(), unit);
        }

        private LocalDate since() {
            return from == null ? LocalDate.MIN : from;
        }
    }

    private record Key(String test, boolean isText, String unit) {}

    /** The rows about the same, the latest first. */
    private final Map<Key, List<Row>> rows = new HashMap<>();

    private final int size;

    CodeTable(List<Row> all) {
        for (var row : all) rows.computeIfAbsent(row.key(), _ -> new ArrayList<>(1)).add(row);
        for (var same : rows.values()) same.sort(Comparator.comparing(Row::since).reversed());
        size = all.size();
    }

    /** How many rows there are. */
    public int size() {
        return size;
    }

    /**
     * The row that says what was sent.
     *
     * @param code OBX-3.1
     * @param text OBX-3.2
     * @param unit OBX-6.1
     * @param day of the result
     */
    public Optional<Row> find(String code, String text, String unit, LocalDate day) {
        if (rows.isEmpty()) return Optional.empty();
        boolean isText = code.isEmpty();
        var test = isText ? text : code;
        var exact = find(new Key(test, isText, unit), day);
        if (exact.isPresent() || unit.isEmpty()) return exact;
        return find(new Key(test, isText, ""), day);
    }

    /**
     * The row whose code the partner itself uses for a LOINC code; empty where it has none, or
     * several.
     *
     * @param unit OBX-6.1
     * @param day for which it is asked
     */
    public Optional<Row> ownCode(String loinc, String unit, LocalDate day) {
        Row own = null;
        for (var same : rows.values())
            for (var row : same) {
                if (row.code().isEmpty() || !row.loinc().equals(loinc)) continue;
                var counts = find(row.code(), row.text(), unit, day);
                if (counts.isEmpty() || !counts.get().loinc().equals(loinc)) continue;
                if (own != null && !own.code().equals(row.code())) return Optional.empty();
                own = counts.get();
            }
        return Optional.ofNullable(own);
    }

    private Optional<Row> find(Key key, LocalDate day) {
        return rows.getOrDefault(key, List.of()).stream()
                .filter(row -> !row.since().isAfter(day))
                .findFirst();
    }
}
