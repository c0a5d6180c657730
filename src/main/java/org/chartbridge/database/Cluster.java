package org.chartbridge.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The data directory of the embedded server, with its settings and its password.
 *
 * @param directory what PostgreSQL calls the data directory
 * @param secrets file with the password and the remembered port
 */
record Cluster(Path directory, Path secrets) {
    /** The only account and the only database. */
    static final String NAME = "chartbridge";

    private static final String SETTINGS_FILE = "chartbridge.conf";

    /**
     * For two cores and a small memory. The first three are what an acknowledgement rests on;
     * nothing here may weaken them, and {@link Durability} asks the running server.
     *
     * <p>Statements that fail are not logged by the server: their texts and details hold values of
     * patients. The engine sees each failure itself. WAL stays uncompressed: this build of the
     * server has no lz4, and pglz costs the processor time that is short.
     */
    private static final String SETTINGS =
            """
            # Written by Chartbridge at every start; your own settings go into local.conf.
            fsync = on
            full_page_writes = on
            synchronous_commit = on

            listen_addresses = '127.0.0.1'
            unix_socket_directories = ''
            password_encryption = 'scram-sha-256'
            max_connections = 50

            shared_buffers = 256MB
            effective_cache_size = 1GB
            work_mem = 8MB
            maintenance_work_mem = 64MB
            wal_buffers = 16MB
            min_wal_size = 256MB
            max_wal_size = 3GB
            checkpoint_timeout = 15min
            random_page_cost = 1.1
            jit = off
            max_parallel_workers_per_gather = 0

            timezone = 'UTC'
            log_timezone = 'UTC'
            logging_collector = on
            log_directory = '../postgres-log'
            log_filename = '%a.log'
            log_truncate_on_rotation = on
            log_rotation_age = 1d
            log_rotation_size = 0
            log_line_prefix = '%m [%p] '
            log_error_verbosity = terse
            log_min_messages = log
            log_min_error_statement = panic
            include_if_exists = 'local.conf'
            """;

    /** The password, made with the cluster, and the TCP port on loopback, 0 when none is chosen. */
    record Access(String password, int port) {
        @Override
        public String toString() {
            return "Access[port=" + port + "]";
        }
    }

    static Cluster in(Path home) {
        return new Cluster(home.resolve("postgres"), home.resolve("database.properties"));
    }

    boolean exists() {
        return Files.exists(directory.resolve("PG_VERSION"));
    }

    /**
     * Makes the cluster. A crash meanwhile leaves only a draft, which the next start deletes.
     *
     * <p>The locale is PostgreSQL's own C.UTF-8: text sorts by code point on every machine, and no
     * update of the operating system can change the order an index was built with.
     */
    void make(ServerBinaries binaries, Unprivileged user) throws IOException {
        var draft = directory.resolveSibling(directory.getFileName() + ".new");
        FilesOnDisk.delete(draft);
        Files.createDirectory(draft);
        var password = HexFormat.of().formatHex(random(24));
        var passwordFile = draft.resolveSibling("password.new");
        FilesOnDisk.replace(passwordFile, password);
        user.own(draft);
        user.own(passwordFile);
        var result =
                Programs.run(
                        user.command(
                                binaries.program("initdb").toString(),
                                "--pgdata=" + draft,
                                "--username=" + NAME,
                                "--pwfile=" + passwordFile,
                                "--auth=scram-sha-256",
                                "--encoding=UTF8",
                                "--locale=C",
                                "--locale-provider=builtin",
                                "--builtin-locale=C.UTF-8",
                                "--data-checksums"));
        Files.delete(passwordFile);
        if (!result.worked()) {
            throw new DatabaseUnusable(
                    "The database could not be made in "
                            + directory
                            + ". PostgreSQL's initdb says: "
                            + result.output(),
                    "Free space and permissions of the data folder are the usual causes.");
        }
        Files.writeString(
                draft.resolve("pg_hba.conf"),
                "# Loopback with the password only.\n"
                        + "host all "
                        + NAME
                        + " 127.0.0.1/32 scram-sha-256\n");
        Files.writeString(draft.resolve("postgresql.conf"), "include '" + SETTINGS_FILE + "'\n");
        remember(new Access(password, 0));
        Files.move(draft, directory, StandardCopyOption.ATOMIC_MOVE);
    }

    /** PostgreSQL's major version that made it, as the cluster itself records it. */
    String major() throws IOException {
        return Files.readString(directory.resolve("PG_VERSION")).strip();
    }

    /** Refuses a cluster of another major version: PostgreSQL can't read it. */
    void checkMajor(int wanted) throws IOException {
        var found = major();
        if (found.equals(String.valueOf(wanted))) return;
        throw new DatabaseUnusable(
                "The data folder "
                        + directory.getParent()
                        + " was made by PostgreSQL "
                        + found
                        + ", this Chartbridge brings PostgreSQL "
                        + wanted,
                "Nothing was changed. Start it with the Chartbridge that made it, or serve it by a"
                        + " PostgreSQL "
                        + found
                        + " of your own and name that (--spring.datasource.url), or convert it with"
                        + " PostgreSQL's pg_upgrade, or choose another folder:"
                        + " --chartbridge.data=FOLDER");
    }

    Access access() throws IOException {
        var properties = FilesOnDisk.properties(secrets);
        var password = properties.getProperty("password");
        if (password == null) {
            throw new DatabaseUnusable(
                    "The password of the database is gone: " + secrets,
                    "Put the file back from a copy of the data folder.");
        }
        return new Access(password, Integer.parseInt(properties.getProperty("port", "0")));
    }

    void remember(Access access) throws IOException {
        FilesOnDisk.replace(
                secrets,
                "Of the embedded PostgreSQL.",
                Map.of("password", access.password(), "port", String.valueOf(access.port())));
    }

    /**
     * Writes the settings.
     *
     * @return whether they differ from those a server that is still running was started with
     */
    boolean configure(int port, Unprivileged user) throws IOException {
        var file = directory.resolve(SETTINGS_FILE);
        var wanted = SETTINGS + "port = " + port + "\n";
        if (Files.exists(file) && Files.readString(file).equals(wanted)) return false;
        FilesOnDisk.replace(file, wanted);
        user.own(file);
        return true;
    }

    /** The command that runs the server in the foreground. */
    List<String> command(ServerBinaries binaries, Unprivileged user) {
        return user.command(binaries.program("postgres").toString(), "-D", directory.toString());
    }

    private static byte[] random(int bytes) {
        var random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return random;
    }
}
