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

    /**
     * The orders that messages state, each as it stands now; wants a table {@code held}. The last
     * word counts that was said of the number, under whichever number of a merged patient.
     */
    private static final String AS_THEY_STAND =
            """
            select h.entry_id, item ->> 'key' as key,
                   coalesce(o.state, '') = 'cancelled' or coalesce(o.status, '') = 'ended' as cancelled,
                   nullif(o.listed_entry, h.entry_id) as changed_by
            from held h
            join statement s on s.entry_id = h.entry_id and s.kind in ('medication_order', 'placed_order')
            cross join lateral jsonb_array_elements(s.said -> 'items') items(item)
            left join lateral (
                select one.state, one.status, one.listed_entry
                from patient_record own
                join patient_record p on p.person_id = own.person_id
                join lateral (
                    select m.state, m.status, m.listed_entry, m.removed_entry,
                           m.listed_recorded, m.listed_message, m.removed_recorded, m.removed_message
                    from medication_order m
                    where s.kind = 'medication_order' and m.record_id = p.id and m.partner = s.partner
                      and m.visit_id = s.visit_id and m.item_key = item ->> 'key'
                    union all
                    select r.state, r.status, r.listed_entry, r.removed_entry,
                           r.listed_recorded, r.listed_message, r.removed_recorded, r.removed_message
                    from placed_order r
                    where s.kind = 'placed_order' and r.record_id = p.id and r.partner = s.partner
                      and r.visit_id = s.visit_id and r.item_key = item ->> 'key') one on true
                where own.id = s.record_id
                order by greatest(coalesce(one.listed_recorded, one.listed_message),
                                  coalesce(one.removed_recorded, one.removed_message)) desc nulls last,
                         greatest(one.listed_entry, one.removed_entry) desc
                limit 1) o on true
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
                join patient_record p on p.id = j.record_id
                join patient_record c on c.person_id = p.person_id and c.id = any(?)
                where d.state = 'waiting' and d.destination like '%%~held'
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
     * Ends what waits of these patients, under any of their numbers, and was cancelled whole.
     *
     * @param connection in the transaction that charts the cancels, after its rows are written
     */
    static void drop(Connection connection, Collection<Long> records) throws SQLException {
        new Script().run(DROP, (Object) Columns.longs(records, Long::longValue)).send(connection);
    }
}
