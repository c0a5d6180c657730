package org.chartbridge.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;

class TestDatabaseTests {
    @AutoClose final TestDatabase database = TestDatabase.fresh();

    @Test
    void isMigratedAndItsOwn() {
        database.jdbc().sql("create table only_here (n int)").update();

        try (var other = TestDatabase.fresh()) {
            assertThat(tables(database)).contains("only_here", "flyway_schema_history");
            assertThat(tables(other)).contains("flyway_schema_history").doesNotContain("only_here");
        }
    }

    @Test
    void whatATestWroteIsNotThereForTheNext() {
        var databases = new ArrayList<TestDatabase>();
        try (var first = TestDatabase.fresh()) {
            first.jdbc().sql("insert into destination (name) values ('north/results')").update();
            first.jdbc().sql("select nextval('placed_here_number')").query(Long.class).single();
        }

        // Other classes take and give back meanwhile: whichever is used again is as new.
        for (var n = 0; n < 5; n++) databases.add(TestDatabase.fresh());

        for (var each : databases) {
            assertThat(count(each, "destination")).isZero();
            assertThat(
                            each.jdbc()
                                    .sql(
                                            "select count(*) from pg_sequences where last_value is"
                                                    + " not null")
                                    .query(Long.class)
                                    .single())
                    .isZero();
            each.close();
        }
    }

    @Test
    void aDatabaseWhoseTablesWereChangedIsNotUsedAgain() {
        try (var first = TestDatabase.fresh()) {
            first.jdbc().sql("alter table destination add column only_here int").update();
        }
        var databases = new ArrayList<TestDatabase>();
        for (var n = 0; n < 5; n++) databases.add(TestDatabase.fresh());

        for (var each : databases) {
            assertThat(
                            each.jdbc()
                                    .sql(
                                            "select count(*) from pg_attribute where attname ="
                                                    + " 'only_here'")
                                    .query(Long.class)
                                    .single())
                    .isZero();
            each.close();
        }
    }

    @Test
    void aConnectionThatATestForgotDoesNotReachTheNextOne() throws Exception {
        var first = TestDatabase.fresh();
        try (var forgotten =
                DriverManager.getConnection(first.url(), first.user(), first.password())) {
            first.close();

            assertThat(forgotten.isValid(5)).isFalse();
        }
    }

    private static long count(TestDatabase database, String table) {
        return database.jdbc().sql("select count(*) from " + table).query(Long.class).single();
    }

    private static List<String> tables(TestDatabase database) {
        return database.jdbc()
                .sql("select table_name from information_schema.tables")
                .query(String.class)
                .list();
    }
}
