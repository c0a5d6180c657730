package org.chartbridge.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IsolatesTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Organism",
                "ORGANISM IDENTIFIED",
                "Blood culture isolate 1",
                "Nachgewiesener Keim",
                "Germe",
                "Germ",
                "Bacteria identified",
                "Anaerobic bacterium ID",
                "Fungus identified",
                "Fungi id",
                "Yeast identified",
                "Mycobacterium identified",
                "Mycobacteria.identified"
            })
    void aTestThatAsksWhatGrewIsKnownByItsName(String name) {
        assertThat(Isolates.names("", name, "")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Potassium",
                "Hemoglobin",
                "Glucose",
                "Germanium",
                "Bacteria, urine sediment",
                "Yeast",
                "Fungitell",
                "o",
                "organis",
                "Kei"
            })
    void anotherTestIsNotTakenForOne(String name) {
        assertThat(Isolates.names("", name, "")).isFalse();
    }
}
