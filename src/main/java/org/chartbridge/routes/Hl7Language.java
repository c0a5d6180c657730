package org.chartbridge.routes;

import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.support.LanguageSupport;
import org.chartbridge.partner.Edit;

/** The language {@code hl7} for {@code choice} and {@code filter}; see {@link Hl7Condition}. */
final class Hl7Language extends LanguageSupport {
    static final String NAME = "hl7";

    @Override
    public Predicate createPredicate(String text) {
        try {
            return new Asked(Hl7Condition.parse(text));
        } catch (Hl7Condition.Mistake e) {
            throw new IllegalArgumentException(e.what() + "; " + e.remedy());
        }
    }

    @Override
    public Expression createExpression(String text) {
        // A value in a header could get into a log.
        throw new UnsupportedOperationException("hl7 is for choice and filter");
    }

    private record Asked(Hl7Condition condition) implements Predicate {
        @Override
        public boolean matches(Exchange exchange) {
            try {
                return condition.holds(
                        Staging.of(exchange).message(exchange.getMessage().getBody()));
            } catch (Edit.GivenUp _) {
                throw new NotPossible("a regex of a condition takes too many steps");
            }
        }
    }
}
