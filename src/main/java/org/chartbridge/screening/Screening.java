package org.chartbridge.screening;

import org.chartbridge.chart.AllergyView;
import org.chartbridge.chart.CodingView;
import org.chartbridge.chart.MedicationOrderView;
import org.chartbridge.chart.OneNumber;
import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.chart.Source;
import org.chartbridge.screening.Alert.Kind;
import org.chartbridge.screening.Tables.Pair;
import org.chartbridge.screening.Tables.Terms;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Screens what is ordered of one patient; long because the rules of allergies, of two together and
 * of what nobody knows stand here whole. Pure: no database, clock or network; what arrived when
 * changes nothing.
 *
 * <p>Whatever can't be checked says so ⚠: a drug that the tables don't have, a part of a
 * combination, an allergy to a drug that nobody understands.
 */
final class Screening {
    /** The worst first, then in an order that nothing but the alerts decides. */
    static final Comparator<Alert> WORST_FIRST =
            Comparator.comparing(Alert::severity)
                    .thenComparing(Alert::kind)
                    .thenComparing(alert -> alert.drug().toLowerCase(Locale.ROOT))
                    .thenComparing(Alert::key);

    /** Of these, nothing is given any more. */
    static final Set<String> OVER = Set.of("cancelled", "completed", "refused");

    /**
     * Allergies that drugs can't touch: food, environment, pollen, animals, plants (table 0127).
     */
    private static final Set<String> NO_DRUG = Set.of("FA", "EA", "LA", "PA", "AA");

    /** Words of a combination's part that name no drug. */
    private static final Set<String> NO_DRUG_NAME =
            Set.of(
                    "tablet",
                    "tablets",
                    "capsule",
                    "capsules",
                    "dose",
                    "doses",
                    "puff",
                    "spray",
                    "hour",
                    "hours",
                    "vial",
                    "drop",
                    "drops",
                    "actuation",
                    "week",
                    "each",
                    "oral",
                    "inhaler",
                    "patch",
                    "film",
                    "syringe",
                    "packet",
                    "unit",
                    "units");

    /**
     * Something ordered that is not over.
     *
     * @param shown the drug as sent
     * @param missing parts of a combination that the tables don't have
     * @param maybe whether its name doesn't say that this is given
     * @param instead whether something else is given instead, as its RXE says
     */
    private record Ordered(
            String shown,
            String number,
            String clinician,
            @Nullable Instant at,
            Source source,
            Terms terms,
            List<String> missing,
            boolean maybe,
            boolean instead) {

        String id() {
            return source.partner() + "|" + number + "|" + shown;
        }
    }

    /** What an allergy says against an order; smaller is worse. */
    private record Match(Kind kind, Severity severity, String term, String text, String rule) {}

    private final UUID person;
    private final Tables tables;
    private final Map<String, Alert> alerts = new LinkedHashMap<>();

    private Screening(UUID person, Tables tables) {
        this.person = person;
        this.tables = tables;
    }

    /**
     * The alerts of one patient, the worst first; without tables, none.
     *
     * @param now orders that ended before are over
     */
    static List<Alert> of(
            UUID person,
            List<AllergyView> allergies,
            List<MedicationOrderView> medication,
            List<PlacedOrderView> orders,
            Tables tables,
            Instant now) {
        if (tables.isEmpty()) return List.of();
        return new Screening(person, tables).alerts(allergies, medication, orders, now);
    }

    private List<Alert> alerts(
            List<AllergyView> allergies,
            List<MedicationOrderView> medication,
            List<PlacedOrderView> orders,
            Instant now) {
        var active = new ArrayList<Ordered>();
        for (var one : medication)
            if (isActive(one, now) && !isScreened(one, medication, now)) medication(one, active);
        for (var one : orders) if (isActive(one) && !isScreened(one, orders)) contrast(one, active);
        if (active.isEmpty()) return List.of();
        active.sort(
                Comparator.comparing(Ordered::at, Comparator.nullsFirst(Comparator.naturalOrder()))
                        .thenComparing(Ordered::id));

        for (var order : active) unknown(order);
        for (var allergy : allergies) against(allergy, active);
        for (int i = 0; i < active.size(); i++)
            for (int j = i + 1; j < active.size(); j++) together(active.get(i), active.get(j));
        return alerts.values().stream().sorted(WORST_FIRST).toList();
    }

    static boolean isActive(MedicationOrderView order, Instant now) {
        return order.active() && !OVER.contains(order.state()) && !order.isOver(now);
    }

    static boolean isActive(PlacedOrderView order) {
        return order.active() && !OVER.contains(order.state()) && !order.state().equals("resulted");
    }

    // ------------------------------------------------------------ what is ordered

    /** The drug, each that is mixed into it, and what was asked for where RXE says another. */
    private void medication(MedicationOrderView view, List<Ordered> active) {
        var beside = view.supporting();
        var shown = shown(view.drug());
        var drug = ordered(view, shown, all(view.drug(), beside.alternates()), false);
        active.add(drug);
        for (var part : beside.components())
            if (!part.drug().isEmpty())
                active.add(
                        ordered(
                                view,
                                shown(part.drug().getFirst()) + ", in " + shown,
                                part.drug(),
                                false));
        if (beside.asked().isEmpty()) return;
        var asked = ordered(view, shown(beside.asked().getFirst()), beside.asked(), true);
        if (!drug.terms().all().containsAll(asked.terms().named())) active.add(asked);
    }

