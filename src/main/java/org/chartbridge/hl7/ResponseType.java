package org.chartbridge.hl7;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The response that HL7 defines for a message, for senders that wait for it in place of ACK: {@code
 * ORR^O02} for {@code ORM^O01} (HL7 v2.5.1 chapters 4, 10 and 11; OML^O39 and OMB are of v2.6 and
 * later). Beside MSH, MSA and ERR nothing in it is required for orders; a response to a referral
 * repeats providers and patient (HL7 v2.5.1 §11.3.1).
 *
 * @param code MSH-9.1 of the response
 * @param trigger MSH-9.2
 * @param structure MSH-9.3, from version 2.3.1 on
 */
record ResponseType(String code, String trigger, String structure) {

    private static final Map<String, ResponseType> BY_REQUEST =
            Map.ofEntries(
                    response("ORM^O01", "ORR", "O02"),
                    response("OMG^O19", "ORG", "O20"),
                    response("OML^O21", "ORL", "O22"),
                    response("OML^O33", "ORL", "O34"),
                    response("OML^O35", "ORL", "O36"),
                    response("OML^O39", "ORL", "O40"),
                    response("OMI^O23", "ORI", "O24"),
                    response("OMD^O03", "ORD", "O04"),
                    response("OMS^O05", "ORS", "O06"),
                    response("OMN^O07", "ORN", "O08"),
                    response("OMP^O09", "ORP", "O10"),
                    response("OMB^O27", "ORB", "O28"),
                    response("RDE^O11", "RRE", "O12"),
                    response("RDS^O13", "RRD", "O14"),
                    response("RGV^O15", "RRG", "O16"),
                    response("RAS^O17", "RRA", "O18"));

    private static Map.Entry<String, ResponseType> response(
            String request, String code, String trigger) {
        return Map.entry(request, new ResponseType(code, trigger, code + "_" + trigger));
    }

    /** Segments of the message that stand in its response too, in this order. */
    List<String> repeats() {
        return code.equals("RRI") ? List.of("PRD", "PID") : List.of();
    }

    /** The response to a message; empty when that is ACK. */
    static Optional<ResponseType> to(Header request) {
        var code = request.messageCode();
        var trigger = request.triggerEvent();
        // Before 2.3 senders of orders left the trigger out, there being only this one.
        if (code.equals("ORM")) return Optional.ofNullable(BY_REQUEST.get("ORM^O01"));
        if (code.equals("REF") && trigger.matches("I1[2-5]"))
            return Optional.of(new ResponseType("RRI", trigger, "RRI_I12"));
        if (code.equals("SRM") && trigger.matches("S(0[1-9]|1[01])"))
            return Optional.of(new ResponseType("SRR", trigger, "SRR_S01"));
        return Optional.ofNullable(BY_REQUEST.get(code + "^" + trigger));
    }
}
