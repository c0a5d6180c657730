package org.chartbridge.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.hl7.Samples.MSH;
import static org.chartbridge.hl7.Samples.message;

import ca.uhn.hl7v2.model.v281.segment.MSH;
import ca.uhn.hl7v2.model.v281.segment.NTE;
import ca.uhn.hl7v2.model.v281.segment.OBR;
import ca.uhn.hl7v2.model.v281.segment.OBX;
import ca.uhn.hl7v2.model.v281.segment.PID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypedSegmentsTests {
    @Test
    void aSegmentOfAnyVersionIsReadAsTheLatest() throws Exception {
        var message = message(Samples.RESULT.replace("2.5.1", "2.2"));
        var typed = new TypedSegments(message);

        var pid = typed.typed(message.line("PID", 1).orElseThrow(), PID.class);
        var obr = typed.typed(message.line("OBR", 1).orElseThrow(), OBR.class);
        var msh = typed.typed(message.lines().getFirst(), MSH.class);

        assertThat(pid.getPatientIdentifierListReps()).isEqualTo(2);
        assertThat(
                        pid.getPatientIdentifierList(1)
                                .getAssigningAuthority()
                                .getUniversalID()
                                .getValue())
                .isEqualTo("1.2.3");
        assertThat(pid.getPatientName(0).getFamilyName().getSurname().getValue())
                .isEqualTo("Testfrau");
        assertThat(obr.getUniversalServiceIdentifier().getText().getValue())
                .isEqualTo("Metabolic panel");
        assertThat(msh.getEncodingCharacters().getValue()).isEqualTo("^~\\&");
        assertThat(msh.getMessageType().getTriggerEvent().getValue()).isEqualTo("R01");
        assertThat(typed.faults()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "NM; 140; 140",
                "NM; <5; <5",
                "NM; NOVALUE; NOVALUE",
                "ST; C:\\temp; C:\\temp",
                "ST; a\\T\\b; a&b",
                "ST; \\XC3BC\\; ü",
                "TX; one\\.br\\two; one↵two",
                "''; free text; free text",
                "TN; 555; 555",
                "QQ; what; what",
                "DTM; yesterday; yesterday",
                "NM; \"\"; \"\""
            })
    void aResultOfAnyTypeKeepsItsText(String type, String sent, String text) {
        var message = message(MSH + "\rOBX|1|" + type + "|K||" + sent + "|u|||||F\r");

        var obx = new TypedSegments(message).typed(message.line("OBX", 1).orElseThrow(), OBX.class);

        assertThat(obx.getObservationValue(0).getData().toString())
                .isEqualTo(text.replace('↵', '\n'));
        assertThat(obx.getObservationResultStatus().getValue()).isEqualTo("F");
    }

    @Test
    void codedAndStructuredResultsHaveTheirParts() throws Exception {
        var message =
                message(
                        MSH
                                + "\r"
                                + "OBX|1|CE|K||260373001^Detected\\T\\more^SCT\r"
                                + "OBX|2|SN|K||>^100^-^200\r"
                                + "OBX|3|NM|K||60~120\r");
        var typed = new TypedSegments(message);

        var coded = typed.typed(message.line("OBX", 1).orElseThrow(), OBX.class);
        var numbers = typed.typed(message.line("OBX", 2).orElseThrow(), OBX.class);
        var repeated = typed.typed(message.line("OBX", 3).orElseThrow(), OBX.class);

        assertThat(coded.getObservationValue(0).encode()).contains("260373001");
        assertThat(numbers.getObservationValue(0).getData().getName()).isEqualTo("SN");
        assertThat(repeated.getObservationValueReps()).isEqualTo(2);
    }

    @Test
    void theSendersDelimitersDoNotMatter() {
        var message = message("MSH$*%!@$L$A$$$7$$ORU*R01$1$P$2.3\rNTE$1$$a | b ^ c\r");

        var nte = new TypedSegments(message).typed(message.line("NTE", 1).orElseThrow(), NTE.class);

        assertThat(nte.getComment(0).getValue()).isEqualTo("a | b ^ c");
    }

    @Test
    void noncharactersInTextCutNothing() {
        var message = message(MSH + "\rNTE|1||a\uFDD0b\r");

        var nte = new TypedSegments(message).typed(message.line("NTE", 1).orElseThrow(), NTE.class);

        assertThat(nte.getComment(0).getValue()).isEqualTo("a\uFFFDb");
    }
}
