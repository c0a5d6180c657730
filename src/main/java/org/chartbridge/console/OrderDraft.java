package org.chartbridge.console;

import org.chartbridge.ordering.Compendia;
import org.chartbridge.ordering.Compendia.Offer;
import org.chartbridge.partner.Loinc;
import org.chartbridge.placing.Placed.Answer;
import org.chartbridge.placing.Placed.Clinician;
import org.chartbridge.placing.Placed.Code;
import org.chartbridge.placing.Placed.OrderNumber;
import org.chartbridge.placing.Placed.Specimen;
import org.chartbridge.placing.Placed.Test;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A form as orders, and what is wrong with it, by field: all faults at once. Pure. Where there are
 * faults the orders are good for foreseeing where they go, and for nothing else.
 *
 * @param tests one for each line of the form
 * @param faults what to do, by the name of the field
 */
record OrderDraft(List<Test> tests, Map<String, String> faults) {

    /** Characters of a name, a number or a code. */
    static final int MAX_VALUE = 199;

    /** Characters of a note or an answer. */
    static final int MAX_TEXT = 4_000;

    /** Diagnoses and copies, each. */
    static final int MAX_ROWS = 10;

    /** A specimen older than that is a slip of the pen. */
    static final Duration MAX_AGE = Duration.ofDays(366);

    /** Table 0485. */
    private static final Set<String> PRIORITIES = Set.of("R", "A", "S");

    /** ICD-10-CM: a letter, a digit, a digit or letter, and up to four more behind a point. */
    private static final Pattern ICD = Pattern.compile("[A-Z]\\d[0-9A-Z](\\.[0-9A-Z]{1,4})?");

