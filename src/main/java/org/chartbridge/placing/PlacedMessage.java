package org.chartbridge.placing;

import org.chartbridge.hl7.Delimiters;
import org.chartbridge.hl7.SegmentText;
import org.chartbridge.partner.Partner;
import org.chartbridge.placing.Placed.Clinician;
import org.chartbridge.placing.Placed.Code;
import org.chartbridge.placing.Placed.OrderNumber;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What was placed here as OML^O21 of version 2.5.1 in UTF-8 (HL7 v2.5.1 §4.4.6). Pure: the same
 * order and number give the same bytes. Every value goes through the encoder, so none can begin a
 * segment or a field.
 */
public final class PlacedMessage {
    /** Whose numbers are those that are given here. */
    public static final String NAMESPACE = "CHARTBRIDGE";

    private static final Set<String> ICD = Set.of("I10", "I10C", "I9C");

    /** HL7's word for deleting what is known; nobody may say it by accident. */
    private static final String NULL = "\"\"";

    private final StringBuilder text = new StringBuilder();
    private final DateTimeFormatter times;

    private PlacedMessage(ZoneId zone) {
        times = DateTimeFormatter.ofPattern("uuuuMMddHHmmssxx", Locale.ROOT).withZone(zone);
    }

    /** The same orders, with numbers for those that have none. */
    public static Placed numbered(Placed placed, long number) {
        var tests = new ArrayList<Placed.Test>();
        for (var test : placed.tests()) {
            var its = "CB" + number + (placed.tests().size() == 1 ? "" : "-" + (tests.size() + 1));
            tests.add(
                    test.number().value().isEmpty()
                            ? test.numbered(new OrderNumber(its, NAMESPACE))
                            : test);
        }
        return new Placed(
                placed.patient(), placed.account(), placed.at(), placed.insurances(), tests);
    }

    /** MSH-10. */
    public static String controlId(long number) {
        return "CB-" + number;
    }

