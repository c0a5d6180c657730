package org.chartbridge.hl7;

/** The HL7 version a sender names in MSH-12, as far as layouts depend on it. */
record Version(int number) implements Comparable<Version> {
    static final Version V2_2 = new Version(220);
    static final Version V2_3_1 = new Version(231);
    static final Version V2_5 = new Version(250);
    static final Version V2_7 = new Version(270);

    /** What is written where a sender names no version: the one whose layout we then use. */
    static final String ASSUMED = "2.5.1";

    /** Reads 2.3.1 as 231; anything that is no version 2 reads as the assumed one. */
    static Version of(String text) {
        int length = text.length();
        if (length < 3 || !text.startsWith("2.")) return new Version(251);
        int minor = text.charAt(2) - '0';
        int patch = length >= 5 && text.charAt(3) == '.' ? text.charAt(4) - '0' : 0;
        if (minor < 0 || minor > 9 || patch < 0 || patch > 9) return new Version(251);
        return new Version(200 + minor * 10 + patch);
    }

    boolean from(Version other) {
        return number >= other.number;
    }

    @Override
    public int compareTo(Version other) {
        return Integer.compare(number, other.number);
    }
}
