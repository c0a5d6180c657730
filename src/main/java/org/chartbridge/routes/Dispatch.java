package org.chartbridge.routes;

import org.chartbridge.hl7.Batch;
import org.chartbridge.hl7.Header;
import org.chartbridge.intake.Arrival;
import org.chartbridge.intake.Batches;
import org.chartbridge.intake.Reception;
import org.chartbridge.intake.Reception.NotTaken;
import org.chartbridge.intake.Reception.NothingPromised;
import org.chartbridge.intake.Reception.Reply;
import org.chartbridge.mllp.Answer;
import org.chartbridge.mllp.Frame;
import org.chartbridge.mllp.FrameHandler;
import org.chartbridge.routes.DispatchTable.Found;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Hands each frame of a port to intake, as a message of the partner and route that claim it. */
final class Dispatch implements FrameHandler {
    private static final Logger log = LoggerFactory.getLogger(Dispatch.class);

    private final Address address;
    private final Reception reception;
    private volatile DispatchTable table;

    Dispatch(Address address, Reception reception) {
        this.address = address;
        this.reception = reception;
        this.table = new DispatchTable(address, List.of());
    }

    /** Decides from the next frame on. */
    void use(DispatchTable newer) {
        table = newer;
    }

    @Override
    public CompletionStage<Answer> handle(Frame frame) {
        return received(frame).handle((reply, failure) -> answer(reply, failure));
    }

    private CompletionStage<Reply> received(Frame frame) {
        var batch = Batch.of(frame.content());
        return batch.isEmpty()
                ? received(frame, frame.content())
                : Batches.receive(
                        batch.get(), message -> received(frame, message), b -> keep(frame, b));
    }

    private CompletionStage<Long> keep(Frame frame, Batch batch) {
        return reception.keepEnvelope(
                batch, Watch.text(frame.peer()), address.toString(), frame.receivedAt());
    }

    private CompletionStage<Reply> received(Frame frame, byte[] message) {
        var header = Header.read(message).orElse(null);
        if (header == null) {
            return refused(
                    frame,
                    message,
                    new NotTaken.Sender(
                            "no readable MSH; wanted a message that begins with MSH and its"
                                    + " delimiters"));
        }
        var found =
                table.find(
                        header.component(3, 1),
                        header.component(4, 1),
                        header.messageCode(),
                        frame.peer().certificate());
        return switch (found) {
            case Found.Claimed(var entry) ->
                    reception.receive(
                            new Arrival(
                                    entry.partner(),
                                    entry.route().id(),
                                    Watch.text(frame.peer()),
                                    frame.receivedAt(),
                                    message));
            case Found.Unclaimed(var cause) -> refused(frame, message, new NotTaken.Sender(cause));
            case Found.OtherType(var partner, var cause) ->
                    refused(frame, message, new NotTaken.Type(partner, cause));
            case Found.NotTheirs(var partner, var cause, var shown) -> {
                log.atWarn()
                        .addKeyValue("listener", address)
                        .addKeyValue("peer", Watch.text(frame.peer()))
                        .addKeyValue("partner", partner)
                        .log("refused: {}; it showed {}", cause, shown);
                yield refused(frame, message, new NotTaken.Sender(cause));
            }
        };
    }

    private CompletionStage<Reply> refused(Frame frame, byte[] message, NotTaken why) {
        return reception.refuse(
                message, Watch.text(frame.peer()), address.toString(), frame.receivedAt(), why);
    }

    private Answer answer(@Nullable Reply reply, @Nullable Throwable failure) {
        if (reply == null) {
            var why = why(failure);
            log.atWarn()
                    .addKeyValue("listener", address)
                    .addKeyValue("cause", why)
                    .log("nothing can be promised; the connection is closed without an answer");
            return new Answer.HangUp(why);
        }
        return switch (reply) {
            case Reply.Answer(var content) -> new Answer.Reply(content);
            case Reply.NoAnswer _ -> new Answer.Silence();
        };
    }

    /** Only our own words: the text of another exception may hold content of the message. */
    private static String why(@Nullable Throwable failure) {
        return switch (failure) {
            case null -> "no reply";
            case NothingPromised ours -> String.valueOf(ours.getMessage());
            default -> failure.getClass().getSimpleName();
        };
    }
}
