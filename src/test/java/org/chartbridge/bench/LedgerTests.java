package org.chartbridge.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a sender wrote down is what is read back. */
class LedgerTests {
    private static final byte[] CONTENT = "MSH|".getBytes(US_ASCII);

    @TempDir Path folder;

    @Test
    void answeredUnansweredAndResentAreToldApart() throws IOException {
        var path = folder.resolve("ledger");
        try (var ledger = new Ledger(path)) {
            ledger.sent("A-1", "AF1", CONTENT, List.of("1.0", "1.1"));
            ledger.answered("A-1", "AA");
            ledger.sent("A-2", "AF2", CONTENT, List.of("2.0"));
            ledger.sent("A-3", "AF3", CONTENT, List.of("3.0"));
            ledger.resent("A-3");
            ledger.answered("A-3", "AE");
        }

        var noted = Ledger.read(path);

        assertThat(noted.getFirst())
                .isEqualTo(
                        new Ledger.Noted(
                                "A-1",
                                "AF1",
                                Ledger.sha256(CONTENT),
                                List.of("1.0", "1.1"),
                                "AA",
                                false));
        assertThat(noted).extracting(Ledger.Noted::code).containsExactly("AA", "", "AE");
        assertThat(noted).extracting(Ledger.Noted::resent).containsExactly(false, false, true);
        assertThat(noted)
                .extracting(Ledger.Noted::acknowledged)
                .containsExactly(true, false, false);
    }

    @Test
    void everyLineIsInTheFileBeforeTheNextStep() throws IOException {
        var path = folder.resolve("ledger");
        try (var ledger = new Ledger(path)) {
            ledger.sent("A-1", "AF1", CONTENT, List.of("1.0"));

            assertThat(Ledger.read(path)).hasSize(1);
        }
    }

    @Test
    void anOldLedgerIsNeverOverwritten() throws IOException {
        var path = Files.createFile(folder.resolve("ledger"));

        assertThatThrownBy(() -> new Ledger(path)).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void anotherFileIsNoLedger() throws IOException {
        var path = Files.writeString(folder.resolve("other"), "hello world\n");

        assertThatThrownBy(() -> Ledger.read(path)).isInstanceOf(IOException.class);
    }
}
