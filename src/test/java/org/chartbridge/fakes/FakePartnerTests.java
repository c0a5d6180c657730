package org.chartbridge.fakes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.fakes.PartnerLedger.Standing;
import org.chartbridge.hl7.AckCode;
import org.chartbridge.hl7.Acknowledgement;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.mllp.Answer;
import org.chartbridge.mllp.ConnectionObserver;
import org.chartbridge.mllp.Limits;
import org.chartbridge.mllp.MllpClient;
import org.chartbridge.mllp.MllpFailure;
import org.chartbridge.mllp.MllpListener;
import org.chartbridge.mllp.MllpNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Fake partners on real sockets: good ones, bad ones, and against an engine that is bad itself. */
class FakePartnerTests {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final InetSocketAddress ANY =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir Path folder = Path.of("set by JUnit");

    private final MllpNetwork network = new MllpNetwork(1, 16 << 20);
    private final List<String> came = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    /** How the stand-in for the engine answers; accepts as long as nothing else is said. */
    private volatile UnaryOperator<byte[]> engine = content -> ack(content, AckCode.AA);

    private MllpListener inbound = listener();

    @BeforeEach
    void begin() {
        assertThat(inbound.address().getPort()).isPositive();
    }

    @AfterEach
    void end() throws Exception {
        for (var one : open.reversed()) one.close();
        inbound.close(Duration.ZERO);
        network.close();
    }

    @Test
    void aLabAnswersAndThenSendsWhatItsScriptSays() throws Exception {
        var lab = lab("orders: [{ then: [accepted, preliminary, final, corrected] }]");

        assertThat(lab.send(order("M1", "NW", "P-1"))).contains("MSA|AA|M1");

        await().atMost(SOON).until(() -> came.size() == 4);
        assertThat(came.get(0)).contains("ORL^O22^ORL_O22").contains("MSA|AA|M1");
        assertThat(came.get(0)).contains("ORC|OK|P-1^EMR|LZ-P-1^LIS||SC");
        assertThat(came.get(1)).contains("|2823-3^Potassium^LN||").contains("|||P\r");
        assertThat(came.get(1)).contains("PID|1||77^^^CLINIC^MR||O\\T\\HARA^Pat||19700101|F");
        assertThat(came.get(2)).contains("|||F\r");
        assertThat(came.get(3)).contains("|||C\r");
        assertThat(lab.standing("P-1^EMR")).isEqualTo(new Standing("corrected", 1));
    }

    @Test
    void anOrderInOrmIsAnsweredByOrr() throws Exception {
        var lab = lab("orders: [{ then: [refused] }]");

        lab.send(order("M1", "NW", "P-1").replace("OML^O21^OML_O21", "ORM^O01"));

        await().atMost(SOON).until(() -> came.size() == 1);
        assertThat(came.getFirst()).contains("ORR^O02").contains("ORC|UA|P-1^EMR");
    }

    @Test
    void whoDiscardsRepeatsTakesAnOrderOnce() throws Exception {
        var once = lab("deduplicates: true");
        var twice = lab("deduplicates: false");

        for (var lab : List.of(once, twice)) {
            lab.send(order("M1", "NW", "P-1"));
            assertThat(lab.send(order("M1", "NW", "P-1"))).contains("MSA|AA|M1");
        }

        assertThat(once.standing("P-1^EMR")).isEqualTo(new Standing("ordered", 1));
        assertThat(twice.standing("P-1^EMR")).isEqualTo(new Standing("ordered", 2));
    }

    @Test
    void whatIsLostIsAnsweredAndUnknown() throws Exception {
        var lab = lab("answers: [{ answer: accept, keep: no, every: 2 }]");

        lab.send(order("M1", "NW", "P-1"));
        assertThat(lab.send(order("M2", "NW", "P-2"))).contains("MSA|AA|M2");

        assertThat(lab.ledger.standings()).containsOnlyKeys("P-1^EMR");
        assertThat(PartnerLedger.read(lab.file).lost()).containsExactly("M2");
    }

