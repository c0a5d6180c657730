package org.chartbridge.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.ChartbridgeApplication;
import org.chartbridge.database.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/** The doors, tried from outside. */
@SpringBootTest(classes = ChartbridgeApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
class WebSecurityTests {
    private static final String PASSWORD = "a sentence for tests only";
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");
    private static final TestDatabase DATABASE = TestDatabase.fresh();

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        DATABASE.register(registry);
        registry.add("chartbridge.admin-password", () -> PASSWORD);
        registry.add("chartbridge.routes", () -> "target/no-routes");
    }

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @Value("${local.server.port}")
    int port;

    private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    private final HttpClient client = HttpClient.newBuilder().cookieHandler(cookies).build();

    @AfterEach
    void leave() {
        client.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/messages",
                "/messages.csv",
                "/messages/1",
                "/messages/1/raw",
                "/worklist",
                "/deliveries",
                "/stray",
                "/patients",
                "/patients/00001111-0000-4000-8000-000000000001",
                "/documents/1",
                "/help",
                "/anything",
                "/MESSAGES",
                "/messages/"
            })
    void withoutLoginEveryPageLeadsToTheForm(String page) throws Exception {
        var answer = get(page);

        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("location").orElseThrow()).endsWith("/login");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/fhir/Patient",
                "/fhir/Observation?patient=1",
                "/actuator",
                "/actuator/env",
                "/actuator/heapdump",
                "/actuator/loggers"
            })
    void programsAreAskedForAPassword(String address) throws Exception {
        assertThat(get(address).statusCode()).isEqualTo(401);
        assertThat(basic(address, "nobody" + address, "admin").statusCode()).isEqualTo(401);
    }

    @Test
    void healthAndFiguresAreOpenToThisMachineAndOthersAreNot() throws Exception {
        for (var open : new String[] {"/actuator/health/liveness", "/actuator/prometheus"})
            assertThat(send(HttpRequest.newBuilder(uri(open))).statusCode())
                    .as(open)
                    .isEqualTo(200);
        assertThat(basic("/actuator/env", "admin", PASSWORD).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/login", "/messages", "/", "/actuator/health", "/fhir/Patient", "/help"})
    void everyAnswerCarriesThePolicy(String page) throws Exception {
        logIn("admin", PASSWORD);

        var headers = get(page).headers();

        assertThat(headers.firstValue("content-security-policy").orElse(""))
                .contains("default-src 'self'", "object-src 'none'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(headers.firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(headers.firstValue("referrer-policy")).hasValue("same-origin");
        assertThat(headers.firstValue("cache-control").orElse("")).contains("no-store");
    }

    @Test
    void aLoginOpensThePagesWithANewSessionAndIsWrittenDown() throws Exception {
        get("/login");
        var before = session();

        var answer = logIn("Admin", PASSWORD);

        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(session()).isNotEqualTo(before);
        assertThat(answer.headers().allValues("set-cookie"))
                .anySatisfy(
                        cookie ->
                                assertThat(cookie)
                                        .startsWith("CHARTBRIDGE=")
                                        .contains("HttpOnly", "SameSite=Lax", "Path=/"));
        assertThat(get("/messages").statusCode()).isEqualTo(200);
        assertThat(audit("LOGIN")).isPositive();
    }

    @Test
    void theWrongPasswordAndTheWrongNameAreAnsweredAlike() throws Exception {
        var wrongPassword = logIn("admin", "admin");
        var wrongName = logIn("root", PASSWORD);

        assertThat(wrongPassword.headers().firstValue("location").orElseThrow())
                .endsWith("/login?wrong");
        assertThat(wrongName.headers().firstValue("location").orElseThrow())
                .endsWith("/login?wrong");
        assertThat(get("/messages").statusCode()).isEqualTo(302);
        assertThat(audit("LOGIN_FAILED")).isGreaterThanOrEqualTo(2);
    }

    @Test
    void guessingIsSlowedDownForTheGuessedNameOnly() throws Exception {
        for (var i = 0; i < LoginDelays.FREE_FAILURES; i++) logIn("guessed", "wrong " + i);

        assertThat(logIn("guessed", "once more").headers().firstValue("location").orElseThrow())
                .endsWith("/login?wait");
        assertThat(logIn("admin", PASSWORD).headers().firstValue("location").orElseThrow())
                .doesNotContain("login");
    }

    @Test
    void aFormWithoutItsTokenIsRefused() throws Exception {
        logIn("admin", PASSWORD);

        for (var page : new String[] {"/patients", "/search", "/logout"}) {
            var forged =
                    send(HttpRequest.newBuilder(uri(page)).POST(BodyPublishers.ofString("q=x")));
            assertThat(forged.statusCode()).as(page).isEqualTo(403);
        }
        assertThat(get("/messages").statusCode()).isEqualTo(200);
    }

    @Test
    void loggingOutEndsTheSession() throws Exception {
        logIn("admin", PASSWORD);
        var token = token(get("/patients").body());

        form("/logout", "_csrf=" + token);

        assertThat(get("/messages").statusCode()).isEqualTo(302);
    }

    @Test
    void anAnalystReadsNoChartAndAClinicianNoMessages() throws Exception {
        new Accounts(DATABASE.jdbc())
                .set("ana", new Password("a sentence for analysts"), Role.ANALYST);
        new Accounts(DATABASE.jdbc())
                .set("cleo", new Password("a sentence for clinicians"), Role.CLINICIAN);

        logIn("ana", "a sentence for analysts");
        assertThat(get("/messages").statusCode()).isEqualTo(200);
        assertThat(get("/patients").statusCode()).isEqualTo(403);
        assertThat(get("/documents/1").statusCode()).isEqualTo(403);
        assertThat(basic("/fhir/Patient", "ana", "a sentence for analysts").statusCode())
                .isEqualTo(403);
        cookies.getCookieStore().removeAll();
        logIn("cleo", "a sentence for clinicians");
        assertThat(get("/patients").statusCode()).isEqualTo(200);
        assertThat(get("/messages").statusCode()).isEqualTo(403);
        assertThat(get("/worklist").body()).contains("not open to you").doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/messages/none", "/patients/1", "/documents/x", "/messages?below=x"})
    void whatCanNotBeReadIsAnsweredWithAHelpfulPageAndNoTrace(String page) throws Exception {
        logIn("admin", PASSWORD);

        var answer = get(page);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("not understood")
                .doesNotContain("Exception", "springframework");
    }

    // ------------------------------------------------------------ the browser

    private HttpResponse<String> get(String page) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(page)).header("Accept", "text/html"));
    }

    private HttpResponse<String> basic(String page, String name, String password)
            throws IOException, InterruptedException {
        var pair =
                Base64.getEncoder()
                        .encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
        return send(HttpRequest.newBuilder(uri(page)).header("Authorization", "Basic " + pair));
    }

    private HttpResponse<String> logIn(String name, String password)
            throws IOException, InterruptedException {
        var token = token(get("/login").body());
        return form(
                "/login",
                "username=%s&password=%s&_csrf=%s"
                        .formatted(
                                URLEncoder.encode(name, StandardCharsets.UTF_8),
                                URLEncoder.encode(password, StandardCharsets.UTF_8),
                                token));
    }

    private HttpResponse<String> form(String page, String body)
            throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(uri(page))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private URI uri(String page) {
        return URI.create("http://127.0.0.1:" + port + page);
    }

    private static String token(String page) {
        var found = TOKEN.matcher(page);
        assertThat(found.find()).isTrue();
        return URLEncoder.encode(found.group(1), StandardCharsets.UTF_8);
    }

    private String session() {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(SessionRules.COOKIE))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    private static long audit(String action) {
        return DATABASE.jdbc()
                .sql("select count(*) from audit where action = ?")
                .param(action)
                .query(Long.class)
                .single();
    }
}
