package org.chartbridge.delivery;

import static org.chartbridge.database.Columns.ids;
import static org.chartbridge.database.Columns.longs;
import static org.chartbridge.database.Columns.texts;

import org.chartbridge.database.Script;
import org.chartbridge.hl7.ReceivedAnswer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * Application acknowledgements that come after a delivery was accepted: as messages of their own,
 * or as a second frame on its connection (HL7 v2.5.1 §2.9.3.2). The delivery stays accepted; what
 * it asked for was or was not taken by the partner's application.
 */
@Component
public class ApplicationAnswers {
    /** Rejections that are listed at most, the newest. */
    public static final int MAX_ROWS = 100;

    private final JdbcClient jdbc;

    public ApplicationAnswers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One that came.
     *
     * @param entryId of the acknowledgement
     * @param deliveryId what it is about; null when MSA-2 names nothing that was sent to its sender
     * @param code MSA-1
     * @param words for people: MSA-1, MSA-3 and ERR
     */
    public record Came(
            long entryId,
            String partner,
            @Nullable Long deliveryId,
            String code,
            String words,
            Instant at) {

        /** Prints the entry only: words may quote the message. */
        @Override
        public String toString() {
            return "Came[" + entryId + "]";
        }
    }

    /**
     * One that rejects, on the worklist.
     *
     * @param destination of the delivery; empty when it is about none
     * @param type of the delivery, {@code ORM^O01}
     * @param deliveryEntry the message that was sent on; 0 for none
     */
    public record Row(Came its, String destination, String type, long deliveryEntry) {

        /** The first part of the destination. */
        public String partner() {
            return destination.substring(0, Math.max(0, destination.indexOf('/')));
        }

        /** The second part of the destination. */
        public String queue() {
            return destination.substring(destination.indexOf('/') + 1);
        }
    }

    /**
     * The delivery to a partner that MSA-2 names, the last one if there were several. One that is
     * on its way is found among the first of its destination.
     */
    public Optional<Long> delivery(String partner, String controlId) {
        if (partner.isEmpty() || controlId.isEmpty()) return Optional.empty();
        return jdbc.sql(
                        """
                        select id
                        from (select id, destination
                              from delivery
                              where control_id = :control and state in ('accepted', 'skipped')
                              union all
                              select head.id, head.destination
                              from destination d
                              cross join lateral (select id, destination, control_id
                                                  from delivery
                                                  where destination = d.name and state = 'waiting'
                                                  order by turn, place
                                                  limit :window) head
                              where starts_with(d.name, :partner || '/')
                                and head.control_id = :control
                                and exists (select from attempt where delivery_id = head.id)) found
                        where starts_with(destination, :partner || '/')
                        order by id desc
                        limit 1
                        """)
                .param("control", controlId)
                .param("partner", partner)
                .param("window", DeliveryLimits.MAX_WINDOW)
                .query(Long.class)
                .optional();
    }

    /** Notes what came, in the commit that journals it. */
    public static void write(Script script, List<Came> all) {
        if (all.isEmpty()) return;
        script.run(
                """
                insert into application_answer (entry_id, partner, delivery_id, code, words, received_at)
                select entry, partner, delivery, code, words, received::timestamptz
                from unnest(?, ?, ?, ?, ?, ?) k(entry, partner, delivery, code, words, received)
                on conflict do nothing
                """,
                longs(all, Came::entryId),
                texts(all, Came::partner),
                ids(all, Came::deliveryId),
                texts(all, Came::code),
                texts(all, Came::words),
                texts(all, one -> one.at().toString()));
    }

    /** What came about a delivery, first to last. */
    public List<Came> of(long deliveryId) {
        return jdbc.sql(
                        """
                        select * from application_answer where delivery_id = :id
                        order by entry_id limit 100
                        """)
                .param("id", deliveryId)
                .query((row, _) -> came(row))
                .list();
    }

    /**
     * Those that reject something, the newest first, unless the same delivery was accepted by the
     * application since.
     */
    public List<Row> rejections(Instant since) {
        return jdbc.sql(
                        """
                        select a.*, coalesce(d.destination, '') as destination,
                               coalesce(d.message_type, '') as message_type,
                               coalesce(d.entry_id, 0) as delivery_entry
                        from application_answer a
                        left join delivery d on d.id = a.delivery_id
                        where a.code <> 'AA'
                          and a.received_at >= :since
                          and not exists (select
                                          from application_answer later
                                          where later.delivery_id = a.delivery_id
                                            and later.entry_id > a.entry_id)
                        order by a.entry_id desc
                        limit :most
                        """)
                .param("since", OffsetDateTime.ofInstant(since, ZoneOffset.UTC))
                .param("most", MAX_ROWS)
                .query(
                        (row, _) ->
                                new Row(
                                        came(row),
                                        row.getString("destination"),
                                        row.getString("message_type"),
                                        row.getLong("delivery_entry")))
                .list();
    }

    private static Came came(java.sql.ResultSet row) throws java.sql.SQLException {
        return new Came(
                row.getLong("entry_id"),
                row.getString("partner"),
                row.getObject("delivery_id", Long.class),
                row.getString("code"),
                row.getString("words"),
                row.getTimestamp("received_at").toInstant());
    }

    /** What an acknowledgement says, for people. */
    public static String words(ReceivedAnswer answer) {
        return Answers.words(answer);
    }
}
