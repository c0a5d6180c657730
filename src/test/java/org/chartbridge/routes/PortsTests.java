package org.chartbridge.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.chartbridge.routes.Sockets.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.chartbridge.TestCertificates;
import org.chartbridge.mllp.Limits;
import org.chartbridge.mllp.MllpClient;
import org.chartbridge.mllp.MllpFailure;
import org.chartbridge.mllp.MllpNetwork;
import org.chartbridge.mllp.Tls;
import org.chartbridge.mllp.TlsFiles;
import org.chartbridge.partner.ClientCertificate;
import org.chartbridge.partner.FileFault;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Ports with rules: who may call, with which certificate, and what of it changes while open. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("reads what the whole JVM logs")
class PortsTests {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir Path root = Path.of("set by JUnit");
    @TempDir Path pem = Path.of("set by JUnit");

    private final TestCertificates authority = TestCertificates.authority("CN=CA");
    private final int port = Sockets.freePort();
    private final Received received = new Received();
    // 127.0.0.2 stands for an address that other machines can call.
    private final Listeners listeners =
            new Listeners(received, a -> a.toString().startsWith("127.0.0.1:"));
    private final MllpNetwork network = new MllpNetwork();
    private @Nullable RouteFolders started;

    @BeforeEach
    void writeCertificates() throws IOException {
        authority.write(pem, "ca");
        for (var name : List.of("engine", "north", "south", "stranger"))
            authority.signs("CN=" + name + ",O=Lab").write(pem, name);
    }

    @AfterEach
    void stop() {
        listeners.close();
        network.close();
        if (started != null) started.close();
    }

    @Test
    void beyondLoopbackAPortNeedsTlsOrItsOwnWord() throws Exception {
        partner("north", "sender: { application: LIS }", "127.0.0.2:" + port);
        var folders = start();

        assertThat(folders.faults())
                .extracting(FileFault::toString)
                .containsExactly(
                        "north/in.yaml:4: 127.0.0.2:"
                                + port
                                + " can be reached from other machines, and without TLS everybody"
                                + " between can read it; give 127.0.0.2:"
                                + port
                                + " tls in ports.yaml, or listen on 127.0.0.1; only where something"
                                + " else protects the line, allow-plaintext: true in ports.yaml");
        assertThat(folders.ports()).noneMatch(p -> p.open());

        write("ports.yaml", "- address: 127.0.0.1:" + port + "\n  allow-plaintext: true\n");
        twice(folders);
        assertThat(folders.ports()).noneMatch(p -> p.open());

        write("ports.yaml", "- address: 127.0.0.2:" + port + "\n  allow-plaintext: true\n");
        twice(folders);
        assertThat(folders.faults()).isEmpty();
        assertThat(folders.ports()).allMatch(p -> p.open());

        Files.delete(root.resolve("ports.yaml"));
        twice(folders);
        assertThat(folders.ports()).noneMatch(p -> p.open());
    }

    @Test
    void aStartWithABrokenPortsFileOpensNothingUntilItIsMended() throws Exception {
        partner("north", "sender: { application: LIS }");
        write("ports.yaml", "- address: 127.0.0.1:" + port + "\n  tls: { certifi");
        var folders = start();

        assertThat(folders.ports()).noneMatch(p -> p.open());
        assertThat(folders.faults())
                .extracting(FileFault::toString)
                .satisfiesExactly(
                        f -> assertThat(f).startsWith("ports.yaml:2: "),
                        f ->
                                assertThat(f)
                                        .isEqualTo(
                                                "north/in.yaml:4: 127.0.0.1:"
                                                        + port
                                                        + " stays closed: it can't be told whether"
                                                        + " ports.yaml asks for TLS here; mend"
                                                        + " ports.yaml, or delete it if no port"
                                                        + " needs rules of its own"));
        assertThatThrownBy(() -> Sockets.connect(port)).isInstanceOf(IOException.class);

        twice(folders);
        assertThat(folders.ports()).noneMatch(p -> p.open());
        tls("127.0.0.1:" + port, "engine", "");
        twice(folders);
        assertThat(folders.faults()).isEmpty();
        assertThat(sent("north", message("LIS", "", "ORU^R01"))).isEqualTo("AA north north-in");

        write("ports.yaml", "- addr");
        twice(folders);
        assertThat(sent("north", message("LIS", "", "ORU^R01"))).isEqualTo("AA north north-in");
    }

