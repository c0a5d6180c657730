package org.chartbridge.delivery;

import static org.chartbridge.database.Columns.ids;
import static org.chartbridge.database.Columns.longs;
import static org.chartbridge.database.Columns.texts;

import org.chartbridge.chart.OneNumber;
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
import java.util.UUID;

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
     * @param deliveryId what it is about; null when neither MSA-2 nor a number names what was sent
     *     to its sender
     * @param code MSA-1; AA of what says it of orders alone
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
                              where control_id = :control and state in ('accepted', 'confirmed', 'skipped')
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

    /**
     * What was sent under one number.
     *
     * @param deliveries those that left for a partner, or were about to; none when nothing did
     * @param several whether the number is that of orders or referrals of several patients, or
     *     could be either of two: nobody can say which is meant ⚠
     */
    public record Numbered(List<Long> deliveries, boolean several) {
        public Numbered {
            deliveries = List.copyOf(deliveries);
        }
    }

    /** A delivery of an order or a referral, and under which number of whom. */
    record Candidate(long delivery, UUID person, String number) {

        /** The delivery only. */
        @Override
        public String toString() {
            return "Candidate[" + delivery + "]";
        }
    }

    /**
     * The deliveries to a partner of what its placer called by this number, in whatever form the
     * partner writes it.
     *
     * @param number ORC-2 or RF1-6, with {@code ^} and its namespace where it has one
     */
    public Numbered numbered(String partner, String number) {
        if (partner.isEmpty() || number.isEmpty()) return new Numbered(List.of(), false);
        var all =
                jdbc.sql(
                                """
                                select distinct d.id, p.person_id, k.number
                                from (select record_id, placer_number as number, 'placed_order' as kind,
                                             'placer_number' as field
                                      from placed_order
                                      where split_part(placer_number, '^', 1) = :entity and placer_number <> ''
                                      union
                                      select record_id, number, 'referral', 'number'
                                      from referral
                                      where split_part(number, '^', 1) = :entity and number <> '') k
                                join patient_record p on p.id = k.record_id and p.edition = 0
                                join statement s on s.record_id = k.record_id and s.kind = k.kind
                                cross join lateral jsonb_array_elements(s.said -> 'items') items(item)
                                join delivery d on d.entry_id = s.entry_id
                                where item -> 'fields' -> k.field ->> 'text' = k.number
                                  and starts_with(d.destination, :partner || '/')
                                  and d.state <> 'replaced'
                                  and split_part(d.message_type, '^', 1) in ('ORM', 'OML', 'OMG', 'REF')
                                  and (d.state in ('accepted', 'confirmed')
                                       or exists (select from attempt a where a.delivery_id = d.id))
                                  and (d.chosen = ''
                                       or nullif(d.chosen, '')::jsonb
                                          @> jsonb_build_array(jsonb_build_object('number', left(:entity, 200))))
                                order by d.id
                                limit :most
                                """)
                        .param("entity", entity(number))
                        .param("partner", partner)
                        .param("most", MAX_ROWS)
                        .query(
                                (row, _) ->
                                        new Candidate(
                                                row.getLong("id"),
                                                row.getObject("person_id", UUID.class),
                                                row.getString("number")))
                        .list();
        return meant(number, all);
    }

    /** As numbers mean the same in the chart ({@link OneNumber#meant}). */
    static Numbered meant(String number, List<Candidate> all) {
        var known = all.stream().map(Candidate::number).toList();
        var meant = OneNumber.meant(number, known);
        if (meant.isEmpty())
            return new Numbered(
                    List.of(), known.stream().anyMatch(one -> OneNumber.isOne(number, one)));
        var same = all.stream().filter(one -> meant.contains(one.number())).toList();
        return same.stream().map(Candidate::person).distinct().count() > 1
                ? new Numbered(List.of(), true)
                : new Numbered(same.stream().map(Candidate::delivery).distinct().toList(), false);
    }

    private static String entity(String number) {
        int end = number.indexOf('^');
        return end < 0 ? number : number.substring(0, end);
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

    /**
     * The messages of a partner that came since an order or a referral was sent to it, and are
     * about the same, of the same patient by whichever number: an answer, or a result. Whoever
     * decides whether it is sent once more has to see them ⚠, and rather one too many: whatever has
     * the number is listed, in any namespace.
     */
    public List<Long> since(long deliveryId) {
        return jdbc.sql(
                        """
                        with asked as materialized (
                            select distinct d.entry_id, split_part(d.destination, '/', 1) as partner, p.id as record_id,
                                   k.number
                            from delivery d
                            join statement s on s.entry_id = d.entry_id and s.kind in ('placed_order', 'referral')
                            cross join lateral jsonb_array_elements(s.said -> 'items') items(item)
                            cross join lateral (select split_part(item -> 'fields' -> case s.kind when 'referral' then 'number' else 'placer_number' end
                                                                  ->> 'text', '^', 1) as number) k
                            join patient_record own on own.id = s.record_id
                            join patient_record p on p.person_id = own.person_id
                            where d.id = :id and k.number <> ''
                              and (d.chosen = ''
                                   or nullif(d.chosen, '')::jsonb
                                      @> jsonb_build_array(jsonb_build_object('number', left(k.number, 200))))
                        )
                        select t.entry_id
                        from asked a
                        join statement t on t.record_id = a.record_id and t.partner = a.partner
                            and t.entry_id > a.entry_id and t.kind in ('placed_order', 'referral')
                        cross join lateral jsonb_array_elements(t.said -> 'items') words(word)
                        where a.number in (split_part(word #>> '{fields,placer_number,text}', '^', 1),
                                           split_part(word #>> '{fields,number,text}', '^', 1))
                        union
                        select r.entry_id
                        from asked a
                        join report r on r.record_id = a.record_id and r.partner = a.partner
                            and r.entry_id > a.entry_id
                        where split_part(r.placer_number, '^', 1) = a.number
                        order by 1
                        limit 20
                        """)
                .param("id", deliveryId)
                .query(Long.class)
                .list();
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
