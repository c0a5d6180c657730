package org.chartbridge.cli;

import org.chartbridge.mllp.Limits;
import org.chartbridge.mllp.MllpClient;
import org.chartbridge.mllp.MllpFailure;
import org.chartbridge.mllp.MllpNetwork;
import org.chartbridge.mllp.Tls;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Sends files to an engine, this one or another, and says what it answers. */
@Command(
        name = "send",
        mixinStandardHelpOptions = true,
        description = "Sends HL7 messages over MLLP and prints the answers.",
        footer = {
            "",
            "The bytes of a file go out as they are; it may hold several messages. Framing",
            "bytes and the lines of a batch (FHS, BHS, BTS, FTS) are left out.",
            "",
            "Exit codes: 0 all answers positive (AA, CA), 1 some negative, 2 wrong use,",
            "            3 no connection, or a message without an answer."
        })
final class SendCommand implements Callable<Integer> {
    /** How many messages wait for their answers with {@code --pipelined}. */
    static final int PIPELINED = 1_000;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call.
    CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH",
            description =
                    "Files, folders (all *.hl7 and *.txt below, sorted), or - for standard input.")
    List<Path> paths = new ArrayList<>();

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Who listens (${DEFAULT-VALUE}).")
    String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "2575",
            description = "On which port (${DEFAULT-VALUE}).")
    int port;

    @Mixin TlsOptions tls = new TlsOptions();

    @Option(
            names = "--pipelined",
            description = "Send without waiting for each answer; answers are found by MSA-2.")
    boolean pipelined;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationText.class,
            description = "How long to wait for an answer (${DEFAULT-VALUE}).")
    Duration timeout = Duration.ofSeconds(30);

    @Option(
            names = "--charset",
            paramLabel = "NAME",
            defaultValue = "UTF-8",
            description =
                    "How answers that name no character set (MSH-18) are read (${DEFAULT-VALUE}).")
    Charset charset = StandardCharsets.UTF_8;

    @Option(names = "--quiet", description = "Only what is not positive, and the summary.")
    boolean quiet;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port < 1 || port > 65_535) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--port: wanted 1 to 65535, got " + port);
        }
        try {
            return send(SendFiles.of(paths));
        } catch (NoSuchFileException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private int send(List<SendFiles.SendFile> files) throws IOException, InterruptedException {
        var report =
                new SendReport(
                        spec.commandLine().getOut(),
                        CommandLine.Help.Ansi.AUTO.enabled(),
                        quiet,
                        files.stream().map(SendFiles.SendFile::label).toList());
        var start = System.nanoTime();
        var secure = tls.read(spec.commandLine());
        try (var network = new MllpNetwork(1, Runtime.getRuntime().maxMemory() / 4);
                var sending =
                        new Sending(
                                () -> connect(network, secure),
                                timeout,
                                pipelined ? PIPELINED : 1,
                                charset,
                                report)) {
            for (var file : files) {
                var content = FileMessages.in(file.read(System.in));
                report.leftOut(file.label(), content.leftOut());
                var several = content.messages().size() > 1;
                var number = 0;
                for (var message : content.messages()) {
                    var label = several ? file.label() + "#" + ++number : file.label();
                    sending.send(new Sending.Outgoing(label, message));
                }
            }
            sending.finish();
        } catch (MllpFailure.Refused e) {
            return refused(e, report, start);
        }
        var code = report.finish(Duration.ofNanos(System.nanoTime() - start));
        if (report.nothingAnswered() && !tls.tls)
            warn(
                    "Nothing was answered. Does port "
                            + port
                            + " speak TLS only? Try --tls; the engine's log says what it saw.");
        return code;
    }

    private void warn(String text) {
        var err = spec.commandLine().getErr();
        err.println(text);
        err.flush();
    }

    private MllpClient connect(MllpNetwork network, Optional<Tls> secure)
            throws MllpFailure.Refused {
        return MllpClient.connect(
                network,
                new InetSocketAddress(host, port),
                CONNECT_TIMEOUT,
                Limits.defaults(),
                null,
                secure);
    }

    private int refused(MllpFailure.Refused e, SendReport report, long start) {
        report.finish(Duration.ofNanos(System.nanoTime() - start));
        warn("There is " + e.getMessage());
        if (!tls.tls) {
            warn(
                    "Does the engine run there, and does one of its routes listen on port "
                            + port
                            + "? Start it: bin/chartbridge. Elsewhere? --host HOST --port PORT");
        }
        return SendReport.NO_ANSWER;
    }
}
