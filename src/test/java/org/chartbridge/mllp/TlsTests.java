package org.chartbridge.mllp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;

import org.chartbridge.TestCertificates;
import org.chartbridge.mllp.TlsFailure.Cause;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedKeyManager;

/** Real handshakes over real sockets; certificates are made here. */
class TlsTests {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir Path folder = Path.of("set by JUnit");

    private final TestCertificates ours = TestCertificates.authority("CN=Clinic CA");
    private final TestCertificates labs = TestCertificates.authority("CN=Labs CA");
    private final MllpNetwork network = new MllpNetwork();
    private final Witness witness = new Witness();
    private @Nullable MllpListener listener;

    @BeforeEach
    void writeCertificates() throws IOException {
        ours.signs("CN=engine").write(folder, "engine");
        ours.write(folder, "clinic-ca");
        labs.write(folder, "labs-ca");
        labs.signs("CN=lis,O=Northlab").write(folder, "lis");
    }

    @AfterEach
    void close() {
        if (listener != null) listener.close();
        network.close();
    }

    @Test
    void messagesAndAnswersCrossTlsAndTheCertificateIsKnown() throws Exception {
        var port = listen(Tls.Ask.REQUIRED);
        try (var client = connect(port, client("lis", "clinic-ca"))) {
            assertThat(answer(client, "one")).isEqualTo("CN=lis,O=Northlab one");
            assertThat(answer(client, "x".repeat(3_000_000))).hasSize(3_000_000 + 18);
            assertThat(witness.opened).hasValue(1);
        }
        await().until(() -> witness.endings.contains(new Ending.ByPeer()));
        await().until(() -> network.heldBytes() == 0);
    }

    @Test
    void manyMessagesInFlightGetTheirAnswersInOrder() throws Exception {
        var port = listen(Tls.Ask.REQUIRED);
        try (var client = connect(port, client("lis", "clinic-ca"))) {
            var answers = new CompletableFuture<?>[500];
            for (var i = 0; i < answers.length; i++) {
                var wanted = "CN=lis,O=Northlab m" + i;
                answers[i] =
                        client.send(("m" + i).getBytes(ISO_8859_1))
                                .thenAccept(
                                        answer ->
                                                assertThat(new String(answer, ISO_8859_1))
                                                        .isEqualTo(wanted))
                                .toCompletableFuture();
            }

            assertThat(CompletableFuture.allOf(answers)).succeedsWithin(PATIENCE);
        }
    }

    @Test
    void withoutACertificateNobodyComesIn() throws Exception {
        var port = listen(Tls.Ask.REQUIRED);

        var failure = sendingFails(port, new TlsFiles(null, null, folder.resolve("clinic-ca.pem")));

        assertThat(failure).hasMessageContaining("wants a client certificate and got none");
        assertRefused(Cause.NO_CERTIFICATE, "");
    }

