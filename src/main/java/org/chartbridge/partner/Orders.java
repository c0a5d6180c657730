package org.chartbridge.partner;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a partner's folder says of orders: as a laboratory which tests it does, how it wants them
 * ordered and whose insurances pay it ({@code compendium.csv}, {@code orders:}, {@code
 * network.csv}), as one who orders which laboratory does what ({@code ordering.csv}).
 *
 * @param queue {@code queue:} where orders for it wait: {@code folder/queue}
 * @param form {@code message:} in which message it wants them
 * @param version {@code version:} MSH-12; empty for what was sent
 * @param tests {@code compendium.csv}; empty of whoever does none
 * @param questions {@code questions.csv}, by their codes
 * @param network {@code network.csv}: the insurances whose network it is in
 * @param rules {@code ordering.csv}, first to last
 */
public record Orders(
        String queue,
        Form form,
        String version,
        Map<String, Test> tests,
        Map<String, Question> questions,
        List<Insurance> network,
        List<Rule> rules) {

    /** No tests, no rules. */
    public static final Orders NONE =
            new Orders("orders", Form.ORM_O01, "", Map.of(), Map.of(), List.of(), List.of());

    public Orders {
        tests = Map.copyOf(tests);
        questions = Map.copyOf(questions);
        network = List.copyOf(network);
        rules = List.copyOf(rules);
    }

    /** Orders of tests, HL7 v2.5.1 §4.4. */
    public enum Form {
        ORM_O01,
        OML_O21,
        OMG_O19;

        /** {@code ORM^O01}. */
        public String shown() {
            return name().replace('_', '^');
        }
    }

    /**
     * A test that the laboratory does.
     *
     * @param code the clinic's own, OBR-4.1
     * @param system OBR-4.3; empty for whichever
     * @param labCode what the laboratory calls it
     * @param labName its text
     * @param labSystem its coding system
     * @param specimen what it is done on (table 0487 or 0070), where the order doesn't say; may be
     *     empty
     * @param asks codes of the questions that must be answered, OBX-3.1 below the OBR
     * @param line in {@code compendium.csv}
     */
    public record Test(
            String code,
            String system,
            String labCode,
            String labName,
            String labSystem,
            String specimen,
            List<String> asks,
            int line) {
        public Test {
            asks = List.copyOf(asks);
        }
    }

    /**
     * A question at order entry.
     *
     * @param text for people; empty where only its code is known
     * @param answers one of these; empty for any
     */
    public record Question(String text, List<String> answers) {
        public Question {
            answers = List.copyOf(answers);
        }
    }

    /**
     * An insurance, as an IN1 names it or a row of {@code network.csv}, where what is empty fits
     * all.
     *
     * @param payer IN1-3.1
     * @param plan IN1-2.1
     */
    public record Insurance(String payer, String plan) {

        /** Whether a row means such a one. */
        boolean means(Insurance other) {
            return (payer.isEmpty() || payer.equals(other.payer()))
                    && (plan.isEmpty() || plan.equals(other.plan()));
        }
    }

    /** What a row asks of the laboratory's network. */
    public enum Network {
        EITHER,
        IN,
        OUT
    }

    /**
     * A row that says which laboratory gets an order. What is empty fits all.
     *
     * @param test OBR-4.1
     * @param priority S for stat, else as sent
     * @param coverage IN1-2.1 or IN1-3.1; {@code none} for orders without IN1
     * @param network whether the laboratory is in the network of the first IN1
     * @param lab a folder
     * @param line in {@code ordering.csv}
     */
    public record Rule(
            String test, String priority, String coverage, Network network, String lab, int line) {

        /** Whether it is about such an order, whatever the network of its laboratory. */
        public boolean fits(String code, String itsPriority, Set<String> coverages) {
            return (test.isEmpty() || test.equals(code))
                    && (priority.isEmpty() || priorityOf(priority).equals(priorityOf(itsPriority)))
                    && (coverage.isEmpty()
                            || (coverage.equals("none")
                                    ? coverages.isEmpty()
                                    : coverages.contains(coverage)));
        }
    }

    /**
     * Whether this laboratory is what a row asks for. An order without insurance is neither in a
     * network nor out of it.
     *
     * @param first that is asked first to pay
     */
    public boolean answers(Network asked, Optional<Insurance> first) {
        return switch (asked) {
            case EITHER -> true;
            case IN -> first.isPresent() && isInNetwork(first.get());
            case OUT -> first.isPresent() && !isInNetwork(first.get());
        };
    }

    private boolean isInNetwork(Insurance insurance) {
        return network.stream().anyMatch(row -> row.means(insurance));
    }

    /** Table 0485 and its older spellings: S for STAT, R for routine and for nothing. */
    public static String priorityOf(String sent) {
        return switch (sent.toUpperCase(Locale.ROOT)) {
            case "S", "STAT" -> "S";
            case "", "R", "ROUTINE" -> "R";
            default -> sent.toUpperCase(Locale.ROOT);
        };
    }

    /** Whether it is a laboratory. */
    public boolean isLab() {
        return !tests.isEmpty();
    }

    /**
     * The test of a code; one that names another coding system is another test. Blanks around them
     * make none, nor do the letters in which a system is written, nor LOINC for LN (table 0396).
     */
    public Optional<Test> test(String code, String system) {
        return Optional.ofNullable(tests.get(code.strip()))
                .filter(t -> t.system().isEmpty() || system(t.system()).equals(system(system)));
    }

    private static String system(String sent) {
        var name = sent.strip().toUpperCase(Locale.ROOT);
        return name.equals("LOINC") ? "LN" : name;
    }

    /** Tests by their code; the first of two counts. */
    static Map<String, Test> byCode(Collection<Test> tests) {
        var byCode = new HashMap<String, Test>();
        for (var test : new ArrayList<>(tests)) byCode.putIfAbsent(test.code(), test);
        return byCode;
    }
}
