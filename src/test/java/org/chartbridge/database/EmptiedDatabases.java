package org.chartbridge.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Migrated databases without a row, for tests. One that is given back is emptied and given out
 * again, at a hundredth of what a new one costs. Where a test changed more than rows (tables,
 * triggers, settings, migrations), or filled it, the database is dropped.
 */
final class EmptiedDatabases {
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** Rows leave their space behind; beyond this a new one is cheaper. */
    private static final int MAX_GROWN_BYTES = 64_000_000;

    /** What a test may change besides rows, as one text. */
    private static final String SHAPE =
            """
            select md5(concat_ws(E'\n',
                (select string_agg(concat_ws(' ', nspname, relname, relkind, relpersistence, relacl,
                                             reloptions, relrowsecurity, indisvalid), E'\n'
                                   order by nspname, relname)
                 from pg_class c join pg_namespace n on n.oid = relnamespace
                 left join pg_index on indexrelid = c.oid
                 where nspname !~ '^(pg_|information_schema)'),
                (select string_agg(concat_ws(' ', attrelid::regclass, attname, atttypid, attnotnull,
                                             attisdropped, pg_get_expr(adbin, adrelid)), E'\n'
                                   order by attrelid, attnum)
                 from pg_attribute join pg_class c on c.oid = attrelid
                 left join pg_attrdef on adrelid = attrelid and adnum = attnum
                 where relnamespace = 'public'::regnamespace),
                (select string_agg(concat_ws(' ', tgrelid::regclass, tgenabled,
                                             pg_get_triggerdef(oid)), E'\n' order by tgrelid, tgname)
                 from pg_trigger where not tgisinternal),
                (select string_agg(concat_ws(' ', conrelid::regclass, conname, convalidated,
                                             pg_get_constraintdef(oid)), E'\n'
                                   order by conrelid, conname)
                 from pg_constraint where connamespace = 'public'::regnamespace),
                (select string_agg(concat_ws(' ', proname, md5(prosrc)), E'\n' order by oid)
                 from pg_proc where pronamespace = 'public'::regnamespace),
                (select string_agg(nspname, ' ' order by nspname) from pg_namespace
                 where nspname !~ '^pg_(toast_)?temp'),
                (select string_agg(extname, ' ' order by extname) from pg_extension),
                (select string_agg(array_to_string(setconfig, ' '), ' ') from pg_db_role_setting
                 join pg_database d on d.oid = setdatabase where datname = current_database()),
                (select md5(string_agg(h::text, E'\n' order by installed_rank))
                 from flyway_schema_history h)))
            """;

    /** Connects to one of the server's databases, as its owner. */
    interface Connections {
        Connection to(String database) throws SQLException;
    }

    private final String template;
    private final Connections connections;
    private final Queue<String> empty = new ConcurrentLinkedQueue<>();
    private final String shape;
    private final String delete;
    private final int bytes;

    /**
     * @param template the migrated database that others are made of; without rows but those of
     *     Flyway
     */
    EmptiedDatabases(String template, Connections connections) {
        this.template = template;
        this.connections = connections;
        try (var connection = connections.to(template)) {
            shape = text(connection, SHAPE);
            bytes = size(connection);
            delete =
                    text(
                            connection,
                            """
                            select string_agg(format('delete from only %I', tablename), '; ')
                            from pg_tables
                            where schemaname = 'public' and tablename <> 'flyway_schema_history'
                            """);
        } catch (SQLException e) {
            throw new IllegalStateException(template, e);
        }
    }

    /** The name of an empty one. */
    String take() {
        var used = empty.poll();
        if (used != null) return used;
        var name = "test_" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet();
        execute("create database " + name + " template " + template);
        return name;
    }

    /** Ends whoever is connected to it, and empties or drops it. */
    void giveBack(String name) {
        if (isEmptied(name)) empty.add(name);
        else execute("drop database if exists " + name + " with (force)");
    }

    private boolean isEmptied(String name) {
        try (var connection = connections.to(name);
                var statement = connection.createStatement()) {
            var ended =
                    text(
                            connection,
                            """
                            select coalesce(bool_and(pg_terminate_backend(pid, 10000)), true)
                            from pg_stat_activity
                            where datname = current_database() and pid <> pg_backend_pid()
                            """);
            if (!ended.equals("t") || size(connection) > bytes + MAX_GROWN_BYTES) return false;
            // Rows that triggers keep from being changed, and what refers to each other.
            statement.execute("set session_replication_role = replica");
            connection.setAutoCommit(false);
            statement.execute(delete);
            statement.execute("select setval(seqrelid, seqstart, false) from pg_sequence");
            connection.commit();
            return shape.equals(text(connection, SHAPE));
        } catch (SQLException e) {
            // It may be gone, or broken: a test is free to do that.
            return false;
        }
    }

    private static int size(Connection connection) throws SQLException {
        return Integer.parseInt(
                text(connection, "select least(pg_database_size(current_database()), 2000000000)"));
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private void execute(String sql) {
        try (var connection = connections.to("postgres");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
