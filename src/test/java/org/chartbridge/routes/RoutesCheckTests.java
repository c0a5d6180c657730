package org.chartbridge.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.TestCertificates;
import org.chartbridge.partner.FileFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A folder in which everything is wrong, and the engine's own loader that says so. */
class RoutesCheckTests {
    @TempDir Path root = Path.of("set by JUnit");

    @Test
    void theFoldersOfTheProjectAreWell() {
        var found = RoutesCheck.of(Path.of("routes"), Map.of(), List.of());

        assertThat(found.faults()).isEmpty();
        assertThat(found.partners()).isGreaterThanOrEqualTo(3);
        assertThat(found.ports()).contains("127.0.0.1:2575", "127.0.0.1:2576");
    }

    @Test
    void webAddressesWantTrustThatIsSaidAndNoPlaintextBesideIt() throws Exception {
        partner("north", "sender: { application: NORTH }\nzone: UTC\n");
        write(
                "north/out.yaml",
                route(
                        "north-out",
                        "outbox:north/orders",
                        "to: { uri: \"https://n.example/hl7\" }"));
        partner("south", "sender: { application: SOUTH }\nzone: UTC\ntls: { trust: public }\n");
        write(
                "south/out.yaml",
                route("south-out", "outbox:south/orders", "to: { uri: \"http://s.example/hl7\" }"));

        assertThat(RoutesCheck.of(root, Map.of(), List.of()).faults())
                .extracting(FileFault::toString)
                .contains(
                        "north/out.yaml:4: https: needs to know whose certificates are trusted;"
                                + " give north/partner.yaml tls, with  trust: public  for the"
                                + " authorities that come with Java",
                        "south/out.yaml:4: http: goes without TLS, and south/partner.yaml has tls;"
                                + " write https:");
    }

    @Test
    void aFolderOfAnotherMachineIsEnteredWithOneLogin() throws Exception {
        for (var name : List.of("north", "south", "west")) {
            partner(
                    name,
                    "sender: { application: %s }\nzone: UTC\n".formatted(name)
                            + "login: { user: clinic, key: keys/%s, host-key: \"SHA256:%s\" }\n"
                                    .formatted(
                                            name.equals("south") ? "south" : "north",
                                            "A".repeat(43)));
            write(
                    name + "/in.yaml",
                    route(name + "-in", "sftp://files.example/out", "to: { uri: chart }"));
        }

        assertThat(RoutesCheck.of(root, Map.of(), List.of()).faults())
                .extracting(FileFault::toString)
                .singleElement()
                .asString()
                .startsWith("south/in.yaml:4: sftp://files.example/out is entered with another")
                .contains("route \"north-in\"")
                .endsWith("give both partners the same login, or each a folder of its own");
    }

    @Test
    void aRowThatAsksForANetworkOfALaboratoryWithoutOneIsTold() throws Exception {
        partner("north", "sender: { application: NORTH }\nzone: UTC\n");
        write("north/compendium.csv", "code\n2823-3\n");
        write(
                "north/out.yaml",
                route("north-out", "outbox:north/orders", "to: { uri: \"mllp:127.0.0.1:3011\" }"));
        partner("emr", "sender: { application: EMR }\nzone: UTC\n");
        write("emr/ordering.csv", "lab,network\nnorth,in\nnorth,\nnoth,in\n");

        assertThat(RoutesCheck.of(root, Map.of(), List.of()).faults())
                .extracting(FileFault::toString)
                .contains(
                        "emr/ordering.csv:2: network: north has no network.csv, so it is in"
                                + " nobody's; write north/network.csv with the line "
                                + " payer,plan,name, or leave network empty")
                .filteredOn(fault -> fault.startsWith("emr/ordering.csv"))
                .hasSize(2);
    }

