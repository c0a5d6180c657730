package org.chartbridge;

import org.chartbridge.bench.DatabaseAccess;
import org.chartbridge.cli.PackagedEngine;
import org.chartbridge.database.EmbeddedServer;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The packaged engine as a process of its own with a console, a port for labs and a data folder
 * that nobody else uses, and with partners that a test writes.
 */
final class TestEngine implements AutoCloseable {
    private static final Pattern PASSWORD = Pattern.compile("user admin, password (\\S+)");
    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

    private final Path folder;
    private final int port;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .cookieHandler(new CookieManager())
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
    private final List<PackagedEngine> started = new ArrayList<>();
    private List<String> inside = List.of();
    private URI console = URI.create("http://localhost/");

    private TestEngine(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** Prepares one that is not started yet. */
    static TestEngine in(Path folder) {
        return new TestEngine(folder, FreePort.take());
    }

    /**
     * Adds a partner that charts what it sends from {@code LIS} and a facility of its name in
     * capitals.
     *
     * @param settings further lines of its partner.yaml
     * @param steps of its route, as YAML in one line
     */
    TestEngine with(String name, String settings, String steps) throws IOException {
        var partner = Files.createDirectories(folder.resolve("routes").resolve(name));
        Files.writeString(
                partner.resolve("partner.yaml"),
                """
                name: %s
                sender: { application: LIS, facility: %s }
                zone: UTC
                %s
                """
                        .formatted(name, name.toUpperCase(Locale.ROOT), settings));
        Files.writeString(
                partner.resolve("results.yaml"),
                """
                - route:
                    id: %s-results
                    from:
                      uri: mllp:127.0.0.1:%d
                      steps: %s
                """
                        .formatted(name, port, steps));
        return this;
    }

    /** A partner whose patients are created and whose results are charted. */
    TestEngine with(String name) throws IOException {
        return with(name, "patients: create", "[ { to: { uri: chart } } ]");
    }

    /**
     * Puts its data on a disk of its own that nobody else sees mounted; needs root. See {@link
     * #data}.
     */
    TestEngine onSmallDisk(int megabytes) throws IOException {
        Files.createDirectories(folder.resolve("data"));
        inside =
                List.of(
                        "unshare",
                        "-m",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o size=" + megabytes + "m none \"$0\" && exec \"$@\"",
                        folder.resolve("data").toString());
        return this;
    }

    /** The data folder as this process sees it. */
    Path data() {
        return inside.isEmpty()
                ? folder.resolve("data")
                : Path.of("/proc/" + process().pid() + "/root" + folder.resolve("data"));
    }

    /** Starts it, or starts it again; it is ready when this returns. */
    TestEngine start(String... settings) throws IOException {
        var words = new ArrayList<String>();
        words.add("serve");
        words.add("--server.port=0");
        words.add("--chartbridge.data=" + folder.resolve("data"));
        words.add("--chartbridge.routes=" + folder.resolve("routes"));
        words.addAll(List.of(settings));
        var output = folder.resolve("engine-" + (started.size() + 1) + ".txt");
        var engine = PackagedEngine.runIn(inside, output, words.toArray(String[]::new));
        started.add(engine);
        console = URI.create(engine.ready());
        if (!engine.said().contains("listening")) throw new IOException(engine.said());
        return this;
    }

    PackagedEngine process() {
        return started.getLast();
    }

    /** All that every start of it has printed. */
    String said() throws IOException {
        var all = new StringBuilder();
        for (var one : started) all.append(one.said());
        return all.toString();
    }

    /** A lab's end of a new connection to it. */
    SampleWire call() throws IOException {
        return SampleWire.to(port);
    }

    int port() {
        return port;
    }

    /** Its own database, where it has the one it brings. */
    DatabaseAccess database() throws IOException {
        return DatabaseAccess.embeddedIn(data());
    }

    boolean ready() throws InterruptedException {
        try {
            return get("/actuator/health/readiness").statusCode() == 200;
        } catch (IOException notNow) {
            return false;
        }
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(console.resolve(path)).timeout(Duration.ofSeconds(20));
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** Logs in at the console, with the password the first start has shown. */
    void logIn() throws IOException, InterruptedException {
        var password = PASSWORD.matcher(started.getFirst().said());
        if (!password.find()) throw new IOException("no password was shown");
        var answer =
                post(
                        "/login",
                        "username=admin&password="
                                + URLEncoder.encode(password.group(1), StandardCharsets.UTF_8));
        if (answer.statusCode() != 302) throw new IOException("login: " + answer.statusCode());
    }

    /**
     * Sends a form of the console.
     *
     * @param path of the page that shows the form and takes it
     * @param form its fields, encoded
     */
    HttpResponse<String> post(String path, String form) throws IOException, InterruptedException {
        var csrf = CSRF.matcher(get(path).body());
        if (!csrf.find()) throw new IOException("no form at " + path);
        var all = form + "&_csrf=" + URLEncoder.encode(csrf.group(1), StandardCharsets.UTF_8);
        var request =
                HttpRequest.newBuilder(console.resolve(path))
                        .timeout(Duration.ofSeconds(20))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(all));
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** Kills what still runs of it, its database too. */
    @Override
    public void close() throws IOException {
        if (!inside.isEmpty() && !started.isEmpty()) { // Its disk goes with it.
            process().terminate();
            process().exitCode();
        }
        for (var one : started) one.close();
        EmbeddedServer.stopLeftOver(folder.resolve("data"));
        http.close();
    }
}
