package org.chartbridge.placing;

import org.chartbridge.chart.GivenNumber;
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
 * What was placed here as a message of version 2.5.1 in UTF-8: tests as OML^O21 (HL7 v2.5.1
 * §4.4.6), medication as OMP^O09 (§4.13.3). Pure: the same order and number give the same bytes.
 * Every value goes through the encoder, so none can begin a segment or a field. Long because each
 * segment is written field by field.
 */
public final class PlacedMessage {
    /** Whose numbers are those that are given here. */
    public static final String NAMESPACE = GivenNumber.NAMESPACE;

    private static final Set<String> ICD = Set.of("I10", "I10C", "I9C");

    /** HL7's word for deleting what is known; nobody may say it by accident. */
    private static final String NULL = "\"\"";

    private final StringBuilder text = new StringBuilder();
    private final DateTimeFormatter times;

    private PlacedMessage(ZoneId zone) {
        times = DateTimeFormatter.ofPattern("uuuuMMddHHmmssxx", Locale.ROOT).withZone(zone);
    }

    /**
     * The same orders, with numbers for those that have none.
     *
     * @param stem what their numbers begin with, never given twice
     */
    static Placed numbered(Placed placed, String stem) {
        var orders = new ArrayList<Placed.Order>();
        for (var order : placed.orders()) {
            var its = stem + (placed.orders().size() == 1 ? "" : "-" + (orders.size() + 1));
            orders.add(
                    order.number().value().isEmpty()
                            ? order.numbered(new OrderNumber(its, NAMESPACE))
                            : order);
        }
        return new Placed(
                placed.patient(),
                placed.account(),
                placed.at(),
                placed.insurances(),
                placed.guarantors(),
                placed.visit(),
                orders);
    }

