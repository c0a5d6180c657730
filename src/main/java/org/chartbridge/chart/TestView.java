package org.chartbridge.chart;

import java.util.Comparator;
import java.util.List;

/**
 * One test of a patient over time.
 *
 * @param values current values only, the last collected first; at least one
 * @param total how many there are in all
 */
public record TestView(TestKey key, List<ObservationView> values, long total) {

    /** By the name people read, in any case. */
    static final Comparator<TestView> BY_NAME =
            Comparator.comparing(
                            (TestView test) -> test.latest().codeText(),
                            String.CASE_INSENSITIVE_ORDER)
                    .thenComparing(test -> test.key().code())
                    .thenComparing(test -> test.key().subId());

    public TestView {
        values = List.copyOf(values);
    }

    /** The last collected. It may be preliminary or not performed: its status says so. */
    public ObservationView latest() {
        return values.getFirst();
    }
}
