package org.chartbridge.screening;

import org.chartbridge.chart.Source;

import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Something that whoever ordered has to look at.
 *
 * @param key what tells it from others, and stays as long as the same order conflicts with the same
 *     thing as badly; lower-case hex
 * @param drug what was ordered, as sent; of an allergy that nobody could check, the allergy
 * @param cause what it conflicts with, as sent; empty when nothing was checked
 * @param text what may happen
 * @param rule file and line of the table that says so, and whose word that is; empty when it is the
 *     same substance or when nothing was checked
 * @param number the order's number; empty of an allergy
 * @param clinician who ordered, and has to act; empty when not sent
 * @param order the message that ordered
 * @param because the messages that say the cause
 */
public record Alert(
        String key,
        Kind kind,
        Severity severity,
        UUID person,
        String drug,
        String cause,
        String text,
        String rule,
        String number,
        String clinician,
        Source order,
        List<Source> because) {

    public Alert {
        because = List.copyOf(because);
    }

    /** What is wrong. */
    public enum Kind {
        ALLERGY("Allergy"),
        CROSS_REACTION("Cross-reaction"),
        INTERACTION("Interaction"),
        NOT_SCREENED("Not screened");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Whether nothing could be checked, which is not the same as nothing found. */
    public boolean isNotScreened() {
        return kind == Kind.NOT_SCREENED;
    }

    /** Whether it is no order that could not be checked, but an allergy. */
    public boolean isUncheckedAllergy() {
        return isNotScreened() && severity == Severity.LOW;
    }

    /** Whether a message ordered, or says the cause. */
    public boolean isBehind(long entryId) {
        return order.entryId() == entryId
                || because.stream().anyMatch(source -> source.entryId() == entryId);
    }

    /** The key only. */
    @Override
    public String toString() {
        return "Alert[" + key + "]";
    }
}
