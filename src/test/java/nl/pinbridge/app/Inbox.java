package nl.pinbridge.app;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.time.Duration;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import nl.pinbridge.contract.Json;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Collects whatever comes on one queue or topic. */
public final class Inbox implements AutoCloseable {
    public record Arrival(JsonNode body, @Nullable String correlationId, Map<String, String> properties) {}

    private final JMSContext context;
    private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();

    private Inbox(ConnectionFactory factory, String name, boolean topic) {
        context = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE);
        context.createConsumer(topic ? context.createTopic(name) : context.createQueue(name))
                .setMessageListener(this::arrived);
        context.start();
    }

    public static Inbox ofQueue(ConnectionFactory factory, String name) {
        return new Inbox(factory, name, false);
    }

    public static Inbox ofTopic(ConnectionFactory factory, String name) {
        return new Inbox(factory, name, true);
    }

    private void arrived(Message message) {
        try {
            arrivals.add(new Arrival(
                    Json.read(((TextMessage) message).getText()), message.getJMSCorrelationID(), properties(message)));
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The properties that are strings, as selectors see them; without those of JMS and the broker. */
    static Map<String, String> properties(Message message) throws JMSException {
        Map<String, String> properties = new TreeMap<>();
        for (Enumeration<?> names = message.getPropertyNames(); names.hasMoreElements(); ) {
            String name = String.valueOf(names.nextElement());
            if (!name.startsWith("JMS")
                    && !name.startsWith("_AMQ")
                    && message.getObjectProperty(name) instanceof String text) {
                properties.put(name, text);
            }
        }
        return properties;
    }

    public List<Arrival> arrivals() {
        return List.copyOf(arrivals);
    }

    List<Arrival> of(String commandId) {
        return arrivals().stream()
                .filter(arrival -> arrival.body().path("commandId").asText().equals(commandId))
                .toList();
    }

    Arrival await(Predicate<Arrival> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> arrivals.stream().anyMatch(condition));
        return arrivals.stream().filter(condition).findFirst().orElseThrow();
    }

    @Override
    public void close() {
        context.close();
    }
}
