package org.chartbridge.delivery;

import org.chartbridge.delivery.Outboxes.Made;

import java.util.function.Function;

/**
 * What a message asks its receiver to answer (MSH-15, MSH-16) was between its sender and us. Where
 * it is sent on, the next exchange begins without it ⚠: with the NE of another exchange a message
 * would count as accepted once its bytes are written, with its AL an error that follows a CA would
 * only be logged.
 */
public final class OwnExchange {
    private static final int[] ASKED = {16, 15};

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
            var place = HeaderField.of(begun, field);
            if (place.isEmpty()
                    || place.get().isEmpty()
                    || !HeaderField.same(begun, received, field)) continue;
            begun = place.get().replaced(begun, new byte[0]);
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
}
