package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Says where a visit stands after everything that was said of it. Pure, and a function of the set
 * alone: statements are put in the order in which they happened (movements by EVN-6, then EVN-2;
 * updates by EVN-2; HL7-RULES §6), what was cancelled is left out, and of each field the last word
 * stands. The order of arrival plays no part.
 *
 * <p><b>Cancelling.</b> A12 and A13 take back one transfer or discharge: the one that happened when
 * their EVN-6 says, else the last that was entered before them. PV1-3 of these two says where the
 * patient is after it (HL7 v2.5.1 §3.3.12), and so is the later word about the place, unless the
 * patient was moved since what they take back, or a move was entered after them. A11 takes back the
 * admission and everything that followed it until then; A38 the announcement; A23 all that was said
 * of the visit. What they take back may arrive after them.
 */
final class VisitTimeline {

    /** One message's word about the visit. */
    record Version(
            long entryId,
            String partner,
            String path,
            VisitEvent event,
            EventTimes times,
            Map<VisitField, FieldValue> fields) {}

    /**
     * The visit as it stands.
     *
     * @param cancelled entries whose movement was taken back
     * @param last the statement that happened last, of those that count
     */
    record Now(
            VisitStatus status,
            Map<VisitField, Stated> fields,
            Set<Long> cancelled,
            Version last) {}

    private static final Comparator<Version> BY_ENTRY =
            Comparator.comparing((Version version) -> version.times().entered())
                    .thenComparing(version -> version.times().sent())
                    .thenComparingLong(Version::entryId);

    /** An update speaks of the moment in which it was entered, whatever its EVN-6 says. */
    private static final Comparator<Version> AS_IT_HAPPENED =
            Comparator.comparing(
                            (Version version) ->
                                    version.event().isMovement()
                                            ? version.times().took()
                                            : version.times().entered())
                    .thenComparing(BY_ENTRY);

    private final List<Version> all;
    private final Set<Long> cancelled = new HashSet<>();

    /** What each cancelled transfer or discharge took back, by the entry of the cancel. */
    private final Map<Long, Version> targets = new HashMap<>();

    private VisitTimeline(Collection<Version> versions) {
        this.all = new ArrayList<>(versions);
        this.all.sort(AS_IT_HAPPENED);
    }

    /**
     * @param versions at least one
     */
    static Now of(Collection<Version> versions) {
        var timeline = new VisitTimeline(versions);
        timeline.cancel();
        var standing = timeline.all.stream().filter(timeline::counts).toList();
        // Of a visit that was cancelled as a whole it is still shown what it would have been.
        var telling =
                standing.isEmpty()
                        ? timeline.all
                        : timeline.all.stream()
                                .filter(v -> timeline.counts(v) || timeline.tellsThePlace(v))
                                .toList();
        return new Now(
                timeline.status(standing),
                fields(telling),
                Set.copyOf(timeline.cancelled),
                telling.getLast());
    }

    /** Statements in the order in which they happened. */
    static List<Version> inOrder(Collection<Version> versions) {
        return List.copyOf(new VisitTimeline(versions).all);
    }

    private void cancel() {
        var cancels = all.stream().filter(version -> version.event().isCancel()).sorted(BY_ENTRY);
        for (var cancel : cancels.toList()) {
            switch (cancel.event()) {
                case CANCEL_TRANSFER -> cancelOne(cancel, VisitEvent.TRANSFER);
                case CANCEL_DISCHARGE -> cancelOne(cancel, VisitEvent.DISCHARGE);
                case CANCEL_ADMIT -> cancelAdmission(cancel);
                case CANCEL_PRE_ADMIT -> cancelBefore(cancel, VisitEvent.PRE_ADMIT);
                case DELETE -> cancelBefore(cancel, null);
                case ADMIT,
                        TRANSFER,
                        DISCHARGE,
                        REGISTER,
                        PRE_ADMIT,
                        TO_INPATIENT,
                        TO_OUTPATIENT,
                        UPDATE,
                        RENUMBER -> {}
            }
        }
    }

    private void cancelOne(Version cancel, VisitEvent event) {
        var target = target(cancel, event).orElse(null);
        if (target == null) return;
        cancelled.add(target.entryId());
        targets.put(cancel.entryId(), target);
    }

    private boolean counts(Version version) {
        return !version.event().isCancel() && !cancelled.contains(version.entryId());
    }