    @Test
    void anOptionalCertificateMayBeLeftOut() throws Exception {
        var port = listen(Tls.Ask.OPTIONAL);
        try (var client =
                connect(port, new TlsFiles(null, null, folder.resolve("clinic-ca.pem")))) {
            assertThat(answer(client, "one")).isEqualTo("nobody one");
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
        TestCertificates.authority("CN=Elsewhere").signs("CN=lis,O=Northlab").write(folder, "fake");
        var port = listen(Tls.Ask.REQUIRED);

        new Insisting(folder.resolve("fake.pem"), folder.resolve("fake.key")).shake(port);

        assertRefused(Cause.UNTRUSTED, "CN=lis,O=Northlab, issued by CN=Elsewhere");
    }

    /** A decent client does not even show a certificate that would not be trusted. */
    @Test
    void whoHasNoCertificateThatIsTrustedIsToldThatNothingWasSent() throws Exception {
        TestCertificates.authority("CN=Elsewhere").signs("CN=lis,O=Northlab").write(folder, "fake");
        var port = listen(Tls.Ask.REQUIRED);

        var failure = sendingFails(port, client("fake", "clinic-ca"));

        assertThat(failure).hasMessageContaining("that the other side does not trust");
        assertThat(failure).isInstanceOf(MllpFailure.HungUp.class);
        assertThat(((MllpFailure.HungUp) failure).maybeSent()).isFalse();
        assertRefused(Cause.NO_CERTIFICATE, "");
    }

    @Test
    void anExpiredCertificateIsRefusedEvenIfItIsTrustedByItself() throws Exception {
        var past = Instant.now().minus(Duration.ofDays(2));
        var expired = labs.signs("CN=old", past.minus(Duration.ofDays(9)), past);
        expired.write(folder, "old");
        Files.writeString(folder.resolve("labs-ca.pem"), labs.encoded() + expired.encoded());
        var port = listen(Tls.Ask.REQUIRED);
        // Our own client would not use it.
        new Insisting(folder.resolve("old.pem"), folder.resolve("old.key")).shake(port);

        assertRefused(Cause.EXPIRED, "CN=old, issued by CN=Labs CA");
    }

    @Test
    void aPlainClientIsTold() throws Exception {
        var port = listen(Tls.Ask.REQUIRED);
        try (var plain = new Wire(port)) {
            plain.sendFrame("MSH|^~\\&|JOHN DOE");
            assertThat(plain.ended()).isTrue();
        }
        assertRefused(Cause.NOT_TLS, "");
        assertThat(witness.endings.toString()).doesNotContain("4a4f484e").doesNotContain("JOHN");
    }

    @Test
    void aHandshakeThatDripsIsCut() throws Exception {
        var tls = Tls.ofServer(server(), Tls.Ask.REQUIRED);
        tls.handshakeWithin(Duration.ofMillis(200));
        var port = listen(tls);
        try (var slow = new Wire(port)) {
            slow.send("\u0016\u0003\u0001");
            assertThat(slow.ended()).isTrue();
        }
        assertRefused(Cause.TOO_SLOW, "");
    }

    @Test
    void whoHangsUpDuringTheHandshakeLeavesNothing() throws Exception {
        var port = listen(Tls.Ask.REQUIRED);
        for (var i = 0; i < 20; i++) {
            var peer = new Wire(port);
            peer.send("\u0016\u0003\u0001");
            if (i % 2 == 0) peer.reset();
            else peer.close();
        }

        await().until(() -> witness.endings.size() == 20 && listener().connections() == 0);
        assertThat(network.heldBytes()).isZero();
    }

    @Test
    void aServerOfAnotherAuthorityIsNotTrusted() throws Exception {
        var port = listen(Tls.Ask.REQUIRED);

        assertThatThrownBy(() -> connect(port, client("lis", "labs-ca")))
                .isInstanceOf(MllpFailure.Refused.class)
                .hasMessageContaining("comes from nobody in trust (CN=engine")
                .hasMessageContaining("add the authority");
        assertRefused(Cause.REFUSED_OURS, "");
    }

    @Test
    void aServerMustBearTheNameThatWasCalled() throws Exception {
        var port = listen(Tls.Ask.NONE);
        var elsewhere = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), port.getPort());
        listener().close();
        listener =
                MllpListener.open(
                        network,
                        elsewhere,
                        Limits.defaults(),
                        Tls.ofServer(server(), Tls.Ask.NONE),
                        frame -> CompletableFuture.completedStage(new Answer.Silence()),
                        witness);

