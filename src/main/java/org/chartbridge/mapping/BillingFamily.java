package org.chartbridge.mapping;

import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Partner;
import org.springframework.stereotype.Component;

import java.util.Map;
import java.util.Set;

/**
 * Charges and accounts, DFT^P03 and P11, BAR^P01 and P05: kept and routed; of them the chart takes
 * the insurance (IN1), guarantors (GT1) and who the patient is.
 */
@Component
final class BillingFamily implements MessageFamily {
    private static final Map<String, Set<String>> TRIGGERS =
            Map.of("DFT", Set.of("", "P03", "P11"), "BAR", Set.of("P01", "P05"));

    @Override
    public boolean takes(Header header) {
        return TRIGGERS.getOrDefault(header.messageCode(), Set.of())
                .contains(header.triggerEvent());
    }

    @Override
    public Mapped map(Message message, Partner partner) {
        if (message.lines("IN1").isEmpty() && message.lines("GT1").isEmpty())
            return new Mapped.NotCharted(
                    "Charges and accounts are kept and not charted; this message names no"
                            + " insurance (IN1) and no guarantor (GT1).");
        return OneStatement.map(
                message,
                partner,
                (_, reader, _) -> {
                    for (var obx : message.lines("OBX")) Details.leftOut(obx, reader);
                });
    }
}
