package org.chartbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.chartbridge.database.EmbeddedServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Starts, ends and kills of the packaged engine, as whoever uses it sees them. */
@Isolated("it promises times")
class PackagedEngineIT {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private Path temp;
    private Path data;

    @BeforeEach
    void makeFolder() throws IOException {
        temp = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "engine-it");
        data = temp.resolve("data");
    }

    @AfterEach
    void stopWhatIsLeft() throws IOException {
        EmbeddedServer.stopLeftOver(data);
    }

    @Test
    void startsRefusesASecondAndStops() throws Exception {
        var java = Path.of(PackagedEngine.java());
        try (var first = PackagedEngine.runJar(java, temp.resolve("first.txt"), words())) {
            var console = first.ready();
            assertThat(first.said()).contains(data + " (new)", "Stop");
            assertThat(health(console + "actuator/health/liveness")).isEqualTo(200);
            assertThat(health(console + "actuator/health/readiness")).isEqualTo(200);

            try (var second = serve("second")) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.said())
                        .contains("already running", "process " + first.pid(), console)
                        .doesNotContain("\tat ");
            }
            assertThat(health(console + "actuator/health/liveness")).isEqualTo(200);

            var started = System.nanoTime();
            try (var stop = PackagedEngine.run(temp.resolve("stop"), "stop", "--data", data + "")) {
                assertThat(stop.exitCode()).isZero();
                assertThat(stop.said()).contains("Stopped Chartbridge (process " + first.pid());
            }
            assertThat(first.exitCode()).isEqualTo(143);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(STOP_LIMIT);
            assertThat(EmbeddedServer.stopLeftOver(data)).isFalse();
        }
    }

    @Test
    void startsAgainAfterKillsAndEndsByCtrlC() throws Exception {
        try (var first = serve("first")) {
            first.ready();
            first.kill();
        }

        try (var second = serve("second")) {
            assertThat(health(second.ready() + "actuator/health/readiness")).isEqualTo(200);
            assertThat(second.said()).contains("took over the running PostgreSQL");
            second.kill();
        }
        try (var stop = PackagedEngine.run(temp.resolve("stop"), "stop", "--data", data + "")) {
            assertThat(stop.exitCode()).isZero();
            assertThat(stop.said()).contains("stopped the database it had left");
        }

        try (var third = serve("third")) {
            third.ready();
            var started = System.nanoTime();
            third.interrupt();
            assertThat(third.exitCode()).isEqualTo(130);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(STOP_LIMIT);
            assertThat(EmbeddedServer.stopLeftOver(data)).isFalse();
        }
    }

    @Test
    void aConsolePortInUseNamesItsHolder() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var engine = serve("engine", "--server.port=" + socket.getLocalPort())) {
            assertThat(engine.exitCode()).isEqualTo(1);
            assertThat(engine.said())
                    .contains("process " + ProcessHandle.current().pid(), "--server.port=")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void anUnreachableDatabaseIsASentence() throws Exception {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var url = "--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + port + "/chart";
        try (var engine = serve("engine", url)) {
            assertThat(engine.exitCode()).isEqualTo(1);
            assertThat(engine.said())
                    .contains("127.0.0.1:" + port, "spring.datasource.url")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void anOlderJavaIsToldWhichIsNeeded() throws Exception {
        var old = Path.of("/usr/lib/jvm/java-17-openjdk-amd64/bin/java");
        assumeTrue(Files.isExecutable(old), "no Java 17 here");

        try (var engine = PackagedEngine.runJar(old, temp.resolve("old"))) {
            assertThat(engine.exitCode()).isEqualTo(1);
            assertThat(engine.said()).contains("needs Java 25", "this is Java 17");
        }
    }

    private PackagedEngine serve(String name, String... more) throws IOException {
        return PackagedEngine.run(temp.resolve(name + ".txt"), words(more));
    }

    private String[] words(String... more) throws IOException {
        var routes = Files.createDirectories(temp.resolve("routes"));
        var words = new ArrayList<String>();
        words.add("serve");
        if (more.length == 0 || !more[0].startsWith("--server.port")) words.add("--server.port=0");
        words.add("--chartbridge.data=" + data);
        words.add("--chartbridge.routes=" + routes);
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    private static int health(String address) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(address)).build();
            return client.send(request, BodyHandlers.discarding()).statusCode();
        }
    }
}
