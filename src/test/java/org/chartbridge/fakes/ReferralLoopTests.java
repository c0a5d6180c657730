package org.chartbridge.fakes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.ChartbridgeApplication;
import org.chartbridge.FreePort;
import org.chartbridge.database.TestDatabase;
import org.chartbridge.loops.Loop;
import org.chartbridge.loops.OpenLoops;
import org.chartbridge.loops.State;
import org.chartbridge.loops.Step;
import org.chartbridge.mllp.MllpClient;
import org.chartbridge.mllp.MllpNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A referral as an order (360X) from the EMR's socket to the specialist's and back, through the
 * whole engine: decision 0062.
 */
class ReferralLoopTests {
    private static final Duration LONG = Duration.ofSeconds(40);

    @TempDir Path folder = Path.of("set by JUnit");

    private final TestDatabase database = TestDatabase.fresh();
    private final MllpNetwork network = new MllpNetwork(1, 16 << 20);
    private final int engine = FreePort.take();
    private final int specialist = FreePort.take();
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void clinic() throws Exception {
        var routes = folder.resolve("routes");
        SampleClinic.write(
                routes,
                new SampleClinic.Ports(engine, FreePort.take(), FreePort.take(), specialist),
                true);
        var partner = routes.resolve("hartclinic/partner.yaml");
        Files.writeString(
                partner,
                Files.readString(partner)
                        .replace("referrals: { version: 2.5.1,", "referrals: { message: OMG^O19,"));
    }

    @AfterEach
    void end() throws Exception {
        for (var one : open.reversed()) one.close();
        network.close();
        database.close();
    }

    @Test
    void aReferralIsAcceptedBookedAndEndsWithANote() throws Exception {
        var context = start();
        var ledger = specialist("referrals: [{ then: [accepted, scheduled, rescheduled, note] }]");

        assertThat(send("ADT^A60", "1", "IAM|1|DA|^Penicillin|SV|Hives|A|A1\r"))
                .contains("MSA|AA|");
        assertThat(send("REF^I12", "2", ref("R1"))).contains("MSA|AA|");

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(loop(context).state()).isEqualTo(State.FINAL));
        assertThat(loop(context).steps())
                .extracting(Step::words)
                .anyMatch(words -> words.contains("Accepted (ORC-1 OK, ORC-5 IP)"))
                .anyMatch(words -> words.startsWith("Scheduled for "))
                .anyMatch(words -> words.startsWith("Document: "));
        assertThat(ledger.standings()).containsOnlyKeys("R1^EMR");
        assertThat(ledger.standings())
                .hasEntrySatisfying("R1^EMR", it -> assertThat(it.state()).isEqualTo("note"));
        var frozen =
                new String(
                        database.jdbc()
                                .sql(
                                        "select coalesce(a.content, d.body) from delivery d join"
                                            + " attempt a on a.delivery_id = d.id where"
                                            + " d.message_type = 'OMG^O19' order by a.number limit"
                                            + " 1")
                                .query(byte[].class)
                                .single(),
                        UTF_8);
        assertThat(frozen)
                .contains("|OMG^O19^OMG_O19|", "\rORC|NW|R1^EMR|", "|57133-1^Referral note^LN")
                .contains("\rAL1|1|DA|^Penicillin|SV|Hives\r");
    }

    @Test
    void aReferralThatIsRefusedWaitsForAPersonAndACancelledOneIsOver() throws Exception {
        var context = start();
        var ledger =
                specialist(
                        """
                        referrals:
                          - { every: 2, then: [{ send: accepted, after: 1ms }, { send: note, after: 20m }] }
                          - then: [refused]
                        """);

        assertThat(send("REF^I12", "1", ref("R1"))).contains("MSA|AA|");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(loop(context).state()).isEqualTo(State.REJECTED));
        assertThat(loop(context).why()).isEqualTo("No capacity");

        assertThat(send("REF^I12", "2", ref("R2"))).contains("MSA|AA|");
        await().atMost(LONG)
                .until(() -> loops(context).stream().anyMatch(l -> l.state() == State.ACCEPTED));
        assertThat(send("REF^I14", "3", ref("R2"))).contains("MSA|AA|");

        await().atMost(LONG)
                .until(
                        () ->
                                loops(context).stream()
                                        .filter(one -> one.number().equals("R2^EMR"))
                                        .flatMap(one -> one.steps().stream())
                                        .anyMatch(step -> step.words().contains("ORC-1 CR")));
        assertThat(loops(context))
                .extracting(one -> one.number() + " " + one.state())
                .containsExactlyInAnyOrder("R1^EMR REJECTED", "R2^EMR CANCELLED");
        assertThat(ledger.standings())
                .hasEntrySatisfying("R2^EMR", it -> assertThat(it.state()).isEqualTo("cancelled"));
    }

    // ------------------------------------------------------------ tools

    private Loop loop(ConfigurableApplicationContext context) {
        var all = loops(context);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private List<Loop> loops(ConfigurableApplicationContext context) {
        var person =
                database.jdbc()
                        .sql("select person_id from patient_record where id_value = 'M1'")
                        .query(UUID.class)
                        .single();
        return context.getBean(OpenLoops.class).of(person);
    }

    private PartnerLedger specialist(String text) throws Exception {
        var script =
                ScriptFile.read(
                                Role.SPECIALIST,
                                "script.yaml",
                                (text + "\n").getBytes(UTF_8),
                                fault -> {
                                    throw new AssertionError(fault.toString());
                                })
                        .orElseThrow();
        var ledger = PartnerLedger.begin(folder.resolve("ledger.jsonl"));
        open.add(ledger);
        open.add(
                FakePartner.start(
                        script.withSeed(35),
                        here(specialist),
                        here(engine),
                        null,
                        ledger,
                        line -> {}));
        return ledger;
    }

    private static InetSocketAddress here(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private String send(String type, String id, String segments) throws Exception {
        var message =
                "MSH|^~\\&|EMR|CLINIC|CB|CLINIC|202611220800%02d||%s|E%s|P|2.5.1\r"
                                .formatted(Integer.parseInt(id), type, id)
                        + (type.startsWith("ADT") ? "EVN||20261122080000\r" : "")
                        + (type.startsWith("ADT") ? pid() + "PV1|1|O\r" : "")
                        + segments;
        try (var client = MllpClient.connect(network, here(engine), LONG)) {
            return new String(client.exchange(message.getBytes(UTF_8), LONG), UTF_8);
        }
    }

    private static String ref(String number) {
        return "RF1|||CAR^Cardiology|||"
                + number
                + "^EMR\rPRD|RP|Ordway^Olga|||||1003000001^NPI\rPRD|RT|Hart^Hugo\r"
                + pid()
                + "DG1|1||I48.91^Atrial fibrillation^I10|||W\r";
    }

    private static String pid() {
        return "PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F\r";
    }

    private ConfigurableApplicationContext start() {
        var context =
                ChartbridgeApplication.start(
                        "--spring.datasource.url=" + database.url(),
                        "--spring.datasource.username=" + database.user(),
                        "--spring.datasource.password=" + database.password(),
                        "--server.port=0",
                        "--chartbridge.data=" + folder.resolve("data"),
                        "--chartbridge.routes=" + folder.resolve("routes"),
                        "--chartbridge.admin-password=a sentence for tests only");
        open.add(context);
        return context;
    }
}
