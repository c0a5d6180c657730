package org.chartbridge.fakes;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.partner.FileFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Scripts: what they say, and every fault with its line and remedy. */
class ScriptFileTests {
    private final List<FileFault> faults = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "LAB, lab.yaml",
        "LAB, lab-hostile.yaml",
        "EMR, emr.yaml",
        "EMR, emr-hostile.yaml",
        "SPECIALIST, specialist-hostile.yaml",
        "SPECIALIST, specialist.yaml"
    })
    void theExamplesAreRight(Role role, String name) throws IOException {
        var script = ScriptFile.read(role, name, ScriptFile.example(name), faults::add);

        assertThat(faults).isEmpty();
        assertThat(script).isPresent();
    }

    @Test
    void whatIsLeftOutIsUsual() {
        var script =
                ScriptFile.read(Role.LAB, "x.yaml", "role: lab\n".getBytes(UTF_8), faults::add);

        assertThat(script)
                .hasValueSatisfying(
                        lab -> {
                            assertThat(lab.application()).isEqualTo("LIS");
                            assertThat(lab.deduplicates()).isTrue();
                            assertThat(lab.seed()).isNotNegative();
                            assertThat(lab.courses()).isEmpty();
                        });
    }

    @Test
    void stepsAreWordsOrKeys() {
        var script =
                ScriptFile.read(
                        Role.LAB,
                        "x.yaml",
                        "orders:\n  - { every: 2, then: [accepted, { send: final, after: 200ms }] }\n"
                                .getBytes(UTF_8),
                        faults::add);

        assertThat(script.orElseThrow().courses())
                .containsExactly(
                        new Course(
                                new Chance.Every(2),
                                "",
                                List.of(
                                        new Course.Step(Act.ACCEPTED, Duration.ZERO),
                                        new Course.Step(Act.FINAL, Duration.ofMillis(200)))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "role: labb;x.yaml:1: role: no partner \"labb\"; did you mean \"lab\"?",
                "role: emr;this is the script of a emr",
                "rolle: lab;unknown key \"rolle\" of a script; did you mean \"role\"?",
                "sends: { orders: 3 };unknown key \"sends\" of a script",
                "seed: many;seed: \"many\"; wanted a whole number from 0 to 2147483647",
                "seed: -1;wanted a whole number from 0",
                "deduplicates: maybe;deduplicates: neither true nor false; write true or false",
                "connections: 17;wanted a whole number from 1 to 16",
                "name: LIS;name: wanted keys, got \"LIS\"",
                "name: { application: 'A|B' };application: \"A|B\"",
                "answers: silent;answers: wanted a list, got \"silent\"",
                "answers: [{ one-in: 3 }];\"answer\" is missing; add  answer: silent",
                "answers: [{ answer: silnt }];answer: \"silnt\"; did you mean \"silent\"?",
                "answers: [{ answer: AE, one-in: 0 }];one-in: \"0\"; wanted a whole number from 1",
                "answers: [{ answer: AE, one-in: 2, every: 3 }];every and one-in together",
                "answers: [{ answer: AE, after: soon }];after: \"soon\" is no time",
                "answers: [{ answer: AE, after: 25h }];at most 24h",
                "orders: [{ every: 2 }];\"then\" is missing; add  then: [accepted, final]",
                "orders: [{ then: [note] }];a lab sends no \"note\"",
                "orders: [{ then: [finl] }];a lab sends no \"finl\"; did you mean \"final\"?",
                "orders: [{ then: [{ after: 2s }] }];\"send\" is missing",
                "referrals: [{ then: [note] }];unknown key \"referrals\" of a script",
                "[];the script: wanted keys, got a list",
                "'';not YAML",
            })
    void aFaultSaysWhereAndWhatWouldBeRight(String text, String fault) {
        var script =
                ScriptFile.read(Role.LAB, "x.yaml", (text + "\n").getBytes(UTF_8), faults::add);

        assertThat(script).isEmpty();
        assertThat(faults).isNotEmpty();
        if (!fault.equals("not YAML"))
            assertThat(faults.toString()).contains("x.yaml:1").contains(fault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "answers"})
    void aListHasALimit(String key) {
        var item = key.equals("orders") ? "  - { then: [final] }\n" : "  - { answer: AE }\n";
        var text = key + ":\n" + item.repeat(ScriptFile.MAX_RULES + 1);

        var script = ScriptFile.read(Role.LAB, "x.yaml", text.getBytes(UTF_8), faults::add);

        assertThat(script).isEmpty();
        assertThat(faults.toString()).contains("wanted at most " + ScriptFile.MAX_RULES);
    }

    @Test
    void theSameSeedDrawsTheSame() {
        var first =
                IntStream.range(0, 20).map(i -> Chance.draw(7, "A" + i, 0) % 3).boxed().toList();

        var again =
                IntStream.range(0, 20).map(i -> Chance.draw(7, "A" + i, 0) % 3).boxed().toList();
        var other =
                IntStream.range(0, 20).map(i -> Chance.draw(8, "A" + i, 0) % 3).boxed().toList();

        assertThat(again).isEqualTo(first).isNotEqualTo(other);
    }

    @Test
    void oneInAHundredIsAboutOneInAHundred() {
        var hits =
                IntStream.range(0, 10_000)
                        .filter(
                                i ->
                                        new Chance.OneIn(100)
                                                .hits(i, Chance.draw(42, "E-%06d".formatted(i), 3)))
                        .count();

        assertThat(hits).isBetween(60L, 150L);
    }
}
