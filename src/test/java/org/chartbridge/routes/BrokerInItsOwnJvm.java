package org.chartbridge.routes;

import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;

import java.nio.file.Path;
import java.util.List;

/** An Artemis of somebody else: a process of its own, on a port of loopback. */
public final class BrokerInItsOwnJvm {
    private BrokerInItsOwnJvm() {}

    public static void main(String[] args) throws Exception {
        System.setProperty("io.netty.noUnsafe", "false");
        var folder = Path.of(args[1]);
        var configuration = new ConfigurationImpl();
        configuration.setSecurityEnabled(false);
        configuration.setJournalDirectory(folder.resolve("journal").toString());
        configuration.setBindingsDirectory(folder.resolve("bindings").toString());
        configuration.setPagingDirectory(folder.resolve("paging").toString());
        configuration.setLargeMessagesDirectory(folder.resolve("large").toString());
        configuration.addAcceptorConfiguration("tcp", "tcp://127.0.0.1:" + args[0]);
        new EmbeddedActiveMQ().setConfiguration(configuration).start();
        System.out.println("listening");
        Thread.currentThread().join();
    }

    /** Starts one, and returns once it listens. */
    public static Process start(int port, Path folder) throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process =
                new ProcessBuilder(
                                List.of(
                                        java,
                                        "-Xmx128m",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        BrokerInItsOwnJvm.class.getName(),
                                        String.valueOf(port),
                                        folder.toString()))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (var lines = process.inputReader()) {
            for (var line = lines.readLine(); line != null; line = lines.readLine())
                if (line.equals("listening")) return process;
        }
        throw new IllegalStateException("the broker does not start");
    }
}
