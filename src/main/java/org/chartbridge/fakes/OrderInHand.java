package org.chartbridge.fakes;

import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * An order or referral as a partner has taken it.
 *
 * @param number the placer's, {@code E1-000001^EMR} (ORC-2, else OBR-2; RF1-6)
 * @param ownNumber the partner's own
 * @param message MSH-9.1 of what brought it
 * @param asked MSH-10 of it
 * @param control ORC-1; the trigger event of a referral
 * @param tests what is ordered (OBR-4), one or more
 * @param patient PID-3, 5, 7 and 8
 */
record OrderInHand(
        String number,
        String ownNumber,
        String message,
        String asked,
        String control,
        List<Coded> tests,
        List<Copied> patient) {

    /** The state of what was taken and not yet worked on. */
    static final String ORDERED = "ordered";

    private static final List<Integer> PID_FIELDS = List.of(3, 5, 7, 8);
    private static final int MAX_REPETITIONS = 5;
    private static final int MAX_COMPONENTS = 10;

    OrderInHand {
        tests = List.copyOf(tests);
        patient = List.copyOf(patient);
    }

    record Coded(String code, String text, String system) {}

    /** One value at its place, unescaped. */
    record Copied(int field, int repetition, int component, int subcomponent, String value) {}

    /** Says its number, and nothing about its patient. */
    @Override
    public String toString() {
        return "OrderInHand[" + number + "]";
    }

    /** Those of a message, by number; none where it is about something else or lacks numbers. */
    static List<OrderInHand> of(Message message, String ownPrefix) {
        return switch (message.header().messageCode()) {
            case "ORM", "OML", "OMG" -> orders(message, ownPrefix);
            case "REF" ->
                    message.line("RF1", 1)
                            .map(rf1 -> number(message, rf1, 6))
                            .filter(number -> !number.isEmpty())
                            .map(
                                    number ->
                                            List.of(
                                                    one(
                                                            message,
                                                            number,
                                                            ownPrefix,
                                                            message.header().triggerEvent(),
                                                            List.of())))
                            .orElse(List.of());
            default -> List.of();
        };
    }

    private static List<OrderInHand> orders(Message message, String ownPrefix) {
        var tests = new LinkedHashMap<String, List<Coded>>();
        var controls = new LinkedHashMap<String, String>();
        var control = "";
        var number = "";
        for (var line : message.lines()) {
            switch (line.segment()) {
                case "ORC" -> {
                    control = message.value(line, 1);
                    number = number(message, line, 2);
                    if (number.isEmpty()) continue;
                    controls.putIfAbsent(number, control);
                    tests.computeIfAbsent(number, _ -> new ArrayList<>());
                }
                case "OBR" -> {
                    var own = number(message, line, 2);
                    if (!own.isEmpty()) number = own;
                    if (number.isEmpty()) continue;
                    controls.putIfAbsent(number, control);
                    tests.computeIfAbsent(number, _ -> new ArrayList<>())
                            .add(
                                    new Coded(
                                            message.value(line, 4, 1),
                                            message.value(line, 4, 2),
                                            message.value(line, 4, 3)));
                }
                default -> {}
            }
        }
        var found = new ArrayList<OrderInHand>();
        tests.forEach(
                (one, its) ->
                        found.add(
                                one(message, one, ownPrefix, controls.getOrDefault(one, ""), its)));
        return found;
    }

    private static OrderInHand one(
            Message message, String number, String ownPrefix, String control, List<Coded> tests) {
        var bare = number.split("\\^", 2)[0];
        return new OrderInHand(
                number,
                ownPrefix + "-" + bare,
                message.header().messageCode(),
                message.header().controlId(),
                control,
                tests,
                patient(message));
    }

    /** Entity and namespace. */
    static String number(Message message, Line line, int field) {
        var entity = message.value(line, field, 1);
        var namespace = message.value(line, field, 2);
        return entity.isEmpty() || namespace.isEmpty() ? entity : entity + "^" + namespace;
    }

    private static List<Copied> patient(Message message) {
        var pid = message.line("PID", 1).orElse(null);
        if (pid == null) return List.of();
        var copied = new ArrayList<Copied>();
        for (int field : PID_FIELDS) {
            int most = Math.min(message.repetitions(pid, field), MAX_REPETITIONS);
            for (int repetition = 1; repetition <= most; repetition++)
                for (int component = 1; component <= MAX_COMPONENTS; component++) {
                    var value = message.value(pid, field, repetition, component, 1);
                    if (!value.isEmpty())
                        copied.add(new Copied(field, repetition, component, 1, value));
                }
        }
        return copied;
    }
}
