package org.chartbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

/** Tests beside routes: they pass while nothing changes, and fail where something does. */
class TestCommandTests {
    private static final String RESULT =
            """
            MSH|^~\\&|LIS|WEST|EMR|CLINIC|20261122080000||ORU^R01|C1|P|2.5.1
            PID|1||00042^^^WEST^PI||SAMPLE^Ada||19710412|F
            OBR|1||A-1|NA^Sodium^L|||20261122071500|||||||||||||||20261122075900|||F
            OBX|1|NM|NA^Sodium^L||151|mmol/l|136-145|HH|||F
            """;

    @TempDir Path routes = Path.of("set by JUnit");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void aLabWithTablesRepairsAndEdits() throws IOException {
        write("west/partner.yaml", "sender: { application: LIS }\nzone: UTC\n");
        write("west/codes.csv", "code,loinc,unit,ucum\nNA,2951-2,mmol/L,mmol/L\n");
        write(
                "west/repairs.edit.yaml",
                """
                - repair: { at: PID-3.1, pattern: '^0+', with: '' }
                - repair: { at: OBX-6.1, table: { mmol/l: mmol/L } }
                """);
        write(
                "west/results.yaml",
                """
                - route:
                    id: west-results
                    from:
                      uri: "mllp:127.0.0.1:${WEST_PORT}"
                      steps:
                        - to: { uri: chart }
                        - filter:
                            expression: { language: { language: hl7, expression: "OBX[*]-8 in 'HH,LL'" } }
                            steps:
                              - to: { uri: "deliver:emr/critical" }
                """);
        write("emr/partner.yaml", "sender: { application: EMR }\nzone: UTC\n");
        write("emr/critical.edit.yaml", "- edit: { at: OBX-3.1, table: names.csv }\n");
        write("emr/names.csv", "from,to\nNA,SODIUM\n");
        write(
                "emr/critical.yaml",
                """
                - route:
                    id: emr-critical
                    from:
                      uri: outbox:emr/critical
                      steps:
                        - to: { uri: "edit:critical.edit.yaml" }
                        - to: { uri: "mllp:${EMR_HOST}:2577" }
                """);
        write("west/tests/sodium-high.hl7", RESULT);
    }

    @Test
    void theSamplesPass() {
        assertThat(run("--routes", "routes")).describedAs(out.toString()).isZero();
        assertThat(out.toString()).contains("ok    sodium-high").contains("All is well: ");
    }

    @Test
    void whatCameOutIsWrittenAndPassesThenAndAnyChangeFailsIt() throws IOException {
        assertThat(test()).isEqualTo(1);
        assertThat(out.toString())
                .contains("there is no sodium-high.expected.yaml; bin/chartbridge test --update");
        assertThat(test("--update")).isZero();
        assertThat(read("west/tests/sodium-high.expected.yaml"))
                .contains("becomes: charted")
                .contains("translation.loinc: 2951-2")
                .contains("key.value: 42\n")
                .contains("unit: mmol/L")
                .contains("OBX|1|NM|SODIUM^Sodium^L||151|mmol/l|");
        assertThat(test("west")).isZero();

        fails("west/codes.csv", "2951-2", "2947-0", "translation.loinc", "2951-2", "2947-0");
        fails("west/repairs.edit.yaml", "'^0+'", "'^9+'", "key.value", "42", "00042");
        fails("emr/names.csv", "SODIUM", "NATRIUM", "outgoing, 1, OBX[1]-3", "SODIUM^", "NATRIUM^");
        fails("emr/critical.edit.yaml", "OBX-3.1", "OBX-3.2", "OBX[1]-3", "SODIUM^", "NA^Sodium");
        fails("west/results.yaml", "HH,LL", "LL", "outgoing, 1", "values", "nothing");
        fails(
                "emr/critical.edit.yaml",
                "names.csv",
                "{ K: POT }, otherwise: fail",
                "outgoing, 1",
                "a message",
                "emr/critical.edit.yaml:1: the table has nothing for what stands in OBX-3.1");
        fails("west/partner.yaml", "UTC", "Asia/Tokyo", "collected.instant", "07:15", "22:15");
        fails("west/tests/sodium-high.hl7", "|151|", "|152|", "value.number", "151", "152");
    }

