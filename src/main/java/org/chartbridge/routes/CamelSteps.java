package org.chartbridge.routes;

import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.builder.NoErrorHandlerBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.chartbridge.delivery.WhereOrdersWent;
import org.chartbridge.ordering.Ordering;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.Partner;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The one Camel context. Each version of a route gets a name of its own in it ({@code
 * northlab-results-v3}), so that a new version starts beside the old one and nothing else notices.
 *
 * <p>Not safe for use by several threads: {@link RouteFolders} calls it under its lock.
 */
final class CamelSteps implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CamelSteps.class);

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final MllpComponent mllp = new MllpComponent();
    private final EditComponent edit = new EditComponent();
    private final SendComponent send = new SendComponent();
    private final YamlRoutesBuilderLoader yaml = new YamlRoutesBuilderLoader();
    private final Ordering ordering;
    private volatile List<Partner> partners = List.of();
    private long versions;

    /** One whose orders went nowhere before. */
    CamelSteps() {
        this(WhereOrdersWent.NOWHERE);
    }

    CamelSteps(WhereOrdersWent sent) {
        this.ordering = new Ordering(() -> partners, sent);
        context.disableJMX();
        context.setStreamCaching(false);
        context.setLoadTypeConverters(false);
        context.setAllowUseOriginalMessage(false);
        // A stop waits for messages in work, which take milliseconds.
        context.getShutdownStrategy().setTimeout(10);
        // Its own report of what was in work would name contents.
        context.getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
        context.getCamelContextExtension().addInterceptStrategy(CamelSteps::noted);
        context.addComponent("mllp", mllp);
        context.addComponent("chart", new NotingComponent((staging, _) -> staging.chart()));
        context.addComponent("answer", new NotingComponent((staging, _) -> staging.answer()));
        context.addComponent("deliver", new DeliverComponent());
        context.addComponent("send", send);
        context.addComponent("edit", edit);
        context.addComponent("order", new NotingComponent(Staging::order));
        context.addComponent("refer", new NotingComponent(Staging::refer));
        context.getRegistry().bind(Hl7Language.NAME, new Hl7Language());
    }

    /** Lets a run know its last step, so that a failure can be told by its name. */
    private static Processor noted(
            CamelContext context, NamedNode step, Processor target, @Nullable Processor next) {
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                Staging.of(exchange).reached(step.getId());
                return super.process(exchange, callback);
            }
        };
    }

    /** Says all partners that run: laboratories are among them. */
    void use(List<Partner> running) {
        partners = List.copyOf(running);
    }

    void start() {
        context.start();
        yaml.setCamelContext(context);
        yaml.start();
    }

    /**
     * Starts the routes of a file that {@link RouteFile} has found good, beside whatever runs.
     *
     * @return empty, with a fault told, when Camel refuses one; then none of them runs
     */
    List<Running> start(byte[] content, List<? extends Plan> plans, Consumer<FileFault> faults) {
        var running = new ArrayList<Running>();
        var file = plans.getFirst().file();
        var definitions = new ArrayList<RouteDefinition>();
        try {
            var resource = ResourceHelper.fromBytes(file, content);
            var builder = (RouteBuilder) yaml.loadRoutesBuilder(resource);
            definitions.addAll(builder.configureRoutes(context).getRoutes());
            for (var definition : definitions) {
                var plan = planOf(definition, plans);
                var version = plan.id() + "-v" + ++versions;
                prepare(definition, plan, version);
                context.addRouteDefinition(definition);
                var consumer = mllp.consumer(version);
                if (consumer == null) throw new IllegalStateException("the route did not start");
                running.add(new Running(plan, version, consumer, ordering));
            }
            return running;
        } catch (Exception e) { // Camel's own checks throw whatever they like.
            running.forEach(this::stop);
            definitions.forEach(this::forget);
            faults.accept(
                    FileFault.at(
                            file,
                            plans.get(Math.min(running.size(), plans.size() - 1)).place(),
                            "Camel refuses the route: " + reason(e),
                            "correct the expressions of its steps"));
            return List.of();
        }
    }

    private static Plan planOf(RouteDefinition definition, List<? extends Plan> plans) {
        for (var plan : plans) if (plan.id().equals(definition.getId())) return plan;
        throw new IllegalStateException("a route that was not checked");
    }

    private void prepare(RouteDefinition definition, Plan plan, String version) {
        definition.setId(version);
        definition.getInput().setUri(MllpComponent.uri(version));
        // Camel's default one logs bodies; ours is RouteRunner, which holds the message.
        definition.errorHandler(new NoErrorHandlerBuilder());
        each(definition, ToDefinition.class, to -> to.setUri(uri(to.getUri(), plan, version)));
        // Without it the last part's success would hide that an earlier one failed.
        each(definition, SplitDefinition.class, split -> split.setStopOnException("true"));
        each(definition, MulticastDefinition.class, all -> all.setStopOnException("true"));
    }

    /** The endpoint that only notes what the step asks for. */
    private String uri(String written, Plan plan, String version) {
        var script = plan.edits().get(written);
        if (script != null) return edit.uri(version, script);
        return switch (plan) {
            case RoutePlan _ ->
                    switch (written) {
                        case "chart" -> NotingComponent.CHART;
                        case "answer" -> NotingComponent.ANSWER;
                        case "order" -> NotingComponent.ORDER;
                        case "refer" -> NotingComponent.REFER;
                        default -> written;
                    };
            case OutboxPlan outbox ->
                    send.uri(Objects.requireNonNull(outbox.endpoints().get(written), written));
        };
    }

    private static <T extends ProcessorDefinition<?>> void each(
            RouteDefinition definition, Class<T> type, Consumer<T> action) {
        ProcessorDefinitionHelper.filterTypeInOutputs(definition.getOutputs(), type)
                .forEach(action);
    }

    /** Stops a version after the messages that are in work in it. */
    void stop(Running running) {
        running.drain();
        try {
            context.getRouteController().stopRoute(running.version());
            context.removeRoute(running.version());
            context.removeEndpoints(MllpComponent.uri(running.version()));
            context.removeEndpoints(EditComponent.all(running.version()));
        } catch (Exception e) { // Camel declares no narrower one.
            log.atWarn()
                    .addKeyValue("route", running.plan().id())
                    .setCause(e)
                    .log("an old version of a route does not stop");
        }
    }

    private void forget(RouteDefinition definition) {
        try {
            context.removeRouteDefinition(definition);
        } catch (Exception e) { // Camel declares no narrower one.
            log.atWarn().setCause(e).log("a refused route can't be removed");
        }
    }

    private static String reason(Throwable e) {
        var root = e;
        while (root.getCause() != null) root = root.getCause();
        var text = String.valueOf(root.getMessage()).strip();
        return text.isEmpty()
                ? root.getClass().getSimpleName()
                : text.lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        context.stop();
    }
}
