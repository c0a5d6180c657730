package org.chartbridge.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.parser.GenericModelClassFactory;
import ca.uhn.hl7v2.util.Terser;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Messages that public projects publish; read where they lie, skipped where they are not. */
class CorpusTests {
    private static final List<String> PATHS =
            List.of(
                    "MSH-3-1",
                    "MSH-4-1",
                    "MSH-7-1",
                    "MSH-9-1",
                    "MSH-9-2",
                    "MSH-10-1",
                    "MSH-11-1",
                    "PID-3-1",
                    "PID-5-2",
                    "PID-7-1",
                    "PID-8-1",
                    "PID-11-3",
                    "PV1-2-1",
                    "ORC-1-1",
                    "OBR-2-1",
                    "OBR-3-1",
                    "OBR-4-1",
                    "OBR-4-2",
                    "OBR-7-1",
                    "OBX-2-1",
                    "OBX-3-1",
                    "OBX-3-2",
                    "OBX-6-1",
                    "OBX-11-1",
                    "NTE-1-1");

    @Test
    void everyMessageFromTheWildIsReadAndAnswered() throws Exception {
        var times = new TreeMap<Long, Path>();
        var reasons = new TreeMap<String, Integer>();
        int unreadable = 0;
        for (int warm = 0; warm < 2; warm++) {
            times.clear();
            reasons.clear();
            unreadable = 0;
            for (var file : files()) {
                var raw = Files.readAllBytes(file);
                long start = System.nanoTime();

                FuzzTests.readEverything(raw, StandardCharsets.UTF_8);

                times.put(System.nanoTime() - start, file);
                switch (Message.read(raw, StandardCharsets.UTF_8)) {
                    case Reading.Readable(var message) ->
                            message.remarks().stream()
                                    .map(f -> f.severity() + " " + f.reason())
                                    .distinct()
                                    .forEach(r -> reasons.merge(r, 1, Integer::sum));
                    case Reading.Unreadable(var fault) -> {
                        unreadable++;
                        System.out.println(
                                "  unreadable " + file.getFileName() + " " + fault.reason());
                    }
                }
            }
        }
        System.out.println(
                times.size()
                        + " files, "
                        + unreadable
                        + " unreadable, slowest "
                        + times.lastKey() / 1_000_000
                        + " ms ("
                        + times.lastEntry().getValue().getFileName()
                        + "), remarks "
                        + reasons);
    }

    @Test
    void everyAnswerNamesTheControlIdExactly() throws Exception {
        var wrong = new ArrayList<Path>();
        for (var file : files()) {
            var raw = Files.readAllBytes(file);
            var header = Header.read(raw);

            var answer =
                    Acknowledgement.of(
                            raw, AckCode.AA, List.of(), "c1", Instant.EPOCH, ZoneOffset.UTC);

            var read = Samples.message(answer);
            var sent = header.map(Header::controlId).orElse("");
            if (!read.value("MSA-2")
                    .equals(
                            read.value("MSA-2").isEmpty()
                                    ? sent
                                    : Samples.message(raw).value("MSH-10"))) wrong.add(file);
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void hapiReadsTheSameValues() throws Exception {
        int compared = 0;
        int readByHapi = 0;
        var different = new ArrayList<String>();
        try (var context = hapi()) {
            for (var file : files()) {
                var raw = Files.readAllBytes(file);
                if (!(Message.read(raw, StandardCharsets.UTF_8)
                        instanceof Reading.Readable(var message))) continue;
                var text = new StringBuilder();
                for (var line : message.lines()) text.append(message.text(line)).append('\r');
                Terser terser;
                try {
                    terser = new Terser(context.getPipeParser().parse(text.toString()));
                } catch (HL7Exception | RuntimeException _) {
                    continue;
                }
                readByHapi++;
                for (var path : PATHS) {
                    var parts = path.split("-", -1);
                    if (message.lines(parts[0]).isEmpty()) continue;
                    String theirs;
                    try {
                        theirs = terser.get("/." + path);
                    } catch (HL7Exception | RuntimeException _) {
                        continue;
                    }
                    compared++;
                    var ours = message.value(parts[0] + "-" + parts[1] + "." + parts[2] + ".1");
                    if (!ours.equals(theirs == null ? "" : theirs))
                        different.add(file.getFileName() + " " + path);
                }
            }
        }
        System.out.println(
                "HAPI read "
                        + readByHapi
                        + ", "
                        + compared
                        + " values compared, different: "
                        + different);
        assertThat(different).hasSizeLessThan(1);
    }

    static DefaultHapiContext hapi() {
        return new DefaultHapiContext(
                new ca.uhn.hl7v2.parser.ParserConfiguration(),
                ValidationContextFactory.noValidation(),
                new GenericModelClassFactory());
    }

    private static List<Path> files() throws IOException {
        var given = System.getenv("CHARTBRIDGE_CORPUS");
        var corpus = Path.of(given != null ? given : "../shared/corpus").resolve("messages");
        assumeTrue(
                Files.isDirectory(corpus),
                "the corpus is not at ../shared/corpus nor where CHARTBRIDGE_CORPUS says");
        try (var walk = Files.walk(corpus)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
