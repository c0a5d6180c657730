package org.chartbridge.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;

import org.chartbridge.mllp.Tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A partner that takes messages over HTTPS from whoever shows a certificate, and accepts all. */
final class PostedTo implements AutoCloseable {
    private final HttpsServer server;
    private final Map<String, Set<String>> bodies = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();

    PostedTo(Tls tls) throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(tls.context()) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        var its = getSSLContext().getDefaultSSLParameters();
                        its.setNeedClientAuth(true);
                        parameters.setSSLParameters(its);
                    }
                });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/hl7", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            // A request that breaks off throws here: nothing was taken then.
            var text = new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1);
            var id = DoorsKillIT.Arrived.id(text);
            requests.incrementAndGet();
            if (id.isEmpty()) broken.incrementAndGet();
            bodies.computeIfAbsent(id, _ -> ConcurrentHashMap.newKeySet()).add(text);
            var answer =
                    ("MSH|^~\\&|GATEWAY||||20261122080000||ACK|A" + id + "|P|2.5.1\rMSA|AA|" + id)
                            .getBytes(ISO_8859_1);
            exchange.getResponseHeaders().set("Content-Type", "application/hl7-v2");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    String address() {
        return "https://127.0.0.1:" + server.getAddress().getPort() + "/hl7";
    }

    /** What came, by MSH-10; more than one where the bytes were not the same. */
    Map<String, Set<String>> bodies() {
        return bodies;
    }

    int requests() {
        return requests.get();
    }

    int broken() {
        return broken.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
