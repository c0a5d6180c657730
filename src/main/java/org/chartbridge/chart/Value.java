package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.List;

/**
 * A value as sent, beside what of it can be computed with.
 *
 * @param type OBX-2 as sent, table 0125; empty when not sent
 * @param text what a person reads, never empty unless there is no value; lines joined by {@code \n}
 * @param number when the value is one number; its scale is kept ({@code 5.10} stays 5.10)
 * @param comparator {@code <}, {@code <=}, {@code >}, {@code >=} or empty
 * @param codings every coding of a coded value, in the order sent; empty for other types
 * @param notPerformed whether the laboratory says in place of a value that the test was not done;
 *     the text is then the reason ⚠
 */
public record Value(
        String type,
        String text,
        @Nullable BigDecimal number,
        String comparator,
        List<Concept> codings,
        boolean notPerformed) {

    public static final Value NONE = new Value("", "", null, "", List.of());

    public Value {
        codings = List.copyOf(codings);
        if (notPerformed && number != null)
            throw new IllegalArgumentException("a number of a test that was not done");
    }

    /** A value of a test that was done. */
    public Value(
            String type,
            String text,
            @Nullable BigDecimal number,
            String comparator,
            List<Concept> codings) {
        this(type, text, number, comparator, codings, false);
    }

    public boolean isEmpty() {
        return text.isEmpty();
    }
}
