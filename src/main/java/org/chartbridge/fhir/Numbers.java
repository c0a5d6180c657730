package org.chartbridge.fhir;

import org.hl7.fhir.r4.model.Identifier;

/**
 * Numbers of orders, appointments and documents as identifiers (v2-to-FHIR EI[Identifier]): EI.1 is
 * the value, the namespace its system.
 */
final class Numbers {
    private Numbers() {}

    /**
     * An identifier.
     *
     * @param number EI.1, with {@code ^} and its namespace where one was sent
     */
    static Identifier of(String number) {
        int end = number.lastIndexOf('^');
        if (end < 0) return new Identifier().setValue(number);
        return new Identifier()
                .setValue(number.substring(0, end))
                .setSystem(CodeSystems.ofAuthority(number.substring(end + 1)));
    }

    /**
     * One with a type.
     *
     * @param type of table 0203, such as PLAC or FILL
     */
    static Identifier of(String type, String number) {
        var identifier = of(number);
        identifier.getType().addCoding().setSystem(CodeSystems.IDENTIFIER_TYPE).setCode(type);
        return identifier;
    }
}
