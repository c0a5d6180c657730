package org.chartbridge.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.chartbridge.TestCertificates;
import org.chartbridge.database.Script;
import org.chartbridge.database.TestDatabase;
import org.chartbridge.delivery.Bells;
import org.chartbridge.delivery.Couriers;
import org.chartbridge.delivery.DeliveryLimits;
import org.chartbridge.delivery.DeliveryStore;
import org.chartbridge.delivery.Endpoint;
import org.chartbridge.delivery.NewDelivery;
import org.chartbridge.delivery.Outboxes.Security;
import org.chartbridge.hl7.AckCode;
import org.chartbridge.hl7.Acknowledgement;
import org.chartbridge.mllp.Answer;
import org.chartbridge.mllp.Limits;
import org.chartbridge.mllp.MllpListener;
import org.chartbridge.mllp.MllpNetwork;
import org.chartbridge.mllp.Tls;
import org.chartbridge.mllp.TlsFiles;
import org.chartbridge.partner.FileFault;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Deliveries to partners over TLS: from route files and a real database to real handshakes. */
class SendingTlsTests {
    private static final DeliveryLimits LIMITS =
            new DeliveryLimits(
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(20),
                    Duration.ofMillis(100),
                    Duration.ofMillis(50),
                    3,
                    Duration.ofMinutes(1),
                    16,
                    1 << 20,
                    128,
                    Duration.ofMillis(200));

    @TempDir Path root = Path.of("set by JUnit");
    @TempDir Path pem = Path.of("set by JUnit");

    private final TestCertificates authority = TestCertificates.authority("CN=CA");
    private final TestDatabase database = TestDatabase.fresh();
    private final DeliveryStore store = new DeliveryStore(database.jdbc());
    private final OutboxRoutes outboxes = new OutboxRoutes(_ -> 0);
    private final Listeners listeners = new Listeners(new Received());
    private final MllpNetwork network = new MllpNetwork();
    private final int port = Sockets.freePort();
    private final List<String> arrived = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private long entries;

    @BeforeEach
    void certificates() throws IOException {
        authority.write(pem, "ca");
        TestCertificates.authority("CN=Other").write(pem, "other");
        for (var name : List.of("engine", "lab")) authority.signs("CN=" + name).write(pem, name);
    }

    @AfterEach
    void close() throws Exception {
        for (var thing : toClose.reversed()) thing.close();
        listeners.close();
        network.close();
        database.close();
    }

    @Test
    void overMutualTlsThePartnerSeesWhoSends() throws Exception {
        partner("lab", "ca");
        lab("lab", "ca");
        stage("lab/results", "M1");

        assertThat(start().faults()).isEmpty();

        await().untilAsserted(() -> assertThat(arrived).containsExactly("CN=engine lab M1"));
        await().untilAsserted(() -> assertThat(settled()).isOne());
    }

    @Test
    void anExpiredCertificateLetsItsPartnerWaitAndNobodyElse() throws Exception {
        var now = Instant.now();
        authority
                .signs("CN=lab", now.minus(Duration.ofDays(9)), now.plus(Duration.ofSeconds(2)))
                .write(pem, "lab");
        partner("lab", "ca");
        var tls = lab("lab", "ca");
        await().until(() -> Instant.now().isAfter(now.plus(Duration.ofSeconds(3))));
        plainPartner("emr");
        stage("lab/results", "M1");
        stage("emr/results", "M2");
        start();

        await().untilAsserted(() -> assertThat(arrived).containsExactly("- emr M2"));
        await().untilAsserted(
                        () ->
                                assertThat(problem("lab/results"))
                                        .isEqualTo(
                                                "no TLS with 127.0.0.1:"
                                                        + port
                                                        + ": the other side's certificate has"
                                                        + " expired (CN=lab, issued by CN=CA);"
                                                        + " renew it there"));

        assertThat(asking()).containsExactly("lab/results");

        authority.signs("CN=lab").write(pem, "lab");
        tls.refresh();
        assertThat(tls.refresh()).isTrue();
        await().untilAsserted(() -> assertThat(arrived).contains("CN=engine lab M1"));
        assertThat(database.jdbc().sql("select count(*) from attempt").query(Long.class).single())
                .isEqualTo(2);
        await().untilAsserted(() -> assertThat(asking()).isEmpty());
    }

    /** Where a person has to act, though it is tried on. */
    private List<String> asking() {
        return database.jdbc()
                .sql("select name from destination where asks_since is not null")
                .query(String.class)
                .list();
    }

