package org.chartbridge.cli;

import org.chartbridge.fakes.FakePartner;
import org.chartbridge.fakes.PartnerLedger;
import org.chartbridge.fakes.Role;
import org.chartbridge.fakes.Script;
import org.chartbridge.fakes.ScriptFile;
import org.chartbridge.mllp.CannotListen;
import org.chartbridge.partner.FileFault;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Plays a partner by a script, until it is stopped or, on request, has said all it has to say. */
abstract class PlayCommand implements Callable<Integer> {
    /** A lab that takes orders and sends results. */
    @Command(
            name = "lab",
            mixinStandardHelpOptions = true,
            description = "Plays a lab: takes orders, answers, sends results and corrections.",
            footer = "")
    static final class Lab extends PlayCommand {
        Lab() {
            super(Role.LAB, 2580, 2575);
        }
    }

    /** The clinic's EMR. */
    @Command(
            name = "emr",
            mixinStandardHelpOptions = true,
            description = "Plays an EMR: sends patients, orders and referrals, takes results.")
    static final class Emr extends PlayCommand {
        Emr() {
            super(Role.EMR, 2577, 2576);
        }
    }

    /** Somebody to refer to. */
    @Command(
            name = "specialist",
            mixinStandardHelpOptions = true,
            description = "Plays a specialist: takes referrals, answers, sends a note.")
    static final class Specialist extends PlayCommand {
        Specialist() {
            super(Role.SPECIALIST, 2581, 2575);
        }
    }

    private static final int POLL_MILLIS = 100;
    private static final int MAX_PORT = 65_535;

    private final Role role;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call.
    CommandSpec spec;

    @Option(
            names = "--script",
            paramLabel = "FILE",
            description =
                    "How it behaves; without one it is quick and good. See Fake partners in the"
                            + " help.")
    @Nullable Path script;

    @Option(names = "--port", paramLabel = "PORT", description = "Where it listens.")
    int port;

    @Option(
            names = "--to",
            paramLabel = "PORT",
            description = "Where the engine on this machine takes what it sends.")
    int to;

    @Option(
            names = "--ledger",
            paramLabel = "FILE",
            description = "A new file for what it got, sent and believes (in a temporary folder).")
    @Nullable Path ledger;

    @Option(names = "--seed", paramLabel = "NUMBER", description = "In place of the script's.")
    @Nullable Integer seed;

    @Option(names = "--once", description = "End when it has sent all that it has to send.")
    boolean once;

    @Option(names = "--quiet", description = "Do not print a line for each message.")
    boolean quiet;

    @Mixin ListenTlsOptions tls = new ListenTlsOptions();

    PlayCommand(Role role, int port, int to) {
        this.role = role;
        this.port = port;
        this.to = to;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port < 0 || port > MAX_PORT) throw wrong("--port: wanted 0 to 65535, got " + port);
        if (to < 1 || to > MAX_PORT) throw wrong("--to: wanted 1 to 65535, got " + to);
        var played = script();
        if (played == null) return CommandLine.ExitCode.USAGE;
        var secure = tls.read(spec.commandLine());
        var out = spec.commandLine().getOut();
        var file = ledgerFile();
        try (var book = PartnerLedger.begin(file);
                var partner =
                        FakePartner.start(
                                played,
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), to),
                                secure,
                                book,
                                line -> {
                                    if (quiet) return;
                                    out.println(line);
                                    out.flush();
                                })) {
            out.printf(
                    "Playing a %s at 127.0.0.1:%d%s, sending to %d. Seed %d, ledger %s.%n",
                    role.word(),
                    partner.address().getPort(),
                    secure == null ? "" : " by TLS",
                    to,
                    played.seed(),
                    file);
            out.println("Ctrl-C ends it.");
            out.flush();
            while (partner.lost() == null && !(once && partner.busy() == 0))
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            return partner.lost() == null ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        } catch (FileAlreadyExistsException e) {
            throw wrong("--ledger: " + file + " exists; name a new file, or move it away");
        } catch (CannotListen e) {
            spec.commandLine().getErr().println("Can't listen: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private @Nullable Script script() throws IOException {
        var faults = new ArrayList<FileFault>();
        var read = ScriptFile.read(role, name(), content(), faults::add);
        faults.forEach(spec.commandLine().getErr()::println);
        return read.map(one -> seed == null ? one : one.withSeed(seed)).orElse(null);
    }

    private String name() {
        return script == null ? role.word() + ".yaml" : script.toString();
    }

    private byte[] content() throws IOException {
        if (script == null) return ScriptFile.example(role.word() + ".yaml");
        try {
            return Files.readAllBytes(script);
        } catch (NoSuchFileException e) {
            throw new ParameterException(
                    spec.commandLine(), "--script: no such file: " + script, e);
        }
    }

    private Path ledgerFile() throws IOException {
        var named = ledger;
        if (named != null) return named.toAbsolutePath().normalize();
        return Files.createTempDirectory("chartbridge-" + role.word() + "-")
                .resolve("ledger.jsonl");
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