        assertThatThrownBy(() -> connect(elsewhere, client("lis", "clinic-ca")))
                .isInstanceOf(MllpFailure.Refused.class)
                .hasMessageContaining("is for another name");
    }

    @Test
    void aPlainServerIsNotTakenForATlsOne() throws Exception {
        listener =
                MllpListener.open(
                        network,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Limits.defaults(),
                        frame -> CompletableFuture.completedStage(new Answer.Silence()),
                        witness);

        assertThatThrownBy(() -> connect(listener().address(), client("lis", "clinic-ca")))
                .isInstanceOf(MllpFailure.Refused.class);
        await().until(() -> witness.causes().contains(Stray.Cause.TLS));
    }

    @Test
    void newCertificatesAreForNewHandshakesAndOpenConnectionsStay() throws Exception {
        var tls = Tls.ofServer(server(), Tls.Ask.REQUIRED);
        var port = listen(tls);
        try (var before = connect(port, client("lis", "clinic-ca"))) {
            var next = TestCertificates.authority("CN=Next CA");
            next.signs("CN=engine").write(folder, "engine");
            next.write(folder, "next-ca");
            assertThat(tls.refresh()).isFalse();
            assertThat(tls.refresh()).isTrue();

            try (var after = connect(port, client("lis", "next-ca"))) {
                assertThat(answer(after, "after")).isEqualTo("CN=lis,O=Northlab after");
            }
            assertThat(answer(before, "before")).isEqualTo("CN=lis,O=Northlab before");
            assertThatThrownBy(() -> connect(port, client("lis", "clinic-ca")))
                    .hasMessageContaining("comes from nobody in trust");
            assertThat(tls.refresh()).isFalse();
        }
    }

    @Test
    void halfExchangedFilesLeaveTheOldOnesInUse() throws Exception {
        var tls = Tls.ofServer(server(), Tls.Ask.REQUIRED);
        var port = listen(tls);
        var next = ours.signs("CN=engine");
        Files.writeString(folder.resolve("engine.pem"), next.encoded());
        assertThat(tls.refresh()).isFalse();

        var told = catchThrowableOfType(TlsUnusable.class, tls::refresh);
        assertThat(told)
                .hasMessageContaining("engine.key: is the key of another certificate than ");
        assertThat(tls.isNewest()).isFalse();
        try (var client = connect(port, client("lis", "clinic-ca"))) {
            assertThat(answer(client, "one")).isEqualTo("CN=lis,O=Northlab one");
        }

        next.write(folder, "engine");
        assertThat(tls.refresh()).isFalse();
        assertThat(tls.refresh()).isTrue();
        assertThat(tls.isNewest()).isTrue();
    }

    @Test
    void filesThatCanNotBeUsedSayWhyAndWhatToDo() throws Exception {
        unusable("engine.pem", null, "there is no such file", "put it there");
        unusable("engine.pem", "hello", "holds no certificate", "BEGIN CERTIFICATE");
        unusable("engine.key", "hello", "holds no private key", "openssl pkcs8");
        unusable(
                "engine.key",
                "-----BEGIN RSA PRIVATE KEY-----\nAA==\n-----END RSA PRIVATE KEY-----",
                "in an old format",
                "openssl pkcs8");
        unusable(
                "engine.key",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----",
                "has a password",
                "-nocrypt");
        unusable(
                "engine.key",
                "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----",
                "holds no EC key",
                "was made with");
        unusable("labs-ca.pem", "", "holds no certificate", "BEGIN CERTIFICATE");
        unusable("labs-ca.pem", "x".repeat(PemFile.MAX_BYTES + 1), "larger than", "PEM");
        var now = Instant.now();
        ours.signs("CN=engine", now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1)))
                .write(folder, "engine");
        assertThat(
                        catchThrowableOfType(
                                TlsUnusable.class, () -> Tls.ofServer(server(), Tls.Ask.REQUIRED)))
                .hasMessageContaining("engine.pem: the certificate expired on ");
    }

    private void unusable(String file, @Nullable String content, String what, String remedy)
            throws IOException {
        writeCertificates();
        if (content == null) Files.delete(folder.resolve(file));
        else Files.writeString(folder.resolve(file), content);

        var told =
                catchThrowableOfType(
                        TlsUnusable.class, () -> Tls.ofServer(server(), Tls.Ask.REQUIRED));

        assertThat(told).hasMessageContaining(file + ": ").hasMessageContaining(what);
        assertThat(told.remedy()).contains(remedy);
        assertThat(told).hasNoCause();
    }

    private TlsFiles server() {
        return new TlsFiles(
                folder.resolve("engine.pem"),
                folder.resolve("engine.key"),
                folder.resolve("labs-ca.pem"));
    }

    private TlsFiles client(String own, String trust) {
        return new TlsFiles(
                folder.resolve(own + ".pem"),
                folder.resolve(own + ".key"),
                folder.resolve(trust + ".pem"));
    }

    private InetSocketAddress listen(Tls.Ask ask) throws IOException {
        return listen(Tls.ofServer(server(), ask));
    }

    private InetSocketAddress listen(Tls tls) throws IOException {
        listener =
                MllpListener.open(
                        network,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Limits.defaults(),
                        tls,
                        TlsTests::sayWho,
                        witness);
        return listener.address();
    }

    private MllpListener listener() {
        if (listener == null) throw new IllegalStateException("listen first");
        return listener;
    }

    private static CompletableFuture<Answer> sayWho(Frame frame) {
        var shown = frame.peer().certificate();
        var who = shown == null ? "nobody" : shown.getSubjectX500Principal().getName();
        var text = who + " " + new String(frame.content(), ISO_8859_1);
        return CompletableFuture.completedFuture(new Answer.Reply(text.getBytes(ISO_8859_1)));
    }

    private MllpClient connect(InetSocketAddress port, TlsFiles files) throws IOException {
        return MllpClient.connect(
                network, port, PATIENCE, Limits.defaults(), null, Optional.of(Tls.ofClient(files)));
    }

    private static String answer(MllpClient client, String message) throws Exception {
        return new String(client.exchange(message.getBytes(ISO_8859_1), PATIENCE), ISO_8859_1);
    }

    /** With TLS 1.3 a client learns only after its handshake that it was refused. */
    private Throwable sendingFails(InetSocketAddress port, TlsFiles files) {
        var failure =
                catchThrowableOfType(
                        MllpFailure.class,
                        () -> {
                            try (var client = connect(port, files)) {
                                client.exchange(new byte[] {'a'}, PATIENCE);
                            }
                        });
        assertThat(failure).isNotNull();
        return failure;
    }

    private void assertRefused(Cause cause, String certificate) {
        await().untilAsserted(
                        () ->
                                assertThat(witness.endings)
                                        .containsExactly(
                                                new Ending.HandshakeFailed(
                                                        new TlsFailure(cause, certificate))));
        await().until(() -> listener().connections() == 0);
    }

    /** A client of the JDK that shows its certificate whoever asks, and trusts everybody. */
    private static final class Insisting extends X509ExtendedKeyManager {
        private final X509Certificate[] chain;
        private final PrivateKey key;

        Insisting(Path certificate, Path key) throws IOException {
            this.chain = PemFile.read(certificate).certificates().toArray(X509Certificate[]::new);
            this.key = PemFile.read(key).key("EC");
        }

        void shake(InetSocketAddress port) throws Exception {
            var context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {this},
                    InsecureTrustManagerFactory.INSTANCE.getTrustManagers(),
                    null);
            try (var socket =
                    context.getSocketFactory().createSocket(port.getAddress(), port.getPort())) {
                socket.setSoTimeout(10_000);
                assertThat(socket.getInputStream().read()).isNegative();
            } catch (SSLException | SocketException refused) {
                assertThat(refused).isNotInstanceOf(SocketTimeoutException.class);
            }
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return "me";
        }

        @Override
        public String chooseEngineClientAlias(
                String[] types, Principal[] issuers, SSLEngine engine) {
            return "me";
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain.clone();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {"me"};
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return "me";
        }
    }
}
