package org.chartbridge.database;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An engine reduced to its server, in a process that a test can kill. */
final class ServerInItsOwnJvm implements AutoCloseable {
    private final Process process;
    private final long postgres;

    /** Starts it; the server is ready and a transaction has been left open when this returns. */
    ServerInItsOwnJvm(Path folder, Map<String, String> environment) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<>(List.of(java, "-Xmx128m", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(ServerInItsOwnJvm.class.getName(), folder.toString()));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        process = builder.start();
        var output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var said = new StringBuilder();
        for (String line; (line = output.readLine()) != null; ) {
            if (line.startsWith("ready ")) {
                postgres = Long.parseLong(line.substring(6));
                return;
            }
            said.append(line).append('\n');
        }
        throw new IOException(said.toString());
    }

    /** The child's main: folder. Makes the table {@code kept} with one row the first time. */
    public static void main(String[] args) throws Exception {
        var server = EmbeddedServer.start(DataFolder.take(Path.of(args[0])));
        var connection =
                DriverManager.getConnection(server.url(), server.user(), server.password());
        try (var statement = connection.createStatement()) {
            statement.execute("create table if not exists kept (n int)");
            statement.execute("insert into kept select 1 where not exists (select from kept)");
            connection.setAutoCommit(false);
            statement.execute("insert into kept values (2)");
            System.out.println("ready " + server.pid());
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    /** The process of PostgreSQL, which outlives this one. */
    long postgres() {
        return postgres;
    }

    /** As {@code kill -9}. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
