package org.chartbridge.mllp;

import static org.chartbridge.mllp.Envelope.CARRIAGE_RETURN;
import static org.chartbridge.mllp.Envelope.END;
import static org.chartbridge.mllp.Envelope.LINE_FEED;
import static org.chartbridge.mllp.Envelope.START;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;

import org.chartbridge.mllp.Stray.Cause;
import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/**
 * Finds frames in a stream that may be cut anywhere (MLLP release 1).
 *
 * <pre>
 *             0x0B                  0x1C                      0x0D (or see Limits)
 *  BETWEEN ─────────► INSIDE ─────────────────► AT_END ─────────────────────────► a frame, BETWEEN
 *     ▲  other: stray   │ ▲ 0x0B: stray, anew      │ other: 0x1C was content
 *     │                 │ └────────────────────────┘
 *     └── closed ◄──────┴─ too large, timed out …: everything that follows is ignored
 * </pre>
 *
 * <p>Where the stream is cut never changes what is found. Each byte is looked at once. Not thread
 * safe; one for each connection.
 */
final class FrameDecoder {
    private static final ByteProcessor UNTIL_START_OR_END = b -> b != START && b != END;

    private enum Place {
        BETWEEN,
        INSIDE,
        AT_END,
        CLOSED
    }

    private final Limits limits;
    private final Consumer<Stray> strays;

    private Place place = Place.BETWEEN;
    private boolean first = true;
    private boolean returnMayFollow;
    private int straysInARow;
    private long starts;
    private long outside;
    private @Nullable FrameBytes held;
    private @Nullable Cause closedBy;

    /**
     * @param strays is given whatever is no frame, in the order of the stream
     */
    FrameDecoder(Limits limits, Consumer<Stray> strays) {
        this.limits = limits;
        this.strays = strays;
    }

    /**
     * Reads up to the end of the next frame and returns its content, or reads everything and
     * returns null because the frame goes on later.
     */
    byte @Nullable [] next(ByteBuf in) {
        while (in.isReadable()) {
            switch (place) {
                case BETWEEN -> between(in);
                case INSIDE -> {
                    var whole = inside(in);
                    if (whole != null) return whole;
                }
                case AT_END -> {
                    if (endsBefore(in)) return take();
                }
                case CLOSED -> in.skipBytes(in.readableBytes());
            }
        }
        return null;
    }

    /**
     * The stream has ended in good order. Returns the last frame if only its 0x0D was missing and
     * that is accepted; reports what else was left.
     */
    byte @Nullable [] endOfStream() {
        if (awaitsReturn()) return take();
        abandon();
        return null;
    }

    /** The stream broke; reports what was left. */
    void abandon() {
        switch (place) {
            case BETWEEN -> reportOutside();
            case INSIDE, AT_END -> report(Cause.UNFINISHED_AT_CLOSE);
            case CLOSED -> {}
        }
        place = Place.CLOSED;
    }

    /** Reports the unfinished frame with a cause of the caller's, and closes. */
    void close(Cause cause) {
        report(cause);
    }

    /** Whether 0x1C was the last byte, and the frame may end there. */
    boolean awaitsReturn() {
        return place == Place.AT_END && !limits.needsCarriageReturn();
    }

    /** The frame ends without 0x0D: enough time has passed. */
    byte[] endWithoutReturn() {
        returnMayFollow = true;
        return take();
    }

    /** How many bytes came since the last frame, outside of any. */
    long outside() {
        return outside;
    }

    /** Whether bytes outside a frame wait to be reported. */
    boolean hasOutside() {
        return place == Place.BETWEEN && outside > 0;
    }

    void reportOutside() {
        if (outside > 0) report(Cause.BETWEEN_FRAMES);
    }

    boolean inFrame() {
        return place == Place.INSIDE || place == Place.AT_END;
    }

    /** Number of the frame that began last. */
    long starts() {
        return starts;
    }

    /** Bytes of the unfinished frame. */
    int frameBytes() {
        return inFrame() && held != null ? held.size() : 0;
    }

    /** Memory in use for the unfinished frame or stray bytes. */
    int heldBytes() {
        return held == null ? 0 : held.capacity();
    }

    /** Why nothing is read any more, null while it is. */
    @Nullable Cause closedBy() {
        return closedBy;
    }

