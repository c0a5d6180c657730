package org.chartbridge.intake;

import org.chartbridge.delivery.ApplicationAnswers;
import org.chartbridge.hl7.AckCode;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.ReceivedAnswer;
import org.chartbridge.hl7.Verdict;
import org.chartbridge.journal.EntryState;
import org.chartbridge.partner.Partner;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Acknowledgements that come as messages: which delivery each is about, by its sender and MSA-2,
 * and what it says of it. An accept acknowledgement says nothing that is noted; what the
 * application says is (HL7 v2.5.1 §2.9.3.2).
 */
@Component
class Acknowledgements {
    /** One that knows nothing of what was sent. */
    static final Acknowledgements NONE = new Acknowledgements((_, _) -> Optional.empty());

    /**
     * MSH-9.1 of answers that HL7 defines beside ACK; charted where they say what became of what.
     */
    private static final Set<String> ANSWERS = Set.of("ORR", "ORL", "ORG", "RRI");

    private final BiFunction<String, String, Optional<Long>> sent;

    /**
     * @param sent the delivery by partner and MSH-10
     */
    Acknowledgements(BiFunction<String, String, Optional<Long>> sent) {
        this.sent = sent;
    }

    @Autowired
    Acknowledgements(ApplicationAnswers answers) {
        this(answers::delivery);
    }

    /** Whether a message answers one that was sent, with no order or referral that it names. */
    static boolean isAnswer(Message message) {
        return ANSWERS.contains(message.header().messageCode())
                && message.line("MSA", 1).isPresent();
    }

    /**
     * What an acknowledgement says.
     *
     * @param answered the faults that an answer to it tells, where it asks for one
     */
    Prepared read(Message message, Partner partner, List<Fault> answered) {
        var answer = ReceivedAnswer.of(message).orElse(null);
        var code = answer == null ? Optional.<AckCode>empty() : AckCode.of(answer.code());
        if (answer == null || code.isEmpty() || code.get() == AckCode.CA)
            return new Prepared.Decided(
                    EntryState.IGNORED,
                    Verdict.ACCEPT,
                    answered,
                    List.of(
                            remark(
                                    "acknowledgement-received",
                                    "an acknowledgement that says nothing of what became of a"
                                            + " message (MSA-1 is not AA, AE, AR, CE or CR); it is"
                                            + " kept. Accept acknowledgements belong on the"
                                            + " connection that the message was sent on")));
        var delivery = sent.apply(partner.folder(), answer.controlId());
        var remarks = new ArrayList<Fault>();
        if (delivery.isEmpty())
            remarks.add(
                    warning(
                            "acknowledgement-of-nothing",
                            "MSA-2 names nothing that was sent to partner "
                                    + partner.folder()
                                    + "; ask the sender which message it means"));
        else if (code.get().positive())
            remarks.add(
                    remark(
                            "acknowledgement-received",
                            "the application acknowledgement of delivery " + delivery.get()));
        if (!code.get().positive())
            remarks.add(
                    warning(
                            "rejected-after-delivery",
                            "the partner's application did not take what had been delivered;"
                                    + " see Worklist, Rejected after delivery"));
        return new Prepared.Acknowledged(
                delivery.orElse(null),
                code.get().name(),
                ApplicationAnswers.words(answer),
                answered,
                remarks);
    }

    private static Fault remark(String reason, String text) {
        return Fault.information(Location.of("MSA", 1), ErrorCode.ACCEPTED, reason, text);
    }

    private static Fault warning(String reason, String text) {
        return Fault.warning(Location.of("MSA", 1), ErrorCode.ACCEPTED, reason, text);
    }
}
