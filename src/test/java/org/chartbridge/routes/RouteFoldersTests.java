package org.chartbridge.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.chartbridge.routes.Sockets.exchange;
import static org.chartbridge.routes.Sockets.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.awaitility.Awaitility;
import org.chartbridge.delivery.Outboxes.Made;
import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.intake.Arrival;
import org.chartbridge.intake.Staged;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.RoutesOverview;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/** Folders on disk, real Camel, real sockets; only intake is played by {@link Received}. */
class RouteFoldersTests {
    @TempDir Path root = Path.of("set by JUnit");

    private final int port = Sockets.freePort();
    private final Received received = new Received();
    private final RunningRoutes runner = new RunningRoutes();
    private final Listeners listeners = new Listeners(received);
    private long waiting;
    private final OutboxRoutes outboxes = new OutboxRoutes(_ -> waiting);
    private final RouteFile.Environment environment =
            new RouteFile.Environment(Map.of(), List.of());

    private @Nullable RouteFolders started;

    @AfterEach
    void stop() {
        listeners.close();
        if (started != null) started.close();
    }

    @Test
    void twoPartnersShareAPort() throws Exception {
        partner("north", "{ application: LIS, facility: NORTH }", "");
        partner("south", "{ application: LIS, facility: SOUTH }", "");
        start();

        assertThat(exchange(port, message("LIS", "NORTH", "ORU^R01")))
                .isEqualTo("AA north north-in");
        assertThat(exchange(port, message("LIS^2.16.1^ISO", " SOUTH ", "ORU^R01")))
                .isEqualTo("AA south south-in");
        var first = received.arrivals.element();
        assertThat(first.partner().version()).hasSize(64);
        assertThat(first.peer()).startsWith("127.0.0.1:");
        assertThat(new String(first.raw(), US_ASCII)).isEqualTo(message("LIS", "NORTH", "ORU^R01"));
    }

    /** Each message of a batch is dispatched by its own MSH, in order; the answer is one frame. */
    @Test
    void theMessagesOfABatchGoToTheirOwnPartners() throws Exception {
        partner("north", "{ application: LIS, facility: NORTH }", "");
        partner("south", "{ application: LIS, facility: SOUTH }", "");
        start();

        var answer =
                exchange(
                        port,
                        "BHS|^~\\&|LIS|NORTH|CB|CLINIC|2026||||B1\r"
                                + message("LIS", "SOUTH", "ORU^R01")
                                + message("LIS", "NORTH", "ADT^A01")
                                + message("NOBODY", "X", "ORU^R01")
                                + "BTS|3\r");

        assertThat(answer)
                .startsWith("BHS|^~\\&|CB|CLINIC|LIS|NORTH|")
                .contains("|CB7|B1\rAA south south-inAA north north-inAR no partner on")
                .endsWith("BTS|3\r");
        assertThat(received.arrivals)
                .extracting(a -> new String(a.raw(), US_ASCII).length())
                .containsExactly(
                        message("LIS", "SOUTH", "ORU^R01").length() - 1,
                        message("LIS", "NORTH", "ADT^A01").length() - 1);
        assertThat(received.envelopes)
                .containsExactly("BHS|^~\\&|LIS|NORTH|CB|CLINIC|2026||||B1\rBTS|3\r");
    }

    @Test
    void aBatchOfWhichNothingCanBePromisedIsNotAnswered() throws Exception {
        partner("north", "{ application: LIS }", "");
        start();

        assertThat(
                        exchange(
                                port,
                                message("LIS", "NORTH", "ORU^R01")
                                        + message("LIS", "DOWN", "ORU^R01")
                                        + message("LIS", "NORTH", "ORU^R01")))
                .isEqualTo("closed");
        assertThat(received.arrivals).as("the third is not begun").hasSize(2);
    }

    @Test
    void anUnknownSenderIsRefusedByName() throws Exception {
        partner("north", "{ application: LIS, facility: NORTH }", "");
        start();

        assertThat(exchange(port, message("LIS", "north", "ORU^R01")))
                .isEqualTo(
                        "AR no partner on 127.0.0.1:"
                                + port
                                + " claims sender MSH-3 \"LIS\" MSH-4 \"north\"; add it to sender"
                                + " in a partner.yaml, or correct MSH-3 and MSH-4 at the sender");
    }

    @Test
    void whatAStrangerSendsComesBackShortAndHarmless() throws Exception {
        partner("north", "{ application: LIS, facility: NORTH }", "");
        start();

        assertThat(exchange(port, message("a\u001cb" + "x".repeat(100_000), "\u0001", "ORU^R01")))
                .hasSizeLessThan(300)
                .contains("claims sender MSH-3 \"a?bxxx");
    }

