package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.LedgerUnavailableException;
import nl.pinbridge.sandbox.Charge;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Outcome;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Commands that are too late, or that come to a busy terminal. */
@ExtendWith(SharedBridge.class)
class WaitingTest {
    @Test
    void f39_a_command_after_its_expiry_never_reaches_the_terminal(RunningBridge bridge) {
        Till till = bridge.till();
        try (TestClient client = bridge.client()) {
            client.send(TestClient.create("stale", till.alias(), 1050)
                    .put("expiresAt", Instant.now().minusSeconds(1).toString()));
            assertStale(bridge, till, client.awaitFinal("stale"));
        }
    }

    @Test
    void f39_a_command_that_expires_on_the_queue_is_answered(RunningBridge bridge) throws Exception {
        Till till = bridge.till();
        try (TestClient client = bridge.client()) {
            bridge.bridge().camel().getRouteController().suspendRoute("intake");
            try {
                client.send(
                        client.session()
                                .createTextMessage(
                                        Json.write(TestClient.create("expired-on-queue", till.alias(), 1050))),
                        Duration.ofMillis(200));
                JsonNode last = client.await("expired-on-queue", Duration.ofSeconds(11), body -> body.path("final")
                        .asBoolean());
                assertStale(bridge, till, last);
            } finally {
                bridge.bridge().camel().getRouteController().resumeRoute("intake");
            }
        }
    }

    private static void assertStale(RunningBridge bridge, Till till, JsonNode last) {
        assertThat(text(last, "status")).isEqualTo("NOT_SENT");
        assertThat(text(last.path("error"), "code")).isEqualTo("STALE");
        assertThat(text(last.path("error"), "resend")).isEqualTo("safe");
        assertThat(text(last.path("payment"), "status")).isEqualTo("NOT_PAID");
        assertThat(bridge.createCalls(till)).isZero();
    }

    @Test
    void f62_a_message_rolled_back_past_its_expiry_is_answered_from_the_ledger(RunningBridge bridge) {
        Till till = bridge.till();
        rolledBackAt("nudged", bridge);
        try (TestClient client = bridge.client()) {
            send(client, TestClient.create("begun", till.alias(), 1050));
            JsonNode last = client.awaitFinal("begun");
            assertThat(text(last, "status")).isEqualTo("SUCCEEDED");
            assertThat(bridge.charges(last)).hasSize(1);
            // The message comes back by the expiry queue: whoever sent it hears the result once more, and nothing else.
            Awaitility.await()
                    .atMost(Duration.ofSeconds(15))
                    .until(() -> client.results("begun").stream()
                                    .filter(last::equals)
                                    .count()
                            == 2);
            assertThat(client.results("begun"))
                    .extracting(result -> text(result, "status"))
                    .containsExactly("STARTED", "SUCCEEDED", "SUCCEEDED");
            assertThat(bridge.createCalls(till)).isEqualTo(1);
        }
    }

    @Test
    void f62_a_message_rolled_back_before_any_work_began_is_stale(RunningBridge bridge) {
        Till till = bridge.till();
        rolledBackAt("recorded", bridge);
        try (TestClient client = bridge.client()) {
            send(client, TestClient.create("not-begun", till.alias(), 1050));
            assertStale(bridge, till, client.awaitFinal("not-begun"));
        }
    }

    /** The next message is held here past its expiry and rolled back, so that the broker moves it to the expiry queue. */
    private static void rolledBackAt(String point, RunningBridge bridge) {
        AtomicBoolean once = new AtomicBoolean();
        bridge.at(point, () -> {
            if (once.compareAndSet(false, true)) {
                Awaitility.await().pollDelay(Duration.ofMillis(1_200)).until(() -> true);
                throw new LedgerUnavailableException("as if", new IllegalStateException());
            }
        });
    }

    private static void send(TestClient client, JsonNode command) {
        client.send(client.session().createTextMessage(Json.write(command)), Duration.ofMillis(1_000));
    }

    @Test
    void a_second_command_waits_for_its_terminal_and_goes_on(RunningBridge bridge) {
        Till till = bridge.till();
        bridge.sandbox()
                .faults()
                .add(Fault.onCreate()
                        .terminal(till.id())
                        .outcome(Outcome.NEVER_ENDS)
                        .times(1));
        try (TestClient client = bridge.client()) {
            client.send(TestClient.create("at-the-till", till.alias(), 1000));
            JsonNode started = client.awaitStatus("at-the-till", "STARTED");
            for (String key : List.of("in-line-1", "in-line-2", "in-line-3")) {
                client.send(TestClient.create(key, till.alias(), 1000));
                JsonNode waiting = client.awaitStatus(key, "WAITING");
                assertThat(waiting.path("final").asBoolean()).isFalse();
                assertThat(bridge.createCalls(waiting)).isZero();
            }
            bridge.sandbox().act(text(started, "providerTransactionId"), Outcome.PAID);
            for (String key : List.of("at-the-till", "in-line-1", "in-line-2", "in-line-3")) {
                assertThat(text(client.awaitFinal(key), "status")).isEqualTo("SUCCEEDED");
            }
            List<String> order = bridge.sandbox().book().charges().stream()
                    .filter(charge -> charge.terminal().equals(till.id()))
                    .map(Charge::ownReference)
                    .toList();
            assertThat(order)
                    .containsExactly(
                            payment(client, "at-the-till"),
                            payment(client, "in-line-1"),
                            payment(client, "in-line-2"),
                            payment(client, "in-line-3"));
            assertThat(client.results("in-line-3"))
                    .extracting(result -> text(result, "status"))
                    .containsExactly("WAITING", "STARTED", "SUCCEEDED");
        }
    }

    private static String payment(TestClient client, String key) {
        return text(client.awaitFinal(key).path("payment"), "id");
    }

    @Test
    void a_command_that_waited_its_whole_time_is_told_that_the_terminal_is_busy(RunningBridge bridge) {
        Till till = bridge.till();
        bridge.sandbox()
                .faults()
                .add(Fault.onCreate()
                        .terminal(till.id())
                        .outcome(Outcome.NEVER_ENDS)
                        .times(1));
        try (TestClient client = bridge.client()) {
            client.send(TestClient.create("slow-customer", till.alias(), 1000));
            JsonNode started = client.awaitStatus("slow-customer", "STARTED");
            client.send(TestClient.create("gives-up", till.alias(), 1000));
            client.send(TestClient.create("expires", till.alias(), 1000)
                    .put("expiresAt", Instant.now().plusSeconds(2).toString()));
            JsonNode expired = client.awaitFinal("expires");
            assertThat(text(expired.path("error"), "code")).isEqualTo("STALE");
            JsonNode busy = client.awaitFinal("gives-up");
            assertThat(client.results("gives-up"))
                    .extracting(result -> text(result, "status"))
                    .containsExactly("WAITING", "NOT_SENT");
            assertThat(text(busy.path("error"), "code")).isEqualTo("TERMINAL_BUSY");
            assertThat(text(busy.path("payment"), "status")).isEqualTo("NOT_PAID");
            bridge.sandbox().act(text(started, "providerTransactionId"), Outcome.PAID);
            assertThat(text(client.awaitFinal("slow-customer"), "status")).isEqualTo("SUCCEEDED");
            assertThat(bridge.createCalls(till)).isEqualTo(1);
        }
    }
}
