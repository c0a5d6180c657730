package org.chartbridge.fhir;

import ca.uhn.fhir.rest.param.DateAndListParam;
import ca.uhn.fhir.rest.param.DateParam;
import ca.uhn.fhir.rest.param.ParamPrefixEnum;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.param.StringParam;
import ca.uhn.fhir.rest.param.TokenOrListParam;
import ca.uhn.fhir.rest.param.TokenParam;

import org.chartbridge.chart.DayMatch;
import org.chartbridge.chart.PersonSearch.IdentifierMatch;
import org.chartbridge.chart.ResultSearch.CodeMatch;
import org.chartbridge.chart.TimeMatch;
import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** Search parameters as the chart understands them, FHIR R4 §3.1.1.5. */
final class Wanted {
    /** Alternatives in one parameter. */
    static final int MAX_ALTERNATIVES = 50;

    private static final Pattern DAY = Pattern.compile("\\d{4}(-\\d{2}(-\\d{2})?)?");
    private static final Pattern SERIES = Pattern.compile("[1-9]\\d{0,17}");
    private static final Pattern PERSON =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private Wanted() {}

    /** Days and times of a date parameter; all of them have to hold. */
    record Dates(List<DayMatch> days, List<TimeMatch> times) {}

    static Dates dates(String name, @Nullable DateAndListParam parameter) {
        var days = new ArrayList<DayMatch>();
        var times = new ArrayList<TimeMatch>();
        if (parameter == null) return new Dates(days, times);
        for (var or : parameter.getValuesAsQueryTokens()) {
            var alternatives = or.getValuesAsQueryTokens();
            if (alternatives.size() != 1)
                throw new Refusal("The parameter " + name + " takes one date at a time.");
            var date = alternatives.getFirst();
            var text = date.getValueAsString();
            if (text == null) throw new Refusal("The parameter " + name + " holds no date.");
            if (DAY.matcher(text).matches()) days.add(new DayMatch(comparison(name, date), text));
            else times.add(time(name, date, text));
        }
        return new Dates(days, times);
    }

    private static DayMatch.Comparison comparison(String name, DateParam date) {
        return switch (prefix(date)) {
            case EQUAL -> DayMatch.Comparison.EQ;
            case NOT_EQUAL -> DayMatch.Comparison.NE;
            case GREATERTHAN -> DayMatch.Comparison.GT;
            case GREATERTHAN_OR_EQUALS -> DayMatch.Comparison.GE;
            case LESSTHAN -> DayMatch.Comparison.LT;
            case LESSTHAN_OR_EQUALS -> DayMatch.Comparison.LE;
            case STARTS_AFTER -> DayMatch.Comparison.SA;
            case ENDS_BEFORE -> DayMatch.Comparison.EB;
            case APPROXIMATE -> throw new Refusal("The parameter " + name + " knows no prefix ap.");
        };
    }

    private static TimeMatch time(String name, DateParam date, String text) {
        Instant from;
        try {
            from = OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException _) {
            throw new Refusal(
                    "The parameter "
                            + name
                            + " is yyyy, yyyy-MM, yyyy-MM-dd or a time with its offset.");
        }
        var precision = text.contains(".") ? ChronoUnit.MILLIS : ChronoUnit.SECONDS;
        if (text.indexOf(':') == text.lastIndexOf(':') || text.matches(".*T\\d{2}:\\d{2}([Z+-].*)"))
            precision = ChronoUnit.MINUTES;
        var until = from.plus(1, precision);
        return switch (prefix(date)) {
            case EQUAL -> new TimeMatch(from, until);
            case GREATERTHAN, STARTS_AFTER -> new TimeMatch(until, null);
            case GREATERTHAN_OR_EQUALS -> new TimeMatch(from, null);
            case LESSTHAN, ENDS_BEFORE -> new TimeMatch(null, from);
            case LESSTHAN_OR_EQUALS -> new TimeMatch(null, until);
            case NOT_EQUAL, APPROXIMATE ->
                    throw new Refusal(
                            "The parameter " + name + " knows no prefix ne or ap with a time.");
        };
    }

    private static ParamPrefixEnum prefix(DateParam date) {
        var prefix = date.getPrefix();
        return prefix == null ? ParamPrefixEnum.EQUAL : prefix;
    }

