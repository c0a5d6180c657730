package org.chartbridge.hl7;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Invented messages, and short ways to read one. */
final class Samples {
    static final String MSH =
            "MSH|^~\\&|LIS|NORTHLAB^1.2.3^ISO|EMR|CLINIC|20260101120000+0100||ORU^R01^ORU_R01|4711|P|2.5.1";

    static final String RESULT =
            MSH
                    + "\r"
                    + "PID|1||77^^^CLINIC^MR~88^^^X&1.2.3&ISO^PI||Testfrau^Anna^^^^^L||19700203|F\r"
                    + "ORC|RE|P1^EMR|F1^LIS\r"
                    + "OBR|1|P1^EMR|F1^LIS|24323-8^Metabolic"
                    + " panel^LN|||202601010800|||||||||1234^Muster^Max\r"
                    + "OBX|1|NM|2951-2^Sodium^LN||140|mmol/L^^UCUM|135-145|N|||F\r"
                    + "OBX|2|ST|2823-3^Potassium^LN||see \\T\\ note\\.br\\two|mmol/L|3.5-5|H|||C\r"
                    + "NTE|1|L|haemolytic\r"
                    + "ZL1|1|local\r";

    private Samples() {}

    static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Message message(byte[] raw) {
        return message(raw, StandardCharsets.UTF_8);
    }

    static Message message(byte[] raw, Charset charset) {
        return switch (Message.read(raw, charset)) {
            case Reading.Readable(var message) -> message;
            case Reading.Unreadable(var fault) -> throw new AssertionError(fault.toString());
        };
    }

    static Message message(String text) {
        return message(utf8(text));
    }

    static Fault fault(byte[] raw) {
        return switch (Message.read(raw, StandardCharsets.UTF_8)) {
            case Reading.Readable(var message) ->
                    throw new AssertionError("read: " + message.lines());
            case Reading.Unreadable(var fault) -> fault;
        };
    }

    static java.util.List<String> reasons(Message message) {
        return message.remarks().stream().map(f -> f.severity() + " " + f.reason()).toList();
    }
}