    @Test
    void whatCameAgainIsNotLost() throws Exception {
        var lab = lab("answers: [{ answer: accept, keep: no, every: 2 }]");
        lab.send(order("M1", "NW", "P-1"));
        lab.send(order("M2", "NW", "P-2"));

        lab.send(order("M2", "NW", "P-2"));
        lab.send(order("M1", "NW", "P-1"));

        assertThat(PartnerLedger.read(lab.file).lost()).isEmpty();
        assertThat(lab.ledger.standings()).containsOnlyKeys("P-1^EMR", "P-2^EMR");
    }

    @Test
    void itIsSilentHangsUpAndTalksNonsense() throws Exception {
        assertThatThrownBy(() -> lab("answers: [{ answer: silent }]").send(order("M", "NW", "P")))
                .isInstanceOf(MllpFailure.TimedOut.class);
        assertThatThrownBy(() -> lab("answers: [{ answer: hang-up }]").send(order("M", "NW", "P")))
                .isInstanceOf(MllpFailure.HungUp.class);
        assertThat(lab("answers: [{ answer: garbage }]").send(order("M", "NW", "P")))
                .doesNotContain("MSA");
        assertThat(lab("answers: [{ answer: wrong-id }]").send(order("M", "NW", "P")))
                .contains("MSA|AA|NOT-M");
        var refusing = lab("answers: [{ answer: AE, after: 20ms }]");
        assertThat(refusing.send(order("M", "NW", "P"))).contains("MSA|AE|M");
        assertThat(refusing.ledger.standings()).isEmpty();
    }

    @Test
    void whatIsSentToItMayBeAnything() throws Exception {
        var lab = lab("orders: [{ then: [final] }]");

        assertThat(lab.send("no message at all")).contains("MSA|AR");
        assertThat(lab.send("MSH|^~\\&|EMR\r")).contains("MSA|");
        assertThat(lab.send(order("M1", "NW", ""))).contains("MSA|AA|M1");
        assertThat(lab.send(order("M2", "NW", "P-1"))).contains("MSA|AA|M2");

        await().atMost(SOON).until(() -> came.size() == 1);
        assertThat(lab.ledger.standings()).containsOnlyKeys("P-1^EMR");
    }

    @Test
    void aCancelledOrderGetsNoResult() throws Exception {
        var lab = lab("orders: [{ then: [{ send: final, after: 1h }] }]");
        lab.send(order("M1", "NW", "P-1"));

        lab.send(order("M2", "CA", "P-1"));

        await().atMost(SOON).until(() -> came.size() == 1);
        assertThat(came.getFirst()).contains("ORC|CR|P-1^EMR");
        assertThat(lab.standing("P-1^EMR").state()).isEqualTo("cancelled");
    }

    @Test
    void whatIsDoneCantBeCancelled() throws Exception {
        var lab = lab("orders: [{ then: [final] }]");
        lab.send(order("M1", "NW", "P-1"));
        await().atMost(SOON).until(() -> came.size() == 1);

        lab.send(order("M2", "CA", "P-1"));

        await().atMost(SOON).until(() -> came.size() == 2);
        assertThat(came.get(1)).contains("ORC|UC|P-1^EMR").contains("MSA|AE|M2");
        assertThat(lab.standing("P-1^EMR").state()).isEqualTo("final");
    }

    @Test
    void aResultIsSentAgainUntilTheEngineTakesIt() throws Exception {
        var busy = new java.util.concurrent.atomic.AtomicInteger(2);
        engine =
                content ->
                        busy.getAndDecrement() > 0
                                ? ack(
                                        content,
                                        AckCode.AR,
                                        Fault.error(null, ErrorCode.INTERNAL, "x", "down"))
                                : ack(content, AckCode.AA);
        var lab = lab("orders: [{ then: [final] }]");

        lab.send(order("M1", "NW", "P-1"));

        await().atMost(SOON).until(() -> lab.partner.busy() == 0);
        assertThat(came).hasSize(3);
        assertThat(came.get(2)).isEqualTo(came.getFirst());
        assertThat(lab.lines()).filteredOn(line -> line.contains("\"answered\"")).hasSize(1);
    }

    @Test
    void whatTheEngineRefusesIsNotSentAgain() throws Exception {
        engine =
                content ->
                        ack(
                                content,
                                AckCode.AE,
                                Fault.error(null, ErrorCode.REQUIRED_MISSING, "x", "no"));
        var lab = lab("orders: [{ then: [accepted, final] }]");

        lab.send(order("M1", "NW", "P-1"));

        await().atMost(SOON).until(() -> came.size() == 2 && lab.partner.busy() == 0);
        assertThat(lab.lines()).filteredOn(line -> line.contains("\"AE\"")).hasSize(2);
    }

