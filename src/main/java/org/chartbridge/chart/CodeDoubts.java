package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownValue;
import org.chartbridge.chart.PatientState.ValueKey;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether a test that seems to be new is one that is known, written otherwise. HL7-RULES §4.
 *
 * <p>A report may have thousands of values, each of which is asked about: what is known is looked
 * up, not gone through.
 */
final class CodeDoubts {
    private final ReportStatement report;
    private final long entryId;
    private final Map<ValueKey, List<KnownValue>> values;

    /** Of these, what the report does not say again. */
    private final Map<ValueKey, List<KnownValue>> unsaid = new LinkedHashMap<>();

    private final Set<Place> withSystem = new HashSet<>();
    private final Set<Place> withoutSystem = new HashSet<>();
    private final Map<Place, List<ValueKey>> withInstance = new HashMap<>();

    private record Place(String test, String system, String subId) {}

    /**
     * @param values what is known of the report, to which {@link #known} adds
     * @param entryId its message
     */
    CodeDoubts(ReportStatement report, Map<ValueKey, List<KnownValue>> values, long entryId) {
        this.report = report;
        this.entryId = entryId;
        this.values = values;
        var said = new HashSet<ValueKey>();
        for (var value : report.observations()) said.add(ValueKey.of(value));
        values.forEach(
                (key, versions) -> {
                    known(key);
                    if (!said.contains(key)) unsaid.put(key, versions);
                });
    }

    /** To be told of each that is new among the values. */
    void known(ValueKey key) {
        var anySystem = new Place(key.test(), "", key.subId());
        (key.system().isEmpty() ? withoutSystem : withSystem).add(anySystem);
        if (!key.instance().isEmpty())
            withInstance
                    .computeIfAbsent(
                            new Place(key.test(), key.system(), key.subId()),
                            _ -> new ArrayList<>(1))
                    .add(key);
    }

    /**
     * Of a value that nothing is known under: it would stand beside the value that it is about, or
     * take nothing back ⚠.
     */
    List<Doubt> of(ObservationStatement statement) {
        var key = ValueKey.of(statement);
        var doubts = new ArrayList<Doubt>(0);
        if (isKnownByOtherSystem(key))
            doubts.add(
                    new Doubt(
                            statement.path() + "-3",
                            HoldReason.CODING_SYSTEM_DIFFERS,
                            "this test is known with its coding system and comes without, or the"
                                    + " other way round"));
        else if (WrittenOtherwise.isByCode(statement, unsaid))
            doubts.add(
                    new Doubt(
                            statement.path() + "-3",
                            HoldReason.CODE_WRITTEN_OTHERWISE,
                            "this test is known by another of its codes or in other letters; it"
                                    + " would stand beside the value that it is about"));
        else if (WrittenOtherwise.isBySubId(report, statement, unsaid))
            doubts.add(
                    new Doubt(
                            statement.path() + "-4",
                            HoldReason.SUB_ID_DIFFERS,
                            "this test is known with a sub-id and comes without, or the other way"
                                    + " round"));
        if (isKnownOtherwise(key))
            doubts.add(
                    new Doubt(
                            statement.path() + "-3",
                            HoldReason.VALUE_TOLD_APART_OTHERWISE,
                            "this test is known without a time or instance of its own (OBX-14,"
                                    + " OBX-21) and comes with one, or the other way round"));
        return doubts;
    }

    /** A code that names no system may be the one that does; two that name other ones are not. */
    private boolean isKnownByOtherSystem(ValueKey key) {
        return (key.system().isEmpty() ? withSystem : withoutSystem)
                .contains(new Place(key.test(), "", key.subId()));
    }

    private boolean isKnownOtherwise(ValueKey key) {
        if (!key.instance().isEmpty())
            return isKnownBefore(new ValueKey(key.test(), key.system(), key.subId(), ""));
        var others = withInstance.get(new Place(key.test(), key.system(), key.subId()));
        return others != null && others.stream().anyMatch(this::isKnownBefore);
    }

    /** By messages before this one: it may itself hold a value without a time. */
    private boolean isKnownBefore(ValueKey key) {
        for (var version : values.getOrDefault(key, List.of()))
            if (version.place().standing() == Standing.CURRENT
                    && version.entry().entryId() != entryId) return true;
        return false;
    }

    /** Whether one says it and the other does not. */
    static boolean isWithAndWithout(String system, String other) {
        return system.isEmpty() != other.isEmpty();
    }
}
