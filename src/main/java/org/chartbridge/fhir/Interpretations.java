package org.chartbridge.fhir;

import org.hl7.fhir.r4.model.CodeableConcept;

import java.util.Map;

/**
 * OBX-8, table 0078, as FHIR interpretation: the v2-to-FHIR guide's InterpretationCodes. What the
 * table doesn't know (a lab's own {@code *} or {@code C}) stays the text it was.
 */
final class Interpretations {
    private static final Map<String, String> KNOWN =
            Map.ofEntries(
                    Map.entry("<", "Off scale low"),
                    Map.entry(">", "Off scale high"),
                    Map.entry("A", "Abnormal"),
                    Map.entry("AA", "Critical abnormal"),
                    Map.entry("B", "Better"),
                    Map.entry("CAR", "Carrier"),
                    Map.entry("D", "Significant change down"),
                    Map.entry("DET", "Detected"),
                    Map.entry("E", "Equivocal"),
                    Map.entry("EX", "outside threshold"),
                    Map.entry("EXP", "Expected"),
                    Map.entry("H", "High"),
                    Map.entry("HH", "Critical high"),
                    Map.entry("HU", "Significantly high"),
                    Map.entry("I", "Intermediate"),
                    Map.entry("IE", "Insufficient evidence"),
                    Map.entry("IND", "Indeterminate"),
                    Map.entry("L", "Low"),
                    Map.entry("LL", "Critical low"),
                    Map.entry("LU", "Significantly low"),
                    Map.entry("MS", "Moderately susceptible"),
                    Map.entry("N", "Normal"),
                    Map.entry("NCL", "No CLSI defined breakpoint"),
                    Map.entry("ND", "Not detected"),
                    Map.entry("NEG", "Negative"),
                    Map.entry("NR", "Non-reactive"),
                    Map.entry("NS", "Non-susceptible"),
                    Map.entry("POS", "Positive"),
                    Map.entry("R", "Resistant"),
                    Map.entry("RR", "Reactive"),
                    Map.entry("S", "Susceptible"),
                    Map.entry("SDD", "Susceptible-dose dependent"),
                    Map.entry("SYN-R", "Synergy - resistant"),
                    Map.entry("SYN-S", "Synergy - susceptible"),
                    Map.entry("U", "Significant change up"),
                    Map.entry("UNE", "Unexpected"),
                    Map.entry("VS", "Very susceptible"),
                    Map.entry("W", "Worse"),
                    Map.entry("WR", "Weakly reactive"));

    private Interpretations() {}

    static CodeableConcept of(String flag) {
        var concept = new CodeableConcept().setText(flag);
        var display = KNOWN.get(flag);
        if (display != null)
            concept.addCoding()
                    .setSystem(CodeSystems.INTERPRETATION)
                    .setCode(flag)
                    .setDisplay(display);
        return concept;
    }
}
