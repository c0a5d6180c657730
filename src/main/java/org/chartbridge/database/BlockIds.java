package org.chartbridge.database;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Ids from a PostgreSQL sequence, drawn a block at a time so that most cost no round trip. Ids grow
 * within one engine; engines that share a database draw different blocks. Ids of a block that was
 * not used up are lost, never given twice. Safe for several threads.
 */
public final class BlockIds implements LongSupplier {

    /** How long an id waits for a new block while the old one still has some. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final JdbcClient jdbc;
    private final String sql;
    private final int block;
    private @Nullable Renewal renewal;
    private int renewals;
    private long next;
    private long end;

    /** A block on its way. */
    private record Renewal(int number, CompletableFuture<Long> drawn) {}

    /**
     * Ids of one sequence.
     *
     * @param block the sequence's own increment
     */
    public BlockIds(JdbcClient jdbc, String sequence, int block) {
        this.jdbc = jdbc;
        this.sql = "select nextval('" + sequence + "')";
        this.block = block;
    }

    /**
     * Makes ids that are asked for from now on greater than all that any engine has given so far.
     * Returns at once. While the database does not answer, ids come from the old block as long as
     * it lasts.
     */
    public synchronized void renew() {
        if (renewal != null) return;
        var drawn = new CompletableFuture<Long>();
        renewal = new Renewal(++renewals, drawn);
        var _ =
                Thread.ofPlatform()
                        .daemon()
                        .name("draw ids")
                        .start(
                                () -> {
                                    try {
                                        drawn.complete(draw());
                                    } catch (RuntimeException e) {
                                        drawn.completeExceptionally(e);
                                    }
                                });
    }

    @Override
    public long getAsLong() {
        var underway = renewal();
        if (underway != null) begin(underway);
        return following();
    }

    private synchronized @Nullable Renewal renewal() {
        return renewal;
    }

    private void begin(Renewal underway) {
        try {
            var first = underway.drawn().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            use(underway.number(), first);
        } catch (TimeoutException e) {
            return; // It may still come; until then the old block has to do.
        } catch (ExecutionException e) {
            use(underway.number(), null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void use(int number, @Nullable Long first) {
        if (renewal == null || renewal.number() != number)
            return; // Another thread was here before.
        renewal = null;
        if (first == null) return;
        next = first;
        end = first + block;
    }

    private synchronized long following() {
        if (next == end) {
            next = draw();
            end = next + block;
        }
        return next++;
    }

    private long draw() {
        return jdbc.sql(sql).query(Long.class).single();
    }
}