    /** What looks as if it should be such a code. */
    private static final Pattern LIKE_ICD = Pattern.compile("[A-Za-z]?\\d[0-9A-Za-z.]*");

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT)
                    .withResolverStyle(ResolverStyle.STRICT);

    OrderDraft {
        tests = List.copyOf(tests);
        faults = Map.copyOf(faults);
    }

    /**
     * @param zone of the times on the page
     */
    static OrderDraft of(OrderForm form, Compendia compendia, ZoneId zone, Instant now) {
        return new Reader(form, compendia, zone, now).draft();
    }

    private static final class Reader {
        private final OrderForm form;
        private final Compendia compendia;
        private final ZoneId zone;
        private final Instant now;
        private final Map<String, String> faults = new LinkedHashMap<>();

        Reader(OrderForm form, Compendia compendia, ZoneId zone, Instant now) {
            this.form = form;
            this.compendia = compendia;
            this.zone = zone;
            this.now = now;
        }

        OrderDraft draft() {
            if (form.lines().isEmpty())
                fault("tests", "Choose at least one test: search for it, then add it.");
            var orderer =
                    new Clinician(
                            number("number", form.number()),
                            line("family", form.family()),
                            line("given", form.given()),
                            "");
            if (orderer.family().isEmpty())
                fault("family", "Say who orders: the result goes to them.");
            if (!PRIORITIES.contains(form.priority()))
                fault("priority", "Choose one of the priorities.");
            var collected = collected();
            var reasons = reasons();
            var copies = copies();
            var note = text("note", form.note());
            var tests = new ArrayList<Test>();
            for (int i = 0; i < form.lines().size(); i++) {
                var line = form.lines().get(i);
                var offer = compendia.offer(line.code(), line.system()).orElse(null);
                if (offer == null)
                    fault("line-" + i, "No laboratory does this test now: take it off.");
                tests.add(
                        new Test(
                                "NW",
                                OrderNumber.NONE,
                                OrderNumber.NONE,
                                orderer,
                                null,
                                new Code(
                                        line.code(),
                                        offer == null ? "" : offer.name(),
                                        system(line)),
                                Code.NONE,
                                form.priority(),
                                null,
                                reasons,
                                new Specimen(
                                        new Code(line("specimen-" + i, line.specimen()), "", ""),
                                        "",
                                        collected),
                                note.isEmpty() ? List.of() : List.of(note),
                                offer == null ? List.of() : answers(i, line, offer),
                                copies));
            }
            return new OrderDraft(tests, faults);
        }

        /** Where the compendium names no coding system, LOINC is known by its form. */
        private static String system(OrderForm.Line line) {
            return line.system().isEmpty() && Loinc.isCode(line.code()) ? "LN" : line.system();
        }

        private List<Answer> answers(int at, OrderForm.Line line, Offer offer) {
            var answers = new ArrayList<Answer>();
            for (var code : offer.asks()) {
                var field = "answer-" + at + "-" + code;
                var answer = text(field, line.answer(code));
                if (answer.isEmpty()) continue;
                var question = offer.question(code);
                if (!question.answers().isEmpty() && !question.answers().contains(answer))
                    fault(field, "Choose one of the answers.");
                answers.add(Answer.text(new Code(code, question.text(), ""), answer));
            }
            return answers;
        }

        private @Nullable Instant collected() {
            var typed = form.collected().replace('T', ' ');
            if (typed.isEmpty()) return null;
            try {
                var local = LocalDateTime.parse(typed, TIME);
                if (zone.getRules().getValidOffsets(local).isEmpty())
                    fault("collected", "The clocks were put forward then: there was no such time.");
                var at = local.atZone(zone).toInstant();
                if (at.isAfter(now))
                    fault(
                            "collected",
                            "This lies ahead. Leave it empty when nothing is collected yet.");
                else if (at.isBefore(now.minus(MAX_AGE)))
                    fault("collected", "This is more than a year ago.");
                return at;
            } catch (DateTimeParseException _) {
                fault("collected", "Write day and time as 2026-11-03 08:15.");
                return null;
            }
        }

        private List<Code> reasons() {
            var reasons = new ArrayList<Code>();
            for (var row : rows("diagnoses", form.diagnoses())) {
                var words = row.split("\\s+", 2);
                var code = words[0].toUpperCase(Locale.ROOT);
                if (ICD.matcher(code).matches())
                    reasons.add(new Code(code, words.length > 1 ? words[1] : "", "I10C"));
                else if (LIKE_ICD.matcher(words[0]).matches())
                    fault(
                            "diagnoses",
                            words[0]
                                    + " is no code of ICD-10-CM. Write one as E87.5 before its"
                                    + " words, or words alone.");
                else reasons.add(new Code("", row, ""));
            }
            return reasons;
        }

        private List<Clinician> copies() {
            var copies = new ArrayList<Clinician>();
            for (var row : rows("copies", form.copies())) {
                var parts = row.split(",", -1);
                if (parts.length > 3 || parts[0].isBlank())
                    fault("copies", "Write each as: family name, given name, number.");
                else
                    copies.add(
                            new Clinician(
                                    parts.length > 2 ? number("copies", parts[2].strip()) : "",
                                    parts[0].strip(),
                                    parts.length > 1 ? parts[1].strip() : "",
                                    ""));
            }
            return copies;
        }

        private List<String> rows(String field, String typed) {
            var rows = typed.lines().map(String::strip).filter(row -> !row.isEmpty()).toList();
            if (rows.size() > MAX_ROWS) fault(field, "At most " + MAX_ROWS + " go along.");
            return rows.stream().limit(MAX_ROWS).map(row -> line(field, row)).toList();
        }

        private String number(String field, String typed) {
            if (typed.chars().anyMatch(Character::isWhitespace))
                fault(field, "A number has no spaces.");
            return line(field, typed);
        }

        private String line(String field, String typed) {
            return checked(
                    field, typed, MAX_VALUE, typed.chars().anyMatch(Character::isISOControl));
        }

        private String text(String field, String typed) {
            return checked(
                    field,
                    typed,
                    MAX_TEXT,
                    typed.chars()
                            .anyMatch(c -> c != '\n' && c != '\t' && Character.isISOControl(c)));
        }

        private String checked(String field, String typed, int most, boolean control) {
            if (typed.length() > most)
                fault(
                        field,
                        "At most "
                                + most
                                + " characters can be sent; these are "
                                + typed.length()
                                + ".");
            if (control) fault(field, "This holds a character that cannot be sent.");
            return typed;
        }

        /** The first of a field is told. */
        private void fault(String field, String remedy) {
            faults.putIfAbsent(field, remedy);
        }
    }

    @Override
    public String toString() {
        return "OrderDraft" + tests;
    }
}