    @Test
    void aSpecialistAnswersBooksAndWritesANote() throws Exception {
        var specialist =
                play(
                        Role.SPECIALIST,
                        "referrals: [{ then: [accepted, scheduled, no-show, note] }]");

        specialist.send(
                """
                MSH|^~\\&|EMR|CLINIC|||20261128||REF^I12^REF_I12|R1|P|2.5.1
                RF1|P|R||||E-R1^EMR
                PID|1||77^^^CLINIC^MR||ROE^Pat||19700101|F
                """);

        await().atMost(SOON).until(() -> came.size() == 4);
        assertThat(came.get(0)).contains("RRI^I12").contains("RF1|A^Accepted|||||E-R1^EMR");
        assertThat(came.get(1)).contains("SIU^S12").contains("|E-R1^EMR\r");
        assertThat(came.get(2)).contains("SIU^S26");
        assertThat(came.get(3)).contains("MDM^T02").contains("|E-R1^EMR|||AU");
        assertThat(specialist.standing("E-R1^EMR").state()).isEqualTo("note");
    }

    /** 360X: what came as an order is answered as one. */
    @Test
    void aSpecialistAnswersAReferralThatIsAnOrderByItsStatus() throws Exception {
        var good = play(Role.SPECIALIST, "referrals: [{ then: [accepted, scheduled, note] }]");
        var full = play(Role.SPECIALIST, "referrals: [{ then: [pending, refused] }]");

        good.send(omg("M1", "NW") + "PID|2||77\nORC|RE|E-9^EMR\nOBR|2|E-9^EMR||K^K^L\n");
        await().atMost(SOON).until(() -> came.size() == 3);
        assertThat(came.get(0)).contains("OSU^O51^OSU_O51", "ORC|OK|E-R1^EMR|SZ-E-R1^CARDIO||IP|");
        assertThat(came.get(1)).contains("SIU^S12").contains("|E-R1^EMR\r");
        assertThat(came.get(2)).contains("MDM^T02").contains("|E-R1^EMR|||AU");
        assertThat(good.ledger.standings()).containsOnlyKeys("E-R1^EMR");

        good.send(omg("M2", "CA"));
        await().atMost(SOON).until(() -> came.size() == 4);
        assertThat(came.get(3)).contains("ORC|UC|E-R1^EMR|").contains("^The patient was seen");

        full.send(omg("M1", "NW"));
        await().atMost(SOON).until(() -> came.size() == 6);
        assertThat(came.get(4)).contains("ORC|SR|E-R1^EMR|");
        assertThat(came.get(5)).contains("ORC|UA|E-R1^EMR|").contains("||CA|", "|^No capacity");
    }

    private static String omg(String id, String control) {
        return """
        MSH|^~\\&|EMR|CLINIC|||20261128||OMG^O19^OMG_O19|%s|P|2.5.1|||||||||360X
        PID|1||77^^^CLINIC^MR||ROE^Pat||19700101|F
        ORC|%s|E-R1^EMR
        OBR|1|E-R1^EMR||57133-1^Referral note^LN
        """
                .formatted(id, control);
    }

    @Test
    void anEmrSendsPatientsFirstAndKnowsWhatCameBack() throws Exception {
        var emr =
                play(
                        Role.EMR,
                        "sends: { patients: 2, orders: 2, referrals: 1, each: 1ms, message: OMG }");
        await().atMost(SOON).until(() -> emr.partner.busy() == 0);

        var number = came.get(2).split("ORC\\|NW\\|", 2)[1].split("\r", 2)[0].split("\\|", 2)[0];
        emr.send(
                "MSH|^~\\&|LIS|LAB|||20261128||ORU^R01|F1|P|2.5.1\nPID|1||1\nOBR|1|"
                        + number
                        + "|1^LIS|2823-3^Potassium^LN\nOBX|1|NM|2823-3^Potassium^LN||4.1||||||F\n");

        assertThat(came.get(0)).contains("ADT^A04");
        assertThat(came.get(1)).contains("ADT^A04");
        assertThat(came.get(2)).contains("OMG^O19");
        assertThat(came.get(3)).contains("REF^I12");
        assertThat(came).hasSize(5);
        assertThat(emr.standing(number).state()).isEqualTo("final");
    }

