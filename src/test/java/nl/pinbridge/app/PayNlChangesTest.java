package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.WorkItemRow;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Outcome;
import nl.pinbridge.sandbox.PayNlSetup;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.SandboxOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What is done to a payment after it: reservations of PAY. are captured and given up, checks are judged, money goes back without a card. */
@Execution(ExecutionMode.CONCURRENT)
class PayNlChangesTest {
    private static final String PAYNL = "paynl";
    private static final int TILLS = 40;
    private static final PayNlSetup SETUP = PayNlSetup.defaults()
            .withTerminals(IntStream.rangeClosed(1, TILLS)
                    .mapToObj(PayNlChangesTest::id)
                    .toArray(String[]::new));
    private static final AtomicInteger USED = new AtomicInteger();

    private static Sandbox sandbox;
    private static RunningBridge bridge;
    private static TestClient client;

    private record Till(String alias, String id) {}

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.defaults().withPayNl(SETUP).withCustomerDelay(Duration.ofMillis(300)));
        RunningBridge.Options options = RunningBridge.with()
                .sandbox(sandbox)
                .set("pinbridge.provider.paynl.url", sandbox.payNlUrl())
                .set("pinbridge.provider.paynl.url.rest", sandbox.payNlRestUrl())
                .set("pinbridge.provider.paynl.secret.username", SETUP.tokenCode())
                .set("pinbridge.provider.paynl.secret.password", SETUP.token())
                .set(
                        "pinbridge.provider.paynl.option.service-id",
                        SETUP.service().code())
                .set("pinbridge.provider.paynl.response-timeout", "PT1S")
                .set("pinbridge.provider.paynl.first-look", "PT0.2S")
                .set("pinbridge.provider.paynl.look-interval", "PT0.3S")
                .set("pinbridge.provider.paynl.look-interval-max", "PT0.5S")
                .set("pinbridge.provider.paynl.maximum", "PT5S");
        for (int i = 1; i <= TILLS; i++) {
            options.terminal("pay-%d: {provider: paynl, id: \"%s\"}".formatted(i, id(i)));
        }
        bridge = options.start();
        client = bridge.client();
    }

    @AfterAll
    static void stop() {
        bridge.assertContract();
        bridge.close();
        sandbox.close();
    }

    private static String id(int number) {
        return "TH-2000-%04d".formatted(number);
    }

    private static Till till() {
        int number = USED.incrementAndGet();
        assertThat(number).isLessThanOrEqualTo(TILLS);
        return new Till("pay-" + number, id(number));
    }

    private static Fault on(Till till, String operation) {
        return Fault.on(operation).provider(PAYNL).terminal(till.id()).times(1);
    }

    private static JsonNode ended(ObjectNode command) {
        client.send(command);
        return client.awaitFinal(command.path("commandId").asText());
    }

    private static ObjectNode change(String key, String type, String payment) {
        return Json.object().put("commandId", key).put("command", type).put("payment", payment);
    }

    private static ObjectNode capture(String key, String payment, long cents) {
        ObjectNode command = change(key, "capture", payment);
        command.putObject("amount").put("value", cents).put("currency", "EUR");
        return command;
    }

    private static ObjectNode withoutCard(String key, String payment, long cents) {
        ObjectNode command = capture(key, payment, cents).put("command", "refund");
        command.putObject("provider").put("withoutCard", true);
        return command;
    }

    /** A payment of 10.50 that is reserved and not taken. */
    private static Till reserved(String key) {
        Till till = till();
        sandbox.faults().add(on(till, "create").code("95"));
        JsonNode end = ended(TestClient.create(key, till.alias(), 1050));
        assertThat(text(end, "status")).isEqualTo("SUCCEEDED");
        assertThat(payment(end)).isEqualTo("AUTHORISED");
        assertThat(charged(till)).isZero();
        return till;
    }

    private static String payment(JsonNode result) {
        return text(result.path("payment"), "status");
    }

    private static long charged(Till till) {
        return sandbox.book().charges().stream()
                .filter(charge -> charge.terminal().equals(till.id()))
                .mapToLong(charge -> charge.amount())
                .sum();
    }

    private static long calls(Till till, String operation) {
        return sandbox.calls().matching(operation, till.id(), null, null).size();
    }

    private static List<String> told(JsonNode result) {
        return List.of(
                text(result, "status"),
                payment(result),
                result.at("/error/code").asText(""));
    }

    @Test
    void all_that_is_reserved_is_captured() {
        Till till = reserved("all");
        JsonNode end = ended(capture("all-c", "all", 1050));
        assertThat(told(end)).containsExactly("SUCCEEDED", "PAID", "");
        assertThat(end.at("/payment/amounts/captured").asLong()).isEqualTo(1050);
        assertThat(charged(till)).isEqualTo(1050);
        assertThat(told(ended(capture("all-c2", "all", 1)))).containsExactly("REFUSED", "PAID", "NOT_ALLOWED_NOW");
    }

    @Test
    void parts_are_captured_one_after_the_other() {
        Till till = reserved("parts");
        assertThat(told(ended(capture("parts-1", "parts", 400)))).containsExactly("SUCCEEDED", "AUTHORISED", "");
        assertThat(told(ended(capture("parts-2", "parts", 700))))
                .containsExactly("REFUSED", "AUTHORISED", "NOT_ALLOWED_NOW");
        // PAY. gives up whole reservations only.
        assertThat(told(ended(change("parts-v", "void", "parts"))))
                .containsExactly("NOT_SENT", "AUTHORISED", "PROVIDER_REFUSED");
        JsonNode end = ended(capture("parts-3", "parts", 650));
        assertThat(told(end)).containsExactly("SUCCEEDED", "PAID", "");
        assertThat(end.at("/payment/amounts/paid").asLong()).isEqualTo(1050);
        assertThat(charged(till)).isEqualTo(1050);
    }

    @Test
    void a_reservation_is_given_up() {
        Till till = reserved("void");
        assertThat(told(ended(change("void-v", "void", "void")))).containsExactly("SUCCEEDED", "NOT_PAID", "");
        assertThat(charged(till)).isZero();
    }

    @Test
    void f60_what_is_paid_after_all_is_seen_without_an_exchange() {
        Till till = till();
        sandbox.faults()
                .add(on(till, "create")
                        .outcome(Outcome.CANCELLED_AT_TERMINAL)
                        .then(Outcome.PAID, Duration.ofSeconds(2)));
        JsonNode end = ended(TestClient.create("revived", till.alias(), 1050));
        assertThat(told(end)).containsExactly("CANCELLED", "NOT_PAID", "CANCELLED_AT_TERMINAL");
        JsonNode after = client.await(
                "revived", Duration.ofSeconds(30), result -> payment(result).equals("CONFLICT"));
        assertThat(charged(till)).isEqualTo(1050);
        List<WorkItemRow> items = bridge.bridge().ledger().inTransaction(tx -> tx.openWorkItems());
        assertThat(items).anySatisfy(item -> {
            assertThat(item.reason()).isEqualTo("CONFLICT");
            assertThat(item.paymentId()).isEqualTo(text(after.path("payment"), "id"));
        });
    }

    private static long givenBack(Till till) {
        return sandbox.book().refunds().stream()
                .filter(line -> line.terminal().equals(till.id()))
                .mapToLong(line -> line.amount())
                .sum();
    }

    @Test
    void money_goes_back_without_the_card_and_without_the_terminal() {
        Till till = till();
        assertThat(payment(ended(TestClient.create("back", till.alias(), 1050))))
                .isEqualTo("PAID");
        JsonNode end = ended(withoutCard("back-r", "back", 400));
        assertThat(told(end)).containsExactly("SUCCEEDED", "PARTLY_REFUNDED", "");
        assertThat(text(end, "providerTransactionId")).startsWith("RF-");
        assertThat(givenBack(till)).isEqualTo(400);
        assertThat(calls(till, "refund"))
                .as("calls for a refund on the terminal")
                .isZero();
        assertThat(told(ended(withoutCard("back-r2", "back", 700))))
                .containsExactly("REFUSED", "PARTLY_REFUNDED", "REFUND_TOO_HIGH");
    }
}