    /** MSH-9.1 of the message. */
    static String type(Placed placed) {
        return placed.isMedication() ? "OMP" : "OML";
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
     * @param controlId MSH-10, never given twice
     */
    public static byte[] of(Placed placed, Partner partner, String controlId) {
        var message = new PlacedMessage(partner.zone());
        message.header(placed, partner, controlId);
        message.patient(placed.patient());
        message.visit(placed.visit());
        for (int i = 0; i < placed.insurances().size(); i++)
            message.insurance(placed.insurances().get(i), i + 1);
        for (int i = 0; i < placed.guarantors().size(); i++)
            message.guarantor(placed.guarantors().get(i), i + 1);
        for (int i = 0; i < placed.orders().size(); i++)
            switch (placed.orders().get(i)) {
                case Placed.Test test -> message.order(placed, test, i + 1);
                case Placed.Drug drug -> message.order(placed, drug);
            }
        return message.text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void header(Placed placed, Partner partner, String controlId) {
        var sender = partner.senders().isEmpty() ? null : partner.senders().getFirst();
        var facility = sender == null ? null : sender.facility();
        var trigger = placed.isMedication() ? "O09" : "O21";
        // MSH-1 is the delimiter itself, so a field of MSH stands one further to the left.
        var header =
                new SegmentText("MSH|^~\\&")
                        .put(1, sender == null ? NAMESPACE : sender.application())
                        .put(2, facility == null ? partner.folder() : facility)
                        .put(3, NAMESPACE)
                        .put(5, times.format(placed.at()))
                        .put(7, 1, type(placed))
                        .put(7, 2, trigger)
                        .put(7, 3, type(placed) + "_" + trigger)
                        .put(8, controlId)
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

    private void visit(Placed.Visit visit) {
        if (visit.equals(Placed.Visit.NONE)) return;
        var pv1 = new SegmentText("PV1").put(1, "1");
        // PV1-2 must be there; table 0004 has U for what is not known.
        put(pv1, 2, 1, 1, visit.patientClass().isEmpty() ? "U" : visit.patientClass());
        put(pv1, 3, 1, 9, visit.location());
        put(pv1, 19, 1, 1, visit.number().value());
        put(pv1, 19, 1, 4, visit.number().namespace());
        add(pv1);
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

    private void guarantor(Placed.Guarantor guarantor, int number) {
        var gt1 = new SegmentText("GT1").put(1, String.valueOf(number));
        put(gt1, 2, 1, 1, guarantor.number());
        put(gt1, 2, 1, 4, guarantor.authority());
        put(gt1, 3, 1, 1, guarantor.family());
        put(gt1, 3, 1, 2, guarantor.given());
        put(gt1, 3, 1, 3, guarantor.middle());
        put(gt1, 3, 1, 4, guarantor.suffix());
        var address = guarantor.address();
        put(gt1, 5, 1, 1, address.street());
        put(gt1, 5, 1, 2, address.second());
        put(gt1, 5, 1, 3, address.city());
        put(gt1, 5, 1, 4, address.state());
        put(gt1, 5, 1, 5, address.postalCode());
        put(gt1, 5, 1, 6, address.country());
        put(gt1, 6, 1, 1, guarantor.phone());
        put(gt1, 11, 1, 1, guarantor.relationship());
        put(gt1, 21, 1, 1, guarantor.organization());
        add(gt1);
    }

    private void control(Placed placed, Placed.Order order) {
        var orc = new SegmentText("ORC").put(1, order.control());
        number(orc, 2, order.number());
        number(orc, 4, order.group());
        orc.put(9, times.format(order.ordered() == null ? placed.at() : order.ordered()));
        put(orc, 10, 1, 1, placed.account());
        clinician(orc, 12, 1, order.orderer());
        add(orc);
    }

    private void order(Placed placed, Placed.Drug drug) {
        control(placed, drug);
        var dosage = drug.dosage();
        timing(dosage.timing(), drug.priority());
        var dispensing = drug.dispensing();
        var rxo = new SegmentText("RXO");
        code(rxo, 1, 1, drug.code());
        alternate(rxo, 1, drug.alternate());
        put(rxo, 2, 1, 1, dosage.least());
        put(rxo, 3, 1, 1, dosage.most());
        code(rxo, 4, 1, dosage.unit());
        code(rxo, 5, 1, dosage.form());
        for (int i = 0; i < dosage.instructions().size(); i++)
            put(rxo, 7, i + 1, 2, dosage.instructions().get(i));
        put(rxo, 9, 1, 1, dispensing.substitution());
        put(rxo, 11, 1, 1, dispensing.amount());
        code(rxo, 12, 1, dispensing.unit());
        put(rxo, 13, 1, 1, dispensing.refills());
        for (int i = 0; i < drug.reasons().size(); i++) code(rxo, 20, i + 1, drug.reasons().get(i));
        add(rxo);
        notes(drug.notes());
        if (!dosage.route().isNothing()
                || !dosage.site().isNothing()
                || !dosage.method().isNothing()) {
            var rxr = new SegmentText("RXR");
            code(rxr, 1, 1, dosage.route());
            code(rxr, 2, 1, dosage.site());
            code(rxr, 4, 1, dosage.method());
            add(rxr);
        }
        for (int i = 0; i < drug.answers().size(); i++) answer(drug.answers().get(i), i + 1);
    }

    private void timing(Placed.Timing timing, String priority) {
        if (timing.isNothing() && priority.isEmpty()) return;
        var tq1 = new SegmentText("TQ1").put(1, "1");
        put(tq1, 3, 1, 1, timing.repeats());
        if (!timing.duration().isEmpty()) {
            put(tq1, 6, 1, 1, timing.duration());
            tq1.put(6, 1, 2, 1, timing.durationUnit());
            tq1.put(6, 1, 2, 3, timing.durationUnit().isEmpty() ? "" : "UCUM");
        }
        put(tq1, 7, 1, 1, timing.begins());
        put(tq1, 8, 1, 1, timing.ends());
        put(tq1, 9, 1, 1, priority);
        put(tq1, 10, 1, 1, timing.condition());
        put(tq1, 14, 1, 1, timing.occurrences());
        add(tq1);
    }

    private void notes(List<String> notes) {
        for (int i = 0; i < notes.size(); i++) {
            var note = new SegmentText("NTE").put(1, String.valueOf(i + 1));
            put(note, 3, 1, 1, notes.get(i));
            add(note);
        }
    }

    private void order(Placed placed, Placed.Test test, int number) {
        control(placed, test);
        if (!test.priority().isEmpty() || test.start() != null) {
            var timing = new SegmentText("TQ1").put(1, "1");
            time(timing, 7, test.start());
            put(timing, 9, 1, 1, test.priority());
            add(timing);
        }
        var obr = new SegmentText("OBR").put(1, String.valueOf(number));
        number(obr, 2, test.number());
        code(obr, 4, 1, test.code());
        alternate(obr, 4, test.alternate());
        time(obr, 7, test.specimen().collected());
        clinician(obr, 16, 1, test.orderer());
        for (int i = 0; i < test.copies().size(); i++)
            clinician(obr, 28, i + 1, test.copies().get(i));
        for (int i = 0; i < test.reasons().size(); i++) code(obr, 31, i + 1, test.reasons().get(i));
        add(obr);
        notes(test.notes());
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

    private static void alternate(SegmentText segment, int field, Code code) {
        put(segment, field, 1, 4, code.code());
        put(segment, field, 1, 5, code.text());
        put(segment, field, 1, 6, code.system());
    }

    private static void clinician(SegmentText segment, int field, int repetition, Clinician who) {
        put(segment, field, repetition, 1, who.number());
        put(segment, field, repetition, 2, who.family());
        put(segment, field, repetition, 3, who.given());
        put(segment, field, repetition, 9, who.authority());
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
