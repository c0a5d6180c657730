package org.chartbridge.ordering;

import org.chartbridge.delivery.Chosen;
import org.chartbridge.delivery.Leaving;
import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.delivery.WhereOrdersWent;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Rewriting;
import org.chartbridge.ordering.OneReferral.Wanted;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.Referrals;
import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Who gets a referral, by what the folders say now. The same referral, folders and earlier
 * referrals give the same choice.
 *
 * <ol>
 *   <li>What follows a referral (I13 to I15) goes where it went, unless it was sent for another
 *       patient. A new one of a number that was sent asks a person.
 *   <li>Who is named (PRD-1 RT) must be in a {@code providers.csv}: by PRD-7, or where no number is
 *       sent by the whole name. ⚠ A number that nobody has is never made up for by a name or a
 *       specialty: it would show a chart to somebody else.
 *   <li>Where nobody is named, whoever has the specialty (RF1-3, RF1-10).
 *   <li>Of several, the first row of the sender's {@code referring.csv} that fits decides; else a
 *       person.
 * </ol>
 */
final class Referring {
    private static final Set<String> TRIGGERS = Set.of("I12", "I13", "I14", "I15");

    private final Supplier<? extends Collection<Partner>> partners;
    private final WhereOrdersWent sent;

    Referring(Supplier<? extends Collection<Partner>> partners, WhereOrdersWent sent) {
        this.partners = partners;
        this.sent = sent;
    }

    /** Whether a message refers somebody. */
    static boolean takes(Message message) {
        return message.header().messageCode().equals("REF")
                && TRIGGERS.contains(message.header().triggerEvent());
    }

    /** The one delivery that a referral leaves by, or waits as. */
    StagedDelivery staged(Message message, Partner sender) {
        var asked = new Ordering.Asked(sent);
        return staged(
                message,
                sender,
                asked,
                taken -> List.of(staged(message, sender, asked.but(taken), null)));
    }

    private StagedDelivery staged(
            Message message,
            Partner sender,
            WhereOrdersWent went,
            StagedDelivery.@Nullable Again again) {
        var referral = referral(message);
        return switch (choice(referral, sender, went)) {
            case Choice.To to -> delivery(message, referral, sender, to, "", again);
            case Choice.Nobody nobody ->
                    new StagedDelivery(
                            Ordering.toPlace(sender.folder()),
                            message.raw(),
                            referral.isNew() ? List.of() : leaving(referral, sender),
                            List.of(),
                            nobody.told(Location.of("RF1", 1)),
                            again);
        };
    }

    /** What would become now of a referral that waits. */
    Ordering.Waiting waiting(Message message, Partner sender) {
        var referral = referral(message);
        var people = People.of(Rewriting.of(message));
        return new Ordering.Waiting(
                "referral",
                referral.reason(),
                referral.isNew() ? "NW" : referral.trigger(),
                referral.number().replaceFirst("[|].*", ""),
                choice(referral, sender, sent),
                takers().stream().map(Partner::folder).toList(),
                able(referral).stream().map(Partner::folder).toList(),
                people.patient(),
                people.asker(),
                OneOrder.isUrgent(referral.priority()));
    }

    static boolean isUrgent(Message message) {
        return OneOrder.isUrgent(referral(message).priority());
    }

    /** A referral that waits, made for somebody who takes referrals; else empty. */
    Optional<StagedDelivery> made(
            Message message, Partner sender, String folder, String suffix, Chosen chosen) {
        return takers().stream()
                .filter(one -> one.folder().equals(folder))
                .filter(one -> unfit(referral(message), one).isEmpty())
                .findFirst()
                .map(
                        one ->
                                delivery(
                                        message,
                                        referral(message),
                                        sender,
                                        new Choice.To(one, null, chosen),
                                        suffix,
                                        null));
    }

    private static OneReferral referral(Message message) {
        return OneReferral.of(
                Rewriting.of(message),
                message.header().triggerEvent(),
                message.header().messageTime());
    }

