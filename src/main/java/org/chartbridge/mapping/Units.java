package org.chartbridge.mapping;

import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Line;

/**
 * The unit of a value, OBX-6. Many senders write {@code 10^3/uL} or {@code mL/min/1.73m^2} without
 * escaping the component separator, which cuts it into the code 10 and the text 3/uL; the halves
 * are put together again. One that stands in the alternate components alone (CWE.4 to CWE.6) is the
 * unit all the same ⚠.
 */
final class Units {
    private static final int UNIT = 6;
    private static final int ALTERNATE = 3;

    private Units() {}

    /** The code, else the text. */
    static String read(Line obx, Reader reader) {
        var code = reader.text(obx, UNIT, 1);
        var text = reader.text(obx, UNIT, 2);
        if (isCut(code, text)) return Reader.joined("^", code, text);
        var said = Reader.firstSaid(code, text);
        if (!said.isEmpty()) return said;
        return Reader.firstSaid(
                reader.text(obx, UNIT, 1 + ALTERNATE), reader.text(obx, UNIT, 2 + ALTERNATE));
    }

    /** What the code is of; of a unit that was cut nothing says it. */
    static String system(Line obx, Reader reader) {
        var code = reader.text(obx, UNIT, 1);
        var text = reader.text(obx, UNIT, 2);
        if (isCut(code, text)) return "";
        boolean own = !(code + text).isEmpty();
        return reader.text(obx, UNIT, own ? 3 : 3 + ALTERNATE);
    }

    static boolean isCut(Line obx, Reader reader) {
        return isCut(reader.text(obx, UNIT, 1), reader.text(obx, UNIT, 2));
    }

    static void remark(Line obx, Reader reader) {
        if (isCut(obx, reader))
            reader.findings.inform(
                    obx.location(UNIT),
                    ErrorCode.DATA_TYPE,
                    "unit-not-escaped",
                    "OBX-6 holds a component separator that is part of the unit; it was read as one"
                            + " unit. The sender should escape it (10\\S\\3/uL) or write 10*3/uL.");
    }

    /**
     * A power of ten: {@code 10}, {@code x10} or {@code *10} before a number; or one of a metre.
     */
    private static boolean isCut(String code, String text) {
        // Square and cubic metres; a text that is only a number names no unit.
        if (code.endsWith("m") && (text.equals("2") || text.equals("3"))) return true;
        if (!code.endsWith("10") || text.isEmpty()) return false;
        char first = text.charAt(0);
        if (first != '-' && (first < '0' || first > '9')) return false;
        var before = code.substring(0, code.length() - 2).strip();
        return before.isEmpty() || (before.length() == 1 && "xX*\u00d7".contains(before));
    }
}