    @Test
    void anyTakesWhatNobodyElseClaims() throws Exception {
        partner("anyone", "any", "");
        partner("lis", "{ application: LIS }", "");
        partner("north", "{ application: LIS, facility: NORTH }", "");
        start();

        assertThat(exchange(port, message("LIS", "NORTH", "ORU^R01")))
                .isEqualTo("AA north north-in");
        assertThat(exchange(port, message("LIS", "EAST", "ORU^R01"))).isEqualTo("AA lis lis-in");
        assertThat(exchange(port, message("X", "NORTH", "ORU^R01")))
                .isEqualTo("AA anyone anyone-in");
        assertThat(exchange(port, message("", "", "ORU^R01"))).isEqualTo("AA anyone anyone-in");
    }

    @Test
    void aTypeThatAPartnerDoesNotTakeIsRefusedEvenBesideAny() throws Exception {
        partner("anyone", "any", "");
        partner("north", "{ application: LIS }", "?types=ORU,MDM");
        start();

        assertThat(exchange(port, message("LIS", "", "MDM^T02"))).isEqualTo("AA north north-in");
        assertThat(exchange(port, message("LIS", "", "ADT^A01")))
                .isEqualTo(
                        "AR MSH-9 north: partner north (sender MSH-3 \"LIS\" MSH-4 \"\") takes ORU,"
                                + " MDM on 127.0.0.1:"
                                + port
                                + ", not MSH-9 \"ADT\"; add it to types in north/in.yaml");
    }

    @Test
    void aRouteWithoutTypesTakesWhatTheOthersLeave() throws Exception {
        partner("north", "{ application: LIS }", "?types=ORU");
        write("north/rest.yaml", route("north-rest", port, "", "to: { uri: chart }"));
        start();

        assertThat(exchange(port, message("LIS", "", "ORU^R01"))).isEqualTo("AA north north-in");
        assertThat(exchange(port, message("LIS", "", "ADT^A01"))).isEqualTo("AA north north-rest");
    }

    @Test
    void whatHasNoHeaderIsRefused() throws Exception {
        partner("anyone", "any", "");
        start();

        assertThat(exchange(port, "PID|1\r")).startsWith("AR no readable MSH");
        assertThat(exchange(port, "")).startsWith("AR no readable MSH");
    }

    @Test
    void strayBytesAreKeptAndAnswerNobody() throws Exception {
        partner("anyone", "any", "");
        start();

        try (var socket = Sockets.connect(port)) {
            socket.getOutputStream().write("hello".getBytes(US_ASCII));
            assertThat(exchange(socket, message("A", "B", "ORU^R01")))
                    .isEqualTo("AA anyone anyone-in");
            socket.getOutputStream().write('\r');
            assertThat(exchange(socket, message("A", "B", "ORU^R01")))
                    .isEqualTo("AA anyone anyone-in");
        }
        try (var browser = Sockets.connect(port)) {
            browser.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(US_ASCII));
            assertThat(Sockets.answer(browser)).isEqualTo("closed");
        }

