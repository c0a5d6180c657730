package org.chartbridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A second PID among orders: earlier results of the patient, or somebody else. §4.4.6. */
class SecondPatientTests {

    /** ⚠ Somebody else's order would be charted, and sent, as the first one's. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    M2^^^CLINIC^MR||ROE^Rick||19750525|M  ; another number, name and birth date
                    M2^^^CLINIC^MR||DOE^Jane||19750525|F  ; another number and birth date
                    M2^^^CLINIC^MR||ROE^Jane||19710203|F  ; another number and name
                    M2^^^CLINIC^MR                        ; another number, and nothing else
                    M2^^^CLINIC^MR||DOE^Jane              ; another number and no birth date
                    ||ROE^Rick||19750525                  ; another name and birth date
                    ||ROE^Rick                            ; another name
                    M1^^^CLINIC^MR||ROE^Rick||19750525|M  ; the number alone is the same
                    """)
    void ordersOfSomebodyElseAreRefused(String second, String why) {
        for (var control : new String[] {"ORC|NW|P2", "ORC|RE|P2"})
            assertThat(mapped("OML^O21", second, control)).as(why).isEqualTo("several-patients");
        assertThat(mapped("OMG^O19", second, "ORC|NW|P2")).isEqualTo("several-patients");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    M1^^^CLINIC^MR||DOE^Jane||19710203|F         ; the same again
                    M1^^^CLINIC^MR                               ; less of the same
                    M1^^^CLINIC^MR||BORN^Jane||19710203|F        ; under her former name
                    M1^^^CLINIC^MR||DOE^Jane||19710204|F         ; with another birth date
                    LAB-7^^^LAB^PI||Doe^Jane||197102030000|F     ; under another number
                    ||DOE^Jane                                   ; without a number
                    ''                                           ; with nothing at all
                    """)
    void earlierResultsMaySayThePatientOtherwise(String second, String why) {
        assertThat(mapped("OML^O21", second, "ORC|RE|P2")).as(why).isEqualTo("charted");
    }

    private static String mapped(String type, String second, String control) {
        var message =
                Sent.message(
                        "MSH|^~\\&|EMR|CLINIC|||20261103080000||"
                                + type
                                + "|H1|P|2.5.1\nPID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F\n"
                                + "ORC|NW|P1\nOBR|1|P1||NA^Sodium\nPID|2||"
                                + second
                                + "\n"
                                + control
                                + "\nOBR|1|P2||CBC^Count\n");
        return switch (new OrderFamily().map(message, Sent.NORTHLAB)) {
            case Mapped.Update _ -> "charted";
            case Mapped.NotUnderstood not -> not.faults().getFirst().reason();
            case Mapped other -> other.toString();
        };
    }
}
