package org.chartbridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.hl7.Severity;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Every result message of the corpus, which lies beside the working copy or nowhere. */
class CorpusTests {

    @Test
    void everyResultMessageIsUnderstoodOrRefusedWithAReason() throws Exception {
        var folder =
                Path.of(System.getenv().getOrDefault("CHARTBRIDGE_CORPUS", "../shared/corpus"))
                        .resolve("messages");
        assumeThat(folder).as("the corpus is not here; set CHARTBRIDGE_CORPUS").isDirectory();

        var outcomes = new TreeMap<String, Integer>();
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                switch (Message.read(Files.readAllBytes(file), StandardCharsets.UTF_8)) {
                    case Reading.Unreadable _ -> {}
                    case Reading.Readable(var message) -> {
                        if (message.header().messageCode().equals("ORU"))
                            count(folder.relativize(file), message, outcomes);
                    }
                }
            }
        }

        System.out.println("corpus: " + outcomes);
        assertThat(outcomes).containsKey("update");
    }

    private static void count(Path file, Message message, Map<String, Integer> outcomes) {
        var outcome =
                switch (Sent.map(message, Sent.NORTHLAB)) {
                    case Mapped.Update update -> {
                        assertThat(update.remarks())
                                .extracting(Fault::severity)
                                .doesNotContain(Severity.E);
                        System.out.println(
                                "  update         " + file + " " + reasons(update.remarks()));
                        yield "update";
                    }
                    case Mapped.NotUnderstood(var faults) -> {
                        System.out.println("  not understood " + file + " " + reasons(faults));
                        assertThat(faults)
                                .as(file.toString())
                                .extracting(Fault::reason)
                                .doesNotContain("mapping-failed");
                        yield "not understood";
                    }
                    case Mapped.NotCharted(var why) -> {
                        System.out.println("  not charted    " + file + " " + why);
                        yield "not charted";
                    }
                };
        outcomes.merge(outcome, 1, Integer::sum);
    }

    private static Map<String, Long> reasons(Iterable<Fault> faults) {
        return java.util.stream.StreamSupport.stream(faults.spliterator(), false)
                .collect(
                        Collectors.groupingBy(
                                fault ->
                                        fault.reason()
                                                + (fault.severity() == Severity.E
                                                        ? "@" + fault.location()
                                                        : ""),
                                TreeMap::new,
                                Collectors.counting()));
    }
}
