package org.chartbridge.screening;

import org.chartbridge.chart.CodingView;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the files of {@code routes/screening} say, as it was at one moment.
 *
 * <p>A drug or an allergy is found by its code (RxNorm, ATC, SNOMED CT) and by the words of its
 * text, both: a code that is unknown here hides nothing that the text says.
 */
public final class Tables {
    /** Where there is no such folder. */
    public static final Tables NONE = new Tables("", List.of(), List.of(), List.of(), List.of());

    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

    /** An ingredient. */
    record Ingredient(
            String name,
            List<String> words,
            List<String> rxNorm,
            List<String> atc,
            List<String> classes) {
        Ingredient {
            words = List.copyOf(words);
            rxNorm = List.copyOf(rxNorm);
            atc = List.copyOf(atc);
            classes = List.copyOf(classes);
        }
    }

    /**
     * A class of ingredients.
     *
     * @param within what an allergy to one says of the others; empty for nothing
     */
    record DrugClass(
            String name,
            List<String> words,
            List<String> atc,
            List<String> rxNorm,
            List<String> snomed,
            List<Severity> within,
            String rule) {
        DrugClass {
            words = List.copyOf(words);
            atc = List.copyOf(atc);
            rxNorm = List.copyOf(rxNorm);
            snomed = List.copyOf(snomed);
            within = List.copyOf(within);
        }
    }

    /** Two, each a class or an ingredient, that conflict. */
    record Pair(String one, String other, Severity severity, String text, String rule) {}

    /**
     * What a coding names.
     *
     * @param named the ingredients and classes that it names itself
     * @param all these, and the classes that the ingredients belong to
     */
    record Terms(Set<String> named, Set<String> all) {
        Terms {
            named = Set.copyOf(named);
            all = Set.copyOf(all);
        }

        boolean isEmpty() {
            return named.isEmpty();
        }
    }

    private final String version;
    private final Map<String, Ingredient> ingredients = new LinkedHashMap<>();
    private final Map<String, DrugClass> classes = new LinkedHashMap<>();
    private final Map<String, Set<String>> byCode = new LinkedHashMap<>();
    private final Map<String, Set<String>> byWords = new LinkedHashMap<>();
    private final List<String> longestFirst;
    private final Map<String, Set<String>> closure = new LinkedHashMap<>();
    private final List<Pair> crossReactions;
    private final List<Pair> interactions;

    Tables(
            String version,
            Collection<Ingredient> ingredients,
            Collection<DrugClass> classes,
            List<Pair> crossReactions,
            List<Pair> interactions) {
        this.version = version;
        this.crossReactions = List.copyOf(crossReactions);
        this.interactions = List.copyOf(interactions);
        for (var one : classes) {
            this.classes.put(one.name(), one);
            one.words().forEach(words -> add(byWords, words(words), one.name()));
            one.rxNorm().forEach(code -> add(byCode, "RXNORM " + code, one.name()));
            one.snomed().forEach(code -> add(byCode, "SCT " + code, one.name()));
        }
        for (var one : ingredients) {
            this.ingredients.put(one.name(), one);
            one.words().forEach(words -> add(byWords, words(words), one.name()));
            one.rxNorm().forEach(code -> add(byCode, "RXNORM " + code, one.name()));
            one.atc().forEach(code -> add(byCode, "ATC " + code, one.name()));
            var all = new TreeSet<>(one.classes());
            all.add(one.name());
            closure.put(one.name(), all);
        }
        longestFirst =
                byWords.keySet().stream()
                        .sorted(
                                Comparator.comparingInt(String::length)
                                        .reversed()
                                        .thenComparing(Comparator.naturalOrder()))
                        .toList();
    }

    private static void add(Map<String, Set<String>> map, String key, String term) {
        map.computeIfAbsent(key, _ -> new TreeSet<>()).add(term);
    }

    private Set<String> classesOfAtc(String code) {
        var found = new TreeSet<String>();
        for (var one : classes.values())
            if (one.atc().stream().anyMatch(code::startsWith)) found.add(one.name());
        return found;
    }

    /** Of the files, by which a person sees what ran; empty where there are none. */
    public String version() {
        return version;
    }

    /** Whether there is nothing that could be screened by. */
    public boolean isEmpty() {
        return ingredients.isEmpty();
    }

