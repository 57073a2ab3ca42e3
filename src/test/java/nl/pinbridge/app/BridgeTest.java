package nl.pinbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.broker.BrokerConnections;
import nl.pinbridge.contract.Json;
import nl.pinbridge.sandbox.Brand;
import nl.pinbridge.sandbox.Charge;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Outcome;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** From a command to its results, through the whole bridge. */
@ExtendWith(SharedBridge.class)
class BridgeTest {
    @ParameterizedTest
    @EnumSource
    void a_payment_starts_and_succeeds(Brand brand, RunningBridge bridge) {
        Till till = bridge.till(brand);
        String key = "paid-" + brand;
        try (TestClient client = bridge.client();
                Inbox events = Inbox.ofTopic(bridge.factory(), "payments.events")) {
            ObjectNode command = TestClient.create(key, till.alias(), 1050);
            if (brand == Brand.CCV) {
                command.put("returnUrl", "https://shop.example/back?order=4711");
            }
            String messageId = client.send(command);
            JsonNode last = client.awaitFinal(key);

            List<TestClient.Arrival> arrivals = client.arrivals();
            assertThat(arrivals).extracting(TestClient.Arrival::status).containsExactly("STARTED", "SUCCEEDED");
            assertThat(arrivals).extracting(TestClient.Arrival::correlationId).containsOnly(messageId);
            assertThat(arrivals)
                    .extracting(arrival -> arrival.body().path("version").asInt())
                    .containsExactly(1, 2);

            JsonNode payment = last.path("payment");
            assertThat(text(payment, "status")).isEqualTo("PAID");
            assertThat(text(payment, "provider")).isEqualTo("pinvandaag");
            assertThat(text(payment, "terminal")).isEqualTo(till.alias());
            assertThat(text(payment, "reference")).isEqualTo("ref-" + key);
            assertThat(text(payment.path("labels"), "shop")).isEqualTo(brand == Brand.CCV ? "Breda" : "Utrecht");
            assertThat(payment.path("test").asBoolean()).isFalse();
            assertThat(payment.path("amounts"))
                    .isEqualTo(
                            Json.read(
                                    "{\"currency\":\"EUR\",\"requested\":1050,\"tip\":0,\"authorised\":0,\"paid\":1050,\"captured\":0,\"refunded\":0}"));
            assertThat(text(payment.path("card"), "brand")).isEqualTo("Maestro");
            assertThat(text(payment.path("card"), "maskedPan")).isEqualTo("673703xxxxxxxxx5008");
            assertThat(text(last.path("route"), "id")).isEqualTo("pinvandaag-create");
            assertReceipts(payment.path("receipts"), brand);
            JsonNode started = arrivals.get(0).body();
            assertThat(text(started.path("payment"), "status")).isEqualTo("OPEN");
            assertThat(started.path("payment").path("paymentUrl").isTextual()).isEqualTo(brand == Brand.CCV);

            List<Charge> charges = bridge.charges(last);
            assertThat(charges).hasSize(1);
            assertThat(charges.get(0).amount()).isEqualTo(1050);
            assertThat(charges.get(0).terminal()).isEqualTo(till.id());
            assertThat(text(payment, "providerTransactionId"))
                    .isEqualTo(charges.get(0).transactionId());
            assertThat(text(last, "providerTransactionId"))
                    .isEqualTo(charges.get(0).transactionId());
            assertThat(bridge.createCalls(last)).isEqualTo(1);
            assertThat(evidence(bridge, last).contains("https://shop.example/back"))
                    .isEqualTo(brand == Brand.CCV);

            Map<String, String> properties = arrivals.get(1).properties();
            assertThat(properties)
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "commandId",
                            key,
                            "paymentId",
                            text(payment, "id"),
                            "status",
                            "SUCCEEDED",
                            "final",
                            "true",
                            "provider",
                            "pinvandaag",
                            "terminal",
                            till.alias()));

