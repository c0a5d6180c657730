package org.chartbridge.cli;

import org.springframework.boot.convert.DurationStyle;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** Reads {@code 30s}, {@code 500ms}, {@code 2m}; a bare number means seconds. */
final class DurationText implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        try {
            var time = DurationStyle.SIMPLE.parse(text.strip(), ChronoUnit.SECONDS);
            if (time.isPositive()) return time;
        } catch (IllegalArgumentException e) {
            // Said below, in our words.
        }
        throw new TypeConversionException("wanted a time such as 30s, 500ms or 2m, got " + text);
    }
}
