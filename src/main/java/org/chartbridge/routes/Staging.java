package org.chartbridge.routes;

import org.apache.camel.Exchange;
import org.chartbridge.delivery.Endpoint;
import org.chartbridge.delivery.Outboxes.Made;
import org.chartbridge.delivery.OwnExchange;
import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.partner.EditScript;
import org.jspecify.annotations.Nullable;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** What the steps of one run have staged. Copies of an exchange (split, multicast) share it. */
final class Staging {
    /** The exchange property that holds it. */
    static final String PROPERTY = "chartbridge-staging";

    private final byte[] raw;
    private final Charset charset;
    private final @Nullable Orderer orderer;
    private final List<StagedDelivery> deliveries = new ArrayList<>();
    private final List<Made.Ready> sends = new ArrayList<>();
    private boolean chart;
    private boolean answer;
    private String step = "";

    // What conditions read last; a body is never changed in place.
    private @Nullable Object readBody;
    private @Nullable Message read;

    /**
     * @param raw what the run began with
     * @param charset in which a part that is text by now is written again
     */
    Staging(byte[] raw, Charset charset) {
        this(raw, charset, null);
    }

    /**
     * @param orderer what steps {@code order} and {@code refer} ask; null behind an outbox, where
     *     there is none
     */
    Staging(byte[] raw, Charset charset, @Nullable Orderer orderer) {
        this.raw = raw;
        this.charset = charset;
        this.orderer = orderer;
    }

    /** Finds out where the orders and the referral of a body go. */
    interface Orderer {
        List<StagedDelivery> staged(byte[] body);

        List<StagedDelivery> referred(byte[] body);
    }

    /** The orders of a body are to go where they belong. */
    void order(@Nullable Object body) {
        if (orderer == null) throw new IllegalStateException("order behind an outbox");
        deliveries.addAll(orderer.staged(bytes(body)));
    }

    /** The referral of a body is to go to whom it is for. */
    void refer(@Nullable Object body) {
        if (orderer == null) throw new IllegalStateException("refer behind an outbox");
        deliveries.addAll(orderer.referred(bytes(body)));
    }

    /** The one of this run. */
    static Staging of(Exchange exchange) {
        return Objects.requireNonNull(exchange.getProperty(PROPERTY, Staging.class), PROPERTY);
    }

    void chart() {
        chart = true;
    }

    void deliver(String destination, @Nullable Object body) {
        var content = bytes(body);
        deliveries.add(
                new StagedDelivery(
                        destination,
                        Arrays.equals(content, raw) ? null : OwnExchange.begun(content, raw)));
    }

    void send(Endpoint endpoint, @Nullable Object body) {
        sends.add(new Made.Ready(endpoint, bytes(body)));
    }

    /** A body as it is after the edits of a file. */
    byte[] edited(@Nullable Object body, EditScript script) {
        return Editing.edited(bytes(body), charset, script);
    }

    /** A body as conditions read it. */
    @SuppressWarnings("ReferenceEquality") // To compare contents would cost what it saves.
    Message message(@Nullable Object body) {
        var known = read;
        if (known != null && body == readBody) return known;
        if (!(Message.read(bytes(body), charset) instanceof Reading.Readable(var message)))
            throw new NotPossible("a condition in hl7 is asked of what is no message");
        read = message;
        readBody = body;
        return message;
    }

    private byte[] bytes(@Nullable Object body) {
        return switch (body) {
            case byte[] bytes -> bytes;
            case String text -> text.getBytes(charset);
            case null -> throw new IllegalStateException("the body is empty");
            default -> throw new IllegalStateException("the body is " + body.getClass());
        };
    }

    void reached(String id) {
        step = id;
    }

    /** Id of the step that was reached last, "" before the first. */
    String step() {
        return step;
    }

    void answer() {
        answer = true;
    }

    boolean answers() {
        return answer;
    }

    boolean charts() {
        return chart;
    }

    List<StagedDelivery> deliveries() {
        return deliveries;
    }

    List<Made.Ready> sends() {
        return sends;
    }
}
