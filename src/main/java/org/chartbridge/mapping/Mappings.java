package org.chartbridge.mapping;

import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Partner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;

/** Says what any message means for the chart, by the family that takes it. */
@Component
public final class Mappings {
    private static final Logger log = LoggerFactory.getLogger(Mappings.class);

    private final List<MessageFamily> families;

    Mappings(List<MessageFamily> families) {
        this.families = List.copyOf(families);
    }

    private static Mapped with(Mapped mapped, List<Fault> repaired) {
        if (repaired.isEmpty() || !(mapped instanceof Mapped.Update(var update, var remarks)))
            return mapped;
        var all = new ArrayList<Fault>(repaired);
        all.addAll(remarks);
        return new Mapped.Update(update, all);
    }

    /** Pure: the same message and partner, the same answer. Does not throw at any content. */
    public Mapped map(Message message, Partner partner) {
        try {
            var repaired = Repairs.of(message, partner);
            for (var family : families)
                if (family.takes(message.header()))
                    return with(family.map(repaired.message(), partner), repaired.remarks());
        } catch (RuntimeException e) {
            // A bug of ours. The exception's text may hold content of the message: only its class.
            log.atError()
                    .addKeyValue("partner", partner.folder())
                    .addKeyValue("exception", e.getClass().getName())
                    .addKeyValue("at", e.getStackTrace().length == 0 ? "" : e.getStackTrace()[0])
                    .log("mapping failed");
            return new Mapped.NotUnderstood(
                    List.of(
                            Fault.error(
                                    null,
                                    ErrorCode.INTERNAL,
                                    "mapping-failed",
                                    "The message could not be read because of a fault in"
                                            + " Chartbridge; it is kept. Please report it.")));
        }
        return new Mapped.NotCharted("Messages of this type are kept and not charted.");
    }
}
