package org.chartbridge.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.delivery.Outboxes.Made;
import org.chartbridge.intake.Arrival;
import org.chartbridge.intake.Staged;
import org.chartbridge.partner.EditsFile;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.PartnerFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Edits and conditions in routes, as Camel runs them. */
class EditedRoutesTests {
    private static final String RESULT =
            """
            MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|20261122080000||ORU^R01|C1|P|2.5.1
            PID|1||42||DOE^Jane
            OBR|1||A-1|NA^Sodium^L
            OBX|1|NM|NA^Sodium^L||128|mmol/L||LL|||F
            """
                    .replace("\n", "\r");

    private final CamelSteps camel = new CamelSteps();
    private final List<FileFault> faults = new ArrayList<>();

    @BeforeEach
    void start() {
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.close();
    }

    @Test
    void whatIsDeliveredIsEditedAndWhatIsChartedIsNot() {
        var running =
                running(
                        """
                        - to: { uri: chart }
                        - to: { uri: "deliver:emr/all" }
                        - choice:
                            when:
                              - expression: { language: { language: hl7, expression: "OBX[*]-8 in 'LL,HH'" } }
                                steps:
                                  - to: { uri: "edit:a.edit.yaml" }
                                  - to: { uri: "deliver:emr/critical" }
                            otherwise:
                              steps: [ { to: { uri: "deliver:emr/others" } } ]
                        """);

        var work = (Staged.Work) running.run(arrival(RESULT)).orElseThrow();
        var normal = (Staged.Work) running.run(arrival(RESULT.replace("LL", "N"))).orElseThrow();

        assertThat(work.chart()).isTrue();
        assertThat(work.deliveries())
                .extracting(d -> d.destination())
                .containsExactly("emr/all", "emr/critical");
        assertThat(work.deliveries().getFirst().body()).as("as it came").isNull();
        assertThat(work.deliveries().getLast().body())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(RESULT.replace("|42|", "|42^^^STAT|"));
        assertThat(normal.deliveries())
                .extracting(d -> d.destination())
                .containsExactly("emr/all", "emr/others");
    }

    @Test
    void conditionsBehindAnEditSeeWhatItMade() {
        var running =
                running(
                        """
                        - to: { uri: "edit:a.edit.yaml" }
                        - filter:
                            expression: { language: { language: hl7, expression: "PID-3.4 == 'STAT'" } }
                            steps: [ { to: { uri: "deliver:emr/a" } } ]
                        """);

        var work = (Staged.Work) running.run(arrival(RESULT)).orElseThrow();

        assertThat(work.deliveries()).hasSize(1);
    }

    @Test
    void anEditThatFailsSaysWhereAndHoldsNoContent() {
        var running =
                running(
                        "- to: { uri: \"edit:strict.edit.yaml\" }\n"
                                + "- to: { uri: \"deliver:emr/a\" }");

        var failed = (Staged.Failed) running.run(arrival(RESULT)).orElseThrow();

        assertThat(failed.ofMessage()).isTrue();
        assertThat(failed.cause())
                .isEqualTo(
                        "lab/strict.edit.yaml:1: the table has nothing for what stands in OBR-4.1;"
                                + " add the row");
    }

    @Test
    void anOutboxSendsWhatTheEditsMade() {
        var running =
                routes(
                        "outbox:lab/orders",
                        "- to: { uri: \"edit:a.edit.yaml\" }\n"
                                + "- to: { uri: \"mllp:127.0.0.1:2599\" }");

        var made =
                (Made.Ready)
                        running.make(
                                        RESULT.getBytes(StandardCharsets.UTF_8),
                                        StandardCharsets.UTF_8)
                                .orElseThrow();

        assertThat(made.content()).asString(StandardCharsets.UTF_8).contains("|42^^^STAT|");
    }

    private Running running(String steps) {
        return routes("mllp:127.0.0.1:2575", steps);
    }

    private Running routes(String from, String steps) {
        var text =
                "- route:\n    id: a\n    from:\n      uri: \""
                        + from
                        + "\"\n      steps:\n"
                        + steps.indent(8);
        var environment =
                new RouteFile.Environment(
                        Map.of(), List.of(), EditsFile.scripts(folder(), faults::add));
        var plans =
                RouteFile.read(
                                "lab/a.yaml",
                                RouteFileTests.bytes(text),
                                "lab",
                                environment,
                                faults::add)
                        .orElseThrow(() -> new AssertionError(faults.toString()));
        var running = camel.start(RouteFileTests.bytes(text), plans, faults::add);
        assertThat(faults).isEmpty();
        return running.getFirst();
    }

    private static FolderFiles folder() {
        var files = new TreeMap<String, byte[]>();
        files.put("partner.yaml", RouteFileTests.bytes("sender: any\nzone: UTC\n"));
        files.put("a.edit.yaml", RouteFileTests.bytes("- edit: { at: PID-3.4, set: STAT }\n"));
        files.put(
                "strict.edit.yaml",
                RouteFileTests.bytes(
                        "- edit: { at: OBR-4.1, table: { K: POT }, otherwise: fail }\n"));
        return new FolderFiles("lab", files);
    }

    private Arrival arrival(String text) {
        Partner partner = PartnerFile.read(folder(), Map.of(), faults::add).orElseThrow();
        return new Arrival(
                partner, "a", "127.0.0.1:1", Instant.EPOCH, text.getBytes(StandardCharsets.UTF_8));
    }
}
