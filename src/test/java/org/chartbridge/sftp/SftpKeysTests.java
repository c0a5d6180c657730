package org.chartbridge.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.sshd.common.config.keys.KeyUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;

/** Which kinds of keys hosts may have, and which a user may log in with. */
class SftpKeysTests {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @TempDir Path folder = Path.of("set by JUnit");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssh-ed25519",
                "ecdsa-sha2-nistp256",
                "ecdsa-sha2-nistp384",
                "ecdsa-sha2-nistp521",
                "ssh-rsa"
            })
    void aHostIsKnownAndAUserLetInByAKeyOfThisKind(String kind) throws Exception {
        var users = keys(kind);
        var file = folder.resolve("key");
        try (var out = Files.newOutputStream(file)) {
            SftpHostInTest.write(users, out);
        }
        var files = Files.createDirectory(folder.resolve("files"));
        try (var host = new SftpHostInTest(files, keys(kind))) {
            host.knows(users.getPublic());

            try (var connection =
                    SftpConnection.open(at(host, file, host.fingerprint()), TIMEOUT)) {
                connection.write("/a.hl7", "MSH|".getBytes(UTF_8));
            }

            assertThat(files.resolve("a.hl7")).hasContent("MSH|");
        }
    }

    @Test
    void anotherKeyOfTheSameKindIsNeitherTheHostsNorTheUsers() throws Exception {
        var file = folder.resolve("key");
        try (var out = Files.newOutputStream(file)) {
            SftpHostInTest.write(keys("ssh-ed25519"), out);
        }
        try (var host = new SftpHostInTest(folder, keys("ssh-ed25519"))) {
            host.knows(keys("ssh-ed25519").getPublic());
            var strange = SftpConnection.fingerprint(keys("ssh-ed25519").getPublic());

            assertThatThrownBy(() -> SftpConnection.open(at(host, file, strange), TIMEOUT))
                    .hasMessageContaining("shows another key, " + host.fingerprint());
            assertThatThrownBy(
                            () -> SftpConnection.open(at(host, file, host.fingerprint()), TIMEOUT))
                    .hasMessageContaining("does not let us in");
        }
    }

    private static SftpHost at(SftpHostInTest host, Path key, String fingerprint) {
        return new SftpHost("127.0.0.1", host.port(), "clinic", null, key, List.of(fingerprint));
    }

    private static KeyPair keys(String kind) throws Exception {
        int bits =
                kind.equals("ssh-rsa")
                        ? 2_048
                        : kind.endsWith("521") ? 521 : kind.endsWith("384") ? 384 : 256;
        return KeyUtils.generateKeyPair(kind, bits);
    }
}
