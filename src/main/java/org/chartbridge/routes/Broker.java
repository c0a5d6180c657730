package org.chartbridge.routes;

import jakarta.jms.ConnectionFactory;

import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The broker that bells and events go over: Artemis inside this process, reachable from nowhere
 * else, or one of your own (setting {@code spring.artemis.broker-url}), never both.
 *
 * <p>Its store is disposable. What it loses is rung for again from PostgreSQL.
 */
final class Broker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Broker.class);

    /** Names of destinations that have work; each bell is taken by one node. */
    static final String BELLS = "chartbridge.bells";

    /** Ids of entries that were settled; everybody who listens hears all. */
    static final String EVENTS = "chart.events";

    private static final SimpleString NOBODY = SimpleString.of("chartbridge.nobody");

    /** Bells and events are a few hundred bytes; this many never wait but by a fault. */
    private static final long MAX_BYTES = 32L << 20;

    /** A lone durable sender waits for the journal's next turn: 0.2 ms instead of 3.3. */
    private static final int JOURNAL_TURN_NANOS = 200_000;

    /** In-VM brokers are told apart by number; tests run several. */
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final @Nullable EmbeddedActiveMQ server;
    private final String url;
    private final String description;
    private final ConnectionFactory connections;

    private Broker(
            @Nullable EmbeddedActiveMQ server,
            String url,
            String description,
            ConnectionFactory connections) {
        this.server = server;
        this.url = url;
        this.description = description;
        this.connections = connections;
    }

    /**
     * Starts the embedded one.
     *
     * @param folder where its journal lies; made when missing, and may be deleted while it is down
     */
    static Broker embedded(Path folder) throws Exception {
        int number = NUMBERS.getAndIncrement();
        var server =
                new EmbeddedActiveMQ()
                        .setConfiguration(configuration(folder.toAbsolutePath(), number));
        server.start();
        // A start that went wrong inside says so here only.
        if (!server.getActiveMQServer().isActive()) {
            server.stop();
            throw new IllegalStateException("the embedded broker does not become active");
        }
        var url = "vm://" + number;
        return new Broker(server, url, "embedded", new ActiveMQConnectionFactory(url));
    }

    /**
     * One of your own; it need not be there yet.
     *
     * @param url as Artemis' clients write it, for example {@code tcp://broker:61616}
     */
    static Broker outside(String url, String user, String password) {
        var separator = url.contains("?") ? "&" : "?";
        // A node must notice soon that the broker is gone, and come back by itself.
        var patient =
                url.contains("callTimeout")
                        ? url
                        : url + separator + "callTimeout=5000&connectionTTL=15000";
        return new Broker(
                null,
                url,
                url.replaceFirst("[?].*", ""),
                user.isEmpty()
                        ? new ActiveMQConnectionFactory(patient)
                        : new ActiveMQConnectionFactory(patient, user, password));
    }

    private static ConfigurationImpl configuration(Path folder, int number) throws Exception {
        var configuration = new ConfigurationImpl();
        configuration.setName("chartbridge");
        configuration.setPersistenceEnabled(true);
        configuration.setSecurityEnabled(false); // Nobody but this process can reach it.
        configuration.setJMXManagementEnabled(false);
        configuration.setJournalType(JournalType.NIO);
        configuration.setJournalBufferTimeout_NIO(JOURNAL_TURN_NANOS);
        configuration.setJournalFileSize(2 << 20);
        configuration.setJournalMinFiles(2);
        configuration.setJournalPoolFiles(4);
        configuration.setGlobalMaxSize(MAX_BYTES);
        configuration.setScheduledThreadPoolMaxSize(2);
        configuration.setThreadPoolMaxSize(8);
        configuration.setJournalDirectory(folder.resolve("journal").toString());
        configuration.setBindingsDirectory(folder.resolve("bindings").toString());
        configuration.setPagingDirectory(folder.resolve("paging").toString());
        configuration.setLargeMessagesDirectory(folder.resolve("large").toString());
        configuration.addAcceptorConfiguration("in-vm", "vm://" + number);
        var settings = new AddressSettings();
        settings.setMaxDeliveryAttempts(-1); // A bell rings until somebody has answered it.
        settings.setDeadLetterAddress(
                NOBODY); // Else each queue is warned about; nothing gets there.
        settings.setExpiryAddress(NOBODY);
        settings.setAddressFullMessagePolicy(AddressFullMessagePolicy.PAGE);
        settings.setMaxSizeBytes(MAX_BYTES);
        configuration.addAddressSetting("#", settings);
        configuration.addAddressConfiguration(
                new CoreAddressConfiguration()
                        .setName(BELLS)
                        .addRoutingType(RoutingType.ANYCAST)
                        .addQueueConfiguration(
                                QueueConfiguration.of(BELLS)
                                        .setAddress(BELLS)
                                        .setRoutingType(RoutingType.ANYCAST)
                                        .setDurable(true)));
        configuration.addAddressConfiguration(
                new CoreAddressConfiguration()
                        .setName(EVENTS)
                        .addRoutingType(RoutingType.MULTICAST));
        return configuration;
    }

    ConnectionFactory connections() {
        return connections;
    }

    /** For people: {@code embedded}, or the address of an outside one. */
    String description() {
        return description;
    }

    /** Where clients of this process connect to. */
    String url() {
        return url;
    }

    /** Whether the embedded one works; an outside one answers for itself. */
    boolean isActive() {
        return server == null || server.getActiveMQServer().isActive();
    }

    boolean isEmbedded() {
        return server != null;
    }

    @Override
    public void close() {
        try {
            if (connections instanceof AutoCloseable factory) factory.close();
            if (server != null) server.stop();
        } catch (Exception e) { // Artemis declares no narrower one.
            log.atWarn()
                    .addKeyValue("exception", e.getClass().getName())
                    .log("the broker does not end cleanly; its store may be deleted");
        }
    }
}
