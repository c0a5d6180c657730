package org.chartbridge.intake;

import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Location;
import org.chartbridge.journal.Overrides;
import org.chartbridge.mapping.Mapped;
import org.chartbridge.partner.ScreeningPolicy;
import org.chartbridge.partner.ScreeningPolicy.Act;
import org.chartbridge.screening.Alert;
import org.chartbridge.screening.OrderScreening;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What screening says of a message that orders, by the {@code screening:} of who ordered.
 *
 * @param faults for the answer: a warning for each alert that is told
 * @param holds whether what it sends on waits until a person has decided
 */
record Screened(List<Fault> faults, boolean holds) {
    /** Nothing to say. */
    static final Screened CLEAR = new Screened(List.of(), false);

    /** How many alerts an answer tells; the rest stands on the page. */
    static final int MAX_TOLD = 20;

    private static final Logger log = LoggerFactory.getLogger(Screened.class);

    Screened {
        faults = List.copyOf(faults);
    }

    /**
     * Screens one message; alerts that a person has overridden say nothing any more.
     *
     * @param connection in the transaction that charts it, after its rows are written
     */
    static Screened of(
            OrderScreening screening, Connection connection, GroupWork.ToScreen toScreen) {
        var submission = toScreen.submission();
        var policy = policy(submission);
        boolean sends = !submission.prepared().deliveries().isEmpty();
        if (screening.isOff())
            return failed(
                    policy.notScreened(),
                    sends,
                    "the order was not screened: there are no tables of screening, or they have a"
                            + " fault; nothing was checked");
        List<Alert> alerts;
        try {
            alerts = screening.alerts(connection, toScreen.recordId(), submission.entryId());
        } catch (IllegalArgumentException | IllegalStateException e) {
            // A bug of ours, which must not look as if nothing was found.
            log.atError()
                    .addKeyValue("entryId", submission.entryId())
                    .addKeyValue("exception", e.getClass().getName())
                    .log("screening failed");
            return failed(
                    policy.notScreened(),
                    sends,
                    "the order could not be screened because of a fault in Chartbridge; nothing"
                            + " was checked");
        }
        if (alerts.isEmpty() && toScreen.unread().isEmpty()) return CLEAR;
        var overridden =
                Overrides.of(connection).of(alerts.stream().map(Alert::key).toList()).keySet();
        return of(
                alerts.stream().filter(alert -> !overridden.contains(alert.key())).toList(),
                toScreen.unread(),
                policy,
                submission.entryId(),
                sends);
    }

    /** Whether whoever sent it asks for more or less than is done by itself. */
    static boolean isAsked(Submission submission) {
        return !policy(submission).equals(ScreeningPolicy.STANDARD);
    }

    private static ScreeningPolicy policy(Submission submission) {
        return submission.partner() == null
                ? ScreeningPolicy.STANDARD
                : submission.partner().screening();
    }

    /**
     * @param alerts open ones, the worst first
     * @param unread what is ordered and could not be charted
     * @param sends whether the message sends anything on
     */
    static Screened of(
            List<Alert> alerts,
            List<Fault> unread,
            ScreeningPolicy policy,
            long entryId,
            boolean sends) {
        var faults = new ArrayList<Fault>();
        boolean holds = false;
        if (policy.notScreened() != Act.NONE)
            for (var one : unread) {
                holds |= sends && policy.notScreened() == Act.HOLD;
                if (faults.size() < MAX_TOLD) faults.add(told(one));
            }
        for (var alert : alerts) {
            var act = act(policy, alert);
            if (act == Act.NONE) continue;
            holds |= sends && act == Act.HOLD;
            if (faults.size() < MAX_TOLD) faults.add(told(alert, entryId));
        }
        if (holds) faults.add(held());
        return new Screened(faults, holds);
    }

    /** Of the remarks on a message, those by which something ordered is not charted. */
    static List<Fault> unread(List<Fault> remarks) {
        return remarks.stream().filter(one -> one.reason().equals(Mapped.NOT_SCREENED)).toList();
    }

    private static Fault told(Fault unread) {
        return Fault.warning(
                unread.location(), unread.code(), "not-screened", "not screened: " + unread.text());
    }

    /** Nothing was checked, which is told whatever the policy says. */
    private static Screened failed(Act act, boolean sends, String why) {
        var fault = Fault.warning(null, ErrorCode.INTERNAL, "not-screened", why);
        return act == Act.HOLD && sends
                ? new Screened(List.of(fault, held()), true)
                : new Screened(List.of(fault), false);
    }

    static Act act(ScreeningPolicy policy, Alert alert) {
        if (alert.isNotScreened()) return policy.notScreened();
        return switch (alert.severity()) {
            case HIGH -> policy.high();
            case MODERATE -> policy.moderate();
            case LOW -> policy.low();
        };
    }

    /** In the words of the tables: an answer names nothing of the chart. */
    private static Fault told(Alert alert, long entryId) {
        return Fault.warning(
                place(alert, entryId),
                ErrorCode.ACCEPTED,
                switch (alert.kind()) {
                    case ALLERGY -> "allergy-conflict";
                    case CROSS_REACTION -> "cross-reaction";
                    case INTERACTION -> "interaction";
                    case NOT_SCREENED -> "not-screened";
                },
                alert.kind().title().toLowerCase(Locale.ROOT)
                        + (alert.isNotScreened() ? ": " : ", " + alert.severity().word() + ": ")
                        + alert.text());
    }

    /** The segment of this message that the alert is about; null for one that it does not hold. */
    private static @Nullable Location place(Alert alert, long entryId) {
        if (alert.order().entryId() == entryId) return GroupWork.place(alert.order().path());
        for (var source : alert.because())
            if (source.entryId() == entryId) return GroupWork.place(source.path());
        return null;
    }

    private static Fault held() {
        return Fault.warning(
                null,
                ErrorCode.ACCEPTED,
                "held-by-screening",
                "charted, and not sent on: it waits for a person's decision on the page Alerts");
    }
}