    @Test
    void aCertificateThatThePartnerRefusesIsExchangedWithoutARestart() throws Exception {
        TestCertificates.authority("CN=Somebody").write(pem, "engine");
        partner("lab", "ca");
        lab("lab", "ca");
        stage("lab/results", "M1");
        var folders = start();
        await().untilAsserted(
                        () ->
                                assertThat(problem("lab/results"))
                                        .startsWith("no TLS with 127.0.0.1:" + port + ": the other")
                                        .contains("certificate"));
        assertThat(arrived).isEmpty();

        var fresh = Files.createDirectory(pem.resolve("fresh"));
        authority.signs("CN=engine").write(fresh, "engine");
        Files.move(
                fresh.resolve("engine.pem"),
                pem.resolve("engine.pem"),
                StandardCopyOption.REPLACE_EXISTING);
        folders.refresh();
        folders.refresh();
        assertThat(folders.faults())
                .extracting(FileFault::toString)
                .singleElement()
                .asString()
                .startsWith("lab/partner.yaml:3: " + pem.resolve("engine.key") + ": is the key of");
        Files.move(
                fresh.resolve("engine.key"),
                pem.resolve("engine.key"),
                StandardCopyOption.REPLACE_EXISTING);
        folders.refresh();
        folders.refresh();

        assertThat(folders.faults()).isEmpty();
        await().untilAsserted(() -> assertThat(arrived).containsExactly("CN=engine lab M1"));
    }

    @Test
    void whoIsNotTrustedGetsNothing() throws Exception {
        partner("lab", "other");
        lab("lab", "ca");
        stage("lab/results", "M1");
        start();

        await().untilAsserted(
                        () ->
                                assertThat(problem("lab/results"))
                                        .contains("comes from nobody in trust (CN=lab"));
        assertThat(arrived).isEmpty();
    }

    @Test
    void aCertificateForAnotherNameIsNotTakenForThisOne() throws Exception {
        partner("lab", "127.0.0.2", "ca");
        lab("lab", "ca");
        stage("lab/results", "M1");
        start();

        await().untilAsserted(
                        () ->
                                assertThat(problem("lab/results"))
                                        .contains("the other side's certificate is for another"));
        assertThat(arrived).isEmpty();
    }

    @Test
    void nothingGoesInPlaintextToAPartnerThatHasTls() throws Exception {
        partner("lab", "ca");
        listen("lab", port, null);
        stage("lab/results", "M1");
        start();

        await().untilAsserted(
                        () ->
                                assertThat(problem("lab/results"))
                                        .startsWith("no TLS with 127.0.0.1:" + port));
        assertThat(arrived).isEmpty();
    }

    @Test
    void aMissingFileIsToldAtTheDestinationAndByCheck() throws Exception {
        partner("lab", "nowhere");
        lab("lab", "ca");
        stage("lab/results", "M1");
        var folders = start();
        var fault =
                "lab/partner.yaml:3: "
                        + pem.resolve("nowhere.pem")
                        + ": there is no such file; correct the path, or put it there";

        await().untilAsserted(
                        () -> assertThat(problem("lab/results")).isEqualTo("no TLS: " + fault));
        assertThat(folders.faults()).extracting(FileFault::toString).containsExactly(fault);
        assertThat(RoutesCheck.of(root, Map.of("PEM", pem.toString()), List.of()).faults())
                .extracting(FileFault::toString)
                .contains(fault);

        Files.copy(pem.resolve("ca.pem"), pem.resolve("nowhere.pem"));
        folders.refresh();
        assertThat(folders.faults()).isEmpty();
        await().untilAsserted(() -> assertThat(arrived).containsExactly("CN=engine lab M1"));
    }

    @Test
    void whenTlsBeginsTheOpenConnectionIsNotUsedAnyMore() throws Exception {
        write("lab/partner.yaml", "sender: any\nzone: UTC\n");
        outbox("lab", "127.0.0.1", port);
        var plain = listen("lab", port, null);
        stage("lab/results", "M1");
        var folders = start();
        await().untilAsserted(() -> assertThat(arrived).containsExactly("- lab M1"));

        plain.close();
        partner("lab", "ca");
        lab("lab", "ca");
        folders.refresh();
        folders.refresh();
        stage("lab/results", "M2");

        await().untilAsserted(() -> assertThat(arrived).contains("CN=engine lab M2"));
    }

    @Test
    void anotherMachineNeedsTlsAlsoForWhatWasMadeBefore() throws Exception {
        write("lab/partner.yaml", "sender: any\nzone: UTC\n");
        outbox("lab", "lis.example", 2575);
        var folders = start();
        assertThat(folders.faults())
                .extracting(FileFault::toString)
                .containsExactly(
                        "lab/results.yaml:7: lis.example:2575 is another machine, and without TLS"
                                + " everybody between can read what is sent; give lab/partner.yaml"
                                + " tls; only where something else protects the line, add \"lab\""
                                + " to the setting chartbridge.allow-plaintext");

        write("lab/partner.yaml", "sender: any\nzone: UTC\ntls: { trust: public }\n");
        folders.refresh();
        folders.refresh();
        assertThat(folders.faults()).isEmpty();
        var lab = folders.partners().getFirst().partner();
        var sending = new SendingTls(root, List.of());
        sending.use(List.of(lab));
        var there = Endpoint.mllp("lis.example", 2575);
        assertThat(sending.of(lab, there)).isInstanceOf(Security.Secured.class);

        write("lab/partner.yaml", "sender: any\nzone: UTC\n");
        outbox("lab", "127.0.0.1", 2575);
        folders.refresh();
        folders.refresh();
        var plain = folders.partners().getFirst().partner();
        sending.use(List.of(plain));
        assertThat(sending.of(plain, there)).isInstanceOf(Security.Missing.class);
        assertThat(sending.of(plain, Endpoint.mllp("::1", 2575)))
                .isInstanceOf(Security.Plain.class);
        assertThat(new SendingTls(root, List.of("lab")).of(plain, there))
                .isInstanceOf(Security.Plain.class);
    }

