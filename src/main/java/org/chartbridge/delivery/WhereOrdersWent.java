package org.chartbridge.delivery;

import java.util.Optional;

/** Whether an order was sent before, and where to. */
public interface WhereOrdersWent {

    /** Knows of none: where messages are only played. */
    WhereOrdersWent NOWHERE = (_, _) -> Optional.empty();

    /**
     * The destination that an order was last sent to.
     *
     * @param sender the folder of the partner who ordered
     * @param number ORC-2 or OBR-2, value and namespace joined by |
     */
    Optional<String> destination(String sender, String number);

    /** An order's key. */
    static String key(String sender, String number) {
        return sender + "|" + number;
    }
}
