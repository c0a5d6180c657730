package org.chartbridge.chart;

import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

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
    /** PID-5.7 of that name, table 0200 */
    NAME_TYPE("name-type", "Kind of name"),
    /** PID-7: yyyy, yyyy-MM or yyyy-MM-dd */
    BIRTH_DATE("birth-date", "Birth date"),
    /** PID-8, table 0001 */
    SEX("sex", "Sex"),
    /** PID-11.1 */
    STREET("street", "Street"),
    /** PID-11.2 */
    ADDRESS_LINE("address-line", "Address, second line"),
    /**
     * PID-11: what of the address is no line of its own above, as {@link Repetitions} has it: type
     * (table 0190), street name, dwelling number, addressee
     */
    ADDRESS_FURTHER("address-further", "Address, further"),
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
    PRIMARY_CARE("primary-care", "Primary care"),
    /** PID-11.9, else PID-12 */
    COUNTY("county", "County"),
    /** PID-5 and PID-9 beside the name; code as {@link Repetitions} has it */
    OTHER_NAMES("other-names", "Other names"),
    /** PID-11 beside the address; code as {@link Repetitions} has it */
    OTHER_ADDRESSES("other-addresses", "Other addresses"),
    /** PID-13, PID-14 and PID-40 beside the numbers; code as {@link Repetitions} has it */
    OTHER_NUMBERS("other-numbers", "Other numbers"),
    /** PID-6 */
    MOTHERS_NAME("mothers-name", "Mother's maiden name"),
    /** PID-17, table 0006 */
    RELIGION("religion", "Religion"),
    /** PID-19 */
    SOCIAL_SECURITY("social-security", "Social security"),
    /** PID-20 */
    LICENCE("licence", "Driver's licence"),
    /** PID-23 */
    BIRTH_PLACE("birth-place", "Birth place"),
    /** PID-26, table 0171 */
    CITIZENSHIP("citizenship", "Citizenship");

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

    /**
     * Leaves out what was said beside a name, an address or numbers that stand no longer: the field
     * repeats and is sent whole, and whoever sends one name says that there are no others.
     *
     * @param entry of a field, the entry that said it
     */
    static <T> void leaveOutFormer(Map<DemographicField, T> fields, ToLongFunction<T> entry) {
        fields.entrySet()
                .removeIf(
                        one -> {
                            var beside = one.getKey().beside();
                            return !beside.isEmpty()
                                    && beside.stream()
                                            .map(fields::get)
                                            .filter(Objects::nonNull)
                                            .noneMatch(
                                                    main ->
                                                            entry.applyAsLong(main)
                                                                    == entry.applyAsLong(
                                                                            one.getValue()));
                        });
    }

    /** The fields in front of it; empty for most. */
    private Set<DemographicField> beside() {
        return switch (this) {
            case OTHER_NAMES, NAME_TYPE -> EnumSet.of(FAMILY, GIVEN);
            case OTHER_ADDRESSES, ADDRESS_FURTHER, COUNTY ->
                    EnumSet.of(STREET, CITY, STATE, POSTAL_CODE, COUNTRY);
            case OTHER_NUMBERS -> EnumSet.of(PHONE, MOBILE, EMAIL, WORK_PHONE);
            case FAMILY,
                    GIVEN,
                    MIDDLE,
                    SUFFIX,
                    PREFIX,
                    BIRTH_DATE,
                    SEX,
                    STREET,
                    ADDRESS_LINE,
                    CITY,
                    STATE,
                    POSTAL_CODE,
                    COUNTRY,
                    PHONE,
                    MOBILE,
                    EMAIL,
                    WORK_PHONE,
                    LANGUAGE,
                    MARITAL_STATUS,
                    RACE,
                    ETHNICITY,
                    MULTIPLE_BIRTH,
                    BIRTH_ORDER,
                    DEATH_TIME,
                    DECEASED,
                    PRIMARY_CARE,
                    MOTHERS_NAME,
                    RELIGION,
                    SOCIAL_SECURITY,
                    LICENCE,
                    BIRTH_PLACE,
                    CITIZENSHIP ->
                    EnumSet.noneOf(DemographicField.class);
        };
    }

    static Optional<DemographicField> of(String id) {
        for (var field : values()) if (field.id.equals(id)) return Optional.of(field);
        return Optional.empty();
    }
}
