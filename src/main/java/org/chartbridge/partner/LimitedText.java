package org.chartbridge.partner;

import java.util.Optional;
import java.util.regex.Pattern;

/** A value that a pattern may look at only so often: some patterns try everything. */
final class LimitedText implements CharSequence {
    static final int MAX_VALUE_CHARACTERS = 10_000;

    /** Looks of a pattern at one value. */
    static final int MAX_STEPS = 200_000;

    private static final String TOO_MANY = "its pattern takes too many steps here";

    private final String value;
    private int steps;

    private LimitedText(String value) {
        this.value = value;
    }

    static boolean finds(Pattern pattern, String value) {
        try {
            return pattern.matcher(new LimitedText(value)).find();
        } catch (StackOverflowError _) {
            // Java's patterns call themselves for each character of some groups.
            throw new Edit.GivenUp(TOO_MANY);
        }
    }

    /** The value with everything replaced that matches; empty when nothing does. */
    static Optional<String> replaced(Pattern pattern, String value, String with) {
        if (value.isEmpty() || value.equals("\"\"")) return Optional.empty();
        if (value.length() > MAX_VALUE_CHARACTERS)
            throw new Edit.GivenUp("the value is too long for it");
        if (!finds(pattern, value)) return Optional.empty();
        try {
            return Optional.of(pattern.matcher(new LimitedText(value)).replaceAll(with));
        } catch (StackOverflowError _) {
            throw new Edit.GivenUp(TOO_MANY);
        }
    }

    @Override
    public char charAt(int index) {
        if (++steps > MAX_STEPS) throw new Edit.GivenUp(TOO_MANY);
        return value.charAt(index);
    }

    @Override
    public int length() {
        return value.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return value.substring(start, end);
    }

    @Override
    public String toString() {
        return value;
    }
}