    private static List<CodingView> all(CodingView own, List<CodingView> others) {
        var all = new ArrayList<CodingView>();
        all.add(own);
        all.addAll(others);
        return all;
    }

    private Ordered ordered(
            MedicationOrderView view, String shown, List<CodingView> codings, boolean instead) {
        var terms = tables.drug(codings);
        var missing = new ArrayList<String>();
        if (!terms.isEmpty()) {
            var parts = Tables.parts(codings.getFirst().text());
            if (parts.size() > 1)
                for (var part : parts)
                    if (isDrugName(part) && !tables.names(part)) missing.add(part);
        }
        return new Ordered(
                shown,
                number(view.placerNumber(), view.fillerNumber()),
                view.clinician(),
                view.ordered() != null ? view.ordered() : view.source().saidAt(),
                view.source(),
                terms,
                missing,
                false,
                instead);
    }

    private static boolean isDrugName(String part) {
        for (var word : part.toLowerCase(Locale.ROOT).split("[^\\p{L}]+", -1))
            if (word.length() >= 4 && !NO_DRUG_NAME.contains(word)) return true;
        return false;
    }

    private void contrast(PlacedOrderView view, List<Ordered> active) {
        var contrast = ContrastOfOrder.of(view);
        for (var agent : contrast.agents())
            active.add(
                    new Ordered(
                            shown(view.service()),
                            number(view.placerNumber(), view.fillerNumber()),
                            view.clinician(),
                            view.ordered() != null ? view.ordered() : view.source().saidAt(),
                            view.source(),
                            tables.ofClass(agent),
                            List.of(),
                            !contrast.said(),
                            false));
    }

    /** Whether it answers an order that is screened itself, and brings no other contrast ⚠. */
    private static boolean isScreened(PlacedOrderView answer, List<PlacedOrderView> orders) {
        if (!PlacedOrderView.isAnswer(answer.control())) return false;
        var contrast = ContrastOfOrder.of(answer);
        return orders.stream()
                .anyMatch(
                        one ->
                                answer.answers(one)
                                        && isActive(one)
                                        && (!contrast.said()
                                                || ContrastOfOrder.of(one)
                                                        .agents()
                                                        .containsAll(contrast.agents())));
    }

    /**
     * Whether it answers an order of medication that is screened itself, and brings no other drug
     * ⚠: a pharmacy that says what it was asked for orders nothing.
     */
    private boolean isScreened(
            MedicationOrderView answer, List<MedicationOrderView> orders, Instant now) {
        if (!PlacedOrderView.isAnswer(answer.control())) return false;
        var drugs = drugs(answer);
        return orders.stream()
                .filter(one -> !PlacedOrderView.isAnswer(one.control()) && isActive(one, now))
                .filter(one -> !one.source().partner().equals(answer.source().partner()))
                .filter(one -> OneNumber.isOne(answer.placerNumber(), one.placerNumber()))
                .anyMatch(one -> drugs(one).containsAll(drugs));
    }

    /** What it is, what is mixed into it and what was asked for, in the words of the tables. */
    private Set<String> drugs(MedicationOrderView view) {
        var drugs = new HashSet<>(drugs(all(view.drug(), view.supporting().alternates())));
        for (var part : view.supporting().components())
            if (!part.drug().isEmpty()) drugs.addAll(drugs(part.drug()));
        if (!view.supporting().asked().isEmpty()) drugs.addAll(drugs(view.supporting().asked()));
        return drugs;
    }

    /** A drug that the tables don't have is itself only. */
    private Set<String> drugs(List<CodingView> codings) {
        var terms = tables.drug(codings);
        return terms.isEmpty()
                ? Set.of(shown(codings.getFirst()).toLowerCase(Locale.ROOT))
                : terms.named();
    }

    static String number(String placer, String filler) {
        return placer.isEmpty() ? filler : placer;
    }

    private static String shown(CodingView coding) {
        return coding.text().isEmpty() ? coding.code() : coding.text();
    }

    // ------------------------------------------------------------ what nobody knows

    private void unknown(Ordered order) {
        if (order.terms().isEmpty() && !order.maybe())
            add(
                    order,
                    Kind.NOT_SCREENED,
                    Severity.MODERATE,
                    "",
                    "",
                    "The tables don't have this drug: nothing was checked, neither allergies nor"
                            + " other drugs.",
                    "",
                    null);
        for (var part : order.missing())
            add(
                    order,
                    Kind.NOT_SCREENED,
                    Severity.MODERATE,
                    part,
                    part,
                    "The tables don't have this part of it: only the rest was checked.",
                    "",
                    null);
    }

