package org.chartbridge.mapping;

import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Partner;
import org.springframework.stereotype.Component;

import java.util.Set;

/**
 * Problems, PPR^PC1 (add), PC2 (update) and PC3 (delete): each PRB is one of the sender's list of
 * problems, as in registration. Goals, pathways and orders beside them are kept and listed.
 */
@Component
final class ProblemFamily implements MessageFamily {
    private static final Set<String> TRIGGERS = Set.of("PC1", "PC2", "PC3");

    @Override
    public boolean takes(Header header) {
        return header.messageCode().equals("PPR") && TRIGGERS.contains(header.triggerEvent());
    }

    @Override
    public Mapped map(Message message, Partner partner) {
        return OneStatement.map(
                message,
                partner,
                (_, reader, statements) -> {
                    if (message.lines("PRB").isEmpty())
                        reader.findings.error(
                                Location.of("PRB", 1),
                                ErrorCode.REQUIRED_MISSING,
                                "problem-missing",
                                "PRB must name the problem; the message has none.");
                    boolean deletes = message.header().triggerEvent().equals("PC3");
                    ConditionReader.problems(message.lines("PRB"), reader, statements, deletes);
                    for (var obx : message.lines("OBX")) Details.leftOut(obx, reader);
                    for (var orc : message.lines("ORC"))
                        reader.findings.warn(
                                orc.location(),
                                ErrorCode.SEGMENT_SEQUENCE,
                                "order-not-charted",
                                "Orders beside a problem are kept in the message and not"
                                        + " charted.");
                });
    }
}
