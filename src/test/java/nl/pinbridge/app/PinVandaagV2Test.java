package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.HistoryRow;
import nl.pinbridge.sandbox.Answer;
import nl.pinbridge.sandbox.Brand;
import nl.pinbridge.sandbox.Call;
import nl.pinbridge.sandbox.Charge;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Outcome;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.SandboxOptions;
import nl.pinbridge.sandbox.SandboxTerminal;
import nl.pinbridge.sandbox.SentWebhook;
import nl.pinbridge.sandbox.WebhookScript;
import nl.pinbridge.sandbox.WebhookScript.Way;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pin Vandaag V2 from the command to the result: the delivered folder against the stand-in. Every case has a terminal of its own. */
@Execution(ExecutionMode.CONCURRENT)
class PinVandaagV2Test {
    private static final String V2 = "pinvandaag-v2";
    private static final String MAIN = "rest-api.pinvandaag.com";
    private static final String BACKUP = "api-backup.pinvandaag.com";

    /** Every terminal's key begins with this; nothing but the terminal directory may hold it. */
    private static final String KEY = "tweede-geheime-sleutel-";

    private static final int TILLS = 60;
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final AtomicInteger USED = new AtomicInteger();
    private static Sandbox sandbox;
    private static RunningBridge bridge;
    private static TestClient client;

    /** A terminal that only one test uses. */
    private record Till(int number, String alias, String id) {}

    private static Till till(Brand brand, int number) {
        return brand == Brand.WORLDLINE
                ? new Till(number, "v2-" + number, String.valueOf(60_300_000 + number))
                : new Till(number, "v2-ccv-" + number, String.valueOf(806_249_000 + number));
    }

    private static Till till(Brand brand) {
        int number = USED.incrementAndGet();
        assertThat(number).isLessThanOrEqualTo(TILLS);
        return till(brand, number);
    }

    private static Till till() {
        return till(Brand.WORLDLINE);
    }

    private static Sandbox startSandbox(Clock clock) {
        List<SandboxTerminal> terminals = new ArrayList<>();
        for (int i = 1; i <= TILLS; i++) {
            for (Brand brand : Brand.values()) {
                terminals.add(new SandboxTerminal(till(brand, i).id(), KEY + i, brand));
            }
        }
        return Sandbox.start(SandboxOptions.defaults()
                .withTerminals(terminals)
                .withCustomerDelay(Duration.ofMillis(500))
                .withClock(clock));
    }

    private static RunningBridge.Options options(Sandbox standIn, int tills) {
        RunningBridge.Options options = RunningBridge.with()
                .sandbox(standIn)
                .set("pinbridge.provider.pinvandaag-v2.url", standIn.pinVandaagV2Url())
                .set("pinbridge.provider.pinvandaag-v2.read-urls", standIn.pinVandaagV2BackupUrl())
                .set("pinbridge.provider.pinvandaag-v2.response-timeout", "PT2S")
                .set("pinbridge.provider.pinvandaag-v2.first-look", "PT0.2S")
                .set("pinbridge.provider.pinvandaag-v2.look-interval", "PT0.3S")
                .set("pinbridge.provider.pinvandaag-v2.look-interval-max", "PT0.5S")
                .set("pinbridge.provider.pinvandaag-v2.maximum", "PT8S");
        for (int i = 1; i <= tills; i++) {
            for (Brand brand : Brand.values()) {
                Till till = till(brand, i);
                options.terminal("%s: {provider: %s, id: \"%s\", brand: %s, key: \"%s\", labels: {shop: Zwolle}}"
                        .formatted(till.alias(), V2, till.id(), brand, KEY + i));
            }
        }
        return options;
    }

    @BeforeAll
    static void start() {
        sandbox = startSandbox(Clock.systemUTC());
        bridge = options(sandbox, TILLS)
                .webhooks()
                .terminal("v2-wrong: {provider: %s, id: \"60399999\", brand: WORLDLINE, key: \"%swrong\"}"
                        .formatted(V2, KEY))
                .start();
        client = bridge.client();
    }

