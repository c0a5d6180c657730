package org.chartbridge.fakes;

import org.chartbridge.fakes.OrderInHand.Coded;
import org.chartbridge.hl7.SegmentText;

import java.time.Instant;

/** What a lab says about an order (HL7-RULES §4 and §5). */
final class LabMessages {
    private LabMessages() {}

    /**
     * One message.
     *
     * @param id its MSH-10
     */
    static Written of(Script script, OrderInHand order, Act act, String id, Instant now) {
        return switch (act) {
            case ACCEPTED -> response(script, order, id, now, "OK", "SC");
            case REFUSED -> response(script, order, id, now, "UA", "");
            case HELD -> response(script, order, id, now, "OH", "HD");
            case IN_PROGRESS -> response(script, order, id, now, "SC", "IP");
            case CANCELLED -> response(script, order, id, now, "OC", "CA");
            case PRELIMINARY -> results(script, order, act, id, now, "P");
            case FINAL -> results(script, order, act, id, now, "F");
            case CORRECTED -> results(script, order, act, id, now, "C");
            case WITHDRAWN -> results(script, order, act, id, now, "W");
            case NOT_PERFORMED, SPECIMEN_REJECTED -> results(script, order, act, id, now, "X");
            default -> throw new IllegalStateException("no act of a lab: " + act);
        };
    }

    /** The answer to a cancellation: CR done, UC can't be done any more. */
    static Written ofCancellation(
            Script script, OrderInHand order, boolean done, String id, Instant now) {
        return response(script, order, id, now, done ? "CR" : "UC", done ? "CA" : "");
    }

    /** ORR for ORM, ORL for OML, ORG for OMG; later and by itself, so MSA names what was asked. */
    private static Written response(
            Script script,
            OrderInHand order,
            String id,
            Instant now,
            String control,
            String status) {
        var message =
                switch (order.message()) {
                    case "ORM" -> new Written(script, "ORR", "O02", "ORR_O02", id, now);
                    case "OMG" -> new Written(script, "ORG", "O20", "ORG_O20", id, now);
                    default -> new Written(script, "ORL", "O22", "ORL_O22", id, now);
                };
        message.add("MSA").put(1, control.startsWith("U") ? "AE" : "AA").put(2, order.asked());
        message.patient(order);
        var orc = message.add("ORC").put(1, control);
        Written.number(orc, 2, order.number());
        ownNumber(orc, script, order);
        orc.put(5, status).put(9, Written.time(now));
        if (control.equals("UA")) orc.put(16, 2, "Test is not performed here");
        if (control.equals("OH")) orc.put(16, 2, "Waits for payment");
        var number = 0;
        for (var test : order.tests()) {
            var obr = message.add("OBR").put(1, Integer.toString(++number));
            Written.number(obr, 2, order.number());
            ownNumber(obr, script, order);
            service(obr, 4, test);
        }
        return message;
    }

    private static Written results(
            Script script, OrderInHand order, Act act, String id, Instant now, String status) {
        var message = new Written(script, "ORU", "R01", "ORU_R01", id, now);
        message.patient(order);
        var number = 0;
        for (var test : order.tests()) {
            var orc = message.add("ORC").put(1, "RE");
            Written.number(orc, 2, order.number());
            ownNumber(orc, script, order);
            var obr = message.add("OBR").put(1, Integer.toString(++number));
            Written.number(obr, 2, order.number());
            ownNumber(obr, script, order);
            service(obr, 4, test);
            obr.put(7, Written.time(now.minusSeconds(60)))
                    .put(22, Written.time(now))
                    .put(25, status.equals("W") ? "C" : status);
            observation(message, script, order, test, act, status);
            if (act == Act.SPECIMEN_REJECTED)
                message.add("SPM")
                        .put(1, "1")
                        .put(4, 1, "BLD")
                        .put(4, 2, "Whole blood")
                        .put(21, 1, "RH")
                        .put(21, 2, "Hemolysis")
                        .put(21, 3, "HL70490");
        }
        return message;
    }

    private static void observation(
            Written message, Script script, OrderInHand order, Coded test, Act act, String status) {
        var known = TestMenu.of(test.code());
        var obx = message.add("OBX").put(1, "1").put(4, "").put(11, status);
        service(obx, 3, test);
        if (act == Act.NOT_PERFORMED || act == Act.SPECIMEN_REJECTED) {
            obx.put(2, "ST");
            obx.put(5, act == Act.NOT_PERFORMED ? "Not performed" : "Specimen rejected: hemolyzed");
            return;
        }
        int draw = Chance.draw(script.seed(), order.number() + test.code() + act, 0);
        if (known.unit().isEmpty()) {
            obx.put(2, "TX").put(5, "Reported as number " + draw % 1_000);
            return;
        }
        var value = known.value(draw);
        obx.put(2, "NM")
                .put(5, value)
                .put(6, known.unit())
                .put(7, known.low() + "-" + known.high())
                .put(8, known.flag(value));
    }

    private static void ownNumber(SegmentText segment, Script script, OrderInHand order) {
        segment.put(3, 1, order.ownNumber()).put(3, 2, script.application());
    }

    private static void service(SegmentText segment, int field, Coded test) {
        segment.put(field, 1, test.code()).put(field, 2, test.text()).put(field, 3, test.system());
    }
}
