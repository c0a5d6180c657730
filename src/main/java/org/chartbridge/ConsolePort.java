package org.chartbridge;

import org.chartbridge.database.DataFolder;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Path;

/** Looks whether the console's port is free before the database is started for nothing. */
class ConsolePort implements ApplicationListener<ApplicationPreparedEvent> {
    @Override
    public void onApplicationEvent(ApplicationPreparedEvent event) {
        var settings = event.getApplicationContext().getEnvironment();
        var port = settings.getProperty("server.port", Integer.class, 0);
        if (port <= 0 || heldByAnEngineOfThisFolder(settings)) return;
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address(settings), port));
        } catch (IOException e) {
            throw new PortInUseException(port, e);
        }
    }

    /** Then the refusal of the data folder says more than the port could. */
    private static boolean heldByAnEngineOfThisFolder(Environment settings) {
        try {
            var folder = settings.getRequiredProperty("chartbridge.data");
            return DataFolder.running(Path.of(folder)).isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InetAddress address(Environment settings) throws UnknownHostException {
        return settings.getProperty(
                "server.address", InetAddress.class, InetAddress.getLocalHost());
    }
}