    @AfterAll
    static void stop() {
        bridge.assertContract();
        bridge.close();
        sandbox.close();
    }

    private static Fault on(String operation, Till till) {
        return Fault.on(operation).provider(V2).terminal(till.id());
    }

    private static void noWebhook(Till till) {
        sandbox.webhooks().add(WebhookScript.of(Way.LOST).provider(V2).terminal(till.id()));
    }

    private static List<Call> calls(Till till, String operation) {
        return sandbox.calls().matching(operation, till.id(), null, null);
    }

    private static List<Call> calls(Till till, String operation, String host) {
        return calls(till, operation).stream()
                .filter(call -> host.equals(call.host()))
                .toList();
    }

    private static List<Charge> charges(Till till) {
        return sandbox.book().charges().stream()
                .filter(charge -> charge.terminal().equals(till.id()))
                .toList();
    }

    private static List<String> story(JsonNode result) {
        String payment = text(result.path("payment"), "id");
        return bridge.bridge().ledger().inTransaction(tx -> tx.historyOf(payment)).stream()
                .map(HistoryRow::text)
                .toList();
    }

    private static ObjectNode about(String key, String command, String payment) {
        return Json.object().put("commandId", key).put("command", command).put("payment", payment);
    }

    private static void assertEnd(JsonNode end, String status, String payment, @Nullable String code) {
        assertThat(text(end, "status")).as(end.toString()).isEqualTo(status);
        assertThat(text(end.path("payment"), "status")).isEqualTo(payment);
        assertThat(end.path("error").path("code").asText(null)).isEqualTo(code);
    }

