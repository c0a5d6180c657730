package org.chartbridge.mapping;

import org.chartbridge.hl7.Line;

import java.util.ArrayList;

/** What a value is compared with, OBX-7: text for people. */
final class Ranges {
    private static final int RANGE = 7;

    private Ranges() {}

    /** Of several repetitions, such as one for men and one for women, all ⚠. */
    static String read(Line obx, Reader reader) {
        int repetitions = reader.repetitions(obx, RANGE);
        if (repetitions < 2) return reader.text(obx, RANGE);
        var all = new ArrayList<String>(repetitions);
        for (int i = 1; i <= repetitions; i++) {
            var range = reader.text(obx, RANGE, i, 0);
            if (!range.isEmpty()) all.add(range);
        }
        return String.join("; ", all);
    }
}
