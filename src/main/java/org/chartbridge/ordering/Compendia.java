package org.chartbridge.ordering;

import org.chartbridge.partner.Orders;
import org.chartbridge.partner.Partner;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What all laboratories do, by the clinic's own codes: to be searched by people. Pure. */
public final class Compendia {
    private final List<Offer> offers;

    private Compendia(List<Offer> offers) {
        this.offers = offers;
    }

    /**
     * A test that can be ordered.
     *
     * @param code the clinic's own
     * @param system its coding system; empty for whichever
     * @param at who does it, by folder
     */
    public record Offer(String code, String system, List<Doer> at) {
        public Offer {
            at = List.copyOf(at);
        }

        /** As the first laboratory calls it that has a name for it; else the code. */
        public String name() {
            return at.stream()
                    .map(doer -> doer.test().labName())
                    .filter(name -> !name.isEmpty())
                    .findFirst()
                    .orElse(code);
        }

        /** What it is done on; empty when nobody says it, or they do not agree. */
        public String specimen() {
            var all = at.stream().map(doer -> doer.test().specimen()).distinct().toList();
            return all.size() == 1 ? all.getFirst() : "";
        }

        /** The questions of all who do it, each once. */
        public List<String> asks() {
            return at.stream().flatMap(doer -> doer.test().asks().stream()).distinct().toList();
        }

        /** A question, in the words of the first laboratory that has some for it. */
        public Orders.Question question(String asked) {
            return at.stream()
                    .map(doer -> doer.questions().get(asked))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(new Orders.Question("", List.of()));
        }

        private boolean hasAll(String[] words) {
            var text = new StringBuilder(code);
            for (var doer : at)
                text.append(' ')
                        .append(doer.test().labCode())
                        .append(' ')
                        .append(doer.test().labName())
                        .append(' ')
                        .append(doer.folder())
                        .append(' ')
                        .append(doer.name());
            var lower = text.toString().toLowerCase(Locale.ROOT);
            for (var word : words) if (!lower.contains(word)) return false;
            return true;
        }
    }

    /**
     * A laboratory that does it.
     *
     * @param name its title, for people
     * @param questions what it asks, by their codes
     */
    public record Doer(
            String folder, String name, Orders.Test test, Map<String, Orders.Question> questions) {}

    /** Of these laboratories. */
    public static Compendia of(Collection<Partner> labs) {
        var doers = new LinkedHashMap<String, List<Doer>>();
        var tests = new LinkedHashMap<String, Orders.Test>();
        for (var lab : labs)
            for (var test : lab.orders().tests().values()) {
                var key = test.code() + "|" + test.system();
                tests.putIfAbsent(key, test);
                doers.computeIfAbsent(key, _ -> new ArrayList<>())
                        .add(new Doer(lab.folder(), lab.title(), test, lab.orders().questions()));
            }
        var offers = new ArrayList<Offer>();
        doers.forEach(
                (key, at) -> {
                    var test = tests.get(key);
                    if (test != null) offers.add(new Offer(test.code(), test.system(), at));
                });
        offers.sort(Comparator.comparing(Offer::name).thenComparing(Offer::code));
        return new Compendia(List.copyOf(offers));
    }

    /** How many tests there are. */
    public int size() {
        return offers.size();
    }

    /**
     * Tests of which code, name or laboratory hold every word, by name; all for no word.
     *
     * @param most how many are given at most
     */
    public List<Offer> found(String words, int most) {
        var all = words.strip().toLowerCase(Locale.ROOT).split("\\s+");
        return offers.stream().filter(offer -> offer.hasAll(all)).limit(most).toList();
    }

    /** One of them. */
    public Optional<Offer> offer(String code, String system) {
        return offers.stream()
                .filter(one -> one.code().equals(code) && one.system().equals(system))
                .findFirst();
    }
}
