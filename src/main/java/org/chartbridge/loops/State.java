package org.chartbridge.loops;

import org.chartbridge.partner.Turnaround.Hold;
import org.jspecify.annotations.Nullable;

/**
 * How an order or a referral stands (HL7-RULES §5, §7), the worst first: what somebody must act on,
 * then what waits, from the beginning on, then what is over.
 */
public enum State {
    NOT_DELIVERED(
            "Not delivered",
            Need.ACT,
            "The receiver refused the message, it was skipped, or it waits beside its"
                    + " destination."),
    REJECTED(
            "Rejected",
            Need.ACT,
            "The receiver can't or won't do it (ORC-1 UA, DE, RF1-1 R), or its application did not"
                    + " take it (AE, AR)."),
    STOPPED("Cancelled by the filler", Need.ACT, "Nobody here asked for that (ORC-1 OC, OD)."),
    SPECIMEN_REJECTED("Specimen rejected", Need.ACT, "A new specimen is needed."),
    RECOLLECT("Not performed", Need.ACT, "The report holds no result; is a new specimen needed?"),
    AOE_MISSING("AOE answer missing", Need.ACT, "A question of order entry is unanswered."),
    ABN_REQUIRED("ABN required", Need.ACT, "An Advance Beneficiary Notice must be signed."),
    PAYMENT("Held for payment", Need.ACT, "The receiver waits for the money."),
    ON_HOLD("On hold", Need.ACT, "The receiver holds it (ORC-1 OH, ORC-5 HD)."),
    HELD_BY_ASKER(
            "Held by who ordered",
            Need.ACT,
            "Whoever ordered it holds it (ORC-1 HD) until they release it (RL) or cancel it; the"
                    + " receiver waits for them."),
    RESULT_MISSING(
            "Completed, no result",
            Need.ACT,
            "Completed there (ORC-5 CM, or a final report without a value), and no result is"
                    + " here."),
    NO_SHOW("Patient did not come", Need.ACT, "The appointment passed without the patient (S26)."),
    UNBOOKED("Appointment cancelled", Need.ACT, "And no other one is booked (S15)."),
    EXPIRED("Expired", Need.ACT, "The referral is not valid any more (RF1-1 E)."),

    CHANGE_REFUSED(
            "Change refused",
            Need.ACT,
            "The receiver can't do what was asked last (ORC-1 UC, UD, UH, UR, UX, UM): it goes on"
                    + " as it was."),
    TO_PLACE(
            "Not placed",
            Need.ACT,
            "It waits here until a person, or a mended table, says who is to do it, or because an"
                    + " alert holds it."),

    ORDERED("Ordered", Need.WAIT, "Charted; nothing was sent on from here."),
    TO_SEND("Waiting to be sent", Need.WAIT, "It stands in the queue of its destination."),
    SENT("Sent", Need.WAIT, "It left, and no answer has come."),
    CONFIRMED(
            "Has it, a person said",
            Need.WAIT,
            "It left and was not acknowledged; a person here said that the receiver has it."),
    ACKNOWLEDGED(
            "Acknowledged", Need.WAIT, "The receiver has the message, which is no acceptance."),
    UNASKED(
            "Sent, no answer asked for",
            Need.WAIT,
            "It left, and asks for no answer (MSH-15 and MSH-16 NE), or for one in case of an error"
                    + " only: whether it was taken is not known."),
    FILED(
            "Put in the folder",
            Need.WAIT,
            "It lies in a folder, which answers nothing: whether it was collected is not known."),
    UPLOADED(
            "Uploaded",
            Need.WAIT,
            "It lies in a folder of another machine (SFTP), which answers nothing: whether it was"
                    + " collected is not known."),
    PENDING("Pending", Need.WAIT, "The receiver has not decided (RF1-1 P)."),
    ACCEPTED("Accepted", Need.WAIT, "The receiver will do it (ORC-1 OK, RF1-1 A)."),
    SCHEDULED("Scheduled", Need.WAIT, "A time is set (ORC-5 SC, SIU^S12)."),
    IN_PROCESS(
            "In process",
            Need.WAIT,
            "The specimen, or the patient, is there, work goes on (ORC-5 IP)."),
    PARTIAL("Preliminary", Need.WAIT, "Some of it is here, not final."),

    FINAL("Final", Need.NOTHING, "The answer is here."),
    CANCELLED("Cancelled", Need.NOTHING, "Cancelled or discontinued by who ordered it."),
    NOT_SENT("Not sent", Need.NOTHING, "A person decided here that it is not sent to anybody."),
    CLOSED(
            "Closed by hand",
            Need.NOTHING,
            "Nothing will answer it, somebody here said; who was asked to do it was not told.");

    /** Whether somebody has to do something. */
    public enum Need {
        ACT,
        WAIT,
        NOTHING
    }

    private final String word;
    private final Need need;
    private final String meaning;

    State(String word, Need need, String meaning) {
        this.word = word;
        this.need = need;
        this.meaning = meaning;
    }

    /** For people, in the words of HL7. */
    public String word() {
        return word;
    }

    public String meaning() {
        return meaning;
    }

    public Need need() {
        return need;
    }

    /** Whether nothing more is expected. */
    public boolean isClosed() {
        return need == Need.NOTHING;
    }

    public boolean mustAct() {
        return need == Need.ACT;
    }

    /** As it stands in addresses. */
    public String id() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /**
     * What an order in this state waits for by a clock of its own; null for nothing of the kind.
     */
    @Nullable Hold hold() {
        return switch (this) {
            case PAYMENT -> Hold.PAYMENT;
            case ABN_REQUIRED -> Hold.ABN;
            case AOE_MISSING -> Hold.AOE;
            case SPECIMEN_REJECTED, RECOLLECT -> Hold.SPECIMEN;
            default -> null;
        };
    }

    /** What a filler says hinders an order. */
    static State ofHindrance(String kind, State otherwise) {
        return switch (kind) {
            case "payment" -> PAYMENT;
            case "abn" -> ABN_REQUIRED;
            case "aoe" -> AOE_MISSING;
            case "specimen" -> SPECIMEN_REJECTED;
            default -> otherwise;
        };
    }
}
