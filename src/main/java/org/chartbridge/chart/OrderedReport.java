package org.chartbridge.chart;

import java.util.List;

/**
 * A report as far as an order may know it again.
 *
 * @param number the filler's, else what stood for it
 * @param tests OBR-4, and its other coding if it has one
 * @param status OBR-25, table 0123
 * @param pending whether a value that stands is not final: OBX-11 I, R, P, S ⚠
 * @param valued whether it has any OBX that stands
 * @param performed whether any of it was done: false where all its values are words for that it was
 *     not ⚠, and where there are none
 * @param why the laboratory's words for why a value of it is none, the first of them, or beside a
 *     report without any; may be empty
 * @param parent what it goes deeper into
 */
public record OrderedReport(
        long series,
        String partner,
        String number,
        String placerNumber,
        List<CodingView> tests,
        String status,
        boolean pending,
        boolean valued,
        boolean performed,
        String why,
        Parent parent) {

    public OrderedReport {
        tests = List.copyOf(tests);
    }

    /** What is final, or doesn't say that it is not, as M (corrected, not final) does. */
    public boolean isFinal() {
        return isFinal(status) && !pending;
    }

    /**
     * Whether it only says how far the order is, and nothing is here: order received, scheduled,
     * specimen there (OBR-25 O, S, I).
     */
    public boolean isStatusOnly() {
        return !valued && ReportWord.isStatus(status);
    }

    /** Whether its laboratory took the test off: OBR-25 X, no OBX ⚠. */
    public boolean isTakenOff() {
        return !valued && status.equals("X");
    }

    /**
     * @param status OBR-25, table 0123
     */
    static boolean isFinal(String status) {
        return switch (status) {
            case "F", "C", "X", "" -> true;
            default -> false;
        };
    }

    public String name() {
        var test = tests.getFirst();
        return test.text().isEmpty() ? test.code() : test.text();
    }

    /** The series only. */
    @Override
    public String toString() {
        return "OrderedReport[" + series + "]";
    }
}
