package org.chartbridge.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

/**
 * An empty chart beside the live one, in the same database: a schema with the tables of all
 * migrations, which are not written ahead ({@code unlogged}), because nothing here has to outlive a
 * crash. One at a time; what a killed one left is dropped by the next, and harms nobody until then.
 */
public final class SecondSchema implements AutoCloseable {
    public static final String NAME = "chartbridge_rebuild";

    /** Who holds this advisory lock works in the schema. */
    private static final long LOCK = 0x7265_6275_696c_64L;

    /** SQLSTATE 42501. */
    private static final String NOT_ALLOWED = "42501";

    private static final int CONNECTIONS = 4;

    private static final Logger log = LoggerFactory.getLogger(SecondSchema.class);

    private final Connection lock;
    private final HikariDataSource live;
    private final HikariDataSource second;

    private SecondSchema(Connection lock, HikariDataSource live, HikariDataSource second) {
        this.lock = lock;
        this.live = live;
        this.second = second;
    }

    /**
     * Makes the schema.
     *
     * @param user empty when user and password stand in the URL
     * @throws DatabaseUnusable with a remedy, when it can't be made
     */
    public static SecondSchema make(String url, String user, String password) {
        try {
            var lock =
                    user.isEmpty()
                            ? DriverManager.getConnection(url)
                            : DriverManager.getConnection(url, user, password);
            try {
                return make(lock, url, user, password);
            } catch (SQLException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new DatabaseUnusable(
                    "The chart can't be rebuilt in this database (SQLSTATE "
                            + e.getSQLState()
                            + ")",
                    NOT_ALLOWED.equals(e.getSQLState())
                            ? "Let the account make a schema: grant create on database … to …"
                            : "Look whether PostgreSQL answers and its account is the engine's",
                    e);
        }
    }

    private static SecondSchema make(Connection lock, String url, String user, String password)
            throws SQLException {
        if (!isTrue(lock, "select pg_try_advisory_lock(" + LOCK + ")"))
            throw new DatabaseUnusable(
                    "The chart of this database is being rebuilt already",
                    "Wait until that is done");
        run(lock, "drop schema if exists " + NAME + " cascade");
        run(lock, "create schema " + NAME);
        var live = pool(url, user, password, "");
        var second = pool(url, user, password, NAME);
        try {
            Flyway.configure()
                    .dataSource(second)
                    .schemas(NAME)
                    .defaultSchema(NAME)
                    .load()
                    .migrate();
            checkVersion(lock);
            for (var table : tables(lock)) run(lock, "alter table " + table + " set unlogged");
            return new SecondSchema(lock, live, second);
        } catch (SQLException | RuntimeException e) {
            second.close();
            live.close();
            throw e;
        }
    }

    /** The live schema has to be that of this build: both are read by the same statements. */
    private static void checkVersion(Connection connection) throws SQLException {
        if (isTrue(connection, "select to_regclass('flyway_schema_history') is not null")
                && isTrue(
                        connection,
                        """
                        select not exists (
                            select version from %1$s.flyway_schema_history where version is not null
                            except
                            select version from flyway_schema_history where success)
                        and not exists (
                            select version from flyway_schema_history where version is not null
                            except
                            select version from %1$s.flyway_schema_history)
                        """
                                .formatted(NAME))) return;
        throw new DatabaseUnusable(
                "The database is not that of this version of Chartbridge",
                "Start the engine once with this version: it brings the database up to date");
    }

    /** Those first that refer to others: an unlogged table may refer to a logged one only so. */
    private static List<String> tables(Connection connection) throws SQLException {
        var tables = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                """
                                select c.oid::regclass::text
                                from pg_class c
                                where c.relnamespace = '%s'::regnamespace and c.relkind = 'r'
                                order by exists (select from pg_constraint k
                                                 where k.conrelid = c.oid and k.contype = 'f') desc
                                """
                                        .formatted(NAME))) {
            while (rows.next()) tables.add(rows.getString(1));
        }
        return tables;
    }

    private static HikariDataSource pool(String url, String user, String password, String schema) {
        var config = new HikariConfig();
        config.setPoolName("rebuild " + schema);
        config.setJdbcUrl(url);
        if (!user.isEmpty()) {
            config.setUsername(user);
            config.setPassword(password);
        }
        if (!schema.isEmpty()) config.setSchema(schema);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(0);
        // Nothing here has to outlive a crash.
        config.setConnectionInitSql("set synchronous_commit = off");
        config.addDataSourceProperty("ApplicationName", "chartbridge rebuild");
        config.addDataSourceProperty("logServerErrorDetail", "false");
        return new HikariDataSource(config);
    }

    private static boolean isTrue(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Connections to the live chart. */
    public DataSource live() {
        return live;
    }

    /** Connections to the chart that is made here. */
    public DataSource second() {
        return second;
    }

    /** Drops everything that was made. */
    @Override
    public void close() {
        second.close();
        live.close();
        try (lock) {
            run(lock, "drop schema if exists " + NAME + " cascade");
        } catch (SQLException e) {
            // Whoever comes next drops it.
            log.atWarn()
                    .addKeyValue("sqlState", e.getSQLState())
                    .log("the schema of a rebuild was left behind");
        }
    }
}
