package org.chartbridge.partner;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a partner's folder says of referrals: as one who takes them for whom, and how it wants them
 * ({@code providers.csv}, {@code referrals:}), as one who refers who gets what several could take
 * ({@code referring.csv}).
 *
 * @param queue {@code queue:} where referrals to it wait: {@code folder/queue}
 * @param form {@code message:} the message that it gets
 * @param version {@code version:} MSH-12; empty for what was sent
 * @param chart {@code chart:} what new referrals to it take along from the chart; nothing when
 *     empty
 * @param results {@code days:} how long ago results may have been collected that go along
 * @param providers {@code providers.csv}; empty of whoever takes none
 * @param rules {@code referring.csv}, first to last
 */
public record Referrals(
        String queue,
        Form form,
        String version,
        Set<Part> chart,
        Duration results,
        List<Provider> providers,
        List<Rule> rules) {

    /** Nobody is referred to, no rules. */
    public static final Referrals NONE =
            new Referrals(
                    "referrals",
                    Form.REF_I12,
                    "",
                    Set.of(),
                    Duration.ofDays(90),
                    List.of(),
                    List.of());

    public Referrals {
        chart = Set.copyOf(chart);
        providers = List.copyOf(providers);
        rules = List.copyOf(rules);
    }

    /** The message that a referral leaves as: its own, or an order as 360X has it. */
    public enum Form {
        REF_I12,
        OMG_O19;

        /** {@code REF^I12}. */
        public String shown() {
            return name().replace('_', '^');
        }
    }

    /** A part of the chart that may go along. */
    public enum Part {
        PROBLEMS,
        ALLERGIES,
        MEDICATIONS,
        RESULTS,
        DOCUMENTS;

        /** As {@code chart:} names it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Somebody a patient can be referred to.
     *
     * @param id PRD-7.1, such as an NPI; may be empty
     * @param family PRD-2.1, compared without regard to capital letters
     * @param given PRD-2.2
     * @param specialty code, RF1-3.1 or RF1-10.1 where a referral names nobody; may be empty
     * @param line in {@code providers.csv}
     */
    public record Provider(String id, String family, String given, String specialty, int line) {

        /** Whether the whole name is the same: half of one is not enough. */
        public boolean isNamed(String itsFamily, String itsGiven) {
            return !family.isEmpty()
                    && !given.isEmpty()
                    && family.toLowerCase(Locale.ROOT).equals(itsFamily.toLowerCase(Locale.ROOT))
                    && given.toLowerCase(Locale.ROOT).equals(itsGiven.toLowerCase(Locale.ROOT));
        }
    }

    /**
     * A row that says who gets a referral. What is empty fits all.
     *
     * @param to a folder
     * @param specialty RF1-3.1 or RF1-10.1
     * @param priority RF1-2.1; S for STAT, else as sent
     * @param coverage IN1-2.1 or IN1-3.1; {@code none} for referrals without IN1
     * @param line in {@code referring.csv}
     */
    public record Rule(String to, String specialty, String priority, String coverage, int line) {

        /** Whether it is about such a referral. */
        public boolean fits(Set<String> specialties, String itsPriority, Set<String> coverages) {
            return (specialty.isEmpty() || specialties.contains(specialty))
                    && new Orders.Rule("", priority, coverage, Orders.Network.EITHER, to, line)
                            .fits("", itsPriority, coverages);
        }
    }

    /** Whether patients can be referred to it. */
    public boolean takesAny() {
        return !providers.isEmpty();
    }
}
