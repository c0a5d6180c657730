package org.chartbridge.intake;

import org.chartbridge.hl7.AnswerPlan;
import org.chartbridge.hl7.Header;
import org.chartbridge.intake.Reception.Reply;
import org.chartbridge.journal.Entry;
import org.chartbridge.journal.ReceiptKey;
import org.chartbridge.partner.Partner;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One message on its way through a group commit.
 *
 * @param partner null when nobody claimed the sender
 * @param route empty when no route took it
 * @param header empty when there is no readable MSH
 * @param receipt null when the message can't be told from others: no partner or no MSH-10
 * @param stored the entry as it was stored earlier; null for a message that is new to the journal
 * @param sent whether its deliveries were staged before and don't leave again
 * @param reply completed after the commit
 */
record Submission(
        long entryId,
        @Nullable Partner partner,
        String route,
        String peer,
        Instant receivedAt,
        byte[] raw,
        Optional<Header> header,
        AnswerPlan plan,
        @Nullable ReceiptKey receipt,
        Prepared prepared,
        @Nullable Entry stored,
        boolean sent,
        CompletableFuture<Reply> reply) {

    Submission with(Prepared other) {
        return new Submission(
                entryId,
                partner,
                route,
                peer,
                receivedAt,
                raw,
                header,
                plan,
                receipt,
                other,
                stored,
                sent,
                reply);
    }

    String folder() {
        return partner == null ? "" : partner.folder();
    }

    /** Whether it needs a transaction of its own. */
    boolean isAlone(int aloneBytes) {
        return raw.length > aloneBytes
                || (prepared instanceof Prepared.ToChart(var update, _, _) && update.isAlone());
    }

    /**
     * The same in their order, cut so that what needs a transaction of its own has one: what a
     * message says about who is who is read from the database by those behind it.
     */
    static List<List<Submission>> apart(List<Submission> all) {
        var groups = new ArrayList<List<Submission>>(1);
        var group = new ArrayList<Submission>(all.size());
        for (var one : all) {
            boolean alone = one.isAlone(Integer.MAX_VALUE);
            if (alone && !group.isEmpty()) {
                groups.add(List.copyOf(group));
                group.clear();
            }
            if (alone) groups.add(List.of(one));
            else group.add(one);
        }
        if (!group.isEmpty()) groups.add(List.copyOf(group));
        return groups;
    }

    /**
     * Which writer takes it: messages of one patient go to the same one, so that they don't wait
     * for locks.
     */
    int shard() {
        return prepared instanceof Prepared.ToChart(var update, _, _)
                ? update.patient().key().hashCode()
                : Long.hashCode(entryId);
    }

    /** Prints the entry's id only: a submission holds a patient. */
    @Override
    public String toString() {
        return "Submission[" + entryId + "]";
    }
}
