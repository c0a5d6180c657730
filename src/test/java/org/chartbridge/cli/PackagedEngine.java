package org.chartbridge.cli;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The packaged engine as a process that tests watch, stop and kill. */
public final class PackagedEngine implements AutoCloseable {
    /** A first start on a busy machine. */
    static final Duration START_LIMIT = Duration.ofMinutes(2);

    static final Path JAR = Path.of("target", "chartbridge.jar").toAbsolutePath();
    private static final Pattern CONSOLE = Pattern.compile("Console +(http://\\S+)");

    private final Process process;
    private final Path output;

    private PackagedEngine(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** {@link UnpackedEngine} with a command or settings, by the Java that runs the tests. */
    public static PackagedEngine run(Path output, String... words) throws IOException {
        return runIn(List.of(), output, words);
    }

    /** As above, inside of something that runs it, such as {@code unshare}. */
    public static PackagedEngine runIn(List<String> prefix, Path output, String... words)
            throws IOException {
        var jar = UnpackedEngine.jar();
        var command = new ArrayList<>(prefix);
        command.addAll(
                List.of(
                        java(),
                        "-Xmx512m",
                        "-XX:SharedArchiveFile=" + UnpackedEngine.archive(jar),
                        "-jar",
                        jar.toString()));
        return start(command, output, words);
    }

    /** {@code java -jar target/chartbridge.jar}, by a Java of the caller's. */
    static PackagedEngine runJar(Path java, Path output, String... words) throws IOException {
        return start(List.of(java.toString(), "-Xmx512m", "-jar", JAR.toString()), output, words);
    }

    /** The Java that runs the tests. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    static PackagedEngine start(List<String> java, Path output, String... words)
            throws IOException {
        var command = new ArrayList<>(java);
        command.addAll(List.of(words));
        var builder =
                new ProcessBuilder(command)
                        .directory(output.toAbsolutePath().resolveSibling("").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        // Settings of an engine that may run beside it must not reach this one.
        builder.environment()
                .keySet()
                .removeIf(name -> name.matches("(SPRING|SERVER|CHARTBRIDGE|MANAGEMENT)_.*"));
        return new PackagedEngine(builder.start(), output);
    }

    /** Waits until it says where its console is, and gives that address. */
    public String ready() throws IOException {
        await().atMost(START_LIMIT)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> !process.isAlive() || said().contains("Chartbridge is ready"));
        var matcher = CONSOLE.matcher(said());
        if (!matcher.find()) throw new IOException("no console in: " + said());
        return matcher.group(1);
    }

    /** Waits for its end. */
    public int exitCode() {
        await().atMost(START_LIMIT).until(() -> !process.isAlive());
        return process.exitValue();
    }

    /** All it has printed so far. */
    public String said() throws IOException {
        return Files.readString(output);
    }

    public long pid() {
        return process.pid();
    }

    /** As Ctrl-C, which goes to the process group of a terminal, here to the engine only. */
    public void interrupt() throws IOException {
        new ProcessBuilder("/bin/sh", "-c", "kill -INT " + pid()).start().onExit().join();
    }

    /** As {@code stop} and every service manager do. */
    public void terminate() {
        process.destroy();
    }

    /** As {@code kill -9}. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
