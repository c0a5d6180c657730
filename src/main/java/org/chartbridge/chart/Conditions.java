package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The {@code where} of a search and its values. What was searched for only ever travels as a value,
 * never in the text of the statement.
 */
final class Conditions {
    private final List<String> all = new ArrayList<>();
    private final Map<String, Object> values = new HashMap<>();

    /** Whether the number is that of another patient since, taken from {@code p} (A43, A37). */
    private static final String IS_MOVED =
            """
            exists (select
                    from assertion a
                    join patient_record n on n.id in (a.record_id, a.other_id) and n.id <> p.id
                    where (a.record_id = p.id or a.other_id = p.id) and a.kind = 'unlinked'
                      and a.withdrawn_by is null and n.person_id <> p.person_id
                      and n.id_value = :value%1$d)\
            """;

    /** Conditions on {@code patient_record p}. */
    static Conditions of(PersonSearch search) {
        var conditions = new Conditions();
        if (!search.ids().isEmpty()) {
            conditions.add("p.person_id = any(:ids)");
            conditions.values.put("ids", search.ids().toArray(UUID[]::new));
        }
        conditions.identifiers(search.identifiers());
        var family = search.familyPrefix();
        if (family != null) {
            conditions.add("lower(p.family_name) like lower(:family)");
            conditions.values.put("family", prefix(family));
        }
        var given = search.givenPrefix();
        if (given != null) {
            conditions.add("lower(p.given_name) like lower(:given)");
            conditions.values.put("given", prefix(given));
        }
        for (var date : search.birthDates()) {
            conditions.add(date.sql("replace(p.birth_date, '-', '')"));
        }
        return conditions;
    }

    /**
     * Conditions on {@code patient_record p} and {@code report r}.
     *
     * @param doubted values in doubt of whom it is about; not looked at for any status
     */
    static Conditions ofReports(ResultSearch search, Collection<ObservationView> doubted) {
        var conditions = new Conditions();
        conditions.results(search, "r", "r.collected_as_sent", "r.collected_at");
        if (!search.series().isEmpty()) {
            // The first version has the id of the series, which leads to the patient's reports.
            conditions.add(
                    "p.person_id = any(array(select m.person_id from report f join patient_record m"
                            + " on m.id = f.record_id where f.id = any(:series)))");
        }
        var statuses = search.statuses();
        if (statuses != null) {
            conditions.add(
                    "case when r.series = any(:doubted) then :doubtful else r.status ="
                            + " any(:statuses) end");
            conditions.values.put("statuses", statuses.toArray(String[]::new));
            conditions.values.put(
                    "doubted",
                    doubted.stream().map(ObservationView::reportSeries).toArray(Long[]::new));
            conditions.values.put("doubtful", search.doubtful());
        }
        return conditions;
    }

    /** The same on {@code observation o} as well. */
    static Conditions ofObservations(ResultSearch search, Collection<ObservationView> doubted) {
        var conditions = new Conditions();
        conditions.results(search, "o", "o.observed_as_sent", "o.observed_at");
        if (!search.series().isEmpty()) {
            conditions.add(
                    "p.person_id = any(array(select m.person_id from observation f join"
                        + " patient_record m on m.id = f.record_id where f.id = any(:series)))");
            conditions.add(
                    "o.report_series = any(array(select report_series from observation where id ="
                            + " any(:series)))");
        }
        var plain = search.statuses();
        var corrected = search.correctedStatuses();
        if (plain != null || corrected != null) {
            conditions.add(
                    "case when o.id = any(:doubted) then :doubtful else"
                            + " (not o.corrected and o.status = any(:plain) or o.corrected and"
                            + " o.status = any(:corrected)) end");
            conditions.values.put(
                    "doubted", doubted.stream().map(ObservationView::id).toArray(Long[]::new));
            conditions.values.put("doubtful", search.doubtful());
            conditions.values.put("plain", letters(plain));
            conditions.values.put("corrected", letters(corrected));
        }
        return conditions;
    }

    String sql() {
        return all.isEmpty() ? "true" : String.join("\n  and ", all);
    }

    Map<String, Object> values() {
        return values;
    }

    private void add(String condition) {
        all.add(condition);
    }

    private void identifiers(List<PersonSearch.IdentifierMatch> identifiers) {
        if (identifiers.isEmpty()) return;
        var any = new ArrayList<String>();
        for (var identifier : identifiers) {
            var n = any.size();
            values.put("value" + n, identifier.value());
            var authority = identifier.authority();
            if (authority == null) {
                any.add(
                        "p.id_value = :value%1$d or p.identifiers @> jsonb_build_array(jsonb_build_object('value', :value%1$d::text)) and not %2$s"
                                .formatted(n, IS_MOVED.formatted(n)));
            } else {
                values.put("authority" + n, authority);
                any.add(
                        "p.id_value = :value%1$d and p.authority = :authority%1$d or p.identifiers @> jsonb_build_array(jsonb_build_object('value', :value%1$d::text, 'authority', :authority%1$d::text)) and not %2$s"
                                .formatted(n, IS_MOVED.formatted(n)));
            }
        }
        add("(" + String.join(" or ", any) + ")");
    }

    private void results(ResultSearch search, String table, String asSent, String instant) {
        if (!search.persons().isEmpty()) {
            add(Persons.ARE_PERSONS);
            values.put("persons", search.persons().toArray(UUID[]::new));
        }
        if (!search.series().isEmpty()) {
            add(table + ".series = any(:series)");
            values.put("series", search.series().toArray(Long[]::new));
        }
        codes(search.codes(), table);
        for (var day : search.days()) {
            add(day.sql("substring(" + asSent + " from '^[0-9]{4,8}')"));
        }
        for (var time : search.times()) {
            var n = values.size();
            var from = time.from();
            if (from != null) {
                add(instant + " >= :from" + n);
                values.put("from" + n, from.atOffset(ZoneOffset.UTC));
            }
            var until = time.until();
            if (until != null) {
                add(instant + " < :until" + n);
                values.put("until" + n, until.atOffset(ZoneOffset.UTC));
            }
        }
    }

    private void codes(List<ResultSearch.CodeMatch> codes, String table) {
        if (codes.isEmpty()) return;
        var any = new ArrayList<String>();
        for (var code : codes) {
            var n = any.size();
            var own = new ArrayList<String>();
            var alternate = new ArrayList<String>();
            var wanted = code.code();
            if (wanted != null) {
                own.add("%s.code = :code%d".formatted(table, n));
                alternate.add("%s.alternate ->> 'code' = :code%d".formatted(table, n));
                values.put("code" + n, wanted);
            }
            if (!code.systems().isEmpty()) {
                own.add("upper(%s.code_system) = any(:systems%d)".formatted(table, n));
                alternate.add(
                        "upper(%s.alternate ->> 'system') = any(:systems%d)".formatted(table, n));
                values.put("systems" + n, code.systems().toArray(String[]::new));
            }
            var partner = code.partner();
            if (partner != null) {
                own.add("r.partner = :partner" + n);
                alternate.add("r.partner = :partner" + n);
                values.put("partner" + n, partner);
            }
            any.add(
                    "%s or %s.alternate is not null and %s"
                            .formatted(
                                    String.join(" and ", own),
                                    table,
                                    String.join(" and ", alternate)));
        }
        add("(" + String.join(" or ", any) + ")");
    }

    private static String[] letters(@Nullable List<String> statuses) {
        return statuses == null ? new String[0] : statuses.toArray(String[]::new);
    }

    /** A {@code like} pattern of what begins so; what the text holds of wildcards is literal. */
    private static String prefix(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
    }
}
