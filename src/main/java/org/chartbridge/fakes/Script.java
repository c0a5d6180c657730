package org.chartbridge.fakes;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a partner behaves.
 *
 * @param application MSH-3 of what it sends
 * @param facility MSH-4
 * @param seed decides what is left to chance
 * @param deduplicates whether it discards what it knows by MSH-10
 * @param answers tried in order for each message that comes; what none fits is accepted
 * @param courses tried in order for each order or referral that it took; what none fits stays as it
 *     is
 * @param connections over how many it sends
 */
public record Script(
        Role role,
        String application,
        String facility,
        long seed,
        boolean deduplicates,
        int connections,
        List<AnswerRule> answers,
        List<Course> courses,
        Optional<Traffic> traffic) {

    public Script {
        answers = List.copyOf(answers);
        courses = List.copyOf(courses);
    }

    /**
     * How some messages are answered.
     *
     * @param keep whether the message is taken, whatever its sender is told
     * @param after how long the answer takes
     */
    record AnswerRule(Reply reply, boolean keep, Duration after, Chance chance) {}

    /**
     * What an EMR sends of itself.
     *
     * @param each the time between two messages
     * @param tests codes of LOINC; those known to {@code Tests} have values that look real
     * @param message ORM^O01, OML^O21 or OMG^O19
     */
    record Traffic(
            int patients,
            int orders,
            int referrals,
            Duration each,
            List<String> tests,
            String message) {
        Traffic {
            tests = List.copyOf(tests);
        }
    }

    /** The same with another seed. */
    public Script withSeed(long other) {
        return new Script(
                role,
                application,
                facility,
                other,
                deduplicates,
                connections,
                answers,
                courses,
                traffic);
    }

    /** The same partner, that discards what it knows or not. */
    public Script deduplicating(boolean discards) {
        return new Script(
                role,
                application,
                facility,
                seed,
                discards,
                connections,
                answers,
                courses,
                traffic);
    }

    /** The same EMR that sends so many, one after the other, as fast as they are answered. */
    public Script sending(int patients, int orders, int referrals) {
        return new Script(
                role,
                application,
                facility,
                seed,
                deduplicates,
                connections,
                answers,
                courses,
                Optional.of(
                        new Traffic(
                                patients,
                                orders,
                                referrals,
                                Duration.ZERO,
                                ScriptFile.USUAL_TESTS,
                                "OML")));
    }
}