    @Test
    void afterAStartWithABrokenPortsFileDeletingItOpensThePorts() throws Exception {
        partner("north", "sender: { application: LIS }");
        write("ports.yaml", "");
        var folders = start();
        assertThat(folders.ports()).noneMatch(p -> p.open());

        Files.delete(root.resolve("ports.yaml"));
        twice(folders);

        assertThat(folders.faults()).isEmpty();
        assertThat(folders.ports()).allMatch(p -> p.open());
    }

    @Test
    void whatIsWrittenDuringTheStartIsAwaited() throws Exception {
        partner("north", "sender: { application: LIS }");
        write("ports.yaml", "- address: 127.0.0.1:9\n");
        var folders = loaded();

        // Right so far, and not all of it: the rest rules our port.
        write("ports.yaml", "- address: 127.0.0.1:9\n- address: 127.0.0.1:" + port);
        folders.beforeOpening();
        listeners.open();
        assertThat(folders.ports()).noneMatch(p -> p.open());

        tls("127.0.0.1:" + port, "engine", "");
        folders.refresh();
        assertThat(folders.ports()).noneMatch(p -> p.open());
        folders.refresh();
        assertThat(sent("north", message("LIS", "", "ORU^R01"))).isEqualTo("AA north north-in");
    }

    @Test
    void withTlsAPortBeyondLoopbackOpens() throws Exception {
        partner("north", "sender: { application: LIS }", "127.0.0.2:" + port);
        tls("127.0.0.2:" + port, "engine", "");

        assertThat(start().faults()).isEmpty();
        assertThat(listeners.shown()).allMatch(p -> p.open());
    }

    @Test
    void theRightCertificateWithAnotherNameIsRefusedAndNothingOfItIsCharted(CapturedOutput log)
            throws Exception {
        partner(
                "north",
                "sender: { application: LIS, facility: NORTH }\ncertificate: CN=north,O=Lab");
        partner(
                "south",
                "sender: { application: LIS, facility: SOUTH }\ncertificate: CN=south,O=Lab");
        partner("anyone", "sender: any");
        tls("127.0.0.1:" + port, "engine", "");
        assertThat(start().faults()).isEmpty();

        assertThat(sent("north", message("LIS", "NORTH", "ORU^R01")))
                .isEqualTo("AA north north-in");
        received.arrivals.clear();
        var answer = sent("north", message("LIS", "SOUTH", "ORU^R01"));
        assertThat(answer)
                .isEqualTo(
                        "AR the connection's certificate belongs to partner north, whose sender is"
                            + " not MSH-3 \"LIS\" MSH-4 \"SOUTH\"; correct MSH-3 and MSH-4 at the"
                            + " sender, or sender in north/partner.yaml");
        // Not even by the partner that takes what nobody else claims.
        assertThat(sent("north", message("X", "Y", "ORU^R01"))).startsWith("AR the connection's");
        assertThat(sent("stranger", message("LIS", "NORTH", "ORU^R01")))
                .isEqualTo(
                        "AR sender MSH-3 \"LIS\" MSH-4 \"NORTH\" must come with the certificate of"
                                + " its partner; correct the sender's certificate, or certificate"
                                + " in north/partner.yaml");
        assertThat(received.arrivals).isEmpty();
        assertThat(log.getOut())
                .contains("refused: the connection's certificate belongs to partner north")
                .contains("it showed CN=stranger,O=Lab (SHA-256 ");
        assertThat(sent("stranger", message("X", "Y", "ORU^R01"))).isEqualTo("AA anyone anyone-in");
        assertThat(sent("south", message("LIS", "SOUTH", "ORU^R01")))
                .isEqualTo("AA south south-in");
    }

