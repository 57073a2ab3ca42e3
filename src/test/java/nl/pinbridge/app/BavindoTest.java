package nl.pinbridge.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.HistoryRow;
import nl.pinbridge.ledger.WorkItemRow;
import nl.pinbridge.sandbox.BavindoSetup;
import nl.pinbridge.sandbox.Charge;
import nl.pinbridge.sandbox.Ending;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Outcome;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.SandboxOptions;
import nl.pinbridge.sandbox.WebhookScript;
import nl.pinbridge.sandbox.WebhookScript.Way;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Bavindo end to end, in what is its own: two answers in one, tips, whole refunds that show late, one address for all webhooks. What
 * every provider must survive is the conformance kit's.
 */
@Execution(ExecutionMode.CONCURRENT)
class BavindoTest {
    private static final String BAVINDO = "bavindo";
    private static final int TILLS = 40;
    private static final String NEXO = "/adyen_response/SaleToPOIResponse/TransactionStatusResponse";
    private static final String INNER =
            NEXO + "/RepeatedMessageResponse/RepeatedResponseMessageBody/PaymentResponse/Response";
    private static final BavindoSetup SETUP = BavindoSetup.defaults()
            .withTerminals(
                    IntStream.rangeClosed(1, TILLS).mapToObj(BavindoTest::id).toList())
            .withChoices(BavindoSetup.Choices.DEFAULT
                    .withRefundShows(Duration.ofSeconds(1))
                    .withDisplay(true));

    private static final AtomicInteger USED = new AtomicInteger();
    private static Sandbox sandbox;
    private static RunningBridge bridge;
    private static TestClient client;

