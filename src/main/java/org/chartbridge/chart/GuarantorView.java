package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Who answers for the bill, on a sender's list.
 *
 * @param active whether it is still on that list
 * @param name for people
 * @param nameParts family, given, middle, suffix; empty of an organization
 * @param address for people
 * @param addressParts street, second line, city, state, postal code, country; empty when none is
 *     known
 * @param relationship GT1-11, table 0063
 * @param beginsAsSent GT1-13
 * @param endsAsSent GT1-14
 */
public record GuarantorView(
        long id,
        UUID personId,
        boolean active,
        String number,
        String numberAuthority,
        String name,
        List<String> nameParts,
        String address,
        List<String> addressParts,
        String phone,
        String relationship,
        String priority,
        @Nullable Instant begins,
        String beginsAsSent,
        @Nullable Instant ends,
        String endsAsSent,
        Source source) {
    static final int NAME_PARTS = 4;
    static final int ADDRESS_PARTS = 6;

    public GuarantorView {
        nameParts = List.copyOf(nameParts);
        addressParts = List.copyOf(addressParts);
    }

    /** Whether it answers for a bill of that time. */
    public boolean isOn(Instant time) {
        return active
                && (begins == null || !begins.isAfter(time))
                && (ends == null || ends.isAfter(time));
    }

    /** The id only. */
    @Override
    public String toString() {
        return "GuarantorView[id=" + id + "]";
    }
}
