package org.chartbridge.chart;

/**
 * A provider as a message named one: OBR-16 or OBR-32.
 *
 * @param authority who gave the number; empty when not sent
 */
public record ProviderView(
        long id, String authority, String number, String familyName, String givenName) {

    /** The name as people write it, or the number when no name was sent. */
    public String display() {
        var name = (givenName + " " + familyName).strip();
        return name.isEmpty() ? number : name;
    }
}
