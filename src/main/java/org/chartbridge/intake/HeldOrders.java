package org.chartbridge.intake;

import org.chartbridge.database.Columns;
import org.chartbridge.database.Script;
import org.chartbridge.delivery.Desk;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
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
     * word counts that was said of the number and of the same drug or test, or of the number alone,
     * under whichever number of a merged patient. What was said since of the number, of whatever
     * drug or test, may have changed it.
     */
    private static final String AS_THEY_STAND =
            """
            select h.entry_id, item ->> 'key' as key, coalesce(o.cancelled, false) as cancelled,
                   nullif(o.last_entry, h.entry_id) as changed_by
            from held h
            join statement s on s.entry_id = h.entry_id and s.kind in ('medication_order', 'placed_order')
            cross join lateral jsonb_array_elements(s.said -> 'items') items(item)
            left join lateral (
                select (array_agg(w.cancelled order by w.at desc, w.entry_id desc) filter (where w.same))[1] as cancelled,
                       (array_agg(w.entry_id order by w.at desc, w.entry_id desc))[1] as last_entry
                from (
                    select coalesce(t.entered_at, t.message_at, '-infinity') as at, t.entry_id,
                           word -> 'removed' is not null
                               or coalesce(word #>> '{fields,state,text}', '') = 'cancelled' as cancelled,
                           word ->> 'key' = item ->> 'key'
                               or word ->> 'key' = 'stop ' || (item #>> '{fields,placer_number,text}')
                               or upper(word #>> '{fields,code,code}') = upper(item #>> '{fields,code,code}')
                               or upper(btrim(word #>> '{fields,code,text}'))
                                   = upper(btrim(item #>> '{fields,code,text}')) as same
                    from patient_record own
                    join patient_record p on p.person_id = own.person_id
                    join statement t on t.record_id = p.id and t.partner = s.partner and t.visit_id = s.visit_id
                        and t.kind in ('medication_order', 'placed_order')
                    cross join lateral jsonb_array_elements(t.said -> 'items') words(word)
                    where own.id = s.record_id
                      and (t.kind = s.kind
                               and (word ->> 'key' = item ->> 'key'
                                    or word #>> '{fields,placer_number,text}' = item #>> '{fields,placer_number,text}')
                           or t.kind = 'placed_order'
                               and word ->> 'key' = 'stop ' || (item #>> '{fields,placer_number,text}'))
                ) w
            ) o on true
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
        return meanwhile(jdbc, entryId);
    }

    /** What was said before, {@code t}, of the same orders by their number. */
    private static final String BEFORE =
            """
            from statement s
            cross join lateral jsonb_array_elements(s.said -> 'items') items(item)
            join patient_record own on own.id = s.record_id
            join patient_record p on p.person_id = own.person_id
            join statement t on t.record_id = p.id and t.partner = s.partner and t.entry_id < s.entry_id
                and t.kind in ('medication_order', 'placed_order')
            cross join lateral jsonb_array_elements(t.said -> 'items') words(word)
            %s
            where s.entry_id = :entry and s.kind in ('medication_order', 'placed_order')
              and item #>> '{fields,placer_number,text}' <> ''
              and word #>> '{fields,placer_number,text}' = item #>> '{fields,placer_number,text}'
            """;

    private static final String EARLIER =
            "select coalesce(min(d.entry_id), 0) "
                    + BEFORE.formatted(
                            """
                            join delivery d on d.entry_id = t.entry_id and d.state = 'waiting'
                                and d.destination like '%~held'\
                            """);

    /** The first message about the same order that came before and waits as well; 0 for none. */
    public long earlier(long entryId) {
        return earlier(jdbc, entryId);
    }

    private static long earlier(JdbcClient jdbc, long entryId) {
        return jdbc.sql(EARLIER).param("entry", entryId).query(Long.class).single();
    }

    private static final String SENT =
            "select coalesce(max(t.entry_id), 0) "
                    + BEFORE.formatted(
                            """
                            join delivery h on h.entry_id = s.entry_id and h.state = 'waiting'
                                and h.destination like '%~held'
                            join delivery d on d.entry_id = t.entry_id and d.state in ('accepted', 'confirmed')
                                and h.destination = d.destination || '~held'\
                            """)
                    + """
                      and coalesce(item #>> '{fields,control,text}', '') not in ('', 'NW', 'RO', 'CH')
                    """;

    /**
     * The last message about the same order that is where a change is to go, and which is done
     * there whatever becomes of the change ⚠; 0 for none.
     */
    public long sent(long entryId) {
        return jdbc.sql(SENT).param("entry", entryId).query(Long.class).single();
    }

    /**
     * The message whose order a change is about, where a person decided that it is not sent to
     * where the change is to go.
     */
    private static final String DROPPED =
            "select coalesce(max(its.entry_id), 0) from (select t.entry_id "
                    + BEFORE.formatted("")
                    + """
                          and coalesce(item #>> '{fields,control,text}', '') not in ('', 'NW', 'RO', 'CH')
                          and coalesce(word #>> '{fields,control,text}', '') in ('', 'NW', 'RO', 'CH')
                        order by t.entry_id desc
                        limit 1
                    ) its
                    join delivery d on d.entry_id = its.entry_id and d.state = 'skipped'
                    join delivery c on c.entry_id = :entry and c.state = 'waiting'
                        and d.destination = c.destination || '~held'
                    """;

    /**
     * Refuses to let go what must not leave: what was cancelled, a change of what a person did not
     * send, and what an earlier message about the same order waits before ⚠, since a change must
     * not arrive before its order, nor without it.
     *
     * @throws Desk.NotPossible with the cause and what to do
     */
    public static void refuse(Connection connection, long entryId) {
        refuseCancelled(connection, entryId);
        var jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
        long dropped = jdbc.sql(DROPPED).param("entry", entryId).query(Long.class).single();
        if (dropped > 0)
            throw new Desk.NotPossible(
                    "the order that it changes, message "
                            + dropped
                            + ", was not sent, as a person decided: nobody there would know what"
                            + " it is about. Do not send it; order anew what is still wanted");
        long earlier = earlier(jdbc, entryId);
        if (earlier > 0)
            throw new Desk.NotPossible(
                    "message "
                            + earlier
                            + " is about the same order, came before, and waits as well: decide"
                            + " about that one first");
    }

    /**
     * Refuses to let go what was cancelled ⚠: the cancel is not held back, so it has left before,
     * and whoever gets the order behind it does it.
     *
     * @throws Desk.NotPossible with the cause and what to do
     */
    private static void refuseCancelled(Connection connection, long entryId) {
        var now =
                meanwhile(
                        JdbcClient.create(new SingleConnectionDataSource(connection, true)),
                        entryId);
        if (now.cancelled() == 0) return;
        var by = now.changedBy() == 0 ? "" : " by message " + now.changedBy();
        throw new Desk.NotPossible(
                now.cancelled() == now.orders()
                        ? "it was cancelled"
                                + by
                                + ", and the cancel has left: sent now, it would be done all the"
                                + " same. Do not send it; if it is wanted, order it anew"
                        : now.cancelled()
                                + " of its "
                                + now.orders()
                                + " orders were cancelled, and the cancel has left: sent now, they"
                                + " would be done all the same. Do not send it; order anew what is"
                                + " still wanted");
    }

    private static Meanwhile meanwhile(JdbcClient jdbc, long entryId) {
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
                  and not exists (select from attempt a where a.delivery_id = d.id and a.outcome is null)
                returning d.id, d.entry_id, d.destination
            ), moot as (
                select w.delivery_id
                from dropped d
                join statement s on s.entry_id = d.entry_id and s.kind = 'placed_order'
                cross join lateral jsonb_array_elements(s.said -> 'items') items(item)
                join order_waiting w on w.entity = s.partner || '|' || split_part(item #>> '{fields,placer_number,text}', '^', 1) || '|'
                join delivery c on c.id = w.delivery_id and c.state || '' = 'waiting' and c.destination = left(d.destination, -5)
                where d.destination like '%%/orders-to-place~held'
                  and not exists (select from order_sent o where o.entity = w.entity)
                group by w.delivery_id
                having count(distinct w.entity) = (select count(*) from order_waiting all_of where all_of.delivery_id = w.delivery_id)
                   and not exists (select from delivery its
                                   join statement t on t.entry_id = its.entry_id
                                   cross join lateral jsonb_array_elements(t.said -> 'items') words(word)
                                   where its.id = w.delivery_id and t.kind in ('medication_order', 'placed_order')
                                     and word -> 'removed' is null
                                     and coalesce(word #>> '{fields,state,text}', '') <> 'cancelled')
            ), ended as (
                update delivery d set state = 'skipped', settled_at = now()
                from moot m where d.id = m.delivery_id
                returning d.id, d.destination
            ), noted as (
                insert into delivery_decision (at, account, destination, delivery_id, decision, reason)
                select now(), 'engine', destination, id, 'not-sent', 'its order was never sent'
                from ended
            ), forgotten as (
                delete from order_waiting where delivery_id in (select id from ended)
            )
            insert into delivery_decision (at, account, destination, delivery_id, decision, reason)
            select now(), 'engine', left(destination, -5), id, 'not-sent',
                   'cancelled before a person had decided'
            from dropped
            """
                    .formatted(AS_THEY_STAND);

    /**
     * Ends what waits of these patients, under any of their numbers, and was cancelled whole; but
     * not what is on its way. With an order that no laboratory was found for ends its cancel, which
     * waits beside it: there is nobody to be told.
     *
     * @param connection in the transaction that charts the cancels, after its rows are written
     */
    static void drop(Connection connection, Collection<Long> records) throws SQLException {
        new Script().run(DROP, (Object) Columns.longs(records, Long::longValue)).send(connection);
    }
}