    /** Changes a file, wants the test to fail there, and puts the file back. */
    private void fails(String file, String from, String to, String place, String wanted, String got)
            throws IOException {
        var before = read(file);
        assertThat(before).contains(from);
        write(file, before.replace(from, to));

        assertThat(test("west/sodium-high")).describedAs(file).isEqualTo(1);

        var told = out.toString();
        var at = told.indexOf(place);
        assertThat(at).describedAs("%s in %s", place, told).isPositive();
        assertThat(told.substring(at).lines().limit(3))
                .describedAs(told)
                .anyMatch(line -> line.contains("wanted") && line.contains(wanted));
        if (!got.equals("nothing")) assertThat(told).contains(got);
        write(file, before);
    }

    @Test
    void whatCannotBePlayedSaysWhy() throws IOException {
        write("west/tests/stranger.hl7", RESULT.replace("|LIS|", "|OTHER|"));
        write("west/tests/stranger.expected.yaml", "- answer: AA\n");
        write("west/tests/mistake.hl7", RESULT);
        write("west/tests/mistake.expected.yaml", "- answer: AA\n  bcomes: charted\n");
        write("west/tests/lost.expected.yaml", "- answer: AA\n");
        write("west/tests/part.hl7", RESULT);
        write("west/tests/part.expected.yaml", "- answer: AA\n  becomes: charted\n");
        write("west/tests/again.hl7", RESULT + RESULT.replace("C1", "C2").replace("Ada", "Bo"));
        write("west/tests/again.expected.yaml", "- becomes: charted\n- becomes: charted\n");
        var junit = routes.resolve("junit.xml");

        assertThat(test("west", "--junit", junit.toString())).isEqualTo(1);

        assertThat(out.toString())
                .contains("nobody takes it: no partner on")
                .contains(
                        "west/tests/mistake.expected.yaml:2: unknown key \"bcomes\"; did you mean"
                                + " \"becomes\"?")
                .contains("lost.expected.yaml has no messages; add west/tests/lost.hl7")
                .contains("ok    part")
                .contains("message 2, becomes");
        assertThat(cases(junit)).isEqualTo(6);
    }

    @Test
    void aFolderWithAFaultFailsItsTestsWithTheFault() throws IOException {
        write("west/results.yaml", read("west/results.yaml").replace("OBX[*]", "OBX*"));

        assertThat(test("--update")).isEqualTo(1);

        assertThat(out.toString()).contains("west/results.yaml:8: hl7: \"OBX*-8\" is no path");
        assertThat(routes.resolve("west/tests/sodium-high.expected.yaml")).doesNotExist();
    }

    @Test
    void aWrongNameIsToldWithTheNearest() {
        assertThat(test("wast")).isEqualTo(2);
        assertThat(err.toString()).contains("there is no test wast; did you mean \"west\"?");
    }

    @Test
    void aNewPartnerBeginsWithATestThatPasses() {
        assertThat(
                        run(
                                "new-partner",
                                "east",
                                "--application",
                                "EAST",
                                "--port",
                                "2599",
                                "--routes",
                                routes.toString()))
                .isZero();
        assertThat(out.toString()).contains("tests/first-result.hl7");
        assertThat(test("east")).describedAs(out.toString()).isZero();
    }

    private static int cases(Path junit) {
        try {
            var document =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(junit.toFile());
            return document.getElementsByTagName("testcase").getLength();
        } catch (Exception e) {
            throw new AssertionError("no XML", e);
        }
    }

    private int test(String... arguments) {
        return run(
                Stream.concat(Stream.of("--routes", routes.toString()), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        var command =
                arguments[0].equals("new-partner")
                        ? arguments
                        : Stream.concat(Stream.of("test"), Stream.of(arguments))
                                .toArray(String[]::new);
        return Commands.line()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(command);
    }

    private void write(String file, String text) throws IOException {
        var path = routes.resolve(file);
        Files.createDirectories(path.resolveSibling("."));
        Files.writeString(path, text);
    }

    private String read(String file) throws IOException {
        return Files.readString(routes.resolve(file));
    }
}
