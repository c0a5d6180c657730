package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.intake.AlertDecisions;
import org.chartbridge.intake.Decisions.By;
import org.chartbridge.journal.Overrides;
import org.chartbridge.journal.Overrides.Overridden;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

import java.security.Principal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Lists of what somebody has to look after: an item is open until what it is about changes, or a
 * person says what became of it, with a reason that stands in the journal and can be taken back.
 */
@Component
class Settling {
    /** What happened longer ago is listed no more. */
    private static final Duration LISTED_FOR = Duration.ofDays(90);

    private final Overrides settled;
    private final AlertDecisions decisions;
    private final AuditTrail audit;
    private final Clock clock;

    Settling(Overrides settled, AlertDecisions decisions, AuditTrail audit, Clock clock) {
        this.settled = settled;
        this.decisions = decisions;
        this.audit = audit;
        this.clock = clock;
    }

    /** The page whose lists these are, and what their items are about. */
    enum On {
        PATIENTS("/unmatched"),
        DELIVERIES("/worklist/rejected");

        private final String page;

        On(String page) {
            this.page = page;
        }
    }

    /** One of a list. */
    interface Item {
        /** Who said what became of it; null while it is open. */
        @Nullable Overridden settled();

        default boolean isOpen() {
            return settled() == null;
        }

        /** Whether this decision of a person settled it. */
        default boolean isSettledBy(long decision) {
            var said = settled();
            return said != null && said.entryId() == decision;
        }
    }

    /** An item that is a row of the chart. */
    record Listed<R>(R row, @Nullable Overridden settled) implements Item {}

    /**
     * What a person says something of.
     *
     * @param key by which it is found again. It is made of messages: entries of the journal keep
     *     their number when facts are written anew
     * @param entry the message that it is about
     * @param details for the journal
     */
    record Subject(String key, long entry, Map<String, Object> details) {}

    /** What happened before is listed no more. */
    Instant since() {
        return clock.instant().minus(LISTED_FOR);
    }

    /** What persons said, by key. */
    Map<String, Overridden> said(Collection<String> keys) {
        return settled.of(keys);
    }

    static <I extends Item> List<I> openFirst(Stream<I> items) {
        return items.sorted(Comparator.comparing((I item) -> !item.isOpen())).toList();
    }

    /** A person says what became of it; {@code open} throws when it is open no more. */
    String settle(
            On on, Principal me, String reason, RedirectAttributes said, Supplier<Subject> open) {
        return Posted.to(
                on.page,
                "settled",
                said,
                () -> {
                    var by = new By(me.getName(), reason);
                    var it = open.get();
                    audit(on, it.entry());
                    var _ = decisions.override(it.key(), it.entry(), it.details(), by);
                });
    }

    /** Takes back what somebody said of one of these: it is open again. */
    String undo(
            On on,
            long decision,
            Principal me,
            String reason,
            RedirectAttributes said,
            Supplier<Stream<? extends Item>> listed) {
        return Posted.to(
                on.page,
                "reopened",
                said,
                () -> {
                    var by = new By(me.getName(), reason);
                    if (listed.get().noneMatch(one -> one.isSettledBy(decision)))
                        throw new IllegalArgumentException("nothing of the kind holds any more");
                    audit(on, decision);
                    var _ = decisions.undo(decision, by);
                });
    }

    private void audit(On on, long entry) {
        switch (on) {
            case PATIENTS -> audit.decidesOnPatient(entry);
            case DELIVERIES -> audit.decidesOnDelivery(entry);
        }
    }
}
