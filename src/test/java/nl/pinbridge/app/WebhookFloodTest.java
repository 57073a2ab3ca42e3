package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nl.pinbridge.config.Secret;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.Databases;
import nl.pinbridge.ledger.Ids;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Outcome;
import nl.pinbridge.sandbox.WebhookScript;
import nl.pinbridge.sandbox.WebhookScript.Way;
import nl.pinbridge.webhook.WebhookTokens;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** F50: webhooks while the database is slow or away, on PostgreSQL behind a cable. */
class WebhookFloodTest {
    private static final Pattern PORT = Pattern.compile("localhost:([0-9]+)|127\\.0\\.0\\.1:([0-9]+)");
    private static final int PER_SECOND = 100;
    private static final int PAYMENTS = 30;

    @Test
    void f50_a_hundred_a_second_are_answered_within_the_second_while_a_statement_takes_two() throws Exception {
        flood(5);
    }

    @Test
    @Tag("benchmark")
    void f50_a_hundred_a_second_for_a_minute() throws Exception {
        flood(60);
    }

    private static void flood(int seconds) throws Exception {
        String url = Databases.POSTGRESQL.freshUrl().replaceAll("[?].*", "");
        Matcher port = PORT.matcher(url);
        assertThat(port.find()).isTrue();
        try (Cable cable = new Cable(Integer.parseInt(port.group(1) == null ? port.group(2) : port.group(1)), false);
                RunningBridge bridge = RunningBridge.with()
                        .webhooks()
                        .set("pinbridge.ledger.url", port.replaceFirst("127.0.0.1:" + cable.port()))
                        .set("pinbridge.ledger.username", Databases.POSTGRESQL.username())
                        .set("pinbridge.provider.pinvandaag.response-timeout", "PT30S")
                        .set("pinbridge.provider.pinvandaag.first-look", "PT5M")
                        .set("pinbridge.provider.pinvandaag.look-interval", "PT5M")
                        .set("pinbridge.provider.pinvandaag.look-interval-max", "PT5M")
                        .set("pinbridge.provider.pinvandaag.maximum", "PT10M")
                        .start()) {
            bridge.sandbox().faults().add(Fault.onCreate().outcome(Outcome.NEVER_ENDS));
            // What is judged here are the webhooks of this test alone.
            bridge.sandbox().webhooks().add(WebhookScript.of(Way.LOST));
            TestClient client = bridge.client();
            List<JsonNode> started = new ArrayList<>();
            for (int i = 0; i < PAYMENTS; i++) {
                client.send(TestClient.create("flood-" + i, bridge.till().alias(), 100 + i));
            }
            for (int i = 0; i < PAYMENTS; i++) {
                started.add(client.awaitStatus("flood-" + i, "STARTED"));
            }
            started.forEach(each -> bridge.sandbox().act(text(each, "providerTransactionId"), Outcome.PAID));

            cable.late(Duration.ofSeconds(2));
            int sent = seconds * PER_SECOND;
            List<Long> took = send(bridge, started, sent);
            long[] nanos = took.stream().mapToLong(Long::longValue).sorted().toArray();
            System.out.printf(
                    "webhooks: %d sent at %d a second, statements taking 2 s: all answered 200; ms p50 %.1f, p95 %.1f, p99 %.1f, most %.1f%n",
                    sent, PER_SECOND, ms(nanos, 50), ms(nanos, 95), ms(nanos, 99), ms(nanos, 100));
            assertThat(nanos).hasSize(sent);
            assertThat(ms(nanos, 99)).as("p99 in ms").isLessThan(1_000);

            // Away altogether, and then well again.
            cable.cut();
            assertThat(send(bridge, started, 50)).hasSize(50);
            cable.late(Duration.ZERO);
            cable.mend();
            long begin = System.nanoTime();
            for (int i = 0; i < PAYMENTS; i++) {
                JsonNode end = client.await("flood-" + i, Duration.ofSeconds(90), BridgeTest::isFinal);
                assertThat(text(end, "status")).isEqualTo("SUCCEEDED");
                assertThat(bridge.charges(end)).hasSize(1);
            }
            Timer lag = bridge.bridge()
                    .camel()
                    .getRegistry()
                    .lookupByNameAndType(MicrometerConstants.METRICS_REGISTRY_NAME, MeterRegistry.class)
                    .get("pinbridge.webhook.lag")
                    .timer();
            Awaitility.await("none lost").atMost(Duration.ofSeconds(120)).until(() -> lag.count() >= sent + 50);
            System.out.printf(
                    "webhooks: all %d worked on %.1f s after the database was well again%n",
                    sent + 50, (System.nanoTime() - begin) / 1e9);
            bridge.assertContract();
        }
    }

    private static double ms(long[] sorted, int percent) {
        int at = (int) Math.ceil(sorted.length * percent / 100.0) - 1;
        return sorted[Math.max(0, at)] / 1e6;
    }

    /** Sends at the rate, each on a connection of its own; the nanoseconds that each answer took. */
    private static List<Long> send(RunningBridge bridge, List<JsonNode> payments, int count) throws Exception {
        WebhookTokens tokens = WebhookTokens.load(bridge.data(), new Secret(""));
        String base = "http://127.0.0.1:" + bridge.bridge().webhookPort();
        HttpClient http = HttpClient.newHttpClient();
        List<Long> took = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Void>> all = new CopyOnWriteArrayList<>();
        AtomicInteger number = new AtomicInteger();
        ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
        Future<?> clock = pace.scheduleAtFixedRate(
                () -> {
                    int i = number.getAndIncrement();
                    if (i >= count) {
                        return;
                    }
                    // Most are about payments that the ledger does not have: one address takes only so many.
                    boolean known = i % 10 == 0;
                    JsonNode payment = payments.get(i / 10 % payments.size());
                    String id = known ? text(payment.path("payment"), "id") : Ids.next();
                    String body = Json.write(Json.object()
                            .put("transactionId", known ? text(payment, "providerTransactionId") : "1")
                            .put("status", "success"));
                    long begin = System.nanoTime();
                    all.add(http.sendAsync(
                                    HttpRequest.newBuilder(URI.create(base + tokens.path("pinvandaag", id)))
                                            .POST(HttpRequest.BodyPublishers.ofString(body))
                                            .build(),
                                    BodyHandlers.discarding())
                            .thenAccept(answer -> {
                                assertThat(answer.statusCode()).isEqualTo(200);
                                took.add(System.nanoTime() - begin);
                            }));
                },
                0,
                1_000_000 / PER_SECOND,
                TimeUnit.MICROSECONDS);
        Awaitility.await().atMost(Duration.ofSeconds(count / PER_SECOND + 60)).until(() -> all.size() == count);
        clock.cancel(false);
        pace.shutdownNow();
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
        return took;
    }
}
