package org.chartbridge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;

/** A lab's end of the wire: a plain socket, with nothing of the engine in it. */
final class SampleWire implements AutoCloseable {
    private static final int START = 0x0B;
    private static final int END = 0x1C;
    private static final int RETURN = 0x0D;
    private static final int MAX_WAIT_MILLIS = 20_000;

    private final Socket socket;

    private SampleWire(Socket socket) {
        this.socket = socket;
    }

    static SampleWire to(int port) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(MAX_WAIT_MILLIS);
        socket.setTcpNoDelay(true);
        return new SampleWire(socket);
    }

    void send(byte[] bytes, boolean framed) throws IOException {
        var all = new ByteArrayOutputStream(bytes.length + 3);
        if (framed) all.write(START);
        all.writeBytes(bytes);
        if (framed) {
            all.write(END);
            all.write(RETURN);
        }
        socket.getOutputStream().write(all.toByteArray());
        socket.getOutputStream().flush();
    }

    /**
     * The next answer; empty when the other side hangs up first.
     *
     * @throws java.net.SocketTimeoutException when nothing comes for {@value #MAX_WAIT_MILLIS} ms
     */
    Optional<byte[]> answer() throws IOException {
        var in = socket.getInputStream();
        ByteArrayOutputStream content = null;
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (content == null) {
                if (b != START)
                    throw new IOException("wanted 0x0B, got 0x" + Integer.toHexString(b));
                content = new ByteArrayOutputStream();
            } else if (b == END) {
                int last = in.read();
                if (last != RETURN)
                    throw new IOException("wanted 0x0D, got 0x" + Integer.toHexString(last));
                return Optional.of(content.toByteArray());
            } else {
                content.write(b);
            }
        }
        if (content != null) throw new IOException("the answer was cut off");
        return Optional.empty();
    }

    /** Says goodbye and reads on to the end: whatever still comes was not wanted. */
    Optional<byte[]> rest() throws IOException {
        if (socket.isClosed()) return Optional.empty();
        socket.shutdownOutput();
        return answer();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
