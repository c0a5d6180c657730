package org.chartbridge.journal;

import static org.chartbridge.database.Columns.longs;
import static org.chartbridge.database.Columns.texts;
import static org.chartbridge.database.Columns.times;

import org.chartbridge.database.Script;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Fragment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Messages that came in parts: which parts wait for others, and what they were joined into. */
@Repository
public class MessageParts {
    private final JdbcClient jdbc;

    public MessageParts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A part as it is kept beside its entry.
     *
     * @param saidAt MSH-7, or when it came
     */
    public record Part(long entryId, String partner, Fragment fragment, Instant saidAt) {}

    /** A part that waits, and how large its message is. */
    public record Waiting(Part part, int bytes) {}

    /**
     * Where a part stands in the message it was joined into. Offsets in bytes, from 0.
     *
     * @param entryId the part's own entry
     */
    public record Place(long entryId, int takenFrom, int joinedAt, int bytes) {}

    /** Keeps parts; one that is read again is known already. */
    public static void write(Script script, List<Part> parts) {
        if (parts.isEmpty()) return;
        script.run(
                """
                insert into message_part (entry_id, partner, alike, takes_up, goes_on, content, said_at)
                select id, partner, alike::uuid, takes_up, goes_on, content::uuid, to_timestamp(said / 1e6::float8)
                from unnest(?, ?, ?, ?, ?, ?, ?) k(id, partner, alike, takes_up, goes_on, content, said)
                on conflict (entry_id) do nothing
                """,
                longs(parts, Part::entryId),
                texts(parts, Part::partner),
                texts(parts, part -> part.fragment().alike().toString()),
                texts(parts, part -> part.fragment().takesUp()),
                texts(parts, part -> part.fragment().goesOn()),
                texts(parts, part -> part.fragment().content().toString()),
                times(parts, Part::saidAt));
    }

    /** Parts that came after a moment and wait, the newest of them, in order of arrival. */
    public List<Waiting> waiting(Instant after, int limit) {
        return jdbc.sql(
                        """
                        select * from (
                            select p.*, j.size_bytes
                            from message_part p
                            join journal j on j.id = p.entry_id and j.state = 'held'
                            where p.joined_into is null and j.received_at > :after::timestamptz
                            order by p.entry_id desc
                            limit :limit
                        ) newest
                        order by entry_id
                        """)
                .param("after", after.toString())
                .param("limit", limit)
                .query(
                        (row, _) ->
                                new Waiting(
                                        new Part(
                                                row.getLong("entry_id"),
                                                row.getString("partner"),
                                                new Fragment(
                                                        row.getString("takes_up"),
                                                        row.getString("goes_on"),
                                                        row.getObject("alike", UUID.class),
                                                        row.getObject("content", UUID.class)),
                                                row.getTimestamp("said_at").toInstant()),
                                        row.getInt("size_bytes")))
                .list();
    }

    /** The bytes of entries; of one that has expired none. */
    public Map<Long, byte[]> contents(Collection<Long> entryIds) {
        var found = new HashMap<Long, byte[]>();
        jdbc.sql("select entry_id, content from raw_message where entry_id = any(:ids)")
                .param("ids", entryIds.toArray(Long[]::new))
                .query(
                        row -> {
                            found.put(row.getLong(1), row.getBytes(2));
                        });
        return found;
    }

    /**
     * Makes an entry of parts, as if it had come with the last of them: its own bytes, everything
     * else as the first part has it. It is received, the parts are ignored. One statement, so that
     * all of it happens or nothing.
     *
     * @param places where the parts stand in it, in their order
     * @param repeated further entries that say the same as one of the parts
     * @param why what is said of parts and repeats from now on
     * @return false where one of the parts does not wait any more
     */
    public boolean join(
            long entryId, byte[] raw, List<Place> places, Collection<Long> repeated, Fault why) {
        var all = new java.util.ArrayList<Long>(places.size() + repeated.size());
        for (var place : places) all.add(place.entryId());
        all.addAll(repeated);
        return jdbc.sql(
                                """
                                with claimed as (
                                    select id from journal where id = any(:all) and state = 'held' order by id for update
                                ), whole as (
                                    insert into journal (id, received_at, partner, route, folder_version, state, peer, sender,
                                        control_id, message_type, version, processing_id, size_bytes, answer_code)
                                    select :id, (select max(received_at) from journal where id = any(:all)), partner, route,
                                           folder_version, 'received', peer, sender, control_id, message_type, version,
                                           processing_id, :size, ''
                                    from journal
                                    where id = :first and (select count(*) from claimed) = cardinality(:all)
                                    returning id
                                ), bytes as (
                                    insert into raw_message (entry_id, content) select id, :raw from whole
                                ), parts as (
                                    update message_part p
                                    set joined_into = whole.id, taken_from = k.taken_from, joined_at = k.joined_at,
                                        taken_bytes = k.bytes
                                    from whole, unnest(:all, :from, :at, :bytes) k(id, taken_from, joined_at, bytes)
                                    where p.entry_id = k.id
                                )
                                update journal
                                set state = 'ignored', settled_at = now(), reasons = :why::jsonb
                                from whole
                                where journal.id = any(:all)
                                """)
                        .param("all", all.toArray(Long[]::new))
                        .param("id", entryId)
                        .param("size", raw.length)
                        .param("first", places.getFirst().entryId())
                        .param("raw", raw)
                        .param("from", column(places, all.size(), Place::takenFrom))
                        .param("at", column(places, all.size(), Place::joinedAt))
                        .param("bytes", column(places, all.size(), Place::bytes))
                        .param("why", Reasons.toJson(List.of(why)))
                        .update()
                > 0;
    }

    /** A column of as many rows; of what is no part, null. */
    private static Integer[] column(
            List<Place> places, int rows, java.util.function.ToIntFunction<Place> of) {
        var values = new Integer[rows];
        for (int i = 0; i < places.size(); i++) values[i] = of.applyAsInt(places.get(i));
        return values;
    }

    /** Says beside parts that wait why they are not joined, once. */
    public void note(Collection<Long> entryIds, Fault why) {
        jdbc.sql(
                        """
                        update journal set reasons = reasons || :why::jsonb
                        where id = any(:ids) and state = 'held'
                          and not reasons @> jsonb_build_array(jsonb_build_object('reason', :reason::text))
                        """)
                .param("ids", entryIds.toArray(Long[]::new))
                .param("why", Reasons.toJson(List.of(why)))
                .param("reason", why.reason())
                .update();
    }

    /**
     * The parts that an entry was joined from, in their order; none for a message that came whole.
     */
    public List<Place> of(long entryId) {
        return jdbc.sql(
                        """
                        select entry_id, taken_from, joined_at, taken_bytes
                        from message_part
                        where joined_into = :id and joined_at is not null
                        order by joined_at, entry_id
                        """)
                .param("id", entryId)
                .query(
                        (row, _) ->
                                new Place(
                                        row.getLong(1),
                                        row.getInt(2),
                                        row.getInt(3),
                                        row.getInt(4)))
                .list();
    }

    /** The entry that a part was joined into. */
    public Optional<Long> joinedInto(long entryId) {
        return jdbc.sql(
                        "select joined_into from message_part where entry_id = :id and joined_into"
                                + " is not null")
                .param("id", entryId)
                .query(Long.class)
                .optional();
    }
}
