package org.chartbridge.chart;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.util.List;

/**
 * What a message says of an item in segments of their own, as data: what OBX say beside an order or
 * an immunization, the orders that a document or a referral names, the diagnoses of a referral; and
 * what else names it or is in it, by which it is screened ⚠. Each part stands until it is said anew
 * as a whole; none is ever a result, an order or a problem of the patient ⚠ (HL7-RULES §5 and §7).
 *
 * @param observations OBX; none that was withdrawn (OBX-11 D, W) ⚠
 * @param requests ORC with OBR, or OBR; of an appointment AIS
 * @param diagnoses DG1
 * @param numbers further ones of the item itself
 * @param parents what the item goes deeper into: numbers with {@code ^} and their namespace
 * @param visit PV1 that has no number of its own; null when none is sent
 * @param alternates other codings of what it names (CWE components 4-6 and 10-12), and its original
 *     text (9)
 * @param asked RXO-1 of an order of medication that RXE encodes, with all its codings; empty where
 *     both say the same
 * @param components RXC of an order of medication
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Supporting(
        List<Observed> observations,
        List<Requested> requests,
        List<Diagnosed> diagnoses,
        List<Numbered> numbers,
        List<String> parents,
        @Nullable Visited visit,
        List<CodingView> alternates,
        List<CodingView> asked,
        List<Component> components) {

    public static final Supporting NONE =
            new Supporting(
                    List.of(), List.of(), List.of(), List.of(), List.of(), null, List.of(),
                    List.of(), List.of());

    private static final JsonMapper MAPPER = JsonMapper.shared();

    public Supporting {
        observations = some(observations);
        requests = some(requests);
        diagnoses = some(diagnoses);
        numbers = some(numbers);
        parents = some(parents);
        alternates = some(alternates);
        asked = some(asked);
        components = some(components);
    }

    /**
     * An OBX.
     *
     * @param number of a value that is one; empty for others
     * @param codings of a coded value
     * @param unit in words, OBX-6.2, else its code OBX-6.1
     * @param flags OBX-8, table 0078
     * @param status OBX-11, table 0085
     * @param time OBX-14; null when it was not sent
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Observed(
            List<CodingView> test,
            String text,
            String number,
            String comparator,
            List<CodingView> codings,
            String unit,
            String unitCode,
            String unitSystem,
            String range,
            List<String> flags,
            String status,
            @Nullable Timed time) {

        public Observed {
            test = some(test);
            text = some(text);
            number = some(number);
            comparator = some(comparator);
            codings = some(codings);
            unit = some(unit);
            unitCode = some(unitCode);
            unitSystem = some(unitSystem);
            range = some(range);
            flags = some(flags);
            status = some(status);
        }
    }

    /**
     * An order that is named.
     *
     * @param group ORC-4
     * @param ordered ORC-9; null when it was not sent
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Requested(
            List<Numbered> numbers,
            String group,
            List<String> parents,
            List<CodingView> service,
            @Nullable Timed ordered) {

        public Requested {
            numbers = some(numbers);
            group = some(group);
            parents = some(parents);
            service = some(service);
        }
    }

    /** A diagnosis; DG1-3 (else DG1-4), DG1-5. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Diagnosed(List<CodingView> diagnosis, @Nullable Timed began) {
        public Diagnosed {
            diagnosis = some(diagnosis);
        }
    }

    /**
     * A number.
     *
     * @param type of table 0203, such as PLAC
     * @param number with {@code ^} and its namespace, where one is sent
     */
    public record Numbered(String type, String number) {}

    /** PV1-2 and PV1-3 of a visit. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Visited(String patientClass, String location) {
        public Visited {
            patientClass = some(patientClass);
            location = some(location);
        }
    }

    /**
     * What is mixed into a compounded drug, or what it is mixed into.
     *
     * @param drug RXC-2, all codings
     * @param amount RXC-3 and RXC-4 in words
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Component(List<CodingView> drug, String amount) {
        public Component {
            drug = some(drug);
            amount = some(amount);
        }

        /** Its name and amount; the code where it has no name. */
        public String words() {
            var words = "";
            for (var one : drug) if (words.isEmpty()) words = one.text();
            for (var one : drug) if (words.isEmpty()) words = one.code();
            return amount.isEmpty() ? words : words + " " + amount;
        }
    }

    /**
     * A time.
     *
     * @param instant ISO 8601; empty when it can't be read
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Timed(String instant, String asSent) {
        public Timed {
            instant = some(instant);
            asSent = some(asSent);
        }
    }

    /** This, and of what it says nothing of the other. */
    Supporting over(Supporting other) {
        return new Supporting(
                first(observations, other.observations),
                first(requests, other.requests),
                first(diagnoses, other.diagnoses),
                first(numbers, other.numbers),
                first(parents, other.parents),
                visit != null ? visit : other.visit,
                first(alternates, other.alternates),
                first(asked, other.asked),
                first(components, other.components));
    }

    private static <T> List<T> first(List<T> one, List<T> other) {
        return one.isEmpty() ? other : one;
    }

    /** What the other says nothing of. */
    Supporting without(Supporting other) {
        return new Supporting(
                unsaid(observations, other.observations),
                unsaid(requests, other.requests),
                unsaid(diagnoses, other.diagnoses),
                unsaid(numbers, other.numbers),
                unsaid(parents, other.parents),
                other.visit == null ? visit : null,
                unsaid(alternates, other.alternates),
                unsaid(asked, other.asked),
                unsaid(components, other.components));
    }

    private static <T> List<T> unsaid(List<T> one, List<T> other) {
        return other.isEmpty() ? one : List.of();
    }

    @JsonIgnore
    public boolean isEmpty() {
        return equals(NONE);
    }

    /** As it is kept; empty when there is nothing. */
    public String json() {
        return isEmpty() ? "" : MAPPER.writeValueAsString(this);
    }

    /** What {@link #json} wrote. */
    public static Supporting of(String json) {
        return json.isEmpty() ? NONE : MAPPER.readValue(json, Supporting.class);
    }

    // What is empty is left out of the JSON, and comes back as null.

    private static <T> List<T> some(@Nullable List<T> all) {
        return all == null ? List.of() : List.copyOf(all);
    }

    private static String some(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** How much only: it is about a patient. */
    @Override
    public String toString() {
        return "Supporting[%d observations, %d requests]"
                .formatted(observations.size(), requests.size());
    }
}
