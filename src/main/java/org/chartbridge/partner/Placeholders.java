package org.chartbridge.partner;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Puts environment variables where a file says {@code ${NAME}}: hosts and secrets stay outside. */
public final class Placeholders {
    private static final Pattern NAME = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern VALID = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private Placeholders() {}

    /** The text with every {@code ${NAME}} replaced; empty when one could not be. */
    public static Optional<String> fill(
            String file,
            Yaml.Scalar scalar,
            Map<String, String> environment,
            Consumer<FileFault> faults) {
        var text = scalar.text();
        if (!text.contains("${")) return Optional.of(text);
        var filled = new StringBuilder();
        var matcher = NAME.matcher(text);
        var rest = 0;
        while (matcher.find()) {
            var name = matcher.group(1);
            var value = environment.get(name);
            if (!VALID.matcher(name).matches() || value == null) {
                faults.accept(
                        VALID.matcher(name).matches()
                                ? FileFault.at(
                                        file,
                                        scalar.place(),
                                        "environment variable " + name + " is not set",
                                        "set it before the engine starts")
                                : FileFault.at(
                                        file,
                                        scalar.place(),
                                        "\"${" + name + "}\" names no environment variable",
                                        "wanted letters, digits and _, as in ${LAB_PORT}"));
                return Optional.empty();
            }
            filled.append(text, rest, matcher.start()).append(value);
            rest = matcher.end();
        }
        filled.append(text, rest, text.length());
        if (text.indexOf("${", rest) >= 0) {
            faults.accept(
                    FileFault.at(file, scalar.place(), "\"${\" without \"}\"", "write ${NAME}"));
            return Optional.empty();
        }
        return Optional.of(filled.toString());
    }
}
