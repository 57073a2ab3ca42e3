package nl.pinbridge.publish;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.time.Instant;
import java.util.function.Consumer;
import nl.pinbridge.broker.Addresses;
import nl.pinbridge.broker.BrokerConnections;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.Delivery;
import nl.pinbridge.ledger.Nudges;
import org.jspecify.annotations.Nullable;
import org.springframework.jms.JmsException;
import org.springframework.jms.core.JmsTemplate;
import org.springframework.jms.core.MessagePostProcessor;

/**
 * Sends what the ledger says: results, nudges and alarms. Each message on its own and outside any consumer's transaction, so that a
 * reply queue that is gone undoes nothing.
 */
public final class Messenger {
    /** Delays a message at the broker, epoch milliseconds. */
    private static final String SCHEDULED = "_AMQ_SCHED_DELIVERY";

    /** The broker drops a second message with the same value. */
    private static final String DUPLICATE_ID = "_AMQ_DUPL_ID";

    private final JmsTemplate queues;
    private final JmsTemplate topics;
    private final Consumer<JsonNode> told;

    /**
     * @param connections a pool that no consumer of the routes uses: sends must not join their transactions
     */
    public Messenger(ConnectionFactory connections) {
        this(connections, result -> {});
    }

    /**
     * @param told hears of each result once, when it is on the events address
     */
    public Messenger(ConnectionFactory connections, Consumer<JsonNode> told) {
        this.told = told;
        queues = template(connections, false);
        topics = template(connections, true);
    }

    private static JmsTemplate template(ConnectionFactory connections, boolean topics) {
        JmsTemplate template = new JmsTemplate(connections);
        template.setPubSubDomain(topics);
        template.setExplicitQosEnabled(true);
        template.setDeliveryMode(DeliveryMode.PERSISTENT);
        return template;
    }

    /**
     * Sends a result to its destination; to {@code payments.replies} with {@code undeliverableTo} where that is gone.
     *
     * @return false when it went to {@code payments.replies} instead
     * @throws JmsException when the broker did not take it
     */
    public boolean deliver(Delivery delivery) {
        JsonNode body = Json.read(delivery.body());
        if (delivery.address() == null) {
            topics.convertAndSend(Addresses.EVENTS, delivery.body(), described(body, null, delivery.id(), null));
            told.accept(body);
            return true;
        }
        return reply(delivery.address(), delivery.correlationId(), delivery.body(), body, delivery.id());
    }

    /** Sends a result that the ledger does not keep, to its sender and as an event. */
    public void deliverDirect(String address, String correlationId, JsonNode body) {
        String text = Json.write(body);
        String id = body.path("resultId").asText();
        reply(address, correlationId, text, body, id);
        topics.convertAndSend(Addresses.EVENTS, text, described(body, null, id + "-event", null));
        told.accept(body);
    }

    private boolean reply(String address, @Nullable String correlationId, String text, JsonNode body, String id) {
        try {
            queues.convertAndSend(address, text, described(body, correlationId, id, null));
            return true;
        } catch (JmsException e) {
            if (address.equals(Addresses.REPLIES)
                    || !(BrokerConnections.isDestinationGone(e) || BrokerConnections.isForbidden(e))) {
                throw e;
            }
            queues.convertAndSend(Addresses.REPLIES, text, described(body, correlationId, id + "-lost", address));
            return false;
        }
    }

    private static MessagePostProcessor described(
            JsonNode body, @Nullable String correlationId, String duplicateId, @Nullable String undeliverableTo) {
        return message -> {
            if (correlationId != null) {
                message.setJMSCorrelationID(correlationId);
            }
            message.setStringProperty(DUPLICATE_ID, duplicateId);
            put(message, "commandId", body.path("commandId"));
            put(message, "paymentId", body.path("payment").path("id"));
            put(message, "status", body.path("status"));
            put(message, "final", body.path("final"));
            put(message, "provider", body.path("payment").path("provider"));
            put(message, "terminal", body.path("payment").path("terminal"));
            if (undeliverableTo != null) {
                message.setStringProperty("undeliverableTo", undeliverableTo);
            }
            return message;
        };
    }

    private static void put(Message message, String name, JsonNode value) throws JMSException {
        if (value.isValueNode() && !value.isNull()) {
            message.setStringProperty(name, value.asText());
        }
    }

    /** Wakes a command up where it is worked on. */
    public void wake(Nudges.Wake wake) {
        String queue =
                switch (wake.path()) {
                    case LANE -> Addresses.lane(String.valueOf(wake.provider()));
                    case EXPRESS -> Addresses.EXPRESS;
                    case ERRAND -> Addresses.ERRAND;
                };
        queues.convertAndSend(queue, wake.commandRow(), scheduled(wake.at()));
    }

    /** Sets the alarm for a look; {@code at} null means now. */
    public void nudgeLook(String paymentId, @Nullable Instant at) {
        queues.convertAndSend(Addresses.LOOK, paymentId, scheduled(at));
    }

    /** Keeps a webhook until it is worked on; what strangers send becomes a body and nothing else. */
    public void keepWebhook(String message) {
        queues.convertAndSend(Addresses.WEBHOOKS, message);
    }

    /** Puts what can never be worked on where a person finds it, with the reason. */
    public void bury(String queue, String message, String reason) {
        queues.convertAndSend(Addresses.DEAD, message, dead -> {
            dead.setStringProperty("queue", queue);
            dead.setStringProperty("reason", reason);
            return dead;
        });
    }

    private static MessagePostProcessor scheduled(@Nullable Instant at) {
        return message -> {
            if (at != null) {
                // Rounded up: an alarm that rings a fraction of a millisecond early finds nothing due and is lost.
                message.setLongProperty(SCHEDULED, at.plusNanos(999_999).toEpochMilli());
            }
            return message;
        };
    }
}