    private void between(ByteBuf in) {
        if (returnMayFollow) {
            returnMayFollow = false;
            if (in.getByte(in.readerIndex()) == CARRIAGE_RETURN) in.skipBytes(1);
            return;
        }
        var from = in.readerIndex();
        var start = in.indexOf(from, in.writerIndex(), START);
        var count = (start < 0 ? in.writerIndex() : start) - from;
        if (count > 0) outside(in, count);
        if (start < 0 || place == Place.CLOSED) return;
        reportOutside();
        if (place == Place.CLOSED) return;
        in.skipBytes(1);
        begin();
    }

    private void begin() {
        first = false;
        starts++;
        place = Place.INSIDE;
    }

    private void outside(ByteBuf in, int count) {
        var bytes = held();
        var kept = Math.min(count, limits.maxStrayBytes() - bytes.size());
        bytes.add(in, kept);
        in.skipBytes(count - kept);
        outside += count;
        if (first) {
            var caller = Caller.of(bytes.first(Caller.LONGEST_GREETING));
            if (caller != null) {
                report(caller);
                return;
            }
            first = outside < Caller.LONGEST_GREETING;
        }
        if (outside > limits.maxFrameBytes()) report(Cause.TOO_LARGE);
    }

    private byte @Nullable [] inside(ByteBuf in) {
        var from = in.readerIndex();
        var found = in.forEachByte(UNTIL_START_OR_END);
        var count = (found < 0 ? in.writerIndex() : found) - from;
        if (count > limits.maxFrameBytes() - (held == null ? 0 : held.size())) {
            tooLarge(in, count);
            return null;
        }
        var whole = wholeAt(in, from, found);
        if (whole != null) return whole;
        if (count > 0) held().add(in, count);
        if (found < 0) return null;
        if (in.readByte() == END) {
            place = Place.AT_END;
        } else {
            report(Cause.REPLACED_BY_NEW_START);
            if (place != Place.CLOSED) begin();
        }
        return null;
    }

    /** The usual case, a frame in one piece: copied once, nothing held. */
    private byte @Nullable [] wholeAt(ByteBuf in, int from, int end) {
        if (held != null || end < 0 || end + 1 >= in.writerIndex()) return null;
        if (in.getByte(end) != END || in.getByte(end + 1) != CARRIAGE_RETURN) return null;
        var content = new byte[end - from];
        in.readBytes(content).skipBytes(2);
        ended();
        return content;
    }

    private boolean endsBefore(ByteBuf in) {
        var next = in.getByte(in.readerIndex());
        if (next == CARRIAGE_RETURN || (next == LINE_FEED && !limits.needsCarriageReturn())) {
            in.skipBytes(1);
            return true;
        }
        if (next == START && !limits.needsCarriageReturn()) return true;
        if (held().size() == limits.maxFrameBytes()) {
            tooLarge(in, 0);
        } else {
            held().add(END);
            place = Place.INSIDE;
        }
        return false;
    }

    private byte[] take() {
        var content = held == null ? new byte[0] : held.first(held.size());
        ended();
        return content;
    }

    private void ended() {
        held = null;
        straysInARow = 0;
        place = Place.BETWEEN;
    }

    private void tooLarge(ByteBuf in, int count) {
        var bytes = held();
        var total = (long) bytes.size() + count;
        var room = Math.min(limits.maxStrayBytes(), limits.maxFrameBytes()) - bytes.size();
        bytes.add(in, Math.clamp(room, 0, count));
        report(Cause.TOO_LARGE, total);
    }

    private FrameBytes held() {
        var bytes = held;
        if (bytes == null) {
            bytes =
                    new FrameBytes(
                            place == Place.BETWEEN
                                    ? limits.maxStrayBytes()
                                    : limits.maxFrameBytes());
            held = bytes;
        }
        return bytes;
    }

    private void report(Cause cause) {
        report(cause, place == Place.BETWEEN ? outside : held == null ? 0 : held.size());
    }

    private void report(Cause natural, long total) {
        var cause =
                natural.fatal() || ++straysInARow < limits.maxStraysInARow()
                        ? natural
                        : Cause.TOO_MANY;
        var excerpt = held == null ? new byte[0] : held.first(limits.maxStrayBytes());
        held = null;
        outside = 0;
        place = Place.BETWEEN;
        if (cause.fatal()) {
            place = Place.CLOSED;
            closedBy = cause;
        }
        strays.accept(new Stray(cause, excerpt, total));
    }
}