            events.await(arrival -> text(arrival.body(), "commandId").equals(key)
                    && arrival.body().path("final").asBoolean());
            assertThat(events.of(key)).extracting(Inbox.Arrival::body).containsExactlyElementsOf(client.results(key));
            assertThat(events.of(key)).extracting(Inbox.Arrival::correlationId).containsOnlyNulls();
            assertThat(events.of(key).get(1).properties()).isEqualTo(properties);
        }
    }

    private static void assertReceipts(JsonNode receipts, Brand brand) {
        JsonNode customer = receipts.path("customer");
        assertThat(customer).isNotEmpty().allMatch(JsonNode::isTextual);
        assertThat(customer)
                .extracting(JsonNode::asText)
                .noneMatch(line -> line.contains("\r") || line.contains("["))
                .anyMatch(line -> line.matches("Totaal: +10,50 EUR"));
        assertThat(receipts.path("merchant").isEmpty()).isEqualTo(brand == Brand.WORLDLINE);
    }

    private static String evidence(RunningBridge bridge, JsonNode result) {
        return bridge.bridge().ledger().inTransaction(tx -> tx.attemptsOf(tx.payment(text(result.path("payment"), "id"))
                        .orElseThrow()
                        .createdBy())
                .toString());
    }

    @Test
    void a_correlation_id_of_the_sender_comes_back(RunningBridge bridge) throws JMSException {
        try (TestClient client = bridge.client()) {
            TextMessage message = client.session()
                    .createTextMessage(Json.write(
                            TestClient.create("correlated", bridge.till().alias(), 100)));
            message.setJMSCorrelationID("order 4711/2");
            client.send(message, Duration.ZERO);
            client.awaitFinal("correlated");
            assertThat(client.arrivals())
                    .extracting(TestClient.Arrival::correlationId)
                    .containsOnly("order 4711/2");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "WORLDLINE, DECLINED, DECLINED, DECLINED",
        "CCV, DECLINED, DECLINED, DECLINED",
        "WORLDLINE, CANCELLED_AT_TERMINAL, CANCELLED, CANCELLED_AT_TERMINAL",
        "CCV, CANCELLED_AT_TERMINAL, CANCELLED, CANCELLED_AT_TERMINAL",
        "WORLDLINE, TIMED_OUT, EXPIRED, TIMED_OUT_AT_TERMINAL",
        "CCV, TIMED_OUT, EXPIRED, TIMED_OUT_AT_TERMINAL",
        "WORLDLINE, PROCESSING_ERROR, FAILED, PROVIDER_FAILED",
        "CCV, PROCESSING_ERROR, FAILED, PROVIDER_FAILED"
    })
    void a_payment_that_ends_unpaid_says_how(
            Brand brand, Outcome outcome, String status, String code, RunningBridge bridge) {
        Till till = bridge.till(brand);
        bridge.sandbox()
                .faults()
                .add(Fault.onCreate().terminal(till.id()).outcome(outcome).times(1));
        try (TestClient client = bridge.client()) {
            String key = "unpaid-" + brand + "-" + outcome;
            client.send(TestClient.create(key, till.alias(), 2500));
            JsonNode last = client.awaitFinal(key);
            assertThat(text(last, "status")).isEqualTo(status);
            assertThat(text(last.path("error"), "code")).isEqualTo(code);
            assertThat(text(last.path("error"), "resend")).isEqualTo("safe");
            assertThat(last.path("error").path("providerCode").isTextual()).isTrue();
            assertThat(text(last.path("payment"), "status")).isEqualTo("NOT_PAID");
            assertThat(last.path("payment").path("amounts").path("paid").asLong())
                    .isZero();
            assertThat(bridge.charges(last)).isEmpty();
            assertThat(bridge.createCalls(last)).isEqualTo(1);
        }
    }

    @Test
    void status_tells_the_payment_by_either_name(RunningBridge bridge) {
        try (TestClient client = bridge.client()) {
            client.send(TestClient.create("known", bridge.till().alias(), 100));
            String payment = text(client.awaitFinal("known").path("payment"), "id");
            client.send(status("ask-by-key", "known"));
            client.send(status("ask-by-id", payment));
            for (String ask : List.of("ask-by-key", "ask-by-id")) {
                JsonNode answer = client.awaitFinal(ask);
                assertThat(text(answer, "status")).isEqualTo("SUCCEEDED");
                assertThat(text(answer, "command")).isEqualTo("status");
                assertThat(text(answer.path("payment"), "id")).isEqualTo(payment);
                assertThat(text(answer.path("payment"), "status")).isEqualTo("PAID");
            }
        }
    }

    @Test
    void f16_a_result_whose_receiver_dies_before_its_commit_comes_again(RunningBridge bridge) throws Exception {
        Till till = bridge.till();
        String queue = "payments.replies.client";
        try (ActiveMQConnectionFactory factory =
                        BrokerConnections.ofFile(bridge.data().resolve("client.properties"));
                JMSContext sending = factory.createContext()) {
            TextMessage command = sending.createTextMessage(Json.write(TestClient.create("f16", till.alias(), 1050)));
            command.setJMSReplyTo(sending.createQueue(queue));
            sending.createProducer().send(sending.createQueue("payments.commands"), command);
            List<String> first;
            try (JMSContext dying = factory.createContext(JMSContext.SESSION_TRANSACTED)) {
                first = resultsUntilFinal(dying, queue, "f16");
                // It goes without a commit.
            }
            try (JMSContext after = factory.createContext(JMSContext.SESSION_TRANSACTED)) {
                assertThat(resultsUntilFinal(after, queue, "f16")).isEqualTo(first);
                after.commit();
            }
            assertThat(bridge.createCalls(till)).isEqualTo(1);
        }
    }

    /** The ids of a command's results, to the final one. */
    private static List<String> resultsUntilFinal(JMSContext context, String queue, String key) throws JMSException {
        List<String> ids = new ArrayList<>();
        try (JMSConsumer consumer = context.createConsumer(context.createQueue(queue), "commandId = '" + key + "'")) {
            while (true) {
                Message message = consumer.receive(30_000);
                assertThat(message).as("a result of " + key).isNotNull();
                JsonNode result = Json.read(message.getBody(String.class));
                ids.add(text(result, "resultId"));
                if (isFinal(result)) {
                    return ids;
                }
            }
        }
    }

    @Test
    void status_of_an_open_payment_asks_the_provider(RunningBridge bridge) {
        Till till = bridge.till();
        bridge.sandbox().faults().add(Fault.onCreate().terminal(till.id()).outcome(Outcome.NEVER_ENDS));
        try (TestClient client = bridge.client()) {
            client.send(TestClient.create("still-open", till.alias(), 100));
            JsonNode started = client.awaitStatus("still-open", "STARTED");
            client.send(status("ask-open", "still-open"));
            JsonNode answer = client.awaitFinal("ask-open");
            assertThat(text(answer, "status")).isEqualTo("SUCCEEDED");
            assertThat(text(answer.path("payment"), "status")).isEqualTo("OPEN");

            bridge.sandbox().act(text(started, "providerTransactionId"), Outcome.PAID);
            client.send(status("ask-paid", "still-open"));
            assertThat(text(client.awaitFinal("ask-paid").path("payment"), "status"))
                    .isEqualTo("PAID");
            assertThat(text(client.awaitFinal("still-open"), "status")).isEqualTo("SUCCEEDED");
        }
    }

    @Test
    void a_payment_is_known_to_its_own_sender_only(RunningBridge bridge) {
        try (TestClient client = bridge.client();
                TestClient kassa = bridge.client(
                        BrokerConnections.ofFile(bridge.data().resolve("client-kassa.properties")),
                        "payments.replies.kassa")) {
            client.send(TestClient.create("mine", bridge.till().alias(), 100));
            String payment = text(client.awaitFinal("mine").path("payment"), "id");
            client.send(status("ask-nobody", "never-seen"));
            kassa.send(status("ask-others-id", payment));
            kassa.send(status("ask-others-key", "mine"));
            for (JsonNode answer : List.of(
                    client.awaitFinal("ask-nobody"),
                    kassa.awaitFinal("ask-others-id"),
                    kassa.awaitFinal("ask-others-key"))) {
                assertThat(text(answer, "status")).isEqualTo("REFUSED");
                assertThat(text(answer.path("error"), "code")).isEqualTo("UNKNOWN_PAYMENT");
                assertThat(text(answer.path("error"), "field")).isEqualTo("payment");
                assertThat(answer.path("payment").isNull()).isTrue();
            }
        }
    }

    @Test
    void two_senders_may_use_the_same_key(RunningBridge bridge) {
        try (TestClient client = bridge.client();
                TestClient kassa = bridge.client(
                        BrokerConnections.ofFile(bridge.data().resolve("client-kassa.properties")),
                        "payments.replies.kassa")) {
            client.send(TestClient.create("same-key", bridge.till().alias(), 100));
            kassa.send(TestClient.create("same-key", bridge.till().alias(), 200));
            JsonNode first = client.awaitFinal("same-key");
            JsonNode second = kassa.awaitFinal("same-key");
            assertThat(bridge.charges(first)).extracting(Charge::amount).containsExactly(100L);
            assertThat(bridge.charges(second)).extracting(Charge::amount).containsExactly(200L);
        }
    }

    @Test
    void ping_answers(RunningBridge bridge) {
        try (TestClient client = bridge.client()) {
            client.send("{\"commandId\":\"ping-1\",\"command\":\"ping\"}");
            JsonNode answer = client.awaitFinal("ping-1");
            assertThat(text(answer, "status")).isEqualTo("SUCCEEDED");
            assertThat(answer.path("payment").isNull()).isTrue();
        }
    }

    @Test
    void an_unknown_terminal_is_refused(RunningBridge bridge) {
        try (TestClient client = bridge.client()) {
            client.send(TestClient.create("nowhere", "till-99", 100));
            JsonNode last = client.awaitFinal("nowhere");
            assertThat(text(last, "status")).isEqualTo("REFUSED");
            assertThat(text(last.path("error"), "code")).isEqualTo("UNKNOWN_TERMINAL");
        }
    }

    @Test
    void headers_of_a_sender_reach_no_provider(RunningBridge bridge) throws IOException, JMSException {
        Till till = bridge.till();
        try (TestClient client = bridge.client();
                ServerSocket elsewhere = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + elsewhere.getLocalPort() + "/stolen";
            TextMessage message =
                    client.session().createTextMessage(Json.write(TestClient.create("attack", till.alias(), 100)));
            for (String name : List.of(
                    "CamelHttpUri",
                    "CAmelHttpUri",
                    "camelhttpuri",
                    "CAMELHTTPURI",
                    "CamelHttpBaseUri",
                    "CamelToEndpoint")) {
                message.setStringProperty(name, url);
            }
            message.setStringProperty("CamelHttpPath", "/stolen");
            message.setStringProperty("CamelHttpQuery", "stolen=1");
            message.setStringProperty("CAmelHttpMethod", "GET");
            message.setStringProperty("CamelHttpRawQuery", "stolen=1");
            message.setStringProperty("Authorization", "Bearer stolen");
            message.setStringProperty("Host", "stolen.example");
            message.setStringProperty("X_Stolen", "stolen");
            message.setStringProperty("CamelJmsDestinationName", "payments.replies.kassa");
            message.setStringProperty("JMSXGroupID", "stolen");
            client.send(message, Duration.ZERO);

            JsonNode last = client.awaitFinal("attack");
            assertThat(text(last, "status")).isEqualTo("SUCCEEDED");
            assertThat(bridge.charges(last)).hasSize(1);
            String wire = bridge.wire();
            assertThat(wire).contains(text(last.path("payment"), "id"));
            assertThat(wire.toLowerCase(Locale.ROOT))
                    .doesNotContain("stolen")
                    .doesNotContain("authorization:")
                    .doesNotContain("camel")
                    .doesNotContain("cookie:");
            elsewhere.setSoTimeout(1);
            assertThat(org.assertj.core.api.Assertions.catchThrowable(elsewhere::accept))
                    .isInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    @Test
    void f57_a_reply_queue_that_is_gone_undoes_nothing(RunningBridge bridge) {
        Till till = bridge.till();
        Till other = bridge.till();
        bridge.sandbox().faults().add(Fault.onCreate().terminal(till.id()).outcome(Outcome.NEVER_ENDS));
        try (Inbox unclaimed = Inbox.ofQueue(bridge.factory(), "payments.replies");
                Inbox events = Inbox.ofTopic(bridge.factory(), "payments.events");
                TestClient staying = bridge.client()) {
            String transaction;
            try (TestClient leaving = bridge.client()) {
                leaving.send(TestClient.create("left-alone", till.alias(), 100));
                transaction = text(leaving.awaitStatus("left-alone", "STARTED"), "providerTransactionId");
            }
            bridge.sandbox().act(transaction, Outcome.PAID);
            Inbox.Arrival arrival =
                    unclaimed.await(one -> text(one.body(), "commandId").equals("left-alone"));
            assertThat(arrival.body().path("status").asText()).isEqualTo("SUCCEEDED");
            assertThat(arrival.properties().get("undeliverableTo")).isNotBlank();
            assertThat(bridge.charges(arrival.body())).hasSize(1);
            events.await(one -> text(one.body(), "commandId").equals("left-alone")
                    && one.body().path("final").asBoolean());
            staying.send(TestClient.create("unaffected", other.alias(), 100));
            assertThat(text(staying.awaitFinal("unaffected"), "status")).isEqualTo("SUCCEEDED");
            Awaitility.await()
                    .during(Duration.ofMillis(1_500))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> unclaimed.of("left-alone").size() == 1);
        }
    }

    static ObjectNode status(String key, String payment) {
        return Json.object().put("commandId", key).put("command", "status").put("payment", payment);
    }

    static boolean isFinal(JsonNode result) {
        return result.path("final").asBoolean();
    }

    static String text(JsonNode node, String field) {
        return node.path(field).asText();
    }
}