    private record Till(String alias, String id) {}

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.defaults().withBavindo(SETUP).withCustomerDelay(Duration.ofMillis(300)));
        RunningBridge.Options options = RunningBridge.with()
                .sandbox(sandbox)
                .webhooks()
                .set("pinbridge.provider.bavindo.url", sandbox.bavindoUrl())
                .set("pinbridge.provider.bavindo.response-timeout", "PT2S")
                .set("pinbridge.provider.bavindo.first-look", "PT0.2S")
                .set("pinbridge.provider.bavindo.look-interval", "PT0.3S")
                .set("pinbridge.provider.bavindo.look-interval-max", "PT0.5S")
                .set("pinbridge.provider.bavindo.maximum", "PT6S");
        for (int i = 1; i <= TILLS; i++) {
            // As it may be copied from the documentation, with a hyphen that does not break lines.
            String written = i % 2 == 0 ? id(i) : id(i).replace('-', '\u2011');
            options.terminal("bav-%d: {provider: bavindo, id: \"%s\", key: \"%s\", labels: {pos-id: kassa-%d}}"
                    .formatted(i, written, SETUP.store().key(), i));
        }
        bridge = options.start();
        sandbox.bavindoWebhooks(Webhooked.address(bridge, BAVINDO));
        client = bridge.client();
    }

    @AfterAll
    static void stop() {
        bridge.assertContract();
        bridge.close();
        sandbox.close();
    }

    private static String id(int number) {
        return "P400Plus-%09d".formatted(100_000_000 + number);
    }

    private static Till till() {
        int number = USED.incrementAndGet();
        assertThat(number).isLessThanOrEqualTo(TILLS);
        return new Till("bav-" + number, id(number));
    }

    private static Fault onCreate(Till till) {
        return Fault.onCreate().provider(BAVINDO).terminal(till.id());
    }

    private static void noWebhook(Till till) {
        sandbox.webhooks().add(WebhookScript.of(Way.LOST).provider(BAVINDO).terminal(till.id()));
    }

    private static JsonNode paid(String key, Till till, long cents) {
        client.send(TestClient.create(key, till.alias(), cents));
        JsonNode end = client.awaitFinal(key);
        assertEnd(end, "SUCCEEDED", "PAID", null);
        return end;
    }

    private static ObjectNode refund(String key, String payment) {
        return Json.object().put("commandId", key).put("command", "refund").put("payment", payment);
    }

    private static JsonNode ended(ObjectNode command) {
        client.send(command);
        return client.awaitFinal(command.path("commandId").asText());
    }

    private static void assertEnd(JsonNode end, String status, @Nullable String payment, @Nullable String code) {
        assertThat(end.path("status").asText()).as("%s", end).isEqualTo(status);
        assertThat(end.path("payment").path("status").asText(null)).isEqualTo(payment);
        assertThat(end.path("error").path("code").asText(null)).isEqualTo(code);
    }

    private static List<Charge> charges(Till till) {
        return sandbox.book().charges().stream()
                .filter(charge -> charge.terminal().equals(till.id()))
                .toList();
    }

    private static int calls(Till till, String operation) {
        return sandbox.calls().matching(operation, till.id(), null, null).size();
    }

    private static String paymentId(JsonNode result) {
        return result.path("payment").path("id").asText();
    }

    private static List<String> story(JsonNode result) {
        return bridge.bridge().ledger().inTransaction(tx -> tx.historyOf(paymentId(result))).stream()
                .map(HistoryRow::text)
                .toList();
    }

    private static List<WorkItemRow> work(JsonNode result) {
        return bridge.bridge().ledger().inTransaction(tx -> tx.workItemsOf(paymentId(result)));
    }

    private static int post(String address, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .POST(BodyPublishers.ofString(body))
                .build();
        try {
            return HttpClient.newHttpClient()
                    .send(request, BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_tip_is_paid_on_top_and_goes_back_with_the_rest() {
        Till till = till();
        sandbox.faults().add(onCreate(till).charged(1150));
        JsonNode end = paid("tipped", till, 1050);
        JsonNode payment = end.path("payment");
        assertThat(payment.at("/amounts/requested").asLong()).isEqualTo(1050);
        assertThat(payment.at("/amounts/tip").asLong()).isEqualTo(100);
        assertThat(payment.at("/amounts/paid").asLong()).isEqualTo(1150);
        assertThat(payment.at("/card/brand").asText()).isEqualTo("mc");
        assertThat(payment.at("/receipts/customer/0").asText()).isEqualTo("KOPIE KLANT");
        assertThat(payment.path("test").booleanValue()).isFalse();
        assertThat(sandbox.book().chargesOf(paymentId(end)))
                .singleElement()
                .satisfies(charge -> assertThat(charge.amount()).isEqualTo(1150));

        // A part, and what was asked without the tip, are refused before anything is sent.
        for (long part : new long[] {1, 1050}) {
            ObjectNode some = refund("tipped-part-" + part, "tipped");
            some.putObject("amount").put("value", part).put("currency", "EUR");
            JsonNode refused = ended(some);
            assertEnd(refused, "REFUSED", "PAID", "NOT_SUPPORTED");
            assertThat(refused.at("/error/field").asText()).isEqualTo("amount");
        }
        assertThat(calls(till, "refund")).isZero();
        ObjectNode whole = refund("tipped-back", "tipped");
        whole.putObject("amount").put("value", 1150).put("currency", "EUR");
        JsonNode back = ended(whole);
        assertEnd(back, "SUCCEEDED", "REFUNDED", null);
        assertThat(back.at("/payment/amounts/refunded").asLong()).isEqualTo(1150);
        assertEnd(ended(refund("tipped-again", "tipped")), "REFUSED", "REFUNDED", "REFUND_TOO_HIGH");
        assertThat(calls(till, "refund")).isEqualTo(1);
        assertThat(sandbox.book().refundsOn(till.id()))
                .extracting(Charge::amount)
                .containsExactly(1150L);
    }

    @Test
    void a_refund_waits_for_no_terminal_and_is_confirmed_by_what_was_given_back() {
        Till till = till();
        paid("quick", till, 500);
        sandbox.faults().add(onCreate(till).outcome(Outcome.NEVER_ENDS).times(1));
        client.send(TestClient.create("quick-busy", till.alias(), 700));
        client.awaitStatus("quick-busy", "STARTED");
        assertEnd(ended(refund("quick-back", "quick")), "SUCCEEDED", "REFUNDED", null);
        // The answer alone did not settle it.
        assertThat(client.results("quick-back"))
                .extracting(result -> result.path("status").asText())
                .endsWith("SUCCEEDED")
                .hasSizeGreaterThanOrEqualTo(1);
        assertThat(story(client.awaitFinal("quick-back")))
                .anyMatch(line -> line.contains("500 was given back, 0 before this refund"));
        client.send(Json.object()
                .put("commandId", "quick-stop")
                .put("command", "cancel")
                .put("payment", "quick-busy"));
        assertEnd(client.awaitFinal("quick-busy"), "CANCELLED", "NOT_PAID", "CANCELLED_BY_COMMAND");
    }

    @Test
    void below_the_least_amount_nothing_is_sent() {
        Till till = till();
        JsonNode refused = ended(TestClient.create("too-little", till.alias(), 34));
        assertEnd(refused, "REFUSED", null, "NOT_SUPPORTED");
        assertThat(refused.at("/error/field").asText()).isEqualTo("amount.value");
        assertThat(calls(till, "create")).isZero();
    }

    @Test
    void what_bavindo_and_adyen_tell_apart_is_settled_by_nobody_but_a_person() {
        record Told(String name, Outcome outcome, String pointer, JsonNode value, String code) {}
        TextNode failure = TextNode.valueOf("Failure");
        List<Told> all = List.of(
                new Told("paid-and-refused-inside", Outcome.PAID, INNER + "/Result", failure, "OUTCOME_UNKNOWN"),
                new Told(
                        "failed-and-paid-inside",
                        Outcome.DECLINED,
                        INNER + "/Result",
                        TextNode.valueOf("Success"),
                        "OUTCOME_UNKNOWN"),
                new Told(
                        "paid-and-running-inside",
                        Outcome.PAID,
                        NEXO + "/Response",
                        Json.read("{\"Result\":\"Failure\",\"ErrorCondition\":\"InProgress\"}"),
                        "OUTCOME_UNKNOWN"),
                new Told(
                        "paid-and-not-found-inside",
                        Outcome.PAID,
                        NEXO + "/Response",
                        Json.read("{\"Result\":\"Failure\",\"ErrorCondition\":\"NotFound\"}"),
                        "OUTCOME_UNKNOWN"),
                new Told(
                        "another-transaction-inside",
                        Outcome.PAID,
                        NEXO + "/MessageReference/ServiceID",
                        TextNode.valueOf("ffffffff"),
                        "OUTCOME_UNKNOWN"),
                new Told(
                        "approved-in-part",
                        Outcome.PAID,
                        NEXO + "/RepeatedMessageResponse/RepeatedResponseMessageBody/PaymentResponse",
                        Json.read("{\"Response\":{\"Result\":\"Partial\"},\"PaymentResult\":{\"AmountsResp\":"
                                + "{\"AuthorizedAmount\":5.00,\"Currency\":\"EUR\"}}}"),
                        "INTEGRITY"),
                new Told(
                        "another-sum-inside",
                        Outcome.PAID,
                        NEXO
                                + "/RepeatedMessageResponse/RepeatedResponseMessageBody/PaymentResponse/PaymentResult/AmountsResp/AuthorizedAmount",
                        DecimalNode.valueOf(new BigDecimal("10.51")),
                        "OUTCOME_UNKNOWN"));
        all.forEach(each -> {
            Till till = till();
            sandbox.faults().add(onCreate(till).outcome(each.outcome()).field(each.pointer(), each.value()));
            client.send(TestClient.create(each.name(), till.alias(), 1050));
        });
        all.forEach(each -> {
            JsonNode end = client.awaitFinal(each.name());
            assertEnd(end, "NEEDS_ATTENTION", "IN_DOUBT", each.code());
            assertThat(end.at("/payment/amounts/paid").asLong()).isZero();
            assertThat(work(end)).hasSize(1);
        });
    }

    @Test
    void where_adyen_says_nothing_the_status_decides() {
        Till paid = till();
        Till failed = till();
        sandbox.faults().add(onCreate(paid).outcome(Outcome.PAID).field("/adyen_response", NullNode.getInstance()));
        sandbox.faults()
                .add(onCreate(failed).outcome(Outcome.DECLINED).field("/adyen_response", NullNode.getInstance()));
        client.send(TestClient.create("silent-paid", paid.alias(), 1050));
        client.send(TestClient.create("silent-failed", failed.alias(), 1050));
        assertEnd(client.awaitFinal("silent-paid"), "SUCCEEDED", "PAID", null);
        JsonNode end = client.awaitFinal("silent-failed");
        assertEnd(end, "FAILED", "NOT_PAID", "PROVIDER_FAILED");
        // The reason came with the webhook, and is gone nowhere else.
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(story(end)).contains("A webhook tells why it ended: refusal"));
    }

    @Test
    void a_lost_create_is_found_by_the_webhook_that_carries_our_payment_id() {
        Till till = till();
        sandbox.faults().add(onCreate(till).breakConnection().times(1));
        client.send(TestClient.create("lost", till.alias(), 1050));
        JsonNode end = client.awaitFinal("lost");
        assertEnd(end, "SUCCEEDED", "PAID", null);
        assertThat(client.results("lost"))
                .extracting(result -> result.path("status").asText())
                .startsWith("IN_DOUBT");
        assertThat(calls(till, "create")).isEqualTo(1);
        assertThat(charges(till)).hasSize(1);
    }

    @Test
    void without_a_webhook_a_lost_create_goes_to_a_person() {
        Till till = till();
        noWebhook(till);
        sandbox.faults().add(onCreate(till).breakConnection().times(1));
        client.send(TestClient.create("lost-and-blind", till.alias(), 1050));
        JsonNode end = client.awaitFinal("lost-and-blind");
        assertEnd(end, "NEEDS_ATTENTION", "IN_DOUBT", "OUTCOME_UNKNOWN");
        assertThat(calls(till, "create")).isEqualTo(1);
        assertThat(charges(till)).hasSize(1);
    }

    @Test
    void a_webhook_is_only_a_reason_to_ask_whoever_sent_it() {
        Till till = till();
        noWebhook(till);
        sandbox.faults().add(onCreate(till).outcome(Outcome.NEVER_ENDS));
        client.send(TestClient.create("forged", till.alias(), 1050));
        JsonNode started = client.awaitStatus("forged", "STARTED");
        String address = Webhooked.address(bridge, BAVINDO);
        ObjectNode lie = Json.object()
                .put("event_type", "service.payment.response")
                .put("event", "success")
                .put("payment_id", started.path("providerTransactionId").asText());
        lie.putObject("metadata").put("pinbridge_payment", paymentId(started));
        int before = calls(till, "status");
        assertThat(post(address, Json.write(lie))).isEqualTo(200);
        await().atMost(Duration.ofSeconds(10)).until(() -> calls(till, "status") > before);
        assertThat(charges(till)).isEmpty();

        // Another payment, somebody else's, none at all, and what is no JSON.
        assertThat(post(address, Json.write(lie.deepCopy().put("payment_id", "c568741f-783d-4b40-9a6f-d33af99d"))))
                .isEqualTo(200);
        assertThat(post(address, "{\"payment_id\":\"c568741f-783d-4b40-9a6f-d33af99d\",\"event\":\"success\"}"))
                .isEqualTo(200);
        assertThat(post(address, "no JSON")).isEqualTo(200);
        // Nobody guesses the address, and payments have none of their own.
        assertThat(post(address.substring(0, address.length() - 1) + "_", Json.write(lie)))
                .isEqualTo(404);
        assertThat(post(address.replaceAll("/[^/]+$", "/"), Json.write(lie))).isEqualTo(404);
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(story(started))
                .anyMatch(line -> line.contains("A webhook is not believed: it names transaction")));
        assertThat(client.results("forged"))
                .noneMatch(result -> result.path("status").asText().equals("SUCCEEDED"));
        client.send(Json.object()
                .put("commandId", "forged-stop")
                .put("command", "cancel")
                .put("payment", "forged"));
        assertEnd(client.awaitFinal("forged"), "CANCELLED", "NOT_PAID", "CANCELLED_BY_COMMAND");
    }

    @Test
    void paid_after_it_failed_is_a_conflict_that_a_person_sees() {
        Till till = till();
        sandbox.faults()
                .add(onCreate(till)
                        .outcome(Outcome.CANCELLED_AT_TERMINAL)
                        .then(Ending.of(Outcome.PAID), Duration.ofSeconds(1))
                        .times(1));
        client.send(TestClient.create("second-thought", till.alias(), 1050));
        assertEnd(client.awaitFinal("second-thought"), "CANCELLED", "NOT_PAID", "CANCELLED_AT_TERMINAL");
        JsonNode conflict = client.awaitStatus("second-thought", "NEEDS_ATTENTION");
        assertEnd(conflict, "NEEDS_ATTENTION", "CONFLICT", "CONFLICT");
        assertThat(charges(till)).hasSize(1);
    }
}
