package org.chartbridge.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "admin",
                "short-one-1",
                "password1234",
                "P@ssw0rd!2026",
                "Chartbridge2026!",
                "chartbridge-admin",
                "111111111111",
                "changeme-2026",
                "administrator1"
            })
    void whatIsShortOrGuessedFirstIsRefused(String text) {
        assertThat(Password.fault(text)).isNotEmpty();
        assertThatThrownBy(() -> new Password(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"correct horse battery", "Fjord-und-Möwe-7", "ein langer Satz hilft"})
    void aLongSentenceIsFine(String text) {
        assertThat(Password.fault(text)).isEmpty();
    }

    @Test
    void whatTheHashWouldCutOffIsRefused() {
        assertThat(Password.fault("abcdefghij".repeat(8))).contains("72");
        assertThat(Password.fault("äöüßéà".repeat(7))).contains("72");
    }

    @Test
    void faultsAndPrintsNeverHoldThePassword() {
        assertThat(Password.fault("letmeinplease")).doesNotContain("letmein");
        assertThat(Password.made().toString()).isEqualTo("Password[…]");
    }

    @Test
    void madeOnesDifferAndMatchTheirHashOnly() {
        var one = Password.made();
        var other = Password.made();

        var hash = one.hash();

        assertThat(one.text()).isNotEqualTo(other.text()).hasSize(24);
        assertThat(Password.matches(one.text(), hash)).isTrue();
        assertThat(Password.matches(other.text(), hash)).isFalse();
        assertThat(Password.matches("", hash)).isFalse();
    }
}