    @Test
    void withoutACertificateTheHandshakeFailsAndTheLogSaysWhatToDo(CapturedOutput log)
            throws Exception {
        partner("north", "sender: { application: LIS }\ncertificate: CN=north,O=Lab");
        tls("127.0.0.1:" + port, "engine", "");
        start();

        assertThatThrownBy(() -> sent(null, message("LIS", "", "ORU^R01")))
                .isInstanceOf(MllpFailure.class);

        await().untilAsserted(
                        () ->
                                assertThat(log.getOut())
                                        .contains(
                                                "no TLS: the other side showed no certificate; give"
                                                    + " it a client certificate from an authority"
                                                    + " in trust"));
        assertThat(received.arrivals).isEmpty();
    }

    @Test
    void whereCertificatesAreOptionalOnlyTheirPartnersNeedThem() throws Exception {
        partner("north", "sender: { application: LIS }\ncertificate: CN=north,O=Lab");
        partner("anyone", "sender: any");
        tls("127.0.0.1:" + port, "engine", "    client-certificate: optional\n");
        start();

        assertThat(sent(null, message("X", "Y", "ORU^R01"))).isEqualTo("AA anyone anyone-in");
        assertThat(sent(null, message("LIS", "Y", "ORU^R01"))).contains("and none was shown");
        assertThat(sent("north", message("LIS", "Y", "ORU^R01"))).isEqualTo("AA north north-in");
    }

    @Test
    void partnersOfOneSenderAreToldApartByTheirCertificates() throws Exception {
        var theirs = authority.signs("CN=south2,O=Lab");
        theirs.write(pem, "south2");
        partner("north", "sender: any\ncertificate: CN=north,O=Lab");
        partner(
                "south",
                "sender: any\ncertificate: [CN=south,O=Lab, \""
                        + ClientCertificate.shown(theirs.certificate())
                                .replaceAll(".*SHA-256 (\\w+).*", "$1")
                        + "\"]");
        tls("127.0.0.1:" + port, "engine", "");
        assertThat(start().faults())
                .extracting(FileFault::toString)
                .singleElement()
                .asString()
                .startsWith("south/partner.yaml:2: certificate: wanted a subject");

        partner(
                "south",
                "sender: any\ncertificate: [\"CN=south,O=Lab\", \""
                        + ClientCertificate.shown(theirs.certificate())
                                .replaceAll(".*SHA-256 (\\w+).*", "$1")
                        + "\"]");
        twice(folders());

        assertThat(folders().faults()).isEmpty();
        assertThat(sent("north", message("LIS", "", "ORU^R01"))).isEqualTo("AA north north-in");
        assertThat(sent("south", message("LIS", "", "ORU^R01"))).isEqualTo("AA south south-in");
        assertThat(sent("south2", message("LIS", "", "ORU^R01"))).isEqualTo("AA south south-in");
        assertThat(sent("stranger", message("LIS", "", "ORU^R01"))).startsWith("AR sender");
    }

    @Test
    void aSenderWithAndOneWithoutCertificateAreAmbiguous() throws Exception {
        partner("north", "sender: { application: LIS }\ncertificate: CN=north,O=Lab");
        partner("south", "sender: { application: LIS }");
        tls("127.0.0.1:" + port, "engine", "    client-certificate: optional\n");

        assertThat(start().faults())
                .singleElement()
                .asString()
                .startsWith("south/in.yaml:4: route \"south-in\" and route \"north-in\"");
    }

    @Test
    void aCertificateThatNobodyAsksForIsAFault() throws Exception {
        partner("north", "sender: { application: LIS }\ncertificate: CN=north,O=Lab");
        var folders = start();

        assertThat(folders.faults())
                .singleElement()
                .asString()
                .startsWith(
                        "north/in.yaml:4: 127.0.0.1:" + port + " asks nobody for a certificate");
        assertThat(Sockets.exchange(port, message("LIS", "", "ORU^R01"))).startsWith("AR sender");
        assertThat(received.arrivals).isEmpty();
    }

