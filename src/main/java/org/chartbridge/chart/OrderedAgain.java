package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * What stands of an order while something is ordered once more under its number, or it is changed
 * to another test ⚠: that waits for a person under Orders to place, or a person decided that it is
 * not sent, and a laboratory does the first. So the first one stands, with its test; the second
 * counts once it is sent, or where the first was cancelled. Decided when it is read: what waits is
 * no word of the sender's, and the chart's rows stay a function of messages alone.
 */
final class OrderedAgain {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    /** How much of a number is kept with a delivery. */
    private static final int MAX_CHARACTERS = 200;

    /** Whether the order {@code i} left by a message: a delivery was chosen for its number. */
    private static final String LEFT =
            """
            exists (select
                    from delivery d
                    where d.entry_id = %s and d.destination not like '%%/orders-to-place%%'
                      and position('"number":' || to_json(left(split_part(i.placer_number, '^', 1), MAX))::text
                                   in d.chosen) > 0)\
            """
                    .replace("MAX", String.valueOf(MAX_CHARACTERS));

    /** A column beside those of an order {@code i}; after a comma. */
    static final String COLUMN =
            """
            , case when i.placer_number <> '' and i.control in ('', 'NW', 'RO', 'CH', 'XO') and %s
              then (select jsonb_agg(jsonb_build_object(
                                         'item', word,
                                         'entry', s.entry_id,
                                         'said', coalesce(s.entered_at, s.message_at),
                                         'recorded', s.recorded_at,
                                         'left', %s,
                                         'waits', %s)
                                     order by coalesce(s.entered_at, s.message_at, '-infinity'),
                                              coalesce(s.message_at, '-infinity'), s.entry_id)::text
                    from statement s
                    cross join lateral jsonb_array_elements(s.said -> 'items') words(word)
                    where s.record_id = i.record_id and s.kind = 'placed_order'
                      and s.partner = i.partner and s.visit_id = i.visit_id
                      and word ->> 'key' in (i.item_key, 'stop ' || i.placer_number))
              end as before
            """
                    .formatted(
                            waits("i.listed_entry"),
                            LEFT.formatted("s.entry_id"),
                            waits("s.entry_id"));

    private OrderedAgain() {}

    /** Whether it did not leave by a message that has such as waits or is not sent. */
    private static String waits(String entry) {
        return """
        (exists (select
                 from delivery w
                 where w.entry_id = %s and w.destination like '%%/orders-to-place%%'
                   and w.state in ('waiting', 'skipped'))
         and not %s)\
        """
                .formatted(entry, LEFT.formatted(entry));
    }

    /**
     * The order as it stands.
     *
     * @param now as its row has it
     * @param before of {@link #COLUMN}; null where nothing is ordered again
     * @param later whether something was said of it after what its row has
     */
    static PlacedOrderView of(PlacedOrderView now, @Nullable String before, boolean later) {
        if (before == null) return now;
        JsonNode order = null;
        JsonNode last = null;
        boolean left = false;
        for (var word : MAPPER.readTree(before)) {
            if (isAgain(word, order)) continue;
            last = word;
            if (word.path("item").path("key").asString("").startsWith("stop ")) continue;
            order = word;
            left |= word.path("left").asBoolean(false);
        }
        if (order == null || last == null || !left) return now;
        if (order.path("entry").asLong(0) == now.source().entryId()) return now;
        if (text(last, "state").equals("cancelled")) return now;
        var said = later ? now.source() : source(last, now.source().partner());
        return new PlacedOrderView(
                now.id(),
                now.personId(),
                now.active(),
                test(order),
                now.placerNumber(),
                text(order, "number"),
                text(order, "group"),
                later ? now.state() : text(last, "state"),
                later ? now.control() : text(last, "control"),
                later ? now.stateAsSent() : text(last, "clinical_status"),
                text(order, "priority"),
                time(order, "began"),
                text(order, "began"),
                time(order, "collected"),
                text(order, "collected"),
                time(order, "due"),
                text(order, "due"),
                text(order, "clinician"),
                text(order, "reason"),
                text(order, "specimen"),
                text(order, "details"),
                Supporting.of(part(order, "supporting", "code")),
                said,
                text(order, "specimen_number"));
    }

    /**
     * @param standing what stands before that; null for nothing
     */
    private static boolean isAgain(JsonNode word, @Nullable JsonNode standing) {
        if (!word.path("waits").asBoolean(false)) return false;
        return switch (text(word, "control")) {
            case "", "NW", "RO", "CH" -> true;
            case "XO" -> standing != null && !test(standing).isOfTest(test(word));
            default -> false;
        };
    }

    private static CodingView test(JsonNode word) {
        return new CodingView(
                part(word, "code", "code"), text(word, "code"), part(word, "code", "system"));
    }

    private static Source source(JsonNode word, String partner) {
        var said = word.path("said").asString("");
        return new Source(
                partner,
                word.path("entry").asLong(0),
                word.path("item").path("path").asString(""),
                said.isEmpty() ? null : OffsetDateTime.parse(said).toInstant(),
                OffsetDateTime.parse(word.path("recorded").asString("")).toInstant());
    }

    private static String text(JsonNode word, String field) {
        return part(word, field, "text");
    }

    private static String part(JsonNode word, String field, String part) {
        return word.path("item").path("fields").path(field).path(part).asString("");
    }

    private static @Nullable Instant time(JsonNode word, String field) {
        var at = part(word, field, "code");
        return at.isEmpty() ? null : Instant.parse(at);
    }
}