    // ------------------------------------------------------------

    private RouteFolders start() {
        var folders =
                new RouteFolders(
                        root,
                        new RouteFile.Environment(Map.of("PEM", pem.toString()), List.of()),
                        new CamelSteps(),
                        new RunningRoutes(),
                        listeners,
                        outboxes);
        toClose.add(folders);
        folders.load();
        var couriers =
                new Couriers(
                        database.dataSource(), store, outboxes, LIMITS, new SimpleMeterRegistry());
        var bells = new LocalBells(couriers);
        toClose.add(bells);
        toClose.add(couriers);
        couriers.start(bells);
        outboxes.onChange(couriers::look);
        return folders;
    }

    private void partner(String name, String trust) throws IOException {
        partner(name, "127.0.0.1", trust);
    }

    private void partner(String name, String host, String trust) throws IOException {
        write(
                name + "/partner.yaml",
                """
                sender: { application: LAB }
                zone: UTC
                tls: { trust: "${PEM}/%s.pem", certificate: "${PEM}/engine.pem", key: "${PEM}/engine.key" }
                """
                        .formatted(trust));
        outbox(name, host, port);
    }

    private void plainPartner(String name) throws Exception {
        var its = Sockets.freePort();
        write(name + "/partner.yaml", "sender: { application: EMR }\nzone: UTC\n");
        outbox(name, "127.0.0.1", its);
        listen(name, its, null);
    }

    private void outbox(String name, String host, int to) throws IOException {
        write(
                name + "/results.yaml",
                """
                - route:
                    id: %s-results
                    from:
                      uri: outbox:%s/results
                      steps:
                        - to:
                            uri: mllp:%s:%d
                """
                        .formatted(name, name, host, to));
    }

    private void write(String file, String text) throws IOException {
        var path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    /** The lab's end: wants a certificate from an authority. */
    private Tls lab(String certificate, String trust) throws Exception {
        var tls =
                Tls.ofServer(
                        new TlsFiles(
                                pem.resolve(certificate + ".pem"),
                                pem.resolve(certificate + ".key"),
                                pem.resolve(trust + ".pem")),
                        Tls.Ask.REQUIRED);
        listen("lab", port, tls);
        return tls;
    }

    private MllpListener listen(String name, int at, @Nullable Tls tls) throws Exception {
        var listener =
                MllpListener.open(
                        network,
                        new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), at),
                        Limits.defaults(),
                        tls,
                        frame -> {
                            var shown = frame.peer().certificate();
                            arrived.add(
                                    (shown == null ? "-" : shown.getSubjectX500Principal())
                                            + " "
                                            + name
                                            + " "
                                            + new String(frame.content(), UTF_8)
                                                    .split("\\|", 11)[9]);
                            return CompletableFuture.completedFuture(
                                    new Answer.Reply(
                                            Acknowledgement.of(
                                                    frame.content(),
                                                    AckCode.AA,
                                                    List.of(),
                                                    "A",
                                                    Instant.now(),
                                                    ZoneOffset.UTC)));
                        },
                        new Watch(name, new Received()));
        toClose.add(listener);
        return listener;
    }

    private void stage(String to, String id) throws Exception {
        var body = ("MSH|^~\\&|LIS|LAB|||20261122||ORU^R01|" + id + "|P|2.5.1\r").getBytes(UTF_8);
        try (var connection = database.dataSource().getConnection()) {
            var script = new Script();
            store.stage(
                    script,
                    List.of(
                            new NewDelivery(
                                    store.nextId(),
                                    ++entries,
                                    to,
                                    id,
                                    "ORU^R01",
                                    body.length,
                                    body,
                                    Instant.now())));
            script.send(connection);
        }
    }

    private String problem(String destination) {
        return database.jdbc()
                .sql("select coalesce(max(problem), '') from destination where name = :name")
                .param("name", destination)
                .query(String.class)
                .single();
    }

    private long settled() {
        return database.jdbc()
                .sql("select count(*) from delivery where state = 'accepted'")
                .query(Long.class)
                .single();
    }

    /** Rings in this process. */
    private record LocalBells(Couriers couriers, ScheduledExecutorService clock)
            implements Bells, AutoCloseable {

        LocalBells(Couriers couriers) {
            this(couriers, Executors.newSingleThreadScheduledExecutor());
        }

        @Override
        public void ring(Collection<String> destinations) {
            for (var name : destinations) ringAfter(name, Duration.ZERO);
        }

        @Override
        public void ringAfter(String destination, Duration wait) {
            var _ =
                    clock.schedule(
                            () -> {
                                var _ = couriers.wake(destination);
                            },
                            wait.toMillis(),
                            TimeUnit.MILLISECONDS);
        }

        @Override
        public void close() {
            clock.shutdownNow();
        }
    }
}