    /**
     * The message.
     *
     * @param placed whose orders have numbers
     * @param partner in whose name they are placed
     * @param number of the message, never given twice
     */
    public static byte[] of(Placed placed, Partner partner, long number) {
        var message = new PlacedMessage(partner.zone());
        message.header(placed, partner, number);
        message.patient(placed.patient());
        for (int i = 0; i < placed.insurances().size(); i++)
            message.insurance(placed.insurances().get(i), i + 1);
        for (int i = 0; i < placed.tests().size(); i++)
            message.order(placed, placed.tests().get(i), i + 1);
        return message.text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void header(Placed placed, Partner partner, long number) {
        var sender = partner.senders().isEmpty() ? null : partner.senders().getFirst();
        var facility = sender == null ? null : sender.facility();
        // MSH-1 is the delimiter itself, so a field of MSH stands one further to the left.
        var header =
                new SegmentText("MSH|^~\\&")
                        .put(1, sender == null ? NAMESPACE : sender.application())
                        .put(2, facility == null ? partner.folder() : facility)
                        .put(3, NAMESPACE)
                        .put(5, times.format(placed.at()))
                        .put(7, 1, "OML")
                        .put(7, 2, "O21")
                        .put(7, 3, "OML_O21")
                        .put(8, controlId(number))
                        .put(9, partner.processing().getFirst())
                        .put(10, "2.5.1")
                        .put(16, "UNICODE UTF-8");
        add(header);
    }

    private void patient(Placed.Patient patient) {
        var pid = new SegmentText("PID").put(1, "1");
        for (int i = 0; i < patient.numbers().size(); i++) {
            var number = patient.numbers().get(i);
            put(pid, 3, i + 1, 1, number.value());
            put(pid, 3, i + 1, 4, number.authority());
            put(pid, 3, i + 1, 5, number.type());
        }
        put(pid, 5, 1, 1, patient.family());
        put(pid, 5, 1, 2, patient.given());
        put(pid, 5, 1, 3, patient.middle());
        put(pid, 5, 1, 4, patient.suffix());
        put(pid, 7, 1, 1, patient.birthDate());
        put(pid, 8, 1, 1, patient.sex());
        put(pid, 11, 1, 1, patient.street());
        put(pid, 11, 1, 3, patient.city());
        put(pid, 11, 1, 4, patient.state());
        put(pid, 11, 1, 5, patient.postalCode());
        put(pid, 11, 1, 6, patient.country());
        put(pid, 13, 1, 1, patient.phone());
        add(pid);
    }

    private void insurance(Placed.Insurance insurance, int number) {
        var in1 = new SegmentText("IN1").put(1, String.valueOf(number));
        code(in1, 2, 1, insurance.plan());
        put(in1, 3, 1, 1, insurance.insurerNumber());
        put(in1, 4, 1, 1, insurance.insurer());
        put(in1, 8, 1, 1, insurance.groupNumber());
        put(in1, 17, 1, 1, insurance.relationship());
        put(in1, 36, 1, 1, insurance.memberNumber());
        add(in1);
    }

    private void order(Placed placed, Placed.Test test, int number) {
        var orc = new SegmentText("ORC").put(1, test.control());
        number(orc, 2, test.number());
        number(orc, 4, test.group());
        orc.put(9, times.format(test.ordered() == null ? placed.at() : test.ordered()));
        put(orc, 10, 1, 1, placed.account());
        clinician(orc, 12, test.orderer());
        add(orc);
        if (!test.priority().isEmpty() || test.start() != null) {
            var timing = new SegmentText("TQ1").put(1, "1");
            time(timing, 7, test.start());
            put(timing, 9, 1, 1, test.priority());
            add(timing);
        }
        var obr = new SegmentText("OBR").put(1, String.valueOf(number));
        number(obr, 2, test.number());
        code(obr, 4, 1, test.code());
        put(obr, 4, 1, 4, test.alternate().code());
        put(obr, 4, 1, 5, test.alternate().text());
        put(obr, 4, 1, 6, test.alternate().system());
        time(obr, 7, test.specimen().collected());
        clinician(obr, 16, test.orderer());
        for (int i = 0; i < test.reasons().size(); i++) code(obr, 31, i + 1, test.reasons().get(i));
        add(obr);
        for (int i = 0; i < test.notes().size(); i++) {
            var note = new SegmentText("NTE").put(1, String.valueOf(i + 1));
            put(note, 3, 1, 1, test.notes().get(i));
            add(note);
        }
        diagnoses(test.reasons());
        for (int i = 0; i < test.answers().size(); i++) answer(test.answers().get(i), i + 1);
        specimen(test.specimen());
    }

    private void diagnoses(List<Code> reasons) {
        int number = 0;
        for (var reason : reasons) {
            if (!ICD.contains(reason.system())) continue;
            var dg1 = new SegmentText("DG1").put(1, String.valueOf(++number));
            code(dg1, 3, 1, reason);
            add(dg1.put(6, "W")); // Table 0052: a working diagnosis is why one orders.
        }
    }

    private void answer(Placed.Answer answer, int number) {
        var obx = new SegmentText("OBX").put(1, String.valueOf(number)).put(2, answer.type());
        code(obx, 3, 1, answer.question());
        put(obx, 5, 1, 1, answer.value());
        put(obx, 5, 1, 2, answer.text());
        put(obx, 5, 1, 3, answer.system());
        put(obx, 6, 1, 1, answer.unit());
        add(obx.put(11, "O")); // Table 0085: a detail of the order, never a result.
    }

    private void specimen(Placed.Specimen specimen) {
        if (specimen.isNothing()) return;
        var spm = new SegmentText("SPM").put(1, "1");
        if (!specimen.number().isEmpty()) spm.put(2, 1, 1, 1, specimen.number());
        code(spm, 4, 1, specimen.type());
        time(spm, 17, specimen.collected());
        add(spm);
    }

    private static void number(SegmentText segment, int field, OrderNumber number) {
        put(segment, field, 1, 1, number.value());
        put(segment, field, 1, 2, number.namespace());
    }

    private static void code(SegmentText segment, int field, int repetition, Code code) {
        put(segment, field, repetition, 1, code.code());
        put(segment, field, repetition, 2, code.text());
        put(segment, field, repetition, 3, code.system());
    }

    private static void clinician(SegmentText segment, int field, Clinician who) {
        put(segment, field, 1, 1, who.number());
        put(segment, field, 1, 2, who.family());
        put(segment, field, 1, 3, who.given());
        put(segment, field, 1, 9, who.authority());
    }

    private void time(SegmentText segment, int field, @Nullable Instant at) {
        if (at != null) segment.put(field, times.format(at));
    }

    private static void put(
            SegmentText segment, int field, int repetition, int component, String value) {
        var line = value.replace("\r\n", "\n").replace('\r', '\n');
        if (!line.equals(NULL)) segment.put(field, repetition, component, 1, line);
    }

    private void add(SegmentText segment) {
        text.append(segment.text(Delimiters.STANDARD)).append('\r');
    }
}
