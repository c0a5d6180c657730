package org.chartbridge.chart;

import java.util.Optional;

/** What is known of a person beside identifiers: each has a history of its own. */
public enum DemographicField {
    /** PID-5.1 */
    FAMILY("family", "Family name"),
    /** PID-5.2 */
    GIVEN("given", "Given name"),
    /** PID-5.3 */
    MIDDLE("middle", "Middle name"),
    /** PID-5.4 */
    SUFFIX("suffix", "Suffix"),
    /** PID-5.5 */
    PREFIX("prefix", "Prefix"),
    /** PID-7: yyyy, yyyy-MM or yyyy-MM-dd */
    BIRTH_DATE("birth-date", "Birth date"),
    /** PID-8, table 0001 */
    SEX("sex", "Sex"),
    /** PID-11.1 */
    STREET("street", "Street"),
    /** PID-11.2 */
    ADDRESS_LINE("address-line", "Address, second line"),
    /** PID-11.3 */
    CITY("city", "City"),
    /** PID-11.4 */
    STATE("state", "State"),
    /** PID-11.5 */
    POSTAL_CODE("postal-code", "Postal code"),
    /** PID-11.6 */
    COUNTRY("country", "Country"),
    /** PID-13, the first number */
    PHONE("phone", "Phone"),
    /** PID-13 of use PRS or equipment CP */
    MOBILE("mobile", "Mobile phone"),
    /** PID-13 of use NET */
    EMAIL("email", "E-mail"),
    /** PID-14 */
    WORK_PHONE("work-phone", "Work phone"),
    /** PID-15 */
    LANGUAGE("language", "Language"),
    /** PID-16, table 0002 */
    MARITAL_STATUS("marital-status", "Marital status"),
    /** PID-10, table 0005 */
    RACE("race", "Race"),
    /** PID-22, table 0189 */
    ETHNICITY("ethnicity", "Ethnic group"),
    /** PID-24, Y or N */
    MULTIPLE_BIRTH("multiple-birth", "Multiple birth"),
    /** PID-25 */
    BIRTH_ORDER("birth-order", "Birth order"),
    /** PID-29 */
    DEATH_TIME("death-time", "Died"),
    /** PID-30, Y or N */
    DECEASED("deceased", "Deceased"),
    /** PD1-4 */
    PRIMARY_CARE("primary-care", "Primary care");

    private final String id;
    private final String label;

    DemographicField(String id, String label) {
        this.id = id;
        this.label = label;
    }

    /** In the database, for example {@code birth-date}. */
    public String id() {
        return id;
    }

    /** On pages. */
    public String label() {
        return label;
    }

    static Optional<DemographicField> of(String id) {
        for (var field : values()) if (field.id.equals(id)) return Optional.of(field);
        return Optional.empty();
    }
}
