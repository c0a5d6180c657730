package org.chartbridge.mllp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** The bytes around a message: 0x0B before, 0x1C 0x0D behind (MLLP release 1). */
final class Envelope {
    static final byte START = 0x0B;
    static final byte END = 0x1C;
    static final byte CARRIAGE_RETURN = 0x0D;
    static final byte LINE_FEED = 0x0A;

    private Envelope() {}

    /**
     * The content in its envelope, ready to be written.
     *
     * @throws IllegalArgumentException if the receiver would find a frame's start or end inside it
     */
    static ByteBuf wrap(ByteBufAllocator memory, byte[] content) {
        checkContent(content);
        return memory.ioBuffer(content.length + 3)
                .writeByte(START)
                .writeBytes(content)
                .writeByte(END)
                .writeByte(CARRIAGE_RETURN);
    }

    private static void checkContent(byte[] content) {
        for (var i = 0; i < content.length; i++) {
            var b = content[i];
            if (b > END) continue;
            if (b == START) throw notFramable("0x0B", i);
            if (b == END && i + 1 < content.length) {
                var next = content[i + 1];
                if (next == CARRIAGE_RETURN || next == LINE_FEED) {
                    throw notFramable("0x1C before an end of line", i);
                }
            }
        }
    }

    private static IllegalArgumentException notFramable(String what, int at) {
        return new IllegalArgumentException(
                "wanted content that MLLP can frame, got " + what + " at byte " + at);
    }
}
