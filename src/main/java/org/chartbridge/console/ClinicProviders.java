package org.chartbridge.console;

import org.chartbridge.chart.ProviderName;
import org.chartbridge.chart.WithoutOrderer;
import org.chartbridge.chart.WithoutOrderer.Listed;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.journal.JournalSearch;
import org.chartbridge.partner.Clinician;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.RoutesOverview;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who is at the clinic, by the {@code clinic-providers.csv} of all folders that have one, and
 * whether a result reaches one of them. Copies are in no chart: they are read from the bytes of the
 * few results whose orderer is not on the list (OBR-16, OBR-28, ORC-12, PV1-7, 8, 9, 17, PRT-5;
 * HL7-RULES §4).
 */
@Component
class ClinicProviders {
    private static final List<Integer> VISIT_FIELDS = List.of(7, 8, 9, 17);
    private static final int ALL = 50;

    private final ObjectProvider<RoutesOverview> routes;
    private final JournalSearch journal;

    ClinicProviders(ObjectProvider<RoutesOverview> routes, JournalSearch journal) {
        this.routes = routes;
        this.journal = journal;
    }

    /** One of the list, and in which zone its days are meant. */
    private record Own(Clinician clinician, ZoneId zone) {
        Listed listed() {
            return new Listed(
                    clinician.number(),
                    clinician.authority(),
                    start(clinician.from(), 0),
                    start(clinician.to(), 1));
        }

        private @Nullable Instant start(@Nullable LocalDate day, int daysAfter) {
            return day == null ? null : day.plusDays(daysAfter).atStartOfDay(zone).toInstant();
        }
    }

    /** The list as it is now; empty when there is none. */
    List<Listed> listed() {
        return all().stream().map(Own::listed).toList();
    }

    private List<Own> all() {
        var all = new ArrayList<Own>();
        for (var partner : partners())
            for (var one : partner.ownProviders()) all.add(new Own(one, partner.zone()));
        return all;
    }

    private List<Partner> partners() {
        var overview = routes.getIfAvailable();
        return overview == null
                ? List.of()
                : overview.partners().stream().map(RoutesOverview.PartnerState::partner).toList();
    }

    /** Whether its message names somebody of the list: as a further orderer, or for a copy. */
    boolean reaches(WithoutOrderer.Row row, List<Listed> list) {
        if (list.isEmpty()) return false;
        var raw = journal.raw(row.entryId());
        if (raw.isEmpty()) return false;
        var charset =
                partners().stream()
                        .filter(partner -> partner.folder().equals(row.partner()))
                        .map(Partner::charset)
                        .findFirst()
                        .orElse(StandardCharsets.UTF_8);
        return Message.read(raw.get(), charset) instanceof Reading.Readable(var message)
                && named(message, row).stream()
                        .anyMatch(
                                name ->
                                        list.stream()
                                                .anyMatch(
                                                        one ->
                                                                one.isMeant(
                                                                        name,
                                                                        row.partner(),
                                                                        row.since())));
    }

    /** Everybody who is named with the OBR, its ORC, or for the whole message. */
    static List<ProviderName> named(Message message, WithoutOrderer.Row row) {
        var names = new ArrayList<ProviderName>();
        int request = Math.max(1, Location.parse(row.path()).sequence());
        int seen = 0;
        @Nullable Line order = null;
        for (var line : message.lines()) {
            switch (line.segment()) {
                case "OBR" -> {
                    seen++;
                    if (seen != request) continue;
                    if (order != null) read(message, order, 12, row.partner(), names);
                    read(message, line, 16, row.partner(), names);
                    read(message, line, 28, row.partner(), names);
                }
                case "ORC" -> order = line;
                case "PV1" -> {
                    for (int field : VISIT_FIELDS) read(message, line, field, row.partner(), names);
                }
                case "PRT" -> {
                    if (seen == 0 || seen == request) read(message, line, 5, row.partner(), names);
                }
                default -> {}
            }
        }
        return names;
    }

    private static void read(
            Message message, Line line, int field, String partner, List<ProviderName> into) {
        int repetitions = Math.min(ALL, message.repetitions(line, field));
        for (int i = 1; i <= repetitions; i++) {
            var number = message.value(line, field, i, 1, 1);
            if (number.isEmpty()) continue;
            var authority = message.value(line, field, i, 9, 1);
            if (authority.isEmpty()) authority = message.value(line, field, i, 9, 2);
            into.add(new ProviderName(authority.isEmpty() ? partner : authority, number, "", ""));
        }
    }

    /** Why it reaches nobody, in a sentence. */
    String why(@Nullable ProviderName named, WithoutOrderer.Row row, List<Listed> list) {
        if (named == null) return "Names nobody who ordered it.";
        var who = inWords(named);
        if (named.number().isEmpty())
            return "Names " + who + " without a number; the clinic's list is by numbers.";
        boolean wasOnce =
                list.stream()
                        .anyMatch(
                                one ->
                                        new Listed(one.number(), one.authority(), null, null)
                                                .isMeant(named, row.partner(), row.since()));
        return wasOnce
                ? "Names " + who + ", who was not at the clinic when it came."
                : "Names " + who + ", who is not on the clinic's list.";
    }

    private static String inWords(ProviderName named) {
        var name = (named.family() + ", " + named.given()).replaceAll("^, |, $", "");
        var number = named.number().isEmpty() ? "" : named.number() + " of " + named.authority();
        if (name.isEmpty()) return number;
        return number.isEmpty() ? name : name + " (" + number + ")";
    }

    /** Whoever of the list has this name; empty when nobody has or several do. */
    Optional<String> perhaps(@Nullable ProviderName named) {
        if (named == null || named.family().isEmpty() || named.given().isEmpty())
            return Optional.empty();
        var alike =
                all().stream()
                        .map(Own::clinician)
                        .filter(
                                one ->
                                        one.family().equalsIgnoreCase(named.family())
                                                && one.given().equalsIgnoreCase(named.given()))
                        .toList();
        if (alike.size() != 1) return Optional.empty();
        var one = alike.getFirst();
        return Optional.of(
                inWords(
                        new ProviderName(
                                one.authority().isEmpty() ? "any sender" : one.authority(),
                                one.number(),
                                one.family(),
                                one.given())));
    }
}
