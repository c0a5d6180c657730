package org.chartbridge.screening;

import java.util.Locale;
import java.util.Optional;

/** How bad it may become, the worst first; the words of FHIR's DetectedIssue.severity. */
public enum Severity {
    HIGH,
    MODERATE,
    LOW;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Severity> of(String word) {
        for (var one : values()) if (one.word().equals(word)) return Optional.of(one);
        return Optional.empty();
    }

    Severity raised() {
        return this == LOW ? MODERATE : HIGH;
    }
}