        Awaitility.await()
                .untilAsserted(
                        () ->
                                assertThat(received.strays)
                                        .containsExactly(
                                                "bytes outside a frame, 5 bytes",
                                                "an HTTP client on an MLLP port, 16 bytes"));
    }

    @Test
    void whenNothingCanBePromisedTheConnectionCloses() throws Exception {
        partner("anyone", "any", "");
        start();

        assertThat(exchange(port, message("DOWN", "", "ORU^R01"))).isEqualTo("closed");
        assertThat(exchange(port, message("A", "", "ORU^R01"))).isEqualTo("AA anyone anyone-in");
    }

    @Test
    void noAnswerLeavesTheConnectionOpen() throws Exception {
        partner("anyone", "any", "");
        start();

        try (var socket = Sockets.connect(port)) {
            Sockets.send(socket, message("QUIET", "", "ORU^R01"));
            assertThat(exchange(socket, message("A", "", "ORU^R01")))
                    .isEqualTo("AA anyone anyone-in");
        }
    }

    @Test
    void aBadFileIsRefusedAndTheRestRuns() throws Exception {
        partner("north", "{ application: NORTH }", "");
        write("north/orders.yaml", "- route:\n    id: x\n    fromm: {}\n");
        partner("south", "{ application: SOUTH }", "");
        write("east/partner.yaml", "sender: any\nzone: Mars\n");
        write("east/in.yaml", route("east-in", port, "", "to: { uri: chart }"));
        Files.createDirectory(root.resolve("west"));
        write("lonely.yaml", "");
        var folders = start();

        assertThat(exchange(port, message("NORTH", "", "ORU^R01"))).isEqualTo("AA north north-in");
        assertThat(exchange(port, message("SOUTH", "", "ORU^R01"))).isEqualTo("AA south south-in");
        assertThat(folders.partners())
                .extracting(p -> p.partner().folder())
                .containsExactly("north", "south");
        assertThat(folders.find("south", "south-in")).isPresent();
        assertThat(folders.find("south", "gone")).isEmpty();
        assertThat(folders.find("east", "east-in")).isEmpty();
        assertThat(folders.faults())
                .extracting(FileFault::where)
                .containsExactly(
                        "lonely.yaml",
                        "east/partner.yaml:2",
                        "north/orders.yaml:3",
                        "north/orders.yaml:2",
                        "west/partner.yaml");
    }

    @Test
    void whatCamelItselfRefusesIsAFaultOfThatFile() throws Exception {
        partner("north", "{ application: NORTH }", "");
        write("south/partner.yaml", "sender: { application: SOUTH }\nzone: UTC\n");
        write(
                "south/in.yaml",
                route(
                        "south-in",
                        port,
                        "",
                        "filter: { expression: { simple: { expression: \"${header.type} ==\" } },"
                                + " steps: [ { to: { uri: chart } } ] }"));
        var folders = start();

        assertThat(folders.faults())
                .singleElement()
                .asString()
                .startsWith("south/in.yaml:4: Camel refuses the route: ");
        assertThat(exchange(port, message("NORTH", "", "ORU^R01"))).isEqualTo("AA north north-in");
        assertThat(exchange(port, message("SOUTH", "", "ORU^R01"))).startsWith("AR no partner");
    }

    @Test
    void twoClaimsOnTheSameMessagesNameBothFiles() throws Exception {
        partner("north", "{ application: LIS }", "?types=ORU");
        partner("south", "[{ application: X }, { application: LIS }]", "?types=MDM,ORU");
        var folders = start();

        assertThat(folders.faults())
                .extracting(FileFault::toString)
                .containsExactly(
                        "south/in.yaml:4: route \"south-in\" and route \"north-in\""
                                + " (north/in.yaml:4) both claim ORU of MSH-3 \"LIS\" on 127.0.0.1:"
                                + port
                                + "; give one of them another sender, types or port");
        assertThat(exchange(port, message("LIS", "", "ORU^R01"))).isEqualTo("AA north north-in");
    }

    @Test
    void twoCatchAllsOnOnePortAreAmbiguous() throws Exception {
        partner("north", "any", "");
        partner("south", "any", "");
        var folders = start();

        assertThat(folders.faults())
                .singleElement()
                .asString()
                .contains("both claim every type of any sender on 127.0.0.1:" + port);
    }

    @Test
    void aRouteIdIsTakenOnce() throws Exception {
        partner("north", "{ application: NORTH }", "");
        write("south/partner.yaml", "sender: { application: SOUTH }\nzone: UTC\n");
        write("south/in.yaml", route("north-in", port, "", "to: { uri: chart }"));
        var folders = start();

        assertThat(folders.faults())
                .extracting(FileFault::toString)
                .containsExactly(
                        "south/in.yaml:4: route id \"north-in\" is taken by north/in.yaml:4; give"
                                + " each route its own id");
    }

    @Test
    void aClaimThatBecomesFreeIsTaken() throws Exception {
        partner("north", "any", "");
        partner("south", "any", "");
        var folders = start();

        deleteFolder("north");
        folders.refresh();

        assertThat(folders.faults()).isEmpty();
        assertThat(exchange(port, message("A", "", "ORU^R01"))).isEqualTo("AA south south-in");
    }

    @Test
    void filesThatSayNothingAreNotSilentlyIgnored() throws Exception {
        partner("north", "{ application: NORTH }", "");
        write("north/orders.edit.yaml", "");
        write("north/other.yml", "");
        write("north/README.md", "");
        var folders = start();

        assertThat(folders.faults())
                .extracting(FileFault::toString)
                .containsExactly(
                        "north/orders.edit.yaml: the file is empty; write it, or delete the file",
                        "north/other.yml: a file that is not read; name it .yaml");
    }

    @Test
    void aBrokenTableOfCodesIsRefusedWithItsLine() throws Exception {
        partner("north", "{ application: NORTH }", "");
        write("north/codes.csv", "code,loinc\nNA,2951-3\n");
        var folders = start();

        assertThat(folders.faults())
                .extracting(FileFault::toString)
                .singleElement()
                .asString()
                .startsWith("north/codes.csv:2: column 2: the check digit of 2951-3 is wrong");
        assertThat(folders.partners()).isEmpty();
    }

    @Test
    void foldersBeyondTheLimitAreLeftOut() throws Exception {
        for (var i = 0; i <= RoutesRoot.MAX_PARTNERS; i++) {
            Files.createDirectory(root.resolve("p%04d".formatted(i)));
        }
        write("p1000/partner.yaml", "sender: any\nzone: UTC\n");
        var folders = start();

        assertThat(folders.partners()).isEmpty();
        assertThat(folders.faults().getFirst().toString())
                .isEqualTo(
                        "p1000: 1001 partners; wanted at most 1000; this folder and later ones are"
                                + " left out");
    }

    @Test
    void aRoutesFolderThatIsMissingSaysWhatToDo() {
        var folders =
                new RouteFolders(
                        root.resolve("gone"),
                        environment,
                        new CamelSteps(),
                        runner,
                        listeners,
                        outboxes);
        started = folders;
        folders.load();

        assertThat(folders.faults())
                .singleElement()
                .asString()
                .contains("can't be read")
                .contains("chartbridge.routes");
    }

    @Test
    void aPortInUseNamesItsHolderAndFreesItself() throws Exception {
        partner("north", "{ application: NORTH }", "");
        var other = Sockets.freePort();
        write("south/partner.yaml", "sender: { application: SOUTH }\nzone: UTC\n");
        write("south/in.yaml", route("south-in", other, "", "to: { uri: chart }"));
        RouteFolders folders;
        try (var holder = new ServerSocket(other, 1, InetAddress.getLoopbackAddress())) {
            assertThat(holder.isBound()).isTrue();
            folders = start();

            assertThat(folders.faults())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "south/in.yaml:4: cannot listen on 127.0.0.1:"
                                    + other
                                    + ": in use by process "
                                    + ProcessHandle.current().pid());
            assertThat(folders.ports())
                    .filteredOn(p -> !p.open())
                    .extracting(RoutesOverview.Port::listener)
                    .containsExactly("127.0.0.1:" + other);
            assertThat(exchange(port, message("NORTH", "", "ORU^R01")))
                    .isEqualTo("AA north north-in");
        }

        folders.refresh();

        assertThat(folders.faults()).isEmpty();
        assertThat(exchange(other, message("SOUTH", "", "ORU^R01"))).isEqualTo("AA south south-in");
    }

    @Test
    void aNewFolderStartsWhileOthersAreBusy() throws Exception {
        partner("north", "{ application: NORTH }", "");
        var folders = start();
        try (var watch = new FolderWatch(folders, Duration.ofMillis(50));
                var busy = Sockets.connect(port)) {
            watch.start();

            partner("south", "{ application: SOUTH }", "");

            Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .until(
                            () -> {
                                assertThat(exchange(busy, message("NORTH", "", "ORU^R01")))
                                        .isEqualTo("AA north north-in");
                                return exchange(port, message("SOUTH", "", "ORU^R01"))
                                        .equals("AA south south-in");
                            });
            assertThat(exchange(busy, message("NORTH", "", "ORU^R01")))
                    .isEqualTo("AA north north-in");
        }
    }

    @Test
    void aFileThatIsBeingWrittenIsLeftAlone() throws Exception {
        var folders = start();

        partner("north", "{ application: NORTH }", "");
        folders.refresh();
        assertThat(folders.partners()).isEmpty();
        write("north/partner.yaml", "sender: { application: NORTH }\nzone: UTC\nname: Nor");
        folders.refresh();
        assertThat(folders.partners()).isEmpty();
        folders.refresh();

        assertThat(folders.partners())
                .singleElement()
                .extracting(p -> p.partner().title())
                .isEqualTo("Nor");
    }

    @Test
    void aFolderThatWasMendedStarts() throws Exception {
        partner("north", "{ application: NORTH }", "");
        write("north/partner.yaml", "sendr: any\n");
        var folders = start();
        assertThat(folders.partners()).isEmpty();

        write("north/partner.yaml", "sender: any\nzone: UTC\n");
        twice(folders);

        assertThat(folders.faults()).isEmpty();
        assertThat(exchange(port, message("A", "", "ORU^R01"))).isEqualTo("AA north north-in");
    }

    @Test
    void aChangeGoesLiveWithoutClosingAConnection() throws Exception {
        partner("north", "{ application: OLD }", "");
        var folders = start();
        try (var socket = Sockets.connect(port)) {
            assertThat(exchange(socket, message("OLD", "", "ORU^R01")))
                    .isEqualTo("AA north north-in");

            partner("north", "{ application: NEW }", "");
            twice(folders);

            assertThat(exchange(socket, message("NEW", "", "ORU^R01")))
                    .isEqualTo("AA north north-in");
            assertThat(exchange(socket, message("OLD", "", "ORU^R01"))).startsWith("AR no partner");
        }
    }

    @Test
    void aBadChangeLeavesRunningWhatRan() throws Exception {
        partner("north", "{ application: NORTH }", "");
        var folders = start();
        var before = folders.partners().getFirst().partner().version();

        write("north/in.yaml", "- route:\n");
        twice(folders);

        assertThat(folders.faults()).isNotEmpty();
        assertThat(exchange(port, message("NORTH", "", "ORU^R01"))).isEqualTo("AA north north-in");
        assertThat(folders.partners().getFirst().partner().version()).isEqualTo(before);
    }

    @Test
    void theLastRouteOfAPortClosesIt() throws Exception {
        partner("north", "{ application: NORTH }", "");
        var folders = start();

        deleteFolder("north");
        folders.refresh();

        assertThat(folders.ports()).isEmpty();
        assertThatThrownBy(() -> Sockets.connect(port)).isInstanceOf(ConnectException.class);
    }

    @Test
    void stepsStageTheChartAndNothingElse() throws Exception {
        partner("north", "{ application: NORTH }", "");
        write(
                "north/in.yaml",
                route(
                        "north-in",
                        port,
                        "",
                        "choice: { when: [ { expression: { simple: { expression:"
                            + " \"${header.trigger} == 'R01'\" } }, steps: [ { multicast: { steps:"
                            + " [ { to: { uri: chart } } ] } } ] } ], otherwise: { steps: [ { log:"
                            + " { message: \"not for us: ${header.type}\" } } ] } }"));
        var folders = start();
        var partner = folders.partners().getFirst().partner();

        assertThat(runner.run(arrival(partner, "north-in", message("NORTH", "", "ORU^R01"))))
                .isEqualTo(new Staged.Work(true));
        assertThat(runner.run(arrival(partner, "north-in", message("NORTH", "", "ORU^R32"))))
                .isEqualTo(new Staged.Work(false));
    }

    @Test
    void deliverStagesTheBodyForADestinationThatExistsInAnyFolder() throws Exception {
        partner("aaa", "{ application: AAA }", "");
        write("aaa/in.yaml", route("aaa-in", port, "", "to: { uri: \"deliver:zzz/orders\" }"));
        partner("zzz", "{ application: ZZZ }", "");
        write("zzz/orders.yaml", outbox("zzz-orders", "zzz/orders", "mllp:127.0.0.1:9999"));

        var folders = start();

        assertThat(folders.faults()).isEmpty();
        var partner = folders.partners().getFirst().partner();
        assertThat(runner.run(arrival(partner, "aaa-in", message("AAA", "", "ORU^R01"))))
                .isEqualTo(new Staged.Work(false, List.of(new StagedDelivery("zzz/orders", null))));
        assertThat(outboxes.destinations()).containsExactly("zzz/orders");
        assertThat(outboxes.find("zzz/orders").orElseThrow().make(new byte[] {1}, "aaa"))
                .isInstanceOfSatisfying(
                        Made.Ready.class,
                        made -> {
                            assertThat(made.endpoint()).hasToString("mllp:127.0.0.1:9999");
                            assertThat(made.content()).containsExactly(1);
                        });
    }

    @Test
    void aDestinationThatNobodyTakesIsRefusedWithLineAndTheNearestName() throws Exception {
        partner("north", "{ application: NORTH }", "");
        write("north/in.yaml", route("north-in", port, "", "to: { uri: \"deliver:emr/result\" }"));
        partner("emr", "{ application: EMR }", "");
        write("emr/results.yaml", outbox("emr-results", "emr/results", "mllp:127.0.0.1:9999"));

        var folders = start();

        assertThat(folders.faults())
                .extracting(FileFault::toString)
                .containsExactly(
                        "north/in.yaml:6: no outbox takes deliveries for \"emr/result\"; did you"
                                + " mean \"emr/results\"?");
    }

    @Test
    void aDestinationCannotDisappearWhileDeliveriesWaitForIt() throws Exception {
        partner("emr", "{ application: EMR }", "");
        write("emr/results.yaml", outbox("emr-results", "emr/results", "mllp:127.0.0.1:9999"));
        var folders = start();

        waiting = 3;
        write("emr/results.yaml", outbox("emr-results", "emr/other", "mllp:127.0.0.1:9999"));
        twice(folders);

        assertThat(outboxes.destinations()).containsExactly("emr/results");
        assertThat(folders.faults())
                .extracting(FileFault::what)
                .containsExactly("outbox:emr/results is gone, and 3 deliveries wait for it");

        waiting = 0;
        folders.refresh();
        write("emr/partner.yaml", "sender: { application: EMR }\nzone: UTC\nname: again\n");
        twice(folders);
        assertThat(outboxes.destinations()).containsExactly("emr/other");
    }

    @Test
    void aFolderCannotDisappearWhileDeliveriesWaitForIt() throws Exception {
        partner("emr", "{ application: EMR }", "");
        var outbox = outbox("emr-results", "emr/results", "mllp:127.0.0.1:9999");
        write("emr/results.yaml", outbox);
        var folders = start();

        waiting = 1;
        deleteFolder("emr");
        folders.refresh();
        folders.refresh();

        assertThat(outboxes.destinations()).containsExactly("emr/results");
        assertThat(exchange(port, message("EMR", "", "ORU^R01"))).isEqualTo("AA emr emr-in");
        assertThat(folders.faults())
                .extracting(FileFault::toString)
                .containsExactly(
                        "emr/results.yaml: outbox:emr/results is gone, and 1 delivery waits for"
                                + " it; restore the folder, or skip what waits (Deliveries in the"
                                + " console)");

        waiting = 0;
        folders.refresh();

        assertThat(outboxes.destinations()).isEmpty();
        assertThat(folders.faults()).isEmpty();
        assertThat(folders.partners()).isEmpty();
    }

    @Test
    void aFolderThatComesBackWhileDeliveriesWaitIsReadAnew() throws Exception {
        partner("emr", "{ application: EMR }", "");
        write("emr/results.yaml", outbox("emr-results", "emr/results", "mllp:127.0.0.1:9999"));
        var folders = start();
        waiting = 1;
        deleteFolder("emr");
        folders.refresh();
        folders.refresh();

        partner("emr", "{ application: EMR }", "");
        write("emr/results.yaml", outbox("emr-results", "emr/results", "mllp:127.0.0.1:9998"));
        folders.refresh();
        folders.refresh();

        assertThat(folders.faults()).isEmpty();
        assertThat(outboxes.destinations()).containsExactly("emr/results");
        assertThat(exchange(port, message("EMR", "", "ORU^R01"))).isEqualTo("AA emr emr-in");
    }

    @Test
    void twoOutboxesForOneDestinationAreRefused() throws Exception {
        partner("emr", "{ application: EMR }", "");
        write("emr/a.yaml", outbox("emr-a", "emr/results", "mllp:127.0.0.1:9999"));
        write("emr/b.yaml", outbox("emr-b", "emr/results", "mllp:127.0.0.1:9998"));

        var folders = start();

        assertThat(folders.faults())
                .extracting(FileFault::toString)
                .containsExactly(
                        "emr/b.yaml:4: emr/results is taken by route \"emr-a\" (emr/a.yaml:4); one"
                                + " route takes all deliveries of a destination");
    }

    @Test
    void anOutboxThatReachesNoSendingStepSaysSo() throws Exception {
        partner("emr", "{ application: EMR }", "");
        write(
                "emr/results.yaml",
                """
                - route:
                    id: emr-results
                    from:
                      uri: outbox:emr/results
                      steps:
                        - filter:
                            expression: { simple: { expression: "${header.type} == 'ADT'" } }
                            steps:
                              - to: { uri: "mllp:127.0.0.1:9999" }
                """);
        start();

        assertThat(
                        outboxes.find("emr/results")
                                .orElseThrow()
                                .make(message("A", "", "ORU^R01").getBytes(US_ASCII), "a"))
                .isEqualTo(
                        new Made.Failed(
                                "route \"emr-results\" (emr/results.yaml:4) reached 0 sending"
                                        + " steps; wanted exactly one for each delivery"));
    }

    /** HL7 v2.5.1 §2.14.9.18: without MSH-18 the sender's agreement holds, not the receiver's. */
    @Test
    void anEditBehindAnOutboxReadsABodyWithoutMsh18AsItsSenderMeantIt() throws Exception {
        write("aaa/partner.yaml", "sender: { application: AAA }\nzone: UTC\ncharset: ISO-8859-1\n");
        write("aaa/in.yaml", route("aaa-in", port, "", "to: { uri: \"deliver:zzz/orders\" }"));
        write("zzz/partner.yaml", "sender: { application: ZZZ }\nzone: UTC\ncharset: UTF-8\n");
        write("zzz/charset.edit.yaml", "- charset: UNICODE UTF-8\n");
        write(
                "zzz/orders.yaml",
                """
                - route:
                    id: zzz-orders
                    from:
                      uri: outbox:zzz/orders
                      steps:
                        - to: { uri: "edit:charset.edit.yaml" }
                        - to: { uri: "mllp:127.0.0.1:9999" }
                """);
        var folders = start();
        var body =
                (message("AAA", "", "ADT^A08") + "PID|1||7^^^A^MR||MÜLLER\r").getBytes(ISO_8859_1);

        var made = (Made.Ready) outboxes.find("zzz/orders").orElseThrow().make(body, "aaa");

        assertThat(folders.faults()).isEmpty();
        assertThat(new String(made.content(), UTF_8)).contains("||MÜLLER\r");
    }

    private static String outbox(String id, String destination, String target) {
        return """
        - route:
            id: %s
            from:
              uri: outbox:%s
              steps:
                - to: { uri: "%s" }
        """
                .formatted(id, destination, target);
    }

    @Test
    void aStepThatFailsIsNamedWithoutContent() throws Exception {
        partner("north", "{ application: NORTH }", "");
        write(
                "north/in.yaml",
                route(
                        "north-in",
                        port,
                        "",
                        "to: { uri: chart }\n"
                            + "        - multicast: { steps: [ { filter: { id: bigOnes, expression:"
                            + " { simple: { expression: \"${header.type} range 'x'\" } }, steps: ["
                            + " { stop: {} } ] } }, { to: { uri: chart } } ] }"));
        var folders = start();
        var partner = folders.partners().getFirst().partner();

        assertThat(runner.run(arrival(partner, "north-in", message("NORTH", "", "ORU^R01"))))
                .isEqualTo(
                        new Staged.Failed(
                                "north/in.yaml: bigOnes",
                                "SimpleIllegalSyntaxException; correct the step"));
    }

    @Test
    void aRouteThatIsGoneFailsItsWaitingMessages() throws Exception {
        partner("north", "{ application: NORTH }", "");
        var folders = start();
        var partner = folders.partners().getFirst().partner();
        deleteFolder("north");
        folders.refresh();

        assertThat(runner.run(arrival(partner, "north-in", message("NORTH", "", "ORU^R01"))))
                .isEqualTo(
                        new Staged.Failed(
                                "north: north-in",
                                "the route does not run; restore it in routes/north"));
    }

    @Test
    void messagesRunThroughWhileTheirRouteIsExchanged() throws Exception {
        partner("north", "{ application: NORTH }", "");
        var folders = start();
        var partner = folders.partners().getFirst().partner();
        var stop = new AtomicBoolean();
        try (var threads = Executors.newFixedThreadPool(2)) {
            var one = threads.submit(() -> runUntil(stop, partner));
            var other = threads.submit(() -> runUntil(stop, partner));

            for (var i = 0; i < 5; i++) {
                write("north/note" + i + ".txt", "a new version");
                twice(folders);
            }
            stop.set(true);

            assertThat(one.get()).isPositive();
            assertThat(other.get()).isPositive();
        }
        assertThat(versionOf(folders, "north")).isNotEqualTo(partner.version());
    }

    /** How often a message went through, by the newest version each time. */
    private int runUntil(AtomicBoolean stop, Partner first) {
        var partner = first;
        for (var runs = 0; ; ) {
            var arrival = arrival(partner, "north-in", message("NORTH", "", "ORU^R01"));
            switch (runner.run(arrival)) {
                case Staged.Work(var chart, _, _) when chart -> runs++;
                case Staged.Superseded(var newest) -> partner = newest;
                case Staged other -> throw new AssertionError(other.toString());
            }
            if (stop.get()) return runs;
        }
    }

    @Test
    void whatCameBeforeAChangeIsReadByTheNewVersion() throws Exception {
        partner("north", "{ application: NORTH }", "");
        var folders = start();
        var before = folders.partners().getFirst().partner();
        write("north/note.txt", "a new version");
        twice(folders);
        var now = folders.partners().getFirst().partner();

        assertThat(runner.run(arrival(before, "north-in", message("NORTH", "", "ORU^R01"))))
                .isEqualTo(new Staged.Superseded(now));
        assertThat(runner.run(arrival(now, "north-in", message("NORTH", "", "ORU^R01"))))
                .isEqualTo(new Staged.Work(true));
    }

    @Test
    void theSamplesOfTheProjectLoad() throws Exception {
        for (var sample : List.of("northlab", "anyone", "emr")) {
            Files.createDirectories(root.resolve(sample));
            for (var file : FolderFiles.list(Path.of("routes", sample))) {
                var text = Files.readString(file);
                assertThat(text).startsWith("# ").containsIgnoringCase("call");
                Files.writeString(
                        root.resolve(sample).resolve(String.valueOf(file.getFileName())),
                        text.replace("2575", "" + port).replace("2576", "" + Sockets.freePort()));
            }
        }
        var folders = start();

        assertThat(folders.faults()).isEmpty();
        assertThat(exchange(port, message("LIS", "NORTHLAB", "ORU^R01")))
                .isEqualTo("AA northlab northlab-results");
        assertThat(exchange(port, message("X", "Y", "ADT^A01")))
                .isEqualTo("AA anyone anyone-messages");
    }

    @Test
    void aRouteFileThatIsDeletedEndsItsRouteAndNoOther() throws Exception {
        partner("north", "{ application: NORTH }", "?types=ORU");
        write("north/rest.yaml", route("north-rest", port, "", "to: { uri: chart }"));
        var folders = start();
        try (var socket = Sockets.connect(port)) {
            assertThat(exchange(socket, message("NORTH", "", "ADT^A01")))
                    .isEqualTo("AA north north-rest");

            Files.delete(root.resolve("north/rest.yaml"));
            twice(folders);

            assertThat(exchange(socket, message("NORTH", "", "ADT^A01")))
                    .startsWith("AR MSH-9 north: ");
            assertThat(exchange(socket, message("NORTH", "", "ORU^R01")))
                    .isEqualTo("AA north north-in");
        }
        assertThat(folders.faults()).isEmpty();
    }

    @Test
    void aRoutesFolderThatIsAwayForAWhileEndsNobody() throws Exception {
        partner("north", "{ application: NORTH }", "");
        var folders = start();
        var elsewhere = root.resolveSibling(root.getFileName() + "-away");

        Files.move(root, elsewhere);
        twice(folders);
        twice(folders);

        assertThat(folders.faults())
                .extracting(FileFault::toString)
                .anyMatch(fault -> fault.contains("the routes folder can't be read"));
        assertThat(exchange(port, message("NORTH", "", "ORU^R01"))).isEqualTo("AA north north-in");

        Files.move(elsewhere, root);
        twice(folders);
        assertThat(folders.faults()).isEmpty();
        assertThat(exchange(port, message("NORTH", "", "ORU^R01"))).isEqualTo("AA north north-in");
    }

    @Test
    void aPartnerFileThatIsDeletedLeavesRunningWhatRan() throws Exception {
        partner("north", "{ application: NORTH }", "");
        var folders = start();
        var before = versionOf(folders, "north");

        Files.delete(root.resolve("north/partner.yaml"));
        twice(folders);

        assertThat(folders.faults())
                .singleElement()
                .asString()
                .startsWith("north/partner.yaml: the file is missing");
        assertThat(exchange(port, message("NORTH", "", "ORU^R01"))).isEqualTo("AA north north-in");
        assertThat(received.arrivals.element().partner().version()).isEqualTo(before);
    }

    @Test
    void aFileCutAnywhereEitherLoadsOrIsRefusedWithItsLine() throws Exception {
        partner("north", "{ application: NORTH }", "");
        var whole = Files.readString(root.resolve("north/in.yaml"));
        var folders = start();

        for (var cut = 0; cut < whole.length(); cut += 7) {
            write("north/in.yaml", whole.substring(0, cut));
            twice(folders);

            var at = cut;
            assertThat(folders.faults())
                    .describedAs("cut at %d", at)
                    .allSatisfy(fault -> assertThat(fault.file()).isEqualTo("north/in.yaml"))
                    .isNotEmpty();
            assertThat(exchange(port, message("NORTH", "", "ORU^R01")))
                    .isEqualTo("AA north north-in");
        }
        write("north/in.yaml", whole);
        twice(folders);
        assertThat(folders.faults()).isEmpty();
    }

    /** A change is taken when it looked the same twice. */
    private static void twice(RouteFolders folders) {
        folders.refresh();
        folders.refresh();
    }

    private static String versionOf(RouteFolders folders, String name) {
        return folders.partners().stream()
                .filter(p -> p.partner().folder().equals(name))
                .map(p -> p.partner().version())
                .findFirst()
                .orElseThrow();
    }

    private RouteFolders start() {
        var folders =
                new RouteFolders(root, environment, new CamelSteps(), runner, listeners, outboxes);
        started = folders;
        folders.load();
        listeners.open();
        return folders;
    }

    private static Arrival arrival(Partner partner, String route, String message) {
        return new Arrival(
                partner, route, "127.0.0.1:1", Instant.EPOCH, RouteFileTests.bytes(message));
    }

    private void partner(String name, String sender, String options) throws IOException {
        write(name + "/partner.yaml", "sender: " + sender + "\nzone: UTC\n");
        write(name + "/in.yaml", route(name + "-in", port, options, "to: { uri: chart }"));
    }

    private static String route(String id, int port, String options, String step) {
        return """
        - route:
            id: %s
            from:
              uri: mllp:127.0.0.1:%d%s
              steps:
                - %s
        """
                .formatted(id, port, options, step);
    }

    private void write(String file, String text) throws IOException {
        var path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void deleteFolder(String name) throws IOException {
        for (var file : FolderFiles.list(root.resolve(name))) Files.delete(file);
        Files.delete(root.resolve(name));
    }
}