    private static StagedDelivery delivery(
            Message message,
            OneReferral referral,
            Partner sender,
            Choice.To choice,
            String suffix,
            StagedDelivery.@Nullable Again again) {
        var to = choice.lab();
        return new StagedDelivery(
                to.folder() + "/" + to.referrals().queue(),
                LabMessage.referral(message, to, suffix),
                leaving(referral, sender),
                List.of(choice.chosen().about(referral.number().replaceFirst("[|].*", ""), "")),
                null,
                again);
    }

    private static List<Leaving> leaving(OneReferral referral, Partner sender) {
        return referral.number().isEmpty()
                ? List.of()
                : List.of(
                        new Leaving(
                                key(sender.folder(), referral.number()),
                                referral.isNew(),
                                referral.isNew() ? referral.patient() : ""));
    }

    /** An order and a referral of one number are two. */
    private static String key(String sender, String number) {
        return WhereOrdersWent.key(sender, named(number));
    }

    private static String named(String number) {
        return "RF1|" + number;
    }

    /** All that patients can be referred to, by folder. */
    private List<Partner> takers() {
        return partners.get().stream()
                .filter(partner -> partner.referrals().takesAny())
                .sorted((a, b) -> a.folder().compareTo(b.folder()))
                .toList();
    }

    private List<Partner> able(OneReferral referral) {
        return takers().stream().filter(one -> isFor(one, referral)).toList();
    }

    private static boolean isFor(Partner one, OneReferral referral) {
        return one.referrals().providers().stream()
                .anyMatch(
                        provider ->
                                referral.wanted().isEmpty()
                                        ? referral.specialties().contains(provider.specialty())
                                        : referral.wanted().stream()
                                                .anyMatch(wanted -> is(provider, wanted)));
    }

    private static boolean is(Referrals.Provider provider, Wanted wanted) {
        return wanted.ids().isEmpty()
                ? provider.isNamed(wanted.family(), wanted.given())
                : wanted.ids().contains(provider.id());
    }

    /** What can't be said in the form that who is chosen wants waits for a person. */
    private Choice choice(OneReferral referral, Partner sender, WhereOrdersWent went) {
        var choice = chosen(referral, sender, went);
        return choice instanceof Choice.To to
                ? unfit(referral, to.lab()).<Choice>map(its -> its).orElse(choice)
                : choice;
    }

    /** As an order (360X) a referral has a number, and nobody is asked how it stands. */
    private static Optional<Choice.Nobody> unfit(OneReferral referral, Partner to) {
        if (to.referrals().form() != Referrals.Form.OMG_O19) return Optional.empty();
        if (referral.number().isEmpty())
            return Optional.of(
                    new Choice.Nobody(
                            to.folder()
                                    + " wants referrals as OMG^O19, and this one has no number"
                                    + " (RF1-6)",
                            "the referral has no number (RF1-6), by which it could be answered",
                            "ask whoever referred to send it anew with one"));
        if (referral.trigger().equals("I15"))
            return Optional.of(
                    new Choice.Nobody(
                            to.folder()
                                    + " gets referrals as OMG^O19, in which nobody asks how one"
                                    + " stands (I15)",
                            "whom it was sent to can't be asked by a message how it stands (I15)",
                            "see Open orders, or ask by telephone; then do not send it"));
        return Optional.empty();
    }

    private Choice chosen(OneReferral referral, Partner sender, WhereOrdersWent went) {
        var before =
                referral.number().isEmpty()
                        ? Optional.<String>empty()
                        : went.destination(sender.folder(), named(referral.number()))
                                .map(destination -> destination.replaceFirst("/.*", ""));
        if (before.isPresent()
                && !referral.isNew()
                && went.isOfAnother(sender.folder(), named(referral.number()), referral.patient()))
            return new Choice.Nobody(
                    "the referral of this number was sent to "
                            + before.get()
                            + " for another patient (PID-3)",
                    "ask whoever referred whom it is about; choose "
                            + before.get()
                            + " to send it all the same");
        if (before.isPresent()
                && !referral.isNew()
                && Ordering.isSaidBefore(referral.said(), sender, named(referral.number()), went))
            return Ordering.saidBefore(before.get());
        if (before.isPresent()
                && referral.trigger().equals("I13")
                && namesAnother(referral, before.get(), sender, went))
            return new Choice.Nobody(
                    "the referral of this number went to "
                            + before.get()
                            + ", and this change names somebody else (PRD with RT)",
                    "cancel the referral (I14) and refer anew (I12), or choose "
                            + before.get()
                            + " to send the change there");
        if (before.isPresent()) return again(referral, before.get());
        if (!referral.isNew())
            return new Choice.Nobody(
                    "no referral with this number was sent, and "
                            + referral.trigger()
                            + " is no new one",
                    "no referral with this number was sent, and this is no new one",
                    "the referral itself may wait here too: decide both alike");
        var able = able(referral);
        if (able.isEmpty()) return nobody(referral);
        if (able.size() == 1) return new Choice.To(able.getFirst(), null, Chosen.only("", ""));
        return ruled(referral, able, sender);
    }

