package org.chartbridge.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.chartbridge.FreePort;
import org.chartbridge.bench.HostilePartner.Treatment;
import org.chartbridge.database.OutsidePostgres;
import org.chartbridge.mllp.MllpClient;
import org.chartbridge.mllp.MllpFailure;
import org.chartbridge.mllp.MllpNetwork;
import org.chartbridge.routes.BrokerInItsOwnJvm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Two engines on one PostgreSQL and one Artemis, all processes of their own. Both receive; the one
 * that delivers is killed; the other goes on where it was.
 */
@EnabledIf("org.chartbridge.database.OutsidePostgres#installed")
class TakeoverIT {
    private static final String DESTINATION = "emr/results";
    private static final int MESSAGES = 120;

    /** The first key of the lock by which an engine shows that it is alive (DeliveryStore). */
    private static final int NODES = 0x43420001;

    @TempDir Path folder;

    private final List<AutoCloseable> toClose = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var thing : toClose.reversed()) thing.close();
    }

    @Test
    void theOtherEngineTakesOverWhenTheOneThatDeliversIsKilled() throws Exception {
        var postgres = closing(OutsidePostgres.start());
        var database =
                JdbcClient.create(
                        new DriverManagerDataSource(
                                postgres.url("postgres"), OutsidePostgres.USER, ""));
        var brokerPort = FreePort.take();
        var broker = BrokerInItsOwnJvm.start(brokerPort, folder.resolve("broker"));
        toClose.add(() -> broker.destroyForcibly().waitFor());
        // Every tenth is applied and not answered: such a one may be on its way at the kill.
        var partner =
                closing(
                        new HostilePartner(
                                0,
                                (id, before) ->
                                        before == 0 && id.endsWith("0")
                                                ? Treatment.SILENT_AFTER_APPLYING
                                                : Treatment.ACCEPT));
        var first = engine("one", postgres, brokerPort, partner.port());
        var second = engine("two", postgres, brokerPort, partner.port());
        var engines = Map.of("one", first, "two", second);
        for (var engine : engines.values()) engine.awaitReady();
        var one = first.mllp();
        var two = second.mllp();
        var north = Thread.ofPlatform().daemon().start(() -> send("N", List.of(one, two)));
        var south = Thread.ofPlatform().daemon().start(() -> send("S", List.of(two, one)));

        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> partner.appliedCount() >= MESSAGES / 2);
        // Between two tries nobody has the claim.
        var owner =
                await().pollInterval(Duration.ofMillis(5))
                        .until(() -> owner(database), name -> !name.isEmpty());
        Objects.requireNonNull(engines.get(owner)).kill();

        var killedAt = System.nanoTime();
        var before = partner.appliedCount();
        await().atMost(Duration.ofSeconds(25)) // A sweep alone would take up to 30 s.
                .until(() -> partner.appliedCount() > before);
        System.out.printf("taken over after %.1f s%n", (System.nanoTime() - killedAt) / 1e9);
        north.join();
        south.join();
        await().atMost(Duration.ofSeconds(60)).until(() -> partner.appliedCount() == 2 * MESSAGES);
        assertThat(partner.applied().stream().filter(id -> id.startsWith("N")))
                .containsExactlyElementsOf(ids("N"));
        assertThat(partner.applied().stream().filter(id -> id.startsWith("S")))
                .containsExactlyElementsOf(ids("S"));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () ->
                                assertThat(count(database, "delivery where state = 'accepted'"))
                                        .isEqualTo(2 * MESSAGES));
        assertThat(count(database, "delivery")).isEqualTo(2 * MESSAGES);
        // The kill may have come between an attempt's commit and its bytes.
        assertThat(count(database, "attempt") - partner.seen().size()).isBetween(0L, 1L);
        // One at a time: no attempt of an older claim began after one of a newer.
        assertThat(
                        count(
                                database,
                                "attempt a join attempt b on a.epoch < b.epoch and a.started_at >"
                                        + " b.started_at"))
                .isZero();
    }

    private EngineProcess engine(
            String name, OutsidePostgres postgres, int brokerPort, int partnerPort)
            throws IOException {
        return closing(
                EngineProcess.start(
                        folder,
                        Jar.engine(folder).jar(),
                        EngineProcess.QUICK_START,
                        List.of(
                                "--spring.datasource.url=" + postgres.url("postgres"),
                                "--spring.datasource.username=" + OutsidePostgres.USER,
                                "--spring.datasource.password=",
                                "--spring.datasource.hikari.data-source-properties.ApplicationName="
                                        + name,
                                "--spring.artemis.broker-url=tcp://127.0.0.1:" + brokerPort,
                                "--chartbridge.delivery.answer=100ms",
                                "--chartbridge.delivery.first-wait=5ms",
                                "--chartbridge.delivery.longest-wait=20ms"),
                        (routes, port) ->
                                ForwardingRoutes.write(routes, port, DESTINATION, partnerPort)));
    }

    /** One after the other; what has no answer is sent again, to the other engine. */
    private static void send(String prefix, List<InetSocketAddress> engines) {
        var ids = ids(prefix);
        try (var network = new MllpNetwork(1, 16 << 20)) {
            MllpClient client = null;
            for (int sent = 0, to = 0; sent < ids.size(); ) {
                try {
                    if (client == null || !client.isOpen())
                        client =
                                MllpClient.connect(
                                        network, engines.get(to % 2), Duration.ofSeconds(2));
                    var answer = client.exchange(message(ids.get(sent)), Duration.ofSeconds(10));
                    assertThat(new String(answer, StandardCharsets.UTF_8)).contains("MSA|AA|");
                    sent++;
                } catch (MllpFailure e) {
                    to++;
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The name of the engine whose claim holds; empty when none does. */
    private static String owner(JdbcClient database) {
        return database.sql(
                        """
                        select a.application_name
                        from destination d
                        join pg_locks l on l.locktype = 'advisory' and l.granted
                            and l.classid::bigint = :nodes and l.objid::bigint = d.owner
                        join pg_stat_activity a on a.pid = l.pid
                        where d.name = :destination
                        """)
                .param("nodes", NODES)
                .param("destination", DESTINATION)
                .query(String.class)
                .optional()
                .orElse("");
    }

    private static long count(JdbcClient database, String from) {
        return database.sql("select count(*) from " + from).query(Long.class).single();
    }

    private static List<String> ids(String prefix) {
        return IntStream.rangeClosed(1, MESSAGES).mapToObj(n -> prefix + n).toList();
    }

    private static byte[] message(String id) {
        return String.join(
                        "\r",
                        "MSH|^~\\&|LIS||EMR||20261122080000||ORU^R01|" + id + "|P|2.5.1",
                        "PID|1||" + id + "^^^LAB^MR||ROE^SAM||19820304|M",
                        "OBR|1||" + id + "|24323-8^CMP^LN|||20261122074500",
                        "OBX|1|NM|2823-3^Potassium^LN||4.1|mmol/L|3.5-5.1||||F",
                        "")
                .getBytes(StandardCharsets.UTF_8);
    }

    private <T extends AutoCloseable> T closing(T thing) {
        toClose.add(thing);
        return thing;
    }
}
