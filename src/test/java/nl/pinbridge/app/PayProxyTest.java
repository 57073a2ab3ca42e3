package nl.pinbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.AttemptRow;
import nl.pinbridge.sandbox.Answer;
import nl.pinbridge.sandbox.Charge;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Outcome;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.SandboxOptions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** CCV PayProxy from the command to the result: the delivered folder against the stand-in. Every case has a terminal of its own. */
class PayProxyTest {
    private static final String PAYPROXY = "ccv-payproxy";
    private static final String REFERENCE = "H4sIAAAAAAAAA6tWcs7PLchJLUlNCShKdSwt";
    private static final int TILLS = 40;
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final AtomicInteger USED = new AtomicInteger();
    private static Sandbox sandbox;
    private static RunningBridge bridge;
    private static TestClient client;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.defaults().withCustomerDelay(Duration.ofMillis(300)));
        RunningBridge.Options options = RunningBridge.with()
                .sandbox(sandbox)
                .set("pinbridge.lane.wait", "PT1S")
                .set("pinbridge.provider.ccv-payproxy.option.language", "NLD")
                .set("pinbridge.provider.ccv-payproxy.response-timeout", "PT2S")
                .set("pinbridge.provider.ccv-payproxy.maximum", "PT4S");
        for (int i = 1; i <= TILLS; i++) {
            options.terminal("pump-%d: {provider: ccv-payproxy, id: \"%s\", url: \"%s\", labels: {shop: Zeist}}"
                    .formatted(i, id(i), sandbox.payProxyUrl(id(i))));
        }
        options.terminal("pump-away: {provider: ccv-payproxy, id: \"11149999\", url: \"http://127.0.0.1:1\"}");
        bridge = options.start();
        client = bridge.client();
    }

    private static String id(int number) {
        return "1114%04d".formatted(number);
    }

    private static Till till() {
        int number = USED.incrementAndGet();
        assertThat(number).isLessThanOrEqualTo(TILLS);
        return new Till("pump-" + number, id(number));
    }

    @AfterEach
    void every_result_keeps_the_contract() {
        bridge.assertContract();
    }

    @AfterAll
    static void stop() {
        bridge.close();
        sandbox.close();
    }

    private static Fault on(String operation, Till till) {
        return Fault.on(operation).provider(PAYPROXY).terminal(till.id());
    }

    private static void script(Fault fault) {
        sandbox.faults().add(fault);
    }

    private static ObjectNode capture(String key, Till till, long cents, String reference) {
        ObjectNode command = TestClient.create(key, till.alias(), cents).put("command", "capture");
        command.putObject("provider")
                .put("authReference", reference)
                .put("authReferenceVersion", "1")
                .put("terminalEnvironment", "EVCHARGING")
                .put("captureCancellationReasonCode", "NO_ERROR");
        return command;
    }

    private static ObjectNode about(String key, String type, String payment) {
        return Json.object().put("commandId", key).put("command", type).put("payment", payment);
    }

    private static void assertEnd(JsonNode end, String status, String payment, String code) {
        assertThat(end.path("status").asText()).as("%s", end).isEqualTo(status);
        assertThat(end.at("/payment/status").asText()).isEqualTo(payment);
        assertThat(end.at("/error/code").asText("")).isEqualTo(code);
    }

    private static void awaitCall(Till till, String operation) {
        bridge.awaitCalls(till, operation, 1);
    }

    @Test
    void a_sale_is_told_once_with_its_end() {
        Till till = till();
        client.send(TestClient.create("sale", till.alias(), 5000));
        JsonNode end = client.awaitFinal("sale");
        assertEnd(end, "SUCCEEDED", "PAID", "");
        assertThat(end.path("version").asInt()).isEqualTo(1);
        assertThat(end.at("/payment/amounts/paid").asLong()).isEqualTo(5000);
        assertThat(end.at("/payment/card/brand").asText()).isEqualTo("ECMC");
        assertThat(end.at("/payment/receipts/customer/2").asText()).contains("TEST SYSTEEM");
        assertThat(end.path("providerTransactionId").asText()).isEqualTo("1");
        assertThat(bridge.charges(till)).singleElement().satisfies(charge -> {
            assertThat(charge.amount()).isEqualTo(5000);
            // The number that a person can look up at the terminal.
            assertThat(charge.ownReference()).isEqualTo("1");
        });
    }

    @Test
    void each_call_on_a_terminal_has_the_next_number_and_the_story_names_it() {
        Till till = till();
        for (int i = 1; i <= 3; i++) {
            client.send(TestClient.create("number-" + i, till.alias(), 100 + i));
            assertThat(client.awaitFinal("number-" + i)
                            .path("providerTransactionId")
                            .asText())
                    .isEqualTo(String.valueOf(i));
        }
        assertThat(bridge.charges(till)).extracting(Charge::ownReference).containsExactly("1", "2", "3");
    }

    @Test
    void a_capture_is_made_once_and_its_reference_is_kept_nowhere() throws IOException {
        Till till = till();
        String reference = REFERENCE + "Geheim/" + till.id() + "==";
        List<String> told = new ArrayList<>();
        try (Written.Log lines = new Written.Log();
                Inbox events = Inbox.ofTopic(bridge.factory(), "payments.events");
                Inbox refused = Inbox.ofQueue(bridge.factory(), "payments.refused")) {
            client.send(capture("ev", till, 2499, reference));
            JsonNode end = client.awaitFinal("ev");
            assertEnd(end, "SUCCEEDED", "PAID", "");
            assertThat(end.at("/payment/amounts/captured").asLong()).isEqualTo(2499);
            assertThat(end.at("/payment/amounts/paid").asLong()).isEqualTo(2499);

            client.send(capture("ev-again", till, 2499, reference));
            JsonNode again = client.awaitFinal("ev-again");
            assertThat(again.at("/error/code").asText()).isEqualTo("NOT_ALLOWED_NOW");

            // The provider repeats it, in an answer that nobody understands.
            script(on("capture", till)
                    .answer(new Answer.Http(200, "{\"authReference\":\"" + reference + "x\",\"status\":\"?\"}")));
            client.send(capture("ev-echoed", till, 2499, reference + "x"));
            assertEnd(client.awaitFinal("ev-echoed"), "NEEDS_ATTENTION", "IN_DOUBT", "OUTCOME_UNKNOWN");

            // What cannot be read is repeated on payments.refused, without it.
            client.send(capture("ev-torn", till, 2499, reference).toString().replace("\"commandId\"", "commandId"));
            client.send(capture("", till, 2499, reference).toString());
            ObjectNode misspelt = capture("ev-misspelt", till, 2499, reference);
            misspelt.withObject("/provider").put("reason", "x");
            client.send(misspelt);
            assertThat(client.awaitFinal("ev-misspelt").at("/error/code").asText())
                    .isEqualTo("INVALID");
            Awaitility.await().atMost(SOON).until(() -> refused.arrivals().size() >= 2);

            client.arrivals().forEach(arrival -> told.add(arrival.toString()));
            events.arrivals().forEach(arrival -> told.add(arrival.toString()));
            refused.arrivals().forEach(arrival -> told.add(arrival.toString()));
            assertThat(told).isNotEmpty().noneMatch(line -> line.contains("Geheim"));
            assertThat(lines.all()).isNotEmpty().noneMatch(line -> line.contains("Geheim"));
        }
        List<String> kept = bridge.bridge().ledger().inTransaction(tx -> {
            List<String> rows = new ArrayList<>();
            for (String key : List.of("ev", "ev-again", "ev-echoed")) {
                tx.commandsNamed(key).forEach(row -> {
                    rows.add(row.toString());
                    rows.add(tx.keptBack(row.rowId()).orElse(""));
                    tx.attemptsOf(row.rowId()).forEach(attempt -> rows.add(attempt.toString()));
                    tx.resultsOf(row.rowId()).forEach(result -> rows.add(result.toString()));
                    tx.historyOf(String.valueOf(row.paymentId())).forEach(line -> rows.add(line.toString()));
                });
            }
            return rows;
        });
        assertThat(kept).isNotEmpty().noneMatch(row -> row.contains("Geheim"));
        assertThat(String.join("\n", kept)).contains("\"authReference\":\"***\"");
        assertThat(bridge.charges(till)).extracting(Charge::amount).containsExactly(2499L, 2499L);
    }

    @Test
    void nothing_delivered_is_a_capture_of_nothing() {
        Till till = till();
        ObjectNode command = capture("ev-nothing", till, 0, REFERENCE + till.id());
        command.withObject("/provider").put("captureCancellationReasonCode", "AMOUNT_ZERO_OR_NO_VOLUME");
        client.send(command);
        JsonNode end = client.awaitFinal("ev-nothing");
        assertEnd(end, "SUCCEEDED", "PAID", "");
        assertThat(end.at("/payment/amounts/captured").asLong()).isZero();
        assertThat(bridge.calls(till, "capture")).isEqualTo(1);
        assertThat(bridge.charges(till)).isEmpty();
    }

    @Test
    void a_capture_that_was_not_made_can_be_made_again() {
        Till till = till();
        String reference = REFERENCE + till.id();
        ObjectNode away = capture("ev-away", till, 2500, reference).put("terminal", "pump-away");
        client.send(away);
        assertEnd(client.awaitFinal("ev-away"), "NOT_SENT", "NOT_PAID", "NO_CONNECTION");
        script(on("capture", till).outcome(Outcome.DECLINED).times(1));
        client.send(capture("ev-no", till, 2500, reference));
        assertEnd(client.awaitFinal("ev-no"), "FAILED", "NOT_PAID", "PROVIDER_FAILED");
        client.send(capture("ev-yes", till, 2500, reference));
        assertEnd(client.awaitFinal("ev-yes"), "SUCCEEDED", "PAID", "");
        assertThat(bridge.charges(till)).hasSize(1);
    }

    @Test
    void f19_f20_f21_whatever_is_lost_is_for_a_person_at_once_and_never_called_again() {
        Map<String, Fault> troubles = new HashMap<>();
        Map<String, Till> tills = new HashMap<>();
        for (String name : List.of("reset", "500", "409", "torn", "page", "silence", "unknown word", "two words")) {
            tills.put(name, till());
        }
        troubles.put("reset", on("create", tills.get("reset")).breakConnection());
        troubles.put("500", on("create", tills.get("500")).http(500));
        troubles.put("409", on("create", tills.get("409")).http(409));
        troubles.put("torn", on("create", tills.get("torn")).answer(new Answer.Truncated(false)));
        troubles.put("page", on("create", tills.get("page")).answer(new Answer.NotJson()));
        troubles.put("silence", on("create", tills.get("silence")).neverAnswer());
        troubles.put("unknown word", on("create", tills.get("unknown word")).answer(new Answer.StatusWord("PENDING")));
        troubles.put(
                "two words",
                on("create", tills.get("two words"))
                        .answer(new Answer.Http(200, "{\"status\":\"SUCCESS\",\"status\":\"FAILED\"}")));
        troubles.forEach((name, fault) -> {
            script(fault.times(1));
            client.send(TestClient.create("lost-" + name, tills.get(name).alias(), 1050));
        });
        troubles.keySet().forEach(name -> {
            JsonNode end = client.awaitFinal("lost-" + name);
            assertEnd(end, "NEEDS_ATTENTION", "IN_DOUBT", "OUTCOME_UNKNOWN");
            assertThat(end.path("version").asInt()).as(name).isEqualTo(1);
            // The next customer cannot pay while this one may still do so; status and cancel call for nothing.
            client.send(TestClient.create("next-" + name, tills.get(name).alias(), 200));
            client.send(about("asked-" + name, "status", "lost-" + name));
            client.send(about("stop-" + name, "cancel", "lost-" + name));
        });
        troubles.keySet().forEach(name -> {
            assertThat(client.awaitFinal("next-" + name).at("/error/code").asText(""))
                    .as(name)
                    .isEqualTo("TERMINAL_BUSY");
            assertEnd(client.awaitFinal("asked-" + name), "SUCCEEDED", "IN_DOUBT", "");
            assertThat(client.awaitFinal("stop-" + name).path("status").asText())
                    .as(name)
                    .isIn("REFUSED", "NEEDS_ATTENTION");
            assertThat(bridge.calls(tills.get(name), null)).as(name).isEqualTo(1);
            assertThat(bridge.charges(tills.get(name))).as(name).hasSize(1);
        });
        // After the provider's maximum the terminal is free.
        Till free = tills.get("reset");
        Awaitility.await().atMost(SOON).untilAsserted(() -> {
            String key = "free-" + System.nanoTime();
            client.send(TestClient.create(key, free.alias(), 300));
            assertEnd(client.awaitFinal(key), "SUCCEEDED", "PAID", "");
        });
        assertThat(bridge.charges(free)).hasSize(2);
    }

    @Test
    void a_payment_in_flight_can_only_be_called_off_at_the_terminal() {
        Till till = till();
        script(on("create", till).customerDelay(Duration.ofMillis(1_200)));
        client.send(TestClient.create("flying", till.alias(), 1050));
        awaitCall(till, "create");
        client.send(about("land", "cancel", "flying"));
        JsonNode refused = client.awaitFinal("land");
        assertThat(refused.at("/error/code").asText()).isEqualTo("NOT_SUPPORTED");
        client.send(about("where", "status", "flying"));
        assertEnd(client.awaitFinal("where"), "SUCCEEDED", "OPEN", "");
        assertEnd(client.awaitFinal("flying"), "SUCCEEDED", "PAID", "");
        assertThat(bridge.charges(till)).hasSize(1);
    }

    @Test
    void another_amount_than_asked_is_not_told_as_paid() {
        Till till = till();
        script(on("create", till).charged(1051));
        client.send(TestClient.create("odd", till.alias(), 1050));
        assertEnd(client.awaitFinal("odd"), "NEEDS_ATTENTION", "IN_DOUBT", "INTEGRITY");
    }

    @Test
    void as_many_terminals_as_there_are_pay_side_by_side() {
        List<Till> tills = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Till till = till();
            tills.add(till);
            script(on("create", till).customerDelay(Duration.ofMillis(1_500)));
        }
        tills.forEach(till -> client.send(TestClient.create("side-" + till.id(), till.alias(), 700)));
        // More than the folder's eight are on the wire together.
        Awaitility.await()
                .atMost(SOON)
                .until(() -> tills.stream()
                                .filter(till -> bridge.calls(till, "create") == 1)
                                .count()
                        == 12);
        assertThat(client.results("side-" + tills.get(0).id())).isEmpty();
        tills.forEach(till -> assertEnd(client.awaitFinal("side-" + till.id()), "SUCCEEDED", "PAID", ""));
    }

    @Test
    void a_terminal_that_moves_is_called_where_it_is_now() throws IOException {
        Till till = till();
        client.send(TestClient.create("here", till.alias(), 100));
        assertEnd(client.awaitFinal("here"), "SUCCEEDED", "PAID", "");
        Path file = bridge.home().resolve("config").resolve("terminals.yaml");
        String moved = Files.readString(file)
                .replace(sandbox.payProxyUrl(till.id()) + "\"", sandbox.payProxyUrl("moved-" + till.id()) + "\"");
        Files.writeString(file, moved);
        Awaitility.await().atMost(SOON).untilAsserted(() -> {
            String key = "there-" + System.nanoTime();
            client.send(TestClient.create(key, till.alias(), 100));
            assertEnd(client.awaitFinal(key), "SUCCEEDED", "PAID", "");
            assertThat(bridge.calls(new Till("", "moved-" + till.id()), "create"))
                    .isPositive();
        });
        // It is the same device: its numbers go on.
        List<AttemptRow> attempts = bridge.bridge()
                .ledger()
                .inTransaction(
                        tx -> tx.attemptsOf(tx.commandsNamed("here").get(0).rowId()));
        assertThat(attempts).extracting(AttemptRow::callNumber).containsExactly(1L);
        assertThat(sandbox.book().charges().stream()
                        .filter(charge -> charge.terminal().equals("moved-" + till.id()))
                        .map(Charge::ownReference))
                .contains(String.valueOf(1
                        + bridge.calls(new Till("", "moved-" + till.id()), "create")
                        + bridge.calls(till, "create")
                        - 1));
    }
}
