package org.chartbridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.CodingView;
import org.chartbridge.chart.ItemField;
import org.chartbridge.chart.ListKind;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.chart.Registration;
import org.chartbridge.chart.RequestField;
import org.chartbridge.chart.Results;
import org.chartbridge.chart.Supporting;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/**
 * What stands beside an order, a document, a dose, a referral, as data; long because of its
 * messages.
 */
class SupportingTests {
    private static final Mappings MAPPINGS =
            new Mappings(
                    List.of(
                            new ImmunizationFamily(),
                            new AppointmentFamily(),
                            new OrderFamily(),
                            new DocumentFamily(),
                            new ReferralFamily(),
                            new ResultsFamily()));

    private static final String PATIENT = "PID|1||E1^^^CLINIC^MR||EXEMPLAR^Olive||19710412|F\n";

    // ------------------------------------------------------------ observations

    @Test
    void answersAtOrderEntryAreKeptAsData() {
        var observations =
                supporting(
                                "OML^O21",
                                """
                                ORC|NW|P1
                                OBR|1|||K^Potassium^L
                                OBX|1|NM|W^Weight^L^29463-7^Weight^LN||72.50|kg^kilogram^UCUM|50-90|H||||||20261103
                                OBX|2|CWE|FAST^Fasting^L||Y^Yes^HL70136||||||F
                                """)
                        .observations();

        var weight = observations.getFirst();
        assertThat(weight.test()).extracting(CodingView::code).containsExactly("W", "29463-7");
        assertThat(List.of(weight.number(), weight.unit(), weight.unitCode(), weight.range()))
                .containsExactly("72.50", "kilogram", "kg", "50-90");
        assertThat(weight.flags()).containsExactly("H");
        assertThat(weight.time())
                .isEqualTo(new Supporting.Timed("2026-11-03T05:00:00Z", "20261103"));
        assertThat(observations.getLast().codings())
                .extracting(CodingView::code)
                .containsExactly("Y");
    }

    @Test
    void aPowerOfTenInAUnitIsOneUnit() {
        var leucocytes =
                supporting(
                                "OML^O21",
                                """
                                ORC|NW|P1
                                OBR|1|||CBC^Blood count^L
                                OBX|1|NM|WBC^Leucocytes^L||7.2|10^3/uL|||||F
                                """)
                        .observations()
                        .getFirst();

        assertThat(List.of(leucocytes.unit(), leucocytes.unitCode(), leucocytes.unitSystem()))
                .containsExactly("10^3/uL", "", "");
    }

    /** ⚠ What was deleted or is another patient's is shown nowhere. */
    @Test
    void whatWasWithdrawnIsNotKept() {
        assertThat(
                        supporting(
                                        "OML^O21",
                                        """
                                        ORC|NW|P1
                                        OBR|1|||K^Potassium^L
                                        OBX|1|ST|A^A^L||one||||||D
                                        OBX|2|ST|B^B^L||two||||||W
                                        OBX|3|ST|C^C^L||three||||||F
                                        """)
                                .observations())
                .extracting(Supporting.Observed::text)
                .containsExactly("three");
    }

    @Test
    void whatIsEmptyOrNoNumberIsKeptAsItIs() {
        var observations =
                supporting(
                                "OML^O21",
                                """
                                ORC|NW|P1
                                OBR|1|||K^Potassium^L
                                OBX|1|NM|A^A^L||about five|mg||||||||yesterday
                                OBX|2||||
                                """)
                        .observations();

        assertThat(observations.getFirst().number()).isEmpty();
        assertThat(observations.getFirst().text()).isEqualTo("about five");
        assertThat(observations.getFirst().time()).isEqualTo(new Supporting.Timed("", "yesterday"));
        assertThat(observations.getLast().test()).isEmpty();
    }

    @Test
    void ofVeryManyNoMoreThanTheLimitAreKept() {
        var text = new StringBuilder("ORC|NW|P1\nOBR|1|||K^Potassium^L\n");
        for (int i = 0; i < SupportingReader.MAX_OF_A_KIND + 5; i++)
            text.append("OBX|%d|ST|A^A^L|%d|x||||||F\n".formatted(i, i));

        assertThat(supporting("OML^O21", text.toString()).observations())
                .hasSize(SupportingReader.MAX_OF_A_KIND);
    }

