package org.chartbridge.mapping;

import org.chartbridge.chart.PersonQuery;
import org.chartbridge.hl7.AckCode;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Fields;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads queries by parameter, long because each kind and each of its faults stands here: QBP with
 * QPD and RCP (HL7 v2.5.1 §5.3, §5.4; §3.3.56 to 59 for Q21 to Q24; IHE PDQ ITI-21, PIX ITI-9,
 * LAB-27). What is not understood is never left aside: the answer would hold more than was asked
 * for.
 */
public final class QueryReader {
    /** Records in one answer; what is beyond comes by continuation. */
    public static final int MAX_RECORDS = 100;

    /** Parameters of one query, and authorities that it names. */
    public static final int MAX_PARAMETERS = 20;

    /** DSC-1 of our answers: this, and how many records came before. */
    static final String CONTINUATION = "CB-";

    private static final int MAX_OFFSET = 1_000_000;

    private final Message message;
    private final List<Fault> faults = new ArrayList<>();

    private QueryReader(Message message) {
        this.message = message;
    }

    /** Whether a message is a query by parameter. */
    public static boolean isQuery(Message message) {
        return message.header().messageCode().equals("QBP");
    }

    /** DSC-1 for what comes behind so many records. */
    public static String continuation(int offset) {
        return CONTINUATION + offset;
    }

    /** What is asked for. */
    public static Query.Asked read(Message message) {
        return new QueryReader(message).asked();
    }

    private Query.Asked asked() {
        var trigger = message.header().triggerEvent();
        var answer = trigger.startsWith("Q") ? "K" + trigger.substring(1) : "K11";
        int limit = limit();
        int offset = offset();
        var line = message.line("QPD", 1).orElse(null);
        Query query =
                switch (trigger) {
                    case "Q11", "Q21", "Q22", "Q23", "Q24" -> {
                        if (line == null) {
                            missing(Location.of("QPD", 1), "A query must have a QPD.");
                            yield new Query.Wrong(AckCode.AE, faults);
                        }
                        var fields = message.cut(line);
                        if (fields.value(2, 1, 0, 0).isEmpty())
                            missing(
                                    line.location(2),
                                    "QPD-2 must hold the tag that the answer repeats.");
                        yield switch (trigger) {
                            case "Q21" -> one(line, fields);
                            case "Q22" -> candidates(line, fields);
                            case "Q23" -> numbers(line, fields);
                            case "Q24" -> allocation(line, fields);
                            default -> orders(line, fields);
                        };
                    }
                    default ->
                            unsupported(
                                    "This query is not answered here; answered are Q11 and Q21"
                                            + " to Q24.");
                };
        return new Query.Asked(
                faults.isEmpty() || query instanceof Query.Wrong
                        ? query
                        : new Query.Wrong(AckCode.AE, faults),
                answer,
                structure(answer, line),
                offset,
                limit);
    }

    /** As HL7 has it: K24 shares that of K23; IHE PDQ has RSP_K21 for K22 too (ITI TF-2 §3.21). */
    private String structure(String answer, @org.jspecify.annotations.Nullable Line line) {
        boolean ihe = line != null && message.value(line, 1, 1).startsWith("IHE PDQ");
        if (ihe && answer.equals("K22")) return "RSP_K21";
        return answer.equals("K24") ? "RSP_K23" : "RSP_" + answer;
    }

    private Query unsupported(String text) {
        return new Query.Wrong(
                AckCode.AR,
                List.of(
                        Fault.error(
                                Location.of("MSH", 1).field(9),
                                ErrorCode.UNSUPPORTED_EVENT,
                                "query-not-supported",
                                text)));
    }

    // ------------------------------------------------------------ kinds

    private Query one(Line line, Fields fields) {
        var number = number(fields, 3, 1);
        if (number.value().isEmpty())
            missing(line.location(3), "QPD-3 must hold the patient's number.");
        return new Query.One(number, domains(line, fields, 4));
    }

    private Query candidates(Line line, Fields fields) {
        var said = parameters(line, fields, 3);
        var numbers = new ArrayList<PersonQuery.Identifier>();
        var value = said.getOrDefault("PID.3.1", said.getOrDefault("PID.3", ""));
        var authorities = new LinkedHashSet<String>();
        for (var path : List.of("PID.3.4", "PID.3.4.1", "PID.3.4.2"))
            if (said.containsKey(path)) authorities.add(said.get(path));
        if (!value.isEmpty()) numbers.add(new PersonQuery.Identifier(value, authorities));
        var domains = domains(line, fields, 8);
        var names = new LinkedHashSet<String>();
        domains.forEach(domain -> names.addAll(domain.names()));
        var query =
                new PersonQuery(
                        numbers,
                        first(said, "PID.5.1.1", "PID.5.1", "PID.5"),
                        first(said, "PID.5.2"),
                        day(first(said, "PID.7.1", "PID.7")),
                        first(said, "PID.8"),
                        first(said, "PID.11.3"),
                        first(said, "PID.11.4"),
                        first(said, "PID.11.5"),
                        names);
        boolean wildOnly = query.family().equals("*");
        if (faults.isEmpty() && numbers.isEmpty() && (query.family().isEmpty() || wildOnly))
            faults.add(
                    Fault.error(
                            line.location(3),
                            ErrorCode.REQUIRED_MISSING,
                            "query-too-broad",
                            "Ask by a number (@PID.3.1) or a family name (@PID.5.1.1) at least."));
        return new Query.People(query, domains);
    }

