package org.chartbridge.cli;

import org.chartbridge.hl7.AckCode;
import org.chartbridge.mllp.CannotListen;
import org.chartbridge.mllp.Limits;
import org.chartbridge.mllp.MllpListener;
import org.chartbridge.mllp.MllpNetwork;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

/** A partner for trying things out: shows what is sent to it, and answers as it is told. */
@Command(
        name = "listen",
        mixinStandardHelpOptions = true,
        description =
                "Plays a partner: shows what comes over MLLP, and answers as you say. By a script"
                        + " it also sends: listen lab, listen emr, listen specialist.",
        subcommands = {PlayCommand.Lab.class, PlayCommand.Emr.class, PlayCommand.Specialist.class},
        footer = {
            "",
            "Answers:",
            "  AA        accepted (the default)",
            "  AE        error: the content is at fault, it must not be sent again unchanged",
            "  AR        rejected without a code: not now, try again",
            "  CA, CE    the same in enhanced mode: accepted, not now",
            "  late      AA, after --delay (60 s)",
            "  never     none; the connection stays open",
            "  wrong-id  AA for another message (MSA-2)",
            "  hangup    none; the connection is closed after reading",
            "",
            "Messages are shown as they are, with whatever they say about patients.",
            "Ctrl-C ends it. Exit codes: 0 done, 1 can't listen, 2 wrong use."
        })
final class ListenCommand implements Callable<Integer> {

    /** How a message is answered. */
    enum Answering {
        AA(AckCode.AA),
        AE(AckCode.AE),
        AR(AckCode.AR),
        CA(AckCode.CA),
        CE(AckCode.CE),
        LATE(AckCode.AA),
        NEVER(null),
        WRONG_ID(AckCode.AA),
        HANGUP(null);

        private final @Nullable AckCode code;

        Answering(@Nullable AckCode code) {
            this.code = code;
        }

        @Nullable AckCode code() {
            return code;
        }

        /** As it is written on the command line. */
        static Answering of(String word) {
            for (var one : values())
                if (one.name().replace('_', '-').equalsIgnoreCase(word)) return one;
            throw new IllegalArgumentException(word);
        }
    }

    private static final Duration LATE = Duration.ofSeconds(60);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call.
    CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "PORT", description = "Where to listen.")
    @Nullable Integer port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "On which address (${DEFAULT-VALUE}: from this machine only).")
    String host = "127.0.0.1";

    @Mixin ListenTlsOptions tls = new ListenTlsOptions();

    @Option(
            names = "--answer",
            paramLabel = "HOW",
            defaultValue = "AA",
            description = "How to answer, see below (${DEFAULT-VALUE}).")
    String answer = "AA";

    @Option(
            names = "--delay",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "Wait so long before each answer.")
    @Nullable Duration delay;

    @Option(
            names = "--save",
            paramLabel = "FOLDER",
            description = "Write each message into a file of its own there.")
    @Nullable Path save;

    @Option(names = "--count", paramLabel = "N", description = "End after so many messages.")
    @Nullable Integer count;

    @Option(names = "--quiet", description = "One line for a message, not its segments.")
    boolean quiet;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var answering = answering();
        var port = this.port;
        if (port == null)
            throw wrong("Missing required parameter: 'PORT' (or lab, emr, specialist)");
        if (port < 0 || port > 65_535) throw wrong("PORT: wanted 1 to 65535, got " + port);
        if (count != null && count < 1) throw wrong("--count: wanted at least 1, got " + count);
        var secure = tls.read(spec.commandLine());
        var folder = save;
        if (folder != null) Files.createDirectories(folder);
        var wait = delay != null ? delay : answering == Answering.LATE ? LATE : Duration.ZERO;
        var out = spec.commandLine().getOut();
        var partner =
                new PlayedPartner(
                        answering,
                        wait,
                        folder,
                        quiet,
                        count == null ? Long.MAX_VALUE : count,
                        out);
        try (var network = new MllpNetwork(1, Runtime.getRuntime().maxMemory() / 4);
                var listener =
                        MllpListener.open(
                                network,
                                address(port),
                                Limits.defaults(),
                                secure,
                                partner,
                                partner)) {
            out.printf(
                    "Listening on %s:%d%s, answering %s. Ctrl-C ends it.%n",
                    host, listener.address().getPort(), secure == null ? "" : " by TLS", answer);
            out.flush();
            partner.awaitEnd();
        } catch (CannotListen e) {
            spec.commandLine().getErr().println("Can't listen: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        out.println(partner.summary());
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private Answering answering() {
        try {
            return Answering.of(answer);
        } catch (IllegalArgumentException e) {
            throw wrong(
                    "--answer: wanted AA, AE, AR, CA, CE, late, never, wrong-id or hangup, got "
                            + answer);
        }
    }

    private InetSocketAddress address(int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw wrong("--host: no such address: " + host);
        }
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
