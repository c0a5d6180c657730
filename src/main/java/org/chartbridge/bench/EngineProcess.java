package org.chartbridge.bench;

import org.chartbridge.database.EmbeddedServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An engine of our own: a process from the same jar, with a folder and ports of its own; long
 * because whatever is done to a process from outside stands here together. Closing it ends it and
 * deletes the folder.
 */
final class EngineProcess implements AutoCloseable {
    /** What the figures of the design are for. */
    static final String HEAP = "-Xmx512m";

    /**
     * Halves the start and costs speed later: for runs that look whether promises are kept, not how
     * fast.
     */
    static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(12);
    private static final Duration POLL = Duration.ofMillis(100);

    /** Writes the partners of an engine. */
    interface RouteFiles {

        /**
         * Writes them.
         *
         * @param routes the folder of all partners
         * @param mllpPort where the engine may listen
         */
        void write(Path routes, int mllpPort) throws IOException;
    }

    private final List<String> javaOptions;
    private final List<String> settings;
    private final Path folder;
    private final Path jar;
    private final int mllpPort;
    private final int consolePort;
    private final HttpClient http;
    private final Thread atExit;
    private Process process;
    private boolean kept;

    private EngineProcess(
            Path folder,
            Path jar,
            List<String> javaOptions,
            List<String> settings,
            RouteFiles routes)
            throws IOException {
        this.javaOptions = List.copyOf(javaOptions);
        this.settings = List.copyOf(settings);
        this.folder = folder;
        this.jar = jar;
        try (var one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var two = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            mllpPort = one.getLocalPort();
            consolePort = two.getLocalPort();
        }
        routes.write(Files.createDirectories(folder.resolve("routes")), mllpPort);
        http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
        process = launch();
        atExit = new Thread(this::end, "end the bench engine");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Starts one; returns at once, see {@link #awaitReady}.
     *
     * @param parent where its folder is made
     */
    static EngineProcess start(Path parent, Path jar) throws IOException {
        return start(parent, jar, List.of(), BenchPartners::write);
    }

    /**
     * Starts one with partners of the caller's.
     *
     * @param settings as on the command line
     */
    static EngineProcess start(Path parent, Path jar, List<String> settings, RouteFiles routes)
            throws IOException {
        return start(parent, jar, List.of(), settings, routes);
    }

    /**
     * Starts one with partners and a Java of the caller's.
     *
     * @param javaOptions for example {@link #QUICK_START}
     * @param settings as on the command line
     */
    static EngineProcess start(
            Path parent,
            Path jar,
            List<String> javaOptions,
            List<String> settings,
            RouteFiles routes)
            throws IOException {
        return new EngineProcess(
                Files.createTempDirectory(parent, "chartbridge-bench-"),
                jar,
                javaOptions,
                settings,
                routes);
    }

    InetSocketAddress mllp() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), mllpPort);
    }

    URI console() {
        return URI.create("http://127.0.0.1:" + consolePort + "/");
    }

    HttpClient http() {
        return http;
    }

    Path folder() {
        return folder;
    }

    Path data() {
        return folder.resolve("data");
    }

    DatabaseAccess database() throws IOException {
        return DatabaseAccess.embeddedIn(data());
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Whether the readiness endpoint says UP now. */
    boolean ready() throws InterruptedException {
        var request =
                HttpRequest.newBuilder(console().resolve("/actuator/health/readiness"))
                        .timeout(Duration.ofSeconds(8))
                        .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /**
     * Waits until it is ready.
     *
     * @throws IOException when it ends, or is not ready within three minutes
     */
    void awaitReady() throws IOException, InterruptedException {
        var deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!ready()) {
            if (!alive()) throw failed("the engine ended at its start");
            if (System.nanoTime() > deadline) throw failed("the engine does not get ready");
            process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Kills the engine, as {@code kill -9} does. Its database lives on. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /**
     * Kills PostgreSQL's first process, as {@code kill -9} does; its children end by themselves.
     */
    void killDatabase() throws IOException {
        var directory = data().resolve("postgres");
        var pid = Files.readAllLines(directory.resolve("postmaster.pid")).getFirst().strip();
        var cwd = Path.of("/proc", pid, "cwd");
        if (!Files.readSymbolicLink(cwd).equals(directory.toRealPath())) {
            throw new IOException("process " + pid + " does not serve " + directory);
        }
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** Starts it again where it died. */
    void restart() throws IOException {
        if (alive()) throw new IllegalStateException("the engine still runs");
        process = launch();
    }

    /** Lets it stand still, so that it takes nothing of the machine. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    /** Memory of the process that is in RAM, at its highest so far, in bytes. */
    long peakResidentBytes() throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/" + pid() + "/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D+", "")) << 10;
            }
        }
        return 0;
    }

    /** Leaves the folder where it is, for somebody to look into. */
    void keepFolder() {
        kept = true;
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private synchronized void end() {
        try {
            if (process.isAlive()) {
                signal("CONT"); // A process that stands still would not hear the next.
                process.destroy();
                if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            }
            EmbeddedServer.stopLeftOver(data());
            if (!kept) delete();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private Process launch() throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command =
                new ArrayList<>(
                        List.of(
                                java,
                                HEAP,
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-jar",
                                jar.toString(),
                                "--chartbridge.data=" + data(),
                                "--chartbridge.routes=" + folder.resolve("routes"),
                                "--server.address=127.0.0.1",
                                "--server.port=" + consolePort));
        command.addAll(1, javaOptions);
        // Where somebody made one: it starts in half the time.
        var classes = jar.resolveSibling("classes.jsa");
        if (Files.isRegularFile(classes)) command.add(1, "-XX:SharedArchiveFile=" + classes);
        command.addAll(settings);
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        // Settings of the engine that may run beside it must not reach this one.
        builder.environment()
                .keySet()
                .removeIf(name -> name.matches("(SPRING|SERVER|CHARTBRIDGE|MANAGEMENT)_.*"));
        var log = ProcessBuilder.Redirect.appendTo(folder.resolve("engine.log").toFile());
        var started = builder.redirectErrorStream(true).redirectOutput(log).start();
        started.getOutputStream().close();
        return started;
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid()).start().waitFor();
    }

    private IOException failed(String what) throws IOException {
        keepFolder();
        var log = Files.readAllLines(folder.resolve("engine.log"));
        var last = log.subList(Math.max(0, log.size() - 15), log.size());
        return new IOException(
                what
                        + "; the end of "
                        + folder.resolve("engine.log")
                        + ":\n"
                        + String.join("\n", last));
    }

    private void delete() throws IOException {
        try (var tree = Files.walk(folder)) {
            for (var path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
