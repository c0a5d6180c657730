package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the EMR says of a visit beside an order or a result, and every message about it after that.
 */
class VisitBesideTests {
    private static final String PV1 = "PV1|1|I|WARD^1^A||||||||||||||||%s^^^EMR";

    /** Messages that name a visit beside something else. */
    private static final Map<String, String> BESIDE =
            Map.of(
                    "ORM^O01", "ORC|NW|O%1$s^EMR\nOBR|1|O%1$s^EMR||GLU^Glucose^L",
                    "OML^O21", "ORC|NW|O%1$s^EMR\nOBR|1|O%1$s^EMR||GLU^Glucose^L",
                    "ORU^R01",
                            "OBR|1|O%1$s^EMR|F%1$s|GLU^Glucose^L|||20261122060000\n"
                                    + "OBX|1|NM|GLU^Glucose^L||5.1|mmol/L|||||F",
                    "MDM^T02",
                            "TXA|1|CN|TX|20261122070000||||||||D%1$s\nOBX|1|TX|N^Note||text||||||F",
                    "VXU^V04", "ORC|RE||I%1$s\nRXA|0|1|20261122||08^HepB^CVX|1");

    /**
     * Messages about the visit that come later; the kind is MSH-9 and the rest stands behind PV1.
     */
    private static final Map<String, String> AFTER = after();

    private static Map<String, String> after() {
        var after = new LinkedHashMap<String, String>();
        for (var trigger : List.of("A01", "A02", "A03", "A08", "A11", "A12", "A13", "A23", "A38"))
            after.put("ADT^" + trigger, "");
        after.put("ADT^A42", "");
        after.put("ADT^A45", "");
        after.put("ORM^O01", "ORC|CA|O%1$s^EMR\nOBR|1|O%1$s^EMR||GLU^Glucose^L");
        after.put(
                "ORU^R01",
                "OBR|1|O%1$s^EMR|F%1$s|GLU^Glucose^L|||20261122060000\n"
                        + "OBX|1|NM|GLU^Glucose^L||5.4|mmol/L|||||C");
        return after;
    }

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    /** ⚠ All of them were held for ever as a fault in Chartbridge. */
    @Test
    void everyMessageAboutAVisitThatAnOrderOrAResultNamedIsCharted() {
        var others = new ArrayList<String>();
        int pair = 0;
        for (var beside : BESIDE.entrySet())
            for (var after : AFTER.entrySet()) {
                var n = Integer.toString(++pair);
                var pid = "PID|1||P%s^^^CLINIC^MR||DOE^Jane||19710203|F".formatted(n);
                var pv1 = PV1.formatted("V" + n);
                engine.send(EMR, message("ADT^A04", "a" + n, "0700", pid, pv1));
                engine.send(
                        EMR,
                        message(
                                beside.getKey(),
                                "b" + n,
                                "0710",
                                pid,
                                pv1,
                                beside.getValue().formatted(n)));
                engine.send(EMR, later(after.getKey(), after.getValue(), n, pid, pv1));
                for (var id : List.of("a" + n, "b" + n, "c" + n))
                    if (!engine.state(id).equals("charted"))
                        others.add(
                                beside.getKey()
                                        + " "
                                        + after.getKey()
                                        + ": "
                                        + engine.state(id)
                                        + engine.reasons(id));
            }

        assertThat(others).isEmpty();
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    private static String later(String type, String rest, String n, String pid, String pv1) {
        return switch (type) {
            case "ADT^A42" ->
                    message(
                            type,
                            "c" + n,
                            "0800",
                            pid,
                            "MRG|P%1$s^^^CLINIC^MR||||V%1$s^^^EMR".formatted(n),
                            PV1.formatted("W" + n));
            case "ADT^A45" ->
                    message(
                            type,
                            "c" + n,
                            "0800",
                            pid.replace("|P" + n + "^", "|Q" + n + "^"),
                            "MRG|P%1$s^^^CLINIC^MR||||V%1$s^^^EMR".formatted(n),
                            pv1);
            default -> message(type, "c" + n, "0800", pid, pv1, rest.formatted(n));
        };
    }

    @Test
    void whatTheOrderSaysDescribesTheVisitAndNeverMovesIt() {
        var pid = "PID|1||P1^^^CLINIC^MR||DOE^Jane||19710203|F";
        engine.send(EMR, message("ADT^A01", "a", "0700", pid, PV1.formatted("V1")));
        engine.send(
                EMR,
                message(
                        "ORM^O01",
                        "b",
                        "0900",
                        pid,
                        PV1.formatted("V1").replace("WARD", "OLD"),
                        "ORC|NW|O1^EMR\nOBR|1|O1^EMR||GLU^Glucose^L"));

        engine.send(
                EMR,
                message(
                        "ADT^A03",
                        "c",
                        "0800",
                        pid,
                        PV1.formatted("V1").replace("WARD^1", "WARD^2")));

        assertThat(engine.one("select location || ' ' || status from encounter"))
                .isEqualTo("WARD · 2 · A finished");
    }

    /** A version without the fault charts what the one before could not. */
    @Test
    void whatAFaultOfOursHeldGoesOnWhenTheEngineStartsAgain() {
        var pid = "PID|1||P1^^^CLINIC^MR||DOE^Jane||19710203|F";
        engine.send(EMR, message("ADT^A01", "a", "0700", pid, PV1.formatted("V1")));
        engine.jdbc
                .sql(
                        "update journal set state = 'held', reasons = '[{\"reason\":"
                                + " \"not-storable\"}]' where control_id = 'a'")
                .update();

        engine.load(EMR);

        engine.becomes("a", "charted");
    }

    private static String message(String type, String id, String time, String... segments) {
        return "MSH|^~\\&|EMR|CLINIC|CB|CLINIC|20261122%s00||%s|%s|P|2.5.1\n%s"
                .formatted(time, type, id, String.join("\n", segments).strip());
    }
}
