package org.chartbridge.intake;

import org.chartbridge.database.Columns;
import org.chartbridge.database.Script;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;

/**
 * What became meanwhile of the orders that an alert holds back. One whose every order was cancelled
 * is not sent any more, by the commit that charts the last cancel; what was changed, or cancelled
 * in part, is for a person.
 */
@Repository
public class HeldOrders {

    /** The orders that messages state, each as it stands now; wants a table {@code held}. */
    private static final String AS_THEY_STAND =
            """
            select h.entry_id, item ->> 'key' as key,
                   coalesce(m.state, o.state, '') = 'cancelled'
                       or coalesce(m.status, o.status, '') = 'ended' as cancelled,
                   nullif(coalesce(m.listed_entry, o.listed_entry), h.entry_id) as changed_by
            from held h
            join statement s on s.entry_id = h.entry_id and s.kind in ('medication_order', 'placed_order')
            cross join lateral jsonb_array_elements(s.said -> 'items') items(item)
            left join medication_order m on s.kind = 'medication_order'
                and m.record_id = s.record_id and m.partner = s.partner
                and m.visit_id = s.visit_id and m.item_key = item ->> 'key'
            left join placed_order o on s.kind = 'placed_order'
                and o.record_id = s.record_id and o.partner = s.partner
                and o.visit_id = s.visit_id and o.item_key = item ->> 'key'
            """;

    private final JdbcClient jdbc;

    HeldOrders(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What became of the orders of a message.
     *
     * @param orders how many it states
     * @param cancelled how many of them were cancelled since
     * @param changedBy the last message that stated one of them anew; 0 when none did
     */
    public record Meanwhile(int orders, int cancelled, long changedBy) {

        /** Whether it may not be what is wanted any more. */
        public boolean isDoubtful() {
            return cancelled > 0 || changedBy > 0;
        }
    }

    public Meanwhile meanwhile(long entryId) {
        return jdbc.sql(
                        "with held as (select :entry::bigint as entry_id) select count(*) as"
                                + " orders, count(*) filter (where cancelled) as cancelled,"
                                + " coalesce(max(changed_by), 0) as changed_by from ("
                                + AS_THEY_STAND
                                + ") one")
                .param("entry", entryId)
                .query(
                        (row, _) ->
                                new Meanwhile(
                                        row.getInt("orders"),
                                        row.getInt("cancelled"),
                                        row.getLong("changed_by")))
                .single();
    }

    private static final String DROP =
            """
            with held as (
                select distinct d.entry_id
                from delivery d
                join journal j on j.id = d.entry_id
                where d.state = 'waiting' and d.destination like '%%~held' and j.record_id = any(?)
            ), cancelled as (
                select entry_id from (%s) one group by entry_id having bool_and(cancelled)
            ), dropped as (
                update delivery d set state = 'skipped', settled_at = now()
                from cancelled c
                where d.entry_id = c.entry_id and d.state = 'waiting' and d.destination like '%%~held'
                returning d.id, d.destination
            )
            insert into delivery_decision (at, account, destination, delivery_id, decision, reason)
            select now(), 'engine', left(destination, -5), id, 'not-sent',
                   'cancelled before a person had decided'
            from dropped
            """
                    .formatted(AS_THEY_STAND);

    /**
     * Ends what waits of these patients and was cancelled whole.
     *
     * @param connection in the transaction that charts the cancels, after its rows are written
     */
    static void drop(Connection connection, Collection<Long> records) throws SQLException {
        new Script().run(DROP, (Object) Columns.longs(records, Long::longValue)).send(connection);
    }
}
