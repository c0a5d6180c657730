package org.chartbridge.fakes;

import org.chartbridge.fakes.Script.AnswerRule;
import org.chartbridge.hl7.AckCode;
import org.chartbridge.hl7.AckMode;
import org.chartbridge.hl7.Acknowledgement;
import org.chartbridge.hl7.AnswerPlan;
import org.chartbridge.hl7.Condition;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Header;
import org.chartbridge.mllp.Answer;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Chooses by the script how a message is answered, and writes the answer. Used by one thread. */
final class Answering {
    /** What has no MSH is nobody's order. */
    static final AnswerRule UNREADABLE =
            new AnswerRule(Reply.AR, false, Duration.ZERO, new Chance.Always());

    private static final byte[] GARBAGE =
            "no HL7 \u0001\u0002 at all".getBytes(StandardCharsets.UTF_8);

    /** A partner that plays for days must not fill the memory with ids. */
    private static final int IDS_KEPT = 1_000_000;

    private final Script script;
    private final long[] counts;

    /** How often each id came. */
    private final Map<String, Integer> times = new HashMap<>();

    private long answers;

    Answering(Script script) {
        this.script = script;
        this.counts = new long[script.answers().size()];
    }

    /** How often this id came before. */
    int before(String id) {
        if (times.size() >= IDS_KEPT) times.clear();
        return times.merge(id, 1, Integer::sum) - 1;
    }

    /** What is done with a message that came so often before. */
    AnswerRule rule(String id, int before) {
        for (int i = 0; i < counts.length; i++) {
            var rule = script.answers().get(i);
            counts[i]++;
            if (rule.chance().hits(counts[i], Chance.draw(script.seed(), id + "#" + before, i)))
                return rule;
        }
        return new AnswerRule(Reply.ACCEPT, true, Duration.ZERO, new Chance.Always());
    }

    /** What goes to the sender; null where it never gets anything. */
    @Nullable Answer answer(byte[] content, Reply reply) {
        return switch (reply) {
            case ACCEPT -> accept(content);
            case AA, CA, CE -> reply(content, code(reply));
            case AE, AR, CR ->
                    reply(
                            content,
                            code(reply),
                            Fault.error(
                                    null,
                                    reply == Reply.AE
                                            ? ErrorCode.INTERNAL
                                            : ErrorCode.UNSUPPORTED_TYPE,
                                    "played",
                                    "the fake partner answers so, as its script says"));
            case SILENT -> null;
            case GARBAGE -> new Answer.Reply(GARBAGE);
            case WRONG_ID ->
                    new Answer.Reply(
                            new String(ack(content, AckCode.AA), StandardCharsets.ISO_8859_1)
                                    .replaceFirst("(\\rMSA.AA.)", "$1NOT-")
                                    .getBytes(StandardCharsets.ISO_8859_1));
            case HANG_UP -> new Answer.HangUp("as the script says");
        };
    }

    private static AckCode code(Reply reply) {
        var code = reply.code();
        if (code == null) throw new IllegalStateException(reply + " has no code");
        return code;
    }

    private Answer accept(byte[] content) {
        var plan =
                Header.read(content)
                        .map(header -> AnswerPlan.of(header, AckMode.AUTO))
                        .orElse(new AnswerPlan.Original());
        return switch (plan) {
            case AnswerPlan.Original _ -> reply(content, AckCode.AA);
            case AnswerPlan.Enhanced(var accept, _) ->
                    reply(content, accept == Condition.NEVER ? AckCode.AA : AckCode.CA);
            case AnswerPlan.Silent _, AnswerPlan.Later _ -> new Answer.Silence();
        };
    }

    private Answer reply(byte[] content, AckCode code, Fault... faults) {
        return new Answer.Reply(ack(content, code, faults));
    }

    private byte[] ack(byte[] content, AckCode code, Fault... faults) {
        return Acknowledgement.of(
                content,
                code,
                List.of(faults),
                "A" + Long.toString(script.seed(), 36).toUpperCase(Locale.ROOT) + "-" + ++answers,
                Instant.now(),
                ZoneOffset.UTC);
    }
}
