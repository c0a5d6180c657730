package org.chartbridge.mapping;

import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Partner;
import org.springframework.stereotype.Component;

/**
 * What a scheduling system says of a schedule and not of an appointment: time slots that nobody may
 * book (SIU^S23) or may book again (S24), HL7 v2.5.1 §10.4.12 and §10.4.13. Kept, shown and routed;
 * a clinician's lunch is in nobody's chart, also where a careless sender puts a PID beside it. A
 * booking inside blocked slots stands until its own message cancels it.
 */
@Component
final class ScheduleFamily implements MessageFamily {
    private static final String BLOCKED = "S23";
    private static final String OPENED = "S24";

    @Override
    public boolean takes(Header header) {
        return header.messageCode().equals("SIU")
                && (header.triggerEvent().equals(BLOCKED) || header.triggerEvent().equals(OPENED));
    }

    @Override
    public Mapped map(Message message, Partner partner) {
        return new Mapped.NotCharted(
                message.header().triggerEvent().equals(BLOCKED)
                        ? "Time slots of a schedule are blocked (S23): about no patient's"
                                + " appointment, kept and not charted. What is booked in them"
                                + " stands until its own S15 or S17 comes."
                        : "Blocked time slots of a schedule are open again (S24): about no"
                                + " patient's appointment, kept and not charted.");
    }
}
