package org.chartbridge.cli;

import org.chartbridge.ChartbridgeApplication;
import org.chartbridge.database.EmbeddedServer;
import org.chartbridge.fakes.FakePartner;
import org.chartbridge.fakes.PartnerLedger;
import org.chartbridge.fakes.Role;
import org.chartbridge.fakes.SampleClinic;
import org.chartbridge.fakes.Script;
import org.chartbridge.fakes.ScriptFile;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * An engine with a fake EMR, lab and specialist, to look at: nothing to set up, nothing is left.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Starts an engine and plays an EMR, a lab and a specialist: orders, results,"
                        + " a correction, referrals, a note. Ctrl-C ends it.",
        footer = {
            "",
            "Ports are free ones, data lies in a folder of its own and is removed at the end,",
            "unless --folder names one. Everybody in it is invented.",
            "Exit codes: 0 or 130 (Ctrl-C) done, 1 could not start, 2 wrong use."
        })
final class DemoCommand implements Callable<Integer> {
    private static final int POLL_MILLIS = 200;
    private static final int QUIET_POLLS = 15;
    private static final int MOST_TRIES = 20;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call.
    CommandSpec spec;

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            description =
                    "A new folder for data, partners and ledgers, which stays (a temporary one).")
    @Nullable Path folder;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "The console's port (a free one).")
    int port;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "Names and values follow from it; printed at the start.")
    @Nullable Integer seed;

    @Option(names = "--once", description = "End when all orders and referrals are answered.")
    boolean once;

    /** What was opened, to be closed in the other direction. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private final Map<Role, FakePartner> partners = new EnumMap<>(Role.class);
    private final Map<Role, PartnerLedger> ledgers = new EnumMap<>(Role.class);
    private final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port < 0 || port > 65_535)
            throw new ParameterException(
                    spec.commandLine(), "--port: wanted 0 to 65535, got " + port);
        var home = home();
        var atExit = new Thread(this::end, "end the demo");
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            var ports = start(home);
            if (ports == null) return CommandLine.ExitCode.SOFTWARE;
            play(home, ports);
            watch();
            return CommandLine.ExitCode.OK;
        } finally {
            end();
        }
    }

    private Path home() throws IOException {
        var named = folder;
        if (named == null) {
            var made = Files.createTempDirectory("chartbridge-demo-");
            open.push(() -> delete(made));
            return made;
        }
        if (Files.exists(named))
            throw new ParameterException(
                    spec.commandLine(), "--folder: " + named + " exists; name a new one");
        return Files.createDirectories(named).toAbsolutePath().normalize();
    }

    /** An engine that was ended while it started may still be at it. */
    private static void delete(Path made) throws IOException, InterruptedException {
        for (var tries = 1; ; tries++) {
            try {
                FileSystemUtils.deleteRecursively(made);
                return;
            } catch (IOException e) {
                if (tries == MOST_TRIES) throw e;
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        }
    }

    /** Null when the engine can't start; it has said why. */
    private SampleClinic.@Nullable Ports start(Path home) throws IOException {
        var free = free(5);
        var ports = new SampleClinic.Ports(free.get(0), free.get(1), free.get(2), free.get(3));
        var routes = Files.createDirectories(home.resolve("routes"));
        SampleClinic.write(routes, ports, true);
        say("Starting an engine of its own in " + home + " ...");
        // Ctrl-C may come before the engine can be closed as a whole.
        open.push(() -> EmbeddedServer.stopLeftOver(home.resolve("data")));
        try {
            var engine =
                    ChartbridgeApplication.start(
                            "--chartbridge.data=" + home.resolve("data"),
                            "--chartbridge.routes=" + routes,
                            "--server.address=127.0.0.1",
                            // Its folder may go only when it has ended, so it is ended from here.
                            "--spring.main.register-shutdown-hook=false",
                            "--server.port=" + (port == 0 ? free.get(4) : port));
            open.push(engine);
            return ports;
        } catch (RuntimeException said) {
            return null; // Spring and our analyzers have told why.
        }
    }

    private void play(Path home, SampleClinic.Ports ports) throws IOException {
        say("");
        begin(home, Role.LAB, ports.lab(), ports.engine());
        begin(home, Role.SPECIALIST, ports.specialist(), ports.engine());
        begin(home, Role.EMR, ports.emr(), ports.engine());
        say("");
        say("What to look at, at the console's address above, as admin:");
        say("  Messages    each message, its answer, and what became of it");
        say("  Patients    a chart: orders with their state, results, a correction, a referral");
        say("  Open orders what was sent and is not answered, worst first");
        say("  Deliveries  northlab/orders, hartclinic/referrals, emr/results");
        say("Partners lie in " + home.resolve("routes") + ": change them while it runs.");
        say("");
    }

    private void begin(Path home, Role role, int listens, int sendsTo) throws IOException {
        var script = script(role);
        var ledger = PartnerLedger.begin(home.resolve(role.word() + "-ledger.jsonl"));
        open.push(ledger);
        var partner =
                FakePartner.start(
                        script,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), listens),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), sendsTo),
                        null,
                        ledger,
                        line -> say("%-11s %s".formatted(role.word(), line)));
        open.push(partner);
        partners.put(role, partner);
        ledgers.put(role, ledger);
        say(
                "Playing a fake %-10s at 127.0.0.1:%d, seed %d"
                        .formatted(role.word(), listens, script.seed()));
    }

    private Script script(Role role) throws IOException {
        var name = role.word() + ".yaml";
        var script =
                ScriptFile.read(
                                role,
                                name,
                                ScriptFile.example(name),
                                fault -> say(fault.toString()))
                        .orElseThrow(() -> new IOException("a broken example: " + name));
        return seed == null ? script : script.withSeed(seed);
    }

    /** Until all is said and answered, and then until Ctrl-C. */
    private void watch() throws InterruptedException {
        var quiet = 0;
        while (!ended.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
            quiet = partners.values().stream().allMatch(one -> one.busy() == 0) ? quiet + 1 : 0;
            if (quiet != QUIET_POLLS) continue;
            tell();
            if (once) return;
            say("All is said. The pages stay until Ctrl-C.");
        }
    }

    private void tell() {
        say("");
        ledgers.forEach(
                (role, ledger) -> {
                    var states = new TreeMap<String, Integer>();
                    ledger.standings()
                            .values()
                            .forEach(standing -> states.merge(standing.state(), 1, Integer::sum));
                    var words = new ArrayList<String>();
                    states.forEach((state, count) -> words.add(count + " " + state));
                    say(
                            "In the eyes of the %s: %s"
                                    .formatted(role.word(), String.join(", ", words)));
                });
    }

    /** Partners first, then the engine, then its folder; each once. */
    private synchronized void end() {
        ended.countDown();
        while (!open.isEmpty()) {
            var one = open.pop();
            try {
                one.close();
            } catch (Exception e) {
                say("Not tidied up: " + e); // The rest can still be closed.
            }
        }
    }

    private static List<Integer> free(int count) throws IOException {
        var sockets = new ArrayList<ServerSocket>();
        var ports = new ArrayList<Integer>();
        try {
            for (var i = 0; i < count; i++) {
                var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                sockets.add(socket);
                ports.add(socket.getLocalPort());
            }
        } finally {
            for (var socket : sockets) socket.close();
        }
        return ports;
    }

    private void say(String text) {
        var out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
    }
}
