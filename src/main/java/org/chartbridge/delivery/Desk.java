package org.chartbridge.delivery;

import org.chartbridge.database.Script;
import org.chartbridge.delivery.Outboxes.Made;
import org.chartbridge.delivery.Outboxes.Outbox;
import org.chartbridge.hl7.Header;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.nio.charset.Charset;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;

import javax.sql.DataSource;

/**
 * What a person may do with deliveries. Each act is written with its reason in the same
 * transaction; what is done to single deliveries needs a paused destination, so that nobody sends
 * them meanwhile.
 */
@Component
public class Desk {
    private static final int MAX_REASON = 500;

    private final DataSource dataSource;
    private final DeliveryStore store;
    private final DeliverySearch search;
    private final Outboxes outboxes;

    public Desk(
            DataSource dataSource, DeliveryStore store, DeliverySearch search, Outboxes outboxes) {
        this.dataSource = dataSource;
        this.store = store;
        this.search = search;
        this.outboxes = outboxes;
    }

    /** It can't be done as things stand; the message says why, for people. */
    public static final class NotPossible extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public NotPossible(String why) {
            super(why, null, false, false);
        }
    }

    /** Who decides, and why. Without a reason it can't be made (IllegalArgumentException). */
    public record By(String account, String reason) {
        public By {
            reason = reason.strip();
            if (reason.isEmpty() || reason.length() > MAX_REASON)
                throw new IllegalArgumentException(
                        "wanted a reason of 1 to " + MAX_REASON + " characters");
        }
    }

    /**
     * Nothing leaves any more; what is on its way may still be answered. Who has it under way stays
     * the owner ⚠: however soon it goes on, no other node sends while that one waits for an answer.
     */
    public void pause(String destination, By by) {
        act(
                destination,
                null,
                "pause",
                by,
                """
                update destination set state = 'paused', why = ?, paused_at = now(), epoch = epoch + 1
                where name = ? and state = 'running' returning 1
                """,
                "it is paused already",
                "paused by " + by.account() + ": " + by.reason(),
                destination);
    }

    /** Sends on, from the head, at once. */
    public void resume(String destination, By by) {
        act(
                destination,
                null,
                "resume",
                by,
                """
                update destination set state = 'running', why = '', problem = '', failures = 0,
                    asks_since = null, next_try_at = null
                where name = ? and (state = 'paused' or next_try_at is not null) returning 1
                """,
                "it is not paused",
                destination);
    }

    /** A waiting delivery will not be sent. */
    public void skip(String destination, long id, By by) {
        act(
                destination,
                id,
                "skip",
                by,
                """
                update delivery d set state = 'skipped', settled_at = now()
                where id = ? and destination = ? and state = 'waiting'
                  and exists (select 1 from destination where name = d.destination and state = 'paused')
                returning 1
                """,
                "it does not wait, or its destination is not paused",
                id,
                destination);
    }

    /** Whether a delivery {@code d} may have arrived: more than an attempt to connect was made. */
    static final String MAY_HAVE_ARRIVED =
            """
            exists (select from attempt a
                    where a.delivery_id = d.id and coalesce(a.outcome, 'unknown') <> 'unsent')\
            """;

    /** It stands where a person asks to be believed of what was never sent. */
    static final String NOT_THERE =
            "it does not wait any more, or nothing of it was ever sent: nobody can have it";

    /**
     * A waiting delivery is there, as its partner said: it is not sent again. What stood still
     * because of it alone goes on; what a person paused does not, nor where another one waits that
     * may have arrived as well ⚠: resuming sends that once more.
     */
    public void confirm(String destination, long id, By by) {
        act(
                destination,
                id,
                "has-it",
                by,
                """
                with paused as materialized (
                    select name, paused_at from destination where name = ? and state = 'paused' for update
                ), there as (
                    update delivery d set state = 'confirmed', settled_at = now()
                    from paused
                    where d.id = ? and d.destination = paused.name and d.state = 'waiting' and %1$s
                    returning d.id, d.destination, d.turn, d.place, paused.paused_at
                ), resumed as (
                    update destination t set state = 'running', why = '', problem = '', failures = 0,
                        asks_since = null, next_try_at = null
                    from there
                    where t.name = there.destination
                      and not exists (select from delivery_decision c
                                      where c.destination = t.name and c.decision = 'pause'
                                        and c.at = there.paused_at)
                      and not exists (select from delivery d
                                      where d.destination = t.name and d.state = 'waiting' and d.id <> there.id
                                        and ((d.turn, d.place) < (there.turn, there.place) or %1$s))
                    returning t.name
                ), noted as (
                    insert into delivery_decision (at, account, destination, decision, reason)
                    select now(), ?, name, 'resume', 'what it stood still for is there'
                    from resumed
                )
                select id from there
                """
                        .formatted(MAY_HAVE_ARRIVED),
                NOT_THERE + "; or its destination is not paused",
                destination,
                id,
                by.account());
    }

    /** The route makes a waiting delivery anew, instead of sending what was frozen. */
    public void makeAnew(String destination, long id, By by) {
        act(
                destination,
                id,
                "anew",
                by,
                """
                update delivery d set anew = true
                where id = ? and destination = ? and state = 'waiting' and endpoint is null
                  and exists (select 1 from destination where name = d.destination and state = 'paused')
                returning 1
                """,
                "it does not wait, was edited, or its destination is not paused",
                id,
                destination);
    }

    /**
     * What would be sent now: what was frozen, else what the route makes.
     *
     * @throws NotPossible when there is nothing, and why
     */
    public Made.Ready current(String destination, long id) {
        var body = search.body(id).orElseThrow(() -> new NotPossible("its bytes have expired"));
        var attempts = search.attempts(id);
        if (!attempts.isEmpty()) {
            var last = attempts.getLast();
            var content = last.content();
            return new Made.Ready(
                    Endpoint.parse(last.endpoint()), content == null ? body : content);
        }
        var outbox =
                outboxes.find(destination)
                        .orElseThrow(
                                () ->
                                        new NotPossible(
                                                "no route takes deliveries of " + destination));
        return switch (made(
                outbox, body, search.isAsReceived(id), search.sender(id), search.entryOf(id))) {
            case Made.Ready ready -> ready;
            case Made.Failed(var why, _) -> throw new NotPossible(why);
        };
    }

    /** What is sent first: by the route, in an exchange of its own. */
    static Made made(Outbox outbox, byte[] body, boolean asReceived, String sender, long entryId) {
        return asReceived
                ? OwnExchange.made(body, its -> outbox.make(its, sender, entryId))
                : outbox.make(body, sender, entryId);
    }

    /**
     * Puts an edited form in the place of a waiting delivery. The old one is kept; the new one is
     * sent as it is, without its route, to where the old one went or would go, and is of the same
     * orders.
     *
     * @param text one segment a line, see {@link EditedText}
     * @return the id of the new one
     * @throws NotPossible when the text is no message, or the delivery does not wait
     */
    public long edit(String destination, long id, String text, Charset charset, By by) {
        var before = current(destination, id);
        var sent = !search.attempts(id).isEmpty();
        var content = EditedText.bytes(text, before.content(), charset, sent);
        var header = Header.read(content);
        long edited = store.nextId();
        act(
                destination,
                id,
                "edit",
                by,
                """
                with old as (
                    update delivery d set state = 'replaced', settled_at = now()
                    where id = ? and destination = ? and state = 'waiting'
                      and exists (select 1 from destination where name = d.destination and state = 'paused')
                    returning *)
                insert into delivery (id, entry_id, behind, place, destination, state, control_id, message_type,
                    size_bytes, body, replaces, staged_at, endpoint, chosen)
                select ?, entry_id, behind, place, destination, 'waiting', ?, message_type, ?, ?, id, now(), ?, chosen
                from old returning 1
                """,
                "it does not wait, or its destination is not paused",
                id,
                destination,
                edited,
                Answers.printable(header.map(Header::controlId).orElse("")),
                content.length,
                content,
                before.endpoint().toString());
        return edited;
    }

    private void act(
            String destination,
            @Nullable Long delivery,
            String decision,
            By by,
            String sql,
            String otherwise,
            Object... arguments) {
        try (var connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                var changed = new AtomicLong();
                new Script()
                        .read(sql, row -> changed.incrementAndGet(), arguments)
                        .run(
                                """
                                insert into delivery_decision (at, account, destination, delivery_id, decision, reason)
                                values (now(), ?, ?, ?::bigint, ?, ?)
                                """,
                                by.account(),
                                destination,
                                delivery,
                                decision,
                                by.reason())
                        .send(connection);
                if (changed.get() == 0) throw new NotPossible(otherwise);
                connection.commit();
            } finally {
                end(connection);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("decision not written (" + e.getSQLState() + ")");
        }
    }

    /** Ends what was not committed, and gives the connection back as it came. */
    private static void end(Connection connection) throws SQLException {
        connection.rollback();
        connection.setAutoCommit(true);
    }
}
