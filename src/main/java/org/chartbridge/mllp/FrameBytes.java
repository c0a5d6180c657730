package org.chartbridge.mllp;

import io.netty.buffer.ByteBuf;

import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of an unfinished frame, in chunks: adding costs the same however many there are, and
 * nothing stays allocated when the frame is taken.
 */
final class FrameBytes {
    private static final int SMALLEST_CHUNK = 512;
    private static final int LARGEST_CHUNK = 64 * 1024;

    private final int max;
    private final List<byte[]> chunks = new ArrayList<>(1);
    private int inLast;
    private int size;
    private int capacity;

    /**
     * @param max how many bytes will be added at most; no more is ever allocated
     */
    FrameBytes(int max) {
        this.max = max;
    }

    int size() {
        return size;
    }

    int capacity() {
        return capacity;
    }

    /** Moves the next bytes of {@code in} here. */
    void add(ByteBuf in, int count) {
        var left = count;
        while (left > 0) {
            var chunk = chunkWithRoom(left);
            var now = Math.min(left, chunk.length - inLast);
            in.readBytes(chunk, inLast, now);
            inLast += now;
            size += now;
            left -= now;
        }
    }

    void add(byte b) {
        chunkWithRoom(1)[inLast++] = b;
        size++;
    }

    /** The first bytes, all of them if there are no more than {@code atMost}. */
    byte[] first(int atMost) {
        var all = new byte[Math.min(size, atMost)];
        var at = 0;
        for (var chunk : chunks) {
            var now = Math.min(chunk.length, all.length - at);
            System.arraycopy(chunk, 0, all, at, now);
            at += now;
            if (at == all.length) break;
        }
        return all;
    }

    private byte[] chunkWithRoom(int wanted) {
        if (!chunks.isEmpty() && inLast < chunks.getLast().length) return chunks.getLast();
        var doubled = Math.clamp(Math.max(wanted, capacity), SMALLEST_CHUNK, LARGEST_CHUNK);
        var chunk = new byte[Math.min(doubled, max - capacity)];
        chunks.add(chunk);
        capacity += chunk.length;
        inLast = 0;
        return chunk;
    }
}
