package org.chartbridge.partner;

import org.chartbridge.partner.Yaml.Items;
import org.chartbridge.partner.Yaml.Mapping;
import org.chartbridge.partner.Yaml.Place;
import org.chartbridge.partner.Yaml.Scalar;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Reads the keys {@code login} and {@code caller} of {@code partner.yaml}. A secret that stands in
 * the file is a fault: folders are kept and copied.
 */
final class LoginReader {
    private static final String USER = "user";
    private static final String PASSWORD = "password";
    private static final String TOKEN = "token";
    private static final String KEY = "key";
    private static final String HOST_KEY = "host-key";
    private static final List<String> KEYS = List.of(USER, PASSWORD, TOKEN, KEY, HOST_KEY);

    /** More than the old and the new of a few machines behind one name are many machines. */
    private static final int MAX_HOST_KEYS = 20;

    private static final int MAX_SECRET = 4_000;

    // What a line of HTTP can carry, RFC 6750 §2.1 and RFC 7617 §2.
    private static final Pattern ONE_WORD = Pattern.compile("[!-~]+");
    private static final Pattern NO_CONTROLS = Pattern.compile("\\P{Cntrl}+");

    private static final Pattern FINGERPRINT = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}=?");

    private final PartnerKey which;
    private final String file;
    private final Map<String, String> environment;
    private final Consumer<FileFault> faults;
    private boolean faulty;

    LoginReader(
            PartnerKey which,
            String file,
            Map<String, String> environment,
            Consumer<FileFault> faults) {
        this.which = which;
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
    @Nullable Login read(@Nullable Yaml yaml) {
        if (yaml == null) return null;
        if (!(yaml instanceof Mapping login)) {
            fault(
                    yaml.place(),
                    which.key() + ": wanted a block of keys",
                    "write  " + which.example());
            return null;
        }
        for (var entry : login.entries()) {
            var key = entry.key();
            if (!KEYS.contains(key.text()))
                fault(
                        key.place(),
                        "unknown key \"" + key.text() + "\"",
                        Nearest.hint(key.text(), KEYS));
        }
        var user = text(login, USER, NO_CONTROLS);
        var password = secret(login, PASSWORD, NO_CONTROLS);
        var token = secret(login, TOKEN, ONE_WORD);
        var key = text(login, KEY, NO_CONTROLS);
        var hostKeys = hostKeys(login.get(HOST_KEY));
        // A colon would end it, RFC 7617 §2.
        if (user != null && password != null && user.contains(":"))
            fault(
                    login.place(),
                    which.key() + ": a user with a colon",
                    "write the name that was given");
        if (which == PartnerKey.CALLER && (key != null || !hostKeys.isEmpty()))
            fault(
                    login.place(),
                    "caller: who posts shows a password or a token",
                    "write  " + which.example());
        if (faulty) return null;
        try {
            return new Login(user, password, token, key, hostKeys, login.place());
        } catch (IllegalArgumentException _) { // Says no more than this.
            fault(
                    login.place(),
                    which.key() + ": wanted user and password, user and key, or token",
                    "write  " + which.example());
            return null;
        }
    }

    private @Nullable String secret(Mapping login, String key, Pattern shape) {
        var text = text(login, key, shape);
        if (text == null
                || !(login.get(key) instanceof Scalar scalar)
                || scalar.text().contains("${")) return text;
        fault(
                scalar.place(),
                key + ": a secret stands in the file",
                "put it into an environment variable, and write  " + key + ": \"${LAB_SECRET}\"");
        return null;
    }

    private @Nullable String text(Mapping login, String key, Pattern shape) {
        var yaml = login.get(key);
        if (yaml == null) return null;
        if (yaml instanceof Scalar scalar && !scalar.isNothing()) {
            var filled = Placeholders.fill(file, scalar, environment, this::told).orElse(null);
            if (filled == null) return null;
            if (filled.length() <= MAX_SECRET && shape.matcher(filled).matches()) return filled;
        }
        // Never what was got: it may be the secret.
        fault(
                yaml.place(),
                key + ": wanted one line of 1 to " + MAX_SECRET + " printable characters",
                "write  " + which.example());
        return null;
    }

    private List<String> hostKeys(@Nullable Yaml yaml) {
        if (yaml == null) return List.of();
        var found = new ArrayList<String>();
        var all = yaml instanceof Items items ? items.all() : List.of(yaml);
        if (all.isEmpty() || all.size() > MAX_HOST_KEYS)
            fault(
                    yaml.place(),
                    HOST_KEY + " names " + all.size() + " keys",
                    "wanted 1 to " + MAX_HOST_KEYS);
        for (var item : all) {
            var text =
                    item instanceof Scalar scalar
                            ? Placeholders.fill(file, scalar, environment, this::told).orElse("")
                            : "";
            if (FINGERPRINT.matcher(text).matches()) found.add(text.replace("=", ""));
            else
                fault(
                        item.place(),
                        HOST_KEY + ": wanted a fingerprint, got " + item.kind(),
                        "wanted SHA256: and 43 characters, as ssh-keygen -l shows it");
        }
        return found;
    }

    private void fault(Place place, String what, String remedy) {
        told(FileFault.at(file, place, what, remedy));
    }

    private void told(FileFault fault) {
        faulty = true;
        faults.accept(fault);
    }
}
