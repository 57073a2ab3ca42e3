package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.broker.Addresses;
import nl.pinbridge.config.Secret;
import nl.pinbridge.contract.Json;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.ledger.CandidateRow;
import nl.pinbridge.ledger.HistoryRow;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.WorkItemRow;
import nl.pinbridge.sandbox.Brand;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Outcome;
import nl.pinbridge.sandbox.SentWebhook;
import nl.pinbridge.sandbox.WebhookScript;
import nl.pinbridge.sandbox.WebhookScript.Way;
import nl.pinbridge.webhook.WebhookTokens;
import org.apache.camel.ConsumerTemplate;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Webhooks from the simulated provider to the result. Looks come so seldom here that whatever ends within seconds was ended by a
 * webhook, and every case has a terminal of its own.
 */
class WebhookTest {
    private static final Duration SOON = Duration.ofSeconds(8);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static RunningBridge bridge;
    private static WebhookTokens tokens;
    private static TestClient client;

    @BeforeAll
    static void start() {
        bridge = RunningBridge.with()
                .webhooks()
                .set("pinbridge.provider.pinvandaag.first-look", "PT25S")
                .set("pinbridge.provider.pinvandaag.look-interval", "PT25S")
                .set("pinbridge.provider.pinvandaag.look-interval-max", "PT25S")
                .set("pinbridge.provider.pinvandaag.maximum", "PT60S")
                .start();
        tokens = WebhookTokens.load(bridge.data(), new Secret(""));
        client = bridge.client();
    }

    @AfterAll
    static void stop() {
        bridge.assertContract();
        bridge.close();
    }

    private static JsonNode awaitEnd(String key) {
        return client.await(key, SOON, BridgeTest::isFinal);
    }

    /** A payment that is running and whose customer does nothing. */
    private static JsonNode running(String key, Till till) {
        bridge.sandbox()
                .faults()
                .add(Fault.onCreate()
                        .terminal(till.id())
                        .outcome(Outcome.NEVER_ENDS)
                        .times(1));
        client.send(TestClient.create(key, till.alias(), 1050));
        return client.awaitStatus(key, "STARTED");
    }

    private static String payment(JsonNode result) {
        return text(result.path("payment"), "id");
    }

    @Test
    void the_address_that_a_provider_is_given_is_in_no_evidence() {
        Till till = bridge.till();
        client.send(TestClient.create("hidden-address", till.alias(), 1050));
        String id = payment(awaitEnd("hidden-address"));
        String path = tokens.path("pinvandaag", id);
        String token = path.substring(path.lastIndexOf('/') + 1);
        List<HistoryRow> story = bridge.bridge().ledger().inTransaction(tx -> tx.historyOf(id));
        assertThat(story)
                .extracting(row -> String.valueOf(row.detail()))
                .anyMatch(detail -> detail.contains("/webhooks/pinvandaag/***"))
                .noneMatch(detail -> detail.contains(token));
    }

