package org.chartbridge.intake;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import org.springframework.stereotype.Component;

import java.util.concurrent.TimeUnit;

/** Where the time of a message goes: one timer a stage, meter {@code chartbridge.stage}. */
@Component
class StageTimes {

    private final Timer read;
    private final Timer route;
    private final Timer map;
    private final Timer lockAndRead;
    private final Timer fold;
    private final Timer write;
    private final Timer commit;
    private final DistributionSummary group;

    StageTimes(MeterRegistry meters) {
        this.read = stage(meters, "read");
        this.route = stage(meters, "route");
        this.map = stage(meters, "map");
        this.lockAndRead = stage(meters, "lock-and-read");
        this.fold = stage(meters, "fold");
        this.write = stage(meters, "write");
        this.commit = stage(meters, "commit");
        this.group =
                DistributionSummary.builder("chartbridge.group.messages")
                        .description("messages in one transaction")
                        .register(meters);
    }

    private static Timer stage(MeterRegistry meters, String stage) {
        return Timer.builder("chartbridge.stage")
                .description(
                        "time spent in a stage: read, route and map are of one message, the others"
                                + " of a group")
                .tag("stage", stage)
                .register(meters);
    }

    void read(long start) {
        record(read, start);
    }

    void route(long start) {
        record(route, start);
    }

    void map(long start) {
        record(map, start);
    }

    void lockAndRead(long start) {
        record(lockAndRead, start);
    }

    void fold(long start) {
        record(fold, start);
    }

    void write(long start) {
        record(write, start);
    }

    void commit(long start) {
        record(commit, start);
    }

    void group(int messages) {
        group.record(messages);
    }

    /** Transactions so far, and the messages in them. */
    record Groups(long count, double messages) {}

    Groups groups() {
        return new Groups(group.count(), group.totalAmount());
    }

    private static void record(Timer timer, long start) {
        timer.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }
}
