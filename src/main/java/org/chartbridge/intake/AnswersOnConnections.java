package org.chartbridge.intake;

import org.chartbridge.delivery.LateAnswers;
import org.chartbridge.intake.Reception.Reply;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.RoutesOverview;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Journals application acknowledgements that come on connections of ours, behind the answer to a
 * delivery, as messages of the partner who is at the other end: whatever MSH-3 and MSH-4 say, it is
 * who we called.
 */
@Component
public class AnswersOnConnections implements LateAnswers {
    private final ObjectProvider<Reception> reception;
    private final ObjectProvider<RoutesOverview> overview;
    private final Clock clock;

    AnswersOnConnections(
            ObjectProvider<Reception> reception,
            ObjectProvider<RoutesOverview> overview,
            Clock clock) {
        this.reception = reception;
        this.overview = overview;
        this.clock = clock;
    }

    @Override
    public CompletionStage<byte @Nullable []> came(String destination, String peer, byte[] answer) {
        var partner = partner(destination);
        if (partner == null)
            return CompletableFuture.failedStage(
                    new Reception.NothingPromised("the partner's folder is not loaded"));
        return reception
                .getObject()
                .receive(new Arrival(partner, "", peer, clock.instant(), answer))
                .thenApply(AnswersOnConnections::content);
    }

    private static byte @Nullable [] content(Reply reply) {
        return switch (reply) {
            case Reply.Answer(var content) -> content;
            case Reply.NoAnswer _ -> null;
        };
    }

    private @Nullable Partner partner(String destination) {
        var folder = destination.substring(0, Math.max(0, destination.indexOf('/')));
        for (var state : overview.getObject().partners())
            if (state.partner().folder().equals(folder)) return state.partner();
        return null;
    }
}
