package org.chartbridge.fakes;

import java.time.Duration;
import java.time.Instant;

/** What a specialist says about a referral (HL7-RULES §7). */
final class SpecialistMessages {
    private static final Duration TO_THE_APPOINTMENT = Duration.ofDays(7);

    private SpecialistMessages() {}

    /**
     * One message.
     *
     * @param id its MSH-10
     */
    static Written of(Script script, OrderInHand referral, Act act, String id, Instant now) {
        return switch (act) {
            case ACCEPTED -> answer(script, referral, id, now, "A", "Accepted");
            case PENDING -> answer(script, referral, id, now, "P", "Pending");
            case REFUSED -> answer(script, referral, id, now, "R", "Rejected");
            case SCHEDULED -> appointment(script, referral, id, now, "S12", "Booked");
            case RESCHEDULED -> appointment(script, referral, id, now, "S14", "Booked");
            case APPOINTMENT_CANCELLED ->
                    appointment(script, referral, id, now, "S15", "Cancelled");
            case NO_SHOW -> appointment(script, referral, id, now, "S26", "Noshow");
            case NOTE -> note(script, referral, id, now);
            default -> throw new IllegalStateException("no act of a specialist: " + act);
        };
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
