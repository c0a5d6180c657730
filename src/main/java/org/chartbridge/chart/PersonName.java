package org.chartbridge.chart;

/** A person's name as sent (XPN): every part may be empty, none is null. */
public record PersonName(String family, String given, String middle, String suffix) {

    /** Prints nothing of the patient. */
    @Override
    public String toString() {
        return "PersonName[…]";
    }
}
