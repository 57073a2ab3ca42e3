package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import nl.pinbridge.contract.ContractSchema;
import nl.pinbridge.contract.Json;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Messages that are no commands. */
@ExtendWith(SharedBridge.class)
class PoisonTest {
    @Test
    void f36_what_cannot_be_read_is_kept_with_the_reason_and_disturbs_nobody(RunningBridge bridge) throws Exception {
        ContractSchema refusals = ContractSchema.ofRefusedMessages();
        try (TestClient client = bridge.client();
                Inbox refused = Inbox.ofQueue(bridge.factory(), "payments.refused")) {
            List<Message> unreadable = unreadable(client);
            client.send(TestClient.create("before-poison", bridge.till().alias(), 100));
            for (int i = 0; i < unreadable.size(); i++) {
                unreadable.get(i).setStringProperty("marker", "poison-" + i);
                client.send(unreadable.get(i), Duration.ZERO);
            }
            List<ObjectNode> wrong = wrong(bridge);
            wrong.forEach(client::send);
            client.send(TestClient.create("after-poison", bridge.till().alias(), 100));

            assertThat(text(client.awaitFinal("before-poison"), "status")).isEqualTo("SUCCEEDED");
            assertThat(text(client.awaitFinal("after-poison"), "status")).isEqualTo("SUCCEEDED");
            for (ObjectNode command : wrong) {
                JsonNode last = client.awaitFinal(text(command, "commandId"));
                assertThat(text(last, "status")).isEqualTo("REFUSED");
                assertThat(text(last.path("error"), "code")).isEqualTo("INVALID");
                assertThat(text(last.path("error"), "field")).isEqualTo(text(last, "commandId"));
                assertThat(client.results(text(command, "commandId"))).hasSize(1);
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> markers(refused).size() == unreadable.size());
            assertThat(refused.arrivals()).hasSize(unreadable.size());
            for (Inbox.Arrival arrival : refused.arrivals()) {
                assertThat(refusals.validate(arrival.body()))
                        .as(arrival.body().toString())
                        .isEmpty();
                assertThat(text(arrival.body(), "reason")).isNotBlank();
            }
        }
    }

    private static Set<String> markers(Inbox refused) {
        return refused.arrivals().stream()
                .map(arrival -> text(arrival.body().path("message").path("properties"), "marker"))
                .collect(Collectors.toSet());
    }

    private static List<Message> unreadable(TestClient client) throws JMSException {
        List<Message> messages = new ArrayList<>();
        for (String text : List.of(
                "",
                "garbage",
                "{\"commandId\":\"cut",
                "[1,2]",
                "\"text\"",
                "null",
                "{\"command\":\"ping\"}",
                "{\"commandId\":\"\",\"command\":\"ping\"}",
                "{\"commandId\":\"dé\",\"command\":\"ping\"}",
                "{\"commandId\":7,\"command\":\"ping\"}",
                "{\"commandId\":\"twice\",\"commandId\":\"twice\",\"command\":\"ping\"}",
                "[".repeat(100_000),
                "x".repeat(200_000))) {
            messages.add(client.session().createTextMessage(text));
        }
        BytesMessage binary = client.session().createBytesMessage();
        binary.writeBytes(new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1, 2, (byte) 0x80});
        messages.add(binary);
        BytesMessage huge = client.session().createBytesMessage();
        huge.writeBytes(new byte[1_500_000]);
        messages.add(huge);
        MapMessage map = client.session().createMapMessage();
        map.setString("commandId", "in-a-map");
        messages.add(map);
        messages.add(client.session().createObjectMessage(new ArrayList<>(List.of("an object"))));
        messages.add(client.session().createMessage());
        return messages;
    }

    /** Commands with one fault each; the name of the field at fault is the commandId. */
    private static List<ObjectNode> wrong(RunningBridge bridge) {
        String till = bridge.till().alias();
        List<ObjectNode> commands = new ArrayList<>();
        commands.add(TestClient.create("ammount", till, 100).put("ammount", 1));
        ObjectNode decimal = TestClient.create("amount.value", till, 100);
        ((ObjectNode) decimal.path("amount")).put("value", new java.math.BigDecimal("10.50"));
        commands.add(decimal);
        ObjectNode currency = TestClient.create("amount.currency", till, 100);
        ((ObjectNode) currency.path("amount")).put("currency", "euro");
        commands.add(currency);
        commands.add(TestClient.create("expiresAt", till, 100).put("expiresAt", "tomorrow"));
        ObjectNode unknown = TestClient.create("command", till, 100);
        commands.add(unknown.put("command", "creat"));
        return commands;
    }

    @Test
    void f36_bytes_in_utf_8_are_as_good_as_text(RunningBridge bridge) throws JMSException {
        try (TestClient client = bridge.client()) {
            BytesMessage bytes = client.session().createBytesMessage();
            ObjectNode command = TestClient.create("in-bytes", bridge.till().alias(), 100);
            bytes.writeBytes(Json.write(command.put("reference", "café 7")).getBytes(StandardCharsets.UTF_8));
            client.send(bytes, Duration.ZERO);
            JsonNode last = client.awaitFinal("in-bytes");
            assertThat(text(last, "status")).isEqualTo("SUCCEEDED");
            assertThat(text(last.path("payment"), "reference")).isEqualTo("café 7");
        }
    }

    @Test
    void a_reply_address_that_is_not_allowed_gets_nothing(RunningBridge bridge) throws JMSException {
        try (TestClient client = bridge.client();
                Inbox replies = Inbox.ofQueue(bridge.factory(), "payments.replies")) {
            for (String queue : List.of("pinbridge.admin", "payments.commands", "pinbridge.lane.pinvandaag")) {
                TextMessage message =
                        client.session().createTextMessage("{\"commandId\":\"to-" + queue + "\",\"command\":\"ping\"}");
                message.setJMSReplyTo(client.session().createQueue(queue));
                client.session().createProducer().send(client.session().createQueue("payments.commands"), message);
                replies.await(arrival -> text(arrival.body(), "commandId").equals("to-" + queue));
            }
        }
    }
}
