package nl.pinbridge.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import nl.pinbridge.contract.Json;
import org.awaitility.Awaitility;

/**
 * The yardstick: the same two calls for each payment by {@code java.net.http} alone, as many at once. No queue, no ledger, no mark, no
 * results; its connections are kept, where the bridge opens one for each call that moves money.
 */
final class BareLoop implements AutoCloseable {
    private static final String BOUNDARY = "bare-loop-boundary";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url;
    private final AtomicBoolean going = new AtomicBoolean(true);
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private volatile Window window = new Window();

    BareLoop(String pinVandaagUrl) {
        url = pinVandaagUrl;
    }

    void keepBusy(int tills) {
        for (int till = 1; till <= tills; till++) {
            running.incrementAndGet();
            next(till);
        }
    }

    private void next(int till) {
        if (!going.get()) {
            running.decrementAndGet();
            return;
        }
        long sent = System.nanoTime();
        Map<String, String> create = Map.of("amount", "1050", "ownReference", "bare-" + till + "-" + sent);
        CompletableFuture<Void> unused = payment(till, create).handle((paid, wrong) -> {
            if (wrong != null || !paid) {
                failed.incrementAndGet();
                running.decrementAndGet();
                return null;
            }
            window.ended(System.nanoTime() - sent);
            next(till);
            return null;
        });
    }

    private CompletableFuture<Boolean> payment(int till, Map<String, String> create) {
        return call("create", till, create)
                .thenCompose(answer -> status(till, answer.path("transactionId").asText()));
    }

    private CompletableFuture<Boolean> status(int till, String transaction) {
        return call("status", till, Map.of("transactionId", transaction)).thenCompose(answer -> {
            String word = answer.path("status").asText();
            return word.equals("started")
                    ? status(till, transaction)
                    : CompletableFuture.completedFuture(word.equals("success"));
        });
    }

    private CompletableFuture<JsonNode> call(String operation, int till, Map<String, String> fields) {
        StringBuilder form = new StringBuilder();
        field(form, "terminalId", Homes.terminalId(till));
        field(form, "key", Homes.KEY);
        fields.forEach((name, value) -> field(form, name, value));
        form.append("--").append(BOUNDARY).append("--\r\n");
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/instore/transactions/" + operation))
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(HttpRequest.BodyPublishers.ofString(form.toString()))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(answer -> Json.read(answer.body()));
    }

    private static void field(StringBuilder form, String name, String value) {
        form.append("--").append(BOUNDARY).append("\r\nContent-Disposition: form-data; name=\"");
        form.append(name).append("\"\r\n\r\n").append(value).append("\r\n");
    }

    Window nextWindow() {
        Window before = window;
        window = new Window();
        return before.close();
    }

    /** Tills that stopped because a call failed. */
    int failed() {
        return failed.get();
    }

    @Override
    public void close() {
        going.set(false);
        Awaitility.await("the bare loop's last calls").until(() -> running.get() == 0);
    }
}
