package org.chartbridge.delivery;

import java.time.Instant;
import java.util.Optional;

/** Whether an order was sent before, and where to. */
public interface WhereOrdersWent {

    /** The queue of the sender in which waits what a person has to look at. */
    String TO_PLACE = "orders-to-place";

    /** Knows of none: where messages are only played. */
    WhereOrdersWent NOWHERE = (_, _) -> Optional.empty();

    /**
     * The destination that an order was last sent to. A number without its namespace means the one
     * that has it, where only one has, and the other way round, as in the chart.
     *
     * @param sender the folder of the partner who ordered
     * @param number ORC-2 or OBR-2, value and namespace joined by |
     */
    Optional<String> destination(String sender, String number);

    /**
     * Whether the order of a number was sent for somebody else: for no number of those by which a
     * patient is named now. False where either names nobody.
     *
     * @param patient numbers and authorities joined by |, one a line
     */
    default boolean isOfAnother(String sender, String number, String patient) {
        return false;
    }

    /**
     * The partner who added an order and was given this number for it; empty when none did, or for
     * another patient.
     *
     * @param number as in the chart, with ^ before its namespace
     * @param patient numbers and authorities joined by |, one a line
     */
    default Optional<String> adder(String number, String patient) {
        return Optional.empty();
    }

    /**
     * Whether the order of a number has not left, because an alert about it waits for a person:
     * what changes it must not be there before it ⚠.
     *
     * @param number as of {@link #destination}
     */
    default boolean isHeld(String sender, String number) {
        return false;
    }

    /**
     * Whether the order of a number never left, because an alert was about it and it was decided
     * not to send it: whoever would get a change of it does not know it ⚠.
     *
     * @param number as of {@link #destination}
     */
    default boolean isDropped(String sender, String number) {
        return false;
    }

    /**
     * When what was sent last of a number was said (MSH-7); empty where that is not known.
     *
     * @param number as of {@link #destination}
     */
    default Optional<Instant> saidAt(String sender, String number) {
        return Optional.empty();
    }

    /**
     * The message by which what was sent last of a number was ordered, as it came; empty where that
     * is not known any more.
     *
     * @param number as of {@link #destination}
     */
    default Optional<byte[]> message(String sender, String number) {
        return Optional.empty();
    }

    /** An order's key. */
    static String key(String sender, String number) {
        return sender + "|" + number;
    }
}