    // ------------------------------------------------------------ orders

    /** Without a number of its own an order of a group is told by what is ordered. */
    @Test
    void anOrderWithAGroupNumberOnlyIsChartedAndCancelledByTheSame() {
        var text = "ORC|%s|||G1\nOBR|1|||K^Potassium^L\nOBR|2|||NA^Sodium^L";

        assertThat(list("OML^O21", text.formatted("NW")).items())
                .extracting(ListStatement.Item::key)
                .isEqualTo(
                        list("OML^O21", text.formatted("CA")).items().stream()
                                .map(ListStatement.Item::key)
                                .toList())
                .containsExactly("group G1 K^L", "group G1 NA^L");
    }

    @Test
    void parentsAndFurtherNumbersOfAnOrderAreKept() {
        var supporting =
                supporting(
                        "OML^O21",
                        """
                        ORC|NW|P9||||||PP^PF&LAB
                        OBR|1|P1|F1|K^Potassium^L|||||||||||||||||||||||||PP^PF2||||||||||||||||||||||||ALT^^^EMR
                        """);

        assertThat(supporting.parents()).containsExactly("PP", "PF^LAB", "PF2");
        assertThat(supporting.numbers())
                .extracting(one -> one.type() + " " + one.number())
                .containsExactly("PLAC P9", "PLAC ALT^EMR");
    }

    @Test
    void aVisitIsKeptWhereItHasNoNumberOnly() {
        var order = "ORC|NW|P1\nOBR|1|||K^Potassium^L";

        assertThat(supporting("OML^O21", "PV1|1|O|ER^1\n" + order).visit())
                .isEqualTo(new Supporting.Visited("O", "ER · 1"));
        assertThat(
                        list("OML^O21", "PV1|1|O|ER^1||||||||||||||||V1\n" + order)
                                .items()
                                .getFirst()
                                .fields())
                .doesNotContainKey(ItemField.SUPPORTING);
    }

    // ------------------------------------------------------------ documents and the others

    @Test
    void theOrdersOfADocumentAreKeptWithItAndAreNoOrders() {
        var text =
                """
                ORC|RE|P1|F1|G1
                OBR|1|||ECHO^Echocardiogram^L
                ORC|RE|P2
                TXA|1|DI|TX|20261103||||||||D1
                """;

        assertThat(supporting("MDM^T02", text).requests())
                .extracting(one -> one.numbers().size() + " " + one.group() + one.service().size())
                .containsExactly("2 G11", "1 0");
        assertThat(list("MDM^T02", text).kind()).isEqualTo(ListKind.CLINICAL_DOCUMENT);
    }

    @Test
    void aReferralKeepsWhatItIsForAndTheOrdersBesideIt() {
        var supporting =
                supporting(
                        "REF^I12",
                        """
                        RF1|P|R|||O|R1
                        DG1|1||K63.3^Ulcer^I10||20261001
                        DG1|2|||words only
                        OBR|1|P1||HP^Antibodies^L
                        """);

        assertThat(supporting.diagnoses())
                .extracting(one -> one.diagnosis().getFirst().text())
                .containsExactly("Ulcer", "words only");
        assertThat(supporting.requests()).hasSize(1);
    }

    /** ⚠ Who lists open orders would see the old panel ordered from the cardiologist. */
    @Test
    void aResultThatTravelsWithAReferralIsNotWhatItAsksFor() {
        var result = "OBR|1|||CMP^Panel^L\nOBX|1|NM|NA^Sodium^L||140|mmol/L|||||F\n";
        var referral = "RF1||R|CAR|||R1\n";

        assertThat(service(referral + result)).isNull();
        assertThat(service(referral + result + "OBR|2|||HP^Antibodies^L")).isEqualTo("Antibodies");
        assertThat(service(referral + "OBR|1|||HP^Antibodies^L\n" + result))
                .isEqualTo("Antibodies");
        assertThat(service(referral + "OBX|1|ST|W^Weight^L||72\nOBR|1|||HP^Antibodies^L"))
                .isEqualTo("Antibodies");
    }