    /**
     * Said only where it would matter: most that may be done with contrast conflicts with nothing.
     */
    private void untold(Ordered order, String term, String cause, String text, Source because) {
        add(
                order,
                Kind.NOT_SCREENED,
                Severity.MODERATE,
                "contrast|" + term,
                cause,
                "The name of the service doesn't say whether contrast is given. If it is: " + text,
                "",
                because);
    }

    // ------------------------------------------------------------ allergies

    private void against(AllergyView allergy, List<Ordered> active) {
        if (!allergy.counts()) return;
        var terms = tables.allergy(all(allergy.substance(), allergy.alternates()));
        if (terms.isEmpty()) {
            if (!NO_DRUG.contains(allergy.category())) notUnderstood(allergy);
            return;
        }
        for (var order : active) {
            var worst = match(terms, order);
            if (worst == null) continue;
            if (order.maybe()) {
                untold(
                        order,
                        worst.term(),
                        shown(allergy.substance()),
                        worst.text(),
                        allergy.source());
                continue;
            }
            boolean severe = allergy.severity().equals("SV") && worst.kind() == Kind.CROSS_REACTION;
            add(
                    order,
                    worst.kind(),
                    severe ? worst.severity().raised() : worst.severity(),
                    worst.term(),
                    shown(allergy.substance()),
                    worst.text(),
                    worst.rule(),
                    allergy.source());
        }
    }

    private void notUnderstood(AllergyView allergy) {
        var shown = shown(allergy.substance());
        var about =
                new Ordered(
                        shown,
                        "",
                        "",
                        null,
                        allergy.source(),
                        new Terms(Set.of(), Set.of()),
                        List.of(),
                        false,
                        false);
        add(
                about,
                Kind.NOT_SCREENED,
                Severity.LOW,
                "allergy",
                "",
                "The tables don't have this allergy: no order was checked against it.",
                "",
                null);
    }

    private @Nullable Match match(Terms allergy, Ordered order) {
        var drug = order.terms();
        // The same substance, or one of the class that the allergy names.
        for (var term : allergy.named().stream().sorted().toList())
            if (drug.all().contains(term))
                return new Match(
                        Kind.ALLERGY,
                        Severity.HIGH,
                        term,
                        "Allergy to what is ordered: " + term + ".",
                        "");
        Match worst = null;
        for (var shared : tables.shared(allergy, drug))
            worst =
                    new Match(
                            Kind.CROSS_REACTION,
                            shared.within().getFirst(),
                            shared.name(),
                            "Both are " + shared.name() + ".",
                            shared.rule());
        for (var pair : tables.crossReactions()) {
            if (!allergy.all().contains(pair.one()) || !drug.all().contains(pair.other())) continue;
            if (worst == null || pair.severity().compareTo(worst.severity()) < 0)
                worst =
                        new Match(
                                Kind.CROSS_REACTION,
                                pair.severity(),
                                pair.one() + ">" + pair.other(),
                                pair.text() + ".",
                                pair.rule());
        }
        return worst;
    }

    // ------------------------------------------------------------ two together

    private void together(Ordered earlier, Ordered later) {
        if (earlier.terms().isEmpty() || later.terms().isEmpty()) return;
        if ((earlier.instead() || later.instead()) && earlier.source().equals(later.source()))
            return;
        for (var pair : tables.interactions()) {
            if (!meets(pair, earlier, later) && !meets(pair, later, earlier)) continue;
            if (earlier.maybe() || later.maybe()) {
                untold(
                        later,
                        pair.one() + "+" + pair.other() + "|" + earlier.id(),
                        earlier.shown(),
                        pair.text() + ".",
                        earlier.source());
                continue;
            }
            add(
                    later,
                    Kind.INTERACTION,
                    pair.severity(),
                    pair.one() + "+" + pair.other() + "|" + earlier.id(),
                    earlier.shown(),
                    pair.text() + ".",
                    pair.rule(),
                    earlier.source());
        }
    }

    private static boolean meets(Pair pair, Ordered first, Ordered second) {
        return first.terms().all().contains(pair.one())
                && second.terms().all().contains(pair.other());
    }

    // ------------------------------------------------------------ alerts

    /**
     * @param term what of the cause the key depends on, so that a second list with the same allergy
     *     is the same alert
     */
    private void add(
            Ordered order,
            Kind kind,
            Severity severity,
            String term,
            String cause,
            String text,
            String rule,
            @Nullable Source because) {
        var key =
                hash(
                        String.join(
                                "\n",
                                person.toString(),
                                kind.word(),
                                severity.word(),
                                order.id(),
                                term));
        var known = alerts.get(key);
        var sources = new ArrayList<Source>(known == null ? List.of() : known.because());
        if (because != null && !sources.contains(because)) sources.add(because);
        sources.sort(
                Comparator.comparing(Source::partner)
                        .thenComparing(Source::path)
                        .thenComparingLong(Source::entryId));
        alerts.put(
                key,
                new Alert(
                        key,
                        kind,
                        severity,
                        person,
                        order.shown(),
                        known == null || cause.compareTo(known.cause()) < 0 ? cause : known.cause(),
                        text,
                        rule,
                        order.number(),
                        order.clinician(),
                        order.source(),
                        sources));
    }

    private static String hash(String text) {
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
