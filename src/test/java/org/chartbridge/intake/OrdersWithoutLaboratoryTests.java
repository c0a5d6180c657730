package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.json.JsonMapper;

import java.sql.SQLException;
import java.util.List;

/** What whoever orders is told where no laboratory is found: real intake, rules and database. */
class OrdersWithoutLaboratoryTests {
    private static final JsonMapper JSON = new JsonMapper();
    private static final FhirEngine FHIR = new FhirEngine(AdtEngine.ordering());

    private static final String ORDER =
            """
            {"resourceType": "ServiceRequest", "status": "active", "intent": "order",
             "identifier": [{"type": {"coding": [{"code": "PLAC"}]}, "system": "urn:oid:1.2.3", "value": "%s"}],
             "subject": {"identifier": {"system": "urn:chartbridge:authority:CLINIC", "value": "OW-1"}},
             "requester": {"display": "Ordway, Olga"},
             "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3", "display": "Potassium"}]}}
            """;

    @BeforeAll
    static void somebodyIsKnown() {
        FHIR.engine.send(
                """
                MSH|^~\\&|EMR|CLINIC|||20261103070000||ADT^A04^ADT_A01|OW-ADT|P|2.5.1
                PID|1||OW-1^^^CLINIC^MR||OSWALD^Wendy||19600102|F
                PV1|1|O
                """);
    }

    @AfterAll
    static void stop() {
        FHIR.close();
    }

    private static String order(String version, String id) {
        return FHIR.engine.send(
                """
                MSH|^~\\&|EMR|CLINIC|||20261103080000||ORM^O01|%s|P|%s
                PID|1||OW-1^^^CLINIC^MR||OSWALD^Wendy||19600102|F
                ORC|NW|%s^EMR
                OBR|1|%s^EMR||OSWALD^Wendy 1960^LN
                """
                        .formatted(id, version, id, id));
    }

    @Test
    void theSenderIsToldThatAPersonWillPlaceItAndNotToSendItAgain() {
        var answer = order("2.5.1", "OW-A");

        assertThat(answer)
                .contains("MSA|AA|OW-A")
                .contains("ERR|")
                .contains("OBR^1")
                .contains("|W|not-placed")
                .contains("kept and not sent on yet, a person will place it: no laboratory does");
        assertThat(answer).as("nothing of the message").doesNotContain("Wendy", "OSWALD");
        assertThat(FHIR.engine.lastState()).isEqualTo("charted");
        assertThat(FHIR.engine.one("select destination from delivery order by id desc limit 1"))
                .endsWith("/orders-to-place");
    }

    /** There is no laboratory to be told, and no order to cancel any more. */
    @ParameterizedTest
    @CsvSource({"CA, skipped", "XO, waiting"})
    void theCancelOfWhatAnAlertHeldBeforeItWasPlacedEndsWithIt(String control, String becomes)
            throws SQLException {
        var id = "OW-H" + control;
        var _ = order("2.5.1", id);
        FHIR.engine
                .jdbc
                .sql(
                        "update delivery set destination = destination || '~held' where control_id"
                                + " = :id")
                .param("id", id)
                .update();

        var _ =
                FHIR.engine.send(
                        """
                        MSH|^~\\&|EMR|CLINIC|||20261103090000||ORM^O01|%s-2|P|2.5.1
                        PID|1||OW-1^^^CLINIC^MR||OSWALD^Wendy||19600102|F
                        ORC|%s|%s^EMR
                        OBR|1|%s^EMR||OSWALD^Wendy 1960^LN
                        """
                                .formatted(id, control, id, id));

        var records =
                FHIR.engine
                        .jdbc
                        .sql("select record_id from journal where control_id = :id")
                        .param("id", id)
                        .query(Long.class)
                        .list();
        try (var connection = FHIR.engine.dataSource.getConnection()) {
            HeldOrders.drop(connection, records); // As where orders are screened.
        }

        assertThat(
                        FHIR.engine.list(
                                "select state from delivery where control_id like '"
                                        + id
                                        + "%' order by id"))
                .containsExactly(becomes, becomes);
        assertThat(
                        FHIR.engine.list(
                                "select reason from delivery_decision v join delivery d on d.id ="
                                        + " v.delivery_id where d.control_id = '"
                                        + id
                                        + "-2'"))
                .isEqualTo(
                        becomes.equals("skipped")
                                ? List.of("its order was never sent")
                                : List.of());
        assertThat(
                        FHIR.engine.list(
                                "select 1::text from order_waiting where entity like '%|"
                                        + id
                                        + "|'"))
                .hasSize(becomes.equals("skipped") ? 0 : 1);
    }

    /** ERR knows no severity before 2.5. */
    @Test
    void anOldSenderIsToldInPlainWords() {
        var answer = order("2.3", "OW-B");

        assertThat(answer).contains("MSA|AA|OW-B|kept and not sent on yet, a person will place it");
        assertThat(answer).doesNotContain("ERR|");
    }

    @Test
    void oneOrderOverFhirIsAnsweredWithAWarningAtItsCode() throws Exception {
        var answer = FHIR.post("ServiceRequest", ORDER.formatted("OW-C"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Location").orElse("")).contains("ServiceRequest/");
        var issue = JSON.readTree(answer.body()).path("issue").path(0);
        assertThat(issue.path("severity").asString()).isEqualTo("warning");
        assertThat(issue.path("expression").path(0).asString()).isEqualTo("ServiceRequest.code");
        assertThat(issue.path("diagnostics").asString())
                .startsWith("kept and not sent on yet")
                .contains("no laboratory does this test");
    }

    @Test
    void whoWantsTheOrderBackGetsIt() throws Exception {
        var answer =
                FHIR.post(
                        "ServiceRequest",
                        ORDER.formatted("OW-D"),
                        "Prefer",
                        "return=representation");

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(JSON.readTree(answer.body()).path("resourceType").asString())
                .isEqualTo("ServiceRequest");
    }

    @Test
    void eachEntryOfATransactionSaysIt() throws Exception {
        var answer =
                FHIR.post(
                        "",
                        """
                        {"resourceType": "Bundle", "type": "transaction", "entry": [
                          {"resource": %s, "request": {"method": "POST", "url": "ServiceRequest"}}]}
                        """
                                .formatted(ORDER.formatted("OW-E")));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var response = JSON.readTree(answer.body()).path("entry").path(0).path("response");
        assertThat(response.path("status").asString()).startsWith("201");
        assertThat(response.path("outcome").path("issue").path(0).path("diagnostics").asString())
                .contains("a person will place it");
    }

    /** A change of what waits can't leave before it. */
    @Test
    void aChangeOverFhirSaysThatItWaitsToo() throws Exception {
        var placed =
                FHIR.post(
                        "ServiceRequest",
                        ORDER.formatted("OW-F"),
                        "Prefer",
                        "return=representation");
        var id = JSON.readTree(placed.body()).path("id").asString();

        var changed =
                FHIR.send(
                        "PUT",
                        "ServiceRequest/" + id,
                        ORDER.formatted("OW-F")
                                .replace("\"active\"", "\"revoked\"")
                                .replace(
                                        "\"resourceType\"",
                                        "\"id\": \"" + id + "\", \"resourceType\""),
                        "Prefer",
                        "return=OperationOutcome");

        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(changed.body())
                .contains("ORC-1 CA")
                .contains("kept and not sent on yet")
                .contains("this is no new order");
    }
}
