package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.HistoryRow;
import nl.pinbridge.sandbox.Answer;
import nl.pinbridge.sandbox.Call;
import nl.pinbridge.sandbox.CcvSetup;
import nl.pinbridge.sandbox.Charge;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Outcome;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.SandboxOptions;
import nl.pinbridge.sandbox.SentWebhook;
import nl.pinbridge.sandbox.WebhookScript;
import nl.pinbridge.sandbox.WebhookScript.Way;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The CCV Payment API from the command to the result: the delivered folder against the stand-in. Every case has a terminal of its own. */
class CcvTest {
    private static final String CCV = "ccv";
    private static final int TILLS = 60;
    private static final CcvSetup SETUP = CcvSetup.defaults()
            .withTerminals(IntStream.rangeClosed(1, TILLS).mapToObj(CcvTest::id).toList());

    private static final AtomicInteger USED = new AtomicInteger();
    private static Sandbox sandbox;
    private static Cable cable;
    private static RunningBridge bridge;
    private static TestClient client;

    /** A terminal that only one test uses. */
    private record Till(String alias, String id) {}

    /** Terminals of the cases that take their time: they are begun before all others. */
    private static final Map<String, Till> SLOW = new HashMap<>();

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.defaults().withCcv(SETUP).withCustomerDelay(Duration.ofMillis(300)));
        cable = new Cable(sandbox.port(), true);
        RunningBridge.Options options = RunningBridge.with()
                .sandbox(sandbox)
                .secureWebhooks()
                .set("pinbridge.provider.ccv.url", "http://127.0.0.1:" + cable.port() + "/ccv/api/v1")
                .set("pinbridge.provider.ccv.option.management-system-id", "GrundmasterNL")
                .set("pinbridge.provider.ccv.option.return-url", "https://pay.example.nl/done")
                .set("pinbridge.provider.ccv.response-timeout", "PT1S")
                .set("pinbridge.provider.ccv.first-look", "PT2S")
                .set("pinbridge.provider.ccv.look-interval", "PT0.3S")
                .set("pinbridge.provider.ccv.look-interval-max", "PT0.5S")
                .set("pinbridge.provider.ccv.maximum", "PT5S");
        for (int i = 1; i <= TILLS; i++) {
            options.terminal("cc-%d: {provider: ccv, id: \"%s\", key: \"%s\", labels: {shop: Venlo}}"
                    .formatted(i, id(i), SETUP.key()));
        }
        bridge = options.start();
        client = bridge.client();
        begin();
    }

    private static Till slow(String key) {
        return SLOW.computeIfAbsent(key, first -> till());
    }

    /** What ends with a person, or is asked about again after a while only. */
    private static void begin() {
        script(on(slow("contradicted"), "create").outcome(Outcome.DECLINED));
        client.send(TestClient.create("contradicted", slow("contradicted").alias(), 1050));
        for (String key : List.of("found", "unnamed", "declined")) {
            client.send(TestClient.create("sold-" + key, slow(key).alias(), 1050));
        }
        for (String key : List.of("sold-found", "sold-unnamed", "sold-declined")) {
            assertThat(text(client.awaitFinal(key), "status")).isEqualTo("SUCCEEDED");
        }
        List.of("found", "unnamed", "declined").forEach(key -> silent(slow(key)));
        script(on(slow("found"), "refund").breakConnection());
        script(on(slow("unnamed"), "refund")
                .breakConnection()
                .field("/description", TextNode.valueOf("Refund of Order 123456")));
        script(on(slow("declined"), "refund").outcome(Outcome.DECLINED).http(502));
        for (String key : List.of("found", "unnamed", "declined")) {
            client.send(with(about("lost-" + key, "refund", "sold-" + key), 400));
        }
        // It says nothing but which one: also of what is over the provider is asked.
        sandbox.act(text(client.awaitFinal("contradicted"), "providerTransactionId"), Outcome.PAID);
    }

    @AfterAll
    static void stop() {
        bridge.assertContract();
        bridge.close();
        cable.close();
        sandbox.close();
    }

    private static String id(int number) {
        return String.valueOf(2_000_000 + number);
    }

    private static Till till() {
        int number = USED.incrementAndGet();
        assertThat(number).isLessThanOrEqualTo(TILLS);
        return new Till("cc-" + number, id(number));
    }

    private static Fault on(Till till, String operation) {
        return Fault.on(operation).provider(CCV).terminal(till.id()).times(1);
    }

    private static void script(Fault fault) {
        sandbox.faults().add(fault);
    }

    private static void silent(Till till) {
        sandbox.webhooks().add(WebhookScript.of(Way.LOST).provider(CCV).terminal(till.id()));
    }

    private static List<Call> calls(Till till, String operation) {
        return sandbox.calls().matching(operation, till.id(), null, null);
    }

    private static List<Charge> charges(Till till) {
        return sandbox.book().charges().stream()
                .filter(charge -> charge.terminal().equals(till.id()))
                .toList();
    }

    private static List<Long> back(Till till) {
        return sandbox.book().refundsOn(till.id()).stream().map(Charge::amount).toList();
    }

    private static List<String> told(JsonNode result) {
        return List.of(
                text(result, "status"),
                result.at("/payment/status").asText(),
                result.at("/error/code").asText(""));
    }

    private static JsonNode ended(ObjectNode command) {
        client.send(command);
        return client.awaitFinal(command.path("commandId").asText());
    }

    private static ObjectNode about(String key, String type, String payment) {
        return Json.object().put("commandId", key).put("command", type).put("payment", payment);
    }

    private static ObjectNode with(ObjectNode command, long cents) {
        command.putObject("amount").put("value", cents).put("currency", "EUR");
        return command;
    }

    private static List<String> story(JsonNode result) {
        String payment = result.at("/payment/id").asText();
        return bridge.bridge().ledger().inTransaction(tx -> tx.historyOf(payment)).stream()
                .map(HistoryRow::text)
                .toList();
    }

    @Test
    void a_webhook_brings_the_outcome_and_the_call_says_who_it_is() {
        Till till = till();
        client.send(TestClient.create("paid", till.alias(), 1029).put("reference", "SO-4711"));
        JsonNode started = client.awaitStatus("paid", "STARTED");
        assertThat(started.at("/payment/paymentUrl").asText())
                .startsWith("https://onlinepayments.ccv.eu/terminal/poll?reference=TL");
        JsonNode end = client.awaitFinal("paid");
        assertThat(told(end)).containsExactly("SUCCEEDED", "PAID", "");
        JsonNode payment = end.path("payment");
        assertThat(payment.at("/amounts/paid").asLong()).isEqualTo(1029);
        assertThat(payment.path("card"))
                .isEqualTo(Json.object().put("brand", "maestro").put("maskedPan", "6799XXXXXXXXX5008"));
        assertThat(payment.at("/receipts/customer/0").asText()).isEqualTo("Kopie Kaarthouder");
        assertThat(payment.at("/receipts/merchant/0").asText()).isEqualTo("Kopie Merchant");
        assertThat(charges(till)).singleElement().satisfies(charge -> assertThat(charge.amount())
                .isEqualTo(1029));
        assertThat(calls(till, "create")).hasSize(1);
        assertThat(calls(till, "status")).hasSize(1);
        String id = payment.path("id").asText();
        String login = Base64.getEncoder().encodeToString((SETUP.key() + ":").getBytes(StandardCharsets.UTF_8));
        assertThat(cable.heard())
                .containsIgnoringCase("\r\nidempotency-reference: " + id + "\r\n")
                .containsIgnoringCase("\r\nauthorization: Basic " + login + "\r\n")
                .containsIgnoringCase("\r\nuser-agent: PinBridge\r\n")
                .contains(
                        "\"amount\":\"10.29\"",
                        "\"merchantOrderReference\":\"" + id + "\"",
                        "\"description\":\"SO-4711\"")
                .contains("\"webhookUrl\":\"https://127.0.0.1:")
                .doesNotContain("supportPartialApproval");
    }

    @Test
    void an_idempotency_reference_is_one_for_each_command_and_never_a_second_call() {
        Till till = till();
        assertThat(told(ended(TestClient.create("named", till.alias(), 900).put("command", "authorise"))))
                .containsExactly("SUCCEEDED", "AUTHORISED", "");
        script(on(till, "capture").breakConnection());
        client.send(with(about("named-c1", "capture", "named"), 300));
        assertThat(told(client.awaitFinal("named-c1"))).containsExactly("SUCCEEDED", "AUTHORISED", "");
        assertThat(told(ended(with(about("named-c2", "capture", "named"), 600))))
                .containsExactly("SUCCEEDED", "PAID", "");
        assertThat(calls(till, "capture")).hasSize(2);
        List<String> names = cable.heard()
                .lines()
                .map(String::strip)
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("idempotency-reference:"))
                .toList();
        assertThat(names).doesNotHaveDuplicates().allMatch(line -> line.length() <= 23 + 50);
    }

    @ParameterizedTest
    @CsvSource({
        "DECLINED, , DECLINED, DECLINED, card_refused",
        "DECLINED, insufficient_funds, DECLINED, DECLINED, insufficient_funds",
        "CANCELLED_AT_TERMINAL, , CANCELLED, CANCELLED_AT_TERMINAL, cancelled",
        "TIMED_OUT, , EXPIRED, TIMED_OUT_AT_TERMINAL, expired",
        "PROCESSING_ERROR, , FAILED, PROVIDER_FAILED, processing_error"
    })
    void what_was_not_paid_is_told_by_its_failure_code(
            Outcome outcome, String failure, String status, String code, String told) {
        Till till = till();
        Fault fault = on(till, "create").outcome(outcome);
        script(failure == null ? fault : fault.incident(failure));
        JsonNode end = ended(TestClient.create("not-" + told, till.alias(), 1050));
        assertThat(told(end)).containsExactly(status, "NOT_PAID", code);
        assertThat(end.at("/error/providerCode").asText()).isEqualTo(told);
        assertThat(charges(till)).isEmpty();
    }

    @Test
    void a_lost_payment_is_found_by_our_reference_and_never_sent_again() {
        Map<String, Fault> lost = Map.of(
                "broken", on(till(), "create").breakConnection(),
                "silent", on(till(), "create").neverAnswer(),
                "502", on(till(), "create").http(502),
                "400-talk",
                        on(till(), "create")
                                .answer(new Answer.Http(
                                        400,
                                        "{\"type\":\"process_error\",\"message\":\"x\",\"reference\":\"2d951ad9\"}")),
                "error-id",
                        on(till(), "create")
                                .answer(
                                        new Answer.Http(
                                                200,
                                                "{\"type\":\"process_error\",\"message\":\"x\",\"reference\":\"2d951ad9\",\"failureCode\":\"rejected\"}")));
        lost.forEach((name, fault) -> {
            silent(new Till(alias(fault), String.valueOf(fault.calls().terminal())));
            script(fault);
            client.send(TestClient.create("lost-" + name, alias(fault), 1050));
        });
        lost.forEach((name, fault) -> {
            JsonNode end = client.awaitFinal("lost-" + name);
            assertThat(told(end)).as(name).containsExactly("SUCCEEDED", "PAID", "");
            Till till = new Till(alias(fault), String.valueOf(fault.calls().terminal()));
            assertThat(calls(till, "create")).as(name).hasSize(1);
            assertThat(calls(till, "search")).as(name).isNotEmpty();
            assertThat(charges(till)).as(name).hasSize(1);
            assertThat(story(end)).anyMatch(line -> line.contains("A search named transaction TL"));
        });
    }

    private static String alias(Fault fault) {
        return "cc-" + (Integer.parseInt(String.valueOf(fault.calls().terminal())) - 2_000_000);
    }

    @Test
    void less_approved_than_asked_is_no_payment_of_what_was_asked() {
        Till till = till();
        script(on(till, "create").charged(500).field("/details/authorisedAmount", TextNode.valueOf("5.00")));
        JsonNode end = ended(TestClient.create("partial", till.alias(), 1050));
        assertThat(told(end)).containsExactly("NEEDS_ATTENTION", "IN_DOUBT", "INTEGRITY");
        assertThat(end.at("/error/message").asText()).contains("500", "1050");
    }

    @Test
    void a_webhook_is_only_a_reason_to_look() {
        Till till = till();
        sandbox.webhooks()
                .add(WebhookScript.of(Way.WRONG_TRANSACTION).provider(CCV).terminal(till.id()));
        JsonNode misled = ended(TestClient.create("misled", till.alias(), 1050));
        assertThat(told(misled)).containsExactly("SUCCEEDED", "PAID", "");
        assertThat(story(misled)).anyMatch(line -> line.contains("A webhook is not believed"));
        assertThat(sandbox.webhooks().sent())
                .filteredOn(sent -> sent.terminal().equals(till.id()))
                .singleElement()
                .extracting(SentWebhook::taken)
                .isEqualTo(true);
    }

    @Test
    void a_webhook_of_what_is_over_brings_a_contradiction_out() {
        JsonNode later = client.await("contradicted", Duration.ofSeconds(20), result -> text(result, "status")
                .equals("NEEDS_ATTENTION"));
        assertThat(told(later)).containsExactly("NEEDS_ATTENTION", "CONFLICT", "CONFLICT");
    }

    @Test
    void a_lost_payment_is_taken_from_its_webhook_when_the_look_up_fails() {
        Till till = till();
        script(Fault.on("search").provider(CCV).terminal(till.id()).http(500));
        script(on(till, "create").breakConnection());
        JsonNode end = ended(TestClient.create("hooked", till.alias(), 1050));
        assertThat(told(end)).containsExactly("SUCCEEDED", "PAID", "");
        assertThat(calls(till, "create")).hasSize(1);
        assertThat(charges(till)).hasSize(1);
    }

    @Test
    void a_refund_is_a_transaction_of_its_own_on_the_terminal() {
        Till till = till();
        ended(TestClient.create("sold", till.alias(), 1050));
        JsonNode part = ended(with(about("back-1", "refund", "sold"), 429));
        assertThat(told(part)).containsExactly("SUCCEEDED", "PARTLY_REFUNDED", "");
        assertThat(text(part, "providerTransactionId"))
                .isNotEqualTo(part.at("/payment/providerTransactionId").asText());
        assertThat(told(ended(with(about("back-2", "refund", "sold"), 622))))
                .as("CCV would let go of 120 in 100")
                .containsExactly("REFUSED", "PARTLY_REFUNDED", "REFUND_TOO_HIGH");
        assertThat(told(ended(about("back-3", "refund", "sold")))).containsExactly("SUCCEEDED", "REFUNDED", "");
        assertThat(back(till)).containsExactly(429L, 621L);
        assertThat(calls(till, "refund")).hasSize(2);
    }

    @Test
    void a_lost_refund_is_found_by_what_its_description_repeats() {
        assertThat(told(client.awaitFinal("lost-found"))).containsExactly("SUCCEEDED", "PARTLY_REFUNDED", "");
        assertThat(back(slow("found"))).containsExactly(400L);
        assertThat(told(client.awaitFinal("lost-declined"))).containsExactly("DECLINED", "PAID", "DECLINED");
        assertThat(back(slow("declined"))).isEmpty();
        // The same amount once more: what was lost before it is told apart from it.
        script(on(slow("found"), "refund").http(503));
        assertThat(told(ended(with(about("found-again", "refund", "sold-found"), 400))))
                .containsExactly("SUCCEEDED", "PARTLY_REFUNDED", "");
        assertThat(back(slow("found"))).containsExactly(400L, 400L);
        assertThat(calls(slow("found"), "refund")).hasSize(2);
        assertThat(told(client.awaitFinal("lost-unnamed")))
                .as("nothing says that it is ours")
                .containsExactly("NEEDS_ATTENTION", "PAID", "OUTCOME_UNKNOWN");
        assertThat(calls(slow("unnamed"), "refund")).hasSize(1);
    }

    @Test
    void what_is_refused_before_the_start_is_told_so() {
        Till limit = till();
        ended(TestClient.create("limited", limit.alias(), 1050));
        script(
                on(limit, "refund")
                        .withoutActing()
                        .answer(
                                new Answer.Http(
                                        400,
                                        "{\"type\":\"process_error\",\"message\":\"Refund request limit check\",\"reference\":\"2d951ad9\",\"failureCode\":\"refund_limit\"}")));
        assertThat(told(ended(with(about("too-much", "refund", "limited"), 400))))
                .containsExactly("NOT_SENT", "PAID", "PROVIDER_REFUSED");
        assertThat(back(limit)).isEmpty();
        JsonNode cancel = ended(about("no-cancel", "cancel", "limited"));
        assertThat(text(cancel, "status")).isIn("REFUSED", "FAILED");
        assertThat(calls(limit, "cancel")).isEmpty();
    }

    @Test
    void a_running_payment_cannot_be_called_off_from_here() {
        Till till = till();
        script(on(till, "create").outcome(Outcome.NEVER_ENDS));
        client.send(TestClient.create("running", till.alias(), 1050));
        client.awaitStatus("running", "STARTED");
        assertThat(told(ended(about("off", "cancel", "running")))).element(2).isEqualTo("NOT_SUPPORTED");
    }

    // Authorisations.

    private static Till reserved(String key) {
        Till till = till();
        JsonNode end = ended(TestClient.create(key, till.alias(), 1050).put("command", "authorise"));
        assertThat(told(end)).containsExactly("SUCCEEDED", "AUTHORISED", "");
        assertThat(end.at("/payment/amounts/authorised").asLong()).isEqualTo(1050);
        assertThat(charges(till)).isEmpty();
        return till;
    }

    private static List<Long> captured(Till till) {
        return charges(till).stream().map(Charge::amount).toList();
    }

    @Test
    void an_authorisation_is_captured_in_parts_and_the_rest_reversed() {
        Till till = reserved("parts");
        JsonNode first = ended(with(about("part-1", "capture", "parts"), 429));
        assertThat(told(first)).containsExactly("SUCCEEDED", "AUTHORISED", "");
        assertThat(first.at("/payment/amounts/captured").asLong()).isEqualTo(429);
        script(on(till, "capture").breakConnection());
        assertThat(told(ended(with(about("part-2", "capture", "parts"), 100))))
                .containsExactly("SUCCEEDED", "AUTHORISED", "");
        script(on(till, "reversal").http(502));
        JsonNode rest = ended(about("rest", "void", "parts"));
        assertThat(told(rest)).containsExactly("SUCCEEDED", "PAID", "");
        assertThat(rest.at("/payment/amounts/paid").asLong()).isEqualTo(529);
        assertThat(captured(till)).containsExactly(429L, 100L);
        assertThat(calls(till, "capture")).hasSize(2);
        assertThat(calls(till, "reversal")).hasSize(1);
    }

    @Test
    void an_authorisation_that_is_captured_whole_is_paid_and_can_be_given_back() {
        Till till = reserved("whole");
        assertThat(told(ended(with(about("all", "capture", "whole"), 1050)))).containsExactly("SUCCEEDED", "PAID", "");
        assertThat(captured(till)).containsExactly(1050L);
        assertThat(told(ended(about("all-back", "refund", "whole")))).containsExactly("SUCCEEDED", "REFUNDED", "");
        assertThat(back(till)).containsExactly(1050L);
    }

    @Test
    void an_authorisation_that_is_reversed_is_not_paid() {
        Till till = reserved("reversed");
        assertThat(told(ended(about("give-up", "void", "reversed")))).containsExactly("SUCCEEDED", "NOT_PAID", "");
        assertThat(charges(till)).isEmpty();
        assertThat(told(ended(with(about("late", "capture", "reversed"), 100))))
                .element(2)
                .isEqualTo("NOT_ALLOWED_NOW");
    }

    @Test
    void a_lost_authorisation_is_found_by_our_reference() {
        Till till = till();
        silent(till);
        script(on(till, "authorise").breakConnection());
        assertThat(told(ended(TestClient.create("lost-a", till.alias(), 1050).put("command", "authorise"))))
                .containsExactly("SUCCEEDED", "AUTHORISED", "");
        assertThat(calls(till, "authorise")).hasSize(1);
    }

    @Test
    void an_amount_with_more_than_two_places_books_nothing() {
        Till till = till();
        script(on(till, "create").field("/amount", Json.read("{\"a\":10.505}").path("a")));
        Till cents = till();
        script(on(cents, "create").field("/amount", IntNode.valueOf(1050)));
        client.send(TestClient.create("odd", till.alias(), 1050));
        client.send(TestClient.create("in-cents", cents.alias(), 1050));
        assertThat(told(client.awaitFinal("odd"))).element(2).isEqualTo("INTEGRITY");
        assertThat(told(client.awaitFinal("in-cents"))).element(2).isEqualTo("INTEGRITY");
    }
}
