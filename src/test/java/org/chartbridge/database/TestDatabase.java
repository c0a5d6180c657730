package org.chartbridge.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

/**
 * A new, empty, migrated database for a test, on a real PostgreSQL.
 *
 * <pre>
 * &#64;AutoClose final TestDatabase database = TestDatabase.fresh();      // static: one for the class
 *
 * database.jdbc().sql("select ...")                                  // a JdbcClient
 * database.dataSource()                                              // a small pool, as the engine has it
 *
 * &#64;DynamicPropertySource                                             // for a whole Spring application
 * static void settings(DynamicPropertyRegistry registry) { database.register(registry); }
 * </pre>
 *
 * <p>The first call in a JVM starts one server, by the engine's own launcher, in {@code
 * target/test-database-N}; the migrations run once, each database is a copy of the result. One that
 * a test is done with is emptied for the next, because PostgreSQL needs most of a second of disk
 * for each that it makes and drops ({@link EmptiedDatabases}). The server stops with the JVM.
 * Engines that run meanwhile are not disturbed.
 *
 * <p>{@code -Dchartbridge.test.database=jdbc:postgresql://…?user=…&password=…} takes an outside
 * PostgreSQL instead (its account must be allowed to create databases).
 */
public final class TestDatabase implements AutoCloseable {
    private static final String OUTSIDE = "chartbridge.test.database";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private String name;
    private HikariDataSource pool;

    /** Of its data folder: a database is used again, a folder is not. */
    private final int number = COUNT.incrementAndGet();

    private TestDatabase() {
        open();
    }

    private void open() {
        name = Server.INSTANCE.databases.take();
        var config = new HikariConfig();
        config.setJdbcUrl(url());
        config.setUsername(user());
        config.setPassword(password());
        config.setMaximumPoolSize(10);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(5_000);
        config.addDataSourceProperty("ApplicationName", "chartbridge");
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("logServerErrorDetail", "false");
        pool = new HikariDataSource(config);
    }

    /** A database of its own for the caller, with all migrations of {@code db/migration}. */
    public static TestDatabase fresh() {
        return new TestDatabase();
    }

    public DataSource dataSource() {
        return pool();
    }

    public JdbcClient jdbc() {
        return JdbcClient.create(pool());
    }

    /** Opened anew where it was closed: the second run of a class has the objects of its first. */
    private HikariDataSource pool() {
        if (pool.isClosed()) open();
        return pool;
    }

    public String url() {
        return Server.INSTANCE.url(name);
    }

    public String user() {
        return Server.INSTANCE.user;
    }

    public String password() {
        return Server.INSTANCE.password;
    }

    /**
     * Points a Spring application at this database, with a data folder and a console port of its
     * own.
     */
    public void register(DynamicPropertyRegistry registry) {
        pool();
        registry.add("spring.datasource.url", this::url);
        registry.add("spring.datasource.username", this::user);
        registry.add("spring.datasource.password", this::password);
        registry.add("server.port", () -> 0);
        registry.add("chartbridge.data", () -> folder().toString());
    }

    private Path folder() {
        return Path.of(
                "target", "test-data", "test_" + ProcessHandle.current().pid() + "_" + number);
    }

    /** Ends all connections to the database, and whatever is in it. */
    @Override
    public void close() {
        pool.close();
        Server.INSTANCE.databases.giveBack(name);
    }

    /** The one server of this JVM. */
    private static final class Server {
        static final Server INSTANCE = new Server();

        final String pattern;
        final String user;
        final String password;
        final String template = "template_" + ProcessHandle.current().pid();
        final EmptiedDatabases databases;

        private Server() {
            var outside = System.getProperty(OUTSIDE, "");
            if (outside.isEmpty()) {
                var folder = takeFolder();
                var embedded = EmbeddedServer.start(folder);
                Runtime.getRuntime()
                        .addShutdownHook(
                                new Thread(
                                        () -> {
                                            embedded.close();
                                            folder.close();
                                        }));
                pattern = embedded.url().replaceFirst("/[^/]*$", "/%s");
                user = embedded.user();
                password = embedded.password();
            } else {
                var properties = org.postgresql.Driver.parseURL(outside, new Properties());
                if (properties == null) throw new IllegalArgumentException(OUTSIDE);
                user = properties.getProperty("user", "postgres");
                password = properties.getProperty("password", "");
                pattern =
                        "jdbc:postgresql://%s:%s/%%s"
                                .formatted(
                                        properties.getProperty("PGHOST"),
                                        properties.getProperty("PGPORT"));
                Runtime.getRuntime()
                        .addShutdownHook(
                                new Thread(() -> execute("drop database if exists " + template)));
            }
            dropLeftOvers();
            execute("create database " + template);
            Flyway.configure().dataSource(url(template), user, password).load().migrate();
            databases = new EmptiedDatabases(template, this::connect);
        }

        String url(String database) {
            return pattern.formatted(database);
        }

        private Connection connect(String database) throws SQLException {
            return DriverManager.getConnection(url(database), user, password);
        }

        void execute(String sql) {
            try (var connection = connect("postgres");
                    var statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(sql, e);
            }
        }

        /** Databases of test JVMs that were killed; other JVMs that still run keep theirs. */
        private void dropLeftOvers() {
            try (var connection = connect("postgres");
                    var statement = connection.createStatement();
                    var names =
                            statement.executeQuery(
                                    """
                                    select datname, split_part(datname, '_', 2)::bigint
                                    from pg_database
                                    where datname ~ '^(test|template)_[0-9]+'
                                    """)) {
                while (names.next()) {
                    var pid = names.getLong(2);
                    var ours = pid == ProcessHandle.current().pid();
                    if (!ours && ProcessHandle.of(pid).isPresent()) continue;
                    execute("drop database if exists " + names.getString(1) + " with (force)");
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Test JVMs that run at the same time take a folder each. */
        private static DataFolder takeFolder() {
            for (var n = 1; n < 100; n++) {
                var path = Path.of("target", "test-database-" + n);
                try {
                    if (DataFolder.running(path).isEmpty()) return DataFolder.take(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            throw new IllegalStateException("a hundred test JVMs?");
        }
    }
}
