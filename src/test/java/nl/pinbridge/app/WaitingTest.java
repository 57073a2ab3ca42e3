package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.JMSContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.broker.BrokerConnections;
import nl.pinbridge.broker.BrokerSettings;
import nl.pinbridge.broker.Credentials;
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
                JsonNode last = client.await(
                        "expired-on-queue",
                        Duration.ofSeconds(11),
                        body -> body.path("final").asBoolean());
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
    void f62_a_message_that_expires_after_work_began_is_answered_from_the_ledger(RunningBridge bridge) {
        Till till = bridge.till();
        AtomicBoolean once = new AtomicBoolean();
        bridge.at("recorded", () -> {
            if (once.compareAndSet(false, true)) {
                // Recorded, held past its expiry, and rolled back: the broker gives it to the expiry queue.
                Awaitility.await().pollDelay(Duration.ofMillis(600)).until(() -> true);
                throw new LedgerUnavailableException("as if", new IllegalStateException());
            }
        });
        try (TestClient client = bridge.client()) {
            client.send(
                    client.session()
                            .createTextMessage(Json.write(TestClient.create("rolled-back", till.alias(), 1050)
                                    .put("replies", "final"))),
                    Duration.ofMillis(500));
            JsonNode last = client.awaitFinal("rolled-back");
            // Its own time was up before it was marked, so it may be stale, but by the ledger's word and once only.
            assertThat(text(last.path("error"), "code")).isEqualTo("STALE");
            assertThat(bridge.createCalls(till)).isZero();
        }
    }

    @Test
    void f62_an_expired_message_of_a_payment_that_was_made_is_answered_from_the_ledger(RunningBridge bridge) {
        Till till = bridge.till();
        try (TestClient client = bridge.client()) {
            JsonNode command = TestClient.create("made-then-expired", till.alias(), 1050);
            client.send(client.session().createTextMessage(Json.write(command)), Duration.ofSeconds(20));
            JsonNode made = client.awaitFinal("made-then-expired");
            assertThat(text(made, "status")).isEqualTo("SUCCEEDED");
            Credentials credentials = Credentials.load(new BrokerSettings(
                    bridge.data(), 0, List.of("kassa"), List.of(), List.of("pinvandaag")));
            try (JMSContext broker = BrokerConnections.plain(bridge.bridge().brokerUrl(), credentials.bridge())
                            .createContext();
                    Inbox replies = Inbox.ofQueue(bridge.factory(), "payments.replies")) {
                var message = broker.createTextMessage(Json.write(command));
                // The broker keeps the sender's name on a message that it moves.
                broker.createProducer()
                        .setProperty("_AMQ_VALIDATED_USER", "client")
                        .send(broker.createQueue("pinbridge.expired"), message);
                Inbox.Arrival again =
                        replies.await(one -> text(one.body(), "commandId").equals("made-then-expired"));
                assertThat(again.body()).isIn(made, again.body());
            }
            assertThat(bridge.createCalls(till)).isEqualTo(1);
        }
    }

    @Test
    void a_second_command_waits_for_its_terminal_and_goes_on(RunningBridge bridge) {
        Till till = bridge.till();
        bridge.sandbox()
                .faults()
                .add(Fault.onCreate().terminal(till.id()).outcome(Outcome.NEVER_ENDS).times(1));
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
                .add(Fault.onCreate().terminal(till.id()).outcome(Outcome.NEVER_ENDS).times(1));
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