    /**
     * Whether a change names whom nobody has there whom it goes to ⚠: whoever is named would never
     * hear of it. Who was named so before, and was sent there, is no other.
     */
    private boolean namesAnother(
            OneReferral referral, String folder, Partner sender, WhereOrdersWent went) {
        if (referral.wanted().isEmpty()
                || able(referral).stream().anyMatch(one -> one.folder().equals(folder))
                || takers().stream().noneMatch(one -> one.folder().equals(folder))) return false;
        return went.message(sender.folder(), named(referral.number()))
                .map(bytes -> Ordering.read(bytes, sender))
                .filter(Referring::takes)
                .filter(last -> referral(last).wanted().equals(referral.wanted()))
                .isEmpty();
    }

    private Choice again(OneReferral referral, String folder) {
        if (referral.isNew())
            return new Choice.Nobody(
                    "a referral of this number went to " + folder + " before",
                    "see whether that is the same; a change is sent as I13. Choose "
                            + folder
                            + " to refer once more");
        return takers().stream()
                .filter(one -> one.folder().equals(folder))
                .findFirst()
                .<Choice>map(one -> new Choice.To(one, null, Chosen.follows()))
                .orElseGet(
                        () ->
                                new Choice.Nobody(
                                        "the referral went to " + folder + ", which takes none now",
                                        "restore routes/" + folder + "/providers.csv"));
    }

    private static Choice nobody(OneReferral referral) {
        if (!referral.wanted().isEmpty())
            return new Choice.Nobody(
                    "no partner has "
                            + referral.wanted().stream()
                                    .map(Wanted::shown)
                                    .map(
                                            who ->
                                                    who.isEmpty()
                                                            ? "somebody without number and name"
                                                            : who)
                                    .collect(Collectors.joining(" or "))
                            + " (PRD with RT)",
                    "no partner has who is named (PRD with RT)",
                    "add a row to the providers.csv of whoever is meant, or choose one");
        if (!referral.specialties().isEmpty())
            return new Choice.Nobody(
                    "nobody is named, and no partner has the specialty "
                            + String.join(" or ", referral.specialties().stream().sorted().toList())
                            + " (RF1-3, RF1-10)",
                    "nobody is named, and no partner has the specialty (RF1-3, RF1-10)",
                    "add a row to the providers.csv of whoever is meant, or choose one");
        return new Choice.Nobody(
                "the referral names nobody (PRD with RT) and no specialty (RF1-3, RF1-10)",
                "ask whoever referred, or choose one");
    }

    private static Choice ruled(OneReferral referral, List<Partner> able, Partner sender) {
        for (var rule : sender.referrals().rules()) {
            if (!rule.fits(referral.specialties(), referral.priority(), referral.coverages()))
                continue;
            for (var one : able)
                if (one.folder().equals(rule.to()))
                    return new Choice.To(
                            one,
                            null,
                            Chosen.row(
                                    sender.folder() + "/referring.csv:" + rule.line(),
                                    sender.version()));
        }
        return new Choice.Nobody(
                able.stream().map(Partner::folder).collect(Collectors.joining(" and "))
                        + " could all be meant",
                "write a row of " + sender.folder() + "/referring.csv that says which, or choose");
    }
}
