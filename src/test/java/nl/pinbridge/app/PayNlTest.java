package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import nl.pinbridge.config.Secret;
import nl.pinbridge.contract.Json;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.ledger.HistoryRow;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.WorkItemRow;
import nl.pinbridge.sandbox.Answer;
import nl.pinbridge.sandbox.Call;
import nl.pinbridge.sandbox.Charge;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Outcome;
import nl.pinbridge.sandbox.PayNlChoices;
import nl.pinbridge.sandbox.PayNlSetup;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.SandboxOptions;
import nl.pinbridge.sandbox.SentWebhook;
import nl.pinbridge.sandbox.WebhookScript;
import nl.pinbridge.sandbox.WebhookScript.Way;
import nl.pinbridge.webhook.WebhookTokens;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PAY. from the command to the result: the delivered folder against the stand-in. Every case has a terminal of its own. */
@Execution(ExecutionMode.CONCURRENT)
class PayNlTest {
    private static final String PAYNL = "paynl";
    private static final int TILLS = 80;
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final PayNlSetup SETUP = PayNlSetup.defaults()
            .withTerminals(
                    IntStream.rangeClosed(1, TILLS).mapToObj(PayNlTest::id).toArray(String[]::new))
            .withChoices(PayNlChoices.DEFAULT.withExchange(
                    PayNlChoices.DEFAULT.exchange().withRetries(Duration.ofMillis(300))));

    private static final AtomicInteger USED = new AtomicInteger();
    private static Sandbox sandbox;

    /** Exchanges are signed, as delivered. */
    private static RunningBridge signed;

    /** The older, unsigned exchanges are taken, too; logged in as the sales location, and the main core is out of reach. */
    private static RunningBridge lenient;

    private static TestClient client;

