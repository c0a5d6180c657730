package org.chartbridge.console;

import org.chartbridge.loops.Loop;
import org.springframework.web.util.UriComponentsBuilder;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;

/**
 * What is looked for among the open orders.
 *
 * @param show {@code act}, {@code overdue}, a state, or empty for all
 */
record OpenOrdersFilter(String show, String partner, Period period) {

    /** How far back one looks. */
    enum Period {
        MONTH("30 days", 30),
        QUARTER("90 days", 90),
        YEAR("A year", 366),
        ALL("All", 36_500);

        private final String word;
        private final int days;

        Period(String word, int days) {
            this.word = word;
            this.days = days;
        }

        public String word() {
            return word;
        }

        int days() {
            return days;
        }

        static Period of(String text) {
            return Arrays.stream(values())
                    .filter(one -> one.name().equalsIgnoreCase(text))
                    .findFirst()
                    .orElse(QUARTER);
        }
    }

    /** As an address has it; of a period that there is not, the usual one. */
    static OpenOrdersFilter of(String show, String partner, String period) {
        return new OpenOrdersFilter(show, partner, Period.of(period));
    }

    boolean takes(Loop loop, Instant now) {
        return isShown(loop, now)
                && (partner.isEmpty()
                        || loop.performer().equals(partner)
                        || loop.asker().equals(partner));
    }

    private boolean isShown(Loop loop, Instant now) {
        return switch (show) {
            case "" -> true;
            case "act" -> loop.state().mustAct();
            case "overdue" -> loop.isOverdue(now);
            case "orders" -> !loop.referral();
            case "referrals" -> loop.referral();
            default -> loop.state().id().equals(show);
        };
    }

    /** The address of the list with something else shown. */
    public String showing(String other) {
        return address("/open-orders", other).build().encode().toUriString();
    }

    public String csv() {
        return address("/open-orders.csv", show).build().encode().toUriString();
    }

    public String from(int row) {
        return address("/open-orders", show).queryParam("from", row).build().encode().toUriString();
    }

    private UriComponentsBuilder address(String path, String other) {
        var address = UriComponentsBuilder.fromPath(path);
        if (!other.isEmpty()) address.queryParam("show", other);
        if (!partner.isEmpty()) address.queryParam("partner", partner);
        if (period != Period.QUARTER)
            address.queryParam("period", period.name().toLowerCase(Locale.ROOT));
        return address;
    }
}
