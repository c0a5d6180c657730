package org.chartbridge.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.chartbridge.database.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;

import java.util.UUID;

class AuditTrailTests {
    @AutoClose private final TestDatabase fresh = TestDatabase.fresh();
    private final AuditTrail audit = new AuditTrail(fresh.jdbc());

    @AfterEach
    void logOut() {
        SecurityContextHolder.clearContext();
    }

    @Test
    void whoLookedAtWhichPatientIsWrittenDown() {
        var person = UUID.randomUUID();
        SecurityContextHolder.getContext()
                .setAuthentication(new TestingAuthenticationToken("admin", ""));

        audit.seesPatient(person);

        assertThat(
                        fresh.jdbc()
                                .sql(
                                        "select account || ' ' || action from audit where person_id"
                                                + " = ?")
                                .param(person)
                                .query(String.class)
                                .single())
                .isEqualTo("admin SAW_PATIENT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update audit set account = 'nobody'",
                "delete from audit",
                "truncate audit"
            })
    void noRowIsEverChangedOrRemoved(String sql) {
        audit.seesMessage(7);

        assertThatThrownBy(() -> fresh.jdbc().sql(sql).update())
                .hasMessageContaining("append-only");
    }
}
