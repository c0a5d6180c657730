package org.chartbridge.chart;

/**
 * A field as it stands, and whose word that is. The later word stands, whichever arrived first.
 *
 * @param partner who said it
 */
record Stated(FieldValue value, Moment said, String partner) {

    /** This one, or the other if that was said later. */
    Stated or(Stated other) {
        return other.said.isAfter(said) ? other : this;
    }
}
