package org.chartbridge.routes;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import org.chartbridge.mllp.Limits;
import org.chartbridge.mllp.Tls;
import org.chartbridge.mllp.TlsFiles;
import org.chartbridge.partner.FileFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class PortsFileTests {
    private final List<FileFault> faults = new ArrayList<>();

    @Test
    void everyKeyIsRead() {
        var ports =
                read("""
                # Northlab calls from its own network.
                - address: 0.0.0.0:${PORT}
                  max-frame-bytes: 33554432
                  max-connections: 100
                  max-connections-per-peer: 10
                  frame-timeout: 30s
                  idle-timeout: 12h
                  tls:
                    certificate: ${PEM}/chain.pem
                    key: /keys/key.pem
                    trust: labs.pem
                    client-certificate: optional
                - address: "[::1]:2576"
                  allow-plaintext: true
                  idle-timeout: never
                """)
                        .orElseThrow();

        var first = requireNonNull(ports.get(requireNonNull(Address.parse("0.0.0.0:2575"))));
        assertThat(first.limits())
                .isEqualTo(
                        Limits.defaults()
                                .withMaxFrameBytes(33_554_432)
                                .withConnections(100, 10)
                                .withFrameTimeout(Duration.ofSeconds(30))
                                .withIdleTimeout(Duration.ofHours(12)));
        var tls = requireNonNull(first.tls());
        assertThat(tls.ask()).isEqualTo(Tls.Ask.OPTIONAL);
        assertThat(tls.files())
                .isEqualTo(
                        new TlsFiles(
                                Path.of("/pem/chain.pem"),
                                Path.of("/keys/key.pem"),
                                Path.of("/routes/labs.pem")));
        assertThat(first.allowPlaintext()).isFalse();
        var second = requireNonNull(ports.get(requireNonNull(Address.parse("[::1]:2576"))));
        assertThat(second.allowPlaintext()).isTrue();
        assertThat(second.tls()).isNull();
    }

    @Test
    void withTlsACertificateIsWantedUnlessTheFileSaysOtherwise() {
        var ports =
                read("""
                - address: 127.0.0.1:2575
                  tls: { certificate: a, key: b, trust: c }
                - address: 127.0.0.1:2576
                  tls: { certificate: a, key: b, client-certificate: none }
                """)
                        .orElseThrow();

        assertThat(ports.values())
                .extracting(PortSettings::asksForCertificates)
                .containsExactlyInAnyOrder(true, false);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "- adress: 127.0.0.1:1 ! 1: unknown key \"adress\"; did you mean \"address\"?",
                "address: 127.0.0.1:1 ! 1: wanted a list of at most 1000 ports, got a block of",
                "- address: lab.example:1 ! 1: address: \"lab.example:1\" is no address and port",
                "- address: 127.0.0.1:99999 ! 1: address: \"127.0.0.1:99999\" is no address and",
                "- address: ${NOT_SET}:1 ! 1: environment variable NOT_SET is not set; set it",
                "- { address: '127.0.0.1:1', allow-plaintext: yes } ! 1: allow-plaintext: wanted"
                        + " false or true, got \"yes\"",
                "- { address: '127.0.0.1:1', max-connections: 0 } ! 1: max-connections: wanted 1"
                        + " to 100000, got \"0\"; write  max-connections: 100",
                "- { address: '127.0.0.1:1', max-connections: many } ! 1: max-connections: wanted"
                        + " 1",
                "- { address: '127.0.0.1:1', frame-timeout: 60 } ! 1: frame-timeout: wanted a time"
                        + " of at most 30 days, got \"60\"; write  frame-timeout: 30s",
                "- { address: '127.0.0.1:1', frame-timeout: never } ! 1: frame-timeout: wanted a",
                "- { address: '127.0.0.1:1', tls: true } ! 1: tls: wanted keys, got \"true\"",
                "- { address: '127.0.0.1:1', tls: { key: b, trust: c } } ! 1: key \"certificate\""
                        + " is missing; add  certificate: /etc/chartbridge/chain.pem",
                "- { address: '127.0.0.1:1', tls: { certificate: a, key: b } } ! 1: key \"trust\""
                        + " is missing",
                "- { address: '127.0.0.1:1', tls: { certificate: a, key: b, trust: c, trusts: d } }"
                        + " ! 1: unknown key \"trusts\"; did you mean \"trust\"?",
                "- { address: '127.0.0.1:1', tls: { certificate: a, key: b, trust: c,"
                    + " client-certificate: require } } ! 1: client-certificate: wanted required or"
                    + " optional or none, got \"require\"; did you mean \"required\"?"
            })
    void aFaultIsToldWithItsLineAndRemedy(String text, String expected) {
        assertThat(read(text + "\n")).isEmpty();
        assertThat(faults)
                .extracting(FileFault::toString)
                .anySatisfy(fault -> assertThat(fault).startsWith("ports.yaml:" + expected));
    }

    @Test
    void aPortStandsOnce() {
        assertThat(read("- address: 127.0.0.1:1\n- address: localhost:1\n")).isEmpty();
        assertThat(faults)
                .singleElement()
                .hasToString("ports.yaml:2: 127.0.0.1:1 stands twice, first in line 1; keep one");
    }

    @Test
    void theHelpPageShowsTheTableOfKeys() throws Exception {
        assertThat(Files.readString(Path.of("src/docs/ports.md"))).contains(PortKey.markdown());
    }

    private Optional<Map<Address, PortSettings>> read(String text) {
        return PortsFile.read(
                text.getBytes(UTF_8),
                Path.of("/routes"),
                Map.of("PORT", "2575", "PEM", "/pem"),
                faults::add);
    }
}
