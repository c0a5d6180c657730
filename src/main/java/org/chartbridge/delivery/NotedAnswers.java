package org.chartbridge.delivery;

import static org.chartbridge.database.Columns.ints;
import static org.chartbridge.database.Columns.longs;

import org.chartbridge.database.Script;
import org.chartbridge.delivery.Step.Ended;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Answers to deliveries that are to become messages, until they are: noted in the commit that
 * settles the delivery, and forgotten by nobody.
 */
@Repository
public class NotedAnswers {
    private final JdbcClient jdbc;

    public NotedAnswers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One that waits.
     *
     * @param endedAt when it had come
     */
    public record Noted(
            long deliveryId, int number, String destination, byte[] answer, Instant endedAt) {

        /** The delivery only. */
        @Override
        public String toString() {
            return "Noted[" + deliveryId + "]";
        }
    }

    /** Which delivery a message answers. */
    public record Answered(long deliveryId, String destination) {}

    /** Notes those of these that are to go on, in the transaction that settles them. */
    static void write(Script script, List<Ended> ended) {
        var some = ended.stream().filter(Ended::goesOn).toList();
        if (some.isEmpty()) return;
        script.run(
                """
                insert into answer_onward (delivery_id, number)
                select id, number
                from unnest(?, ?) k(id, number)
                on conflict do nothing
                """,
                longs(some, one -> one.letter().id()),
                ints(some, Ended::number));
    }

    /**
     * Those that wait, the first first.
     *
     * @param behind begins after this delivery
     */
    public List<Noted> waiting(long behind, int most) {
        return jdbc.sql(
                        """
                        select o.delivery_id, o.number, d.destination, a.answer, a.ended_at
                        from answer_onward o
                        join delivery d on d.id = o.delivery_id
                        join attempt a on a.delivery_id = o.delivery_id and a.number = o.number
                        where o.entry_id is null and o.delivery_id > :behind
                          and a.answer is not null and a.ended_at is not null
                        order by o.delivery_id, o.number
                        limit :most
                        """)
                .param("behind", behind)
                .param("most", most)
                .query(
                        (row, _) ->
                                new Noted(
                                        row.getLong("delivery_id"),
                                        row.getInt("number"),
                                        row.getString("destination"),
                                        row.getBytes("answer"),
                                        row.getTimestamp("ended_at").toInstant()))
                .list();
    }

    /**
     * It is in the journal, as the message with this MSH-10: the one that came as this answer, else
     * the same that its partner sent as a message.
     *
     * @param peer by which the journal names where it came from
     * @return whether it was found there
     */
    public boolean journaled(Noted one, String partner, String controlId, String peer) {
        return jdbc.sql(
                                """
                                update answer_onward
                                set entry_id = (select id from journal
                                                where control_id = :control and partner = :partner
                                                order by peer = :peer desc, id desc
                                                limit 1)
                                where delivery_id = :id and number = :number and entry_id is null
                                  and exists (select from journal
                                              where control_id = :control and partner = :partner)
                                """)
                        .param("control", controlId)
                        .param("partner", partner)
                        .param("peer", peer)
                        .param("id", one.deliveryId())
                        .param("number", one.number())
                        .update()
                > 0;
    }

    /** Which delivery a message answers on its connection; empty of every other message. */
    public Optional<Answered> of(long entryId) {
        return jdbc.sql(
                        """
                        select d.id, d.destination
                        from answer_onward o
                        join delivery d on d.id = o.delivery_id
                        where o.entry_id = :entry
                        order by d.id
                        limit 1
                        """)
                .param("entry", entryId)
                .query((row, _) -> new Answered(row.getLong("id"), row.getString("destination")))
                .optional();
    }

    /**
     * What became of the answer to a delivery that is to go on.
     *
     * @param entryId the answer in the journal; null while it waits
     */
    public record Onward(@Nullable Long entryId) {}

    /** The same of a delivery; empty where nothing is to go on. */
    public Optional<Onward> onward(long deliveryId) {
        return jdbc.sql(
                        """
                        select entry_id from answer_onward where delivery_id = :id
                        order by number desc limit 1
                        """)
                .param("id", deliveryId)
                .query((row, _) -> new Onward(row.getObject("entry_id", Long.class)))
                .optional();
    }
}
