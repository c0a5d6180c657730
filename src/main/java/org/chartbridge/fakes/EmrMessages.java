package org.chartbridge.fakes;

import org.chartbridge.hl7.Message;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What an EMR sends of itself, and what it reads out of what comes back. */
final class EmrMessages {
    private static final List<String> FAMILY_NAMES =
            List.of("ALDER", "BIRCH", "CEDAR", "ELM", "HAZEL", "LARCH", "MAPLE", "ROWAN", "WILLOW");
    private static final List<String> FEMALE =
            List.of("Ada", "Bella", "Clara", "Dora", "Emma", "Flora", "Greta", "Hilda");
    private static final List<String> MALE =
            List.of("Adam", "Boris", "Carl", "David", "Emil", "Felix", "Georg", "Hugo");
    private static final LocalDate FIRST_BIRTH = LocalDate.of(1931, 1, 9);
    private static final int DAYS_APART = 97;
    private static final int DAYS_OF_BIRTHS = 32_000;

    private EmrMessages() {}

    /** What a message that came says about one order or referral. */
    record Heard(String number, String state) {}

    /** A04: the nth patient comes. */
    static Written patient(Script script, String prefix, int nth, String id, Instant now) {
        var message = new Written(script, "ADT", "A04", "ADT_A01", id, now);
        message.add("EVN").put(1, "A04").put(2, Written.time(now));
        pid(message, prefix, nth);
        message.add("PV1").put(1, "1").put(2, "O");
        return message;
    }

    static Written order(
            Script script,
            Script.Traffic traffic,
            String prefix,
            int nth,
            String number,
            String id,
            Instant now) {
        var message =
                switch (traffic.message()) {
                    case "ORM" -> new Written(script, "ORM", "O01", "ORM_O01", id, now);
                    case "OMG" -> new Written(script, "OMG", "O19", "OMG_O19", id, now);
                    default -> new Written(script, "OML", "O21", "OML_O21", id, now);
                };
        pid(message, prefix, 1 + nth % traffic.patients());
        var test = TestMenu.of(traffic.tests().get(nth % traffic.tests().size()));
        var orc = message.add("ORC").put(1, "NW");
        Written.number(orc, 2, number);
        orc.put(9, Written.time(now)).put(12, 1, "77").put(12, 2, "Ordway").put(12, 3, "Olga");
        var obr = message.add("OBR").put(1, "1");
        Written.number(obr, 2, number);
        obr.put(4, 1, test.code())
                .put(4, 2, test.name())
                .put(4, 3, "LN")
                .put(16, 1, "77")
                .put(16, 2, "Ordway")
                .put(16, 3, "Olga");
        return message;
    }

    static Written referral(
            Script script,
            Script.Traffic traffic,
            String prefix,
            int nth,
            String number,
            String id,
            Instant now) {
        var message = new Written(script, "REF", "I12", "REF_I12", id, now);
        var rf1 = message.add("RF1").put(1, 1, "P").put(1, 2, "Pending").put(2, 1, "R");
        rf1.put(2, 2, "Routine");
        Written.number(rf1, 6, number);
        rf1.put(7, Written.time(now)).put(10, 2, "Palpitations");
        message.add("PRD").put(1, "RP").put(2, 1, "Ordway").put(2, 2, "Olga");
        message.add("PRD").put(1, "RT").put(2, 1, "Hart").put(2, 2, "Hugo");
        pid(message, prefix, 1 + nth % traffic.patients());
        message.add("DG1")
                .put(1, "1")
                .put(3, 1, "R00.2")
                .put(3, 2, "Palpitations")
                .put(3, 3, "I10");
        return message;
    }

    private static void pid(Written message, String prefix, int nth) {
        var male = nth % 2 == 0;
        var given = male ? MALE : FEMALE;
        message.add("PID")
                .put(1, "1")
                .put(3, 1, prefix + "-P" + nth)
                .put(3, 4, "CLINIC")
                .put(3, 5, "MR")
                .put(5, 1, FAMILY_NAMES.get(nth % FAMILY_NAMES.size()))
                .put(5, 2, given.get(nth / 2 % given.size()))
                .put(
                        7,
                        FIRST_BIRTH
                                .plusDays(nth * (long) DAYS_APART % DAYS_OF_BIRTHS)
                                .format(DateTimeFormatter.BASIC_ISO_DATE))
                .put(8, male ? "M" : "F");
    }

    /** What came back, in the words of {@link Act}; what can't be told is left out. */
    static List<Heard> heard(Message message) {
        return switch (message.header().messageCode()) {
            case "ORU" -> results(message);
            case "ORL", "ORR", "ORG" -> responses(message);
            case "RRI" ->
                    one(
                            message,
                            "RF1",
                            6,
                            switch (first(message, "RF1", 1)) {
                                case "A" -> Act.ACCEPTED;
                                case "P" -> Act.PENDING;
                                case "R" -> Act.REFUSED;
                                default -> null;
                            });
            case "SIU" ->
                    one(
                            message,
                            "SCH",
                            26,
                            switch (message.header().triggerEvent()) {
                                case "S12" -> Act.SCHEDULED;
                                case "S14" -> Act.RESCHEDULED;
                                case "S15" -> Act.APPOINTMENT_CANCELLED;
                                case "S26" -> Act.NO_SHOW;
                                default -> null;
                            });
            case "MDM" -> one(message, "TXA", 14, Act.NOTE);
            default -> List.of();
        };
    }

    private static List<Heard> one(Message message, String segment, int field, @Nullable Act act) {
        if (act == null) return List.of();
        return message.line(segment, 1)
                .map(line -> OrderInHand.number(message, line, field))
                .filter(number -> !number.isEmpty())
                .map(number -> List.of(new Heard(number, act.word())))
                .orElse(List.of());
    }

    private static String first(Message message, String segment, int field) {
        return message.line(segment, 1).map(line -> message.value(line, field, 1)).orElse("");
    }

    private static List<Heard> results(Message message) {
        var heard = new ArrayList<Heard>();
        var number = "";
        for (var line : message.lines()) {
            if (line.segment().equals("OBR")) number = OrderInHand.number(message, line, 2);
            if (!line.segment().equals("OBX") || number.isEmpty()) continue;
            var told = number;
            act(message.value(line, 11, 1), message)
                    .ifPresent(act -> heard.add(new Heard(told, act.word())));
        }
        return heard;
    }

    private static Optional<Act> act(String status, Message message) {
        return Optional.ofNullable(
                switch (status.toUpperCase(Locale.ROOT)) {
                    case "P", "R", "S", "I" -> Act.PRELIMINARY;
                    case "F" -> Act.FINAL;
                    case "C" -> Act.CORRECTED;
                    case "W" -> Act.WITHDRAWN;
                    case "X" ->
                            first(message, "SPM", 21).isEmpty()
                                    ? Act.NOT_PERFORMED
                                    : Act.SPECIMEN_REJECTED;
                    default -> null;
                });
    }

    private static List<Heard> responses(Message message) {
        var heard = new ArrayList<Heard>();
        for (var orc : message.lines("ORC")) {
            var number = OrderInHand.number(message, orc, 2);
            var act =
                    switch (message.value(orc, 1)) {
                        case "OK" -> Act.ACCEPTED;
                        case "UA" -> Act.REFUSED;
                        case "OH" -> Act.HELD;
                        case "SC" -> Act.IN_PROGRESS;
                        case "OC", "CR" -> Act.CANCELLED;
                        default -> null;
                    };
            if (act != null && !number.isEmpty()) heard.add(new Heard(number, act.word()));
        }
        return heard;
    }
}
