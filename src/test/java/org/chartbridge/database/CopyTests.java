package org.chartbridge.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

class CopyTests {
    private static final String TABLE = "copied (n, t, j, i, f, d, at)";

    @AutoClose final TestDatabase database = TestDatabase.fresh();

    @BeforeEach
    void table() {
        database.jdbc()
                .sql(
                        "create table copied (n bigint, t text, j jsonb, i integer, f boolean,"
                                + " d numeric, at timestamptz)")
                .update();
    }

    @Test
    void valuesOfEachTypeArriveAsTheyWere() throws SQLException {
        var rows = new Copy(TABLE);
        rows.row()
                .number(Long.MIN_VALUE)
                .text("Ähre \\ \t\n\"'𝄞")
                .json("{\"code\": \"Ä\"}")
                .integer(-7)
                .flag(true)
                .decimal(new BigDecimal("-0.00120"))
                .time(Instant.parse("1684-02-29T23:59:59.123456Z"));
        rows.row()
                .number(1)
                .text("")
                .json("[]")
                .integer(Integer.MAX_VALUE)
                .flag(false)
                .decimal(new BigDecimal("12345678901234567890.5"))
                .time(Instant.parse("9999-12-31T23:59:59.999999Z"));

        send(rows);

        assertThat(all())
                .containsExactly(
                        "(-9223372036854775808,\"Ähre \\\\ \t\n"
                            + "\"\"'𝄞\",\"{\"\"code\"\": \"\"Ä\"\"}\",-7,t,-0.00120,\"1684-02-29"
                            + " 23:59:59.123456\")",
                        "(1,\"\",[],2147483647,f,12345678901234567890.5,"
                                + "\"9999-12-31 23:59:59.999999\")");
    }

    @Test
    void whatIsNotSaidIsNull() throws SQLException {
        var rows = new Copy(TABLE);
        rows.row().numberOrNull(0).text(null).json(null).none().none().decimal(null).time(null);

        send(rows);

        assertThat(all()).containsExactly("(,,,,,,)");
    }

    @Test
    void manyLargeRowsArriveInTheirOrder() throws SQLException {
        var rows = new Copy("copied (n, t)");
        for (int i = 0; i < 3_000; i++) rows.row().number(i).text("x".repeat(i));

        send(rows);

        assertThat(
                        database.jdbc()
                                .sql("select count(*) from copied where length(t) = n and n < 3000")
                                .query(Long.class)
                                .single())
                .isEqualTo(3_000);
    }

    @Test
    void copiedRowsAreThereForEveryStatementOfTheScript() throws SQLException {
        var rows = new Copy("copied (n, t)");
        rows.row().number(1).text("before");
        var script = new Script().run("update copied set t = 'after' where n = 1").copy(rows);

        try (var connection = database.dataSource().getConnection()) {
            script.send(connection);
        }

        assertThat(all()).containsExactly("(1,after,,,,,)");
    }

    @Test
    void whatPostgresCannotKeepIsRefusedWithoutBeingToldAndTheConnectionStaysOfUse()
            throws SQLException {
        var rows = new Copy("copied (n, t)");
        rows.row().number(1).text("Muster\0mann");

        try (var connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> new Script().copy(rows).send(connection))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22021"))
                    .hasMessageNotContaining("Muster");
            connection.rollback();
            new Script().run("insert into copied (n) values (?)", 2L).send(connection);
            connection.commit();
        }

        assertThat(all()).containsExactly("(2,,,,,,)");
    }

    @Test
    void aRowWithAValueTooFewIsRefused() throws SQLException {
        var rows = new Copy("copied (n, t)");
        rows.row().number(1);

        try (var connection = database.dataSource().getConnection()) {
            assertThatThrownBy(() -> new Script().copy(rows).send(connection))
                    .isInstanceOf(SQLException.class);
        }

        assertThat(all()).isEmpty();
    }

    private void send(Copy rows) throws SQLException {
        try (var connection = database.dataSource().getConnection()) {
            new Script().copy(rows).send(connection);
        }
    }

    private List<String> all() {
        return database.jdbc()
                .sql(
                        "select row(n, t, j, i, f, d, at at time zone 'UTC')::text from copied"
                                + " order by n")
                .query(String.class)
                .list();
    }
}
