package org.chartbridge.partner;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code expect:} within what time a partner answers an order or a referral.
 *
 * @param standard of every test that has no time of its own; null when nothing is said
 * @param byCode by the code of what was ordered, as it was sent
 * @param holds {@code holds:} how long an order may wait for what hinders it
 */
public record Turnaround(
        @Nullable Duration standard, Map<String, Duration> byCode, Map<Hold, Duration> holds) {
    /** Nothing is said. */
    public static final Turnaround UNKNOWN = new Turnaround(null, Map.of(), Map.of());

    private static final Pattern WRITTEN = Pattern.compile("([1-9][0-9]{0,3})(min|h|d|w)");

    public Turnaround {
        byCode = Map.copyOf(byCode);
        holds = Map.copyOf(holds);
    }

    /** What hinders an order that its filler holds, each with a clock of its own. */
    public enum Hold {
        /** Held for payment. */
        PAYMENT(Duration.ofDays(7)),
        /** An Advance Beneficiary Notice is to be signed. */
        ABN(Duration.ofDays(3)),
        /** A question of order entry is unanswered: the specimen may be there already. */
        AOE(Duration.ofDays(1)),
        /** The specimen was rejected, or nothing could be measured: a new one is to be taken. */
        SPECIMEN(Duration.ofDays(1));

        private final Duration usual;

        Hold(Duration usual) {
            this.usual = usual;
        }

        /** Where no partner says another. */
        public Duration usual() {
            return usual;
        }

        /** As it stands in {@code holds:}. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How long it lets an order wait for that, where it says so. */
    public Optional<Duration> of(Hold hold) {
        return Optional.ofNullable(holds.get(hold));
    }

    /**
     * Within what time it answers.
     *
     * @param code of what was ordered; may be empty
     */
    public Optional<Duration> of(String code) {
        var own = byCode.get(code);
        return Optional.ofNullable(own == null ? standard : own);
    }

    /** A time such as {@code 30min}, {@code 4h}, {@code 3d}, {@code 2w}; empty for other text. */
    static Optional<Duration> read(String text) {
        var match = WRITTEN.matcher(text);
        if (!match.matches()) return Optional.empty();
        long amount = Long.parseLong(match.group(1));
        return Optional.of(
                switch (match.group(2)) {
                    case "min" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    case "w" -> Duration.ofDays(7 * amount);
                    default -> Duration.ofDays(amount);
                });
    }
}
