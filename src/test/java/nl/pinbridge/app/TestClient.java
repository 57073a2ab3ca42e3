package nl.pinbridge.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.TextMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import nl.pinbridge.contract.Json;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A back office: an outside client that sends commands and collects what comes back on one reply queue. */
public final class TestClient implements AutoCloseable {
    /** A result as it arrived. */
    public record Arrival(
            JsonNode body,
            @Nullable String correlationId,
            String status,
            @Nullable String undeliverableTo,
            Map<String, String> properties) {}

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final JMSContext sender;
    private final JMSContext receiver;
    private final Queue replies;
    private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();

    /**
     * @param replyQueue name of a fixed reply queue; null for a temporary one
     */
    public TestClient(ConnectionFactory factory, @Nullable String replyQueue) {
        sender = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE);
        receiver = sender.createContext(JMSContext.AUTO_ACKNOWLEDGE);
        replies = replyQueue == null ? receiver.createTemporaryQueue() : receiver.createQueue(replyQueue);
        receiver.createConsumer(replies).setMessageListener(this::arrived);
        receiver.start();
    }

    private void arrived(Message message) {
        try {
            JsonNode body = Json.read(((TextMessage) message).getText());
            arrivals.add(new Arrival(
                    body,
                    message.getJMSCorrelationID(),
                    message.getStringProperty("status"),
                    message.getStringProperty("undeliverableTo"),
                    Inbox.properties(message)));
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A create command. */
    public static ObjectNode create(String key, String terminal, long cents) {
        ObjectNode command = Json.object();
        command.put("commandId", key).put("command", "create").put("terminal", terminal);
        command.putObject("amount").put("value", cents).put("currency", "EUR");
        return command.put("reference", "ref-" + key);
    }

    /** Sends a command; its JMS message id. */
    public String send(JsonNode command) {
        return send(Json.write(command));
    }

    public synchronized String send(String text) {
        return send(sender.createTextMessage(text), Duration.ZERO);
    }

    /**
     * Sends any message as a command.
     *
     * @param timeToLive zero for no expiry
     */
    public synchronized String send(Message message, Duration timeToLive) {
        try {
            message.setJMSReplyTo(replies);
            sender.createProducer()
                    .setTimeToLive(timeToLive.toMillis())
                    .send(sender.createQueue("payments.commands"), message);
            return message.getJMSMessageID();
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes messages for {@link #send(Message, Duration)}. */
    public JMSContext session() {
        return sender;
    }

    public List<Arrival> arrivals() {
        return List.copyOf(arrivals);
    }

    /** The results of one command so far, in the order of arrival. */
    public List<JsonNode> results(String commandId) {
        return arrivals.stream()
                .map(Arrival::body)
                .filter(body -> body.path("commandId").asText().equals(commandId))
                .toList();
    }

    /** Waits for a result of the command that satisfies the condition. */
    public JsonNode await(String commandId, Duration atMost, Predicate<JsonNode> condition) {
        Awaitility.await("a result of " + commandId)
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> results(commandId).stream().anyMatch(condition));
        return results(commandId).stream().filter(condition).findFirst().orElseThrow();
    }

    public JsonNode awaitFinal(String commandId) {
        return await(commandId, PATIENCE, body -> body.path("final").asBoolean());
    }

    /** Waits for any result. */
    public JsonNode awaitKnown(String commandId) {
        return await(commandId, PATIENCE, body -> true);
    }

    public JsonNode awaitStatus(String commandId, String status) {
        return await(commandId, PATIENCE, body -> body.path("status").asText().equals(status));
    }

    @Override
    public void close() {
        receiver.close();
        sender.close();
    }
}