    private static @Nullable String service(String referral) {
        var code = list("REF^I12", referral).items().getFirst().fields().get(ItemField.CODE);
        return code == null ? null : code.text();
    }

    @Test
    void eachServiceOfAnAppointmentIsKept() {
        assertThat(
                        supporting("SIU^S12", "SCH|1|A1\nAIS|1||CBC^Count^L\nAIS|2||XR^Chest^L")
                                .requests())
                .hasSize(2);
    }

    @Test
    void aDoseKeepsTheNumberOfItsPlacer() {
        assertThat(supporting("VXU^V04", "ORC|RE|P1|F1\nRXA|0|1|20261103||08^HepB^CVX|1").numbers())
                .containsExactly(new Supporting.Numbered("PLAC", "P1"));
    }

    @Test
    void aResultNamesParentsFurtherNumbersAndTheThirdCode() {
        var update =
                map(
                        "ORU^R01",
                        """
                        ORC|RE|P1|F1|||||PP^PF
                        OBR|1|P1|F1|A^a^L^B^b^L^^^^C^c^X|||||||||||||||||||||||||||||||||||||||||||||||||ALT
                        OBX|1|NM|K^K^L||4||||||F
                        """);
        var request = results(update).reports().getFirst().request();

        assertThat(request.get(RequestField.PARENTS)).isNotNull();
        assertThat(said(request, RequestField.PARENTS)).isEqualTo("PP~PF");
        assertThat(said(request, RequestField.FURTHER_NUMBERS)).isEqualTo("ALT");
        assertThat(said(request, RequestField.FURTHER_CODE)).isEqualTo("c");
    }

    // ------------------------------------------------------------ kept

    @Test
    void whatIsKeptIsReadBackAsItWas() {
        var all =
                supporting(
                        "OML^O21",
                        """
                        PV1|1|O
                        ORC|NW|P1|||||||PP
                        OBR|1|||K^Potassium^L
                        OBX|1|NM|W^Weight^L||<72|kg||||||||2026
                        OBX|2||||
                        """);

        assertThat(Supporting.of(all.json())).isEqualTo(all);
        assertThat(Supporting.of("")).isEqualTo(Supporting.NONE);
        assertThat(Supporting.NONE.json()).isEmpty();
        assertThat(all.toString()).doesNotContain("Weight");
    }

    @Test
    void whereNothingStandsBesideNothingIsKept() {
        assertThat(list("OML^O21", "ORC|NW|P1\nOBR|1|||K^Potassium^L").items().getFirst().fields())
                .doesNotContainKey(ItemField.SUPPORTING);
    }

    private static String said(
            Map<RequestField, org.chartbridge.chart.FieldValue> request, RequestField field) {
        var value = request.get(field);
        return value == null ? "" : value.text();
    }

    private static Supporting supporting(String type, String text) {
        var field = list(type, text).items().getFirst().fields().get(ItemField.SUPPORTING);
        return field == null ? Supporting.NONE : Supporting.of(field.code());
    }

    private static ListStatement list(String type, String text) {
        return registration(map(type, text)).lists().getFirst();
    }

    private static Mapped.Update map(String type, String text) {
        var mapped =
                MAPPINGS.map(
                        Sent.message(
                                "MSH|^~\\&|EMR|CLINIC|CB|CLINIC|20261103080000||"
                                        + type
                                        + "|C1|P|2.5.1\n"
                                        + PATIENT
                                        + text),
                        Sent.NORTHLAB);
        if (mapped instanceof Mapped.Update update) return update;
        throw new AssertionError(mapped.toString());
    }

    private static Registration registration(Mapped.Update update) {
        for (var part : update.update().parts())
            if (part instanceof Registration registration) return registration;
        throw new AssertionError("nothing stated");
    }

    private static Results results(Mapped.Update update) {
        for (var part : update.update().parts())
            if (part instanceof Results results) return results;
        throw new AssertionError("no results");
    }
}
