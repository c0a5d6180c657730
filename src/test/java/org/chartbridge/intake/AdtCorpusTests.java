package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.partner.Partner;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** Every ADT message of the corpus, which lies beside the working copy or nowhere. */
class AdtCorpusTests {
    private static final Set<String> CHARTED =
            Set.of(
                    "A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A11", "A12", "A13",
                    "A28", "A31");

    @Test
    void everyMessageIsChartedHeldOrRefusedWithAReason() throws Exception {
        var folder =
                Path.of(System.getenv().getOrDefault("CHARTBRIDGE_CORPUS", "../shared/corpus"))
                        .resolve("messages");
        assumeThat(folder).as("the corpus is not here; set CHARTBRIDGE_CORPUS").isDirectory();
        var outcomes = new TreeMap<String, Integer>();
        try (var engine = new AdtEngine();
                var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                var raw = Files.readAllBytes(file);
                if (!(Message.read(raw, StandardCharsets.UTF_8)
                                instanceof Reading.Readable(var message))
                        || !message.header().messageCode().equals("ADT")
                        || !CHARTED.contains(message.header().triggerEvent())) continue;
                // A partner for each source: their numbers are invented by different people.
                var source = folder.relativize(file).getName(0).toString();
                AdtEngine.text(engine.begin(partner(source), raw));
                var state = engine.lastState();
                outcomes.merge(state, 1, Integer::sum);
                System.out.println(
                        "  %-8s %s %s"
                                .formatted(state, folder.relativize(file), engine.lastReasons()));
                assertThat(engine.lastReasons())
                        .as(file.toString())
                        .doesNotContain("mapping-failed", "not-storable");
                if (!state.equals("charted"))
                    assertThat(engine.lastReasons()).as(file.toString()).isNotEmpty();
            }
            System.out.println("corpus: " + outcomes);
            for (var table :
                    List.of("patient_record", "encounter", "allergy", "condition", "coverage"))
                System.out.println(
                        "  " + table + ": " + engine.one("select count(*) from " + table));
        }
        assertThat(outcomes.get("charted")).isGreaterThan(30);
    }

    private static Partner partner(String source) {
        return new Partner(
                source,
                source,
                List.of(),
                List.of(),
                StandardCharsets.UTF_8,
                ZoneId.of("America/New_York"),
                Partner.Acknowledge.CHARTED,
                Partner.Ack.ORIGINAL,
                "",
                Partner.AnswerAs.ACK,
                Partner.Uncharted.ACCEPT,
                List.of("P", "T", "D", "N"),
                Partner.TestMessages.CHART,
                Partner.Patients.CREATE,
                Partner.Demographics.MASTER,
                Partner.Empty.KEEP,
                List.of(),
                null,
                false,
                "v1");
    }
}
