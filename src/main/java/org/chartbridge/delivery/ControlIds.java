package org.chartbridge.delivery;

import static org.chartbridge.database.Columns.longs;
import static org.chartbridge.database.Columns.texts;

import org.chartbridge.database.Script;
import org.chartbridge.delivery.Step.Begun;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * By which MSH-10 what leaves is known to whoever gets it. MSH-10 is unique for each sender only
 * (HL7 v2.5.1 §2.15.9.10), and even there not always ⚠: a partner that discards what it knows by
 * MSH-10 would discard the second of two, and acknowledge it. Asked where a delivery leaves, whose
 * destination one engine has at a time: two can't both find an MSH-10 free.
 */
final class ControlIds {
    private static final int MAX_CHARACTERS = 20;

    /** Behind these at the head nothing was tried that still waits there. */
    private static final int HEAD = 100;

    private ControlIds() {}

    /** Of these, about to be sent for the first time, whose MSH-10 another one had. */
    private static final String TAKEN =
            """
            select k.id
            from unnest(?, ?) k(id, control)
            where exists (select from delivery o
                          where o.control_id = k.control and o.state in ('accepted', 'confirmed', 'skipped', 'replaced')
                            and o.destination = any(?) and o.id <> k.id
                            and exists (select from attempt a where a.delivery_id = o.id
                                          and coalesce(a.outcome, 'unknown') <> 'unsent'))
               or exists (select
                          from unnest(?, ?) beside(name, most)
                          cross join lateral (select id, control_id from delivery
                                              where destination = beside.name and state = 'waiting'
                                              order by turn, place limit beside.most) o
                          where o.control_id = k.control and o.id <> k.id
                            and exists (select from attempt a where a.delivery_id = o.id
                                          and coalesce(a.outcome, 'unknown') <> 'unsent'))
            """;

    /**
     * The deliveries among these that a partner would take for another one it had.
     *
     * @param window how many may be on their way
     */
    static Set<Long> taken(Connection connection, String destination, int window, List<Begun> begun)
            throws SQLException {
        var taken = new HashSet<Long>();
        var first = begun.stream().filter(one -> one.letter().frozen() == null).toList();
        if (first.isEmpty()) return taken;
        var names =
                new String[] {destination, HeldBack.queue(destination), destination + Aside.SUFFIX};
        new Script()
                // As in DeliveryStore.next: whatever the tables were when the plan was made.
                .run(
                        """
                        select set_config('enable_seqscan', 'off', true),
                               set_config('plan_cache_mode', 'force_generic_plan', true)
                        """)
                .read(
                        TAKEN,
                        row -> taken.add(row.getLong(1)),
                        longs(first, one -> one.letter().id()),
                        texts(first, one -> storable(Line.controlId(one.made().content()))),
                        names,
                        names,
                        new long[] {HEAD + (long) window, Long.MAX_VALUE, Long.MAX_VALUE})
                .send(connection);
        return taken;
    }

    /**
     * The same message with an MSH-10 that no other delivery has; empty where its header can't be
     * found by its bytes.
     */
    static Optional<Begun> own(Begun begun) {
        var suffix = "-" + begun.letter().id();
        var made = begun.made();
        var id = Line.controlId(made.content());
        int room = Math.max(0, MAX_CHARACTERS - suffix.length());
        var end = (id.length() <= room ? id : id.substring(id.length() - room)) + suffix;
        // Without delimiters, and what another character set writes otherwise.
        var own = end.replaceAll("[^\\w.:+ -]", "");
        return HeaderField.of(made.content(), 10)
                .map(
                        field ->
                                new Begun(
                                        begun.letter(),
                                        begun.number(),
                                        new Outboxes.Made.Ready(
                                                made.endpoint(),
                                                field.replaced(
                                                        made.content(),
                                                        own.getBytes(StandardCharsets.US_ASCII)))));
    }

    /** Notes by which MSH-10 these leave, where it is not that of their body. */
    static void write(Script script, Collection<Begun> begun) {
        var changed = new ArrayList<Begun>();
        for (var one : begun)
            if (one.content() != null
                    && !Line.controlId(one.made().content())
                            .equals(Line.controlId(one.letter().body()))) changed.add(one);
        if (changed.isEmpty()) return;
        script.run(
                """
                update delivery d set control_id = k.control
                from unnest(?, ?) k(id, control)
                where d.id = k.id and d.control_id <> k.control
                """,
                longs(changed, one -> one.letter().id()),
                texts(changed, one -> storable(Line.controlId(one.made().content()))));
    }

    private static String storable(String id) {
        return Answers.printable(id);
    }
}
