package org.chartbridge.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;

import org.chartbridge.ChartbridgeApplication;
import org.chartbridge.FreePort;
import org.chartbridge.database.TestDatabase;
import org.chartbridge.intake.Arrival;
import org.chartbridge.intake.Decisions;
import org.chartbridge.intake.Decisions.By;
import org.chartbridge.intake.PartnersInService;
import org.chartbridge.intake.Reception;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The page for the unmatched in a browser: held messages of a real engine, decided by keyboard. */
@SpringBootTest(classes = ChartbridgeApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UnmatchedPagesTests {
    private static final TestDatabase DATABASE = TestDatabase.fresh();
    private static Browser browser;

    @TempDir static Path routes;

    @Value("${local.server.port}")
    int port;

    @Autowired Reception reception;
    @Autowired PartnersInService partners;
    @Autowired Decisions decisions;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) throws IOException {
        ConsolePages.settings(registry, DATABASE);
        partner("emr", "create", "master");
        partner("northlab", "match", "evidence");
        write(
                "emr/clinic-providers.csv",
                """
                number,authority,family,given,from,to
                77,,Rao,Priya,,
                66,NPI,Quist,Quentin,2020-01-01,2020-12-31
                """);
        placedHere();
        registry.add("chartbridge.routes", () -> routes.toString());
    }

    /** Who orders here, and two laboratories. */
    private static void placedHere() throws IOException {
        write(
                "clinic/partner.yaml",
                """
                sender: { application: CB, facility: CLINIC }
                zone: America/New_York
                patients: match
                """);
        write(
                "clinic/ordering.csv",
                """
                lab,test,priority
                stat,,S
                north,,R
                """);
        write(
                "clinic/in.yaml",
                """
                - route:
                    id: clinic-in
                    from:
                      uri: fhir
                      steps:
                        - to: { uri: chart }
                        - to: { uri: order }
                """);
        laboratory("stat", "2823-3,POT,Potassium,STAT,BLDV,");
        laboratory("north", "2823-3,K,Potassium,N,SER,\n2345-7,GLU,Glucose,N,SER,49541-6");
    }

    private static void laboratory(String name, String tests) throws IOException {
        write(
                name + "/partner.yaml",
                "name: Lab " + name + "\nzone: UTC\nsender: { application: " + name + " }");
        write(
                name + "/compendium.csv",
                "code,lab-code,lab-name,lab-system,specimen,ask\n" + tests + "\n");
        write(
                name + "/out.yaml",
                """
                - route:
                    id: %1$s-out
                    from:
                      uri: outbox:%1$s/orders
                      steps:
                        - to: { uri: "mllp:127.0.0.1:%2$d" }
                """
                        .formatted(name, FreePort.take()));
    }

    private static void write(String file, String text) throws IOException {
        var path = routes.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private static void partner(String name, String patients, String demographics)
            throws IOException {
        var folder = Files.createDirectories(routes.resolve(name));
        Files.writeString(
                folder.resolve("partner.yaml"),
                """
                sender: { application: %1$s }
                zone: America/New_York
                patients: %2$s
                demographics: %3$s
                unidentified: alone
                """
                        .formatted(name, patients, demographics));
        Files.writeString(
                folder.resolve("in.yaml"),
                """
                - route:
                    id: %1$s-in
                    from:
                      uri: mllp:127.0.0.1:%2$d
                      steps:
                        - to: { uri: chart }
                """
                        .formatted(name, FreePort.take()));
    }

    @BeforeAll
    static void open() {
        browser = Browser.start();
    }

    @AfterAll
    static void close() {
        if (browser != null) browser.close();
        DATABASE.close();
    }

    private void send(String partner, String controlId, String type, String... segments) {
        var message =
                "MSH|^~\\&|%s|X|EMR|CLINIC|20261122120000||%s|%s|P|2.5.1\r%s\r"
                        .formatted(partner, type, controlId, String.join("\r", segments));
        var route = partner + "-in";
        var reply =
                reception.receive(
                        new Arrival(
                                partners.find(partner, route).orElseThrow(),
                                route,
                                "127.0.0.1:4711",
                                Instant.now(),
                                message.getBytes(StandardCharsets.UTF_8)));
        var _ = reply.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private void result(String controlId, String pid, String value, String flag) {
        send(
                "northlab",
                controlId,
                "ORU^R01",
                "PID|1||" + pid,
                "OBR|1||N-"
                        + controlId
                        + "|2823-3^Potassium^LN|||20261122074500|||||||||||||||||||F",
                "OBX|1|NM|2823-3^Potassium^LN||" + value + "|mmol/L|3.5-5.1|" + flag + "|||F");
    }

    private String state(String controlId) {
        return DATABASE.jdbc()
                .sql("select state from journal where control_id = ?")
                .param(controlId)
                .query(String.class)
                .single();
    }

    private void becomes(String controlId, String state) {
        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(state(controlId)).isEqualTo(state));
    }

    private void signable(String controlId, String obr25, String value) {
        send(
                "emr",
                controlId,
                "ORU^R01",
                "PID|1||M77^^^CLINIC^MR||SIGNER^Sissy||19500505|F",
                "ORC|RE|P-77^EMR|F-77^LAB",
                "OBR|1|P-77^EMR|F-77^LAB|2823-3^Potassium^LN|||20261122074500|||||||||77^Signe^Sven|||||||||"
                        + obr25,
                "OBX|1|NM|2823-3^Potassium^LN||"
                        + value
                        + "|mmol/L|3.5-5.1|N|||"
                        + (obr25.equals("P") ? "P" : obr25));
    }

    private Page ordering(String number) {
        send(
                "emr",
                "A-" + number,
                "ADT^A04",
                "PID|1||" + number + "^^^CLINIC^MR||PLACER^Petra||19610302|F",
                "PV1|1|O",
                "IN1|1|PLAN-7|4400|Invented Health");
        var page = browser.context("http://127.0.0.1:" + port, 1440, ColorScheme.LIGHT).newPage();
        Browser.logIn(page);
        page.navigate("/patients/" + person(number));
        Browser.click(page, "text=Place an order");
        return page;
    }

    private static long orders(String number) {
        return DATABASE.jdbc()
                .sql(
                        "select count(*) from placed_order o join patient_record r on r.id ="
                                + " o.record_id where r.id_value = ? and o.partner = 'clinic'")
                .param(number)
                .query(Long.class)
                .single();
    }

    private static long deliveries(String destination) {
        return DATABASE.jdbc()
                .sql("select count(*) from delivery where destination = ?")
                .param(destination)
                .query(Long.class)
                .single();
    }

    private static void add(Page page, String words, String name) {
        page.fill("#words", words);
        Browser.press(page, "Enter");
        Browser.click(page, "button[aria-label^='Add " + name + "']");
    }

    @Test
    void anOrderIsPlacedAsItWasShownAndOnceHoweverOftenItIsSent() {
        var page = ordering("M81");
        add(page, "glu lab north", "Glucose");
        assertThat(page.textContent(".chosen")).contains("No laboratory is found", "asks 49541-6");
        page.fill("[id='answer-0-49541-6']", "fasting since 8 h");
        page.fill("#family", "Ordway");
        page.fill("#diagnoses", "E87.5 Hyperkalemia");
        page.fill("#copies", "Rao, Priya, 99");
        Browser.click(page, "button:has-text('Look again')");
        assertThat(page.textContent(".chosen"))
                .contains("Goes to Lab north", "clinic/ordering.csv");
        look(page, "place-order");
        var form = page.inputValue("input[name=form]");
        var fields =
                page.evaluate(
                        "new URLSearchParams(new"
                                + " FormData(document.querySelector('form.ordering'))).toString() +"
                                + " '&do=place'");
        long sent = deliveries("north/orders");

        Browser.click(page, "text=Place the order");
        assertThat(page.url()).contains("/open-orders/order/");
        assertThat(page.textContent("[role=status]")).contains("Ordered");
        look(page, "order-placed");
        page.navigate("/patients/" + person("M81") + "/order");
        var again =
                page.evaluate(
                        "body => fetch(location.pathname, {method: 'POST', body, headers:"
                            + " {'Content-Type': 'application/x-www-form-urlencoded'}}).then(r =>"
                            + " r.text())",
                        fields);

        assertThat(String.valueOf(again)).contains("This was ordered before");
        assertThat(orders("M81")).isEqualTo(1);
        assertThat(deliveries("north/orders")).isEqualTo(sent + 1);
        assertThat(
                        DATABASE.jdbc()
                                .sql(
                                        "select convert_from(m.content, 'UTF8') from raw_message m"
                                                + " join journal j on j.id = m.entry_id where"
                                                + " j.control_id = ?")
                                .param("CP-" + form)
                                .query(String.class)
                                .single())
                .contains("ORC|NW|CP" + form + "^CHARTBRIDGE")
                .contains("IN1|1|PLAN-7|4400|Invented Health")
                .contains("|99^Rao^Priya|")
                .contains("OBX|1|ST|49541-6||fasting since 8 h||||||O")
                .contains("DG1|1||E87.5^Hyperkalemia^I10C");
        page.context().close();
    }

    @Test
    void aFaultIsToldBesideItsFieldAndNothingTypedIsLost() {
        var page = ordering("M82");
        add(page, "2823-3", "Potassium");
        page.fill("#collected", "this morning");
        page.fill("#note", "by <b>hand</b>");

        Browser.click(page, "text=Place the order");

        assertThat(page.textContent("#fault-family")).contains("Say who orders");
        assertThat(page.textContent("#fault-collected")).contains("2026-11-03 08:15");
        assertThat(page.inputValue("#collected")).isEqualTo("this morning");
        assertThat(page.inputValue("#note")).isEqualTo("by <b>hand</b>");
        assertThat(page.locator(".chosen > li").count()).isEqualTo(1);
        assertThat(new AxeBuilder(page).analyze().getViolations()).isEmpty();
        look(page, "place-order-faults");
        assertThat(orders("M82")).isZero();
        page.context().close();
    }

    /** ⚠ Whoever orders has seen to which laboratory it goes. */
    @Test
    void whatWouldGoElsewhereThanShownIsShownBeforeItIsPlaced() {
        var page = ordering("M83");
        add(page, "potas", "Potassium");
        page.fill("#family", "Ordway");
        assertThat(page.textContent(".chosen")).contains("Goes to Lab north");
        long before = deliveries("stat/orders");

        page.selectOption("#priority", "S");
        Browser.click(page, "text=Place the order");

        assertThat(page.textContent("#fault-where")).contains("look again");
        assertThat(page.textContent(".chosen")).contains("Goes to Lab stat");
        assertThat(orders("M83")).isZero();
        Browser.click(page, "text=Place the order");
        assertThat(page.textContent("[role=status]")).contains("Ordered");
        assertThat(deliveries("stat/orders")).isEqualTo(before + 1);
        page.context().close();
    }

    @Test
    void whatNoLaboratoryIsFoundForWaitsOnlyWhenThatIsConfirmed() {
        var page = ordering("M84");
        add(page, "potas", "Potassium");
        page.fill("#family", "Ordway");
        page.selectOption("#priority", "A"); // No row of ordering.csv fits.
        Browser.click(page, "button:has-text('Look again')");

        Browser.click(page, "text=Place the order");
        assertThat(page.textContent("#fault-anyway")).contains("Confirm this");
        assertThat(orders("M84")).isZero();
        page.check("#anyway");
        Browser.click(page, "text=Place the order");

        assertThat(page.textContent("[role=status]")).contains("Ordered");
        assertThat(deliveries("clinic/orders-to-place")).isPositive();
        page.context().close();
    }

    /** ⚠ A correction is not what was signed, and nobody signs what they have not seen. */
    @Test
    void aReportIsSignedAsItWasShownAndACorrectionLeavesItUnsigned() {
        send(
                "emr",
                "S0",
                "OML^O21",
                "PID|1||M77^^^CLINIC^MR||SIGNER^Sissy||19500505|F",
                "ORC|NW|P-77^EMR",
                "OBR|1|P-77^EMR||2823-3^Potassium^LN");
        signable("S1", "P", "4.1");
        var page = browser.context("http://127.0.0.1:" + port, 1440, ColorScheme.LIGHT).newPage();
        Browser.logIn(page);
        var person =
                DATABASE.jdbc()
                        .sql("select person_id from patient_record where id_value = 'M77'")
                        .query(String.class)
                        .single();
        page.navigate("/patients/" + person);
        assertThat(page.locator("form.sign").count()).as("preliminary").isZero();

        signable("S2", "F", "4.2");
        page.navigate("/to-sign?orderer=Sven%20Signe");
        look(page, "to-sign");
        assertThat(page.locator(".item").count()).as("final and not signed").isEqualTo(1);
        assertThat(page.textContent(".item"))
                .contains("SIGNER, Sissy", "Potassium", "for Sven Signe")
                .doesNotContain("4.2");
        page.navigate("/to-sign?orderer=Nobody%20Known%22%3E");
        assertThat(page.textContent("main")).contains("Nothing of theirs");
        page.navigate("/to-sign");
        Browser.click(page, "a.row-link:has-text('SIGNER')");
        assertThat(page.url()).contains("/patients/" + person + "#report-");
        signable("S3", "C", "7.2"); // Charted while somebody looks at the value before.
        Browser.click(page, "form.sign button");
        assertThat(page.textContent("[role=alert]")).contains("has changed since it was shown");
        assertThat(page.textContent("article.report")).doesNotContain("Signed by");

        Browser.click(page, "form.sign button");
        assertThat(page.textContent("article.report")).contains("Signed by admin");
        assertThat(page.locator("form.sign").count()).isZero();
        look(page, "signed");
        page.navigate("/to-sign");
        assertThat(page.textContent("main")).doesNotContain("SIGNER");
        var order =
                DATABASE.jdbc()
                        .sql("select max(id) from placed_order where placer_number like 'P-77%'")
                        .query(Long.class)
                        .single();
        page.navigate("/open-orders/order/" + order);
        assertThat(page.textContent("main")).contains("Signed");

        signable("S4", "C", "7.4");
        page.navigate("/patients/" + person);
        assertThat(page.textContent("article.report")).contains("Changed since admin signed");
        assertThat(page.locator("form.sign").count()).isEqualTo(1);
        look(page, "changed-since-signed");
        page.navigate("/to-sign");
        assertThat(page.textContent(".item:has-text('SIGNER')"))
                .contains("Changed since admin signed");
        page.navigate("/patients/" + person + "/reports/999999999");
        assertThat(page.url()).endsWith("/patients/" + person);
        page.context().close();
    }

    /** First, because it says what waits and picks by place. */
    @Test
    @Order(1)
    void aPersonLinksByKeyboardTheMessageGoesOnAndTheDecisionIsTakenBack() {
        send(
                "emr",
                "A1",
                "ADT^A28",
                "EVN|A28|20261122",
                "PID|1||M1^^^CLINIC^MR||Smith-Jones^Zoë||19710203|F|||1 Main St^^Springfield");
        send(
                "emr",
                "A2",
                "ADT^A28",
                "EVN|A28|20261122",
                "PID|1||M2^^^CLINIC^MR||SMITH^Paul||19400101|M");
        result("R1", "L9^^^NORTHLAB^PI||ROE^Sam||19600606|M", "4.4", "N");
        result("R2", "L7^^^NORTHLAB^PI||JONES^Zoe||19710302|F|||1 Main St", "7.1", "HH");
        var page = browser.context("http://127.0.0.1:" + port, 1440, ColorScheme.LIGHT).newPage();
        Browser.logIn(page);

        page.navigate("/unmatched");
        var rows = page.locator("#list [data-row]").allTextContents();
        assertThat(rows).hasSize(2);
        assertThat(rows.getFirst()).as("the critical one first").contains("Critical");
        assertThat(String.join(" ", rows)).as("masked").doesNotContain("JONES", "Zoe");
        look(page, "unmatched");
        Browser.press(page, "j");
        Browser.press(page, "Enter");
        Browser.await(page, "h1:has-text('Whose message is it?')");
        assertThat(page.textContent(".candidate"))
                .contains("part of a double name", "day and month swapped", "Smith-Jones");
        look(page, "unmatched-one");
        page.fill("#reason", "rang the ward, the birth date was mistyped");
        page.locator("#reason").blur();
        Browser.press(page, "1");
        Browser.press(page, "Enter");
        Browser.await(page, "h1:has-text('Unmatched patients')");

        becomes("R2", "charted");
        assertThat(page.textContent("main"))
                .contains("Linked", "admin", "rang the ward, the birth date was mistyped");
        assertThat(audits()).isPositive();

        Browser.click(page, "summary:has-text('Take back')");
        page.fill("form[action*='/undo/'] input[name=reason]", "it was the other Zoe");
        Browser.click(page, "form[action*='/undo/'] button");
        Browser.await(page, "text=Taken back. The chart");
        becomes("R2", "held");
        look(page, "unmatched-taken-back");
        Browser.click(page, "a:has-text('Done meanwhile')");
        Browser.await(page, "h1:has-text('Done meanwhile')");
        assertThat(page.textContent("main"))
                .contains("it was the other Zoe", "Nothing was done meanwhile");
        look(page, "unmatched-undone");

        var found = new AxeBuilder(page).analyze();
        assertThat(found.getViolations())
                .filteredOn(v -> List.of("serious", "critical").contains(v.getImpact()))
                .isEmpty();
        page.context().close();
    }

    @Test
    void aPersonSaysWhoAPatientWithoutAnIdentifierIs() {
        send("emr", "A10", "ADT^A28", "PID|1||M10^^^CLINIC^MR||QUILL^Ida||19550505|F");
        send(
                "emr",
                "A11",
                "ADT^A01",
                "PID|1||||QUILL^Ida||19550505|F",
                "PV1|1|I|W^1||||||||||||||||V10");
        var page = browser.context("http://127.0.0.1:" + port, 1440, ColorScheme.LIGHT).newPage();
        Browser.logIn(page);
        page.navigate("/unmatched");
        Browser.click(page, "a[href*='without-identifier']");
        Browser.await(page, "h1:has-text('Who is this patient?')");
        look(page, "unmatched-unidentified");
        Browser.click(page, "a.push:text-is('Chart')");
        assertThat(page.textContent("main")).contains("No message had an identifier");
        Browser.click(page, "a:has-text('Say who it is')");

        page.fill("#reason", "asked the ward");
        Browser.click(page, "button:has-text('It is this patient')");

        Browser.await(page, "h1:has-text('Unmatched patients')");
        assertThat(page.textContent("main"))
                .contains("asked the ward")
                .doesNotContain("Charted without an identifier");
        page.context().close();
    }

    @Test
    void numbersAreSplitOffAsTheLookBeforeShowedAndTheSplitIsTakenBack() {
        send("emr", "A31", "ADT^A28", "PID|1||M31^^^CLINIC^MR||SPLIT^Sam||19610606|M");
        send("emr", "A32", "ADT^A28", "PID|1||M32^^^CLINIC^MR||SPLIT^Sam||19610606|M");
        send(
                "emr",
                "A33",
                "ADT^A40",
                "PID|1||M32^^^CLINIC^MR||SPLIT^Sam||19610606|M",
                "MRG|M31^^^CLINIC^MR");
        send(
                "emr",
                "A34",
                "ADT^A01",
                "PID|1||M31^^^CLINIC^MR||SPLIT^Sam||19610606|M",
                "PV1|1|I|W^1||||||||||||||||V31");
        var page = browser.context("http://127.0.0.1:" + port, 1440, ColorScheme.LIGHT).newPage();
        Browser.logIn(page);
        page.navigate("/patients/" + person("M31"));
        Browser.click(page, "a:text-is('2 numbers')");
        assertThat(page.textContent("main"))
                .contains("M31 is used no more; the patient goes on as M32.");
        look(page, "unmatched-patient");
        Browser.click(page, "button:has-text('Look what a split gives')");
        assertThat(page.textContent("main")).contains("At least one number has to be split off");
        page.check("input[aria-label='Split off M31']");
        Browser.click(page, "button:has-text('Look what a split gives')");
        Browser.await(page, "h1:has-text('Split off M31?')");
        assertThat(page.locator("tr[data-patient]").allInnerTexts())
                .extracting(row -> row.strip().replaceAll("\\s+", " "))
                .containsExactly("M31 Split off 0 0 1", "M32 0 0 0");
        look(page, "unmatched-split");
        assertThat(person("M31")).as("nothing was changed").isEqualTo(person("M32"));

        page.fill("#reason", "two brothers, says the ward");
        Browser.click(page, "button:text-is('Split off')");

        Browser.await(page, "h1:has-text('Done meanwhile')");
        assertThat(page.textContent("main"))
                .contains("two brothers", "M31 and M32 are not one patient, whatever joins them.");
        look(page, "unmatched-split-done");
        assertThat(person("M31")).isNotEqualTo(person("M32"));
        page.navigate("/unmatched/patients/" + person("M31"));
        assertThat(page.textContent("main")).contains("A split overrules it", "One number only");
        Browser.click(page, "summary:has-text('Take back')");
        page.fill("input[id^='undo-']", "one man after all");
        Browser.click(page, "button:text-is('Take back')");
        Browser.await(page, "h1:has-text('Unmatched patients')");
        assertThat(person("M31")).isEqualTo(person("M32"));
        page.context().close();
    }

    @Test
    void aMisfiledReportIsFiledWithItsPatientAndWhoSawItIsTold() {
        send("emr", "A41", "ADT^A28", "PID|1||M41^^^CLINIC^MR||FILER^Fay||19620606|F");
        send("emr", "A42", "ADT^A28", "PID|1||M42^^^CLINIC^MR||OWNER^Ola||19720707|F");
        send(
                "northlab",
                "R41",
                "ORU^R01",
                "PID|1||M41^^^CLINIC^MR||FILER^Fay||19620606|F",
                "OBR|1||N-41|2823-3^Potassium^LN|||20261122074500|||||||||||||||||||F",
                "OBX|1|NM|2823-3^Potassium^LN||4.4|mmol/L|3.5-5.1||||F");
        var page = browser.context("http://127.0.0.1:" + port, 1440, ColorScheme.LIGHT).newPage();
        Browser.logIn(page);
        page.navigate("/patients/" + person("M41"));
        Browser.click(page, "a:text-is(\"Another patient's?\")");
        page.fill("#number", "M4");
        Browser.click(page, "button:text-is('Look')");
        assertThat(page.textContent("main")).contains("Nobody else has this number");
        page.fill("#number", "M42");
        Browser.click(page, "button:text-is('Look')");
        Browser.click(page, "a:text-is('Look what that gives')");
        assertThat(page.locator("tr[data-patient]").allInnerTexts())
                .extracting(row -> row.strip().replaceAll("\\s+", " "))
                .containsExactly("M41 0 0 0", "M42 1 0 0");
        look(page, "unmatched-report");

        page.fill("#reason", "labels were swapped, says the lab");
        Browser.click(page, "button:text-is('File it there')");

        Browser.await(page, "h1:has-text('Done meanwhile')");
        assertThat(page.textContent("main")).contains("labels were swapped", "is that of M42");
        look(page, "unmatched-filed");
        page.navigate("/patients/" + person("M41"));
        assertThat(page.textContent("main")).contains("No results in the chart");
        page.navigate("/patients/" + person("M42"));
        assertThat(page.textContent("main")).contains("4.4", "Reported for M41");
        look(page, "patient-filed");
        page.navigate("/messages/" + entry("R41") + "?view=facts");
        assertThat(page.textContent("main")).contains("for M41 is that of M42", "a decision");
        page.navigate("/notices");
        assertThat(page.textContent("main")).contains("Another patient's", "FILER, Fay");
        look(page, "notices-filed");
        page.context().close();
    }

    @Test
    void resultsUnderAnothersOrderAreFiledWithOneOfTheTwo() {
        send("emr", "A81", "ADT^A28", "PID|1||M181^^^CLINIC^MR||ASKER^Ann||19620606|F");
        send("emr", "A82", "ADT^A28", "PID|1||M182^^^CLINIC^MR||OTHER^Oda||19720707|F");
        var order = "ORC|NW|P81^EMR|||||||20261122060000";
        var obr = "OBR|1|P81^EMR||2823-3^Potassium^LN";
        send("emr", "O81", "OML^O21", "PID|1||M181^^^CLINIC^MR||ASKER^Ann||19620606|F", order, obr);
        ordered("R81", "M182^^^CLINIC^MR||OTHER^Oda||19720707|F", "P81^EMR", "", "LL");
        assertThat(state("R81")).isEqualTo("held");
        var page = browser.context("http://127.0.0.1:" + port, 1440, ColorScheme.LIGHT).newPage();
        Browser.logIn(page);
        page.navigate("/unmatched");
        assertThat(page.locator(".critical-item").allInnerTexts())
                .anyMatch(item -> item.contains("another patient"));

        page.navigate("/unmatched/" + entry("R81"));

        assertThat(page.textContent("[data-named]")).contains("OTHER, Oda", "M182", "P81^EMR");
        assertThat(page.textContent("[data-ordered]")).contains("ASKER, Ann", "M181");
        look(page, "unmatched-order");
        page.fill("#why", "the laboratory looked at the tube");
        Browser.click(page, "button:has-text('File with this patient')");
        becomes("R81", "charted");
        page.navigate("/patients/" + person("M181"));
        assertThat(page.textContent("main")).contains("2.4", "Reported for M182");
        page.context().close();
    }

    @Test
    void anOrderAfterResultsOfAnotherPatientIsListedUntilSomebodySettlesIt() {
        send("emr", "A83", "ADT^A28", "PID|1||M183^^^CLINIC^MR||LATER^Lea||19620606|F");
        send("emr", "A84", "ADT^A28", "PID|1||M184^^^CLINIC^MR||EARLY^Eva||19720707|F");
        ordered("R84", "M184^^^CLINIC^MR||EARLY^Eva||19720707|F", "P83^EMR", "", "");
        var order = "ORC|NW|P83^EMR|||||||20261122060000";
        var obr = "OBR|1|P83^EMR||2823-3^Potassium^LN";
        send("emr", "O83", "OML^O21", "PID|1||M183^^^CLINIC^MR||LATER^Lea||19620606|F", order, obr);
        var page = browser.context("http://127.0.0.1:" + port, 1440, ColorScheme.LIGHT).newPage();
        Browser.logIn(page);

        page.navigate("/unmatched");

        var listed = page.locator("[data-of-two]");
        assertThat(listed.allInnerTexts().toString()).contains("LATER, Lea", "EARLY, Eva");
        look(page, "unmatched-of-two");
        Browser.click(listed.locator("summary"));
        listed.locator("input[name=reason]").fill("one was ordered twice");
        Browser.click(listed.locator("button:text-is('Settle')"));
        assertThat(page.textContent("[data-of-two]")).contains("Settled", "one was ordered twice");
        page.context().close();
    }

    /** As an upgrade finds them. */
    @Test
    void twoPatientsOfOneNumberInTwoFormsAreMergedByAPerson() {
        send("emr", "A191", "ADT^A28", "PID|1||M191^^^CLINIC^MR||FORMER^Flo||19620606|F");
        send("emr", "A192", "ADT^A28", "PID|1||M192^^^CLINIC||FORMER^Flo||19620606|F");
        DATABASE.jdbc()
                .sql(
                        "insert into same_number select min(id), max(id) from patient_record where"
                                + " id_value in ('M191', 'M192')")
                .update();
        var page = browser.context("http://127.0.0.1:" + port, 1440, ColorScheme.LIGHT).newPage();
        Browser.logIn(page);
        page.navigate("/unmatched");
        var listed = page.locator("[data-same-number]");
        assertThat(listed.innerText()).contains("FORMER, Flo", "M191 CLINIC MR");
        look(page, "unmatched-same-number");

        Browser.click(listed.locator("summary"));
        listed.locator("input[name=reason]").fill("asked the patient");
        Browser.click(listed.locator("button:text-is('Merge')"));

        assertThat(page.locator("[data-same-number]").count()).isZero();
        assertThat(person("M192")).isEqualTo(person("M191"));
        page.context().close();
    }

    private static int audits() {
        return DATABASE.jdbc()
                .sql("select count(*) from audit where action = 'DECIDED_ON_PATIENT'")
                .query(Integer.class)
                .single();
    }

    @Test
    void withoutAReasonNothingIsDecided() {
        result("R3", "L3^^^NORTHLAB^PI||DOE^Ann||19500505|F", "4.0", "N");
        var page = browser.context("http://127.0.0.1:" + port, 768, ColorScheme.DARK).newPage();
        Browser.logIn(page);
        long entry =
                DATABASE.jdbc()
                        .sql("select id from journal where control_id = 'R3'")
                        .query(Long.class)
                        .single();
        page.navigate("/unmatched/" + entry);
        look(page, "unmatched-nobody");

        Browser.click(page, "button:has-text('Create a new patient')");

        assertThat(page.textContent("h1")).isEqualTo("Whose message is it?");
        assertThat(state("R3")).isEqualTo("held");
        page.fill("#reason", "registered by telephone");
        Browser.click(page, "button:has-text('Create a new patient')");
        Browser.await(page, "h1:has-text('Unmatched patients')");
        becomes("R3", "charted");
        page.context().close();
    }

    /** ⚠ Also when a merge was taken back since, and what was charted is charted anew. */
    @Test
    void whoSawAResultThatWasWithdrawnIsToldUntilTheyTakeNote() {
        send("emr", "A20", "ADT^A28", "PID|1||M20^^^CLINIC^MR||STONE^Vera||19660606|F");
        send("emr", "A21", "ADT^A28", "PID|1||M21^^^CLINIC^MR||STONE^Vera||19660606|F");
        send("emr", "A22", "ADT^A40", "PID|1||M20^^^CLINIC^MR||STONE^Vera", "MRG|M21^^^CLINIC^MR");
        potassium("R20", "M21", "7.9", "F");
        var page = browser.context("http://127.0.0.1:" + port, 1440, ColorScheme.LIGHT).newPage();
        Browser.logIn(page);
        page.navigate("/patients/" + person("M20"));
        assertThat(page.textContent("main")).contains("7.9");

        potassium("R21", "M20", "4.9", "C");
        potassium("R22", "M21", "4.9", "W");

        page.navigate("/notices");
        assertThat(page.textContent("main"))
                .contains("Withdrawn: wrong patient", "Potassium", "STONE, Vera")
                .doesNotContain("7.9", "4.9");
        assertThat(page.textContent("a:has-text('Notices') .open-count")).startsWith("1");
        look(page, "notices-withdrawn");
        assertThat(new AxeBuilder(page).analyze().getViolations())
                .filteredOn(v -> List.of("serious", "critical").contains(v.getImpact()))
                .isEmpty();
        Browser.click(page, "button:has-text('I took note')");
        Browser.await(page, "text=Noted lately");
        assertThat(page.locator("a:has-text('Notices') .open-count").count()).isZero();

        page.navigate("/unmatched");
        assertThat(page.textContent("main"))
                .contains("Posted for the wrong patient", "V. S. 1966", "Potassium", "N-20");
        look(page, "unmatched-withdrawn");
        Browser.click(page, "summary:has-text('Settle')");
        page.fill("input[id^=settle]", "rang the laboratory: it is of nobody here");
        Browser.click(page, "button:has-text('Settle')");
        Browser.await(page, "text=Kept with your reason");
        assertThat(page.textContent("main"))
                .contains("Settled by admin: rang the laboratory: it is of nobody here");
        Browser.click(page, "summary:has-text('Take back') >> nth=0");
        page.fill("input[id^=reopen]", "they rang back");
        Browser.click(page, ".items button:has-text('Take back') >> nth=0");
        Browser.await(page, "text=It is open again");
        assertThat(page.locator("summary:has-text('Settle')").count()).isOne();

        var _ = decisions.undo(entry("A22"), new By("ann", "they are two"));
        page.navigate("/notices");

        assertThat(page.textContent("main"))
                .contains("Nothing that you saw was changed", "Noted lately", "Potassium");
        page.context().close();
    }

    /** ⚠ Nobody knows which organism it is of. */
    @Test
    void aSusceptibilityOfACorrectedIsolateIsMarkedAndListedUntilSomebodyAsked() {
        var vera = "PID|1||M26^^^CLINIC^MR||STONE^Vera||19660606|F";
        send("emr", "A26", "ADT^A28", vera);
        var culture = "OBR|1||K-26|600-7^Culture^LN|||20261122074500";
        send("northlab", "R26", "ORU^R01", vera, culture, organism("Escherichia coli", "F"));
        send(
                "northlab",
                "R27",
                "ORU^R01",
                vera,
                "OBR|1||S-26|50545-3^Susceptibility^LN|||20261122074500"
                        + "|".repeat(19)
                        + "600-7&Organism&LN^1^Escherichia coli|||^K-26",
                "OBX|1|ST|18864-9^Ampicillin^LN||>=32|||R|||F");
        var page = browser.context("http://127.0.0.1:" + port, 1440, ColorScheme.LIGHT).newPage();
        Browser.logIn(page);
        page.navigate("/patients/" + person("M26"));
        assertThat(page.textContent("main"))
                .contains("isolate 1: Escherichia coli")
                .doesNotContain("Not valid");

        send("northlab", "R28", "ORU^R01", vera, culture, organism("Klebsiella", "C"));

        page.reload();
        assertThat(page.textContent("main"))
                .contains(
                        "Not valid until the laboratory reports it again",
                        "and is Klebsiella now",
                        "Not valid: isolate corrected");
        look(page, "chart-isolate");
        page.navigate("/unmatched");
        assertThat(page.textContent("main"))
                .contains("Isolates that were corrected since", "V. S. 1966", "Ampicillin", "S-26")
                .doesNotContain(">=32", "Klebsiella");
        assertThat(new AxeBuilder(page).analyze().getViolations())
                .filteredOn(v -> List.of("serious", "critical").contains(v.getImpact()))
                .isEmpty();
        Browser.click(page, "li:has-text('S-26') summary:has-text('Settle')");
        page.fill("input[id^=isolate]", "they look into it");
        Browser.click(page, "li:has-text('S-26') button:has-text('Settle')");
        Browser.await(page, "text=Kept with your reason");
        assertThat(page.textContent("main")).contains("Settled by admin: they look into it");
        Browser.click(page, "li:has-text('S-26') summary:has-text('Take back')");
        page.fill("input[id^=isolate-again]", "they rang back");
        Browser.click(page, "li:has-text('S-26') button:has-text('Take back')");
        Browser.await(page, "text=It is open again");

        send("northlab", "R29", "ORU^R01", vera, culture, organism("Escherichia coli", "C"));

        page.reload();
        assertThat(page.textContent("main")).doesNotContain("S-26");
        page.context().close();
    }

    private static String organism(String name, String status) {
        return "OBX|1|ST|600-7^Organism^LN|1|" + name + "||||||" + status;
    }

    /** It may stand under another code or number. */
    @Test
    void aWithdrawalOfWhatIsNotInTheChartIsListedUntilSomebodySettlesIt() {
        send("emr", "A25", "ADT^A28", "PID|1||M25^^^CLINIC^MR||PEBBLE^Ida||19770707|F");
        send(
                "northlab",
                "R25",
                "ORU^R01",
                "PID|1||M25^^^CLINIC^MR||PEBBLE^Ida||19770707|F",
                "OBR|1||N-25|GTT^Glucose tolerance^L|||20261122074500|||||||||||||||||||F",
                "OBX|1|NM|G0^Glucose fasting^L||5.0|mmol/L||||||||20261122074500",
                "OBX|2|NM|G2^Glucose after 2 h^L||7.1|mmol/L|||||F|||20261122094500");
        send(
                "northlab",
                "R26",
                "ORU^R01",
                "PID|1||M25^^^CLINIC^MR||PEBBLE^Ida||19770707|F",
                "OBR|1||N-25|GTT^Glucose tolerance^L|||20261122074500|||||||||||||||||||F",
                "OBX|1|NM|K1^Lactate^L||||||||W");
        var page = browser.context("http://127.0.0.1:" + port, 1440, ColorScheme.LIGHT).newPage();
        Browser.logIn(page);

        page.navigate("/patients/" + person("M25"));
        assertThat(page.locator("text=/taken .*09:45/").count()).isOne();
        assertThat(page.locator("text=/taken .*07:45/").count()).isZero();

        page.navigate("/unmatched");
        assertThat(page.textContent("main"))
                .contains("Corrected or withdrawn without effect", "I. P. 1977", "Lactate", "N-25");
        look(page, "unmatched-unmet");
        Browser.click(page, "details:has(input[id^=settle-unmet]) summary");
        page.fill("input[id^=settle-unmet]", "they had reported it to somebody else");
        Browser.click(page, "details:has(input[id^=settle-unmet]) button");
        Browser.await(page, "text=Kept with your reason");
        assertThat(page.textContent("main"))
                .contains("Settled by admin: they had reported it to somebody else");
        page.context().close();
    }

    /** ⚠ The wrong value may stand, and nobody may miss it. */
    @Test
    void aCorrectionWithoutEffectIsListedWithWhatToDoUntilSomebodySettlesIt() {
        var pid = "PID|1||M28^^^CLINIC^MR||QUARRY^Olga||19660606|F";
        var obr = "OBR|1||N-28|BMP^Basic^L|||20261122074500|||||||||||||||%s|||F";
        send("emr", "A28", "ADT^A28", pid);
        send(
                "northlab",
                "R280",
                "ORU^R01",
                pid,
                obr.formatted("20261122110000"),
                "OBX|1|NM|CRP^C-reactive protein^L||7.1|mg/L|||||F");
        send(
                "northlab",
                "R281",
                "ORU^R01",
                pid,
                obr.formatted("20261122100000"),
                "OBX|1|NM|CRP^C-reactive protein^L||4.1|mg/L|||||C");
        var page = browser.context("http://127.0.0.1:" + port, 1440, ColorScheme.LIGHT).newPage();
        Browser.logIn(page);

        page.navigate("/unmatched");
        assertThat(page.textContent("main"))
                .contains("Not in the chart", "O. Q. 1966", "C-reactive protein", "N-28")
                .contains("ask the laboratory which value is valid");
        Browser.click(page, "details:has(input[id^=settle-behind]) summary");
        page.fill("input[id^=settle-behind]", "7.1 is right, they say");
        Browser.click(page, "details:has(input[id^=settle-behind]) button");
        Browser.await(page, "text=Kept with your reason");
        assertThat(page.textContent("main")).contains("Settled by admin: 7.1 is right, they say");
        page.context().close();
    }

    /** ⚠ Which values are meant is not said, and nobody may miss it. */
    @Test
    void aReportThatIsTakenBackAsAWholeIsMarkedAtEachValue() {
        var rosa = "PID|1||M27^^^CLINIC^MR||FLINT^Rosa||19880808|F";
        send("emr", "A27", "ADT^A28", rosa);
        var report = "OBR|1||N-27|BMP^Basic^L|||20261122074500" + "|".repeat(18);
        send(
                "northlab",
                "R30",
                "ORU^R01",
                rosa,
                report + "F",
                "OBX|1|NM|K^Potassium^L||4.1|mmol/L|||||F",
                "OBX|2|NM|NA^Sodium^L||140|mmol/L|||||F");
        send("northlab", "R31", "ORU^R01", rosa, report + "X");
        var page = browser.context("http://127.0.0.1:" + port, 1440, ColorScheme.LIGHT).newPage();
        Browser.logIn(page);

        page.navigate("/patients/" + person("M27"));

        assertThat(page.textContent("main")).contains("took it back as a whole");
        assertThat(page.locator("td.marks:has-text('Report taken back')").count()).isEqualTo(2);
        look(page, "chart-taken-back");
        Browser.click(page, "a:has-text('Sodium')");
        assertThat(page.locator("td.marks:has-text('Report taken back')").count()).isOne();
        page.context().close();
    }

    /** What an application rejects after its system had taken it waits for somebody. */
    @Test
    void whatAnApplicationRejectedAfterDeliveryIsListedUntilSomebodySettlesIt() {
        send("northlab", "J1", "ACK^O01", "MSA|AE|NEVER-SENT|no such test");
        var page = browser.context("http://127.0.0.1:" + port, 1440, ColorScheme.LIGHT).newPage();
        Browser.logIn(page);
        page.navigate("/worklist/rejected");

        assertThat(page.textContent("main"))
                .contains(
                        "AE",
                        "northlab",
                        "MSA-2 names nothing that was sent to it",
                        "Answered AE: no such test");
        assertThat(new AxeBuilder(page).analyze().getViolations())
                .filteredOn(v -> List.of("serious", "critical").contains(v.getImpact()))
                .isEmpty();
        Browser.click(page, "summary:has-text('Settle')");
        page.fill("input[id^=settle]", "rang them: of a test system");
        Browser.click(page, "button:has-text('Settle')");
        Browser.await(page, "text=Kept with your reason");
        assertThat(page.textContent("main")).contains("Settled by admin: rang them");
        Browser.click(page, "summary:has-text('Take back')");
        page.fill("input[id^=reopen]", "it was ours");
        Browser.click(page, ".items button:has-text('Take back')");
        Browser.await(page, "text=It is open again");
        page.context().close();
    }

    /** §4: an unknown ordering provider means a pool, never nobody. */
    @Test
    void whatNamesNoOrdererWaitsInThePoolUntilSomebodySeesToIt() {
        send("emr", "A30", "ADT^A28", "PID|1||M30^^^CLINIC^MR||QUILL^Otto||19510405|M");
        send("emr", "A31", "ADT^A28", "PID|1||M31^^^CLINIC^MR||FERN^Ada||19520506|F");
        send(
                "emr",
                "O31",
                "OML^O21",
                "PID|1||M31^^^CLINIC^MR||FERN^Ada||19520506|F",
                "ORC|NW|P-31",
                "OBR|1|P-31||2823-3^Potassium^LN||||||||||||77^RAO^Priya");
        ordered("R30", "M30^^^CLINIC^MR||QUILL^Otto||19510405|M", "P-30", "", "LL");
        ordered("R31", "M31^^^CLINIC^MR||FERN^Ada||19520506|F", "P-31", "", "N");
        ordered("R32", "M30^^^CLINIC^MR||QUILL^Otto||19510405|M", "P-32", "77^RAO^Priya", "N");
        ordered("R33", "M30^^^CLINIC^MR||QUILL^Otto||19510405|M", "P-33", "98^RAO^Priya", "N");
        ordered(
                "R34",
                "M30^^^CLINIC^MR||QUILL^Otto||19510405|M",
                "P-34",
                "98^RAO^Priya~77^RAO^Priya",
                "N");
        ordered("R35", "M30^^^CLINIC^MR||QUILL^Otto||19510405|M", "P-35", "66^Q^Q^^^^^^NPI", "N");
        var page = browser.context("http://127.0.0.1:" + port, 1440, ColorScheme.LIGHT).newPage();
        Browser.logIn(page);

        page.navigate("/pool");

        assertThat(page.locator(".item:has-text('N-R30')").textContent())
                .contains("Critical", "QUILL, Otto", "Potassium");
        assertThat(page.textContent("main")).doesNotContain("N-R31", "N-R32", "N-R34");
        assertThat(page.textContent(".item:has-text('N-R33')"))
                .contains(
                        "Names RAO, Priya (98 of northlab), who is not on the clinic's list.",
                        "it could be Rao, Priya (77 of any sender)");
        assertThat(page.textContent(".item:has-text('N-R35')"))
                .contains("Names Q, Q (66 of NPI), who was not at the clinic when it came.");
        look(page, "pool");
        assertThat(new AxeBuilder(page).analyze().getViolations())
                .filteredOn(v -> List.of("serious", "critical").contains(v.getImpact()))
                .isEmpty();
        Browser.click(page, ".item:has-text('N-R30') summary:has-text('See to it')");
        page.fill(".item:has-text('N-R30') input[name=reason]", "asked the ward");
        Browser.click(page, ".item:has-text('N-R30') button");
        Browser.await(page, "text=Taken out of the pool");
        assertThat(page.locator(".item:has-text('N-R30')").textContent())
                .contains("admin: asked the ward");
        page.context().close();
    }

    private void moved(String controlId, String from, String to) {
        send(
                "emr",
                controlId,
                "ADT^A45",
                "EVN|A45|2026112212000" + controlId.charAt(3),
                "PID|1||" + to + "^^^CLINIC^MR||MOVER^Mona||19730101|F",
                "MRG|" + from + "^^^CLINIC^MR||||V-91^^^EMR",
                "PV1|1|I|W^1||||||||||||||||V-91^^^EMR");
    }

    @Test
    void aMoveOfAVisitSaysWhatItWaitsForAndWhereItPutTheVisitAndIsTakenBack() {
        for (var number : List.of("M91", "M92", "M93"))
            send(
                    "emr",
                    "A-" + number,
                    "ADT^A28",
                    "PID|1||" + number + "^^^CLINIC^MR||MOVER^Mona||19730101|F");
        send(
                "emr",
                "V-91",
                "ADT^A01",
                "PID|1||M91^^^CLINIC^MR||MOVER^Mona||19730101|F",
                "PV1|1|I|W^1||||||||||||||||V-91^^^EMR");
        moved("MV-2", "M92", "M93");
        var page = browser.context("http://127.0.0.1:" + port, 1440, ColorScheme.LIGHT).newPage();
        Browser.logIn(page);

        page.navigate("/unmatched/" + entry("MV-2"));
        assertThat(page.textContent("form .candidates"))
                .contains("M92 says the message", "Visit V-91 is with M91");
        assertThat(page.textContent("main")).doesNotContain("Create a new patient", "Link to");
        look(page, "unmatched-move");
        assertThat(new AxeBuilder(page).analyze().getViolations()).isEmpty();
        moved("MV-1", "M91", "M92");
        becomes("MV-2", "charted");

        page.navigate("/messages/" + entry("MV-2") + "?view=facts");
        assertThat(page.textContent("[data-who]"))
                .contains("Visit V-91 is not that of M92 but of M93.", "V-91 is with M93 now");
        look(page, "move-facts");
        Browser.click(page, "text=Take back");
        page.fill("#undo", "it was the other one");
        Browser.click(page, "button:has-text('Take back')");
        Browser.await(page, "text=Taken back. The chart is");
        Browser.click(page, "text=Done meanwhile >> nth=0");
        assertThat(page.textContent("[data-who]"))
                .contains(
                        "MRG[1]-5 of message " + entry("MV-2"),
                        "V-91 is with M92 now",
                        "Taken back");
        look(page, "move-undone");
        page.navigate("/patients/" + person("M92"));
        assertThat(page.locator("[data-move]").allTextContents())
                .extracting(text -> text.contains("taken back"))
                .containsExactly(true, false);
        look(page, "move-chart");
        page.context().close();
    }

    private void registered(String controlId, String name, String born) {
        send(
                "emr",
                controlId,
                "ADT^A31",
                "EVN|A31|2026112212000" + controlId.charAt(2),
                "PID|1||M95^^^CLINIC^MR||" + name + "||" + born + "|F");
    }

    /** §4: demographics that are corrected after a final check the match again, and keep values. */
    @Test
    void whatWasChartedBeforeABirthDateChangedIsLookedAtAgainUntilItAgreesOrSomebodySays() {
        registered("B-1", "AGAIN^Aida", "19610504");
        var person = person("M95");
        result("RA-1", "M95^^^CLINIC^MR||AGAIN^Aida||19610504|F", "4.4", "");
        registered("B-2", "WEDDED^Aida", "19610504");
        var page = browser.context("http://127.0.0.1:" + port, 1440, ColorScheme.LIGHT).newPage();
        Browser.logIn(page);
        page.navigate("/unmatched");
        assertThat(page.locator("[data-again]").count()).as("a marriage").isZero();

        registered("B-3", "WEDDED^Aida", "19610405");

        page.navigate("/unmatched");
        assertThat(page.locator("[data-again]").textContent())
                .contains("WEDDED, Aida", "1961-05-04", "1961-04-05", "day and month swapped")
                .contains("Potassium");
        Browser.click(page, "[data-again] summary >> nth=0");
        look(page, "unmatched-again");
        assertThat(new AxeBuilder(page).analyze().getViolations())
                .filteredOn(v -> List.of("serious", "critical").contains(v.getImpact()))
                .isEmpty();
        page.navigate("/patients/" + person);
        assertThat(page.textContent("main")).contains("4.4");
        page.navigate("/unmatched");
        Browser.click(page, "[data-again] summary:has-text('They are this patient')");
        page.fill("[data-again] input[name=reason]", "saw the passport");
        Browser.click(page, "[data-again] button");
        Browser.await(page, "text=Settled by admin: saw the passport");
        registered("B-4", "WEDDED^Aida", "19610505");
        page.navigate("/unmatched");
        assertThat(page.locator("[data-again]").textContent())
                .as("another change")
                .contains("one slip apart")
                .doesNotContain("Settled");

        registered("B-5", "WEDDED^Aida", "19610504");
        page.navigate("/unmatched");
        assertThat(page.locator("[data-again]").count()).as("agrees again").isZero();
        page.context().close();
    }

    private void ordered(String controlId, String pid, String placer, String orderer, String flag) {
        send(
                "northlab",
                controlId,
                "ORU^R01",
                "PID|1||" + pid,
                "OBR|1|%s|N-%s|2823-3^Potassium^LN|||20261122074500|||||||||%s|||||||||F"
                        .formatted(placer, controlId, orderer),
                "OBX|1|NM|2823-3^Potassium^LN||2.4|mmol/L|3.5-5.1|" + flag + "|||F");
    }

    private void potassium(String controlId, String patient, String value, String status) {
        send(
                "northlab",
                controlId,
                "ORU^R01",
                "PID|1||" + patient + "^^^CLINIC^MR||STONE^Vera||19660606|F",
                "OBR|1||N-20|2823-3^Potassium^LN|||20261122074500|||||||||||||||||||F",
                "OBX|1|NM|2823-3^Potassium^LN||" + value + "|mmol/L|3.5-5.1||||" + status);
    }

    private static String person(String number) {
        return DATABASE.jdbc()
                .sql("select person_id::text from patient_record where id_value = ?")
                .param(number)
                .query(String.class)
                .single();
    }

    private static long entry(String controlId) {
        return DATABASE.jdbc()
                .sql("select id from journal where control_id = ?")
                .param(controlId)
                .query(Long.class)
                .single();
    }

    /** Pictures for people, with {@code -Dlook=FOLDER}: both widths, light and dark. */
    private static void look(Page page, String name) {
        var folder = System.getProperty("look");
        if (folder == null) return;
        var size = page.viewportSize();
        for (var scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK})
            for (var width : new int[] {1440, 768}) {
                page.setViewportSize(width, 900);
                page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
                page.screenshot(
                        new Page.ScreenshotOptions()
                                .setFullPage(true)
                                .setPath(
                                        Path.of(
                                                folder,
                                                "%s-%d-%s.png"
                                                        .formatted(
                                                                name,
                                                                width,
                                                                scheme.name()
                                                                        .toLowerCase(
                                                                                Locale.ROOT)))));
            }
        page.setViewportSize(size.width, size.height);
    }
}
