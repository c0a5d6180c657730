package org.chartbridge.routes;

import org.chartbridge.mllp.Limits;
import org.chartbridge.mllp.Tls;
import org.chartbridge.mllp.TlsFiles;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.Nearest;
import org.chartbridge.partner.Placeholders;
import org.chartbridge.partner.Yaml;
import org.chartbridge.partner.Yaml.Items;
import org.chartbridge.partner.Yaml.Mapping;
import org.chartbridge.partner.Yaml.Scalar;
import org.chartbridge.routes.PortSettings.Secure;
import org.jspecify.annotations.Nullable;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Reads {@code ports.yaml}. Every fault is told, not only the first; a file with a fault gives
 * nothing.
 */
final class PortsFile {
    static final String NAME = "ports.yaml";

    static final int MAX_PORTS = 1_000;

    private static final Pattern TIME = Pattern.compile("([0-9]{1,6})(ms|s|m|h|d)");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");

    private final Path root;
    private final Map<String, String> environment;
    private final Consumer<FileFault> faults;
    private boolean faulty;

    private PortsFile(Path root, Map<String, String> environment, Consumer<FileFault> faults) {
        this.root = root;
        this.environment = environment;
        this.faults = faults;
    }

    /**
     * What the file says.
     *
     * @param root the routes folder, which its paths begin at
     * @return empty, with faults told, when it has any
     */
    static Optional<Map<Address, PortSettings>> read(
            byte[] content,
            Path root,
            Map<String, String> environment,
            Consumer<FileFault> faults) {
        return Yaml.read(NAME, content, faults)
                .flatMap(yaml -> new PortsFile(root, environment, faults).ports(yaml));
    }

    private Optional<Map<Address, PortSettings>> ports(Yaml yaml) {
        if (!(yaml instanceof Items items) || items.all().size() > MAX_PORTS) {
            fault(
                    yaml,
                    "wanted a list of at most " + MAX_PORTS + " ports, got " + yaml.kind(),
                    "begin each port with  - address: 0.0.0.0:2575");
            return Optional.empty();
        }
        var ports = new TreeMap<Address, PortSettings>();
        for (var item : items.all()) {
            if (!(item instanceof Mapping port)) {
                fault(item, "wanted a port, got " + item.kind(), "begin with  - address: …");
                continue;
            }
            known(port, PortKey.ofPort());
            var settings = settings(port);
            var address = address(port);
            if (address == null) continue;
            var earlier = ports.put(address, settings);
            if (earlier != null && earlier.place() != null)
                fault(
                        port,
                        address + " stands twice, first in line " + earlier.place().line(),
                        "keep one");
        }
        return faulty ? Optional.empty() : Optional.of(Map.copyOf(ports));
    }

    private PortSettings settings(Mapping port) {
        var usual = Limits.defaults();
        var limits =
                usual.withMaxFrameBytes(
                                number(
                                        port,
                                        PortKey.MAX_FRAME_BYTES,
                                        1_000,
                                        1_000_000_000,
                                        usual.maxFrameBytes()))
                        .withConnections(
                                number(
                                        port,
                                        PortKey.MAX_CONNECTIONS,
                                        1,
                                        100_000,
                                        usual.maxConnections()),
                                number(
                                        port,
                                        PortKey.MAX_CONNECTIONS_PER_PEER,
                                        1,
                                        100_000,
                                        usual.maxConnectionsPerPeer()))
                        .withFrameTimeout(time(port, PortKey.FRAME_TIMEOUT, usual.frameTimeout()))
                        .withIdleTimeout(time(port, PortKey.IDLE_TIMEOUT, usual.idleTimeout()));
        return new PortSettings(
                port.place(),
                word(port, PortKey.ALLOW_PLAINTEXT, List.of("false", "true")).equals("true"),
                limits,
                secure(port.get(PortKey.TLS.key())));
    }

    private @Nullable Address address(Mapping port) {
        var text = text(port, PortKey.ADDRESS, port.get(PortKey.ADDRESS.key()));
        if (text == null) return null;
        var address = Address.parse(text);
        if (address == null)
            fault(
                    port.get(PortKey.ADDRESS.key()),
                    "address: \"" + text + "\" is no address and port",
                    "write  " + PortKey.ADDRESS.example());
        return address;
    }

