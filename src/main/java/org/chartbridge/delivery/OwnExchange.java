package org.chartbridge.delivery;

import org.chartbridge.delivery.Outboxes.Made;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;

/**
 * What a message asks its receiver to answer (MSH-15, MSH-16) was between its sender and us. Where
 * it is sent on, the next exchange begins without it ⚠: with the NE of another exchange a message
 * would count as accepted once its bytes are written, with its AL an error that follows a CA would
 * only be logged.
 */
public final class OwnExchange {
    private static final int[] ASKED = {16, 15};
    private static final byte[] MSH = "MSH".getBytes(StandardCharsets.US_ASCII);

    private OwnExchange() {}

    /**
     * A message without what it asks for as it came.
     *
     * @param received what came; what says something else was set on the way, and stays
     * @return the message itself where nothing is to be taken out
     */
    public static byte[] begun(byte[] message, byte[] received) {
        var begun = message;
        for (int field : ASKED) {
            var place = place(begun, field);
            var before = place(received, field);
            if (place.isEmpty()
                    || !Arrays.equals(
                            begun, place.from, place.to, received, before.from, before.to))
                continue;
            var shorter = new byte[begun.length - (place.to - place.from)];
            System.arraycopy(begun, 0, shorter, 0, place.from);
            System.arraycopy(begun, place.to, shorter, place.from, begun.length - place.to);
            begun = shorter;
        }
        return begun;
    }

    /**
     * What an outbox makes of a message as it came. What its edits set stays. A file stays as it
     * is: whoever collects it answers nothing.
     *
     * @param route what the outbox does; has no effect on the world, and may run twice
     */
    public static Made made(byte[] body, Function<byte[], Made> route) {
        var begun = begun(body, body);
        var made = route.apply(begun);
        return begun.length < body.length
                        && made instanceof Made.Ready(var endpoint, _)
                        && (endpoint instanceof Endpoint.Folder
                                || endpoint instanceof Endpoint.Sftp)
                ? route.apply(body)
                : made;
    }

    /** Where a field of the first segment stands. */
    private record Place(int from, int to) {
        boolean isEmpty() {
            return from == to;
        }
    }

    /** Of MSH, whose first field is the separator; empty where there is no such field. */
    private static Place place(byte[] message, int field) {
        var none = new Place(0, 0);
        if (message.length < 4 || !Arrays.equals(message, 0, 3, MSH, 0, 3)) return none;
        byte separator = message[3];
        int number = 1;
        int from = 3;
        for (int i = 3; i <= message.length; i++) {
            boolean ends = i == message.length || message[i] == '\r' || message[i] == '\n';
            if (!ends && message[i] != separator) continue;
            if (number == field) return new Place(from, i);
            if (ends) return none;
            number++;
            from = i + 1;
        }
        return none;
    }
}