    @ParameterizedTest
    @EnumSource(Brand.class)
    void a_payment_is_paid_when_its_transaction_says_so(Brand brand) {
        Till till = till(brand);
        noWebhook(till);
        String key = "paid-" + brand;
        client.send(TestClient.create(key, till.alias(), 1050));
        JsonNode end = client.awaitFinal(key);
        assertEnd(end, "SUCCEEDED", "PAID", null);
        assertThat(charges(till)).singleElement().satisfies(charge -> assertThat(charge.amount())
                .isEqualTo(1050));
        JsonNode payment = end.path("payment");
        assertThat(text(payment, "provider")).isEqualTo(V2);
        assertThat(text(payment.path("card"), "brand")).isEqualTo("Maestro");
        assertThat(text(payment.path("card"), "maskedPan")).contains("xxx");
        assertThat(payment.at("/receipts/customer").size()).isGreaterThan(10);
        assertThat(text(payment.path("amounts"), "paid")).isEqualTo("1050");
        assertThat(calls(till, "start")).singleElement().satisfies(call -> {
            assertThat(call.host()).isEqualTo(MAIN);
            assertThat(call.ownReference()).isEqualTo(text(payment, "id"));
        });
        // While the customer is busy every answer says "success" at its top, and the transaction "unknown".
        assertThat(calls(till, "status")).hasSizeGreaterThan(1);
        assertThat(calls(till, "status", BACKUP)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "WORLDLINE, DECLINED, DECLINED, DECLINED, 2631",
        "WORLDLINE, CANCELLED_AT_TERMINAL, CANCELLED, CANCELLED_AT_TERMINAL, 2629",
        "WORLDLINE, TIMED_OUT, EXPIRED, TIMED_OUT_AT_TERMINAL, 1803",
        "WORLDLINE, PROCESSING_ERROR, FAILED, PROVIDER_FAILED, 1811",
        "CCV, DECLINED, DECLINED, DECLINED, card_refused",
        "CCV, CANCELLED_AT_TERMINAL, CANCELLED, CANCELLED_AT_TERMINAL, cancelled",
        "CCV, TIMED_OUT, EXPIRED, TIMED_OUT_AT_TERMINAL, expired"
    })
    void what_was_not_paid_is_told_by_its_code(
            Brand brand, Outcome outcome, String status, String code, String providerCode) {
        Till till = till(brand);
        sandbox.faults().add(on("start", till).outcome(outcome).times(1));
        String key = "not-" + brand + "-" + outcome;
        client.send(TestClient.create(key, till.alias(), 1050));
        JsonNode end = client.awaitFinal(key);
        assertEnd(end, status, "NOT_PAID", code);
        assertThat(text(end.path("error"), "providerCode")).isEqualTo(providerCode);
        assertThat(charges(till)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Brand.class)
    void a_cancel_command_stops_the_transaction_that_it_names(Brand brand) {
        Till till = till(brand);
        sandbox.faults().add(on("start", till).outcome(Outcome.NEVER_ENDS));
        String key = "stopped-" + brand;
        client.send(TestClient.create(key, till.alias(), 1050));
        client.awaitStatus(key, "STARTED");
        client.send(about(key + "-c", "cancel", key));
        JsonNode end = client.awaitFinal(key);
        assertThat(text(end, "status")).isEqualTo("CANCELLED");
        assertThat(text(end.path("payment"), "status")).isEqualTo("NOT_PAID");
        assertThat(text(client.awaitFinal(key + "-c"), "status")).isEqualTo("SUCCEEDED");
        assertThat(calls(till, "stop")).singleElement().satisfies(call -> {
            assertThat(call.transactionId()).isEqualTo(text(end, "providerTransactionId"));
            assertThat(call.answered()).startsWith("204");
            assertThat(call.host()).isEqualTo(MAIN);
        });
    }

    @Test
    void a_refund_a_mail_and_a_call_to_the_management_host_are_made_once() {
        Till till = till();
        client.send(TestClient.create("bought", till.alias(), 2500));
        JsonNode paid = client.awaitFinal("bought");
        client.send(about("back", "refund", "bought")
                .set("amount", Json.object().put("value", 1000).put("currency", "EUR")));
        JsonNode end = client.awaitFinal("back");
        assertEnd(end, "SUCCEEDED", "PARTLY_REFUNDED", null);
        assertThat(text(end, "providerTransactionId")).isNotEqualTo(text(paid, "providerTransactionId"));
        assertThat(sandbox.book().refundsOn(till.id())).singleElement().satisfies(charge -> assertThat(charge.amount())
                .isEqualTo(1000));
        ObjectNode mail = about("mail", "mail-receipt", "bought");
        mail.putObject("receipt").put("to", "klant@example.nl").put("subject", "Uw bon");
        client.send(mail);
        assertThat(text(client.awaitFinal("mail"), "status")).isEqualTo("SUCCEEDED");
        assertThat(sandbox.outbox().all())
                .filteredOn(sent -> sent.terminal().equals(till.id()))
                .singleElement()
                .satisfies(sent -> {
                    assertThat(sent.to()).isEqualTo("klant@example.nl");
                    assertThat(sent.subject()).isEqualTo("Uw bon");
                });
        client.send(
                Json.object().put("commandId", "ctmp").put("command", "ctmp").put("terminal", till.alias()));
        assertThat(text(client.awaitFinal("ctmp"), "status")).isEqualTo("SUCCEEDED");
        assertThat(sandbox.ctmps(till.id())).isEqualTo(1);
        for (String operation : List.of("refund", "mail", "ctmp")) {
            assertThat(calls(till, operation)).as(operation).hasSize(1);
        }
    }

    @Test
    void f46_what_a_ccv_terminal_cannot_do_is_refused_without_a_call() {
        Till till = till(Brand.CCV);
        client.send(TestClient.create("ccv-bought", till.alias(), 1050));
        client.awaitFinal("ccv-bought");
        client.send(about("ccv-back", "refund", "ccv-bought"));
        client.send(Json.object()
                .put("commandId", "ccv-ctmp")
                .put("command", "ctmp")
                .put("terminal", till.alias()));
        for (String key : List.of("ccv-back", "ccv-ctmp")) {
            JsonNode end = client.awaitFinal(key);
            assertThat(text(end, "status")).isEqualTo("REFUSED");
            assertThat(text(end.path("error"), "code")).isEqualTo("NOT_SUPPORTED");
        }
        assertThat(calls(till, "refund")).isEmpty();
        assertThat(calls(till, "ctmp")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"last_transaction", "list"})
    void f9_a_start_whose_answer_was_lost_is_found_by(String found) {
        Till till = till();
        noWebhook(till);
        sandbox.faults().add(on("start", till).breakConnection().times(1));
        String other = found.equals("list") ? "last_transaction" : "list";
        sandbox.faults().add(on(other, till).http(500));
        String key = "lost-" + found;
        client.send(TestClient.create(key, till.alias(), 1050));
        JsonNode end = client.await(key, SOON, BridgeTest::isFinal);
        assertEnd(end, "SUCCEEDED", "PAID", null);
        assertThat(client.results(key))
                .extracting(result -> text(result, "status"))
                .startsWith("IN_DOUBT")
                .endsWith("SUCCEEDED");
        assertThat(story(end)).anyMatch(line -> line.startsWith("The provider shows transaction"));
        assertThat(charges(till)).hasSize(1);
        assertThat(calls(till, "start")).hasSize(1);
        assertThat(calls(till, found)).isNotEmpty();
    }

    @Test
    void f25_reads_go_to_the_backup_host_when_the_first_is_away_and_nothing_else_does() {
        Till till = till();
        noWebhook(till);
        for (String read : List.of("status", "last_transaction", "list")) {
            sandbox.faults().add(on(read, till).host(MAIN).http(503));
        }
        client.send(TestClient.create("away", till.alias(), 1050));
        assertEnd(client.awaitFinal("away"), "SUCCEEDED", "PAID", null);
        assertThat(calls(till, "status", BACKUP)).isNotEmpty();
        // Its answer is lost, and both ways to find it lead to the second host.
        sandbox.faults().add(on("start", till).http(503).times(1));
        client.send(TestClient.create("away-lost", till.alias(), 1150));
        assertEnd(client.await("away-lost", SOON, BridgeTest::isFinal), "SUCCEEDED", "PAID", null);
        assertThat(calls(till, "last_transaction", BACKUP)).isNotEmpty();
        assertThat(calls(till, "list", BACKUP)).isNotEmpty();
        for (String once : List.of("stop", "refund", "mail", "ctmp")) {
            sandbox.faults().add(on(once, till).withoutActing().http(503));
        }
        client.send(about("away-back", "refund", "away"));
        ObjectNode mail = about("away-mail", "mail-receipt", "away");
        mail.putObject("receipt").put("to", "klant@example.nl");
        client.send(mail);
        client.awaitStatus("away-back", "IN_DOUBT");
        assertThat(text(client.awaitFinal("away-mail").path("error"), "code")).isEqualTo("MAYBE_SENT");
        for (String once : List.of("start", "refund", "mail", "stop", "ctmp")) {
            assertThat(calls(till, once, BACKUP)).as(once).isEmpty();
        }
        assertThat(calls(till, "start", MAIN)).hasSize(2);
        assertThat(charges(till)).hasSize(2);
    }

    @Test
    void a_success_without_a_receipt_goes_to_a_person() {
        Till till = till();
        sandbox.faults().add(on("start", till).field("/transaction/receipt", NullNode.getInstance()));
        client.send(TestClient.create("bare", till.alias(), 1050));
        assertThat(text(client.awaitFinal("bare"), "status")).isEqualTo("NEEDS_ATTENTION");
    }

    @Test
    void the_word_of_worldline_counts_where_there_is_no_other() {
        Till till = till();
        sandbox.faults()
                .add(on("start", till)
                        .outcome(Outcome.DECLINED)
                        .field("/transaction/status", NullNode.getInstance())
                        .field("/worldline/status", Json.MAPPER.getNodeFactory().textNode("failed")));
        client.send(TestClient.create("worldline", till.alias(), 1050));
        assertThat(text(client.awaitFinal("worldline").path("payment"), "status"))
                .isEqualTo("NOT_PAID");
    }

    @Test
    void what_was_refused_before_the_start_is_not_sent_and_what_is_not_listed_is_in_doubt() {
        client.send(TestClient.create("wrong", "v2-wrong", 1050));
        // 404, for the terminal is unknown there: no page says that this proves anything.
        assertThat(text(client.awaitStatus("wrong", "IN_DOUBT"), "status")).isEqualTo("IN_DOUBT");
        Till key = till();
        sandbox.faults().add(on("start", key).withoutActing().http(401));
        client.send(TestClient.create("key", key.alias(), 1050));
        assertEnd(client.awaitFinal("key"), "NOT_SENT", "NOT_PAID", "PROVIDER_REFUSED");
        Till fields = till();
        sandbox.faults()
                .add(
                        on("start", fields)
                                .withoutActing()
                                .answer(
                                        new Answer.Http(
                                                400,
                                                "{\"status\":\"error\",\"message\":{\"error\":\"x\",\"validation_errors\":{\"amount\":{\"max\":\"y\"}}}}")));
        client.send(TestClient.create("fields", fields.alias(), 1050));
        assertEnd(client.awaitFinal("fields"), "NOT_SENT", "NOT_PAID", "PROVIDER_REFUSED");
    }

    @Test
    void a_webhook_makes_the_bridge_ask() {
        Till till = till();
        client.send(TestClient.create("hooked", till.alias(), 1050));
        assertEnd(client.awaitFinal("hooked"), "SUCCEEDED", "PAID", null);
        Awaitility.await().atMost(SOON).untilAsserted(() -> assertThat(
                        sandbox.webhooks().sent())
                .filteredOn(sent -> sent.terminal().equals(till.id()))
                .singleElement()
                .matches(SentWebhook::taken));
    }

    @Test
    void f53_a_day_is_reconciled_by_the_list() throws Exception {
        Till till = till(Brand.WORLDLINE, 1);
        // The newest seconds of a day that is not over are left to the next reading.
        Clock late = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-1));
        try (Sandbox own = startSandbox(late);
                RunningBridge alone = options(own, 5)
                        .set("pinbridge.reconciliation.grace", "PT0S")
                        .start();
                TestClient office = alone.client();
                Inbox feed = Inbox.ofQueue(alone.factory(), "payments.reconciliation")) {
            for (int i = 1; i <= 3; i++) {
                office.send(TestClient.create("day-" + i, till.alias(), 1000 + i));
                assertEnd(office.awaitFinal("day-" + i), "SUCCEEDED", "PAID", null);
            }
            // More than a page of what the bridge knows nothing of: somebody typed it in, and once somebody paid.
            own.faults().add(on("start", till).outcome(Outcome.DECLINED).customerDelay(Duration.ofMillis(1)));
            for (int i = 0; i < 101; i++) {
                typed(own, till);
            }
            own.faults().clear();
            typed(own, till);
            Awaitility.await().atMost(SOON).until(() -> own.book().size() == 4);
            assertThat(alone.bridge().reconcile(V2, LocalDate.now(late.withZone(ZoneId.of("Europe/Amsterdam")))))
                    .isPresent();
            Awaitility.await().atMost(SOON).until(() -> feed.arrivals().size() == 3);
            List<JsonNode> parts =
                    feed.arrivals().stream().map(Inbox.Arrival::body).toList();
            JsonNode trailer = parts.get(2);
            assertThat(trailer.path("rows").asInt()).as(trailer.toString()).isEqualTo(105);
            assertThat(trailer.at("/identity/0/providerTotal").asLong()).isEqualTo(3 * 1000 + 6 + 500);
            List<String> results = new ArrayList<>();
            parts.get(1)
                    .path("rows")
                    .forEach(row -> results.add(row.path("exception").asText()));
            assertThat(results).filteredOn("MISSING_IN_LEDGER"::equals).hasSize(1);
            assertThat(own.calls().matching("list", till.id(), null, null))
                    .as("two passes of two pages")
                    .hasSize(4)
                    .allMatch(call -> call.answered().startsWith("200"));
        }
    }

    /** Whoever uses the terminal beside the bridge. */
    private static void typed(Sandbox own, Till till) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(own.pinVandaagV2Url() + "/instore/transactions/start"))
                .header("X-API-KEY", KEY + till.number())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("terminal_id=" + till.id() + "&amount=500"))
                .build();
        Awaitility.await()
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> HTTP.send(request, BodyHandlers.ofString()).statusCode() == 200);
    }
}
