package org.chartbridge.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.chartbridge.database.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class FirstAccountTests {
    @AutoClose private final TestDatabase fresh = TestDatabase.fresh();
    private final JdbcClient database = fresh.jdbc();
    private final Accounts accounts = new Accounts(database);
    private final AuditTrail audit = new AuditTrail(database);

    @Test
    void theFirstStartMakesAPasswordAndTheSecondDoesNot() {
        var made = new FirstAccount(accounts, audit, "").made().orElseThrow();

        assertThat(logsIn(made.text())).isTrue();
        assertThat(new FirstAccount(accounts, audit, "").made()).isEmpty();
        assertThat(logsIn(made.text())).isTrue();
    }

    @Test
    void aGivenPasswordIsTakenAtEveryStartAndNeverShown() {
        new FirstAccount(accounts, audit, "first sentence of mine");
        var second = new FirstAccount(accounts, audit, "another sentence of mine");

        assertThat(second.made()).isEmpty();
        assertThat(logsIn("first sentence of mine")).isFalse();
        assertThat(logsIn("another sentence of mine")).isTrue();
    }

    @Test
    void aWeakGivenPasswordEndsTheStartAndLeavesNoAccount() {
        assertThatThrownBy(() -> new FirstAccount(accounts, audit, "admin"))
                .isInstanceOf(FirstAccount.WeakPassword.class)
                .hasMessageContaining("CHARTBRIDGE_ADMIN_PASSWORD")
                .hasMessageNotContaining("admin\"");

        assertThat(accounts.find("admin")).isEmpty();
    }

    @Test
    void namesAreComparedWithoutCase() {
        new FirstAccount(accounts, audit, "first sentence of mine");

        assertThat(accounts.find("ADMIN")).isPresent();
        assertThat(accounts.find("root")).isEmpty();
    }

    private boolean logsIn(String text) {
        return Password.matches(text, accounts.find("admin").orElseThrow().passwordHash());
    }
}
