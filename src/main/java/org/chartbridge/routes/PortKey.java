package org.chartbridge.routes;

import java.util.Arrays;
import java.util.List;

/** The keys of {@code ports.yaml}: what each is for, and the table that the help page shows. */
public enum PortKey {
    ADDRESS(
            "address",
            "address:port, as routes say it",
            "must be given",
            "address: 0.0.0.0:2575",
            "Which port the keys beside it are about. Routes open ports; what stands here only says"
                    + " how one is opened."),
    ALLOW_PLAINTEXT(
            "allow-plaintext",
            "`true` or `false`",
            "`false`",
            "allow-plaintext: true",
            "Whether other machines may call this port without TLS: everybody between can read and"
                    + " change what is sent. For lines that something else protects, such as a"
                    + " VPN."),
    MAX_FRAME_BYTES(
            "max-frame-bytes",
            "bytes, 1,000 to 1,000,000,000",
            "`16777216`",
            "max-frame-bytes: 33554432",
            "The largest message. A larger one is cut, and its sender gets no answer."),
    MAX_CONNECTIONS(
            "max-connections",
            "1 to 100,000",
            "`4000`",
            "max-connections: 100",
            "How many connections may be open. Further calls are closed at once."),
    MAX_CONNECTIONS_PER_PEER(
            "max-connections-per-peer",
            "1 to 100,000",
            "`2000`",
            "max-connections-per-peer: 10",
            "How many of them may come from one address."),
    FRAME_TIMEOUT(
            "frame-timeout",
            "a time: `60s`, `5m`",
            "`60s`",
            "frame-timeout: 30s",
            "In each such time a message that has begun must end or grow by 1,024 bytes, or its"
                    + " connection is closed."),
    IDLE_TIMEOUT(
            "idle-timeout",
            "a time, or `never`",
            "`never`",
            "idle-timeout: 12h",
            "A connection without a byte for so long is closed."),
    TLS(
            "tls",
            "the keys below",
            "none: no TLS",
            "tls: { certificate: \"${TLS}/chain.pem\", key: \"${TLS}/key.pem\", trust:"
                    + " \"${TLS}/labs.pem\" }",
            "TLS 1.3 or 1.2 is spoken, and nothing else."),
    TLS_CERTIFICATE(
            "tls.certificate",
            "PEM file",
            "must be given",
            "certificate: /etc/chartbridge/chain.pem",
            "The engine's own certificate, then those of the authorities up to the root."),
    TLS_KEY(
            "tls.key",
            "PEM file",
            "must be given",
            "key: ${CHARTBRIDGE_TLS}/key.pem",
            "Its key: PKCS #8 without a password, readable by the engine's user only."),
    TLS_TRUST(
            "tls.trust",
            "PEM file",
            "must be given, unless `client-certificate: none`",
            "trust: /etc/chartbridge/labs.pem",
            "The authorities, or single certificates, that a caller's certificate must come from."),
    TLS_CLIENT_CERTIFICATE(
            "tls.client-certificate",
            "`required`, `optional` or `none`",
            "`required`",
            "client-certificate: none",
            "Whether callers must show a certificate. Which partner it belongs to says"
                    + " `certificate` in `partner.yaml`.");

    private static final String NESTED = "tls.";

    private final String key;
    private final String type;
    private final String standard;
    private final String example;
    private final String meaning;

    PortKey(String key, String type, String standard, String example, String meaning) {
        this.key = key;
        this.type = type;
        this.standard = standard;
        this.example = example;
        this.meaning = meaning;
    }

    /** As it is written in the file, without the key that it stands below. */
    String key() {
        return key.startsWith(NESTED) ? key.substring(NESTED.length()) : key;
    }

    String example() {
        return example;
    }

    /** Names of a port's keys. */
    static List<String> ofPort() {
        return names(false);
    }

    /** Names of the keys below {@code tls}. */
    static List<String> ofTls() {
        return names(true);
    }

    private static List<String> names(boolean nested) {
        return Arrays.stream(values())
                .filter(k -> k.key.startsWith(NESTED) == nested)
                .map(PortKey::key)
                .toList();
    }

    /** The table of all keys, in Markdown. */
    public static String markdown() {
        var table =
                new StringBuilder(
                        """
                        | key | value | default | example | meaning |
                        |---|---|---|---|---|
                        """);
        for (var k : values())
            table.append(
                    "| `%s` | %s | %s | `%s` | %s |\n"
                            .formatted(k.key, k.type, k.standard, k.example, k.meaning));
        return table.toString();
    }
}
