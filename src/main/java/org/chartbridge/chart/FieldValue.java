package org.chartbridge.chart;

/**
 * What a message says of one field: a value, or that there is none any more.
 *
 * @param text what a person reads; of times the sender's own characters
 * @param code of coded values; of times the instant in ISO 8601; else empty
 * @param system whose code it is: coding system or authority
 * @param path where it stood, for example {@code PID-11.3}
 */
public record FieldValue(String text, String code, String system, String path) {

    public static FieldValue of(String text, String path) {
        return new FieldValue(text, "", "", path);
    }

    /** The field is to be empty. */
    public static FieldValue deleted(String path) {
        return new FieldValue("", "", "", path);
    }

    public boolean isEmpty() {
        return text.isEmpty() && code.isEmpty();
    }

    boolean saysTheSameAs(FieldValue other) {
        return text.equals(other.text) && code.equals(other.code) && system.equals(other.system);
    }

    /** The place only: values are about a patient. */
    @Override
    public String toString() {
        return "FieldValue[" + path + "]";
    }
}
