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

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Hands each message of a port, a web address or a folder to intake, as one of the partner and
 * route that claim it.
 */
final class Dispatch implements FrameHandler {
    private static final Logger log = LoggerFactory.getLogger(Dispatch.class);

    private final Door door;
    private final Reception reception;
    private volatile DispatchTable table;

    Dispatch(Door door, Reception reception) {
        this.door = door;
        this.reception = reception;
        this.table = new DispatchTable(door, List.of());
    }

    /** Decides from the next frame on. */
    void use(DispatchTable newer) {
        table = newer;
    }

    /**
     * Whom a message came from.
     *
     * @param name as the journal keeps it; not for logs, because a file's name may be a patient's
     * @param certificate what was shown, by connections only
     */
    record From(String name, Instant receivedAt, @Nullable X509Certificate certificate) {}

    @Override
    public CompletionStage<Answer> handle(Frame frame) {
        var peer = frame.peer();
        return handle(
                frame.content(),
                new From(Watch.text(peer), frame.receivedAt(), peer.certificate()));
    }

    /** The same for a message that came by another door. */
    CompletionStage<Answer> handle(byte[] content, From from) {
        return received(content, from).handle((reply, failure) -> answer(reply, failure));
    }

    private CompletionStage<Reply> received(byte[] content, From from) {
        var batch = Batch.of(content);
        return batch.isEmpty()
                ? message(content, from)
                : Batches.receive(
                        batch.get(), message -> message(message, from), b -> keep(from, b));
    }

    private CompletionStage<Long> keep(From from, Batch batch) {
        return reception.keepEnvelope(batch, from.name(), door.toString(), from.receivedAt());
    }

    private CompletionStage<Reply> message(byte[] message, From from) {
        var header = Header.read(message).orElse(null);
        if (header == null) {
            return refused(
                    from,
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
                        from.certificate());
        return switch (found) {
            case Found.Claimed(var entry) ->
                    reception.receive(
                            new Arrival(
                                    entry.partner(),
                                    entry.route().id(),
                                    from.name(),
                                    from.receivedAt(),
                                    message));
            case Found.Unclaimed(var cause) -> refused(from, message, new NotTaken.Sender(cause));
            case Found.OtherType(var partner, var cause) ->
                    refused(from, message, new NotTaken.Type(partner, cause));
            case Found.NotTheirs(var partner, var cause, var shown) -> {
                log.atWarn()
                        .addKeyValue("listener", door)
                        .addKeyValue(
                                "peer",
                                door instanceof Door.Folder || door instanceof Door.Sftp
                                        ? ""
                                        : from.name())
                        .addKeyValue("partner", partner)
                        .log("refused: {}; it showed {}", cause, shown);
                yield refused(from, message, new NotTaken.Sender(cause));
            }
        };
    }

    private CompletionStage<Reply> refused(From from, byte[] message, NotTaken why) {
        return reception.refuse(message, from.name(), door.toString(), from.receivedAt(), why);
    }

    private Answer answer(@Nullable Reply reply, @Nullable Throwable failure) {
        if (reply == null) {
            var why = why(failure);
            log.atWarn()
                    .addKeyValue("listener", door)
                    .addKeyValue("cause", why)
                    .log("nothing can be promised; nothing is answered");
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
