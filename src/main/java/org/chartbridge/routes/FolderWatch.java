package org.chartbridge.routes;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Looks at the routes folder from time to time. Looking (names, sizes, times) works on every file
 * system; being told by the system does not, for example in a container's mounted folder.
 */
final class FolderWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FolderWatch.class);

    private final RouteFolders folders;
    private final Duration pause;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("routes-watch").factory());

    FolderWatch(RouteFolders folders, Duration pause) {
        this.folders = folders;
        this.pause = pause;
    }

    void start() {
        var _ =
                thread.scheduleWithFixedDelay(
                        this::look, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            folders.refresh();
        } catch (RuntimeException e) { // Else the schedule would end in silence.
            log.atError().setCause(e).log("the routes folder could not be looked at");
        }
    }

    @Override
    public void close() {
        thread.close();
    }
}
