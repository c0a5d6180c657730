package org.chartbridge.partner;

import org.chartbridge.partner.Yaml.Mapping;
import org.chartbridge.partner.Yaml.Place;
import org.chartbridge.partner.Yaml.Scalar;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads the key {@code tls} of {@code partner.yaml}. */
final class TlsReader {
    private static final String TRUST = "trust";
    private static final String CERTIFICATE = "certificate";
    private static final String KEY = "key";
    private static final List<String> KEYS = List.of(TRUST, CERTIFICATE, KEY);

    /** The authorities that come with Java, which sign for public web sites. */
    private static final String PUBLIC = "public";

    private final String file;
    private final Map<String, String> environment;
    private final Consumer<FileFault> faults;

    TlsReader(String file, Map<String, String> environment, Consumer<FileFault> faults) {
        this.file = file;
        this.environment = environment;
        this.faults = faults;
    }

    /**
     * What the key says.
     *
     * @param yaml null when the key is not there
     * @return null when it is not there, or has a fault
     */
    Partner.@Nullable Tls read(@Nullable Yaml yaml) {
        if (yaml == null) return null;
        if (!(yaml instanceof Mapping tls)) {
            fault(
                    yaml.place(),
                    "tls: wanted {trust, certificate, key}, got " + yaml.kind(),
                    "write  " + PartnerKey.TLS.example());
            return null;
        }
        for (var entry : tls.entries()) {
            var key = entry.key();
            if (!KEYS.contains(key.text()))
                fault(
                        key.place(),
                        "unknown key \"" + key.text() + "\"",
                        Nearest.hint(key.text(), KEYS));
        }
        var trust = path(tls, TRUST);
        var certificate = path(tls, CERTIFICATE);
        var key = path(tls, KEY);
        if (tls.get(TRUST) == null)
            fault(
                    tls.place(),
                    "tls: \"trust\" is missing",
                    "name the authority that signs the partner's certificates, or write  trust:"
                            + " public  for those that come with Java");
        if ((tls.get(CERTIFICATE) == null) != (tls.get(KEY) == null))
            fault(
                    tls.place(),
                    "tls: of certificate and key only one is there",
                    "name both, or neither when the partner asks for none");
        return new Partner.Tls(PUBLIC.equals(trust) ? null : trust, certificate, key, tls.place());
    }

    private @Nullable String path(Mapping tls, String key) {
        var yaml = tls.get(key);
        if (yaml == null) return null;
        if (yaml instanceof Scalar scalar && !scalar.isNothing()) {
            var filled = Placeholders.fill(file, scalar, environment, faults);
            if (filled.isEmpty()) return null;
            var path = filled.get().strip();
            if (!path.isEmpty() && path.indexOf('\0') < 0) return path;
        }
        fault(
                yaml.place(),
                key + ": wanted a PEM file, got " + yaml.kind(),
                "write  " + key + ": \"${TLS}/" + key + ".pem\"");
        return null;
    }

    private void fault(Place place, String what, String remedy) {
        faults.accept(FileFault.at(file, place, what, remedy));
    }
}
