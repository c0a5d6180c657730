package org.chartbridge.partner;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code expect:} within what time a partner answers an order or a referral.
 *
 * @param standard of every test that has no time of its own; null when nothing is said
 * @param byCode by the code of what was ordered, as it was sent
 */
public record Turnaround(@Nullable Duration standard, Map<String, Duration> byCode) {
    /** Nothing is said. */
    public static final Turnaround UNKNOWN = new Turnaround(null, Map.of());

    private static final Pattern WRITTEN = Pattern.compile("([1-9][0-9]{0,3})(min|h|d|w)");

    public Turnaround {
        byCode = Map.copyOf(byCode);
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
