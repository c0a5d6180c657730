package org.chartbridge.fakes;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** What a fake lab can do, and values that look real. Any other test gets a text. */
final class TestMenu {
    /** What its laboratory calls its own codes (OBR-4.3, OBX-3.3). */
    static final String SYSTEM = "NORTHLAB";

    /**
     * One test with the range of healthy people, which half of the values leave.
     *
     * @param code LOINC, what the clinic orders by
     * @param own the laboratory's own code; empty where the test is not known
     */
    record Known(String code, String own, String name, String unit, String low, String high) {

        /** The same value for the same draw, with as many decimals as the range has. */
        String value(int draw) {
            var least = new BigDecimal(low);
            var width = new BigDecimal(high).subtract(least);
            var part = BigDecimal.valueOf(draw % 2_000 - 500L).divide(BigDecimal.valueOf(1_000));
            return least.add(width.multiply(part))
                    .max(BigDecimal.ZERO)
                    .setScale(least.scale(), RoundingMode.HALF_UP)
                    .toPlainString();
        }

        String flag(String value) {
            var number = new BigDecimal(value);
            if (number.compareTo(new BigDecimal(low)) < 0) return "L";
            return number.compareTo(new BigDecimal(high)) > 0 ? "H" : "N";
        }
    }

    private static final List<Known> ALL =
            List.of(
                    new Known("2823-3", "K", "Potassium", "mmol/L", "3.5", "5.1"),
                    new Known("2951-2", "NA", "Sodium", "mmol/L", "136", "145"),
                    new Known("2345-7", "GLU", "Glucose", "mg/dL", "70", "99"),
                    new Known("2160-0", "CREA", "Creatinine", "mg/dL", "0.60", "1.30"),
                    new Known("718-7", "HGB", "Hemoglobin", "g/dL", "12.0", "17.5"),
                    new Known("6690-2", "WBC", "Leukocytes", "10*3/uL", "4.0", "11.0"),
                    new Known("3016-3", "TSH", "Thyrotropin", "m[IU]/L", "0.40", "4.00"),
                    new Known("4548-4", "A1C", "Hemoglobin A1c", "%", "4.0", "5.6"));

    private TestMenu() {}

    static List<Known> all() {
        return ALL;
    }

    /** By either code; one without unit where the code is not known. */
    static Known of(String code) {
        return ALL.stream()
                .filter(test -> test.code().equals(code) || test.own().equals(code))
                .findFirst()
                .orElse(new Known(code, "", code, "", "", ""));
    }
}
