package org.chartbridge.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.TestCertificates;
import org.chartbridge.mllp.Tls;
import org.chartbridge.mllp.TlsFiles;
import org.chartbridge.sftp.SftpHostInTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The doors that are no MLLP, under {@code kill -9}; long because two laboratories and two partners
 * are played here. One laboratory posts over HTTPS, another puts files onto its SFTP host; all they
 * send goes on to a gateway over HTTPS and to a registry's SFTP host. The engine is killed while it
 * takes files, while it posts, and together with its database.
 */
class DoorsKillIT {
    private static final int FILES = 60;
    private static final int MESSAGES_OF_A_FILE = 2;
    private static final int POSTED = 120;
    private static final int ALL = POSTED + FILES * MESSAGES_OF_A_FILE;
    private static final String END = "NTE|1||the end";
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @TempDir Path folder;

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private Path files;
    private SftpHostInTest host;
    private PostedTo gateway;
    private Collector registry;
    private HttpClient lab;
    private EngineProcess engine;

    @BeforeEach
    void start() throws Exception {
        files = folder.resolve("host");
        for (var name : List.of("from", "to")) Files.createDirectories(files.resolve(name));
        host = closing(new SftpHostInTest(files));
        var keys = SftpHostInTest.keys();
        host.knows(keys.getPublic());
        var pem = Files.createDirectory(folder.resolve("pem"));
        try (var out = Files.newOutputStream(pem.resolve("clinic"))) {
            SftpHostInTest.write(keys, out);
        }
        var authority = TestCertificates.authority("CN=CA");
        authority.write(pem, "ca");
        for (var name : List.of("engine", "web", "gateway"))
            authority.signs("CN=" + name).write(pem, name);
        gateway = closing(new PostedTo(tls(pem, "gateway", true)));
        lab = closing(HttpClient.newBuilder().sslContext(tls(pem, "web", false).context()).build());
        registry = closing(new Collector(files.resolve("to")));
        engine =
                closing(
                        EngineProcess.start(
                                folder,
                                Jar.engine(folder).jar(),
                                EngineProcess.QUICK_START,
                                List.of(
                                        "--chartbridge.delivery.first-wait=20ms",
                                        "--chartbridge.delivery.longest-wait=100ms",
                                        "--chartbridge.delivery.sweep=500ms"),
                                (routes, port) -> routes(routes, pem, port)));
    }

    @AfterEach
    void close() throws Exception {
        for (var thing : toClose.reversed()) thing.close();
    }

    @Test
    void nothingIsLostNothingIsChartedTwiceAndNoFileIsHalf() throws Exception {
        putFiles();
        engine.awaitReady();
        var sender = Thread.ofPlatform().daemon().start(this::post);

        killWhen(() -> count(files.resolve("from/done")) >= FILES / 4);
        killWhen(() -> gateway.bodies().size() >= ALL / 3 && registry.collected() >= ALL / 3);
        engine.killDatabase();
        engine.restart();
        killWhen(() -> gateway.bodies().size() >= ALL * 3 / 4);
        engine.restart();

        sender.join();
        engine.awaitReady();
        awaitAll();
        System.out.printf(
                "%d requests and %d files for %d messages, %d answers to %d files%n",
                gateway.requests(),
                registry.files(),
                ALL,
                count(files.resolve("from/answers")),
                FILES);
        assertThat(charted()).as("charted once").isEqualTo(once());
        assertThat(gateway.broken() + registry.broken()).as("half a message").isZero();
        assertThat(gateway.bodies()).as("posted").containsOnlyKeys(ids());
        assertThat(gateway.bodies().values()).as("other bytes").allMatch(all -> all.size() == 1);
        assertThat(registry.byId().keySet()).as("put").isEqualTo(ids());
        assertThat(registry.byId().values()).as("names").allMatch(all -> all.size() == 1);
        assertThat(names(files.resolve("from/done"))).isEqualTo(fileNames());
        assertThat(names(files.resolve("from/answers")))
                .containsAll(fileNames().stream().map(name -> name + ".ack").toList());
        assertThat(names(files.resolve("from/refused"))).isEmpty();
        assertThat(names(files.resolve("to"))).as("left half").isEmpty();
    }