    /**
     * Whether the place of a cancelled transfer or discharge is the last word about it: nobody said
     * that the patient was moved since, or told of a move later, and the visit was not taken back.
     */
    private boolean tellsThePlace(Version cancel) {
        if (cancel.event() != VisitEvent.CANCEL_TRANSFER
                && cancel.event() != VisitEvent.CANCEL_DISCHARGE) return false;
        if (!hasPlace(cancel)) return false;
        var target = targets.get(cancel.entryId());
        for (var other : all) {
            boolean later = BY_ENTRY.compare(other, cancel) > 0;
            if (later
                    && (other.event() == VisitEvent.CANCEL_ADMIT
                            || other.event() == VisitEvent.DELETE)) return false;
            if (!counts(other) || !other.event().isMovement() || !hasPlace(other)) continue;
            if (later || (target != null && AS_IT_HAPPENED.compare(other, target) > 0))
                return false;
        }
        return true;
    }

    private static boolean hasPlace(Version version) {
        var place = version.fields().get(VisitField.LOCATION);
        return place != null && !place.isEmpty();
    }

    private Optional<Version> target(Version cancel, VisitEvent event) {
        var open =
                all.stream()
                        .filter(version -> version.event() == event)
                        .filter(version -> !cancelled.contains(version.entryId()))
                        .toList();
        var happened = cancel.times().happened();
        if (happened != null) {
            for (var version : open)
                if (happened.equals(version.times().took())) return Optional.of(version);
        }
        return open.stream()
                .filter(version -> BY_ENTRY.compare(version, cancel) < 0)
                .max(AS_IT_HAPPENED);
    }

    private void cancelAdmission(Version cancel) {
        boolean admitted = false;
        for (var version : all) {
            var event = version.event();
            if (!event.isMovement() || event == VisitEvent.PRE_ADMIT) continue;
            boolean named =
                    cancel.times().happened() != null
                            && event.opens()
                            && cancel.times().happened().equals(version.times().took());
            if (!named && BY_ENTRY.compare(version, cancel) > 0) continue;
            cancelled.add(version.entryId());
            admitted = true;
        }
        // Without an admission it is the announcement that is taken back.
        if (!admitted) cancelBefore(cancel, VisitEvent.PRE_ADMIT);
    }

    /**
     * @param event null for whatever was said
     */
    private void cancelBefore(Version cancel, @Nullable VisitEvent event) {
        for (var version : all)
            if (!version.event().isCancel()
                    && (event == null || version.event() == event)
                    && BY_ENTRY.compare(version, cancel) < 0) cancelled.add(version.entryId());
    }

    private VisitStatus status(List<Version> standing) {
        int opened = -1;
        int closed = -1;
        boolean announced = false;
        boolean underWay = false;
        for (int i = 0; i < standing.size(); i++) {
            var version = standing.get(i);
            if (closes(version)) closed = i;
            else if (version.event().opens()) opened = i;
            if (version.event() == VisitEvent.PRE_ADMIT) announced = true;
            else underWay |= version.event().isMovement();
        }
        if (closed > opened) return VisitStatus.FINISHED;
        if (underWay) return VisitStatus.IN_PROGRESS;
        if (announced) return VisitStatus.PLANNED;
        if (standing.isEmpty() && has(VisitEvent.DELETE)) return VisitStatus.ENTERED_IN_ERROR;
        if (!standing.isEmpty()
                && standing.stream().allMatch(version -> version.event() == VisitEvent.RENUMBER))
            return VisitStatus.UNKNOWN;
        return has(VisitEvent.CANCEL_ADMIT) || has(VisitEvent.CANCEL_PRE_ADMIT)
                ? VisitStatus.CANCELLED
                : VisitStatus.IN_PROGRESS;
    }

    private boolean has(VisitEvent event) {
        return all.stream().anyMatch(version -> version.event() == event);
    }

    /** A discharge, or any message that knows of one which nobody took back since. */
    private boolean closes(Version version) {
        if (version.event() == VisitEvent.DISCHARGE) return true;
        var discharged = version.fields().get(VisitField.DISCHARGED);
        if (discharged == null || discharged.isEmpty()) return false;
        for (var other : all)
            if (other.event() == VisitEvent.CANCEL_DISCHARGE
                    && BY_ENTRY.compare(other, version) > 0) return false;
        return true;
    }

    private static Map<VisitField, Stated> fields(List<Version> inOrder) {
        boolean stands = inOrder.stream().anyMatch(version -> !version.event().isCancel());
        var fields = new EnumMap<VisitField, Stated>(VisitField.class);
        for (var version : inOrder)
            for (var said : version.fields().entrySet()) {
                // Of a cancel the place counts, and not what else of the event it repeats.
                if (stands && version.event().isCancel() && said.getKey() != VisitField.LOCATION)
                    continue;
                fields.put(
                        said.getKey(),
                        new Stated(
                                said.getValue(),
                                Moment.of(Moment.MASTER, version.times(), version.entryId()),
                                version.partner()));
            }
        return fields;
    }
}