    /** ⚠ What such a row was meant for goes by the next that fits: a STAT to a slow laboratory. */
    @Test
    void aRowThatNoOrderFitsIsToldAndTheOthersRun() throws Exception {
        partner("north", "sender: { application: NORTH }\nzone: UTC\n");
        write("north/compendium.csv", "code\n2823-3\n");
        write(
                "north/out.yaml",
                route("north-out", "outbox:north/orders", "to: { uri: \"mllp:127.0.0.1:3011\" }"));
        partner("emr", "sender: { application: EMR }\nzone: UTC\n");
        write(
                "emr/ordering.csv",
                """
                lab,test,priority
                north,,STATT
                north,282-3,
                north,2823-3,stat
                north,,X9
                nrth,,
                """);

        var found = RoutesCheck.of(root, Map.of(), List.of());

        assertThat(found.faults())
                .extracting(FileFault::toString)
                .filteredOn(fault -> fault.startsWith("emr/ordering.csv"))
                .containsExactly(
                        "emr/ordering.csv:2: priority: no order has \"STATT\"; did you mean"
                                + " \"STAT\"?",
                        "emr/ordering.csv:3: test: \"282-3\" is not in north/compendium.csv; did"
                                + " you mean \"2823-3\"?",
                        "emr/ordering.csv:6: \"nrth\" is no laboratory; did you mean \"north\"?");
        assertThat(found.partners()).isEqualTo(2);
    }

    @Test
    void everyFaultIsToldWithItsFileAndLine() throws Exception {
        partner("north", "sender: { application: NORTH }\nzone: UTC\n");
        write(
                "north/in.yaml",
                route("north-in", "mllp:127.0.0.1:3001", "to: { uri: \"deliver:emr/result\" }"));
        partner("south", "sendr: { application: SOUTH }\nzone: Mars/Olympus\n");
        write(
                "south/in.yaml",
                route("south-in", "mllp:127.0.0.1:${SOUTH_PORT}", "to: { uri: chart }"));
        partner("east", "sender: { application: EAST }\nzone: UTC\n");
        write("east/in.yaml", route("east-in", "mllp:0.0.0.0:3002", "to: { uri: chart }"));
        write("east/late.yaml", route("east-late", "mllp:127.0.0.1:3002", "wireTap: { uri: x }"));
        partner("west", "sender: { application: WEST }\nzone: UTC\n");
        write("west/in.yaml", route("west-in", "mllp:127.0.0.1:3002", "to: { uri: chart }"));
        partner("emr", "sender: { application: EMR }\nzone: UTC\n");
        write(
                "emr/results.yaml",
                route("emr-results", "outbox:emr/results", "to: { uri: \"mllp:127.0.0.1:3009\" }"));
        write("emr/results.edit.yaml", "- version: 2.3\n");
        write("ports.yaml", "- address: 127.0.0.1:3010\n  max-connections: 5\n");
        write("stray.yaml", "");

        var faults =
                RoutesCheck.of(root, Map.of(), List.of()).faults().stream()
                        .map(FileFault::toString)
                        .toList();

        assertThat(faults)
                .satisfiesExactly(
                        f ->
                                assertThat(f)
                                        .startsWith("east/in.yaml:4: 0.0.0.0:3002 can be reached"),
                        f ->
                                assertThat(f)
                                        .startsWith("east/late.yaml:6: step \"wireTap\"; it acts"),
                        f -> assertThat(f).startsWith("emr/results.edit.yaml: no step makes these"),
                        f -> assertThat(f).startsWith("emr/results.yaml:4: nothing delivers to"),
                        f ->
                                assertThat(f)
                                        .startsWith(
                                                "north/in.yaml:6: no outbox takes deliveries for"
                                                        + " \"emr/result\"; did you mean"
                                                        + " \"emr/results\"?"),
                        f ->
                                assertThat(f)
                                        .startsWith(
                                                "south/in.yaml:4: environment variable SOUTH_PORT"
                                                        + " is not set"),
                        f ->
                                assertThat(f)
                                        .startsWith(
                                                "south/partner.yaml:1: key \"sender\" is missing;"
                                                        + " add  sender: "),
                        f ->
                                assertThat(f)
                                        .startsWith(
                                                "south/partner.yaml:1: unknown key \"sendr\"; did"
                                                        + " you mean \"sender\"?"),
                        f -> assertThat(f).startsWith("south/partner.yaml:2: zone: no time zone"),
                        f ->
                                assertThat(f)
                                        .startsWith(
                                                "stray.yaml: a file outside a partner's folder"),
                        f ->
                                assertThat(f)
                                        .startsWith(
                                                "west/in.yaml:4: 127.0.0.1:3002 and 0.0.0.0:3002 of"
                                                        + " route \"east-in\""));
    }