    /** Knocks as the provider would. */
    private static int post(String paymentId, String body) {
        try {
            URI uri = URI.create(
                    "http://127.0.0.1:" + bridge.bridge().webhookPort() + tokens.path("pinvandaag", paymentId));
            return HTTP.send(
                            HttpRequest.newBuilder(uri)
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String body(@Nullable String transaction, String status, @Nullable String reference) {
        return Json.write(Json.object()
                .put("transactionId", transaction)
                .put("status", status)
                .put("ownReference", reference));
    }

    private static PaymentRow row(String paymentId) {
        return bridge.bridge().ledger().inTransaction(tx -> tx.payment(paymentId)
                .orElseThrow());
    }

    private static List<String> story(String paymentId) {
        return bridge.bridge().ledger().inTransaction(tx -> tx.historyOf(paymentId)).stream()
                .map(HistoryRow::text)
                .toList();
    }

    private static double effects(String effect) {
        MeterRegistry meters = bridge.bridge()
                .camel()
                .getRegistry()
                .lookupByNameAndType(MicrometerConstants.METRICS_REGISTRY_NAME, MeterRegistry.class);
        return meters.counter("pinbridge.webhook.effects", "provider", "pinvandaag", "effect", effect)
                .count();
    }

    private static void awaitEffect(String effect, double before) {
        Awaitility.await(effect).atMost(SOON).until(() -> effects(effect) > before);
    }

    private static void assertPaidOnce(JsonNode end, Till till) {
        assertThat(text(end, "status")).isEqualTo("SUCCEEDED");
        assertThat(text(end.path("payment"), "status")).isEqualTo("PAID");
        assertThat(bridge.charges(till)).hasSize(1);
        assertThat(bridge.createCalls(till)).isEqualTo(1);
    }

    @Test
    void a_webhook_ends_a_payment_long_before_the_next_look() {
        for (Brand brand : Brand.values()) {
            for (boolean printed : new boolean[] {false, true}) {
                Till till = bridge.till(brand);
                WebhookScript script = WebhookScript.of(Way.ONCE).terminal(till.id());
                bridge.sandbox().webhooks().add(printed ? script.printed() : script);
                String key = "hooked-" + brand + "-" + printed;
                client.send(TestClient.create(key, till.alias(), 1050));
                assertPaidOnce(awaitEnd(key), till);
                assertThat(bridge.calls(till, "status"))
                        .as("asked once, at the webhook's word")
                        .isEqualTo(1);
            }
        }
        assertThat(bridge.sandbox().webhooks().sent())
                .filteredOn(webhook -> webhook.body().contains("\n"))
                .isNotEmpty()
                .extracting(SentWebhook::answered)
                .containsOnly("200");
    }

    @Test
    void f47_a_webhook_before_our_own_answer_waits_for_it() {
        Till till = bridge.till();
        bridge.sandbox()
                .faults()
                .add(Fault.onCreate()
                        .terminal(till.id())
                        .customerDelay(Duration.ofMillis(100))
                        .late(Duration.ofMillis(1_500))
                        .times(1));
        double parked = effects("parked");
        client.send(TestClient.create("early", till.alias(), 1050));
        JsonNode end = awaitEnd("early");
        assertPaidOnce(end, till);
        assertThat(effects("parked")).isGreaterThan(parked);
        assertThat(client.results("early"))
                .extracting(result -> text(result, "status"))
                .containsExactly("STARTED", "SUCCEEDED");
        assertThat(bridge.calls(till, "status")).isEqualTo(1);
    }

    @Test
    void f47_a_webhook_finds_the_payment_whose_answer_was_lost() {
        for (boolean early : new boolean[] {true, false}) {
            Till till = bridge.till();
            String key = "found-" + early;
            bridge.sandbox()
                    .faults()
                    .add(Fault.onCreate()
                            .terminal(till.id())
                            .customerDelay(Duration.ofMillis(early ? 100 : 1_500))
                            .late(Duration.ofMillis(early ? 700 : 0))
                            .breakConnection()
                            .times(1));
            client.send(TestClient.create(key, till.alias(), 1050));
            JsonNode end = awaitEnd(key);
            assertPaidOnce(end, till);
            assertThat(client.results(key))
                    .extracting(result -> text(result, "status"))
                    .containsExactly("IN_DOUBT", "SUCCEEDED");
            List<WorkItemRow> items = bridge.bridge().ledger().inTransaction(tx -> tx.workItemsOf(payment(end)));
            assertThat(items).isEmpty();
            assertThat(story(payment(end))).anyMatch(line -> line.contains("A webhook named transaction"));
        }
    }

    @Test
    void f48_doubled_reordered_and_late_webhooks_make_one_transition_and_one_result() {
        for (Way way : List.of(Way.DOUBLED, Way.REORDERED)) {
            Till till = bridge.till();
            bridge.sandbox().webhooks().add(WebhookScript.of(way).terminal(till.id()));
            String key = "f48-" + way;
            double agrees = effects("agrees");
            client.send(TestClient.create(key, till.alias(), 1050));
            JsonNode end = awaitEnd(key);
            assertPaidOnce(end, till);
            // A day late, and the same again.
            for (int i = 0; i < 3; i++) {
                assertThat(post(payment(end), body(text(end, "providerTransactionId"), "success", null)))
                        .isEqualTo(200);
                assertThat(post(payment(end), body(text(end, "providerTransactionId"), "started", null)))
                        .isEqualTo(200);
            }
            Awaitility.await().atMost(SOON).until(() -> effects("agrees") >= agrees + 6);
            assertThat(client.results(key))
                    .extracting(result -> text(result, "status"))
                    .containsExactly("STARTED", "SUCCEEDED");
            assertThat(row(payment(end)).status()).isEqualTo(PaymentStatus.PAID);
            assertThat(bridge.calls(till, "status")).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void f48_a_late_failed_does_not_take_a_payment_back_and_asks_once_in_ten_seconds() {
        Till till = bridge.till();
        client.send(TestClient.create("no-way-back", till.alias(), 1050));
        JsonNode end = awaitEnd("no-way-back");
        int asked = bridge.calls(till, "status");
        String transaction = text(end, "providerTransactionId");
        for (int i = 0; i < 10; i++) {
            post(payment(end), body(transaction, "failed", payment(end)));
        }
        bridge.awaitCalls(till, "status", asked + 1);
        Awaitility.await()
                .during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(4))
                .until(() -> bridge.calls(till, "status") == asked + 1);
        assertThat(row(payment(end)).status()).isEqualTo(PaymentStatus.PAID);
        assertThat(client.results("no-way-back")).hasSize(2);
    }

    @Test
    void f60_a_webhook_brings_a_contradiction_out() {
        Till till = bridge.till();
        bridge.sandbox()
                .faults()
                .add(Fault.onCreate()
                        .terminal(till.id())
                        .outcome(Outcome.DECLINED)
                        .times(1));
        client.send(TestClient.create("contradicted", till.alias(), 1050));
        JsonNode end = awaitEnd("contradicted");
        assertThat(text(end, "status")).isEqualTo("DECLINED");
        bridge.sandbox().act(text(end, "providerTransactionId"), Outcome.PAID);
        JsonNode conflict = client.awaitStatus("contradicted", "NEEDS_ATTENTION");
        assertThat(text(conflict.path("payment"), "status")).isEqualTo("CONFLICT");
        assertThat(conflict.path("version").asInt())
                .isGreaterThan(end.path("version").asInt());
    }

    @Test
    void f49_forged_webhooks_cause_looks_at_most_once_a_second_and_change_nothing() {
        Till till = bridge.till();
        JsonNode started = running("forged", till);
        String transaction = text(started, "providerTransactionId");
        long begin = System.nanoTime();
        for (int i = 0; i < 15; i++) {
            assertThat(post(payment(started), body(transaction, "success", payment(started))))
                    .isEqualTo(200);
        }
        bridge.awaitCalls(till, "status", 1);
        Awaitility.await()
                .during(Duration.ofMillis(2_500))
                .atMost(Duration.ofSeconds(4))
                .until(() -> row(payment(started)).status() == PaymentStatus.OPEN);
        long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
        assertThat(bridge.calls(till, "status")).isBetween(1, (int) seconds + 2);
        assertThat(client.results("forged")).hasSize(1);
        bridge.sandbox().act(transaction, Outcome.PAID);
        assertPaidOnce(awaitEnd("forged"), till);
    }

    @Test
    void f49_a_wrong_status_or_transaction_of_the_provider_itself_is_not_believed() {
        Till lied = bridge.till();
        bridge.sandbox().webhooks().add(WebhookScript.of(Way.WRONG_STATUS).terminal(lied.id()));
        client.send(TestClient.create("lied", lied.alias(), 1050));
        assertPaidOnce(awaitEnd("lied"), lied);

        Till other = bridge.till();
        bridge.sandbox().webhooks().add(WebhookScript.of(Way.WRONG_TRANSACTION).terminal(other.id()));
        double foreign = effects("foreign");
        client.send(TestClient.create("other", other.alias(), 1050));
        awaitEffect("foreign", foreign);
        JsonNode started = client.awaitStatus("other", "STARTED");
        assertThat(bridge.calls(other, "status")).isZero();
        assertThat(story(payment(started))).anyMatch(line -> line.contains("A webhook is not believed"));
        post(payment(started), "");
        assertPaidOnce(awaitEnd("other"), other);
    }

    @Test
    void f49_a_payment_in_doubt_is_never_given_somebody_elses_transaction() {
        Till till = bridge.till();
        JsonNode before = running("mine", till);
        bridge.sandbox().act(text(before, "providerTransactionId"), Outcome.PAID);
        awaitEnd("mine");
        // Paid on the same terminal, of the same amount, by somebody else.
        String strange = startedBeside(till, "a-reference-of-somebody");
        String nameless = startedBeside(till, null);
        bridge.sandbox()
                .faults()
                .add(Fault.onCreate()
                        .terminal(till.id())
                        .withoutActing()
                        .breakConnection()
                        .times(1));
        client.send(TestClient.create("doubted", till.alias(), 1050));
        JsonNode doubt = client.awaitStatus("doubted", "IN_DOUBT");
        String id = payment(doubt);
        double foreign = effects("foreign");
        post(id, body(text(before, "providerTransactionId"), "success", null));
        awaitEffect("foreign", foreign);
        post(id, body(strange, "success", null));
        post(id, body(strange, "success", id));
        Awaitility.await().atMost(SOON).until(() -> candidates(id).stream().anyMatch(row -> row.refutedAt() != null));
        // It carries no reference: whose it is, nobody can say.
        post(id, body(nameless, "success", null));
        Awaitility.await()
                .atMost(SOON)
                .until(() -> candidates(id).stream()
                                .filter(row -> row.refutedAt() != null)
                                .count()
                        == 2);
        post(id, body("never-was", "success", null));
        Awaitility.await()
                .atMost(SOON)
                .until(() -> candidates(id).stream()
                                .filter(row -> row.askedAt() != null)
                                .count()
                        == 3);
        for (int i = 0; i < 8; i++) {
            post(id, body("made-up-" + i, "success", null));
        }
        Awaitility.await()
                .during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(4))
                .until(() -> row(id).status() == PaymentStatus.IN_DOUBT);
        assertThat(row(id).providerTransactionId()).isNull();
        assertThat(candidates(id)).hasSizeLessThanOrEqualTo(5);
        assertThat(client.results("doubted")).hasSize(1);
    }

    private static List<CandidateRow> candidates(String payment) {
        return bridge.bridge().ledger().inTransaction(tx -> tx.candidates(payment));
    }

    /** A transaction that another system started on our terminal; its id. */
    private static String startedBeside(Till till, @Nullable String reference) {
        int number = Integer.parseInt(till.alias().substring(3));
        String form = "terminalId=" + till.id() + "&key=" + RunningBridge.KEY + number + "&amount=1050"
                + (reference == null ? "" : "&ownReference=" + reference);
        try {
            String answer = HTTP.send(
                            HttpRequest.newBuilder(URI.create(
                                            bridge.sandbox().pinVandaagUrl() + "/instore/transactions/create"))
                                    .header("Content-Type", "application/x-www-form-urlencoded")
                                    .POST(HttpRequest.BodyPublishers.ofString(form))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            String id = Json.read(answer).path("transactionId").asText();
            bridge.sandbox().act(id, Outcome.PAID);
            return id;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void f48_what_nobody_knows_and_what_nobody_can_read_stops_nothing() {
        double orphans = effects("orphan");
        String unknown = "01JD7Q2M9X4KAF6T8Z1C3E5G7H";
        for (String body : List.of(
                "",
                "\u0000",
                "[".repeat(60_000),
                "{\"transactionId\":\"'; drop table payment\"}",
                "x".repeat(60_000))) {
            assertThat(post(unknown, body)).isEqualTo(200);
        }
        bridge.bridge()
                .camel()
                .createProducerTemplate()
                .sendBody("jms:queue:" + Addresses.WEBHOOKS, "no message of ours");
        Till till = bridge.till();
        client.send(TestClient.create("after-rubbish", till.alias(), 1050));
        assertPaidOnce(awaitEnd("after-rubbish"), till);
        Awaitility.await().atMost(SOON).until(() -> effects("orphan") == orphans + 5);
        assertThat(story(unknown)).hasSize(1);
        ConsumerTemplate dead = bridge.bridge().camel().createConsumerTemplate();
        assertThat(dead.receiveBody("jms:queue:" + Addresses.DEAD, 5_000, String.class))
                .isEqualTo("no message of ours");
    }

    @Test
    void a_body_that_cannot_be_read_still_brings_the_look_forward() {
        Till till = bridge.till();
        bridge.sandbox().webhooks().add(WebhookScript.of(Way.LOST).terminal(till.id()));
        JsonNode started = running("mumbled", till);
        bridge.sandbox().act(text(started, "providerTransactionId"), Outcome.PAID);
        post(payment(started), "<html>paid?</html>");
        assertPaidOnce(awaitEnd("mumbled"), till);
    }

    @Test
    void the_address_is_in_no_answer_of_ours_and_the_secret_in_no_file_that_others_read() {
        Till till = bridge.till();
        client.send(TestClient.create("addressed", till.alias(), 1050));
        JsonNode end = awaitEnd("addressed");
        String token = tokens.path("pinvandaag", payment(end)).substring("/webhooks/pinvandaag/".length());
        assertThat(bridge.wire()).contains(token);
        assertThat(client.arrivals())
                .noneMatch(arrival -> arrival.body().toString().contains(token));
    }
}
