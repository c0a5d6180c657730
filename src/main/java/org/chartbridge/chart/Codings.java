package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

/**
 * The codes that a test or an order is called by, as far as they tell whether two ways of writing
 * mean the same one: HL7 v2.5.1 §2.A.13 lets a sender put either of two codings in front.
 *
 * @param loinc what it is in LOINC, as sent or by the partner's table; empty when not known
 */
record Codings(
        String code,
        String text,
        String system,
        String otherCode,
        String otherSystem,
        String loinc) {

    static final Codings NONE = new Codings("", "", "", "", "", "");

    static Codings of(Concept concept, String loinc) {
        var other = concept.alternate();
        return new Codings(
                concept.code(),
                concept.text(),
                concept.system(),
                other == null ? "" : other.code(),
                other == null ? "" : other.system(),
                loinc);
    }

    static Codings of(
            String code,
            String text,
            String system,
            @Nullable String otherCode,
            @Nullable String otherSystem,
            String loinc) {
        return new Codings(
                code,
                text,
                system,
                otherCode == null ? "" : otherCode,
                otherSystem == null ? "" : otherSystem,
                loinc);
    }

    /** Whether what stands in front in one of the two stands behind in the other. */
    boolean isTurnedRound(Codings other) {
        return isSame(code, system, other.otherCode, other.otherSystem)
                || isSame(other.code, other.system, otherCode, otherSystem)
                || isLoinc(code, system, other.loinc)
                || isLoinc(other.code, other.system, loinc);
    }

    /** Whether any of their codes is the same. */
    boolean shareOne(Codings other) {
        return isTurnedRound(other)
                || isSame(otherCode, otherSystem, other.otherCode, other.otherSystem)
                || (!loinc.isEmpty() && loinc.equals(other.loinc));
    }

    /**
     * Whether one is the other in other letters, by its text or code alone, or with the same code
     * and text under another local system; never where LOINC tells them apart.
     */
    boolean isInOtherLetters(Codings other) {
        if (areTwo(other)) return false;
        if (code.isEmpty()) return isCalled(other, text);
        if (other.code.isEmpty()) return isCalled(this, other.text);
        return code.equalsIgnoreCase(other.code)
                && (isSameSystem(system, other.system) || isSameText(other));
    }

    /** Whether it could be the other: the same code of any system, or the same text. */
    boolean mayBe(Codings other) {
        if (isInOtherLetters(other)) return true;
        if (areTwo(other)) return false;
        if (code.isEmpty() || other.code.isEmpty()) return false;
        if (code.equalsIgnoreCase(other.code)) return true;
        // One laboratory that calls two codes of one system alike has two tests.
        return isSameText(other) && !system.equalsIgnoreCase(other.system);
    }

    private boolean areTwo(Codings other) {
        return !loinc.isEmpty() && !other.loinc.isEmpty() && !loinc.equals(other.loinc);
    }

    private boolean isSameText(Codings other) {
        return !text.isEmpty() && text.equalsIgnoreCase(other.text);
    }

    private static boolean isCalled(Codings one, String name) {
        return !name.isEmpty()
                && (name.equalsIgnoreCase(one.text) || name.equalsIgnoreCase(one.code));
    }

    private static boolean isSameSystem(String system, String other) {
        return system.equalsIgnoreCase(other) || system.isEmpty() || other.isEmpty();
    }

    private static boolean isSame(String code, String system, String other, String otherSystem) {
        return !code.isEmpty()
                && code.equals(other)
                && (system.equals(otherSystem) || system.isEmpty() || otherSystem.isEmpty());
    }

    private static boolean isLoinc(String code, String system, String loinc) {
        return system.equals("LN") && !loinc.isEmpty() && code.equals(loinc);
    }
}
