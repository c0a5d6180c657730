package org.chartbridge;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A lab that sends a result every few milliseconds over one connection and wants each answered AA
 * within {@value #PATIENCE_SECONDS} s, while a test misbehaves beside it.
 */
final class GoodNeighbour implements AutoCloseable {
    static final long PATIENCE_SECONDS = 10;

    private static final long PAUSE_MILLIS = 20;

    private final SampleWire wire;
    private final String facility;
    private final Thread thread;
    private final AtomicInteger answered = new AtomicInteger();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private volatile long slowestNanos;
    private volatile boolean leaving;

    private GoodNeighbour(SampleWire wire, String facility) {
        this.wire = wire;
        this.facility = facility;
        this.thread = Thread.ofPlatform().name("good neighbour").daemon(true).start(this::work);
    }

    static GoodNeighbour of(TestEngine engine, String facility) throws IOException {
        return new GoodNeighbour(engine.call(), facility);
    }

    int answered() {
        return answered.get();
    }

    /** What it did not get, or not in time; empty when all is well. */
    List<String> faults() {
        return faults;
    }

    private void work() {
        try {
            for (var number = 1; !leaving; number++) {
                var id = facility + number;
                var began = System.nanoTime();
                wire.send(Hl7.result(facility, id, String.valueOf(number)), true);
                var answer = wire.answer().map(Hl7::code).orElse("closed");
                var took = System.nanoTime() - began;
                slowestNanos = Math.max(slowestNanos, took);
                if (!answer.equals("AA " + id)) faults.add(id + ": " + answer);
                if (took > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS))
                    faults.add(id + ": after " + TimeUnit.NANOSECONDS.toMillis(took) + " ms");
                answered.incrementAndGet();
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (IOException e) {
            if (!leaving) faults.add(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        leaving = true;
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        wire.close();
        System.out.printf(
                "the neighbour: %d answered, the slowest after %.0f ms%n",
                answered.get(), slowestNanos / 1e6);
    }
}
