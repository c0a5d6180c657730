package org.chartbridge.cli;

import org.chartbridge.database.DataFolder;
import org.chartbridge.database.EmbeddedServer;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Ends the engine of a data folder, and the database a killed engine left running there. */
@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        description = "Ends the engine and its database.")
final class StopCommand implements Callable<Integer> {
    /** What the engine promises to need at most. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    @Mixin DataOption data = new DataOption();

    @Option(
            names = "--force",
            description = "Kill it when it does not end in time; nothing acknowledged is lost.")
    boolean force;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var folder = data.absolute();
        var started = System.nanoTime();
        var running = DataFolder.running(folder);
        var done = running.isEmpty() || end(running.get(), folder);
        if (!done) {
            System.err.println(
                    "Chartbridge (process %d) is still stopping after %d s. `stop --force` kills it."
                            .formatted(running.get().pid(), LIMIT.toSeconds()));
            return CommandLine.ExitCode.SOFTWARE;
        }
        var leftOver = EmbeddedServer.stopLeftOver(folder);
        var seconds = (System.nanoTime() - started) / 1e9;
        if (running.isPresent()) {
            System.out.printf(
                    "Stopped Chartbridge (process %d) and its database in %.1f s.%n",
                    running.get().pid(), seconds);
        } else if (leftOver) {
            System.out.printf("No engine was running; stopped the database it had left.%n");
        } else {
            System.out.println("Nothing runs with the data folder " + folder + ".");
        }
        return CommandLine.ExitCode.OK;
    }

    /** Asks, waits, and kills if told to. */
    private boolean end(DataFolder.Running running, Path folder)
            throws IOException, InterruptedException {
        var process = ProcessHandle.of(running.pid());
        if (process.isEmpty() || !process.get().destroy()) {
            throw new IOException(
                    "process " + running.pid() + " can't be signalled; is it another user's?");
        }
        if (gone(folder)) return true;
        if (!force) return false;
        process.get().destroyForcibly();
        return gone(folder);
    }

    /** The lock is the truth: it ends with the process, reaped or not. */
    private static boolean gone(Path folder) throws IOException, InterruptedException {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (DataFolder.running(folder).isPresent()) {
            if (System.nanoTime() > deadline) return false;
            Thread.sleep(20);
        }
        return true;
    }
}