    /** ⚠ That a folder could not be read is no fault of ports.yaml. */
    @ParameterizedTest
    @CsvSource({
        "mllp:127.0.0.1:3010, false", // Its password is missing.
        "'mllp:127.0.0.1:${NORTH_PORT}', false",
        "'mllp:${NORTH_ADDRESS}', false",
        "mllp:127.0.0.1:30100, true",
        "mllp:127.0.0.1:3001, true"
    })
    void aPortOfAFolderThatIsRefusedIsNotCalledUnused(String door, boolean told) throws Exception {
        partner(
                "north",
                """
                sender: { application: NORTH }
                zone: UTC
                login: { user: us, password: "${NORTH_PASSWORD}" }
                """);
        write("north/in.yaml", route("north-in", door, "to: { uri: chart }"));
        write("ports.yaml", "- address: 127.0.0.1:3010\n  max-connections: 5\n");

        var faults =
                RoutesCheck.of(root, Map.of(), List.of()).faults().stream()
                        .map(FileFault::toString)
                        .toList();

        assertThat(faults).anyMatch(one -> one.startsWith("north/"));
        assertThat(faults.stream().anyMatch(one -> one.startsWith("ports.yaml"))).isEqualTo(told);
    }

    @Test
    void certificatesAreReadWithoutOpeningTheirPort() throws Exception {
        partner("north", "sender: { application: NORTH }\nzone: UTC\n");
        try (var holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = "127.0.0.1:" + holder.getLocalPort();
            write("north/in.yaml", route("north-in", "mllp:" + address, "to: { uri: chart }"));
            write(
                    "ports.yaml",
                    "- address: "
                            + address
                            + "\n"
                            + "  tls:\n"
                            + "    certificate: ${PEM}/a.pem\n"
                            + "    key: ${PEM}/b.key\n"
                            + "    client-certificate: none\n");
            var authority = TestCertificates.authority("CN=CA");
            authority.signs("CN=a").write(root, "a");
            authority.signs("CN=b").write(root, "b");

            var found = RoutesCheck.of(root, Map.of("PEM", root.toString()), List.of());

            assertThat(found.faults())
                    .singleElement()
                    .asString()
                    .startsWith("ports.yaml:3: ")
                    .contains("b.key: is the key of another certificate");
        }
    }

    @Test
    void anOutboxThatARefusedFileDeliversToIsNotASecondFault() throws Exception {
        partner("north", "sender: { application: NORTH }\nzone: UTC\n");
        write(
                "north/in.yaml",
                route("north-in", "mllp:127.0.0.1:3001", "to: { uri: \"deliver:emr/results\" }")
                        + "        - toD: { uri: x }\n");
        partner("emr", "sender: { application: EMR }\nzone: UTC\n");
        write(
                "emr/results.yaml",
                route("emr-results", "outbox:emr/results", "to: { uri: \"mllp:127.0.0.1:3009\" }"));

        assertThat(RoutesCheck.of(root, Map.of(), List.of()).faults())
                .singleElement()
                .extracting(FileFault::where)
                .isEqualTo("north/in.yaml:7");
    }

    private void partner(String name, String text) throws IOException {
        write(name + "/partner.yaml", text);
    }

    private static String route(String id, String uri, String step) {
        return """
        - route:
            id: %s
            from:
              uri: %s
              steps:
                - %s
        """
                .formatted(id, uri, step);
    }

    private void write(String file, String text) throws IOException {
        var path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
