package org.chartbridge;

import org.chartbridge.database.DatabaseUnusable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says what is wrong with the database or the data folder, without a stack trace. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class DatabaseUnusableAnalyzer extends AbstractFailureAnalyzer<DatabaseUnusable> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, DatabaseUnusable cause) {
        return new FailureAnalysis(cause.getMessage(), cause.remedy(), cause);
    }
}
