package org.chartbridge.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.hl7v2.model.v281.segment.MSH;
import ca.uhn.hl7v2.model.v281.segment.OBX;
import ca.uhn.hl7v2.model.v281.segment.PID;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class MessageTests {
    @Test
    void aResultIsRead() throws Exception {
        var raw =
                "MSH|^~\\&|LIS|NORTHLAB^1.2^ISO|EMR|CLINIC|20260101120000+0100||ORU^R01^ORU_R01|42|P|2.5.1\rPID|1||77^^^CLINIC^MR~88^^^X&1.2.3&ISO^PI||Doe^J\\S\\ane\rOBR|1|A|B|123^Sodium^L\rOBX|1|NM|123^Sodium^L||<5|mmol/L\rOBX|2|ZZ|124||C:\\temp\\.br\\x|\r"
                        .getBytes(StandardCharsets.UTF_8);
        var m = ((Reading.Readable) Message.read(raw, StandardCharsets.UTF_8)).message();
        assertThat(m.remarks()).isEmpty();
        assertThat(m.value("MSH-9")).isEqualTo("ORU^R01^ORU_R01");
        assertThat(m.value("MSH-9.2")).isEqualTo("R01");
        assertThat(m.value("MSH-4.3")).isEqualTo("ISO");
        assertThat(m.value("PID-3[2].4.2")).isEqualTo("1.2.3");
        assertThat(m.value("PID-5.2")).isEqualTo("J^ane");
        assertThat(m.value("OBX[2]-5")).isEqualTo("C:\\temp\nx");
        var typed = new TypedSegments(m);
        assertThat(
                        typed.typed(m.lines("PID").get(0), PID.class)
                                .getPatientName(0)
                                .getGivenName()
                                .getValue())
                .isEqualTo("J^ane");
        assertThat(
                        typed.typed(m.lines("MSH").get(0), MSH.class)
                                .getMsh10_MessageControlID()
                                .getValue())
                .isEqualTo("42");
        assertThat(
                        typed.typed(m.lines("OBX").get(1), OBX.class)
                                .getObx5_ObservationValue(0)
                                .getData()
                                .toString())
                .isEqualTo("C:\\temp\nx");
        assertThat(
                        typed.typed(m.lines("OBX").get(0), OBX.class)
                                .getObx5_ObservationValue(0)
                                .getData()
                                .toString())
                .isEqualTo("<5");
    }
}
