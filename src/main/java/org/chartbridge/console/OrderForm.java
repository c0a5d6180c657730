package org.chartbridge.console;

import org.chartbridge.placing.Placing;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What stands in the fields of the page that places orders, as it was typed, good or not: so that
 * nothing of it is lost when the page is shown again.
 *
 * @param id given to this form only; so it orders once however often it is sent
 * @param words what is searched for in the compendia
 * @param family of whoever orders
 * @param diagnoses one a line, its code first
 * @param copies one a line: family name, given name, number
 * @param coverages ids of those that pay
 * @param anyway whether what no laboratory is found for is to be placed all the same
 * @param shown what was shown of where the tests go
 */
record OrderForm(
        String id,
        String words,
        List<Line> lines,
        String family,
        String given,
        String number,
        String priority,
        String collected,
        String diagnoses,
        String note,
        String copies,
        List<Long> coverages,
        boolean anyway,
        String shown) {

    /** Tests on one form: more is a mistake, or several requisitions. */
    static final int MAX_LINES = 20;

    /** No letters that are read as others. */
    private static final String LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static final SecureRandom RANDOM = new SecureRandom();

    OrderForm {
        lines = List.copyOf(lines);
        coverages = List.copyOf(coverages);
    }

    /**
     * A test that was chosen.
     *
     * @param answers to the laboratories' questions, by their code
     */
    record Line(String code, String system, String specimen, Map<String, String> answers) {
        Line {
            answers = Map.copyOf(answers);
        }

        /** As a field has it. */
        public String key() {
            return code + "|" + system;
        }

        /** What is typed as answer; empty for nothing. */
        public String answer(String question) {
            return answers.getOrDefault(question, "");
        }

        @Override
        public String toString() {
            return "Line[" + code + "]";
        }
    }

    /** One that nothing was typed in, with these coverages chosen. */
    static OrderForm empty(List<Long> coverages) {
        return new OrderForm(
                newId(), "", List.of(), "", "", "", "R", "", "", "", "", coverages, false, "");
    }

    private static String newId() {
        var id = new StringBuilder();
        for (int i = 0; i < Placing.FORM_LENGTH; i++)
            id.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        return id.toString();
    }

    /** As it was sent. One that has no id of ours gets one. */
    static OrderForm of(MultiValueMap<String, String> sent) {
        var lines = new ArrayList<Line>();
        for (var key : sent.getOrDefault("test", List.of())) {
            if (lines.size() == MAX_LINES) break;
            int bar = key.lastIndexOf('|');
            var at = lines.size();
            lines.add(
                    new Line(
                            bar < 0 ? key : key.substring(0, bar),
                            bar < 0 ? "" : key.substring(bar + 1),
                            text(sent, "specimen-" + at),
                            answers(sent, "answer-" + at + "-")));
        }
        var id = text(sent, "form");
        boolean ours =
                id.length() == Placing.FORM_LENGTH
                        && id.chars().allMatch(c -> LETTERS.indexOf(c) >= 0);
        return new OrderForm(
                ours ? id : newId(),
                text(sent, "words"),
                lines,
                text(sent, "family"),
                text(sent, "given"),
                text(sent, "number"),
                text(sent, "priority"),
                text(sent, "collected"),
                text(sent, "diagnoses"),
                text(sent, "note"),
                text(sent, "copies"),
                numbers(sent.getOrDefault("coverage", List.of())),
                sent.containsKey("anyway"),
                ours ? text(sent, "shown") : "");
    }

    private static Map<String, String> answers(MultiValueMap<String, String> sent, String prefix) {
        var answers = new LinkedHashMap<String, String>();
        for (var name : sent.keySet())
            if (name.startsWith(prefix))
                answers.put(name.substring(prefix.length()), text(sent, name));
        return answers;
    }

    private static List<Long> numbers(List<String> sent) {
        return sent.stream().filter(one -> one.matches("\\d{1,18}")).map(Long::valueOf).toList();
    }

    private static String text(MultiValueMap<String, String> sent, String name) {
        @Nullable String value = sent.getFirst(name);
        return value == null ? "" : value.replace("\r\n", "\n").strip();
    }

    /** With one more test, unless it is chosen already or there are too many. */
    OrderForm with(Line line) {
        if (lines.size() == MAX_LINES || lines.stream().anyMatch(l -> l.key().equals(line.key())))
            return this;
        var more = new ArrayList<>(lines);
        more.add(line);
        return with(id, more);
    }

    /** Without one of the tests. */
    OrderForm without(int index) {
        if (index < 0 || index >= lines.size()) return this;
        var fewer = new ArrayList<>(lines);
        fewer.remove(index);
        return with(id, fewer);
    }

    /** The same as another form: what it orders is ordered beside what this one ordered. */
    OrderForm anew() {
        return with(newId(), lines);
    }

    private OrderForm with(String otherId, List<Line> otherLines) {
        return new OrderForm(
                otherId,
                words,
                otherLines,
                family,
                given,
                number,
                priority,
                collected,
                diagnoses,
                note,
                copies,
                coverages,
                false,
                shown);
    }

    /** All that is asked for, in one order: what is kept of the form, and tells two apart. */
    byte[] content() {
        var text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            put(text, "test", line.key());
            put(text, "specimen-" + i, line.specimen());
            for (var question : line.answers().keySet().stream().sorted().toList())
                put(text, "answer-" + i + "-" + question, line.answer(question));
        }
        put(text, "family", family);
        put(text, "given", given);
        put(text, "number", number);
        put(text, "priority", priority);
        put(text, "collected", collected);
        put(text, "diagnoses", diagnoses);
        put(text, "note", note);
        put(text, "copies", copies);
        for (var coverage : coverages) put(text, "coverage", String.valueOf(coverage));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void put(StringBuilder text, String name, String value) {
        if (!text.isEmpty()) text.append('&');
        text.append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    /** Says nothing of what was typed. */
    @Override
    public String toString() {
        return "OrderForm" + lines;
    }
}
