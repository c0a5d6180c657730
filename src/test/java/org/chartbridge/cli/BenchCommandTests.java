package org.chartbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Wrong use is told before anything is started. */
class BenchCommandTests {
    private final StringWriter err = new StringWriter();

    @Test
    void aModeIsReadAsTheHelpWritesIt() {
        for (var mode : new String[] {"charted", "stored", "both"}) {
            assertThat(parsed("bench", "--mode", mode).mode)
                    .hasToString(mode.toUpperCase(java.util.Locale.ROOT));
        }
        assertThat(parsed("bench").mode).isEqualTo(BenchCommand.Mode.BOTH);
    }

    @Test
    void connectionsAreAList() {
        assertThat(parsed("bench").connections).containsExactly(64, 8, 1);
        assertThat(parsed("bench", "--connections", "3,2").connections).containsExactly(3, 2);
    }

    @Test
    void wrongUseIsExitCode2AndSaysWhatIsWanted() {
        refused("expected one of", "bench", "--mode", "fast");
        refused("wanted 1 to 1000, got 0", "bench", "--connections", "0");
        refused("wanted 1 to 1000, got 1001", "bench", "--connections", "1001");
        refused("wanted at least 1", "bench", "--writers", "0");
        refused("--mode charted or --mode stored", "bench", "--port", "2575");
        refused(
                "APPLICATION|FACILITY",
                "bench",
                "--port",
                "1",
                "--mode",
                "stored",
                "--sender",
                "X");
        refused("no jar to start", "bench", "--jar", "/no/such.jar");
        refused("no such folder", "bench", "--folder", "/no/such/folder");
        refused("wanted a time such as 30s", "bench", "--duration", "soon");
        refused("--rounds: wanted at least 1", "bench", "kill", "--rounds", "0");
    }

    private void refused(String said, String... arguments) {
        var line = Commands.line();
        line.setErr(new PrintWriter(err));

        assertThat(line.execute(arguments)).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains(said);
    }

    private static BenchCommand parsed(String... arguments) {
        var found = Commands.line().parseArgs(arguments);
        return (BenchCommand) found.subcommand().commandSpec().userObject();
    }
}
