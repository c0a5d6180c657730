package org.chartbridge.routes;

import org.chartbridge.delivery.DeliveryLimits;
import org.chartbridge.delivery.Endpoint;
import org.chartbridge.ordering.Ordering;
import org.chartbridge.partner.Nearest;
import org.chartbridge.partner.OwnNumber;
import org.chartbridge.partner.Yaml;
import org.chartbridge.partner.Yaml.Mapping;
import org.chartbridge.partner.Yaml.Scalar;
import org.jspecify.annotations.Nullable;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads where a route begins: {@code mllp:address:port}, {@code https:address:port/path}, {@code
 * sftp://host/folder}, {@code file:/folder}, {@code fhir}, {@code answers} or {@code
 * outbox:partner/queue}.
 */
final class RouteSource {
    static final String OUTBOX = "outbox:";

    private static final List<String> SCHEMES =
            List.of("mllp", "file", "fhir", "answers", "sftp", "http", "https");

    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]{1,100}){1,10}");

    private static final Pattern TYPE = Pattern.compile("[A-Z][A-Z0-9]{2}");

    private final RouteYaml yaml;

    RouteSource(RouteYaml yaml) {
        this.yaml = yaml;
    }

    /**
     * A receiving route.
     *
     * @param types MSH-9.1 of what it takes; empty for all
     */
    record Listening(Door door, List<String> types) {}

    /** A route of deliveries. */
    record Outbox(String destination, int window, @Nullable OwnNumber patientId) {}

    /** Where a receiving route begins; null, with a fault told, when that can't be. */
    @Nullable Listening listening(Scalar uri, @Nullable Yaml parameters) {
        var filled = yaml.filled(uri);
        if (filled == null) return null;
        var scheme = filled.contains(":") ? filled.substring(0, filled.indexOf(':')) : filled;
        if (!SCHEMES.contains(scheme)) {
            yaml.fault(
                    uri,
                    "a receiving route can't begin with \"" + scheme + "\"",
                    "wanted mllp:address:port, for example mllp:127.0.0.1:2575,"
                            + " https:address:port/path, file:/folder, sftp://host/folder, fhir or"
                            + " answers;"
                            + " deliveries begin with outbox:"
                            + yaml.partner()
                            + "/…");
            return null;
        }
        var question = filled.indexOf('?');
        // A file that is half written may end before the colon.
        var where = question < 0 ? filled : filled.substring(0, question);
        where = where.replaceFirst("^(mllp|file|fhir|answers|https?):?", "");
        var door =
                switch (scheme) {
                    case "mllp" -> port(uri, where);
                    case "file" -> folder(uri, where);
                    case "sftp" -> sftp(uri, question < 0 ? filled : filled.substring(0, question));
                    case "fhir" -> alone(uri, scheme, where, new Door.PlacedHere());
                    case "answers" -> alone(uri, scheme, where, new Door.Answered(yaml.partner()));
                    default -> web(uri, scheme, where);
                };
        if (door == null) return null;
        var types = new ArrayList<String>();
        if (question >= 0) {
            for (var option : List.of(filled.substring(question + 1).split("&", -1))) {
                var equals = option.indexOf('=');
                option(
                        uri,
                        equals < 0 ? option : option.substring(0, equals),
                        equals < 0 ? "" : option.substring(equals + 1),
                        types);
            }
        }
        if (parameters instanceof Mapping mapping) {
            for (var entry : mapping.entries()) {
                option(
                        entry.key(),
                        entry.key().text(),
                        entry.value() instanceof Scalar value ? value.text() : entry.value().kind(),
                        types);
            }
        } else if (parameters != null) {
            yaml.fault(parameters, "parameters: got " + parameters.kind(), "write  types: ORU,MDM");
        }
        return new Listening(door, types);
    }

    private @Nullable Door port(Scalar uri, String where) {
        var address = Address.parse(where.startsWith("//") ? where.substring(2) : where);
        if (address == null)
            yaml.fault(
                    uri,
                    "\"" + where + "\" is no address and port",
                    "wanted mllp:127.0.0.1:2575, with a port from 1 to 65535");
        return address;
    }

    private @Nullable Door web(Scalar uri, String scheme, String where) {
        var whole = where.startsWith("//") ? where.substring(2) : where;
        var slash = whole.indexOf('/');
        var address = slash < 0 ? null : Address.parse(whole.substring(0, slash));
        if (address != null && PATH.matcher(whole.substring(slash)).matches())
            return new Door.Web(scheme.equals("https"), address, whole.substring(slash));
        yaml.fault(
                uri,
                "\"" + where + "\" is no address, port and path",
                "wanted for example https:0.0.0.0:8443/hl7/"
                        + yaml.partner()
                        + ", with a port from 1 to 65535");
        return null;
    }

    private @Nullable Door sftp(Scalar uri, String whole) {
        try {
            if (Endpoint.parse(whole) instanceof Endpoint.Sftp its) return new Door.Sftp(its);
        } catch (IllegalArgumentException _) {
            // Said below, without what it is: a password may stand in it.
        }
        yaml.fault(
                uri,
                "no folder of an SFTP host",
                "wanted sftp://host/folder or sftp://host:port/folder; user and password belong in"
                        + " login of partner.yaml");
        return null;
    }

    private @Nullable Door folder(Scalar uri, String where) {
        try {
            var path = Path.of(where.replaceFirst("^//(?=/)", ""));
            if (path.isAbsolute() && path.equals(path.normalize())) return new Door.Folder(path);
        } catch (InvalidPathException _) {
            // Said below.
        }
        yaml.fault(
                uri,
                "\"" + where + "\" is no folder",
                "wanted file: and a whole path without .., for example file:/srv/lab/results");
        return null;
    }

    private @Nullable Door alone(Scalar uri, String word, String where, Door door) {
        if (where.isEmpty()) return door;
        yaml.fault(
                uri,
                word + " is followed by nothing, got \"" + where + "\"",
                "write  uri: " + word);
        return null;
    }

    private void option(Yaml at, String name, String value, List<String> types) {
        if (!name.equals("types")) {
            yaml.fault(
                    at,
                    "a receiving route has no option \"" + name + "\"",
                    Nearest.hint(name, List.of("types")));
            return;
        }
        if (!types.isEmpty()) yaml.fault(at, "types stands twice", "keep one");
        for (var type : List.of(value.split(",", -1))) {
            var code = type.strip();
            if (!TYPE.matcher(code).matches()
                    || types.contains(code)
                    || types.size() == RouteFile.MAX_TYPES) {
                yaml.fault(
                        at,
                        "types: \"" + code + "\" is no message type, or stands twice",
                        "wanted MSH-9.1 values with commas between, for example types=ORU,MDM");
                return;
            }
            types.add(code);
        }
    }

    /** Where an outbox route begins; null, with a fault told, when that can't be. */
    @Nullable Outbox outbox(Scalar uri, Mapping source) {
        var text = uri.text().substring(OUTBOX.length());
        var question = text.indexOf('?');
        var destination = question < 0 ? text : text.substring(0, question);
        if (!RouteFile.DESTINATION.matcher(destination).matches()
                || !destination.startsWith(yaml.partner() + "/")) {
            yaml.fault(
                    uri,
                    "\"" + destination + "\" is no destination of this partner",
                    "wanted outbox:"
                            + yaml.partner()
                            + "/ and a word, for example outbox:"
                            + yaml.partner()
                            + "/orders");
            return null;
        }
        if (destination.equals(Ordering.toPlace(yaml.partner()))) {
            yaml.fault(
                    uri,
                    destination + " is where orders and referrals wait for a person",
                    "choose another word, for example outbox:" + yaml.partner() + "/orders");
            return null;
        }
        var options = new LinkedHashMap<String, String>();
        if (question >= 0) {
            for (var option : List.of(text.substring(question + 1).split("&", -1))) {
                var equals = option.indexOf('=');
                option(
                        uri,
                        equals < 0 ? option : option.substring(0, equals),
                        equals < 0 ? "" : option.substring(equals + 1),
                        options);
            }
        }
        var parameters = source.get("parameters");
        if (parameters instanceof Mapping mapping) {
            for (var entry : mapping.entries())
                option(
                        entry.key(),
                        entry.key().text(),
                        entry.value() instanceof Scalar value ? value.text() : entry.value().kind(),
                        options);
        } else if (parameters != null) {
            yaml.fault(parameters, "parameters: got " + parameters.kind(), "write  window: 16");
        }
        return new Outbox(
                destination,
                Integer.parseInt(options.getOrDefault("window", "1")),
                ownNumber(uri, options));
    }

    private static final List<String> OUTBOX_OPTIONS =
            List.of("window", "patient-id", "patient-id-type", "sent-ids");

    private static final Pattern AUTHORITY = Pattern.compile("[^\\p{Cntrl}|^~\\\\&\"]{1,100}");
    private static final Pattern ID_TYPE = Pattern.compile("[A-Za-z0-9]{1,10}");

    private void option(Yaml at, String name, String value, Map<String, String> options) {
        if (options.containsKey(name)) {
            yaml.fault(at, name + " stands twice", "keep one");
            return;
        }
        switch (name) {
            case "window" -> window(at, value, options);
            case "patient-id" ->
                    put(
                            at,
                            name,
                            value,
                            AUTHORITY,
                            "wanted an authority, CX.4, for example CLINIC",
                            options);
            case "patient-id-type" ->
                    put(
                            at,
                            name,
                            value,
                            ID_TYPE,
                            "wanted a type of table 0203, for example MR",
                            options);
            case "sent-ids" -> put(at, name, value, SENT_IDS, "wanted keep or drop", options);
            default ->
                    yaml.fault(
                            at,
                            "outbox has no option \"" + name + "\"",
                            Nearest.hint(name, OUTBOX_OPTIONS));
        }
    }

    private static final Pattern SENT_IDS = Pattern.compile("keep|drop");

    private void put(
            Yaml at,
            String name,
            String value,
            Pattern wanted,
            String remedy,
            Map<String, String> options) {
        if (wanted.matcher(value).matches()) options.put(name, value);
        else yaml.fault(at, name + ": got \"" + value + "\"", remedy);
    }

    private @Nullable OwnNumber ownNumber(Yaml at, Map<String, String> options) {
        var authority = options.get("patient-id");
        if (authority != null)
            return new OwnNumber(
                    authority,
                    options.getOrDefault("patient-id-type", ""),
                    !"drop".equals(options.get("sent-ids")));
        for (var name : List.of("patient-id-type", "sent-ids"))
            if (options.containsKey(name))
                yaml.fault(
                        at,
                        name + " without patient-id",
                        "say whose numbers the receiver knows, for example  patient-id=CLINIC");
        return null;
    }

    private void window(Yaml at, String value, Map<String, String> options) {
        var number = value.matches("[0-9]{1,4}") ? Integer.parseInt(value) : 0;
        if (number < 1 || number > DeliveryLimits.MAX_WINDOW) {
            yaml.fault(
                    at,
                    "window: wanted 1 to " + DeliveryLimits.MAX_WINDOW + ", got \"" + value + "\"",
                    "1 keeps every delivery behind the answer to the one before");
            return;
        }
        options.put("window", value);
    }
}
