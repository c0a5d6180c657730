package org.chartbridge.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.delivery.Endpoint;
import org.chartbridge.partner.EditScript;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.OwnNumber;
import org.chartbridge.routes.RoutePlan.Delivers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class RouteFileTests {
    private static final String CHART = "      steps:\n        - to: { uri: chart }\n";

    private final List<FileFault> faults = new ArrayList<>();

    @Test
    void aRouteSaysWhereItListensAndWhatItTakes() {
        var plans =
                read("""
                # who to call
                - route:
                    id: lab-results
                    description: Results
                    from:
                      uri: mllp:127.0.0.1:2575?types=ORU,MDM
                      steps:
                        - to: { uri: chart }
                - route:
                    id: lab-rest
                    from:
                      uri: mllp:localhost:2575
                      steps:
                        - to: { uri: chart }
                """)
                        .orElseThrow();

        assertThat(plans).extracting(RoutePlan::id).containsExactly("lab-results", "lab-rest");
        assertThat(plans.getFirst().types()).containsExactly("ORU", "MDM");
        assertThat(plans.getFirst().place().line()).isEqualTo(6);
        assertThat(plans.getFirst().description()).isEqualTo("Results");
        assertThat(plans.getFirst().door()).isEqualTo(plans.getLast().door());
    }

    @Test
    void designersMayWriteOptionsAsParameters() {
        var plans =
                read(from("mllp:[::1]:2575\n      parameters:\n        types: ORU")).orElseThrow();

        assertThat(plans.getFirst().types()).containsExactly("ORU");
        assertThat(plans.getFirst().door()).hasToString("[0:0:0:0:0:0:0:1]:2575");
    }

    @Test
    void aPortMayComeFromTheEnvironment() {
        var plans = read(from("mllp:127.0.0.1:${LAB_PORT}")).orElseThrow();

        assertThat(plans.getFirst().door()).hasToString("127.0.0.1:2599");
    }

    @Test
    void anOutboxSaysWhichDeliveriesItTakesAndWhereItSends() {
        var plan =
                (OutboxPlan)
                        plans(sending("outbox:lab/orders?window=16", "mllp:127.0.0.1:${LAB_PORT}"))
                                .orElseThrow()
                                .getFirst();

        assertThat(plan.destination()).isEqualTo("lab/orders");
        assertThat(plan.window()).isEqualTo(16);
        assertThat(plan.endpoints().values()).containsExactly(Endpoint.mllp("127.0.0.1", 2599));
    }

    @Test
    void anOutboxSaysByWhichNumberItsReceiverKnowsPatients() {
        var options = "?patient-id=CLINIC&patient-id-type=MR&sent-ids=drop&window=2";
        var plan =
                (OutboxPlan)
                        plans(sending("outbox:lab/orders" + options, "mllp:127.0.0.1:${LAB_PORT}"))
                                .orElseThrow()
                                .getFirst();

        assertThat(plan.patientId()).isEqualTo(new OwnNumber("CLINIC", "MR", false));
        assertThat(plan.window()).isEqualTo(2);
    }

    @Test
    void aReceivingRouteNamesWhatItDeliversTo() {
        var plan = read(steps("to: { uri: \"deliver:emr/results\" }")).orElseThrow().getFirst();

        assertThat(plan.delivers())
                .extracting(Delivers::destination)
                .containsExactly("emr/results");
        assertThat(plan.delivers().getFirst().place().line()).isEqualTo(6);
    }

    @Test
    void whetherAnAddressOfTheNetworkMayBeOpenedIsDecidedByItsPort() {
        var plans = read(from("mllp:0.0.0.0:2575")).orElseThrow();

        assertThat(plans).singleElement().extracting(Plan::id).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "choice: { when: [ { expression: { simple: { expression: \"${header.type} =="
                    + " 'ORU'\" } }, steps: [ { to: { uri: chart } } ] } ], otherwise: { steps: [ {"
                    + " stop: {} } ] } }",
                "filter: { expression: { simple: { expression: \"${header.trigger} == 'R01'\" } },"
                        + " steps: [ { to: { uri: chart } } ] }",
                "multicast: { steps: [ { to: { uri: chart } }, { log: { message: hello } } ] }",
                "split: { expression: { tokenize: { token: \"\\r\" } }, steps: [ { stop: {} } ] }",
                "setProperty: { name: urgent, expression: { constant: { expression: \"yes\" } } }",
                "removeProperty: { name: urgent }",
                "setHeader: { name: urgent, expression: { simple: { expression:"
                        + " \"${exchangeProperty.a}\" } } }",
                "removeHeader: { name: urgent }",
                "log: { id: log1, message: \"took ${header.type} by ${routeId}\", loggingLevel:"
                        + " DEBUG }",
                "stop: {}"
            })
    void everyWordOfTheListIsRead(String step) {
        assertThat(read(steps(step))).describedAs(faults.toString()).isPresent();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void aBrokenFileIsRefusedWithLineAndRemedy(String name, String text, String expected) {
        assertThat(read(text)).isEmpty();

        assertThat(faults).extracting(FileFault::toString).containsExactly("lab/a.yaml" + expected);
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                broken("empty", "", ": the file is empty; write it, or delete the file"),
                broken("no routes", "[]", ":1: no route in the file; delete the file"),
                broken(
                        "keys",
                        "route: {}",
                        ":1: wanted a list of routes, got a block of keys; begin with  - route:"),
                broken(
                        "a word",
                        "- route",
                        ":1: wanted \"route\", got \"route\"; begin each route with  - route:"),
                broken(
                        "a rest service",
                        "- rest: {}",
                        ":1: wanted \"route\", got \"rest\"; begin each route with  - route:"),
                broken(
                        "Java beans",
                        "- beans: []",
                        ":1: wanted \"route\", got \"beans\"; begin each route with  - route:"),
                broken(
                        "an error handler",
                        "- onException: {}",
                        ":1: wanted \"route\", got \"onException\"; begin each route with  -"
                                + " route:"),
                broken(
                        "from without route",
                        "- from: { uri: \"mllp:127.0.0.1:2575\" }",
                        ":1: wanted \"route\", got \"from\"; begin each route with  - route:"),
                broken(
                        "keys that are not indented",
                        "- route:\n  id: a\n",
                        ":1: wanted \"route\" alone, got other keys beside it; indent them below"),
                broken(
                        "no id",
                        "- route:\n    from:\n      uri: mllp:127.0.0.1:2575\n" + CHART,
                        ":2: \"id\" is missing; add  id: lab-results"),
                broken(
                        "an id with a space",
                        "- route:\n    id: a b\n    from:\n      uri: mllp:127.0.0.1:2575\n"
                                + CHART,
                        ":2: id: wanted letters, digits, . _ and -, at most 64, got \"a b\"; for"
                                + " example  id: lab-results"),
                broken(
                        "an id twice",
                        from("mllp:127.0.0.1:1") + from("mllp:127.0.0.1:2"),
                        ":10: route id \"a\" stands twice, first in line 4; give each route its own"
                                + " id"),
                broken(
                        "a misspelt key",
                        from("mllp:127.0.0.1:2575").replace("    id: a", "    id: a\n    form: {}"),
                        ":3: a route: unknown key \"form\"; did you mean \"from\"?"),
                broken(
                        "no from",
                        "- route:\n    id: a\n",
                        ":2: \"from\" is missing; add  from: { uri: mllp:127.0.0.1:2575, steps: …"
                                + " }"),
                broken(
                        "from in one word",
                        "- route:\n    id: a\n    from: mllp:127.0.0.1:2575\n",
                        ":3: from: wanted a block of keys, got \"mllp:127.0.0.1:2575\"; indent its"
                                + " keys below it"),
                broken(
                        "no uri",
                        "- route:\n    id: a\n    from:\n" + CHART,
                        ":4: \"uri\" is missing; add  uri: mllp:127.0.0.1:2575"),
                broken(
                        "no steps",
                        "- route:\n    id: a\n    from:\n      uri: mllp:127.0.0.1:2575\n",
                        ":4: \"steps\" is missing; add  steps:  with at least  - to: { uri: chart"
                                + " }"),
                broken(
                        "steps beside from",
                        from("mllp:127.0.0.1:2575")
                                .replace("        - to: { uri: chart }\n", "          []\n"),
                        ":6: steps: an empty list; add  - to: { uri: chart }"),
                broken(
                        "from a folder that depends on where the engine starts",
                        from("file:inbox"),
                        ":4: \"inbox\" is no folder; wanted file: and a whole path without .., for"
                                + " example file:/srv/lab/results"),
                broken(
                        "from a folder above",
                        from("file:/srv/lab/../../etc"),
                        ":4: \"/srv/lab/../../etc\" is no folder; wanted file: and a whole path"
                                + " without .., for example file:/srv/lab/results"),
                broken(
                        "from a timer",
                        from("timer:tick?period=1000"),
                        ":4: a receiving route can't begin with \"timer\"; wanted"
                            + " mllp:address:port, for example mllp:127.0.0.1:2575,"
                            + " https:address:port/path, file:/folder, sftp://host/folder, fhir or"
                            + " answers; deliveries begin with outbox:lab/…"),
                broken(
                        "from an SFTP host with a password",
                        from("sftp://clinic:s3cret@lab.example/out"),
                        ":4: no folder of an SFTP host; wanted sftp://host/folder or"
                                + " sftp://host:port/folder; user and password belong in login of"
                                + " partner.yaml"),
                broken(
                        "from a web address without a path",
                        from("https:127.0.0.1:8443"),
                        ":4: \"127.0.0.1:8443\" is no address, port and path; wanted for example"
                                + " https:0.0.0.0:8443/hl7/lab, with a port from 1 to 65535"),
                broken(
                        "from FHIR and something behind",
                        from("fhir:orders"),
                        ":4: fhir is followed by nothing, got \"orders\"; write  uri: fhir"),
                broken(
                        "from answers and something behind",
                        from("answers:orders"),
                        ":4: answers is followed by nothing, got \"orders\"; write  uri: answers"),
                broken(
                        "charting behind an outbox",
                        from("outbox:lab/orders"),
                        ":6: to chart behind an outbox; wanted mllp:host:port, https://host/path or"
                                + " file:/folder; what is staged belongs in a receiving route"),
                broken(
                        "an outbox of somebody else",
                        sending("outbox:emr/orders", "mllp:127.0.0.1:2576"),
                        ":4: \"emr/orders\" is no destination of this partner; wanted outbox:lab/"
                                + " and a word, for example outbox:lab/orders"),
                broken(
                        "an outbox for what a person has to place",
                        sending("outbox:lab/orders-to-place", "mllp:127.0.0.1:2576"),
                        ":4: lab/orders-to-place is where orders and referrals wait for a person;"
                                + " choose another word, for example outbox:lab/orders"),
                broken(
                        "ordering behind an outbox",
                        sending("outbox:lab/orders", "order"),
                        ":6: to order behind an outbox; wanted mllp:host:port, https://host/path or"
                                + " file:/folder; what is staged belongs in a receiving route"),
                broken(
                        "referring behind an outbox",
                        sending("outbox:lab/orders", "refer"),
                        ":6: to refer behind an outbox; wanted mllp:host:port, https://host/path or"
                                + " file:/folder; what is staged belongs in a receiving route"),
                broken(
                        "an outbox without a queue",
                        sending("outbox:lab", "mllp:127.0.0.1:2576"),
                        ":4: \"lab\" is no destination of this partner; wanted outbox:lab/ and a"
                                + " word, for example outbox:lab/orders"),
                broken(
                        "an outbox that sends nothing",
                        from("outbox:lab/orders")
                                .replace("to: { uri: chart }", "log: { message: x }"),
                        ":4: no step of the route sends; add  - to: { uri: \"mllp:host:port\" }"),
                broken(
                        "a window of nothing",
                        sending("outbox:lab/orders?window=0", "mllp:127.0.0.1:2576"),
                        ":4: window: wanted 1 to 1000, got \"0\"; 1 keeps every delivery behind"
                                + " the answer to the one before"),
                broken(
                        "a number of nobody",
                        sending("outbox:lab/orders?patient-id=", "mllp:127.0.0.1:2576"),
                        ":4: patient-id: got \"\"; wanted an authority, CX.4, for example CLINIC"),
                broken(
                        "a number that would break a field",
                        sending("outbox:lab/orders?patient-id=A^B", "mllp:127.0.0.1:2576"),
                        ":4: patient-id: got \"A^B\"; wanted an authority, CX.4, for"
                                + " example CLINIC"),
                broken(
                        "what becomes of the sent numbers, without one of its own",
                        sending("outbox:lab/orders?sent-ids=drop", "mllp:127.0.0.1:2576"),
                        ":4: sent-ids without patient-id; say whose numbers the receiver knows,"
                                + " for example  patient-id=CLINIC"),
                broken(
                        "sent numbers that are neither kept nor dropped",
                        sending(
                                "outbox:lab/orders?patient-id=A&sent-ids=no",
                                "mllp:127.0.0.1:2576"),
                        ":4: sent-ids: got \"no\"; wanted keep or drop"),
                broken(
                        "an option twice",
                        sending("outbox:lab/orders?window=2&window=3", "mllp:127.0.0.1:2576"),
                        ":4: window stands twice; keep one"),
                broken(
                        "an option that outbox hasn't",
                        sending("outbox:lab/orders?windw=2", "mllp:127.0.0.1:2576"),
                        ":4: outbox has no option \"windw\"; did you mean \"window\"?"),
                broken(
                        "sending to another machine in plain",
                        sending("outbox:lab/orders", "mllp:lis.example:2575"),
                        ":6: lis.example:2575 is another machine, and without TLS everybody between"
                                + " can read what is sent; give lab/partner.yaml tls; only where"
                                + " something else protects the line, add \"lab\" to the setting"
                                + " chartbridge.allow-plaintext"),
                broken(
                        "sending nowhere",
                        sending("outbox:lab/orders", "mllp:127.0.0.1"),
                        ":6: \"mllp:127.0.0.1\" is no host and port; wanted mllp:host:port, with a"
                                + " port from 1 to 65535"),
                broken(
                        "sending to an unset host",
                        sending("outbox:lab/orders", "mllp:${NO_SUCH_HOST}:2576"),
                        ":6: environment variable NO_SUCH_HOST is not set; set it before the engine"
                                + " starts"),
                broken(
                        "a file behind an outbox",
                        sending("outbox:lab/orders", "file:out"),
                        ":6: \"file:out\" is no folder; wanted file: and a whole path without ..,"
                                + " for example file:/srv/lab/orders"),
                broken(
                        "a web address in plain behind an outbox",
                        sending("outbox:lab/orders", "http://lab.example/hl7"),
                        ":6: http://lab.example/hl7 is another machine, and without TLS everybody"
                                + " between can read what is sent; give lab/partner.yaml tls; only"
                                + " where something else protects the line, add \"lab\" to the"
                                + " setting chartbridge.allow-plaintext"),
                broken(
                        "a web address with a password",
                        sending("outbox:lab/orders", "https://clinic:s3cret@lab.example/hl7"),
                        ":6: no web address that can be posted to; wanted https://host/path without"
                                + " user, ? and #; user and password belong in login of"
                                + " partner.yaml"),
                broken(
                        "a web address and a window",
                        sending("outbox:lab/orders?window=4", "https://lab.example/hl7"),
                        ":4: window: over HTTP each message leaves after the answer to the one"
                                + " before; remove window"),
                broken(
                        "a mail address behind an outbox",
                        sending("outbox:lab/orders", "smtp:lab.example"),
                        ":6: to \"smtp\"; wanted { uri: \"mllp:host:port\" }, { uri:"
                                + " \"https://host/path\" }, { uri: \"file:/folder\" } or { uri:"
                                + " \"edit:orders.edit.yaml\" }"),
                broken(
                        "no port",
                        from("mllp:127.0.0.1"),
                        ":4: \"127.0.0.1\" is no address and port; wanted mllp:127.0.0.1:2575, with"
                                + " a port from 1 to 65535"),
                broken(
                        "a port too high",
                        from("mllp:127.0.0.1:65536"),
                        ":4: \"127.0.0.1:65536\" is no address and port; wanted"
                                + " mllp:127.0.0.1:2575, with a port from 1 to 65535"),
                broken(
                        "a host name",
                        from("mllp:lab.example:2575"),
                        ":4: \"lab.example:2575\" is no address and port; wanted"
                                + " mllp:127.0.0.1:2575, with a port from 1 to 65535"),
                broken(
                        "an unknown option",
                        from("mllp:127.0.0.1:2575?type=ORU"),
                        ":4: a receiving route has no option \"type\"; did you mean \"types\"?"),
                broken(
                        "a type with its trigger",
                        from("mllp:127.0.0.1:2575?types=ORU^R01"),
                        ":4: types: \"ORU^R01\" is no message type, or stands twice; wanted MSH-9.1"
                                + " values with commas between, for example types=ORU,MDM"),
                broken(
                        "a type twice",
                        from("mllp:127.0.0.1:2575?types=ORU,ORU"),
                        ":4: types: \"ORU\" is no message type, or stands twice; wanted MSH-9.1"
                                + " values with commas between, for example types=ORU,MDM"),
                broken(
                        "a port that is not set",
                        from("mllp:127.0.0.1:${NOT_SET_HERE}"),
                        ":4: environment variable NOT_SET_HERE is not set; set it before the engine"
                                + " starts"),
                broken(
                        "a Camel placeholder",
                        steps("log: { message: \"{{sys:user.home}}\" }"),
                        ":6: a Camel placeholder {{…}}; write ${NAME} in the uri of from"),
                broken(
                        "an unknown step",
                        steps("fliter: {}"),
                        ":6: unknown step \"fliter\"; did you mean \"filter\"?"),
                broken(
                        "wireTap",
                        steps("wireTap: { uri: \"file:copies\" }"),
                        ":6: step \"wireTap\"; it acts before the commit; it belongs behind an"
                                + " outbox"),
                broken(
                        "toD",
                        steps("toD: { uri: \"http:${body}\" }"),
                        ":6: step \"toD\"; it acts before the commit; it belongs behind an outbox"),
                broken(
                        "threads",
                        steps("threads: { poolSize: 4 }"),
                        ":6: step \"threads\"; it leaves the thread of the message; a receiving"
                                + " route works through its steps in order"),
                broken(
                        "aggregate",
                        steps("aggregate: {}"),
                        ":6: step \"aggregate\"; it leaves the thread of the message; a receiving"
                                + " route works through its steps in order"),
                broken(
                        "doTry",
                        steps("doTry: {}"),
                        ":6: step \"doTry\"; it hides that a step failed; a message whose step"
                                + " fails is held"),
                broken(
                        "setBody",
                        steps("setBody: { simple: x }"),
                        ":6: step \"setBody\"; it changes the message; a chart is made of the"
                                + " message as it was sent"),
                broken(
                        "to a file",
                        steps("to: { uri: \"file:out?fileName=x\" }"),
                        ":6: to \"file\"; wanted { uri: chart }, { uri: answer }, { uri: order }, {"
                                + " uri: refer }, { uri: \"edit:file.edit.yaml\" } or { uri:"
                                + " \"deliver:partner/queue\" }; sending belongs behind an outbox"),
                broken(
                        "to a partner without a queue",
                        steps("to: { uri: \"deliver:emr\" }"),
                        ":6: \"emr\" is no destination; wanted deliver:partner/queue, as an outbox"
                                + " route names it, for example deliver:emr/results"),
                broken(
                        "a misspelt answer",
                        steps("to: { uri: answers }"),
                        ":6: to \"answers\"; wanted { uri: chart }, { uri: answer }, { uri: order"
                                + " }, { uri: refer }, { uri: \"edit:file.edit.yaml\" } or { uri:"
                                + " \"deliver:partner/queue\" }; sending belongs behind an outbox"),
                broken(
                        "to seda",
                        steps("to: { uri: \"seda:later\" }"),
                        ":6: to seda leaves the thread of the message; a receiving route works"
                                + " through its steps in order; remove it"),
                broken(
                        "to in one word",
                        steps("to: chart"),
                        ":6: to: wanted a block of keys, got \"chart\"; write  - to: { uri: chart"
                                + " }"),
                broken(
                        "a misspelt chart",
                        steps("to: { uri: chrat }"),
                        ":6: to \"chrat\"; wanted { uri: chart }, { uri: answer }, { uri: order },"
                                + " { uri: refer }, { uri: \"edit:file.edit.yaml\" } or { uri:"
                                + " \"deliver:partner/queue\" }; sending belongs behind an outbox"),
                broken(
                        "chart with options",
                        steps("to: { uri: chart, parameters: { a: b } }"),
                        ":6: to: key \"parameters\"; it is not needed by any step of 0.1.0"),
                broken(
                        "parallel split",
                        steps("multicast: { parallelProcessing: true, steps: [ { stop: {} } ] }"),
                        ":6: multicast: key \"parallelProcessing\"; it leaves the thread of the"
                                + " message; a receiving route works through its steps in order"),
                broken(
                        "a fault deep inside",
                        steps(
                                "multicast: { steps: [ { filter: { expression: { simple: {"
                                        + " expression: a } }, steps: [ { bean: {} } ] } } ] }"),
                        ":6: step \"bean\"; it acts before the commit; it belongs behind an"
                                + " outbox"),
                broken(
                        "a filter without condition",
                        steps("filter: { steps: [ { stop: {} } ] }"),
                        ":6: filter: \"expression\" is missing; add it"),
                broken(
                        "Groovy",
                        steps(
                                "filter: { expression: { groovy: { expression: x } }, steps: [ {"
                                        + " stop: {} } ] }"),
                        ":6: filter: language \"groovy\"; wanted one of: simple, constant,"
                                + " language"),
                broken(
                        "a condition on the body",
                        steps("log: { message: \"got ${body}\" }"),
                        ":6: log: \"${body}\" is not for routes; wanted ${header.name},"
                            + " ${exchangeProperty.name} or ${routeId}: no content of a message, no"
                            + " Java"),
                broken(
                        "Java from an expression",
                        steps(
                                "log: { message:"
                                    + " \"${bean:type:java.lang.Runtime?method=getRuntime}\" }"),
                        ":6: log: \"${bean:type:java.lang.Runtime?method=getRuntime}\" is not for"
                                + " routes; wanted ${header.name}, ${exchangeProperty.name} or"
                                + " ${routeId}: no content of a message, no Java"),
                broken(
                        "an expression inside an expression",
                        steps("log: { message: \"${header.${body}}\" }"),
                        ":6: log: \"${header.${body}\" is not for routes; wanted ${header.name},"
                            + " ${exchangeProperty.name} or ${routeId}: no content of a message, no"
                            + " Java"),
                broken(
                        "the other spelling of expressions",
                        steps("log: { message: \"$simple{body}\" }"),
                        ":6: log: \"${\" that can't be read; write ${header.name}"),
                broken(
                        "a header of Camel's own",
                        steps(
                                "setHeader: { name: CamelFileName, expression: { constant: {"
                                        + " expression: a } } }"),
                        ":6: name: not a name for a header or property; wanted letters, digits, _"
                                + " and -, not beginning with Camel"),
                broken(
                        "a choice without cases",
                        steps("choice: { otherwise: { steps: [ { stop: {} } ] } }"),
                        ":6: choice: \"when\" is missing; add it"),
                broken(
                        "two names in one step",
                        steps("{ to: { uri: chart }, stop: {} }"),
                        ":6: wanted a step with one name, got a block of keys; write for example  -"
                                + " to: { uri: chart }"));
    }

    @Test
    void aFileOfTooManyRoutesIsRefused() {
        var text = new StringBuilder();
        for (var i = 0; i <= RouteFile.MAX_ROUTES; i++) {
            text.append(from("mllp:127.0.0.1:2575").replace("id: a", "id: a" + i));
        }

        assertThat(read(text.toString())).isEmpty();
        assertThat(faults)
                .extracting(FileFault::toString)
                .containsExactly("lab/a.yaml:1: 51 routes in one file; wanted at most 50");
    }

    /** As an editor or a copy leaves it for a moment; the engine reads folders at any moment. */
    @Test
    void aFileCutAnywhereIsReadOrRefusedAndNeverThrows() {
        for (var whole :
                List.of(
                        from("mllp:127.0.0.1:${LAB_PORT}?types=ORU,MDM"),
                        steps(
                                "choice: { when: [ { expression: { language: { language: hl7,"
                                        + " expression: \"PID-3 == '1'\" } }, steps: [ { to: { uri:"
                                        + " \"deliver:lab/orders\" } } ] } ] }"),
                        sending("outbox:lab/orders?window=16", "mllp:127.0.0.1:2575?timeout=5s"))) {
            for (var length = 0; length < whole.length() - CHART.length() - 1; length++) {
                faults.clear();
                assertThat(plans(whole.substring(0, length)).isEmpty())
                        .as(whole.substring(0, length))
                        .isEqualTo(!faults.isEmpty());
            }
        }
    }

    @Test
    void aRouteMayTakeFilesFromAFolderAndSendIntoOne() {
        var receiving = read(from("file:/srv/lab/results?types=ORU")).orElseThrow();
        var sending = plans(sending("outbox:lab/orders", "file:///srv/lab/orders")).orElseThrow();

        assertThat(receiving.getFirst().door()).hasToString("file:/srv/lab/results");
        assertThat(receiving.getFirst().types()).containsExactly("ORU");
        assertThat(((OutboxPlan) sending.getFirst()).endpoints().values())
                .extracting(Endpoint::toString)
                .containsExactly("file:/srv/lab/orders");
    }

    @Test
    void aRouteOfTooManyTypesIsRefused() {
        var types =
                IntStream.rangeClosed(0, RouteFile.MAX_TYPES)
                        .mapToObj("T%02X"::formatted)
                        .collect(Collectors.joining(","));

        assertThat(read(from("mllp:127.0.0.1:2575?types=" + types))).isEmpty();
        assertThat(faults).singleElement().asString().contains("is no message type");
    }

    // ------------------------------------------------------------ edits and hl7

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- to: { uri: chart }\n- to: { uri: \"edit:a.edit.yaml\" }",
                "- multicast: { steps: [ { to: { uri: \"edit:a.edit.yaml\" } }, { to: { uri: chart"
                        + " } } ] }",
                "- choice: { when: [ { expression: { language: { language: hl7, expression:"
                        + " \"PID-3\" } }, steps: [ { to: { uri: \"edit:a.edit.yaml\" } }, { to: {"
                        + " uri: \"deliver:emr/results\" } }, { stop: {} } ] } ] }\n"
                        + "- to: { uri: chart }",
                "- filter: { expression: { language: { language: hl7, expression: \"OBX[*]-8 =="
                        + " 'HH' || !PID-3.4\" } }, steps: [ { to: { uri: chart } } ] }"
            })
    void whatIsChartedIsTheMessageAsItWasSent(String steps) {
        assertThat(edited(steps)).describedAs(faults.toString()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- to: { uri: \"edit:a.edit.yaml\" }\n- to: { uri: chart }",
                "- filter: { expression: { simple: { expression: \"${header.type} == 'ORU'\" } },"
                        + " steps: [ { to: { uri: \"edit:a.edit.yaml\" } } ] }\n"
                        + "- to: { uri: chart }",
                "- choice: { when: [ { expression: { language: { language: hl7, expression:"
                    + " \"PID-3\" } }, steps: [ { stop: {} } ] } ], otherwise: { steps: [ { to: {"
                    + " uri: \"edit:a.edit.yaml\" } } ] } }\n"
                    + "- to: { uri: chart }",
                "- multicast: { steps: [ { filter: { expression: { simple: { expression:"
                        + " \"${header.type} == 'ORU'\" } }, steps: [ { to: { uri:"
                        + " \"edit:a.edit.yaml\" } }, { to: { uri: chart } } ] } } ] }"
            })
    void noEditedMessageIsCharted(String steps) {
        assertThat(edited(steps)).isEmpty();
        assertThat(faults)
                .singleElement()
                .asString()
                .contains(": chart behind edit; what is charted");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "edit:b.edit.yaml; there is no b.edit.yaml in the folder lab",
                "edit:a.edit.yml; \"a.edit.yml\" is no edit file",
                "edit:../x.edit.yaml; is no edit file",
                "edit:broken.edit.yaml; edit:broken.edit.yaml has faults",
                "edit:repairs.edit.yaml; repairs.edit.yaml is done before mapping"
            })
    void aStepThatNamesNoEditFileSaysWhatIsThere(String uri, String what) {
        assertThat(edited("- to: { uri: \"" + uri + "\" }")).isEmpty();
        assertThat(faults).singleElement().asString().startsWith("lab/a.yaml:6: ").contains(what);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "filter; { language: { language: hl7, expression: \"OBR4 == 'x'\" } }; hl7:"
                        + " \"OBR4\" is no path",
                "filter; { language: { language: groovy, expression: x } }; language \"groovy\"",
                "filter; { hl7: { expression: x } }; write  expression: { language: { language:"
                        + " hl7",
                "filter; { language: { language: hl7 } }; \"expression\" is missing",
                "split; { language: { language: hl7, expression: PID-3 } }; it decides in choice"
            })
    void aMistakeInAConditionNamesTheLine(String step, String expression, String what) {
        var text = "- " + step + ": { expression: " + expression + ", steps: [ { stop: {} } ] }";

        assertThat(edited(text)).isEmpty();
        assertThat(faults).singleElement().asString().startsWith("lab/a.yaml:6: ").contains(what);
    }

    /** Routes of a folder that has an edit file, and a broken one. */
    private Optional<List<Plan>> edited(String steps) {
        var script = Optional.of(new EditScript("lab/a.edit.yaml", List.of()));
        var environment =
                new RouteFile.Environment(
                        Map.of(),
                        List.of(),
                        Map.of("a.edit.yaml", script, "broken.edit.yaml", Optional.empty()));
        var text =
                "- route:\n    id: a\n    from:\n      uri: mllp:127.0.0.1:2575\n      steps:\n"
                        + steps.indent(8);
        return RouteFile.read("lab/a.yaml", bytes(text), "lab", environment, faults::add);
    }

    private Optional<List<RoutePlan>> read(String text) {
        return plans(text).map(plans -> plans.stream().map(RoutePlan.class::cast).toList());
    }

    private Optional<List<Plan>> plans(String text) {
        var environment = new RouteFile.Environment(Map.of("LAB_PORT", "2599"), List.of("other"));
        return RouteFile.read("lab/a.yaml", bytes(text), "lab", environment, faults::add);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String from(String uri) {
        return "- route:\n    id: a\n    from:\n      uri: " + uri + "\n" + CHART;
    }

    private static String sending(String outbox, String target) {
        return from(outbox).replace("to: { uri: chart }", "to: { uri: \"" + target + "\" }");
    }

    private static String steps(String step) {
        return "- route:\n"
                + "    id: a\n"
                + "    from:\n"
                + "      uri: mllp:127.0.0.1:2575\n"
                + "      steps:\n"
                + "        - "
                + step
                + "\n";
    }

    private static Arguments broken(String name, String text, String expected) {
        return Arguments.of(name, text, expected);
    }
}
