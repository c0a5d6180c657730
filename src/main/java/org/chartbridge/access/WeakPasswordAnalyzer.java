package org.chartbridge.access;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says why a given password is refused, without a stack trace. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class WeakPasswordAnalyzer extends AbstractFailureAnalyzer<FirstAccount.WeakPassword> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, FirstAccount.WeakPassword cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Set a longer one, for example a sentence, or leave it unset: then one is made and"
                        + " shown.",
                cause);
    }
}
