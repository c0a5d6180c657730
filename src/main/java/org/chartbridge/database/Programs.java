package org.chartbridge.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the small programs around the server: {@code initdb}, {@code unshare}, {@code kill}. */
final class Programs {
    /** None of them needs more than seconds, also on a slow disk. */
    static final int LIMIT_SECONDS = 120;

    private Programs() {}

    /** What a program printed and how it ended. */
    record Result(int exitCode, String output) {
        boolean worked() {
            return exitCode == 0;
        }
    }

    /**
     * Runs a program to its end.
     *
     * @throws IOException if it can't be started or takes longer than {@link #LIMIT_SECONDS}
     */
    static Result run(List<String> command) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        // Messages are shown to people and searched for version numbers: always the same words.
        builder.environment().put("LC_ALL", "C");
        var process = builder.start();
        try {
            process.getOutputStream().close();
            var output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command.getFirst() + " did not end");
            }
            return new Result(process.exitValue(), output.strip());
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command.getFirst(), e);
        }
    }
}
