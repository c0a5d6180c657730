package org.chartbridge.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.Surviving.OneNumber;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** HL7-RULES §6: after a merge the patient is who the number that stays says. */
class SurvivingTests {
    private static final DemographicField PHONE = DemographicField.PHONE;

    @Test
    void aDuplicateThatWasRegisteredLaterOverwritesNothing() {
        var stays = Map.of(PHONE, said("555-0001", 700));

        assertThat(phone(stays, merged(800, said("555-9999", 730)))).isEqualTo("555-0001");
    }

    @Test
    void whatIsSaidUnderTheOldNumberAfterTheMergeCounts() {
        var stays = Map.of(PHONE, said("555-0001", 700));

        assertThat(phone(stays, merged(800, said("555-0002", 900)))).isEqualTo("555-0002");
    }

    @Test
    void whatNobodySaidOfTheNumberThatStaysIsTakenFromTheOther() {
        assertThat(phone(Map.of(), merged(800, said("555-0002", 700)))).isEqualTo("555-0002");
    }

    @Test
    void whatWasDeletedOfTheNumberThatStaysDoesNotComeBack() {
        var stays = Map.of(PHONE, said("", 750));

        assertThat(phone(stays, merged(800, said("555-0002", 700)))).isEmpty();
    }

    /** Of numbers that are both in use (A24) the later word stands. */
    @Test
    void ofALinkedNumberTheLaterWordStands() {
        var stays = Map.of(PHONE, said("555-0001", 700));

        assertThat(phone(stays, new OneNumber(Map.of(PHONE, said("555-0002", 730)), null)))
                .isEqualTo("555-0002");
        assertThat(phone(stays, new OneNumber(Map.of(PHONE, said("555-0002", 630)), null)))
                .isEqualTo("555-0001");
    }

    @Test
    void theOrderOfTheOtherNumbersPlaysNoPart() {
        long seed = System.nanoTime();
        System.out.println("SurvivingTests seed " + seed);
        var random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            var stays = some(random);
            var others = new ArrayList<OneNumber>();
            for (int i = random.nextInt(5); i > 0; i--)
                others.add(
                        new OneNumber(
                                some(random),
                                random.nextBoolean() ? null : moment(random.nextInt(1_000))));
            var wanted = new TreeMap<>(Surviving.of(stays, others));

            Collections.shuffle(others, random);

            assertThat(new TreeMap<>(Surviving.of(stays, others)))
                    .as("seed " + seed)
                    .isEqualTo(wanted);
        }
    }

    private int entry;

    private Map<DemographicField, Stated> some(Random random) {
        var some = new EnumMap<DemographicField, Stated>(DemographicField.class);
        for (var field : List.of(PHONE, DemographicField.CITY, DemographicField.STATE))
            if (random.nextBoolean())
                some.put(field, said("" + random.nextInt(), random.nextInt(1_000)));
        return some;
    }

    private static OneNumber merged(int minute, Stated phone) {
        return new OneNumber(Map.of(PHONE, phone), moment(minute));
    }

    private static @Nullable String phone(Map<DemographicField, Stated> stays, OneNumber other) {
        var phone = Surviving.of(stays, List.of(other)).get(PHONE);
        return phone == null ? null : phone.value().text();
    }

    private Stated said(String text, int minute) {
        return new Stated(
                FieldValue.of(text, "PID-13"),
                new Moment(Moment.MASTER, at(minute), at(minute), ++entry),
                "emr");
    }

    private static Moment moment(int minute) {
        return new Moment(Moment.MASTER, at(minute), at(minute), 0);
    }

    private static Instant at(int minute) {
        return Instant.parse("2026-11-22T00:00:00Z").plusSeconds(60L * minute);
    }
}
