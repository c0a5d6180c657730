package org.chartbridge.delivery;

import org.chartbridge.hl7.AckMode;
import org.chartbridge.hl7.AnswerPlan;
import org.chartbridge.hl7.Condition;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.hl7.ReceivedAnswer;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads what partners answer, and what a message asks them to. */
final class Answers {
    /** "The receiver failed for reasons of its own", table 0357. */
    private static final String INTERNAL = "207";

    private static final int MAX_WORDS = 300;

    private Answers() {}

    /**
     * What an answer with the right MSA-2 means to what was sent.
     *
     * <p>⚠ AE beside an ORC of each order (or RF1-1) is the receiver's word on these orders, as in
     * table 0119, UA: its application has read them. Nothing would come of sending them again, and
     * what waits behind them is not to wait for a person.
     */
    static Outcome read(byte[] answer, Charset charset, byte[] sent) {
        var outcome = read(answer, charset);
        return outcome instanceof Outcome.Refused && saysOfEach(answer, sent)
                ? new Outcome.Accepted(
                        outcome.words() + "; it says of each order what becomes of it")
                : outcome;
    }

    /** The same of what orders nothing. */
    static Outcome read(byte[] answer, Charset charset) {
        var read = ReceivedAnswer.read(answer, charset).orElse(null);
        if (read == null) return new Outcome.Unknown("the answer can't be read");
        var codes =
                read.findings().stream()
                        .map(ReceivedAnswer.Finding::number)
                        .filter(number -> !number.isEmpty() && !number.equals("0"))
                        .collect(Collectors.toSet());
        var words = words(read);
        return switch (read.code()) {
            case "AA", "CA" -> new Outcome.Accepted(words);
            case "CE" -> new Outcome.Deferred(words);
            case "AE" -> new Outcome.Refused(words);
            // Without a code, or with 207, the partner has trouble of its own.
            case "AR" ->
                    Set.of(INTERNAL).containsAll(codes)
                            ? new Outcome.Deferred(words)
                            : new Outcome.Refused(words);
            case "CR" ->
                    codes.equals(Set.of(INTERNAL))
                            ? new Outcome.Deferred(words)
                            : new Outcome.Refused(words);
            default -> new Outcome.Unknown("the answer has no known code in MSA-1");
        };
    }

    /** For people, without a full stop. */
    static String words(ReceivedAnswer answer) {
        var words = new StringBuilder("answered " + answer.code());
        if (!answer.positive())
            for (var finding : answer.findings()) {
                words.append(words.indexOf(":") < 0 ? ": " : "; ");
                if (!finding.number().isEmpty()) words.append(finding.number()).append(' ');
                if (!finding.place().isEmpty()) words.append(finding.place()).append(' ');
                words.append(finding.text().isEmpty() ? finding.kind() : finding.text());
            }
        if (answer.findings().isEmpty() && !answer.words().isEmpty())
            words.append(": ").append(answer.words());
        return printable(words.toString());
    }

    /** Without what PostgreSQL refuses or a line can't show, and of bounded length. */
    static String printable(String text) {
        var clean = new StringBuilder(Math.min(text.length(), MAX_WORDS));
        text.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .filter(c -> c < 0xD800 || c > 0xDFFF)
                .limit(MAX_WORDS)
                .forEach(clean::appendCodePoint);
        return clean.toString().strip();
    }

    /** Which answer a message asks its receiver for (MSH-15, MSH-16). */
    enum Wanted {
        /** One comes in any case, or silence means that something is wrong. */
        ALWAYS,
        /** None; sent is delivered. */
        NEVER,
        /** Only trouble is answered; silence means that all is well. */
        ON_ERROR
    }

    static Wanted wanted(byte[] content) {
        return Header.read(content)
                .map(header -> wanted(AnswerPlan.of(header, AckMode.AUTO)))
                .orElse(Wanted.ALWAYS);
    }

    private static Wanted wanted(AnswerPlan plan) {
        return switch (plan) {
            case AnswerPlan.Original _ -> Wanted.ALWAYS;
            case AnswerPlan.Silent _, AnswerPlan.Later _ -> Wanted.NEVER;
            case AnswerPlan.Enhanced(var accept, var application) ->
                    tellsSuccess(accept) || tellsSuccess(application)
                            ? Wanted.ALWAYS
                            : Wanted.ON_ERROR;
        };
    }

