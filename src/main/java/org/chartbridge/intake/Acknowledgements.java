package org.chartbridge.intake;

import org.chartbridge.delivery.ApplicationAnswers;
import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.hl7.AckCode;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.ReceivedAnswer;
import org.chartbridge.hl7.Verdict;
import org.chartbridge.journal.EntryState;
import org.chartbridge.mapping.OrderAnswer;
import org.chartbridge.partner.Partner;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Acknowledgements that come as messages: which delivery each is about, by its sender and MSA-2, or
 * where they say it of orders by the number of these, and what it says of it. An accept
 * acknowledgement says nothing that is noted; what the application says is (HL7 v2.5.1 §2.9.3.2).
 */
@Component
class Acknowledgements {
    /** One that knows nothing of what was sent. */
    static final Acknowledgements NONE = new Acknowledgements(new Nothing());

    /**
     * MSH-9.1 of answers that HL7 defines beside ACK; charted where they say what became of what.
     */
    private static final Set<String> ANSWERS = Set.of("ORR", "ORL", "ORG", "RRI");

    /** Those of orders, with OSU, which nobody asks for. */
    private static final Set<String> OF_ORDERS = Set.of("ORR", "ORL", "ORG", "OSU");

    /** ORC-1 of one answer that are told. */
    private static final int MAX_WORDS = 10;

    /** What was sent to partners. */
    interface Sent {
        /** The delivery by partner and MSH-10. */
        Optional<Long> delivery(String partner, String controlId);

        /** The deliveries by partner and number; empty where nothing is known of any. */
        Optional<ApplicationAnswers.Numbered> numbered(String partner, String number);
    }

    private static final class Nothing implements Sent {
        @Override
        public Optional<Long> delivery(String partner, String controlId) {
            return Optional.empty();
        }

        @Override
        public Optional<ApplicationAnswers.Numbered> numbered(String partner, String number) {
            return Optional.empty();
        }
    }

    private record Stored(ApplicationAnswers answers) implements Sent {
        @Override
        public Optional<Long> delivery(String partner, String controlId) {
            return answers.delivery(partner, controlId);
        }

        @Override
        public Optional<ApplicationAnswers.Numbered> numbered(String partner, String number) {
            return Optional.of(answers.numbered(partner, number));
        }
    }

    private final Sent sent;

    private Acknowledgements(Sent sent) {
        this.sent = sent;
    }

    @Autowired
    Acknowledgements(ApplicationAnswers answers) {
        this(new Stored(answers));
    }

    /** Whether a message answers one that was sent, with no order or referral that it names. */
    static boolean isAnswer(Message message) {
        return ANSWERS.contains(message.header().messageCode())
                && message.line("MSA", 1).isPresent();
    }

    /** Whether a message says what became of orders, and not whose they are. */
    static boolean isOfUnnamed(Message message) {
        return OF_ORDERS.contains(message.header().messageCode())
                && message.line("PID", 1).isEmpty()
                && !OrderAnswer.read(message).isEmpty();
    }

    /**
     * What an answer says that names orders and no patient: of the delivery that sent them, by
     * their numbers, else by MSA-2. ⚠ What is about nothing that was sent is not taken: a refusal
     * that nobody sees is an order that nobody draws.
     *
     * @param answered the faults that an answer to it tells, where it asks for one
     * @param deliveries what its route sends on
     * @param heard whether it came as the answer to a delivery, and its route asks for such
     */
    Prepared ofUnnamed(
            Message message,
            Partner partner,
            List<Fault> answered,
            List<StagedDelivery> deliveries,
            boolean heard) {
        var said = OrderAnswer.read(message);
        var numbers = said.stream().map(OrderAnswer::number).distinct().toList();
        var answer = ReceivedAnswer.of(message).orElse(null);
        var code = answer == null ? Optional.<AckCode>empty() : AckCode.of(answer.code());
        // What answers a message of ours is nobody else's, unless a route asks for just that.
        var onwards = answer == null || heard ? deliveries : List.<StagedDelivery>of();
        Set<Long> common = null;
        boolean several = false;
        for (var number : numbers) {
            var found = sent.numbered(partner.folder(), number);
            if (found.isEmpty())
                return new Prepared.Acknowledged(
                        null,
                        AckCode.AA.name(),
                        words(message, said),
                        answered,
                        List.of(),
                        onwards);
            several |= found.get().several();
            if (common == null) common = new TreeSet<>(found.get().deliveries());
            else common.retainAll(found.get().deliveries());
        }
        if (common != null && !common.isEmpty())
            return new Prepared.Acknowledged(
                    Collections.max(common),
                    code.filter(one -> one != AckCode.CA).orElse(AckCode.AA).name(),
                    words(message, said),
                    answered,
                    List.of(
                            remark(
                                    "acknowledgement-received",
                                    "heard as what became of delivery "
                                            + Collections.max(common)
                                            + ", which its number (ORC-2) names")),
                    onwards);
        boolean negative = code.isPresent() && !code.get().positive();
        boolean known =
                answer != null && sent.delivery(partner.folder(), answer.controlId()).isPresent();
        if (known || negative)
            return read(message, partner, answered, heard ? deliveries : List.of());
        return new Prepared.Decided(
                EntryState.REFUSED,
                Verdict.ERROR,
                List.of(
                        Fault.error(
                                Location.of("PID", 1),
                                ErrorCode.REQUIRED_MISSING,
                                "patient-identifier-missing",
                                "The message names no patient, and "
                                        + why(numbers, several)
                                        + "; send it with PID.")),
                List.of());
    }

    private static String why(List<String> numbers, boolean several) {
        if (several) return "its number (ORC-2) is that of orders or referrals of several";
        if (numbers.contains("")) return "no number of the placer (ORC-2)";
        return numbers.size() == 1
                ? "its number (ORC-2) is that of nothing that was sent to this partner"
                : "its numbers (ORC-2) are not those of one message that was sent to this partner";
    }

    private static String words(Message message, List<OrderAnswer> said) {
        return message.header().messageCode()
                + " without PID: "
                + said.stream()
                        .map(one -> "ORC-1 " + (one.control().isEmpty() ? "-" : one.control()))
                        .distinct()
                        .limit(MAX_WORDS)
                        .collect(Collectors.joining(", "));
    }

    /**
     * What an acknowledgement says.
     *
     * @param answered the faults that an answer to it tells, where it asks for one
     * @param onwards what its route sends on, where it asks for such
     */
    Prepared read(
            Message message, Partner partner, List<Fault> answered, List<StagedDelivery> onwards) {
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
                                            + " connection that the message was sent on")),
                    onwards);
        var delivery = sent.delivery(partner.folder(), answer.controlId());
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
                remarks,
                onwards);
    }

    private static Fault remark(String reason, String text) {
        return Fault.information(Location.of("MSA", 1), ErrorCode.ACCEPTED, reason, text);
    }

    private static Fault warning(String reason, String text) {
        return Fault.warning(Location.of("MSA", 1), ErrorCode.ACCEPTED, reason, text);
    }
}
