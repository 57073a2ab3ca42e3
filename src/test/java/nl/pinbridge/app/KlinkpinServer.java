package nl.pinbridge.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import nl.pinbridge.contract.Json;

/** The provider that {@code docs/adding-a-provider.md} invents: it does what its one page says, and no more. */
final class KlinkpinServer implements AutoCloseable {
    static final String KEY = "a-key-of-klinkpin";

    private record Payment(String id, String ref, String device, long cents, String callback, String state) {
        Payment in(String next) {
            return new Payment(id, ref, device, cents, callback, next);
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final HttpClient webhooks = HttpClient.newHttpClient();
    private final Map<String, Payment> payments = new LinkedHashMap<>();
    private String next = "paid";
    private boolean breaks;
    private boolean busy;

    private KlinkpinServer(HttpServer server) {
        this.server = server;
    }

    static KlinkpinServer start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            KlinkpinServer klinkpin = new KlinkpinServer(server);
            server.createContext("/v1/payments", klinkpin::handle);
            server.setExecutor(klinkpin.threads);
            server.start();
            return klinkpin;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** How the next payment ends. */
    synchronized void next(String state) {
        next = state;
    }

    /** The next start acts and is not answered. */
    synchronized void breakNextAnswer() {
        breaks = true;
    }

    /** The next start is told that the device is busy. */
    synchronized void busyOnce() {
        busy = true;
    }

    synchronized List<Long> started() {
        return payments.values().stream().map(Payment::cents).toList();
    }

    synchronized List<Long> charged() {
        return payments.values().stream()
                .filter(payment -> payment.state().equals("paid"))
                .map(Payment::cents)
                .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode body = body(exchange);
            List<String> path =
                    new ArrayList<>(List.of(exchange.getRequestURI().getPath().split("/")));
            if (!KEY.equals(exchange.getRequestHeaders().getFirst("X-Klinkpin-Key"))) {
                answer(exchange, 401, error("key"));
            } else if (path.size() == 3) {
                create(exchange, body);
            } else if (path.size() == 4) {
                status(exchange, path.get(3));
            } else {
                cancel(exchange, path.get(3));
            }
        }
    }

    private static JsonNode body(HttpExchange exchange) throws IOException {
        String text = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        return text.isEmpty() ? Json.object() : Json.read(text);
    }

    private void create(HttpExchange exchange, JsonNode body) throws IOException {
        Payment payment;
        boolean lost;
        synchronized (this) {
            if (busy) {
                busy = false;
                answer(exchange, 409, error("device_busy"));
                return;
            }
            String id = "kp_" + (81 + payments.size());
            payment = new Payment(
                    id,
                    body.path("ref").asText(),
                    body.path("device").asText(),
                    body.path("cents").asLong(),
                    body.path("notify").asText(""),
                    next);
            next = "paid";
            lost = breaks;
            breaks = false;
            payments.put(id, payment);
        }
        if (!lost) {
            answer(exchange, 201, Json.object().put("payment", payment.id()).put("state", "waiting"));
        }
        if (!payment.callback().isEmpty()) {
            ObjectNode told = Json.object()
                    .put("payment", payment.id())
                    .put("ref", payment.ref())
                    .put("state", payment.state());
            CompletableFuture<?> sent = webhooks.sendAsync(
                    HttpRequest.newBuilder(URI.create(payment.callback()))
                            .POST(BodyPublishers.ofString(Json.write(told)))
                            .build(),
                    BodyHandlers.discarding());
            sent.join();
        }
    }

    private void status(HttpExchange exchange, String id) throws IOException {
        Payment payment;
        synchronized (this) {
            payment = payments.get(id);
        }
        if (payment == null) {
            answer(exchange, 404, error("unknown_payment"));
            return;
        }
        answer(
                exchange,
                200,
                Json.object()
                        .put("payment", payment.id())
                        .put("device", payment.device())
                        .put("ref", payment.ref())
                        .put("cents", payment.cents())
                        .put("currency", "EUR")
                        .put("state", payment.state())
                        .put("card", payment.state().equals("paid") ? "xxxxxxxxxxxx5008" : null));
    }

    private void cancel(HttpExchange exchange, String id) throws IOException {
        synchronized (this) {
            payments.computeIfPresent(
                    id, (key, payment) -> payment.state().equals("waiting") ? payment.in("cancelled") : payment);
        }
        answer(exchange, 202, Json.object().put("state", "stopping"));
    }

    private static ObjectNode error(String word) {
        return Json.object().put("error", word);
    }

    private static void answer(HttpExchange exchange, int status, ObjectNode json) throws IOException {
        byte[] bytes = Json.write(json).getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.getResponseBody().close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
