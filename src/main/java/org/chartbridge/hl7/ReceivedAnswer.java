package org.chartbridge.hl7;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An acknowledgement as it came, of any version and from any engine.
 *
 * @param code MSA-1, "" when the answer has none
 * @param controlId MSA-2: which message it answers
 * @param words MSA-3, which stands there to 2.6
 * @param findings what ERR says, in order
 */
public record ReceivedAnswer(String code, String controlId, String words, List<Finding> findings) {

    /**
     * One ERR, or to 2.4 one repetition of ERR-1.
     *
     * @param place such as {@code OBX[2]-3}; "" when none is given
     * @param number table 0357; "" when none is given
     * @param kind what the number means
     * @param severity E, W, I or F (table 0516); E before 2.5
     * @param reason ERR-5.1, the application's own code
     * @param text ERR-8, else ERR-7
     */
    public record Finding(
            String place,
            String number,
            String kind,
            String severity,
            String reason,
            String text) {}

    /** Nothing but an acknowledgement is understood: what has no MSA gives empty. */
    public static Optional<ReceivedAnswer> read(byte[] bytes, Charset charset) {
        if (!(Message.read(bytes, charset) instanceof Reading.Readable(var answer))) {
            return Optional.empty();
        }
        return of(answer);
    }

    /** The same of a message that was read. */
    public static Optional<ReceivedAnswer> of(Message answer) {
        return answer.line("MSA", 1)
                .map(
                        msa ->
                                new ReceivedAnswer(
                                        answer.value(msa, 1),
                                        answer.value(msa, 2),
                                        answer.value(msa, 3),
                                        findings(answer)));
    }

    public boolean positive() {
        return Arrays.stream(AckCode.values())
                .anyMatch(known -> known.name().equals(code) && known.positive());
    }

    /**
     * Accepted, and waits for a person there (HL7 rules: AA or CA with an ERR of severity W), for a
     * fault of the message: one whose ERR-3 says 0 is a {@link #warned}.
     */
    public boolean held() {
        return positive()
                && findings.stream()
                        .anyMatch(
                                found ->
                                        found.severity().equals("W")
                                                && !found.number().equals("0"));
    }

    /** Accepted, with a warning about what it asks for. */
    public boolean warned() {
        return positive() && findings.stream().anyMatch(found -> found.severity().equals("W"));
    }

    /** What the code means, in one word. */
    public String verdict() {
        return switch (code) {
            case "AA", "CA" -> held() ? "held" : warned() ? "warned" : "accepted";
            case "AE", "CE" -> "error";
            case "AR", "CR" -> "rejected";
            default -> "not understood";
        };
    }

    private static List<Finding> findings(Message answer) {
        var findings = new ArrayList<Finding>();
        for (var err : answer.lines("ERR")) {
            if (answer.value(err, 2).isEmpty() && answer.value(err, 3).isEmpty()) {
                for (var i = 1; i <= answer.repetitions(err, 1); i++) {
                    findings.add(beforeVersion25(answer, err, i));
                }
            } else {
                findings.add(fromVersion25(answer, err));
            }
        }
        return List.copyOf(findings);
    }

    private static Finding fromVersion25(Message answer, Line err) {
        var text = answer.value(err, 8);
        return new Finding(
                place(
                        answer.value(err, 2, 1),
                        answer.value(err, 2, 2),
                        answer.value(err, 2, 3),
                        answer.value(err, 2, 4),
                        answer.value(err, 2, 5),
                        answer.value(err, 2, 6)),
                answer.value(err, 3, 1),
                answer.value(err, 3, 2),
                answer.value(err, 4).isEmpty() ? "E" : answer.value(err, 4),
                answer.value(err, 5, 1),
                text.isEmpty() ? answer.value(err, 7) : text);
    }

    /** ERR-1: segment ^ sequence ^ field ^ code and its text. */
    private static Finding beforeVersion25(Message answer, Line err, int repetition) {
        return new Finding(
                place(
                        answer.value(err, 1, repetition, 1, 0),
                        answer.value(err, 1, repetition, 2, 0),
                        answer.value(err, 1, repetition, 3, 0),
                        "",
                        "",
                        ""),
                answer.value(err, 1, repetition, 4, 1),
                answer.value(err, 1, repetition, 4, 2),
                "E",
                "",
                "");
    }

    private static String place(String segment, String... numbers) {
        if (segment.isEmpty()) return "";
        var n = Arrays.stream(numbers).mapToInt(ReceivedAnswer::number).toArray();
        return new Location(segment, n[0], n[1], n[2], n[3], n[4]).toString();
    }

    private static int number(String text) {
        return text.matches("\\d{1,6}") ? Integer.parseInt(text) : 0;
    }
}
