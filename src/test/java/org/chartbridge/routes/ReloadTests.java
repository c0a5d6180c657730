package org.chartbridge.routes;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.chartbridge.ChartbridgeApplication;
import org.chartbridge.database.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A partner's folder is changed a hundred times while several partners send over open sockets
 * without waiting for answers: the whole engine, from socket to journal.
 */
class ReloadTests {
    private static final int RELOADS = 100;
    private static final int PIPELINED = 8;

    @TempDir Path folder = Path.of("set by JUnit");

    private final TestDatabase database = TestDatabase.fresh();
    private final int port = Sockets.freePort();
    private final AtomicBoolean stop = new AtomicBoolean();

    /** Whether a message of the version is charted, for every version of north that ran. */
    private final Map<String, Boolean> versions = new HashMap<>();

    @BeforeEach
    void routes() throws IOException {
        for (var partner : List.of("north", "south", "east")) {
            settings(partner, "");
            route(partner, true);
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aHundredReloadsUnderLoadLoseNothingDoubleNothingAndNobodyElseNotices() throws Exception {
        var seed = new Random().nextLong();
        System.out.println("ReloadTests seed " + seed);
        try (var context = start();
                var threads = Executors.newFixedThreadPool(6)) {
            var folders = context.getBean(RouteFolders.class);
            ran(folders, true);
            var sent = new HashMap<String, List<Future<Integer>>>();
            for (var partner : List.of("north", "south", "east"))
                for (var line : List.of("a", "b"))
                    sent.computeIfAbsent(partner, _ -> new ArrayList<>())
                            .add(threads.submit(() -> sendUntilStopped(partner, line)));
            try {
                reload(folders, new Random(seed));
            } finally {
                stop.set(true);
            }

            for (var partner : sent.keySet()) {
                var messages = 0;
                for (var line : sent.get(partner)) messages += line.get();
                assertThat(count("*", partner)).as("%s %d", partner, seed).isEqualTo(messages);
                assertThat(count("distinct control_id", partner))
                        .as("%s %d", partner, seed)
                        .isEqualTo(messages);
            }
            assertThat(versionsOf("south")).hasSize(1);
            assertThat(versionsOf("east")).hasSize(1);
        }
        // What the journal calls the version is what decided: its steps, not a neighbour's.
        assertThat(versionsOf("north")).hasSizeGreaterThan(10).isSubsetOf(versions.keySet());
        versions.forEach(
                (version, charts) ->
                        assertThat(statesOf(version))
                                .as("version %s, seed %d", version, seed)
                                .isSubsetOf(charts ? "charted" : "ignored"));
    }

    /** Changes the folder of north in every way in which people and programs change folders. */
    private void reload(RouteFolders folders, Random random) throws IOException {
        var north = folder.resolve("routes/north");
        var charts = true;
        for (var i = 1; i <= RELOADS; i++) {
            var good = true;
            var route = Files.readString(north.resolve("in.yaml"));
            switch (i % 8) {
                case 1 -> {
                    good = false; // Half-written.
                    Files.writeString(
                            north.resolve("in.yaml"),
                            route.substring(0, random.nextInt(route.length() - 20)));
                }
                case 2 -> {
                    charts = !charts;
                    route("north", charts);
                }
                case 3 -> {
                    good = false;
                    settings("north", "acknowlege: charted\n");
                }
                case 4 -> settings("north", "name: North " + i + "\n");
                case 5 -> {
                    good = false;
                    Files.delete(north.resolve("partner.yaml"));
                }
                case 6 -> {
                    settings("north", "name: North " + i + "\n");
                    Files.writeString(north.resolve("note.txt"), "of reload " + i);
                }
                case 7 -> Files.delete(north.resolve("note.txt"));
                default -> {
                    settings("north", "name: North " + i + "\n");
                    charts = !charts;
                    route("north", charts);
                }
            }
            folders.refresh();
            folders.refresh();
            assertThat(folders.faults().isEmpty()).as("reload %d", i).isEqualTo(good);
            if (good) ran(folders, charts);
        }
    }

    private void ran(RouteFolders folders, boolean charts) {
        for (var partner : folders.partners())
            if (partner.partner().folder().equals("north"))
                versions.put(partner.partner().version(), charts);
    }

    /** How many messages were answered, each with AA and its own id, in order, over one socket. */
    private int sendUntilStopped(String partner, String line) throws IOException {
        var count = 0;
        try (var socket = Sockets.connect(port)) {
            while (!stop.get()) {
                var first = count;
                send(socket, partner, line, first);
                for (; count < first + PIPELINED; count++)
                    assertThat(Sockets.answer(socket)).contains("MSA|AA|" + line + count + "\r");
            }
        }
        return count;
    }

    private static void send(Socket socket, String partner, String line, int first)
            throws IOException {
        var frames = new StringBuilder();
        for (var i = first; i < first + PIPELINED; i++)
            frames.append('\u000b').append(oru(partner, line + i)).append("\u001c\r");
        socket.getOutputStream().write(frames.toString().getBytes(ISO_8859_1));
    }

    private static String oru(String partner, String id) {
        return String.join(
                "\r",
                "MSH|^~\\&|" + partner + "|LAB|||20261122080000||ORU^R01|" + id + "|P|2.5.1",
                "PID|1||4711^^^LAB^MR||ROE^SAM||19820304|M",
                "OBR|1||" + id + "|24323-8^CMP^LN|||20261122074500|||||||||||||||||||F",
                "OBX|1|NM|2823-3^Potassium^LN||4.1|mmol/L|3.5-5.1||||F",
                "");
    }

    private ConfigurableApplicationContext start() {
        return ChartbridgeApplication.start(
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=" + database.user(),
                "--spring.datasource.password=" + database.password(),
                "--server.port=0",
                "--chartbridge.data=" + folder.resolve("data"),
                "--chartbridge.routes=" + folder.resolve("routes"),
                "--chartbridge.admin-password=a sentence for tests only");
    }

    private void settings(String partner, String more) throws IOException {
        write(
                partner + "/partner.yaml",
                "sender: { application: " + partner + " }\nzone: UTC\npatients: create\n" + more);
    }

    private void route(String partner, boolean charts) throws IOException {
        write(
                partner + "/in.yaml",
                """
                - route:
                    id: %s-in
                    from:
                      uri: mllp:127.0.0.1:%d
                      steps:
                        - %s
                """
                        .formatted(
                                partner,
                                port,
                                charts ? "to: { uri: chart }" : "log: { message: kept }"));
    }

    private void write(String file, String text) throws IOException {
        var path = folder.resolve("routes").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private long count(String what, String partner) {
        return database.jdbc()
                .sql("select count(" + what + ") from journal where partner = :partner")
                .param("partner", partner)
                .query(Long.class)
                .single();
    }

    private Set<String> versionsOf(String partner) {
        return strings("select distinct folder_version from journal where partner = ?", partner);
    }

    private Set<String> statesOf(String version) {
        return strings("select distinct state from journal where folder_version = ?", version);
    }

    private Set<String> strings(String sql, String value) {
        return new HashSet<>(database.jdbc().sql(sql).param(value).query(String.class).list());
    }
}
