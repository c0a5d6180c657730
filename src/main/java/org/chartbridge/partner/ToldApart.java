package org.chartbridge.partner;

import java.util.Set;

/**
 * By what more than OBX-3 and OBX-4 values under one OBR are told apart (HL7-RULES §4).
 *
 * @param series {@code series:} tests of which each time (OBX-14) has a value of its own
 * @param instances {@code instance-ids:} tests of which each OBX-21 is a value of its own
 */
public record ToldApart(Tests series, Tests instances) {

    /** By nothing more. */
    public static final ToldApart NO_FURTHER = new ToldApart(Tests.NONE, Tests.NONE);

    /**
     * Tests by code or text, as OBX-3 sends them.
     *
     * @param all whether all are meant, whatever they are called
     */
    public record Tests(boolean all, Set<String> names) {
        static final Tests NONE = new Tests(false, Set.of());

        public Tests {
            names = Set.copyOf(names);
        }

        /** Whether this test is among them, by its code (OBX-3.1) or text (OBX-3.2). */
        public boolean has(String code, String text) {
            return all || names.contains(code) || names.contains(text);
        }
    }
}
