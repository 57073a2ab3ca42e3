package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.TextMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.broker.BrokerConnections;
import nl.pinbridge.broker.BrokerSettings;
import nl.pinbridge.broker.Credentials;
import nl.pinbridge.broker.Delivered;
import nl.pinbridge.broker.EmbeddedBroker;
import nl.pinbridge.broker.FullQueue;
import nl.pinbridge.contract.Json;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A consumer that is away, a broker that is away, a ledger that is older than what was sent. */
class OperatorFailuresTest {
    private static final String KASSA = "payments.replies.kassa";

    @TempDir
    Path folder;

    private BrokerSettings brokerSettings() {
        return new BrokerSettings(folder.resolve("broker"), 0, List.of("kassa"), List.of(), Delivered.providers());
    }

    private static RunningBridge.Options beside(EmbeddedBroker broker, Credentials credentials) {
        return RunningBridge.with()
                .set("pinbridge.broker.url", broker.url())
                .set("pinbridge.broker.clients", "kassa")
                .set("pinbridge.broker.username", credentials.bridge().user())
                .set(
                        "pinbridge.broker.password",
                        credentials.bridge().password().reveal());
    }

    private static void send(ConnectionFactory factory, JsonNode command) throws Exception {
        try (JMSContext context = factory.createContext()) {
            TextMessage message = context.createTextMessage(Json.write(command));
            message.setJMSReplyTo(context.createQueue(KASSA));
            context.createProducer().send(context.createQueue("payments.commands"), message);
        }
    }

    @Test
    void f40_money_goes_on_while_a_reply_queue_is_full_and_then_every_result_arrives() throws Exception {
        Credentials credentials = Credentials.load(brokerSettings());
        try (EmbeddedBroker broker = EmbeddedBroker.start(brokerSettings(), credentials)) {
            try (RunningBridge bridge = beside(broker, credentials).start()) {
                FullQueue.limit(broker, brokerSettings(), KASSA, 3);
                ConnectionFactory outside = BrokerConnections.plain(broker.url(), credentials.of("kassa"));
                Till till = bridge.till();
                Till other = bridge.till();
                for (int i = 0; i < 4; i++) {
                    send(outside, TestClient.create("full-" + i, i % 2 == 0 ? till.alias() : other.alias(), 100 + i));
                }
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> bridge.charges(till).size()
                                        + bridge.charges(other).size()
                                == 4);
                Awaitility.await()
                        .atMost(Duration.ofSeconds(40))
                        .until(() -> OperatorTest.figure(bridge, "pinbridge_results_unpublished") >= 1);
                assertThat(OperatorTest.figure(bridge, "pinbridge_results_unpublished_oldest_seconds"))
                        .isPositive();
                Awaitility.await()
                        .atMost(Duration.ofSeconds(40))
                        .until(() ->
                                OperatorTest.figure(bridge, "pinbridge_queue_oldest_seconds{queue=\"" + KASSA + "\"}")
                                        > 5);
                // Another back office hears of its payments meanwhile.
                try (TestClient unaffected = bridge.client(outside, null)) {
                    unaffected.send(
                            TestClient.create("beside-full", bridge.till().alias(), 100));
                    assertThat(text(unaffected.awaitFinal("beside-full"), "status"))
                            .isEqualTo("SUCCEEDED");
                }

                try (Inbox back = Inbox.ofQueue(outside, KASSA)) {
                    Awaitility.await()
                            .atMost(Duration.ofSeconds(120))
                            .until(() -> back.arrivals().stream()
                                            .filter(one ->
                                                    one.body().path("final").asBoolean())
                                            .map(one -> text(one.body(), "commandId"))
                                            .distinct()
                                            .count()
                                    == 4);
                    assertThat(back.arrivals().stream()
                                    .filter(one -> one.body().path("final").asBoolean())
                                    .map(one -> text(one.body(), "status")))
                            .containsOnly("SUCCEEDED");
                }
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> OperatorTest.figure(bridge, "pinbridge_results_unpublished") == 0);
            }
        }
    }

    @Test
    void readiness_and_figures_tell_of_a_broker_that_is_away_and_answer_all_the_same() {
        Credentials credentials = Credentials.load(brokerSettings());
        EmbeddedBroker broker = EmbeddedBroker.start(brokerSettings(), credentials);
        try (RunningBridge bridge = beside(broker, credentials).start()) {
            assertThat(OperatorTest.get(bridge, "/observe/health/ready").statusCode())
                    .isEqualTo(200);
            OperatorTest.awaitFigure(bridge, "pinbridge_broker_up 1.0");
            broker.close();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() ->
                            OperatorTest.get(bridge, "/observe/health/ready").statusCode() == 503);
            assertThat(OperatorTest.get(bridge, "/observe/health/ready").body()).contains("The broker is out of reach");
            OperatorTest.awaitFigure(bridge, "pinbridge_broker_up 0.0");
            assertThat(OperatorTest.scrape(bridge)).contains("pinbridge_ledger_up 1.0");
        } finally {
            broker.close();
        }
    }

    @Test
    void f59_what_may_have_been_sent_by_a_lost_ledger_is_not_sent_again() throws Exception {
        Credentials credentials = Credentials.load(brokerSettings());
        Path data = Files.createDirectories(folder.resolve("data"));
        // This node marked something that the ledger, restored from a backup, does not know.
        Files.writeString(data.resolve("last-mark"), "01KAJQ3D8V2M5X7R9T0W4Y6Z1B\n");
        try (EmbeddedBroker broker = EmbeddedBroker.start(brokerSettings(), credentials)) {
            ConnectionFactory outside = BrokerConnections.plain(broker.url(), credentials.of("kassa"));
            send(outside, TestClient.create("before-restore", "wl-9", 1050));
            try (RunningBridge bridge = beside(broker, credentials)
                            .set("pinbridge.data", data.toString())
                            .start();
                    Inbox replies = Inbox.ofQueue(outside, KASSA)) {
                JsonNode doubt = replies.await(
                                one -> text(one.body(), "commandId").equals("before-restore"))
                        .body();
                assertThat(text(doubt, "status")).isEqualTo("NEEDS_ATTENTION");
                assertThat(text(doubt.path("error"), "code")).isEqualTo("OUTCOME_UNKNOWN");
                assertThat(text(doubt.path("payment"), "status")).isEqualTo("IN_DOUBT");
                assertThat(bridge.sandbox().calls().count("create")).isZero();

                // The same once more: the same answer, and still nothing is sent.
                send(outside, TestClient.create("before-restore", "wl-9", 1050));
                Awaitility.await().until(() -> replies.of("before-restore").size() >= 2);
                assertThat(bridge.sandbox().calls().count("create")).isZero();

                send(outside, TestClient.create("after-restore", "wl-9", 100));
                JsonNode fine = replies.await(one ->
                                text(one.body(), "commandId").equals("after-restore") && BridgeTest.isFinal(one.body()))
                        .body();
                assertThat(text(fine, "status")).isEqualTo("SUCCEEDED");
                assertThat(Files.readString(data.resolve("last-mark"))).isNotEqualTo("01KAJQ3D8V2M5X7R9T0W4Y6Z1B\n");
            }
        }
    }
}
