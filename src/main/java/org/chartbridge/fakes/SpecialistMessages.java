package org.chartbridge.fakes;

import java.time.Duration;
import java.time.Instant;

/**
 * What a specialist says about a referral (HL7-RULES §7): in RRI^I12 about one that came as REF, in
 * OSU^O51 about one that came as an order (360X).
 */
final class SpecialistMessages {
    private static final Duration TO_THE_APPOINTMENT = Duration.ofDays(7);

    private SpecialistMessages() {}

    /**
     * One message.
     *
     * @param id its MSH-10
     */
    static Written of(Script script, OrderInHand referral, Act act, String id, Instant now) {
        boolean asOrder = referral.message().equals("OMG");
        return switch (act) {
            case ACCEPTED ->
                    asOrder
                            ? status(script, referral, id, now, "OK", "IP", "")
                            : answer(script, referral, id, now, "A", "Accepted");
            case PENDING -> // No word of orders says that nothing is decided.
                    asOrder
                            ? status(script, referral, id, now, "SR", "", "")
                            : answer(script, referral, id, now, "P", "Pending");
            case REFUSED ->
                    asOrder
                            ? status(script, referral, id, now, "UA", "CA", "No capacity")
                            : answer(script, referral, id, now, "R", "Rejected");
            case SCHEDULED -> appointment(script, referral, id, now, "S12", "Booked");
            case RESCHEDULED -> appointment(script, referral, id, now, "S14", "Booked");
            case APPOINTMENT_CANCELLED ->
                    appointment(script, referral, id, now, "S15", "Cancelled");
            case NO_SHOW -> appointment(script, referral, id, now, "S26", "Noshow");
            case NOTE -> note(script, referral, id, now);
            default -> throw new IllegalStateException("no act of a specialist: " + act);
        };
    }

    /** The answer to a cancel of what came as an order: CR done, UC can't be done any more. */
    static Written ofCancellation(
            Script script, OrderInHand referral, boolean done, String id, Instant now) {
        return done
                ? status(script, referral, id, now, "CR", "CA", "")
                : status(script, referral, id, now, "UC", "CM", "The patient was seen");
    }

    private static Written status(
            Script script,
            OrderInHand referral,
            String id,
            Instant now,
            String control,
            String status,
            String reason) {
        var message = new Written(script, "OSU", "O51", "OSU_O51", id, now);
        message.patient(referral);
        var orc = message.add("ORC").put(1, control);
        Written.number(orc, 2, referral.number());
        orc.put(3, 1, referral.ownNumber()).put(3, 2, script.application());
        if (!status.isEmpty()) orc.put(5, status);
        orc.put(9, Written.time(now));
        if (!reason.isEmpty()) orc.put(16, 2, reason);
        return message;
    }

    private static Written answer(
            Script script,
            OrderInHand referral,
            String id,
            Instant now,
            String status,
            String words) {
        var message = new Written(script, "RRI", "I12", "RRI_I12", id, now);
        message.add("MSA").put(1, "AA").put(2, referral.asked());
        var rf1 = message.add("RF1").put(1, 1, status).put(1, 2, words);
        Written.number(rf1, 6, referral.number());
        rf1.put(7, Written.time(now))
                .put(11, 1, referral.ownNumber())
                .put(11, 2, script.application());
        message.add("PRD").put(1, "RT").put(2, 1, "Hart").put(2, 2, "Hugo");
        message.patient(referral);
        return message;
    }

    private static Written appointment(
            Script script,
            OrderInHand referral,
            String id,
            Instant now,
            String event,
            String status) {
        var message = new Written(script, "SIU", event, "SIU_S12", id, now);
        var sch = message.add("SCH");
        Written.number(sch, 1, referral.number());
        sch.put(2, 1, referral.ownNumber())
                .put(2, 2, script.application())
                .put(7, 2, "Consultation")
                .put(8, 1, "ROUTINE")
                .put(8, 2, "Routine")
                .put(8, 3, "HL70276")
                .put(9, "30")
                .put(10, "MIN")
                .put(11, 4, Written.time(now.plus(TO_THE_APPOINTMENT)))
                .put(25, status);
        Written.number(sch, 26, referral.number());
        message.patient(referral);
        message.add("RGS").put(1, "1");
        message.add("AIP").put(1, "1").put(3, 1, "9001").put(3, 2, "Hart").put(3, 3, "Hugo");
        return message;
    }

    /** TXA-14 names the referral that the note answers. */
    private static Written note(Script script, OrderInHand referral, String id, Instant now) {
        var message = new Written(script, "MDM", "T02", "MDM_T02", id, now);
        message.add("EVN").put(1, "T02").put(2, Written.time(now));
        message.patient(referral);
        message.add("PV1").put(1, "1").put(2, "O");
        var txa =
                message.add("TXA")
                        .put(1, "1")
                        .put(2, 1, "CN")
                        .put(2, 2, "Consultation note")
                        .put(3, "TX")
                        .put(4, Written.time(now))
                        .put(9, 1, "9001")
                        .put(9, 2, "Hart")
                        .put(9, 3, "Hugo")
                        .put(12, 1, referral.ownNumber() + "-N")
                        .put(12, 2, script.application());
        Written.number(txa, 14, referral.number());
        txa.put(17, "AU");
        var lines =
                new String[] {
                    "Seen for what was asked; heart sounds normal.",
                    "Advice: no further steps, again in one year."
                };
        for (int i = 0; i < lines.length; i++)
            message.add("OBX")
                    .put(1, Integer.toString(i + 1))
                    .put(2, "TX")
                    .put(3, 1, "11488-4")
                    .put(3, 2, "Consultation note")
                    .put(3, 3, "LN")
                    .put(5, lines[i])
                    .put(11, "F");
        return message;
    }
}
