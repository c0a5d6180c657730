package org.chartbridge.delivery;

import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Why an order or a referral goes where it goes. Kept with its delivery as it was decided, so that
 * it stays true when the folders change.
 *
 * @param number ORC-2.1, RF1-6.1; may be empty
 * @param what OBR-4.1; may be empty
 * @param why in one word
 * @param rule the row that decided, {@code emr/ordering.csv:3}; empty where none did
 * @param version of that row's folder; empty likewise
 * @param waited the delivery it waited as for a person; 0 when it did not
 * @param sentAs OBR-4.1 as it leaves, in the receiver's code; empty where it leaves as it came
 */
public record Chosen(
        String number,
        String what,
        Why why,
        String rule,
        String version,
        long waited,
        String sentAs) {

    /** How many of one delivery are kept; how long a number or a code is at most. */
    static final int MAX_KEPT = 200;

    static final int MAX_CHARACTERS = 200;

    private static final JsonMapper MAPPER = JsonMapper.shared();

    /** All reasons there are. */
    public enum Why {
        ONLY("the only one that can be meant"),
        ROW("the first row that fits"),
        FOLLOWS("what it follows went there"),
        PERSON("chosen by a person");

        private final String words;

        Why(String words) {
            this.words = words;
        }
    }

    public Chosen {
        number = bounded(number);
        what = bounded(what);
        sentAs = bounded(sentAs);
    }

    /** The only one that does it, or is meant. */
    public static Chosen only(String rule, String version) {
        return new Chosen("", "", Why.ONLY, rule, version, 0, "");
    }

    /** By a row of {@code ordering.csv} or {@code referring.csv}. */
    public static Chosen row(String rule, String version) {
        return new Chosen("", "", Why.ROW, rule, version, 0, "");
    }

    /** After the order that it changes or cancels. */
    public static Chosen follows() {
        return new Chosen("", "", Why.FOLLOWS, "", "", 0, "");
    }

    /** By whoever decided on the delivery it waited as. */
    public static Chosen person(long waited) {
        return new Chosen("", "", Why.PERSON, "", "", waited, "");
    }

    public Chosen about(String itsNumber, String itsCode) {
        return new Chosen(itsNumber, itsCode, why, rule, version, waited, sentAs);
    }

    /** The same, in the receiver's code. */
    public Chosen sentAs(String itsCode) {
        return new Chosen(number, what, why, rule, version, waited, itsCode);
    }

    /** The same, found by the folders for what waited. */
    public Chosen after(long itsWaiting) {
        return new Chosen(number, what, why, rule, version, itsWaiting, sentAs);
    }

    /** For people: {@code the first row that fits, emr/ordering.csv:3}. */
    public String shown() {
        return rule.isEmpty() ? why.words : why.words + ", " + rule;
    }

    private static String bounded(String text) {
        return text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS);
    }

    /** As it is kept: a JSON array, "" of none. */
    static String toJson(List<Chosen> all) {
        if (all.isEmpty()) return "";
        var array = MAPPER.createArrayNode();
        for (var one : all.subList(0, Math.min(all.size(), MAX_KEPT))) {
            var node = array.addObject();
            node.put("number", one.number());
            node.put("what", one.what());
            node.put("why", one.why().name().toLowerCase(Locale.ROOT));
            if (!one.rule().isEmpty()) node.put("rule", one.rule());
            if (!one.version().isEmpty()) node.put("version", one.version());
            if (one.waited() > 0) node.put("waited", one.waited());
            if (!one.sentAs().isEmpty()) node.put("sent", one.sentAs());
        }
        return array.toString();
    }

    /** What {@link #toJson} wrote, by this version or another: parts may be missing. */
    public static List<Chosen> of(String json) {
        var all = new ArrayList<Chosen>();
        if (json.isEmpty()) return all;
        for (var node : MAPPER.readTree(json)) {
            var word = node.path("why").asString("");
            for (var why : Why.values())
                if (why.name().equalsIgnoreCase(word))
                    all.add(
                            new Chosen(
                                    node.path("number").asString(""),
                                    node.path("what").asString(""),
                                    why,
                                    node.path("rule").asString(""),
                                    node.path("version").asString(""),
                                    node.path("waited").asLong(0),
                                    node.path("sent").asString("")));
        }
        return all;
    }

    /** Without the number: it is a patient's order. */
    @Override
    public String toString() {
        return "Chosen[" + shown() + "]";
    }
}
