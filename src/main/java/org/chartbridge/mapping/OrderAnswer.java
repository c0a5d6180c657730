package org.chartbridge.mapping;

import org.chartbridge.chart.CodingView;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the answer to a delivery says of the orders or the referral in it, where it is more than an
 * acknowledgement: ORR, ORL, ORG or RRI in the same exchange. Such an answer is kept with its
 * attempt and is no message of its own.
 *
 * @param number the placer's or the originator's, as sent; empty when the answer names none
 * @param filler the filler's number, OBR-3, else ORC-3; empty of referrals, and where none is given
 * @param control ORC-1; empty of referrals
 * @param status ORC-5, RF1-1
 * @param state as of an order or a referral that came as a message; empty of a referral where RF1-1
 *     is no word of table 0283
 * @param tests OBR-4 and its other coding; empty when the answer names no test
 * @param hindrance {@code payment}, {@code abn}, {@code aoe}, {@code specimen} or empty
 * @param hindranceText why the filler doesn't go on, in its words; empty when nothing hinders
 */
public record OrderAnswer(
        String number,
        String filler,
        String control,
        String status,
        String state,
        List<CodingView> tests,
        String hindrance,
        String hindranceText) {
    private static final Set<String> OF_ORDERS = Set.of("ORR", "ORL", "ORG", "OSU");

    /** RF1-1, table 0283. */
    static final Map<String, String> OF_REFERRALS =
            Map.of("A", "accepted", "P", "pending", "R", "rejected", "E", "expired");

    /** Orders in one answer that are read. */
    private static final int MAX_ORDERS = 200;

    public OrderAnswer {
        tests = List.copyOf(tests);
    }

    /** One ORC or more, and what stands below: one ORC governs the OBR that follow it. */
    private static final class Part {
        final Line control;
        final @Nullable Line request;
        @Nullable Line specimen;
        final List<Line> notes = new ArrayList<>();

        Part(Line control, @Nullable Line request) {
            this.control = control;
            this.request = request;
        }
    }

    /** Of an acknowledgement, and of what can't be read, nothing. */
    public static List<OrderAnswer> read(byte[] answer) {
        if (!(Message.read(answer, charset(answer)) instanceof Reading.Readable(var message)))
            return List.of();
        return read(message);
    }

    /** The same of a message that was read. */
    public static List<OrderAnswer> read(Message message) {
        var code = message.header().messageCode();
        var all = new ArrayList<OrderAnswer>();
        if (OF_ORDERS.contains(code))
            for (var part : parts(message)) all.add(ofOrder(message, part));
        if (code.equals("RRI"))
            message.line("RF1", 1)
                    .ifPresent(
                            rf1 -> {
                                var status = message.value(rf1, 1, 1).toUpperCase(Locale.ROOT);
                                if (status.isEmpty()) return;
                                all.add(
                                        new OrderAnswer(
                                                number(message, rf1, 6),
                                                "",
                                                "",
                                                status,
                                                OF_REFERRALS.getOrDefault(status, ""),
                                                List.of(),
                                                "",
                                                reason(message, status)));
                            });
        return all;
    }

    /**
     * An order that a message names.
     *
     * @param number OBR-2.1, else ORC-2.1; RF1-6.1; without blanks around it; may be empty
     * @param what OBR-4.1; may be empty
     */
    public record Named(String number, String what) {
        public Named {
            number = number.strip();
        }

        /** Without the number: it is a patient's order. */
        @Override
        public String toString() {
            return "Named[" + what + "]";
        }
    }

    /** The orders that a message names, or its referral; none when it can't be read. */
    public static List<Named> named(byte[] body) {
        if (!(Message.read(body, charset(body)) instanceof Reading.Readable(var message)))
            return List.of();
        var all = new ArrayList<Named>();
        for (var part : parts(message)) {
            var request = part.request;
            var number = request == null ? "" : message.value(request, 2, 1);
            if (number.isBlank()) number = message.value(part.control, 2, 1);
            all.add(new Named(number, request == null ? "" : message.value(request, 4, 1)));
        }
        message.line("RF1", 1).ifPresent(rf1 -> all.add(new Named(message.value(rf1, 6, 1), "")));
        return all;
    }

    /** Where MSH-18 says nothing: numbers and codes are the same in all, words for people not. */
    private static Charset charset(byte[] answer) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(answer));
            return StandardCharsets.UTF_8;
        } catch (CharacterCodingException e) {
            return StandardCharsets.ISO_8859_1;
        }
    }

    private static List<Part> parts(Message message) {
        var parts = new ArrayList<Part>();
        Part part = null;
        for (var line : message.lines()) {
            switch (line.segment()) {
                case "ORC" -> part = new Part(line, null);
                case "OBR" -> {
                    if (part == null) continue;
                    if (part.request == null) parts.remove(part);
                    var next = new Part(part.control, line);
                    next.notes.addAll(part.request == null ? part.notes : List.of());
                    part = next;
                }
                case "NTE" -> {
                    if (part != null) part.notes.add(line);
                    continue;
                }
                case "SPM" -> {
                    if (part != null && part.specimen == null) part.specimen = line;
                    continue;
                }
                default -> {
                    continue;
                }
            }
            if (parts.size() == MAX_ORDERS) break;
            parts.add(part);
        }
        return parts;
    }

    private static OrderAnswer ofOrder(Message message, Part part) {
        var control = message.value(part.control, 1).toUpperCase(Locale.ROOT);
        var status = message.value(part.control, 5).toUpperCase(Locale.ROOT);
        var state = OrderFamily.state(control, status);
        var found =
                Hindrances.found(
                        part.control,
                        part.specimen,
                        part.notes,
                        state,
                        (line, field, component) ->
                                Reader.said(
                                        message.value(
                                                line,
                                                field,
                                                1,
                                                component,
                                                Math.min(component, 1))));
        var request = part.request;
        return new OrderAnswer(
                number(message, part, 2),
                number(message, part, 3),
                control,
                status,
                state,
                request == null ? List.of() : tests(message, request),
                found == null ? "" : found.kind(),
                found == null ? "" : found.words());
    }

    /** Why a referral is not taken, by the first note about it. */
    private static String reason(Message message, String status) {
        if (!Hindrances.saysWhy(OF_REFERRALS.getOrDefault(status, ""))) return "";
        return Hindrances.ofReferral(message).stream()
                .map(note -> Reader.said(message.value(note, 3, 1, 0, 0)))
                .filter(words -> !words.isEmpty())
                .findFirst()
                .map(Hindrances::bounded)
                .orElse("");
    }

    private static List<CodingView> tests(Message message, Line request) {
        var tests = new ArrayList<CodingView>();
        for (int first : new int[] {1, 4}) {
            var test =
                    new CodingView(
                            message.value(request, 4, first),
                            message.value(request, 4, first + 1),
                            message.value(request, 4, first + 2));
            if (!test.code().isEmpty() || !test.text().isEmpty()) tests.add(test);
        }
        return tests;
    }

    /** Of its OBR, else of its ORC. */
    private static String number(Message message, Part part, int field) {
        var own = part.request == null ? "" : number(message, part.request, field);
        return own.isEmpty() ? number(message, part.control, field) : own;
    }

    private static String number(Message message, Line line, int field) {
        var entity = message.value(line, field, 1);
        var namespace = message.value(line, field, 2);
        if (namespace.isEmpty()) namespace = message.value(line, field, 3);
        return namespace.isEmpty() || entity.isEmpty() ? entity : entity + "^" + namespace;
    }

    /** Nothing: it is about a patient. */
    @Override
    public String toString() {
        return "OrderAnswer[]";
    }
}