    /** A terminal that only one test uses. */
    private record Till(String alias, String id) {}

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.defaults().withPayNl(SETUP).withCustomerDelay(Duration.ofMillis(500)));
        signed = options()
                .set("pinbridge.provider.paynl.secret.username", SETUP.tokenCode())
                .set("pinbridge.provider.paynl.secret.password", SETUP.token())
                .set(
                        "pinbridge.provider.paynl.secret.service-secret",
                        SETUP.service().secret())
                .start();
        lenient = options()
                .set("pinbridge.provider.paynl.secret.username", SETUP.service().code())
                .set("pinbridge.provider.paynl.secret.password", SETUP.service().secret())
                .set("pinbridge.provider.paynl.webhook-signed", "false")
                .start();
        client = signed.client();
    }

    private static RunningBridge.Options options() {
        RunningBridge.Options options = RunningBridge.with()
                .sandbox(sandbox)
                .webhooks()
                .set("pinbridge.provider.paynl.url", sandbox.payNlUrl())
                .set("pinbridge.provider.paynl.url.rest", sandbox.payNlRestUrl())
                .set("pinbridge.provider.paynl.read-urls", sandbox.payNlCoreUrl(2) + "," + sandbox.payNlCoreUrl(3))
                .set(
                        "pinbridge.provider.paynl.option.service-id",
                        SETUP.service().code())
                .set("pinbridge.provider.paynl.response-timeout", "PT2S")
                .set("pinbridge.provider.paynl.first-look", "PT0.2S")
                .set("pinbridge.provider.paynl.look-interval", "PT0.3S")
                .set("pinbridge.provider.paynl.look-interval-max", "PT0.5S")
                .set("pinbridge.provider.paynl.maximum", "PT8S");
        for (int i = 1; i <= TILLS; i++) {
            options.terminal("pay-%d: {provider: paynl, id: \"%s\", labels: {shop: Zwolle}}".formatted(i, id(i)));
        }
        return options;
    }

    @AfterAll
    static void stop() {
        signed.assertContract();
        lenient.assertContract();
        signed.close();
        lenient.close();
        sandbox.close();
    }

    private static String id(int number) {
        return "TH-1000-%04d".formatted(number);
    }

    private static Till till() {
        int number = USED.incrementAndGet();
        assertThat(number).isLessThanOrEqualTo(TILLS);
        return new Till("pay-" + number, id(number));
    }

    private static Fault onCreate(Till till) {
        return Fault.onCreate().provider(PAYNL).terminal(till.id());
    }

    private static void noExchange(Till till) {
        sandbox.webhooks().add(WebhookScript.of(Way.LOST).provider(PAYNL).terminal(till.id()));
    }

    private static List<Call> calls(Till till, String operation) {
        return sandbox.calls().matching(operation, till.id(), null, null);
    }

    private static List<Charge> charges(Till till) {
        return sandbox.book().charges().stream()
                .filter(charge -> charge.terminal().equals(till.id()))
                .toList();
    }

    private static String payment(JsonNode result) {
        return text(result.path("payment"), "id");
    }

    private static PaymentRow row(JsonNode result) {
        return signed.bridge().ledger().inTransaction(tx -> tx.payment(payment(result))
                .orElseThrow());
    }

    private static List<String> story(JsonNode result) {
        return signed.bridge().ledger().inTransaction(tx -> tx.historyOf(payment(result))).stream()
                .map(HistoryRow::text)
                .toList();
    }

    private static List<SentWebhook> exchanges(Till till) {
        return sandbox.webhooks().sent().stream()
                .filter(sent -> sent.terminal().equals(till.id()))
                .toList();
    }

    private static ObjectNode refund(String key, String payment) {
        return Json.object().put("commandId", key).put("command", "refund").put("payment", payment);
    }

    private static void assertEnd(JsonNode end, String status, String payment, @Nullable String code) {
        assertThat(text(end, "status")).isEqualTo(status);
        assertThat(text(end.path("payment"), "status")).isEqualTo(payment);
        assertThat(end.path("error").path("code").asText(null)).isEqualTo(code);
    }

    @Test
    void a_paid_payment_is_polled_without_a_login_and_read_once_with_one() {
        Till till = till();
        noExchange(till);
        client.send(TestClient.create("paid", till.alias(), 1050));
        JsonNode end = client.awaitFinal("paid");
        assertEnd(end, "SUCCEEDED", "PAID", null);
        assertThat(charges(till)).singleElement().satisfies(charge -> assertThat(charge.amount())
                .isEqualTo(1050));
        JsonNode payment = end.path("payment");
        assertThat(text(payment.path("card"), "brand")).isEqualTo("Maestro");
        assertThat(text(payment.path("card"), "maskedPan")).contains("xxx");
        assertThat(text(payment.path("card"), "authorisationCode")).isNotEmpty();
        assertThat(payment.at("/receipts/customer").size()).isGreaterThan(2);
        assertThat(text(payment.path("amounts"), "paid")).isEqualTo("1050");
        assertThat(payment.path("test").booleanValue()).isFalse();
        assertThat(calls(till, "create")).hasSize(1);
        List<Call> reads = calls(till, "status");
        assertThat(reads).hasSizeGreaterThan(1);
        assertThat(reads).filteredOn(call -> call.login() != null).hasSize(1);
        assertThat(reads.get(reads.size() - 1).login()).isEqualTo(SETUP.tokenCode());
    }

    @ParameterizedTest
    @CsvSource({
        "DECLINED, DECLINED, DECLINED, 2631",
        "CANCELLED_AT_TERMINAL, CANCELLED, CANCELLED_AT_TERMINAL, 2629",
        "TIMED_OUT, EXPIRED, TIMED_OUT_AT_TERMINAL, 1803",
        "PROCESSING_ERROR, FAILED, PROVIDER_FAILED, 1811"
    })
    void what_was_not_paid_is_told_by_its_incident_code(
            Outcome outcome, String status, String code, String providerCode) {
        Till till = till();
        sandbox.faults().add(onCreate(till).outcome(outcome).times(1));
        String key = "not-" + outcome;
        client.send(TestClient.create(key, till.alias(), 1050));
        JsonNode end = client.awaitFinal(key);
        assertEnd(end, status, "NOT_PAID", code);
        assertThat(text(end.path("error"), "providerCode")).isEqualTo(providerCode);
        assertThat(charges(till)).isEmpty();
        // The lane is free.
        client.send(TestClient.create(key + "-again", till.alias(), 1050));
        assertEnd(client.awaitFinal(key + "-again"), "SUCCEEDED", "PAID", null);
    }

    @Test
    void a_refund_on_the_terminal_is_a_new_order() {
        Till till = till();
        client.send(TestClient.create("bought", till.alias(), 2500));
        JsonNode paid = client.awaitFinal("bought");
        client.send(refund("brought-back", "bought").set("amount", eur(1000)));
        JsonNode end = client.awaitFinal("brought-back");
        assertEnd(end, "SUCCEEDED", "PARTLY_REFUNDED", null);
        assertThat(text(end, "providerTransactionId")).isNotEqualTo(text(paid, "providerTransactionId"));
        assertThat(sandbox.book().refundsOn(till.id())).singleElement().satisfies(charge -> assertThat(charge.amount())
                .isEqualTo(1000));
        assertThat(calls(till, "refund")).hasSize(1);
    }

    private static JsonNode eur(long value) {
        return Json.object().put("value", value).put("currency", "EUR");
    }

    @Test
    void a_create_whose_answer_was_lost_is_found_by_the_signed_exchange() {
        for (boolean early : new boolean[] {true, false}) {
            Till till = till();
            sandbox.faults()
                    .add(onCreate(till)
                            .customerDelay(Duration.ofMillis(early ? 100 : 1_200))
                            .late(Duration.ofMillis(early ? 700 : 0))
                            .breakConnection()
                            .times(1));
            String key = "found-" + early;
            client.send(TestClient.create(key, till.alias(), 1050));
            JsonNode end = client.await(key, SOON, BridgeTest::isFinal);
            assertEnd(end, "SUCCEEDED", "PAID", null);
            assertThat(charges(till)).hasSize(1);
            assertThat(calls(till, "create")).hasSize(1);
            assertThat(client.results(key))
                    .extracting(result -> text(result, "status"))
                    .containsExactly("IN_DOUBT", "SUCCEEDED");
            assertThat(story(end)).anyMatch(line -> line.contains("A webhook named transaction"));
            assertThat(exchanges(till))
                    .isNotEmpty()
                    .allMatch(SentWebhook::taken)
                    .extracting(SentWebhook::answered)
                    .containsOnly("200");
        }
    }

    @Test
    void a_refund_whose_answer_was_lost_is_found_by_the_signed_exchange() {
        Till till = till();
        client.send(TestClient.create("sold", till.alias(), 1050));
        client.awaitFinal("sold");
        sandbox.faults()
                .add(Fault.onRefund()
                        .provider(PAYNL)
                        .terminal(till.id())
                        .breakConnection()
                        .times(1));
        client.send(refund("refund-found", "sold"));
        JsonNode end = client.await("refund-found", SOON, BridgeTest::isFinal);
        assertEnd(end, "SUCCEEDED", "REFUNDED", null);
        assertThat(sandbox.book().refundsOn(till.id())).hasSize(1);
        assertThat(calls(till, "refund")).hasSize(1);
    }

    @Test
    void f60_cancelled_and_then_paid_is_a_conflict_that_a_person_sees() {
        Till till = till();
        sandbox.faults()
                .add(onCreate(till)
                        .outcome(Outcome.CANCELLED_AT_TERMINAL)
                        .then(Outcome.PAID, Duration.ofSeconds(2))
                        .times(1));
        client.send(TestClient.create("f60", till.alias(), 1050));
        assertEnd(client.awaitFinal("f60"), "CANCELLED", "NOT_PAID", "CANCELLED_AT_TERMINAL");
        JsonNode later = client.awaitStatus("f60", "NEEDS_ATTENTION");
        assertEnd(later, "NEEDS_ATTENTION", "CONFLICT", "CONFLICT");
        assertThat(later.path("version").asInt())
                .isGreaterThan(client.awaitFinal("f60").path("version").asInt());
        List<WorkItemRow> items = signed.bridge().ledger().inTransaction(tx -> tx.workItemsOf(payment(later)));
        assertThat(items).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FORGED", "TAMPERED", "UNSIGNED", "UNKNOWN_KEY"})
    void an_exchange_that_pay_did_not_sign_is_refused_and_leads_to_nothing(Way way) {
        Till till = till();
        sandbox.webhooks().add(WebhookScript.of(way).provider(PAYNL).terminal(till.id()));
        // The answer is lost, so that whoever is believed could name a transaction.
        sandbox.faults().add(onCreate(till).breakConnection().times(1));
        String key = "bad-" + way;
        client.send(TestClient.create(key, till.alias(), 1050));
        Awaitility.await().atMost(SOON).until(() -> exchanges(till).stream()
                .anyMatch(sent -> sent.answered().equals("401") && !sent.taken()));
        JsonNode end = client.awaitFinal(key);
        if (exchanges(till).stream().noneMatch(SentWebhook::taken)) {
            assertEnd(end, "NEEDS_ATTENTION", "IN_DOUBT", "OUTCOME_UNKNOWN");
            assertThat(calls(till, "status")).isEmpty();
        } else {
            // A forgery comes beside the real one.
            assertEnd(end, "SUCCEEDED", "PAID", null);
        }
        assertThat(calls(till, "create")).hasSize(1);
    }

    @Test
    void f48_an_exchange_that_is_replayed_is_answered_and_changes_nothing() {
        for (Way way : List.of(Way.REPLAYED, Way.DOUBLED, Way.REORDERED, Way.WRONG_STATUS)) {
            Till till = till();
            sandbox.webhooks().add(WebhookScript.of(way).provider(PAYNL).terminal(till.id()));
            String key = "again-" + way;
            client.send(TestClient.create(key, till.alias(), 1050));
            JsonNode end = client.awaitFinal(key);
            assertEnd(end, "SUCCEEDED", "PAID", null);
            int wanted = way == Way.WRONG_STATUS ? 1 : 2;
            Awaitility.await()
                    .atMost(SOON)
                    .until(() ->
                            exchanges(till).stream().filter(SentWebhook::taken).count() >= wanted);
            for (int i = 0; i < sandbox.webhooks().sent().size(); i++) {
                if (sandbox.webhooks().sent().get(i).terminal().equals(till.id())) {
                    sandbox.webhooks().replay(i);
                    break;
                }
            }
            Awaitility.await()
                    .atMost(SOON)
                    .until(() ->
                            exchanges(till).stream().filter(SentWebhook::taken).count() > wanted);
            assertThat(row(end).status()).isEqualTo(PaymentStatus.PAID);
            assertThat(charges(till)).hasSize(1);
            assertThat(client.results(key))
                    .extracting(result -> text(result, "status"))
                    .containsExactly("STARTED", "SUCCEEDED");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PayNlChoices.UNSIGNED,
                PayNlChoices.LEGACY_JSON,
                PayNlChoices.LEGACY_JSON_AS_PRINTED,
                PayNlChoices.LEGACY_POST,
                PayNlChoices.LEGACY_GET
            })
    void an_older_exchange_finds_a_lost_create_where_the_operator_takes_it(String style) {
        Till till = till();
        sandbox.webhooks()
                .add(WebhookScript.of(Way.ONCE)
                        .provider(PAYNL)
                        .terminal(till.id())
                        .style(style));
        sandbox.faults().add(onCreate(till).breakConnection().times(1));
        TestClient office = lenient.client();
        String key = "older-" + style;
        office.send(TestClient.create(key, till.alias(), 1050));
        JsonNode end = office.await(key, SOON, BridgeTest::isFinal);
        assertEnd(end, "SUCCEEDED", "PAID", null);
        assertThat(charges(till)).hasSize(1);
        assertThat(calls(till, "create")).hasSize(1);
        assertThat(exchanges(till)).isNotEmpty().allMatch(SentWebhook::taken);
        assertThat(calls(till, "status"))
                .filteredOn(call -> call.login() != null)
                .extracting(Call::login)
                .containsOnly(SETUP.service().code());
    }

    @Test
    void the_older_exchanges_are_refused_where_they_must_be_signed() {
        Till till = till();
        client.send(TestClient.create("no-older", till.alias(), 1050));
        JsonNode end = client.awaitFinal("no-older");
        int asked = calls(till, "status").size();
        for (String body : List.of(
                "{\"action\":\"cancel\",\"extra1\":\"" + payment(end) + "\",}",
                "action=cancel&extra1=" + payment(end),
                "{\"object\":{\"id\":\"" + text(end, "providerTransactionId") + "\",\"status\":{\"code\":-90}}}")) {
            HttpResponse<String> answer = post(payment(end), body);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body())
                    .isEqualTo(
                            body.startsWith("{")
                                    ? "{\"result\":false,\"description\":\"not taken\"}"
                                    : "FALSE| not taken");
        }
        assertThat(calls(till, "status")).hasSize(asked);
    }

    /** Knocks as anybody could who knows the address. */
    private static HttpResponse<String> post(String paymentId, String body) {
        try {
            WebhookTokens tokens = WebhookTokens.load(signed.data(), new Secret(""));
            URI uri = URI.create("http://127.0.0.1:" + signed.bridge().webhookPort() + tokens.path(PAYNL, paymentId));
            return HTTP.send(
                    HttpRequest.newBuilder(uri)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void f25_a_read_goes_to_another_core_when_the_first_is_away_and_a_create_never_does() {
        Till till = till();
        noExchange(till);
        sandbox.faults()
                .add(Fault.onStatus()
                        .provider(PAYNL)
                        .host("connect.pay.nl")
                        .terminal(till.id())
                        .breakConnection());
        client.send(TestClient.create("f25", till.alias(), 1050));
        assertEnd(client.awaitFinal("f25"), "SUCCEEDED", "PAID", null);
        List<Call> backup = sandbox.calls().at("connect.payments.nl").stream()
                .filter(call -> till.id().equals(call.terminal()))
                .toList();
        assertThat(backup).isNotEmpty().extracting(Call::operation).containsOnly("status");
        assertThat(calls(till, "create")).extracting(Call::host).containsExactly("connect.pay.nl");
    }

    @Test
    void f25_what_is_not_found_at_another_core_proves_nothing() {
        Till till = till();
        noExchange(till);
        sandbox.faults()
                .add(Fault.onStatus()
                        .provider(PAYNL)
                        .host("connect.pay.nl")
                        .terminal(till.id())
                        .breakConnection()
                        .times(4));
        for (String core : List.of("connect.payments.nl", "connect.achterelkebetaling.nl")) {
            sandbox.faults()
                    .add(Fault.onStatus()
                            .provider(PAYNL)
                            .host(core)
                            .terminal(till.id())
                            .answer(new Answer.NotFound()));
        }
        client.send(TestClient.create("f25-unknown", till.alias(), 1050));
        JsonNode end = client.awaitFinal("f25-unknown");
        assertEnd(end, "SUCCEEDED", "PAID", null);
        assertThat(client.results("f25-unknown"))
                .extracting(result -> text(result, "status"))
                .containsExactly("STARTED", "SUCCEEDED");
        assertThat(sandbox.calls().at("connect.payments.nl"))
                .anyMatch(call -> till.id().equals(call.terminal()));
    }
}