    private void killWhen(BooleanSupplier now) throws IOException, InterruptedException {
        if (!engine.alive()) engine.restart();
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(2)).until(now::getAsBoolean);
        engine.kill();
    }

    private void awaitAll() {
        await().atMost(LIMIT)
                .ignoreExceptions()
                .until(
                        () ->
                                registry.byId().size() == ALL
                                        && gateway.bodies().size() == ALL
                                        && engine.database()
                                                        .jdbc()
                                                        .sql(
                                                                "select count(*) from delivery"
                                                                    + " where state = 'accepted'")
                                                        .query(Integer.class)
                                                        .single()
                                                == 2 * ALL
                                        && count(files.resolve("from/done")) == FILES);
    }

    // ------------------------------------------------------------ the laboratories

    /** As its owner does who writes whole files: under another name, renamed. */
    private void putFiles() throws IOException {
        var from = files.resolve("from");
        for (int file = 0; file < FILES; file++) {
            var text = new StringBuilder();
            for (int i = 0; i < MESSAGES_OF_A_FILE; i++)
                text.append(message("FILES", fileId(file * MESSAGES_OF_A_FILE + i)));
            var part = Files.writeString(from.resolve("." + fileName(file)), text, ISO_8859_1);
            Files.move(part, from.resolve(fileName(file)), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** One after the other, each until it is acknowledged. */
    private void post() {
        try {
            for (int number = 0; number < POSTED; ) {
                if (posted(webId(number))) number++;
                else TimeUnit.MILLISECONDS.sleep(50);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean posted(String id) throws InterruptedException {
        var request =
                HttpRequest.newBuilder(
                                URI.create("https://127.0.0.1:" + engine.mllp().getPort() + "/web"))
                        .timeout(Duration.ofSeconds(20))
                        .header("Content-Type", "application/hl7-v2")
                        .POST(BodyPublishers.ofString(message("WEB", id), ISO_8859_1));
        try {
            return lab.send(request.build(), BodyHandlers.ofString(ISO_8859_1))
                    .body()
                    .contains("MSA|AA|" + id);
        } catch (IOException e) {
            return false;
        }
    }

    private static String message(String sender, String id) {
        return String.join(
                "\r",
                "MSH|^~\\&|" + sender + "|LAB|||20261122080000||ORU^R01|" + id + "|P|2.5.1",
                "PID|1||" + id + "^^^LAB^MR||ROE^SAM||19820304|M",
                "OBR|1||" + id + "|24323-8^CMP^LN|||20261122074500",
                "OBX|1|NM|2823-3^Potassium^LN||4.1|mmol/L|3.5-5.1||||F",
                END,
                "");
    }

    private static String webId(int number) {
        return "W%04d".formatted(number);
    }

    private static String fileId(int number) {
        return "F%04d".formatted(number);
    }

    private static String fileName(int number) {
        return "%03d.hl7".formatted(number);
    }

    private static Set<String> fileNames() {
        var all = new TreeSet<String>();
        IntStream.range(0, FILES).forEach(number -> all.add(fileName(number)));
        return all;
    }

    private static Set<String> ids() {
        var all = new TreeSet<String>();
        IntStream.range(0, POSTED).forEach(number -> all.add(webId(number)));
        IntStream.range(0, FILES * MESSAGES_OF_A_FILE).forEach(number -> all.add(fileId(number)));
        return all;
    }

    // ------------------------------------------------------------ what came of it

    private Map<String, String> charted() throws IOException {
        var found = new TreeMap<String, String>();
        engine.database()
                .jdbc()
                .sql(
                        """
                        select j.control_id, string_agg(j.state, ' ') states,
                               (select count(*) from observation o
                                where o.control_id = j.control_id) observations
                        from journal j group by j.control_id
                        """)
                .query(
                        row -> {
                            found.put(row.getString(1), row.getString(2) + " " + row.getString(3));
                        });
        return found;
    }

    private static Map<String, String> once() {
        var all = new TreeMap<String, String>();
        for (var id : ids()) all.put(id, "charted 1");
        return all;
    }

    private static int count(Path folder) {
        return names(folder).size();
    }

    private static Set<String> names(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            var names = new TreeSet<String>();
            all.filter(Files::isRegularFile)
                    .forEach(file -> names.add(file.getFileName().toString()));
            return names;
        } catch (NoSuchFileException _) {
            return Set.of();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Messages that arrived, by MSH-10. */
    static final class Arrived {
        private static final java.util.regex.Pattern ID =
                java.util.regex.Pattern.compile("MSH(?:[|][^|\r]*){8}[|]([^|\r]*)[|][^\r]*\r");

        /** Its id; empty for half a message. */
        static String id(String text) {
            var found = ID.matcher(text);
            return found.lookingAt() && text.strip().endsWith(END) ? found.group(1) : "";
        }
    }

    /** Collects what lies in a folder, as a registry's program does, and deletes it. */
    private static final class Collector implements AutoCloseable {
        private final Path folder;
        private final Map<String, Set<String>> byId = new ConcurrentHashMap<>();
        private final Thread thread;
        private final AtomicInteger files = new AtomicInteger();
        private final AtomicInteger broken = new AtomicInteger();
        private volatile boolean closed;

        Collector(Path folder) {
            this.folder = folder;
            this.thread = Thread.ofPlatform().daemon().start(this::collect);
        }

        private void collect() {
            while (!closed) {
                for (var name : names(folder)) {
                    if (name.startsWith(".")) continue;
                    try {
                        var text = Files.readString(folder.resolve(name), ISO_8859_1);
                        var id = Arrived.id(text);
                        if (id.isEmpty()) broken.incrementAndGet();
                        byId.computeIfAbsent(id, _ -> ConcurrentHashMap.newKeySet())
                                .add(name + text.hashCode());
                        Files.delete(folder.resolve(name));
                        files.incrementAndGet();
                    } catch (IOException e) {
                        broken.incrementAndGet();
                    }
                }
                java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
            }
        }

        Map<String, Set<String>> byId() {
            return byId;
        }

        int collected() {
            return byId.size();
        }

        int files() {
            return files.get();
        }

        int broken() {
            return broken.get();
        }

        @Override
        public void close() {
            closed = true;
            thread.interrupt();
        }
    }

    // ------------------------------------------------------------ the partners

    private static Tls tls(Path pem, String name, boolean server) throws Exception {
        var its =
                new TlsFiles(
                        pem.resolve(name + ".pem"),
                        pem.resolve(name + ".key"),
                        pem.resolve("ca.pem"));
        return server ? Tls.ofServer(its, Tls.Ask.REQUIRED) : Tls.ofClient(its);
    }

    private void routes(Path routes, Path pem, int port) throws IOException {
        write(
                routes.resolve("ports.yaml"),
                """
                - address: 127.0.0.1:%d
                  tls:
                    certificate: %s/engine.pem
                    key: %s/engine.key
                    trust: %s/ca.pem
                """
                        .formatted(port, pem, pem, pem));
        var login =
                "login: { user: clinic, key: \"%s/clinic\", host-key: \"%s\" }\n"
                        .formatted(pem, host.fingerprint());
        partner(routes, "web", "certificate: CN=web\npatients: create\n");
        partner(routes, "files", login + "patients: create\n");
        partner(
                routes,
                "gateway",
                "tls: { trust: \"%s/ca.pem\", certificate: \"%s/engine.pem\", key: \"%s/engine.key\" }\n"
                        .formatted(pem, pem, pem));
        partner(routes, "registry", login);
        var on =
                """
                        - to: { uri: chart }
                        - to: { uri: "deliver:gateway/results" }
                        - to: { uri: "deliver:registry/results" }
                """;
        route(routes, "web", "https:127.0.0.1:" + port + "/web", on);
        route(routes, "files", "sftp://127.0.0.1:" + host.port() + "/from", on);
        route(routes, "gateway", "outbox:gateway/results", to(gateway.address()));
        route(
                routes,
                "registry",
                "outbox:registry/results",
                to("sftp://127.0.0.1:" + host.port() + "/to"));
    }

    private static String to(String address) {
        return "        - to: { uri: \"%s\" }\n".formatted(address);
    }

    private static void partner(Path routes, String name, String settings) throws IOException {
        write(
                routes.resolve(name).resolve("partner.yaml"),
                "sender: { application: %s }\nzone: UTC\n"
                                .formatted(name.toUpperCase(java.util.Locale.ROOT))
                        + settings);
    }

    private static void route(Path routes, String name, String from, String steps)
            throws IOException {
        write(
                routes.resolve(name).resolve("results.yaml"),
                "- route:\n    id: %s-results\n    from:\n      uri: \"%s\"\n      steps:\n"
                                .formatted(name, from)
                        + steps);
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, UTF_8);
    }

    private <T extends AutoCloseable> T closing(T thing) {
        toClose.add(thing);
        return thing;
    }
}
