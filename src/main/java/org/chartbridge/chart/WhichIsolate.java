package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether the organism under whose number a value was reported is the one that stands there now ⚠
 * (HL7-RULES §4, decision 36). Pure: it follows from what was said, and its times.
 */
final class WhichIsolate {
    private WhichIsolate() {}

    /**
     * One version of a value that has a sub-id.
     *
     * @param isolate OBX-4 of the isolate that it names or is of
     * @param said what it is called there and then (OBR-26.3)
     */
    record Value(
            ObservationView view,
            Timeline.Version version,
            String isolate,
            String placerNumber,
            String parentNumber,
            String said) {

        boolean isNumbered(Value of) {
            return view.partner().equals(of.view.partner())
                    && view.personId().equals(of.view.personId())
                    && (OneNumber.isOne(of.parentNumber, view.reportNumber())
                            || OneNumber.isOne(of.parentNumber, placerNumber));
        }

        @Override
        public String toString() {
            return "Value[" + view.id() + "]";
        }
    }

    /** Current values in doubt, by id, of all versions of values that have a sub-id. */
    static Map<Long, ObservationView> doubted(List<Value> values) {
        var named = new ArrayList<Value>();
        var others = new LinkedHashMap<Long, List<Value>>();
        for (var value : values) {
            boolean names = value.view().isNameOfIsolate();
            if (names) named.add(value);
            if (!names || !value.parentNumber().isEmpty())
                others.computeIfAbsent(value.view().series(), _ -> new ArrayList<>(1)).add(value);
        }
        if (named.isEmpty() || others.isEmpty()) return Map.of();
        named.sort(Comparator.comparing(Value::version, Timeline.OLDEST_FIRST));
        var doubted = new HashMap<Long, ObservationView>();
        for (var versions : others.values()) {
            for (var one : versions) {
                var view = one.view();
                if (view.standing() != Standing.CURRENT) continue;
                var doubt = doubt(one, versions, named);
                if (doubt != null) doubted.put(view.id(), view.doubted(doubt));
            }
        }
        return doubted;
    }

    private static @Nullable IsolateDoubt doubt(
            Value current, List<Value> versions, List<Value> named) {
        var said = firstSaid(current, versions, named);
        var last =
                versions.stream()
                        .filter(one -> one.view().standing() == Standing.REPEAT)
                        .filter(one -> isReportedAgain(one, said, named))
                        .max(Comparator.comparing(Value::version, Timeline.OLDEST_FIRST))
                        .orElse(said);
        var culture = named.stream().filter(one -> one.isNumbered(last)).toList();
        if (culture.stream().anyMatch(one -> one.isolate().equals(last.isolate())))
            return doubt(last, culture);
        // Under one OBR with what grew.
        if (last.view().isNameOfIsolate()) return null;
        long series = last.view().reportSeries();
        return doubt(
                last, named.stream().filter(one -> one.view().reportSeries() == series).toList());
    }

    /** What only adds to a value when and how it was measured is no report of its own. */
    private static Value firstSaid(Value current, List<Value> versions, List<Value> named) {
        var said = current;
        var newestFirst = new ArrayList<>(versions);
        newestFirst.sort(Comparator.comparing(Value::version, Timeline.OLDEST_FIRST).reversed());
        for (var before : newestFirst) {
            if (before.view().standing() == Standing.REPLACED
                    && before.version().status() == said.version().status()
                    && before.version().contentHash() == said.version().contentHash()
                    && Timeline.OLDEST_FIRST.compare(before.version(), said.version()) < 0
                    && !isReportedAgain(said, before, named)) said = before;
        }
        return said;
    }

    /**
     * Whether what says the same again is a report of its own, and not the former one sent once
     * more ⚠: it was issued, examined or collected later, calls the organism otherwise, or comes
     * with the culture. A new MSH-7 says only that a message was sent.
     */
    private static boolean isReportedAgain(Value one, Value current, List<Value> named) {
        var view = one.view();
        var before = current.version().said();
        return isAfter(one.version().said().possiblyIssued(), before.possiblyIssued(), before)
                || isAfter(view.analyzedAt(), current.view().analyzedAt(), before)
                || isAfter(view.observedAt(), current.view().observedAt(), before)
                || (!one.said().isEmpty() && !one.said().equals(current.said()))
                || named.stream().anyMatch(name -> name.view().entryId() == view.entryId());
    }

    /**
     * Than the same time of the former one, and than the moment it was sent: a time that is only
     * added says nothing new.
     */
    private static boolean isAfter(@Nullable Instant time, @Nullable Instant other, Said former) {
        var sent = former.message();
        return time != null
                && (other != null || sent != null)
                && (other == null || time.isAfter(other))
                && (sent == null || time.isAfter(sent));
    }

    /**
     * @param culture every name of an isolate there, the oldest first
     */
    private static @Nullable IsolateDoubt doubt(Value last, List<Value> culture) {
        var here = culture.stream().filter(one -> one.isolate().equals(last.isolate())).toList();
        var was = meant(last, culture, here);
        if (was == null) return null;
        Value now = null;
        for (var one : here) {
            if (one.view().standing() != Standing.CURRENT || !names(one)) continue;
            if (Isolates.isSame(was.view(), one.view())) return null;
            now = one;
        }
        var by = (now == null ? here.getLast() : now).view();
        var replaced = by.replacedByEntry();
        var replacedAt = by.replacedAt();
        return new IsolateDoubt(
                last.isolate(),
                by.reportNumber(),
                now == null ? "" : by.valueText(),
                replaced == null ? by.entryId() : replaced,
                replacedAt == null ? by.recordedAt() : replacedAt);
    }

    /**
     * The organism that was meant: by its name (OBR-26.3), where the culture ever had it; else what
     * stood under its number when it was said, or came there first.
     *
     * @return null where the culture never named one
     */
    private static @Nullable Value meant(Value last, List<Value> culture, List<Value> here) {
        Value stood = null;
        for (var one : here) {
            if (!names(one)) continue;
            if (stood == null
                    || one.view().entryId() == last.view().entryId()
                    || one.version().said().against(last.version().said()) <= 0) stood = one;
        }
        if (stood == null || last.said().isEmpty()) return stood;
        Value called = null;
        for (var one : culture) {
            if (!names(one) || !Isolates.isCalled(one.view(), last.said())) continue;
            called = one;
            boolean isHereNow =
                    one.isolate().equals(last.isolate())
                            && one.view().standing() == Standing.CURRENT;
            if (isHereNow) break;
        }
        return called == null ? stood : called;
    }

    private static boolean names(Value value) {
        return !value.view().isNotPerformed() && Isolates.isNamed(value.view().valueText());
    }
}
