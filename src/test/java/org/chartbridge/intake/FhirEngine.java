package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.journal.DecisionStore;
import org.chartbridge.journal.JournalSearch;
import org.chartbridge.journal.Overrides;
import org.chartbridge.loops.ByHand;
import org.chartbridge.loops.OpenLoops;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.RoutesOverview;
import org.chartbridge.partner.ScreeningPolicy;
import org.chartbridge.partner.ScreeningPolicy.Act;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import javax.sql.DataSource;

/** An intake, and FHIR on a port of its own over the same chart. */
final class FhirEngine implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    final AdtEngine engine;

    /** Holds what may do serious harm. */
    private static final Partner CLINIC =
            AdtEngine.CLINIC.screened(new ScreeningPolicy(Act.HOLD, Act.WARN, Act.NONE, Act.WARN));

    private final HttpClient http = HttpClient.newHttpClient();
    private final AnnotationConfigServletWebServerApplicationContext server =
            new AnnotationConfigServletWebServerApplicationContext();
    private final String address;
    private int rounds;

    /** What the last message was answered. */
    String answer = "";

    FhirEngine() {
        this(new AdtEngine());
    }

    FhirEngine(AdtEngine engine) {
        this.engine = engine;
        server.registerBean(
                TomcatServletWebServerFactory.class, () -> new TomcatServletWebServerFactory(0));
        server.registerBean(JdbcClient.class, () -> engine.jdbc);
        server.registerBean(DataSource.class, () -> engine.dataSource);
        server.registerBean(Reception.class, () -> engine.intake);
        server.registerBean(Clock.class, Clock::systemUTC);
        server.registerBean(RoutesOverview.class, () -> new OneRoute(CLINIC));
        server.register(AuditTrail.class, Overrides.class, OwnDoor.class, JournalSearch.class);
        server.scan(
                "org.chartbridge.chart",
                "org.chartbridge.fhir",
                "org.chartbridge.loops",
                "org.chartbridge.placing",
                "org.chartbridge.screening");
        server.refresh();
        int port = Objects.requireNonNull(server.getWebServer()).getPort();
        address = "http://127.0.0.1:" + port + "/fhir/";
    }

    /**
     * Charts a message that meets no patient who is known, and reads what has come of it.
     *
     * @param types of resources, Patient among them or not
     */
    List<JsonNode> resources(String partner, byte[] raw, Set<String> types)
            throws IOException, InterruptedException {
        engine.forgetWhoIsWho(rounds++);
        var before = engine.one("select coalesce(max(id), 0) from patient_record");
        answer = AdtEngine.text(engine.begin(AdtEngine.takingEverything(partner), raw));
        var all = new ArrayList<JsonNode>();
        for (var person :
                engine.list("select distinct person_id from patient_record where id > " + before)) {
            all.add(get("Patient/" + person));
            for (var type : types) {
                if (type.equals("Patient")) continue;
                var of = type.equals("Provenance") ? "target=Patient/" : "patient=";
                for (var entry : get(type + "?_count=500&" + of + person).path("entry"))
                    all.add(entry.path("resource"));
            }
        }
        return all;
    }

    /** Closes an order by hand. */
    void close(long order, ByHand.Why why) {
        var loop = server.getBean(OpenLoops.class).order(order).orElseThrow();
        var known = ByHand.known(loop);
        var _ =
                new AlertDecisions(
                                engine.journal,
                                new DecisionStore(engine.jdbc),
                                engine.dataSource,
                                Clock.systemUTC())
                        .close(
                                ByHand.key(known, loop),
                                why.id(),
                                known,
                                Map.of(),
                                new Decisions.By("ann", "telephoned"));
    }

    /** A text document, as it is. */
    String text(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(address + path)).header("Accept", "*/*");
        var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return answer.body();
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        var answer =
                http.send(
                        HttpRequest.newBuilder(URI.create(address + path)).build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    HttpResponse<String> post(String path, String body, String... headers)
            throws IOException, InterruptedException {
        return send("POST", path, body, headers);
    }

    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(address + path))
                        .header("Content-Type", "application/fhir+json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) request.header(headers[i], headers[i + 1]);
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** One partner whose only route takes orders that are placed here. */
    private record OneRoute(Partner partner) implements RoutesOverview {
        @Override
        public List<PartnerState> partners() {
            var route = new Route("orders", "clinic/orders.yaml", 1, "", "fhir", List.of());
            return List.of(new PartnerState(partner, Instant.EPOCH, List.of(route)));
        }

        @Override
        public List<FileFault> faults() {
            return List.of();
        }

        @Override
        public List<Port> ports() {
            return List.of();
        }
    }

    @Override
    public void close() {
        server.close();
        engine.close();
    }
}
