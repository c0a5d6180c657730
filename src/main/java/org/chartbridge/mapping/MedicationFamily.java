package org.chartbridge.mapping;

import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Partner;
import org.springframework.stereotype.Component;

import java.util.Map;
import java.util.Set;

/**
 * Orders of medication: OMP^O09, and RDE^O11 and O25, by which a pharmacy says them encoded; RDE
 * had O01 before version 2.4. The later word about an order stands, by MSH-7; an ORC alone may stop
 * it by its number. ORM^O01 with RXO is read by {@link OrderFamily}, alike.
 */
@Component
final class MedicationFamily implements MessageFamily {
    private static final Map<String, Set<String>> TRIGGERS =
            Map.of("OMP", Set.of("", "O09"), "RDE", Set.of("", "O01", "O11", "O25"));

    @Override
    public boolean takes(Header header) {
        return TRIGGERS.getOrDefault(header.messageCode(), Set.of())
                .contains(header.triggerEvent());
    }

    @Override
    public Mapped map(Message message, Partner partner) {
        return OneStatement.map(
                message,
                partner,
                (_, reader, statements) -> {
                    boolean stopped = OrderFamily.stopped(message, reader, statements);
                    if (!MedicationOrders.areIn(message) && !stopped)
                        reader.findings.error(
                                Location.of("RXO", 1),
                                ErrorCode.REQUIRED_MISSING,
                                "order-segment-missing",
                                "An order of medication must have an RXO or RXE.");
                    MedicationOrders.read(message, reader, statements);
                    Details.leaveOutBefore(message, reader);
                });
    }
}