    private Query numbers(Line line, Fields fields) {
        var number = number(fields, 3, 1);
        if (number.value().isEmpty())
            missing(line.location(3), "QPD-3 must hold the patient's number.");
        else if (number.authorities().isEmpty())
            missing(
                    line.location(3).repetition(1).component(4),
                    "QPD-3.4 must say whose number it is.");
        return new Query.Numbers(number, domains(line, fields, 4));
    }

    private Query allocation(Line line, Fields fields) {
        var domains = domains(line, fields, 3);
        var types = new ArrayList<String>();
        var names = new LinkedHashSet<String>();
        int repetitions = Math.min(fields.repetitions(3), MAX_PARAMETERS);
        for (int i = 1; i <= repetitions; i++) {
            var place = line.location(3).repetition(i);
            if (!fields.value(3, i, 1, 1).isBlank())
                wrong(place.component(1), "QPD-3.1 must be empty: a new number is asked for.");
            var its = names(fields, 3, i);
            if (its.isEmpty())
                missing(place.component(4), "QPD-3.4 must say whose number is wanted.");
            else types.add(fields.value(3, i, 5, 1).strip());
            for (var name : its)
                if (!names.add(name.toLowerCase(Locale.ROOT)))
                    wrong(place, "The authority stands twice.");
        }
        if (repetitions == 0) missing(line.location(3), "QPD-3 must say whose number is wanted.");
        return new Query.Allocation(domains, types);
    }

    private Query orders(Line line, Fields fields) {
        if (!fields.value(3, 1, 1, 1).startsWith("@")) {
            // LAB-27: QPD-3 is the specimen's or container's number; WOS_ALL has none.
            var number = fields.value(3, 1, 1, 1);
            if (number.isEmpty() && !message.value(line, 1, 1).equalsIgnoreCase("WOS_ALL"))
                missing(
                        line.location(3),
                        "QPD-3 must hold a specimen's, container's or order's number; the query"
                                + " WOS_ALL asks for all.");
            return new Query.Orders(number.isEmpty() ? List.of() : List.of(number), List.of());
        }
        var numbers = new ArrayList<String>();
        var patients = new ArrayList<PersonQuery.Identifier>();
        var said = parameters(line, fields, 3);
        var authorities = new LinkedHashSet<String>();
        for (var path : List.of("PID.3.4", "PID.3.4.1", "PID.3.4.2"))
            if (said.containsKey(path)) authorities.add(said.get(path));
        said.forEach(
                (path, value) -> {
                    if (path.equals("PID.3") || path.equals("PID.3.1"))
                        patients.add(new PersonQuery.Identifier(value, authorities));
                    else if (!path.startsWith("PID.3.4")) numbers.add(value);
                });
        if (faults.isEmpty() && numbers.isEmpty() == patients.isEmpty())
            faults.add(
                    Fault.error(
                            line.location(3),
                            ErrorCode.REQUIRED_MISSING,
                            "query-field-wrong",
                            "Ask by a patient's number, or by those of orders and specimens."));
        return new Query.Orders(numbers, patients);
    }

    // ------------------------------------------------------------ parameters

    private static final Set<String> PATIENTS_PARAMETERS =
            Set.of(
                    "PID.3",
                    "PID.3.1",
                    "PID.3.4",
                    "PID.3.4.1",
                    "PID.3.4.2",
                    "PID.5",
                    "PID.5.1",
                    "PID.5.1.1",
                    "PID.5.2",
                    "PID.7",
                    "PID.7.1",
                    "PID.8",
                    "PID.11.3",
                    "PID.11.4",
                    "PID.11.5");

    private static final Set<String> ORDERS_PARAMETERS =
            Set.of(
                    "PID.3",
                    "PID.3.1",
                    "PID.3.4",
                    "PID.3.4.1",
                    "PID.3.4.2",
                    "ORC.2",
                    "ORC.2.1",
                    "ORC.3",
                    "ORC.3.1",
                    "OBR.2",
                    "OBR.2.1",
                    "OBR.3",
                    "OBR.3.1",
                    "SPM.2",
                    "SPM.2.1",
                    "SPM.2.2",
                    "SAC.3",
                    "SAC.3.1");