    private @Nullable Secure secure(@Nullable Yaml yaml) {
        if (yaml == null) return null;
        if (!(yaml instanceof Mapping tls)) {
            fault(yaml, "tls: wanted keys, got " + yaml.kind(), "write certificate, key and trust");
            return null;
        }
        known(tls, PortKey.ofTls());
        var word =
                word(tls, PortKey.TLS_CLIENT_CERTIFICATE, List.of("required", "optional", "none"));
        var ask =
                switch (word) {
                    case "optional" -> Tls.Ask.OPTIONAL;
                    case "none" -> Tls.Ask.NONE;
                    default -> Tls.Ask.REQUIRED;
                };
        var certificate = path(tls, PortKey.TLS_CERTIFICATE);
        var key = path(tls, PortKey.TLS_KEY);
        var trust =
                ask == Tls.Ask.NONE && tls.get(PortKey.TLS_TRUST.key()) == null
                        ? null
                        : path(tls, PortKey.TLS_TRUST);
        return certificate == null || key == null
                ? null
                : new Secure(new TlsFiles(certificate, key, trust), ask, tls.place());
    }

    private @Nullable Path path(Mapping tls, PortKey key) {
        var text = text(tls, key, tls.get(key.key()));
        if (text == null) return null;
        try {
            return root.toAbsolutePath().resolve(text).normalize();
        } catch (InvalidPathException _) {
            fault(tls.get(key.key()), key.key() + ": no path", "write  " + key.example());
            return null;
        }
    }

    private @Nullable String text(Mapping parent, PortKey key, @Nullable Yaml yaml) {
        if (yaml == null) {
            fault(parent, "key \"" + key.key() + "\" is missing", "add  " + key.example());
            return null;
        }
        if (yaml instanceof Scalar scalar && !scalar.isNothing()) {
            var filled = Placeholders.fill(NAME, scalar, environment, this::told);
            if (filled.isEmpty()) return null;
            if (!filled.get().isBlank()) return filled.get().strip();
        }
        fault(yaml, key.key() + ": wanted text, got " + yaml.kind(), "write  " + key.example());
        return null;
    }

    /** One of some words; the first when nothing is said. */
    private String word(Mapping parent, PortKey key, List<String> words) {
        var yaml = parent.get(key.key());
        if (yaml == null) return words.getFirst();
        var text = text(parent, key, yaml);
        if (text == null || words.contains(text)) return text == null ? words.getFirst() : text;
        fault(
                yaml,
                key.key() + ": wanted " + String.join(" or ", words) + ", got " + yaml.kind(),
                Nearest.hint(text, words));
        return words.getFirst();
    }

    private int number(Mapping port, PortKey key, int least, int most, int usual) {
        var yaml = port.get(key.key());
        if (yaml == null) return usual;
        var text = text(port, key, yaml);
        if (text == null) return usual;
        if (NUMBER.matcher(text).matches()) {
            var number = Long.parseLong(text);
            if (number >= least && number <= most) return (int) number;
        }
        fault(
                yaml,
                key.key() + ": wanted " + least + " to " + most + ", got " + yaml.kind(),
                "write  " + key.example());
        return usual;
    }

    private Duration time(Mapping port, PortKey key, Duration usual) {
        var yaml = port.get(key.key());
        if (yaml == null) return usual;
        var text = text(port, key, yaml);
        if (text == null) return usual;
        if (key == PortKey.IDLE_TIMEOUT && text.equals("never")) return Duration.ZERO;
        var time = TIME.matcher(text);
        if (time.matches()) {
            var count = Long.parseLong(time.group(1));
            var found =
                    switch (time.group(2)) {
                        case "ms" -> Duration.ofMillis(count);
                        case "s" -> Duration.ofSeconds(count);
                        case "m" -> Duration.ofMinutes(count);
                        case "h" -> Duration.ofHours(count);
                        default -> Duration.ofDays(count);
                    };
            if (found.isPositive() && found.compareTo(Duration.ofDays(30)) <= 0) return found;
        }
        fault(
                yaml,
                key.key() + ": wanted a time of at most 30 days, got " + yaml.kind(),
                "write  " + key.example());
        return usual;
    }

    private void known(Mapping mapping, List<String> names) {
        for (var entry : mapping.entries())
            if (!names.contains(entry.key().text()))
                fault(
                        entry.key(),
                        "unknown key \"" + entry.key().text() + "\"",
                        Nearest.hint(entry.key().text(), names));
    }

    private void fault(@Nullable Yaml at, String what, String remedy) {
        told(
                at == null
                        ? FileFault.ofFile(NAME, what, remedy)
                        : FileFault.at(NAME, at.place(), what, remedy));
    }

    private void told(FileFault fault) {
        faulty = true;
        faults.accept(fault);
    }
}