    /** {@code system|value}, {@code |value} or {@code value}. */
    static List<IdentifierMatch> identifiers(String name, @Nullable TokenOrListParam parameter) {
        return tokens(name, parameter).stream()
                .map(token -> identifier(name, token.getSystem(), token.getValue()))
                .toList();
    }

    /** The same in a chained parameter, which comes as plain text. */
    static IdentifierMatch identifier(String name, String token) {
        var bar = token.indexOf('|');
        return bar < 0
                ? identifier(name, null, token)
                : identifier(name, token.substring(0, bar), token.substring(bar + 1));
    }

    private static IdentifierMatch identifier(
            String name, @Nullable String system, @Nullable String value) {
        if (value == null || value.isBlank())
            throw new Refusal("The parameter " + name + " needs a value.");
        return new IdentifierMatch(value, system == null ? null : CodeSystems.authority(system));
    }

    static List<CodeMatch> codes(@Nullable TokenOrListParam parameter) {
        return tokens("code", parameter).stream()
                .map(
                        token -> {
                            var value = token.getValue();
                            var code = value == null || value.isEmpty() ? null : value;
                            if (token.getSystem() == null) {
                                if (code == null)
                                    throw new Refusal("The parameter code needs a value.");
                                return new CodeMatch(code, List.of(), null);
                            }
                            var system = CodeSystems.wanted(token.getSystem());
                            return new CodeMatch(
                                    code,
                                    system.names(),
                                    system.partner().isEmpty() ? null : system.partner());
                        })
                .toList();
    }

    /** Codes of a status parameter; null when it was not given. */
    static @Nullable Set<String> statuses(@Nullable TokenOrListParam parameter) {
        if (parameter == null) return null;
        var codes = new HashSet<String>();
        for (var token : tokens("status", parameter)) codes.add(token.getValueNotNull());
        return codes;
    }

    /** Whether results of a laboratory are asked for; others there are none. */
    static boolean isLaboratory(@Nullable TokenOrListParam category, String code, String system) {
        return category == null
                || tokens("category", category).stream()
                        .anyMatch(
                                token ->
                                        code.equalsIgnoreCase(token.getValueNotNull())
                                                && (token.getSystem() == null
                                                        || token.getSystem().equals(system)));
    }

    static List<String> ids(@Nullable TokenOrListParam ids) {
        return tokens("_id", ids).stream().map(TokenParam::getValueNotNull).toList();
    }

    static List<Long> series(@Nullable TokenOrListParam ids) {
        return ids(ids).stream()
                .filter(id -> SERIES.matcher(id).matches())
                .map(Long::valueOf)
                .toList();
    }

    static List<UUID> persons(@Nullable TokenOrListParam ids) {
        return tokens("_id", ids).stream()
                .map(TokenParam::getValueNotNull)
                .filter(id -> PERSON.matcher(id).matches())
                .map(UUID::fromString)
                .toList();
    }

    /** The person of a reference; empty when its id is none of ours. */
    static List<UUID> person(ReferenceParam patient) {
        if (patient.hasResourceType() && !patient.getResourceType().equals("Patient"))
            throw new Refusal("The parameter patient is a reference to a Patient.");
        var id = patient.getIdPart();
        return id != null && PERSON.matcher(id).matches()
                ? List.of(UUID.fromString(id))
                : List.of();
    }

    /** A series from a resource id; -1, which none has, when it is no number of ours. */
    static long series(@Nullable String id) {
        return id != null && SERIES.matcher(id).matches() ? Long.parseLong(id) : -1;
    }

    static @Nullable UUID person(@Nullable String id) {
        return id != null && PERSON.matcher(id).matches() ? UUID.fromString(id) : null;
    }

    static @Nullable String prefix(String name, @Nullable StringParam parameter) {
        if (parameter == null) return null;
        if (parameter.isExact() || parameter.isContains())
            throw new Refusal("The parameter " + name + " knows no modifier.");
        return parameter.getValue();
    }

    private static List<TokenParam> tokens(String name, @Nullable TokenOrListParam parameter) {
        if (parameter == null) return List.of();
        var tokens = parameter.getValuesAsQueryTokens();
        if (tokens.size() > MAX_ALTERNATIVES)
            throw new Refusal(
                    "The parameter %s takes %d alternatives at most."
                            .formatted(name, MAX_ALTERNATIVES));
        for (var token : tokens) {
            if (token.getModifier() != null || token.getMissing() != null)
                throw new Refusal("The parameter " + name + " knows no modifier.");
        }
        return tokens;
    }
}
