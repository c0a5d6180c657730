package org.chartbridge.fhir;

import org.chartbridge.loops.ByHand;
import org.chartbridge.loops.Loop;
import org.chartbridge.loops.State;
import org.chartbridge.loops.Step;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskIntent;
import org.hl7.fhir.r4.model.Task.TaskPriority;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Comparator;
import java.util.Date;
import java.util.Objects;

/**
 * How an order or a referral stands, as a FHIR Task: the request to do it. {@code businessStatus}
 * is the state in our words, {@code status} what FHIR has for it, each step is a note.
 */
final class TaskMapper {
    /** The system of our states. */
    static final String STATES = "urn:chartbridge:loop-state";

    private static final String OF_ORDER = "order-";
    private static final String OF_REFERRAL = "referral-";

    private TaskMapper() {}

    /** Which loop a Task is of. */
    record Of(boolean referral, long id) {}

    /** What the id of a Task says; null when it is none of ours. */
    static @Nullable Of of(String id) {
        boolean referral = id.startsWith(OF_REFERRAL);
        if (!referral && !id.startsWith(OF_ORDER)) return null;
        long number = Wanted.series(id.substring((referral ? OF_REFERRAL : OF_ORDER).length()));
        return number > 0 ? new Of(referral, number) : null;
    }

    static Task of(Loop loop) {
        var task = new Task();
        task.setId((loop.referral() ? OF_REFERRAL : OF_ORDER) + loop.id());
        task.setStatus(status(loop));
        task.setBusinessStatus(
                new CodeableConcept()
                        .addCoding(new Coding(STATES, loop.state().id(), loop.state().word()))
                        .setText(loop.state().meaning()));
        if (!loop.why().isEmpty()) task.setStatusReason(new CodeableConcept().setText(loop.why()));
        task.setIntent(TaskIntent.ORDER);
        if (loop.isUrgent()) task.setPriority(TaskPriority.URGENT);
        task.setCode(Concepts.of(loop.service(), null, loop.asker()));
        var request = "ServiceRequest/" + (loop.referral() ? OF_REFERRAL : "") + loop.id();
        task.addBasedOn(new Reference(request));
        task.setFocus(new Reference(request));
        task.setFor(new Reference("Patient/" + loop.person()));
        task.setAuthoredOn(Date.from(loop.ordered()));
        changed(loop, task);
        task.setRequester(
                new Reference()
                        .setDisplay(loop.clinician().isEmpty() ? loop.asker() : loop.clinician()));
        if (!loop.performer().isEmpty())
            task.setOwner(new Reference().setDisplay(loop.performer()));
        if (loop.expected() != null)
            task.getRestriction().getPeriod().setEnd(Date.from(loop.expected().until()));
        for (var step : loop.steps()) note(step, task);
        return task;
    }

    private static void changed(Loop loop, Task task) {
        loop.steps().stream()
                .map(step -> step.chartedAt() == null ? step.at() : step.chartedAt())
                .filter(Objects::nonNull)
                .max(Comparator.<Instant>naturalOrder())
                .ifPresent(at -> task.setLastModified(Date.from(at)));
    }

    private static void note(Step step, Task task) {
        var note = task.addNote();
        if (step.at() != null) note.setTime(Date.from(step.at()));
        note.setText(
                step.words()
                        + (step.who().isEmpty() ? "" : " · " + step.who())
                        + (step.entryId() == 0 ? "" : " · message " + step.entryId()));
    }

    /** ⚠ What somebody has to act on is never completed. */
    private static TaskStatus status(Loop loop) {
        var closed = loop.closed();
        return loop.state() == State.CLOSED && closed != null
                ? closed(closed.why())
                : status(loop.state());
    }

    private static TaskStatus closed(ByHand.Why why) {
        return switch (why) {
            case ANSWERED -> TaskStatus.COMPLETED;
            case MISTAKE -> TaskStatus.ENTEREDINERROR;
            case NO_SHOW, NOT_PERFORMED, OTHER -> TaskStatus.CANCELLED;
        };
    }

    static TaskStatus status(State state) {
        return switch (state) {
            case NOT_DELIVERED, RECOLLECT, EXPIRED -> TaskStatus.FAILED;
            case REJECTED, STOPPED -> TaskStatus.REJECTED;
            case SPECIMEN_REJECTED,
                    AOE_MISSING,
                    ABN_REQUIRED,
                    PAYMENT,
                    ON_HOLD,
                    HELD_BY_ASKER,
                    NO_SHOW,
                    UNBOOKED,
                    CHANGE_REFUSED,
                    TO_PLACE ->
                    TaskStatus.ONHOLD;
            case ORDERED, TO_SEND, SENT, CONFIRMED, UNASKED, FILED, UPLOADED ->
                    TaskStatus.REQUESTED;
            case ACKNOWLEDGED, PENDING -> TaskStatus.RECEIVED;
            case ACCEPTED -> TaskStatus.ACCEPTED;
            case SCHEDULED -> TaskStatus.READY;
            case IN_PROCESS, PARTIAL, RESULT_MISSING -> TaskStatus.INPROGRESS;
            case FINAL -> TaskStatus.COMPLETED;
            case CANCELLED, CLOSED, NOT_SENT -> TaskStatus.CANCELLED;
        };
    }
}
