package org.chartbridge.delivery;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One destination as this engine knows it: whether it is worked on, when to look again, and the
 * connection that is kept. {@link #begin} and {@link #end} are for {@link Couriers}, the rest is
 * for the work itself too.
 */
final class Place {
    private final Semaphore signal = new Semaphore(0);
    private @Nullable CompletableFuture<Void> working;
    private long notBefore = System.nanoTime();
    private volatile @Nullable Line line;

    /** What to do about a bell. */
    sealed interface Begin {

        /** Nobody worked on it: the caller begins, and says so when it has ended. */
        record Now(CompletableFuture<Void> work) implements Begin {}

        /** It is worked on, and will look once more. */
        record Already(CompletableFuture<Void> work) implements Begin {}

        /** It waits for its next try; another bell is ordered for then. */
        record Later() implements Begin {}
    }

    /**
     * A bell rang.
     *
     * @param now whether to begin although it waits for its next try
     * @param grace a bell that comes with the end of a wait may be so much too early
     */
    synchronized Begin begin(boolean now, Duration grace) {
        var work = working;
        if (work != null) {
            signal();
            return new Begin.Already(work);
        }
        if (!now && notBefore - System.nanoTime() > grace.toNanos()) return new Begin.Later();
        var begun = new CompletableFuture<Void>();
        working = begun;
        return new Begin.Now(begun);
    }

    /**
     * The work has ended.
     *
     * @param goOn whether to go on at once if something came meanwhile: nobody else would look
     * @param wait until the next try; null when there is none
     * @return false to go on
     */
    synchronized boolean end(boolean goOn, @Nullable Duration wait) {
        if (goOn && takeSignal()) return false;
        working = null;
        if (wait != null) notBefore = System.nanoTime() + wait.toNanos();
        return true;
    }

    /**
     * Deliveries were committed.
     *
     * @return whether nothing more need be done: it is worked on, or waits for its next try
     */
    synchronized boolean nudge() {
        if (working == null) return notBefore - System.nanoTime() > 0;
        signal();
        return true;
    }

    /** Forgets that it waits. */
    synchronized void hurry() {
        notBefore = System.nanoTime();
    }

    synchronized @Nullable CompletableFuture<Void> working() {
        return working;
    }

    /** Something new waits. */
    void signal() {
        if (signal.availablePermits() == 0) signal.release();
    }

    /** Whether something new waits since the last look. */
    boolean takeSignal() {
        return signal.drainPermits() > 0;
    }

    /** Waits for something new. */
    boolean awaitSignal(Duration time) throws InterruptedException {
        boolean came = signal.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS);
        signal.drainPermits();
        return came;
    }

    @Nullable Line line() {
        return line;
    }

    void keep(Line open) {
        line = open;
    }

    void hangUp() {
        var open = line;
        line = null;
        if (open != null) open.close();
    }
}