    private static boolean tellsSuccess(Condition condition) {
        return condition == Condition.ALWAYS || condition == Condition.ON_SUCCESS;
    }

    /** Messages that answer orders (MSH-9.1). */
    private static final Set<String> OF_ORDERS = Set.of("ORR", "ORL", "ORG");

    /** ORC-1 of a filler who does not do what was asked (table 0119). */
    private static final Set<String> UNABLE =
            Set.of("UA", "UC", "UD", "UF", "UH", "UM", "UR", "UX", "DE");

    /** ORC-1 of a filler who does, or has (table 0119). */
    private static final Set<String> ABLE =
            Set.of("OK", "SC", "NA", "CR", "DR", "HR", "OR", "RR", "XR", "RU", "OC", "OD", "OH");

    /** RF1-1 of a referral that comes to nothing (table 0283). */
    private static final Set<String> NOT_TAKEN = Set.of("R", "E");

    /**
     * Whether an answer names everything that was asked for, with the filler's word on each, and
     * that some of it comes to nothing. ⚠ Who repeats what was sent ({@code NW}) says nothing.
     */
    private static boolean saysOfEach(byte[] answer, byte[] sent) {
        if (!(Message.read(answer, StandardCharsets.UTF_8) instanceof Reading.Readable(var said))
                || !(Message.read(sent, StandardCharsets.UTF_8)
                        instanceof Reading.Readable(var asked))) return false;
        if (!said.line("MSA", 1).map(msa -> said.value(msa, 1)).orElse("").equals("AE"))
            return false;
        if (asked.header().messageCode().equals("REF"))
            return said.header().messageCode().equals("RRI")
                    && said.line("RF1", 1)
                            .filter(rf1 -> NOT_TAKEN.contains(code(said, rf1)))
                            .isPresent();
        if (!OF_ORDERS.contains(said.header().messageCode())) return false;
        var words = new HashMap<String, Integer>();
        boolean unable = false;
        for (var orc : said.lines("ORC")) {
            var word = code(said, orc);
            unable |= UNABLE.contains(word);
            if (UNABLE.contains(word) || ABLE.contains(word))
                words.merge(said.value(orc, 2, 1).strip(), 1, Integer::sum);
        }
        var orders = asked.lines("ORC");
        for (var orc : orders)
            if (words.merge(asked.value(orc, 2, 1).strip(), -1, Integer::sum) < 0) return false;
        // What is below one ORC has one number, and a word on it may be meant of any.
        return unable && !orders.isEmpty() && asked.lines("OBR").size() <= orders.size();
    }

    private static String code(Message message, Line line) {
        return message.value(line, 1, 1).strip().toUpperCase(Locale.ROOT);
    }

    /** Messages that order (MSH-9.1), where an order that says nothing else is a new one. */
    private static final Set<String> ORDERS =
            Set.of("ORM", "OML", "OMG", "OMI", "OMP", "RDE", "OMD", "OMS", "OMN", "OMB");

    /** ORC-1 of what is placed anew: a new order, one for another or below one (table 0119). */
    private static final Set<String> PLACES = Set.of("NW", "RO", "CH");

    /**
     * Whether a message places an order or refers a patient (REF^I12) ⚠: some ORC-1 says so, or, in
     * a message that orders, is empty or has no ORC around it.
     */
    static boolean isNewOrder(byte[] content) {
        if (!(Message.read(content, StandardCharsets.UTF_8)
                instanceof Reading.Readable(var message))) return false;
        var code = message.header().messageCode();
        if (code.equals("REF")) return message.header().triggerEvent().equals("I12");
        boolean orders = ORDERS.contains(code);
        var controls = message.lines("ORC");
        if (controls.isEmpty()) return orders;
        for (var orc : controls) {
            var control = message.value(orc, 1, 1).strip().toUpperCase(Locale.ROOT);
            if (PLACES.contains(control)) return true;
            if (orders && (control.isEmpty() || control.equals("\"\""))) return true;
        }
        return false;
    }
}
