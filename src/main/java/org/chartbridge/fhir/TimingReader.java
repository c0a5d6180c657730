package org.chartbridge.fhir;

import org.chartbridge.placing.Placed;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Dosage;
import org.hl7.fhir.r4.model.Duration;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Timing;
import org.hl7.fhir.r4.model.Timing.TimingRepeatComponent;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * When medication is given, as TQ1 says it: a code of table 0335 (HL7 v2.5.1 §2.A.64). What has no
 * code there is a fault ⚠: how often must not depend on who reads it.
 */
final class TimingReader {
    private static final String IN_WORDS =
            "How often this is can't be sent as a code; say it in dosageInstruction.text and leave"
                    + " this out.";

    private static final Set<String> OF_REPEAT =
            Set.of(
                    "id",
                    "extension",
                    "bounds[x]",
                    "count",
                    "frequency",
                    "period",
                    "periodUnit",
                    "when");

    /** A last day is meant whole, wherever it is. */
    private static final java.time.Duration A_DAY = java.time.Duration.ofDays(2);

    /** GTS abbreviations whose letters are others in table 0335. */
    private static final Map<String, String> ABBREVIATIONS =
            Map.of("QD", "Q1D", "AM", "QAM", "PM", "QPM", "BED", "QHS", "WK", "Q1W", "MO", "Q1L");

    /** A time of the day that is said alone. */
    private static final Map<String, String> EVENTS =
            Map.of("HS", "QHS", "MORN", "QAM", "EVE", "QPM");

    private final MedicationReader reader;
    private final String path;
    private final List<String> words = new ArrayList<>();

    /**
     * @param path of the dosage
     */
    TimingReader(MedicationReader reader, String path) {
        this.reader = reader;
        this.path = path;
    }

    /** What was said in words only. */
    List<String> words() {
        return List.copyOf(words);
    }

    Placed.Timing read(Dosage said) {
        var timing = said.getTiming();
        var its = path + ".timing";
        reader.only(timing, its, Set.of("id", "extension", "event", "repeat", "code"), IN_WORDS);
        var repeat = timing.getRepeat();
        reader.only(repeat, its + ".repeat", OF_REPEAT, IN_WORDS);
        var coded = coded(timing, its + ".code");
        var counted = counted(repeat, its + ".repeat");
        if (!coded.isEmpty() && !counted.isEmpty() && !coded.equals(counted))
            reader.fault(
                    IssueType.VALUE, its, "code and repeat say different things; say one of them.");
        var often = coded.isEmpty() ? counted : coded;
        var begins = "";
        var ends = "";
        var lasts = "";
        var unit = "";
        switch (repeat.getBounds()) {
            case Period period -> {
                // ⚠ What is over is neither active nor screened, and would be sent all the same.
                if (period.hasEnd()
                        && period.getEnd().toInstant().plus(A_DAY).isBefore(reader.now()))
                    reader.fault(
                            IssueType.VALUE,
                            its + ".repeat.bounds.end",
                            "This is over already, so it can't be screened; give an end that is to"
                                    + " come, or none.");
                begins = time(period.getStartElement());
                ends = time(period.getEndElement());
            }
            case Duration duration -> {
                lasts = duration.hasValue() ? duration.getValue().toPlainString() : "";
                unit =
                        reader.line(
                                duration.hasCode() ? duration.getCode() : duration.getUnit(),
                                its + ".repeat.bounds.code",
                                ElementReader.MAX_VALUE);
                if (lasts.isEmpty() || unit.isEmpty() || duration.hasComparator())
                    reader.fault(
                            IssueType.VALUE,
                            its + ".repeat.bounds",
                            "For how long is one number with its unit.");
            }
            case null -> {}
            default ->
                    reader.fault(
                            IssueType.NOTSUPPORTED,
                            its + ".repeat.bounds",
                            "From when to when is a Period or a Duration.");
        }
        var count = repeat.hasCount() ? Integer.toString(repeat.getCount()) : "";
        if (timing.hasEvent()) {
            if (timing.getEvent().size() > 1 || timing.hasRepeat() || timing.hasCode())
                reader.fault(IssueType.NOTSUPPORTED, its + ".event", IN_WORDS);
            often = "Once"; // Table 0335: one time only, at TQ1-7.
            begins = time(timing.getEvent().getFirst());
        }
        var condition = "";
        if (said.getAsNeeded() instanceof CodeableConcept concept) {
            condition = reader.words(concept, path + ".asNeeded");
            words.add("as needed: " + condition);
        }
        boolean needed =
                said.getAsNeeded() instanceof CodeableConcept
                        || (said.getAsNeeded() instanceof BooleanType yes && yes.booleanValue());
        return new Placed.Timing(
                needed ? "PRN" + often : often, lasts, unit, begins, ends, condition, count);
    }

    private String coded(Timing timing, String its) {
        if (!timing.hasCode()) return "";
        var code = timing.getCode().getCodingFirstRep().getCode();
        if (code == null) {
            words.add(reader.words(timing.getCode(), its));
            return "";
        }
        var upper = code.toUpperCase(Locale.ROOT);
        if (timing.getCode().hasText() && !timing.getCode().getText().equalsIgnoreCase(code))
            words.add(reader.words(timing.getCode(), its));
        if (upper.matches("[A-Z0-9]{1,20}")) return ABBREVIATIONS.getOrDefault(upper, upper);
        reader.fault(IssueType.VALUE, its + ".coding[0].code", IN_WORDS);
        return "";
    }

    private String counted(TimingRepeatComponent repeat, String its) {
        boolean often = repeat.hasFrequency() || repeat.hasPeriod() || repeat.hasPeriodUnit();
        int times = repeat.hasFrequency() ? repeat.getFrequency() : 1;
        var unit = repeat.hasPeriodUnit() ? repeat.getPeriodUnit().toCode() : "";
        boolean whole =
                repeat.hasPeriod()
                        && repeat.getPeriod().stripTrailingZeros().scale() <= 0
                        && repeat.getPeriod().signum() > 0;
        var period = whole ? repeat.getPeriod().toBigInteger().toString() : "";
        boolean daily = times == 1 && period.equals("1") && unit.equals("d");
        if (repeat.hasWhen()) {
            var event = EVENTS.get(repeat.getWhen().getFirst().getCode());
            if (event != null && repeat.getWhen().size() == 1 && (!often || daily)) return event;
            reader.fault(IssueType.NOTSUPPORTED, its + ".when", IN_WORDS);
            return "";
        }
        if (!often) return "";
        var found = pattern(times, period, unit);
        if (found.isEmpty()) reader.fault(IssueType.NOTSUPPORTED, its + ".frequency", IN_WORDS);
        return found;
    }

    /** Table 0335; empty for what it has no code for. */
    private static String pattern(int times, String period, String unit) {
        if (period.isEmpty() || times < 1) return "";
        if (times > 1)
            return !period.equals("1") || !unit.equals("d")
                    ? ""
                    : switch (times) {
                        case 2 -> "BID";
                        case 3 -> "TID";
                        case 4 -> "QID";
                        default -> times + "ID";
                    };
        return switch (unit) {
            case "s" -> "Q" + period + "S";
            case "min" -> "Q" + period + "M";
            case "h" -> "Q" + period + "H";
            case "d" -> "Q" + period + "D";
            case "wk" -> "Q" + period + "W";
            case "mo" -> "Q" + period + "L"; // "Months (lunar cycle)" in the words of the table.
            default -> "";
        };
    }

    private static String time(DateTimeType when) {
        return when.isEmpty() ? "" : ElementReader.time(when);
    }
}
