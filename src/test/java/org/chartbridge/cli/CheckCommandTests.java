package org.chartbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;

import org.chartbridge.fakes.SampleClinic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import picocli.CommandLine;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code check}: what it prints, and its exit codes. */
class CheckCommandTests {
    @TempDir Path root = Path.of("set by JUnit");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Logger logs = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private Level level = Level.INFO;

    @BeforeEach
    void remember() {
        level = logs.getLevel();
    }

    @AfterEach
    void restore() {
        logs.setLevel(level);
    }

    @Test
    void aFolderThatIsWellIsExitCode0() {
        assertThat(check("--routes", "routes")).isZero();
        assertThat(out.toString()).startsWith("All is well: ").contains("127.0.0.1:2575");
    }

    @Test
    void theClinicOfTheDemoIsWell() throws IOException {
        SampleClinic.write(root, new SampleClinic.Ports(12_575, 12_577, 12_580, 12_581), true);

        assertThat(check("--routes", root.toString())).isZero();
        assertThat(out.toString()).startsWith("All is well: ").contains("127.0.0.1:12575");
    }

    @Test
    void faultsAreExitCode1WithFileLineAndRemedy() throws Exception {
        broken();

        assertThat(check("--routes", root.toString())).isEqualTo(1);
        assertThat(out.toString())
                .isEqualTo(
                        """
                        lab/partner.yaml:1: key "sender" is missing
                            add  sender: { application: LIS, facility: NORTHLAB }
                        lab/partner.yaml:1: unknown key "sendr"
                            did you mean "sender"?
                        2 faults in 1 file; what would run: 0 partners, 0 routes
                        """);
    }

    @Test
    void programsReadJson() throws Exception {
        broken();

        assertThat(check("--json", "--routes", root.toString())).isEqualTo(1);
        var tree = JsonMapper.shared().readTree(out.toString());
        assertThat(tree.get("faults").get(0).get("file").asString()).isEqualTo("lab/partner.yaml");
        assertThat(tree.get("faults").get(0).get("line").asInt()).isEqualTo(1);
        assertThat(tree.get("faults").get(0).get("remedy").asString()).contains("sender");
        assertThat(tree.get("partners").asInt()).isZero();
    }

    @Test
    void aFolderThatIsNotThereIsExitCode2() {
        assertThat(check("--routes", root.resolve("gone").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("there is no folder ").contains("--routes FOLDER");
    }

    private void broken() throws IOException {
        Files.createDirectory(root.resolve("lab"));
        Files.writeString(root.resolve("lab/partner.yaml"), "sendr: any\nzone: UTC\n");
    }

    private int check(String... arguments) {
        var line = new CommandLine(new CheckCommand());
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return line.execute(arguments);
    }
}
