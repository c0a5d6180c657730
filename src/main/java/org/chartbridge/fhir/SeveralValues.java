package org.chartbridge.fhir;

import org.chartbridge.chart.CodingView;
import org.chartbridge.chart.ObservationView;
import org.hl7.fhir.r4.model.CodeableConcept;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/**
 * Tells the coded values of one observation apart: repetitions of OBX-5 and OBX of the same test
 * and sub-id, such as two organisms of a culture. Each value has a line of the text, and a coding
 * whose words or code that line is begins it; a second coding of the same system begins another one
 * too, because a value has one code of a system.
 */
final class SeveralValues {
    private SeveralValues() {}

    /** A concept for each of them; empty where it is one value. */
    static List<CodeableConcept> of(ObservationView view) {
        if (view.valueCodings().size() < 2) return List.of();
        var lines = new ArrayList<>(view.valueText().lines().map(String::strip).toList());
        if (lines.size() < 2) return List.of();
        var values = new ArrayList<CodeableConcept>();
        var systems = new HashSet<String>();
        for (var coding : view.valueCodings()) {
            var system = coding.system().toUpperCase(Locale.ROOT);
            var words = words(coding, lines);
            if (values.isEmpty() || systems.contains(system) || !words.isEmpty()) {
                values.add(new CodeableConcept());
                systems.clear();
                lines.remove(words);
            }
            systems.add(system);
            Concepts.add(values.getLast(), coding, view.partner());
        }
        if (values.size() < 2) return List.of();
        for (var value : values)
            if (!value.hasText()) value.setText(value.getCodingFirstRep().getCode());
        return values;
    }

    /** The line that says this coding; empty when none does. */
    private static String words(CodingView coding, List<String> lines) {
        for (var words : new String[] {coding.text().strip(), coding.code().strip()})
            if (!words.isEmpty() && lines.contains(words)) return words;
        return "";
    }
}
