package org.chartbridge.routes;

import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.chartbridge.partner.Yaml;
import org.chartbridge.partner.Yaml.Items;
import org.chartbridge.partner.Yaml.Mapping;
import org.chartbridge.partner.Yaml.Scalar;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Camel's own schema of canonical YAML routes, as far as its words go: type, properties, required,
 * additionalProperties, maxProperties, items, enum and $ref (all that it uses but one format).
 */
final class CamelSchema {
    private final JsonNode schema;

    CamelSchema() {
        try (InputStream file =
                YamlRoutesBuilderLoader.class.getResourceAsStream(
                        "/schema/camelYamlDsl-canonical.json")) {
            schema = JsonMapper.shared().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is wrong in a file; nothing, for Camel's designers to open it. */
    List<String> faults(Yaml yaml) {
        return faults(yaml, schema, "");
    }

    private List<String> faults(Yaml yaml, JsonNode rule, String path) {
        var faults = new ArrayList<String>();
        if (rule.has("$ref")) {
            var target = schema.at(rule.get("$ref").asString().substring(1));
            if (target.isMissingNode()) throw new IllegalStateException("no " + rule.get("$ref"));
            return faults(yaml, target, path);
        }
        if (rule.has("type") && !fits(yaml, rule.get("type").asString())) {
            return List.of(
                    path + ": wanted " + rule.get("type").asString() + ", got " + yaml.kind());
        }
        if (rule.has("enum") && yaml instanceof Scalar scalar) {
            var known =
                    rule.get("enum")
                            .valueStream()
                            .anyMatch(v -> v.asString().equals(scalar.text()));
            if (!known) faults.add(path + ": " + yaml.kind() + " is not in its list");
        }
        if (yaml instanceof Items items && rule.has("items")) {
            for (var i = 0; i < items.all().size(); i++) {
                faults.addAll(faults(items.all().get(i), rule.get("items"), path + "[" + i + "]"));
            }
        }
        if (yaml instanceof Mapping mapping) object(mapping, rule, path, faults);
        return faults;
    }

    private void object(Mapping mapping, JsonNode rule, String path, List<String> faults) {
        if (rule.has("maxProperties")
                && mapping.entries().size() > rule.get("maxProperties").asInt()) {
            faults.add(path + ": too many keys");
        }
        for (var required : rule.path("required")) {
            if (mapping.get(required.asString()) == null) {
                faults.add(path + ": without " + required.asString());
            }
        }
        for (var entry : mapping.entries()) {
            var key = entry.key().text();
            var its = rule.path("properties").path(key);
            if (!its.isMissingNode()) {
                faults.addAll(faults(entry.value(), its, path + "." + key));
            } else if (rule.has("additionalProperties")
                    && rule.get("additionalProperties").isBoolean()
                    && !rule.get("additionalProperties").asBoolean()) {
                faults.add(path + ": unknown key " + key);
            }
        }
    }

    private static boolean fits(Yaml yaml, String type) {
        return switch (type) {
            case "array" -> yaml instanceof Items;
            case "object" -> yaml instanceof Mapping;
            case "string" -> yaml instanceof Scalar;
            case "boolean" -> yaml instanceof Scalar s && s.text().matches("true|false");
            case "number", "integer" -> yaml instanceof Scalar s && s.text().matches("-?[0-9.]+");
            default -> throw new IllegalStateException("type " + type + " is new to this test");
        };
    }
}
