package org.chartbridge.mllp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** A peer for tests: a plain socket that can send what no decent client would. */
final class Wire implements AutoCloseable {
    private final Socket socket = new Socket();
    private final InputStream in;

    Wire(InetSocketAddress address) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        socket.connect(address);
        in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
    }

    Wire send(String latin1) throws IOException {
        socket.getOutputStream().write(latin1.getBytes(ISO_8859_1));
        return this;
    }

    Wire sendFrame(String content) throws IOException {
        return send(frame(content));
    }

    static String frame(String content) {
        return "\u000B" + content + "\u001C\r";
    }

    /** The next answer without its envelope; empty text if the connection ended first. */
    String answer() throws IOException {
        var content = new StringBuilder();
        var b = in.read();
        if (b < 0) return "";
        if (b != 0x0B) throw new IOException("wanted 0x0B, got " + b);
        for (b = in.read(); b != 0x1C; b = in.read()) {
            if (b < 0) throw new IOException("ended inside an answer");
            content.append((char) b);
        }
        if (in.read() != '\r') throw new IOException("wanted 0x0D");
        return content.toString();
    }

    /** Whether the other side ends the connection, in order or by reset, within ten seconds. */
    boolean ended() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    Wire timeout(int millis) throws IOException {
        socket.setSoTimeout(millis);
        return this;
    }

    /** Ends our side; answers can still be read. */
    Wire endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Breaks the connection with RST. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