    public int ingredientCount() {
        return ingredients.size();
    }

    public int classCount() {
        return classes.size();
    }

    List<Pair> crossReactions() {
        return crossReactions;
    }

    List<Pair> interactions() {
        return interactions;
    }

    /** What an allergy names by all its codings: ingredients and classes. */
    Terms allergy(Collection<CodingView> codings) {
        var found = new TreeSet<String>();
        for (var coding : codings) found.addAll(found(coding));
        return terms(found);
    }

    /**
     * What an order names by all its codings: ingredients. Of the words of a class none counts,
     * because a salt may be called like it; of an ATC code that no ingredient has, the class does.
     */
    Terms drug(Collection<CodingView> codings) {
        var found = new TreeSet<String>();
        for (var coding : codings) found.addAll(drug(coding));
        return terms(found);
    }

    private Set<String> drug(CodingView coding) {
        var found = found(coding);
        found.removeIf(term -> !ingredients.containsKey(term));
        if (found.isEmpty() && isAtc(coding))
            found.addAll(classesOfAtc(coding.code().strip().toUpperCase(Locale.ROOT)));
        return found;
    }

    private static boolean isAtc(CodingView coding) {
        return Set.of("ATC", "WC").contains(coding.system().strip().toUpperCase(Locale.ROOT));
    }

    /** A class by itself, where the tables have it. */
    Terms ofClass(String name) {
        return classes.containsKey(name)
                ? new Terms(Set.of(name), Set.of(name))
                : new Terms(Set.of(), Set.of());
    }

    /** The class of both that tells most of one by an allergy to the other; empty for none. */
    List<DrugClass> shared(Terms allergy, Terms drug) {
        return allergy.all().stream()
                .filter(drug.all()::contains)
                .map(classes::get)
                .filter(Objects::nonNull)
                .filter(one -> !one.within().isEmpty())
                .sorted(
                        Comparator.comparing((DrugClass one) -> one.within().getFirst())
                                .thenComparing(DrugClass::name))
                .limit(1)
                .toList();
    }

    /** Whether the words of a text name an ingredient or a class. */
    boolean names(String text) {
        return !byText(text).isEmpty();
    }

    private Terms terms(Set<String> named) {
        var all = new TreeSet<>(named);
        for (var term : named) all.addAll(closure.getOrDefault(term, Set.of()));
        return new Terms(named, all);
    }

    private Set<String> found(CodingView coding) {
        var found = new TreeSet<String>();
        var code = coding.code().strip();
        switch (coding.system().strip().toUpperCase(Locale.ROOT)) {
            case "RXNORM", "RXN", "RXCUI" ->
                    found.addAll(byCode.getOrDefault("RXNORM " + code, Set.of()));
            case "SCT", "SNM", "SNOMED", "SNOMED-CT" ->
                    found.addAll(byCode.getOrDefault("SCT " + code, Set.of()));
            case "ATC", "WC" -> {
                var upper = code.toUpperCase(Locale.ROOT);
                found.addAll(byCode.getOrDefault("ATC " + upper, Set.of()));
                // The words of longer codes begin with those of a class.
                if (found.isEmpty()) found.addAll(classesOfAtc(upper));
            }
            default -> {
                // A code of its own, or of a system that the tables don't speak: the text tells.
            }
        }
        found.addAll(byText(coding.text()));
        if (found.isEmpty()) found.addAll(byText(code));
        return found;
    }

    /** Longer names first, each taken out of the text: penicillin g is not also penicillin. */
    private Set<String> byText(String text) {
        var left = " " + words(text) + " ";
        var found = new TreeSet<String>();
        for (var name : longestFirst) {
            if (left.isBlank()) break;
            if (!left.contains(" " + name + " ")) continue;
            found.addAll(byWords.getOrDefault(name, Set.of()));
            left = left.replace(" " + name + " ", " | ");
        }
        return found;
    }

    /** The parts of a combination, as {@code amoxicillin / clavulanate} or with a plus. */
    static List<String> parts(String text) {
        var parts = new ArrayList<String>();
        for (var part : text.split("\\s[/+]\\s|(?<=\\p{L})[/+](?=\\p{L}{4})", -1))
            if (!part.isBlank()) parts.add(part.strip());
        return parts;
    }

    private static String words(String text) {
        return NO_WORD.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
    }
}