    @Test
    void aLedgerReadsAsItWasWrittenAndMayEndInTheMiddleOfALine() throws Exception {
        var lab = lab("orders: [{ then: [accepted, final] }]");
        lab.send(order("M1", "NW", "P-1"));
        await().atMost(SOON).until(() -> lab.partner.busy() == 0);

        Files.writeString(lab.file, "{\"at\":\"2026", StandardOpenOption.APPEND);

        var read = PartnerLedger.read(lab.file);
        assertThat(read.standings()).isEqualTo(lab.ledger.standings());
        assertThat(read.taken()).containsExactly("M1");
        assertThat(lab.ledger.hasTaken("M1")).isTrue();
    }

    @Test
    void aLedgerHoldsNothingOfPatientsAndIsNeverWrittenOver() throws Exception {
        var lab = lab("orders: [{ then: [final] }]");
        lab.send(order("M1", "NW", "P-1"));
        await().atMost(SOON).until(() -> lab.partner.busy() == 0);

        assertThat(Files.readString(lab.file)).doesNotContain("HARA").doesNotContain("19700101");
        assertThatThrownBy(() -> PartnerLedger.begin(lab.file))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void aFileThatIsNoLedgerIsRefused() throws IOException {
        var file = Files.writeString(folder.resolve("other"), "one\n{\"kind\":\"got\"}\n\n");

        assertThatThrownBy(() -> PartnerLedger.read(file)).hasMessageContaining("other:1");
    }

    /** A partner being played, and a caller of it. */
    private final class Played {
        private final FakePartner partner;
        private final PartnerLedger ledger;
        private final Path file;

        Played(FakePartner partner, PartnerLedger ledger, Path file) {
            this.partner = partner;
            this.ledger = ledger;
            this.file = file;
        }

        String send(String text) throws MllpFailure, InterruptedException {
            try (var client = MllpClient.connect(network, partner.address(), SOON)) {
                return new String(
                        client.exchange(
                                text.replace("\n", "\r").getBytes(UTF_8), Duration.ofMillis(700)),
                        UTF_8);
            }
        }

        Standing standing(String number) {
            return ledger.standings().getOrDefault(number, new Standing("unknown", 0));
        }

        List<String> lines() throws IOException {
            return Files.readAllLines(file);
        }
    }

    private Played lab(String script) throws IOException {
        return play(Role.LAB, script);
    }

    private Played play(Role role, String text) throws IOException {
        var script =
                ScriptFile.read(
                                role,
                                "script.yaml",
                                (text + "\n").getBytes(UTF_8),
                                fault -> {
                                    throw new AssertionError(fault.toString());
                                })
                        .orElseThrow();
        var file = folder.resolve("ledger-" + open.size() + ".jsonl");
        var ledger = PartnerLedger.begin(file);
        open.add(ledger);
        var partner =
                FakePartner.start(
                        script.withSeed(35), ANY, inbound.address(), null, ledger, line -> {});
        open.add(partner);
        return new Played(partner, ledger, file);
    }

    private static String order(String id, String control, String number) {
        return """
        MSH|^~\\&|EMR|CLINIC|||20261128||OML^O21^OML_O21|%s|P|2.5.1
        PID|1||77^^^CLINIC^MR||O\\T\\HARA^Pat||19700101|F
        ORC|%s|%s
        OBR|1|||2823-3^Potassium^LN
        """
                .formatted(id, control, number.isEmpty() ? "" : number + "^EMR");
    }

    private MllpListener listener() {
        try {
            return MllpListener.open(
                    network,
                    ANY,
                    Limits.defaults(),
                    frame -> {
                        came.add(new String(frame.content(), UTF_8));
                        return CompletableFuture.completedFuture(
                                new Answer.Reply(engine.apply(frame.content())));
                    },
                    new ConnectionObserver() {});
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static byte[] ack(byte[] content, AckCode code, Fault... faults) {
        return Acknowledgement.of(
                content, code, List.of(faults), "E1", Instant.now(), ZoneOffset.UTC);
    }
}
