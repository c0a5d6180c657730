package org.chartbridge.console;

import org.chartbridge.journal.EntryState;
import org.chartbridge.journal.JournalFilter;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * What the messages page is asked for, as it stands in the address. What can't be read counts as
 * not given.
 *
 * @param when {@code hour}, {@code today}, {@code week} or empty
 * @param from {@code yyyy-MM-ddTHH:mm} in the zone of the pages
 * @param reason how the code of a reason begins
 * @param patient a person
 */
record MessageSearch(
        String when,
        String from,
        String until,
        String partner,
        String type,
        String state,
        String control,
        String reason,
        String patient) {
    static final int MAX_LENGTH = 250;

    MessageSearch {
        when = clean(when);
        from = clean(from);
        until = clean(until);
        partner = clean(partner);
        type = clean(type);
        state = clean(state).toLowerCase(Locale.ROOT);
        control = clean(control);
        reason = clean(reason).toLowerCase(Locale.ROOT);
        patient = clean(patient);
    }

    private static String clean(@Nullable String text) {
        return text == null || text.length() > MAX_LENGTH ? "" : text.strip().replace("\0", "");
    }

    /**
     * As the journal takes it.
     *
     * @param records those of the patient; null when none is asked for
     */
    JournalFilter filter(ZoneId zone, @Nullable List<Long> records) {
        return new JournalFilter(
                start(zone),
                time(until, zone),
                partner,
                type,
                stateOrNull(),
                control,
                reason,
                records);
    }

    @Nullable EntryState stateOrNull() {
        for (var known : EntryState.values()) if (known.word().equals(state)) return known;
        return null;
    }

    public @Nullable UUID patientOrNull() {
        try {
            return patient.isEmpty() ? null : UUID.fromString(patient);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    public boolean isEmpty() {
        return (when + from + until + partner + type + state + control + reason + patient)
                .isEmpty();
    }

    private @Nullable Instant start(ZoneId zone) {
        var now = Instant.now();
        return switch (when) {
            case "hour" -> now.minusSeconds(3_600);
            case "today" -> LocalDate.now(zone).atStartOfDay(zone).toInstant();
            case "week" -> LocalDate.now(zone).minusDays(6).atStartOfDay(zone).toInstant();
            default -> time(from, zone);
        };
    }

    private static @Nullable Instant time(String text, ZoneId zone) {
        if (text.isEmpty()) return null;
        try {
            var local =
                    text.length() == 10
                            ? LocalDate.parse(text).atTime(LocalTime.MIN)
                            : LocalDateTime.parse(text);
            return local.atZone(zone).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The same page with another state; an empty one for all. */
    public String withState(String other) {
        return address(
                "/messages",
                new MessageSearch(
                        when, from, until, partner, type, other, control, reason, patient),
                "",
                0);
    }

    public String newest() {
        return address("/messages", this, "", 0);
    }

    public String below(long id) {
        return address("/messages", this, "below", id);
    }

    public String above(long id) {
        return address("/messages", this, "above", id);
    }

    public String csv() {
        return address("/messages.csv", this, "", 0);
    }

    public String withoutPatient() {
        return address(
                "/messages",
                new MessageSearch(when, from, until, partner, type, state, control, reason, ""),
                "",
                0);
    }

    private static String address(String page, MessageSearch search, String place, long id) {
        var address = UriComponentsBuilder.fromPath(page);
        add(address, "when", search.when);
        add(address, "from", search.from);
        add(address, "until", search.until);
        add(address, "partner", search.partner);
        add(address, "type", search.type);
        add(address, "state", search.state);
        add(address, "control", search.control);
        add(address, "reason", search.reason);
        add(address, "patient", search.patient);
        if (!place.isEmpty()) address.queryParam(place, id);
        return address.encode(StandardCharsets.UTF_8).build().toUriString();
    }

    private static void add(UriComponentsBuilder address, String name, String value) {
        // As a variable, so that every character with a meaning in addresses is escaped.
        if (!value.isEmpty())
            address.queryParam(name, java.net.URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
}
