package org.chartbridge.journal;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The filter as a condition on {@code journal j}: only the parts that are set, so that the planner
 * sees an index.
 */
final class FilterConditions {
    private final List<String> parts = new ArrayList<>(List.of("j.kind = 'message'"));
    private final Map<String, Object> values = new HashMap<>();

    FilterConditions(JournalFilter filter) {
        if (filter.from() != null) add("j.received_at >= :from", "from", utc(filter.from()));
        if (filter.until() != null) add("j.received_at < :until", "until", utc(filter.until()));
        if (!filter.partner().isEmpty()) add("j.partner = :partner", "partner", filter.partner());
        if (!filter.type().isEmpty()) add("j.message_type = :type", "type", filter.type());
        if (filter.state() != null) stateIs(filter.state());
        if (!filter.controlId().isEmpty())
            add("j.control_id = :controlId", "controlId", filter.controlId());
        if (!filter.reason().isEmpty())
            add(
                    """
                    jsonb_path_exists(j.reasons, '$[*] ? (@.reason starts with $begin)', jsonb_build_object('begin', :reason::text))\
                    """,
                    "reason",
                    filter.reason());
        if (filter.records() != null)
            add("j.record_id = any(:records)", "records", filter.records().toArray(Long[]::new));
    }

    /** As a literal, so that the partial indexes of the worklists are found. */
    private void stateIs(EntryState state) {
        parts.add("j.state = '" + state.word() + "'");
        if (state == EntryState.HELD || state == EntryState.REFUSED)
            parts.add("j.state in ('held', 'refused')");
    }

    private void add(String part, String name, Object value) {
        parts.add(part);
        values.put(name, value);
    }

    String sql() {
        return String.join("\n  and ", parts);
    }

    Map<String, Object> values() {
        return values;
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
