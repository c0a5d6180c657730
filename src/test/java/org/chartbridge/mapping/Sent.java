package org.chartbridge.mapping;

import org.chartbridge.chart.IdentityChange;
import org.chartbridge.chart.ObservationStatement;
import org.chartbridge.chart.Registration;
import org.chartbridge.chart.ReportStatement;
import org.chartbridge.chart.Results;
import org.chartbridge.chart.Several;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.partner.Partner;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;

/** Messages as tests write them, and what came of them. */
final class Sent {
    static final Partner NORTHLAB = partner(Partner.Patients.CREATE);

    private static final Mappings MAPPINGS = new Mappings(List.of(new ResultsFamily()));

    private Sent() {}

    static Partner partner(Partner.Patients patients) {
        return partner(patients, Partner.Codes.AS_SENT);
    }

    static Partner partner(Partner.Patients patients, Partner.Codes codes) {
        return new Partner(
                "northlab",
                "North Lab",
                List.of(new Partner.Sender("LIS", "NORTHLAB")),
                List.of(),
                StandardCharsets.UTF_8,
                ZoneId.of("America/New_York"),
                Partner.Acknowledge.CHARTED,
                Partner.Ack.AUTO,
                "",
                Partner.AnswerAs.ACK,
                Partner.Uncharted.ACCEPT,
                List.of("P"),
                Partner.TestMessages.IGNORE,
                patients,
                Partner.Demographics.EVIDENCE,
                Partner.Empty.KEEP,
                List.of(),
                null,
                false,
                codes,
                "");
    }

    static Message message(String text) {
        return message(text.strip().replace('\n', '\r').getBytes(StandardCharsets.UTF_8));
    }

    static Message message(byte[] raw) {
        return switch (Message.read(raw, StandardCharsets.UTF_8)) {
            case Reading.Readable(var message) -> message;
            case Reading.Unreadable(var fault) ->
                    throw new IllegalArgumentException("not a message: " + fault.reason());
        };
    }

    static Mapped map(String text) {
        return MAPPINGS.map(message(text), NORTHLAB);
    }

    static Mapped map(Message message, Partner partner) {
        return MAPPINGS.map(message, partner);
    }

    static Mapped.Update update(String text) {
        return switch (map(text)) {
            case Mapped.Update update -> update;
            case Mapped.NotUnderstood(var faults) ->
                    throw new AssertionError("not understood: " + faults);
            case Mapped.NotCharted(var why, _, _) ->
                    throw new AssertionError("not charted: " + why);
        };
    }

    static Results results(String text) {
        return switch (update(text).update()) {
            case Results results -> results;
            case Registration _, Several _, IdentityChange _ ->
                    throw new AssertionError("wanted results");
        };
    }

    static ReportStatement report(String text) {
        return results(text).reports().getFirst();
    }

    /** The only value of an ordinary message that has these OBX. */
    static ObservationStatement value(String obx) {
        var observations = report(around(obx)).observations();
        if (observations.size() != 1)
            throw new AssertionError("wanted one value, got " + observations.size());
        return observations.getFirst();
    }

    static List<String> remarks(String text) {
        return update(text).remarks().stream()
                .map(fault -> fault.location() + " " + fault.reason())
                .toList();
    }

    /** Places and reasons of a refusal. */
    static List<String> faults(String text) {
        return switch (map(text)) {
            case Mapped.NotUnderstood(var faults) -> faults.stream().map(Sent::inShort).toList();
            case Mapped.Update _, Mapped.NotCharted _ ->
                    throw new AssertionError("wanted faults, there are none");
        };
    }

    private static String inShort(Fault fault) {
        return fault.location() + " " + fault.code().number() + " " + fault.reason();
    }

    /** An ordinary message around some segments that follow its OBR. */
    static String around(String segments) {
        return """
        MSH|^~\\&|LIS|NORTHLAB|CHARTBRIDGE|CLINIC|20261103080000||ORU^R01^ORU_R01|C1|P|2.5.1
        PID|1||NL-1^^^NORTHLAB^MR||EXEMPLAR^Olive||19710412|F
        OBR|1||NL-A|51990-0^Basic metabolic panel^LN|||20261103070000|||||||||||||||20261103075500|||F
        """
                + segments;
    }
}