    /** QIP: {@code @PID.5.1^SMITH}, repeated. */
    private Map<String, String> parameters(Line line, Fields fields, int field) {
        var said = new LinkedHashMap<String, String>();
        boolean orders = message.header().triggerEvent().equals("Q11");
        int repetitions = fields.repetitions(field);
        if (repetitions > MAX_PARAMETERS)
            wrong(
                    line.location(field),
                    "More than " + MAX_PARAMETERS + " parameters; ask by fewer.");
        for (int i = 1; i <= Math.min(repetitions, MAX_PARAMETERS); i++) {
            var place = line.location(field).repetition(i);
            var path = fields.value(field, i, 1, 0).strip().toUpperCase(Locale.ROOT);
            var value = fields.value(field, i, 2, 0).strip();
            if (!path.startsWith("@")
                    || !(orders ? ORDERS_PARAMETERS : PATIENTS_PARAMETERS)
                            .contains(path.substring(1)))
                faults.add(
                        Fault.error(
                                place.component(1),
                                ErrorCode.UNKNOWN_KEY,
                                "query-parameter-unknown",
                                "Nothing is found by this parameter; see Queries for those that"
                                        + " are."));
            else if (value.isEmpty())
                missing(place.component(2), "The parameter has no value; leave it out.");
            else if (said.put(path.substring(1), value) != null)
                wrong(place, "The parameter stands twice.");
        }
        return said;
    }

    private static String first(Map<String, String> said, String... paths) {
        for (var path : paths) if (said.containsKey(path)) return said.getOrDefault(path, "");
        return "";
    }

    /** The day of a time; what is no time finds nobody, and is told. */
    private String day(String sent) {
        var day = sent.length() > 8 ? sent.substring(0, 8) : sent;
        if (!day.isEmpty() && !day.matches("[0-9]{4}([0-9]{2}){0,2}"))
            wrong(Location.of("QPD", 1).field(3), "@PID.7 must be YYYYMMDD, or its beginning.");
        return day;
    }

    private static PersonQuery.Identifier number(Fields fields, int field, int repetition) {
        return new PersonQuery.Identifier(
                fields.value(field, repetition, 1, 1).strip(), names(fields, field, repetition));
    }

    private static Set<String> names(Fields fields, int field, int repetition) {
        var names = new LinkedHashSet<String>();
        for (int i = 1; i <= 2; i++) {
            var name = fields.value(field, repetition, 4, i).strip();
            if (!name.isEmpty() && !name.equals(Message.NULL)) names.add(name);
        }
        return names;
    }

    private List<Query.Domain> domains(Line line, Fields fields, int field) {
        var domains = new ArrayList<Query.Domain>();
        int repetitions = fields.repetitions(field);
        if (repetitions > MAX_PARAMETERS)
            wrong(line.location(field), "More than " + MAX_PARAMETERS + " authorities.");
        for (int i = 1; i <= Math.min(repetitions, MAX_PARAMETERS); i++) {
            var names = names(fields, field, i);
            if (!names.isEmpty()) domains.add(new Query.Domain(i, names));
        }
        return domains;
    }

    // ------------------------------------------------------------ how much

    /** RCP-2, in records. */
    private int limit() {
        var line = message.line("RCP", 1).orElse(null);
        if (line == null) return MAX_RECORDS;
        var quantity = message.value(line, 2, 1);
        if (quantity.isEmpty()) return MAX_RECORDS;
        if (!quantity.matches("0*[1-9][0-9]{0,6}")) {
            wrong(line.location(2).component(1), "RCP-2 must be a number of records from 1 on.");
            return MAX_RECORDS;
        }
        var unit = message.value(line, 2, 2);
        return unit.isEmpty() || unit.equalsIgnoreCase("RD")
                ? Math.min(MAX_RECORDS, Integer.parseInt(quantity))
                : MAX_RECORDS;
    }

    private int offset() {
        var line = message.line("DSC", 1).orElse(null);
        if (line == null) return 0;
        var pointer = message.value(line, 1);
        if (pointer.isEmpty()) return 0;
        var number =
                pointer.startsWith(CONTINUATION) ? pointer.substring(CONTINUATION.length()) : "";
        if (number.matches("[0-9]{1,7}") && Integer.parseInt(number) <= MAX_OFFSET)
            return Integer.parseInt(number);
        wrong(line.location(1), "DSC-1 is none that an answer of ours has given.");
        return 0;
    }

    private void missing(Location place, String text) {
        faults.add(Fault.error(place, ErrorCode.REQUIRED_MISSING, "query-field-wrong", text));
    }

    private void wrong(Location place, String text) {
        faults.add(Fault.error(place, ErrorCode.DATA_TYPE, "query-field-wrong", text));
    }
}
