package org.chartbridge.chart;

import java.util.Comparator;

/** MSH-10 in the order that senders count in: {@code LAB9} comes before {@code LAB10}. */
final class ControlIds {

    /** Runs of digits by their number, all else letter by letter; total. */
    static final Comparator<String> IN_SEQUENCE =
            ((Comparator<String>) ControlIds::counted).thenComparing(Comparator.naturalOrder());

    private ControlIds() {}

    private static int counted(String one, String other) {
        int i = 0;
        int j = 0;
        while (i < one.length() && j < other.length()) {
            if (!isDigit(one.charAt(i)) || !isDigit(other.charAt(j))) {
                int order = Character.compare(one.charAt(i++), other.charAt(j++));
                if (order != 0) return order;
                continue;
            }
            int from = withoutZeros(one, i);
            int fromOther = withoutZeros(other, j);
            i = afterDigits(one, from);
            j = afterDigits(other, fromOther);
            int order = Integer.compare(i - from, j - fromOther);
            if (order == 0) order = one.substring(from, i).compareTo(other.substring(fromOther, j));
            if (order != 0) return order;
        }
        return Integer.compare(one.length() - i, other.length() - j);
    }

    private static boolean isDigit(char letter) {
        return letter >= '0' && letter <= '9';
    }

    private static int withoutZeros(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) == '0') at++;
        return at;
    }

    private static int afterDigits(String text, int from) {
        int at = from;
        while (at < text.length() && isDigit(text.charAt(at))) at++;
        return at;
    }
}