    @Test
    void newCertificatesComeWithoutDroppingAConnection(CapturedOutput log) throws Exception {
        partner("north", "sender: { application: LIS }");
        tls("127.0.0.1:" + port, "engine", "");
        var folders = start();
        try (var before = client("north", "ca")) {
            assertThat(answer(before, message("LIS", "", "ORU^R01")))
                    .isEqualTo("AA north north-in");
            var next = TestCertificates.authority("CN=Next");
            next.write(pem, "next");
            var renewed = next.signs("CN=engine");
            Files.writeString(pem.resolve("engine.pem"), renewed.encoded());
            twice(folders);
            assertThat(folders.faults())
                    .singleElement()
                    .asString()
                    .startsWith("ports.yaml:3: ")
                    .contains("engine.key: is the key of another certificate");
            assertThat(answer(before, message("LIS", "", "ORU^R01")))
                    .isEqualTo("AA north north-in");

            renewed.write(pem, "engine");
            twice(folders);

            assertThat(folders.faults()).isEmpty();
            try (var after = client("north", "next")) {
                assertThat(answer(after, message("LIS", "", "ORU^R01")))
                        .isEqualTo("AA north north-in");
            }
            assertThat(answer(before, message("LIS", "", "ORU^R01")))
                    .isEqualTo("AA north north-in");
        }
        assertThat(log.getOut()).contains("is the key of another certificate than");
    }

    @Test
    void aCertificateThatIsMissingKeepsItsPortClosedAndNoOther() throws Exception {
        var other = Sockets.freePort();
        partner("north", "sender: { application: LIS }");
        partner("south", "sender: { application: SOUTH }", "127.0.0.1:" + other);
        tls("127.0.0.1:" + port, "gone", "");
        var folders = start();

        assertThat(folders.faults())
                .singleElement()
                .asString()
                .startsWith("ports.yaml:3: ")
                .contains("gone.pem: there is no such file");
        assertThat(Sockets.exchange(other, message("SOUTH", "", "ORU^R01")))
                .isEqualTo("AA south south-in");
        assertThatThrownBy(() -> Sockets.connect(port))
                .isInstanceOf(java.net.ConnectException.class);

        authority.signs("CN=engine").write(pem, "gone");
        folders.refresh();
        assertThat(folders.faults()).isEmpty();
        assertThat(sent("north", message("LIS", "", "ORU^R01"))).isEqualTo("AA north north-in");
    }

    @Test
    void aBrokenPortsFileLeavesOpenWhatIsOpen() throws Exception {
        partner("north", "sender: { application: LIS }");
        tls("127.0.0.1:" + port, "engine", "");
        var folders = start();
        try (var client = client("north", "ca")) {
            write("ports.yaml", "- adress: x\n");
            twice(folders);

            assertThat(folders.faults())
                    .extracting(FileFault::toString)
                    .containsExactly(
                            "ports.yaml:1: unknown key \"adress\"; did you mean \"address\"?",
                            "ports.yaml:1: key \"address\" is missing; add  address: 0.0.0.0:2575");
            assertThat(answer(client, message("LIS", "", "ORU^R01")))
                    .isEqualTo("AA north north-in");
        }
    }

    @Test
    void limitsChangeForNewConnectionsAndOtherPortsDoNotNotice() throws Exception {
        partner("north", "sender: { application: LIS }");
        var folders = start();
        try (var before = Sockets.connect(port)) {
            assertThat(Sockets.exchange(before, message("LIS", "", "ORU^R01")))
                    .isEqualTo("AA north north-in");
            write("ports.yaml", "- address: 127.0.0.1:" + port + "\n  max-frame-bytes: 1000\n");
            twice(folders);
            var large = message("LIS", "", "ORU^R01") + "NTE|1||" + "x".repeat(2_000);

            assertThat(Sockets.exchange(port, large)).isEqualTo("closed");
            assertThat(Sockets.exchange(before, large)).isEqualTo("AA north north-in");
        }
    }

