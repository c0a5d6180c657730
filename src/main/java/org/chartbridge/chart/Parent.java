package org.chartbridge.chart;

/**
 * What a report goes deeper into, as its sender says (OBR-26, OBR-29), and whether it was asked for
 * by the laboratory itself (OBR-11).
 *
 * @param number OBR-29, the filler's number of the parent, else the placer's; may be empty
 * @param test OBR-26, what the parent's value is called; may be empty
 * @param action OBR-11, table 0065; G is a reflex test, A one that was added to a specimen
 */
public record Parent(String number, String test, String action) {

    /** Of a report that stands by itself. */
    public static final Parent NONE = new Parent("", "", "");

    /** Whether anything is said. */
    public boolean isNone() {
        return number.isEmpty() && test.isEmpty() && action.isEmpty();
    }

    /** A reflex test: its result made the laboratory ask for it. */
    public boolean isReflex() {
        return action.equals("G");
    }

    /** Asked for later, of a specimen that was there. */
    public boolean isAddOn() {
        return action.equals("A");
    }

    /** Prints nothing. */
    @Override
    public String toString() {
        return "Parent[…]";
    }
}
