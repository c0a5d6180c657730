package org.chartbridge.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.HashSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** The messages of a load are what the figures say they are. */
class BenchMessagesTests {
    private static final long FIRST = BenchMessages.FIRST;

    private final BenchMessages messages =
            new BenchMessages("ABCDEFGH", "BENCH", "CHARTED", "20261122080000");

    @Test
    void aMessageHas1300To1500BytesAndTenObx() {
        var content = messages.next().content();

        assertThat(content).hasSizeBetween(1_300, 1_500);
        assertThat(read(content).lines("OBX")).hasSize(10);
        assertThat(read(content).remarks()).isEmpty();
    }

    @Test
    void aMessageSaysWhatItsNumberSays() {
        var message = read(messages.content(FIRST + 42));
        var patient = BenchMessages.patient(FIRST + 42);

        assertThat(message.value("MSH-3")).isEqualTo("BENCH");
        assertThat(message.value("MSH-4")).isEqualTo("CHARTED");
        assertThat(message.value("MSH-10")).isEqualTo(messages.controlId(FIRST + 42));
        assertThat(message.value("OBR-3")).isEqualTo(messages.orderNumber(FIRST + 42));
        assertThat(message.value("ORC-3")).isEqualTo(messages.orderNumber(FIRST + 42));
        assertThat(message.value("PID-3.1")).isEqualTo(BenchMessages.patientNumber(patient));
        assertThat(message.value("PID-5.1")).isEqualTo("INVENTED" + BenchMessages.name(patient));
        for (var n = 0; n < 10; n++) {
            var obx = "OBX[" + (n + 1) + "]";
            assertThat(message.value(obx + "-3.1")).isEqualTo(BenchMessages.TESTS.get(n).code());
            assertThat(message.value(obx + "-5")).isEqualTo(BenchMessages.value(FIRST + 42, n));
        }
    }

    @Test
    void everyControlIdOrderNumberAndValueIsDifferent() {
        var seen = new HashSet<String>();

        for (var i = 0; i < 2_000; i++) {
            var message = read(messages.next().content());
            assertThat(seen.add(message.value("MSH-10"))).isTrue();
            assertThat(seen.add(message.value("OBR-3"))).isTrue();
            for (var obx : message.lines("OBX")) {
                assertThat(seen.add(message.value(obx, 5))).isTrue();
            }
        }
        assertThat(messages.made()).isEqualTo(2_000);
    }

    @Test
    void thereAre1000PatientsAndEachHasOneName() {
        var patients = LongStream.range(FIRST, FIRST + 5_000).mapToInt(BenchMessages::patient);
        var names = IntStream.range(1_000, 2_000).mapToObj(BenchMessages::name);

        assertThat(patients.distinct().count()).isEqualTo(BenchMessages.PATIENTS);
        assertThat(names.distinct().count()).isEqualTo(BenchMessages.PATIENTS);
    }

    @Test
    void runsOfOneSecondDifferAndSoDoSeconds() {
        var now = Instant.parse("2026-11-22T08:00:00Z");

        assertThat(BenchMessages.prefix(now, 1))
                .matches("[A-P]{8}")
                .isNotEqualTo(BenchMessages.prefix(now, 2))
                .isNotEqualTo(BenchMessages.prefix(now.plusSeconds(1), 1));
    }

    @Test
    void aPrefixThatCouldHideInTheTemplateIsRefused() {
        assertThatThrownBy(() -> new BenchMessages("7777", "A", "B", "20261122"))
                .hasMessageContaining("7777");
        assertThatThrownBy(() -> new BenchMessages("", "A", "B", "20261122"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Message read(byte[] content) {
        return ((Reading.Readable) Message.read(content, US_ASCII)).message();
    }
}
