package org.chartbridge.cli;

import org.chartbridge.chart.ChartInRehearsal;
import org.chartbridge.chart.ChartInRehearsal.Order;
import org.chartbridge.chart.NumberedAllergies;
import org.chartbridge.delivery.Chosen;
import org.chartbridge.delivery.Outboxes.Made;
import org.chartbridge.delivery.OwnExchange;
import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Hl7Time;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.intake.Arrival;
import org.chartbridge.intake.PartsInRehearsal;
import org.chartbridge.intake.Rehearsal;
import org.chartbridge.intake.Rehearsal.Played;
import org.chartbridge.mapping.Explained;
import org.chartbridge.partner.Partner;
import org.chartbridge.routes.Rehearsing;
import org.chartbridge.routes.Rehearsing.Taker;
import org.jspecify.annotations.Nullable;

import java.nio.charset.Charset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What became of one message of a test, in the words of its expected file.
 *
 * @param message MSH-10
 * @param route empty where nobody takes it, with the reason in {@code why}
 * @param answer such as {@code AA} or {@code CA, then AE}
 * @param orders how the orders of its patients stand afterwards; none where none is known
 * @param chart facts by what they are and where they stand, their attributes by name
 */
record PlayedMessage(
        String message,
        String route,
        String why,
        String answer,
        String becomes,
        List<String> errors,
        List<String> remarks,
        Map<String, Map<String, String>> chart,
        List<String> orders,
        List<Outgoing> outgoing) {

    /** An attribute that the message deletes. */
    static final String DELETED = "(deleted)";

    /** How the place ends at which it stands why a delivery goes where it goes. */
    static final String CHOSEN = ", chosen";

    /** What a file says of its times is believed whenever its test runs. */
    private static final Instant RECEIVED = Instant.parse("9999-01-01T00:00:00Z");

    /** What a message says of itself would stand at every fact. */
    private static final Set<String> SAID_ELSEWHERE = Set.of("said.controlId", "said.message");

    /**
     * One delivery.
     *
     * @param waits why it does not leave by itself; empty where it does
     * @param chosen why it goes there: of each order or referral, with the row and its line
     * @param fails why nothing can be sent; empty where something can
     * @param message what its route sends, a segment a line
     */
    record Outgoing(String to, String waits, List<String> chosen, String fails, String message) {
        Outgoing {
            chosen = List.copyOf(chosen);
        }

        /** The destination only. */
        @Override
        public String toString() {
            return "Outgoing[" + to + "]";
        }
    }

    /** The number only: the rest is about a patient. */
    @Override
    public String toString() {
        return "PlayedMessage[" + message + "]";
    }

    /**
     * What would become of a message that arrives at one of a partner's ports.
     *
     * @param others whether it may be another partner's, such as the answer to an order
     */
    static PlayedMessage play(
            String partner,
            byte[] raw,
            Rehearsing routes,
            Rehearsal rehearsal,
            ChartInRehearsal chart,
            PartsInRehearsal parts,
            boolean others) {
        var id = Header.read(raw).map(Header::controlId).orElse("");
        var taker = routes.taker(partner, raw);
        if (taker instanceof Taker.Nobody && others && routes.another(raw) instanceof Taker.By by)
            taker = by;
        return switch (taker) {
            case Taker.Nobody(var why) ->
                    new PlayedMessage(
                            id, "", why, "AR", "refused", List.of(), List.of(), Map.of(), List.of(),
                            List.of());
            case Taker.By(var settings, var route) -> {
                var arrival = new Arrival(settings, route, "test", RECEIVED, raw);
                var played = rehearsal.play(arrival, chart, parts);
                var became = of(id, arrival, played, routes);
                routes.orders()
                        .remember(played.deliveries(), played.holds(), saidAt(settings, raw), raw);
                yield became;
            }
        };
    }

    /** MSH-7; null where it is none. */
    private static @Nullable Instant saidAt(Partner settings, byte[] raw) {
        var sent = Header.read(raw).map(Header::messageTime).orElse("");
        return Hl7Time.parse(sent) instanceof Hl7Time.Parsed.Known(var time)
                ? time.instant(settings.zone(), null)
                : null;
    }

    /** The same of a message that was joined of parts: its parts were answered. */
    PlayedMessage joined() {
        return new PlayedMessage(
                message,
                route,
                why,
                "nothing, joined of its parts",
                becomes,
                errors,
                remarks,
                chart,
                orders,
                outgoing);
    }

    private static PlayedMessage of(String id, Arrival arrival, Played played, Rehearsing routes) {
        var outgoing = new ArrayList<Outgoing>();
        for (var delivery : played.deliveries()) {
            var body = delivery.body();
            outgoing.add(
                    outgoing(
                            delivery,
                            played.holds() ? "held-by-screening" : "",
                            sent(routes, delivery.destination(), body, arrival),
                            arrival.partner().charset()));
        }
        var answer =
                played.answers().stream().map(Enum::name).collect(Collectors.joining(", then "));
        return new PlayedMessage(
                id,
                arrival.route(),
                "",
                answer.isEmpty() ? "nothing" : answer,
                played.state().word(),
                played.told().stream().map(PlayedMessage::shown).toList(),
                played.remarks().stream().map(PlayedMessage::shown).toList(),
                facts(played.facts(), played.stays()),
                played.orders().stream().map(PlayedMessage::shown).toList(),
                List.copyOf(outgoing));
    }

    private static Made sent(
            Rehearsing routes, String destination, byte @Nullable [] body, Arrival arrival) {
        var sender = arrival.partner().folder();
        return body == null
                ? OwnExchange.made(arrival.raw(), its -> routes.sent(destination, its, sender))
                : routes.sent(destination, body, sender);
    }

    private static String shown(Order order) {
        return (order.number() + " " + order.test()).strip() + ": " + order.state();
    }

    private static String shown(Fault fault) {
        return (fault.location() == null ? "" : fault.location() + " ") + fault.reason();
    }

    /**
     * @param stays what reports leave empty and stays said, by their path
     */
    private static Map<String, Map<String, String>> facts(
            List<Explained> facts, Map<String, String> stays) {
        var chart = new LinkedHashMap<String, Map<String, String>>();
        var seen = new HashMap<String, Integer>();
        for (var fact : facts) {
            if (isMark(fact)) continue;
            var name = fact.kind() + " " + fact.path();
            int number = seen.merge(name, 1, Integer::sum);
            var attributes = new LinkedHashMap<String, String>();
            for (var attribute : fact.attributes()) {
                if (SAID_ELSEWHERE.contains(attribute.name())) continue;
                if (attribute.value().equals("false")) continue;
                attributes.put(
                        attribute.name(),
                        attribute.value().isEmpty() ? DELETED : attribute.value());
            }
            var kept = stays.get(fact.path());
            if (kept != null && fact.kind().equals("Report")) attributes.put("stays", kept);
            chart.put(number == 1 ? name : name + " (" + number + ")", attributes);
        }
        return chart;
    }

    /** Stands in a list for what its sender numbers, and is never shown. */
    private static boolean isMark(Explained fact) {
        return fact.attributes().stream()
                .anyMatch(one -> one.name().equals("key") && NumberedAllergies.isMark(one.value()));
    }

    private static Outgoing outgoing(
            StagedDelivery delivery, String waits, Made made, Charset charset) {
        var to = delivery.destination();
        var chosen = delivery.chosen().stream().map(PlayedMessage::shown).toList();
        return switch (made) {
            case Made.Failed(var why, _) -> new Outgoing(to, waits, chosen, why, "");
            case Made.Ready(_, var content) ->
                    new Outgoing(to, waits, chosen, "", text(content, charset));
        };
    }

    private static String shown(Chosen one) {
        return (one.number() + " " + one.what()).strip() + ": " + one.shown();
    }

    private static String text(byte[] content, Charset charset) {
        return switch (Message.read(content, charset)) {
            case Reading.Readable(var message) ->
                    message.lines().stream()
                            .map(message::text)
                            .map(line -> line.replace("\n", "\\.br\\"))
                            .collect(Collectors.joining("\n"));
            case Reading.Unreadable _ -> new String(content, charset).replace('\r', '\n');
        };
    }

    // ------------------------------------------------------------ for comparing

    /** Everything by its place, for people, such as {@code chart, Observation OBX[1], status}. */
    Map<String, String> places() {
        var places = new LinkedHashMap<String, String>();
        places.put("message", message);
        places.put("route", route.isEmpty() ? "nobody takes it: " + why : route);
        places.put("answer", answer);
        places.put("becomes", becomes);
        places.put("errors", String.join(", ", errors));
        places.put("remarks", String.join(", ", remarks));
        chart.forEach((fact, attributes) -> put(places, "chart, " + fact, attributes));
        if (!orders.isEmpty()) places.put("orders", String.join("; ", orders));
        int number = 0;
        for (var one : outgoing) {
            var name = "outgoing, " + ++number;
            places.put(name + ", to", one.to());
            if (!one.waits().isEmpty()) places.put(name + ", waits", one.waits());
            if (!one.chosen().isEmpty()) places.put(name + CHOSEN, String.join("; ", one.chosen()));
            if (!one.fails().isEmpty()) places.put(name + ", fails", one.fails());
            put(places, name, fields(one.message()));
        }
        return places;
    }

    private static void put(Map<String, String> places, String name, Map<String, String> values) {
        if (values.isEmpty()) places.put(name, "");
        values.forEach((key, value) -> places.put(name + ", " + key, value));
    }

    /** The fields of a message, as they are sent, by their paths; empty ones are none. */
    static Map<String, String> fields(String message) {
        var fields = new LinkedHashMap<String, String>();
        if (message.length() < 4) return fields;
        var separator = String.valueOf(message.charAt(3));
        var names = new ArrayList<String>();
        var seen = new HashMap<String, Integer>();
        for (var line : message.split("\n", -1)) {
            if (line.isEmpty()) continue;
            var parts = line.split(java.util.regex.Pattern.quote(separator), -1);
            names.add(parts[0]);
            int shift = parts[0].equals("MSH") ? 1 : 0;
            int number = seen.merge(parts[0], 1, Integer::sum);
            for (int i = 1; i < parts.length; i++)
                if (!parts[i].isEmpty())
                    fields.put(parts[0] + "[" + number + "]-" + (i + shift), parts[i]);
        }
        fields.put("segments", String.join(" ", names));
        return fields;
    }
}
