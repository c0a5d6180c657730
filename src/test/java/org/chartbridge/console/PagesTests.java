package org.chartbridge.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;

import org.chartbridge.ChartbridgeApplication;
import org.chartbridge.database.TestDatabase;
import org.chartbridge.intake.ChartEvents;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The pages in a browser, as a person uses them. */
@SpringBootTest(classes = ChartbridgeApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
class PagesTests {
    private static final TestDatabase DATABASE = TestDatabase.fresh();
    private static final String AXE = axe();
    private static ConsoleSeed seed;
    private static Browser browser;

    /** Of the one who logged in first. */
    private static @Nullable String session;

    private static String axe() {
        try (var script = AxeBuilder.class.getResourceAsStream("/axe.min.js")) {
            return new String(
                    Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        ConsolePages.settings(registry, DATABASE);
    }

    @BeforeAll
    static void open() {
        browser = Browser.start();
        seed = new ConsoleSeed(DATABASE).write();
    }

    @AfterAll
    static void close() {
        if (browser != null) browser.close();
        DATABASE.close();
    }

    private final List<String> complaints = new ArrayList<>();

    @Value("${local.server.port}")
    int port;

    @Autowired ChartEvents events;

    private Page loggedIn() {
        BrowserContext context = browser.context(address(), 1440, ColorScheme.LIGHT, session);
        var page = context.newPage();
        // A policy violation, a script error or a dialog is a fault on any page.
        page.onConsoleMessage(
                message -> {
                    if (message.type().equals("error") && !message.text().contains("404"))
                        complaints.add(page.url() + " " + message.text());
                });
        page.onPageError(error -> complaints.add(page.url() + " " + error));
        page.onDialog(
                dialog -> {
                    complaints.add(page.url() + " opened a dialog");
                    dialog.dismiss();
                });
        if (session == null) {
            Browser.logIn(page);
            session = context.storageState();
        } else {
            page.navigate("/");
        }
        return page;
    }

    private String address() {
        return "http://127.0.0.1:" + port;
    }

    @Test
    void anOrderIsClosedByHandAndTakenBack() {
        var page = loggedIn();
        page.navigate("/open-orders/order/" + seed.order);
        Browser.click(page.locator("#close summary"));
        assertThat(page.locator("#close").innerText()).contains("does not tell");
        page.selectOption("#close-why", "other");
        Browser.click(page.locator("#close button"));
        assertThat(page.getByRole(AriaRole.ALERT).innerText()).contains("other reason");

        Browser.click(page.locator("#close summary"));
        page.selectOption("#close-why", "no-show");
        page.fill("#close-text", "rang twice");
        Browser.click(page.locator("#close button"));

        page.getByText("Closed by hand: Patient did not come: rang twice").waitFor();
        assertThat(page.locator("#close").count()).isZero();
        page.navigate("/open-orders?show=closed");
        assertThat(page.locator("tr[data-row]").count()).isEqualTo(1);
        Browser.click(page.locator("tr[data-row] a").first());
        Browser.click(page.getByText("Take back").first());
        page.fill("#reopen", "it was the other one");
        Browser.press(page, "Enter");
        page.getByText("It is followed again.").waitFor();
        assertThat(page.locator("#close").count()).isEqualTo(1);
        assertThat(complaints).isEmpty();
    }

    @Test
    void everyPageCanBeReadByAllInEitherThemeAndAnyWindowAndRunsNoMarkupOfAMessage() {
        var page = loggedIn();
        for (var one : ConsolePages.all(seed)) {
            page.navigate(one.address());
            if (page.locator("img[src=x], b:text-is('7'), main script").count() > 0)
                complaints.add(one.name() + " has markup of a message");
            for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                page.emulateMedia(
                        new Page.EmulateMediaOptions()
                                .setColorScheme(scheme)
                                // No colour on its way to another.
                                .setReducedMotion(ReducedMotion.REDUCE));
                serious(page, scheme)
                        .forEach(
                                found ->
                                        complaints.add(
                                                "%s %s: %s".formatted(one.name(), scheme, found)));
            }
            for (var width : new int[] {1440, 768, 390}) {
                page.setViewportSize(width, 900);
                var over =
                        (Number)
                                page.evaluate(
                                        "document.documentElement.scrollWidth -"
                                                + " document.documentElement.clientWidth");
                if (over.intValue() > 0)
                    complaints.add("%s is wider than %d by %s".formatted(one.name(), width, over));
            }
            page.setViewportSize(1440, 900);
        }
        assertThat(complaints).isEmpty();
    }

    /**
     * What axe finds that keeps somebody from reading a page. In the other theme only colours are
     * others. Run here and not by AxeBuilder, which loads it anew for each look and puts the
     * results of frames together on a page of their own: both take longer than the looking. The PDF
     * viewer inside a frame is the browser's own.
     */
    @SuppressWarnings("unchecked")
    private static List<String> serious(Page page, ColorScheme scheme) {
        if (!(Boolean) page.evaluate("'axe' in window")) page.evaluate(AXE);
        var only = scheme == ColorScheme.DARK ? "runOnly: ['color-contrast']," : "";
        return (List<String>)
                page.evaluate(
                        """
                        axe.run(
                            {exclude: [['iframe']]},
                            {%s resultTypes: ['violations'], iframes: false}
                        ).then(found => found.passes.length === 0
                            ? ['nothing was looked at']
                            : found.violations
                                .filter(v => ['serious', 'critical'].includes(v.impact))
                                .map(v => v.id + ' ' + v.nodes[0].html))
                        """
                                .formatted(only));
    }

    @Test
    void aDestinationIsPausedAndResumedWithAReasonThatIsKept() {
        var page = loggedIn();
        page.navigate("/deliveries/emr/notices");

        page.fill("#reason", "the EMR is being mended");
        Browser.click(page, "button:has-text('Pause')");

        assertThat(page.textContent("main")).contains("paused by admin: the EMR is being mended");
        page.fill("#reason", "it is back");
        Browser.click(page, "button:has-text('Resume')");
        assertThat(page.textContent("main")).contains("Resumed", "it is back");
        assertThat(
                        DATABASE.jdbc()
                                .sql(
                                        "select count(*) from audit where action ="
                                                + " 'DECIDED_ON_DELIVERY' and entry_id is null")
                                .query(Integer.class)
                                .single())
                .isEqualTo(2);
        assertThat(complaints).isEmpty();
    }

    @Test
    void aPersonSaysThatThePartnerHasItAndTheQueueGoesOn() {
        var jdbc = DATABASE.jdbc();
        jdbc.sql(
                        "insert into destination (name, state, why, paused_at) values"
                                + " ('southlab/orders', 'paused', 'no answer within 30 s', now())")
                .update();
        jdbc.sql(
                        """
                        insert into delivery (id, entry_id, place, destination, state, control_id, message_type,
                                              size_bytes, body, staged_at)
                        select 790, min(id), 790, 'southlab/orders', 'waiting', 'C-9', 'ORM^O01', 10, :body, now()
                        from journal
                        """)
                .param("body", "MSH|^~\\&|A\r".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .update();
        jdbc.sql(
                        """
                        insert into attempt (delivery_id, number, epoch, endpoint, started_at, ended_at, outcome, words)
                        values (790, 1, 1, 'mllp:127.0.0.1:1', now(), now(), 'unknown', 'no answer within 30 s')
                        """)
                .update();
        var page = loggedIn();
        page.navigate("/deliveries/southlab/orders/790");
        page.fill("#has-it-reason", "called them at nine");

        page.click("button:has-text('southlab has it')");
        page.waitForLoadState();

        assertThat(page.textContent("main"))
                .contains("Has it, a person said")
                .contains("southlab has it, said by admin: called them at nine")
                .doesNotContain("Accepted");
        assertThat(
                        jdbc.sql("select state from destination where name = 'southlab/orders'")
                                .query(String.class)
                                .single())
                .isEqualTo("running");
        page.navigate("/deliveries/southlab/orders");
        assertThat(page.textContent("#settled")).contains("Has it, a person said");
        assertThat(complaints).isEmpty();
        jdbc.sql("delete from delivery where id = 790").update();
        jdbc.sql("delete from destination where name = 'southlab/orders'").update();
    }

    @Test
    void destinationsThatAskForAPersonStandOnTheWorklistAndTheOverview() {
        var page = loggedIn();

        page.navigate("/worklist");
        assertThat(page.textContent("#list"))
                .contains("Deliveries to westlab/orders")
                .contains("Deliveries to northlab/orders", "a person is asked: answered AE")
                .doesNotContain("emr/notices");
        page.navigate("/");
        assertThat(page.textContent("#overview")).contains("Deliveries to westlab/orders");
        assertThat(complaints).isEmpty();
    }

    @Test
    void anOpenListReadsItselfAnewWhenSomethingHasChanged() {
        var page = loggedIn();
        page.navigate("/deliveries");
        assertThat(page.textContent("#destinations")).doesNotContain("late/comer");

        DATABASE.jdbc().sql("insert into destination (name) values ('late/comer')").update();
        // The first look only notes where the count stands.
        for (var tries = 0; tries < 10; tries++) {
            events.changed(1);
            page.waitForTimeout(1_000);
            if (page.textContent("#destinations").contains("late/comer")) break;
        }

        assertThat(page.textContent("#destinations")).contains("late/comer");
        assertThat(complaints).isEmpty();
        DATABASE.jdbc().sql("delete from destination where name = 'late/comer'").update();
    }

    @Test
    void markupInAMessageIsShownAndNeverRun() {
        var page = loggedIn();

        page.navigate("/patients/" + ConsoleSeed.ODD);

        assertThat(page.locator("h1").textContent()).contains(ConsoleSeed.MARKUP);
        assertThat(complaints).isEmpty();
    }

    @Test
    void aMessageIsFoundAndReadWithTheKeyboardAlone() {
        var page = loggedIn();

        goToMessages(page);
        Browser.press(page, "j");
        Browser.press(page, "j");
        Browser.press(page, "k");
        Browser.press(page, "j");
        var ring =
                page.evaluate(
                        "getComputedStyle(document.activeElement).outlineStyle + ' ' +"
                                + " document.activeElement.matches(':focus-visible')");
        Browser.press(page, "Enter");
        page.waitForURL("**/messages/*");

        assertThat(ring).isEqualTo("solid true");
        assertThat(page.locator("h1").textContent()).contains("ORU^R01");
        assertThat(complaints).isEmpty();
    }

    /** The second key counts within 1.5 s of the first, which a busy machine may miss. */
    private static void goToMessages(Page page) {
        for (int tries = 0; tries < 5 && !page.url().endsWith("/messages"); tries++) {
            Browser.press(page, "g");
            Browser.press(page, "m");
            try {
                page.waitForURL("**/messages", new Page.WaitForURLOptions().setTimeout(4_000));
            } catch (TimeoutError e) {
                // Tried again; the next line that needs the page says if it never came.
            }
        }
    }

    @Test
    void slashSearchesAndQuestionMarkListsTheKeys() {
        var page = loggedIn();

        Browser.press(page, "?");
        assertThat(page.locator("#keys").isVisible()).isTrue();
        Browser.press(page, "Escape");
        Browser.press(page, "/");
        page.keyboard().type("Brandt");
        Browser.press(page, "Enter");
        page.waitForURL("**/patients");

        assertThat(page.locator(".list .row-link").allTextContents())
                .containsExactly("Brandt-Ølsen, Jürgen");
        assertThat(page.url()).doesNotContain("Brandt");
        assertThat(complaints).isEmpty();
    }

    @Test
    void aCorrectionCanNotBeMissedAndLeadsToBothMessages() {
        var page = loggedIn();

        page.navigate("/patients/" + ConsoleSeed.JUERGEN);
        var row = page.locator("tbody.changed").first();
        Browser.click(row.locator("summary"));

        assertThat(row.innerText()).contains("9.1", "Corrected: was 19.1 g/dL until");
        assertThat(row.locator(".versions a").evaluateAll("links => links.map(a => a.pathname)"))
                .isEqualTo(List.of("/messages/" + seed.correcting, "/messages/" + seed.first));
        assertThat(page.locator("tbody.critical").first().innerText())
                .contains("6.8", "Critical high", "called to ward 4B");
        assertThat(complaints).isEmpty();
    }

    @Test
    void aHistorySaysWhichVersionIsCurrentAndWhichCorrects() {
        var page = loggedIn();

        page.navigate("/patients/" + ConsoleSeed.JUERGEN);
        var row = page.locator("tbody.changed").first();
        Browser.click(row.locator("summary"));

        assertThat(row.locator(".versions tbody tr.now").allInnerTexts())
                .singleElement()
                .asString()
                .contains("9.1 g/dL", "Current, a correction");
        assertThat(row.locator(".versions tbody tr").nth(1).innerText())
                .contains("19.1 g/dL", "Replaced")
                .doesNotContain("correction");
    }

    @Test
    void aValueBeforeHasItsSignOnce() {
        var page = loggedIn();

        page.navigate("/patients/" + ConsoleSeed.JUERGEN);

        assertThat(page.locator("td.wide .number:text-is('>90')").count()).isPositive();
        assertThat(page.content()).doesNotContain("&gt;&gt;");
    }

    @Test
    void aValueLeadsToItsBytesAndItsRuleWithTheKeyboardAlone() {
        var page = loggedIn();
        page.navigate("/patients/" + ConsoleSeed.JUERGEN);

        page.locator("a.from").first().focus();
        Browser.press(page, "Enter");
        page.waitForURL("**/from/**");

        assertThat(page.locator("h1").textContent()).isEqualTo("Where it comes from");
        assertThat(page.locator("details[open] mark").first().textContent()).isNotBlank();
        var closed = page.locator("details.explained:not([open])").first().elementHandle();
        closed.querySelector("summary").focus();
        Browser.press(page, "Enter");
        assertThat(closed.querySelector(".explained-why").isVisible()).isTrue();
        assertThat(complaints).isEmpty();
    }

    @Test
    void theBytesOfAnotherPatientsValueAreNotShown() {
        var page = loggedIn();

        var answer =
                page.navigate(
                        "/patients/"
                                + ConsoleSeed.ODD
                                + "/from/"
                                + seed.first
                                + "?fact=OBX%5B1%5D");

        assertThat(answer.status()).isEqualTo(404);
    }

    @Test
    void aLinkToAFieldUnfoldsAndMarksIt() {
        var page = loggedIn();

        page.navigate("/messages/" + seed.held);
        Browser.click(page.locator(".reasons a").first());

        assertThat(page.locator("[id='PID[1]-3']").isVisible()).isTrue();
        assertThat(page.url()).endsWith("#PID[1]-3");
    }

    /** 360X: what answers a referral as an order is answered stands below it. */
    @Test
    void whatCannotBeMadeSaysWhoseItIsAndWhatItAsksFor() {
        var page = loggedIn();

        page.navigate("/worklist/unmade");

        var row = page.locator("li.item").first();
        assertThat(row.textContent())
                .contains("DOE, Jane", "0042", "P-42 K Potassium", "ORM^O01")
                .contains("No route takes deliveries of westlab/orders");
        assertThat(row.getByRole(AriaRole.LINK).all())
                .extracting(link -> link.getAttribute("href"))
                .containsExactly("/messages/" + seed.first, "/deliveries/westlab/orders");
        assertThat(
                        DATABASE.jdbc()
                                .sql(
                                        "select count(*) from audit where action = 'SAW_MESSAGE'"
                                                + " and entry_id = :entry")
                                .param("entry", seed.first)
                                .query(Long.class)
                                .single())
                .isPositive();
    }

    @Test
    void theStatusOfAReferralStandsBelowItAndNotAmongTheOrders() {
        var page = loggedIn();

        page.navigate("/patients/" + ConsoleSeed.JUERGEN);

        assertThat(page.locator("[data-status]").innerText())
                .contains("Accepted", "ORC-1 OK, ORC-5 IP");
        assertThat(page.locator("section[aria-labelledby=orders]").innerText())
                .doesNotContain("R-1");
    }

    @Test
    void everythingIsReadableWithoutScripts() {
        var context = browser.withoutScripts(address());
        var page = context.newPage();
        Browser.logIn(page);

        page.navigate("/messages");
        page.selectOption("#partner", "emr");
        Browser.click(page.locator("text=Filter"));
        Browser.click(page.locator(".list .row-link").first());

        assertThat(page.locator(".segment[open]").count()).isPositive();
        context.close();
    }
}
