package org.chartbridge.bench;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Which engine is measured. */
public sealed interface BenchTarget {
    /**
     * One of our own, made for this and removed afterwards.
     *
     * @param parent where its folder is made; should be on a real disk
     * @param jar the engine
     */
    record OwnEngine(Path parent, Path jar) implements BenchTarget {}

    /**
     * One that runs. What is sent stays in its chart.
     *
     * @param application MSH-3 of a partner of its own
     * @param facility MSH-4 of it
     * @param console for its figures
     * @param database for counting; without it nothing is counted
     */
    record RunningEngine(
            InetSocketAddress mllp,
            String application,
            String facility,
            URI console,
            Optional<DatabaseAccess> database)
            implements BenchTarget {}
}