    @Test
    void whoCameInWithoutACertificateLeavesWhenOneIsWanted() throws Exception {
        partner("north", "sender: { application: LIS }");
        tls("127.0.0.1:" + port, "engine", "    client-certificate: none\n");
        var folders = start();
        try (var before = client(null, "ca")) {
            assertThat(answer(before, message("LIS", "", "ORU^R01")))
                    .isEqualTo("AA north north-in");
            tls("127.0.0.1:" + port, "engine", "");
            twice(folders);

            await().until(() -> !before.isOpen());
        }
        assertThat(sent("north", message("LIS", "", "ORU^R01"))).isEqualTo("AA north north-in");
    }

    @Test
    void whoDripsItsBytesIsCutAtTheTimeLimitAndTheOthersAreServed() throws Exception {
        partner("north", "sender: { application: LIS }");
        write("ports.yaml", "- address: 127.0.0.1:" + port + "\n  frame-timeout: 500ms\n");
        start();
        var began = System.nanoTime();
        try (var slow = Sockets.connect(port);
                var other = Sockets.connect(port)) {
            slow.getOutputStream().write(0x0B);

            // The limit asks for 1,024 bytes in each half second; this is some ten.
            await().pollInterval(Duration.ofMillis(40))
                    .until(
                            () -> {
                                assertThat(Sockets.exchange(other, message("LIS", "", "ORU^R01")))
                                        .isEqualTo("AA north north-in");
                                return isCut(slow);
                            });
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isGreaterThanOrEqualTo(Duration.ofMillis(500));
    }

    /** Whether the other side has hung up; else one more byte is sent. */
    private static boolean isCut(Socket socket) throws IOException {
        socket.setSoTimeout(1);
        try {
            socket.getOutputStream().write('M');
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException _) {
            return false;
        } catch (SocketException _) { // Reset.
            return true;
        }
    }

    private RouteFolders start() {
        var folders = loaded();
        folders.beforeOpening();
        listeners.open();
        return folders;
    }

    private RouteFolders loaded() {
        var environment = new RouteFile.Environment(Map.of("PEM", pem.toString()), List.of());
        var folders =
                new RouteFolders(
                        root,
                        environment,
                        new CamelSteps(),
                        new RunningRoutes(),
                        listeners,
                        new OutboxRoutes(_ -> 0));
        started = folders;
        folders.load();
        return folders;
    }

    private RouteFolders folders() {
        if (started == null) throw new IllegalStateException("start first");
        return started;
    }

    private static void twice(RouteFolders folders) {
        folders.refresh();
        folders.refresh();
    }

    private String sent(@Nullable String certificate, String message) throws Exception {
        try (var client = client(certificate, "ca")) {
            return answer(client, message);
        }
    }

    private MllpClient client(@Nullable String certificate, String trust) throws IOException {
        return MllpClient.connect(
                network,
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port),
                PATIENCE,
                Limits.defaults(),
                null,
                Optional.of(
                        Tls.ofClient(
                                new TlsFiles(
                                        certificate == null
                                                ? null
                                                : pem.resolve(certificate + ".pem"),
                                        certificate == null
                                                ? null
                                                : pem.resolve(certificate + ".key"),
                                        pem.resolve(trust + ".pem")))));
    }

    private static String answer(MllpClient client, String message) throws Exception {
        return new String(client.exchange(message.getBytes(ISO_8859_1), PATIENCE), ISO_8859_1);
    }

    private void tls(String address, String certificate, String more) throws IOException {
        write(
                "ports.yaml",
                """
                - address: %s
                  tls:
                    certificate: ${PEM}/%s.pem
                    key: ${PEM}/%s.key
                    trust: ${PEM}/ca.pem
                """
                                .formatted(address, certificate, certificate)
                        + more);
    }

    private void partner(String name, String keys) throws IOException {
        partner(name, keys, "127.0.0.1:" + port);
    }

    private void partner(String name, String keys, String address) throws IOException {
        write(name + "/partner.yaml", keys + "\nzone: UTC\n");
        write(
                name + "/in.yaml",
                """
                - route:
                    id: %s-in
                    from:
                      uri: mllp:%s
                      steps:
                        - to: { uri: chart }
                """
                        .formatted(name, address));
    }

    private void write(String file, String text) throws IOException {
        var path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
