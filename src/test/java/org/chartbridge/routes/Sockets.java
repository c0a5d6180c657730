package org.chartbridge.routes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.chartbridge.FreePort;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** A sender's end, by hand. */
final class Sockets {
    private Sockets() {}

    static int freePort() {
        return FreePort.take();
    }

    static Socket connect(int port) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(5_000);
        return socket;
    }

    /** Sends one message over a connection of its own. */
    static String exchange(int port, String message) throws IOException {
        try (var socket = connect(port)) {
            return exchange(socket, message);
        }
    }

    static String exchange(Socket socket, String message) throws IOException {
        send(socket, message);
        return answer(socket);
    }

    static void send(Socket socket, String message) throws IOException {
        socket.getOutputStream().write(("\u000b" + message + "\u001c\r").getBytes(ISO_8859_1));
    }

    /** The next answer; {@code closed} when the connection ends before. */
    static String answer(Socket socket) throws IOException {
        var in = socket.getInputStream();
        var answer = new StringBuilder();
        for (var b = in.read(); b != 0x1C; b = in.read()) {
            if (b < 0) return "closed";
            if (b != 0x0B) answer.append((char) b);
        }
        if (in.read() != '\r') throw new EOFException("wanted 0x0D after 0x1C");
        return answer.toString();
    }

    static String message(String application, String facility, String type) {
        return "MSH|^~\\&|"
                + application
                + "|"
                + facility
                + "|CB|CLINIC|20260101120000||"
                + type
                + "|1|P|2.5.1\rPID|1\r";
    }
}
