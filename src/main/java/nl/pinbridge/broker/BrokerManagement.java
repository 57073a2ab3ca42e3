package nl.pinbridge.broker;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import nl.pinbridge.contract.Json;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientSession.AddressQuery;
import org.apache.activemq.artemis.api.core.client.ClientSession.QueueQuery;
import org.apache.activemq.artemis.api.core.management.ResourceNames;
import org.apache.activemq.artemis.api.jms.ActiveMQJMSClient;
import org.apache.activemq.artemis.api.jms.management.JMSManagementHelper;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;

/**
 * Reads facts from a running broker, embedded or not, over an ordinary connection. Not for use by several threads.
 *
 * <p>The user needs {@code manage} on {@code activemq.management}, and temporary queues; where the broker has
 * {@code management-message-rbac} switched on, also {@code view} on {@code mops.#}. Nothing is ever changed.
 */
public final class BrokerManagement implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 10_000;

    private final Connection connection;
    private final ActiveMQSession session;
    private final TemporaryQueue answers;
    private final MessageConsumer consumer;
    private final MessageProducer producer;

    private BrokerManagement(Connection connection) throws JMSException {
        this.connection = connection;
        session = (ActiveMQSession) connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        answers = session.createTemporaryQueue();
        consumer = session.createConsumer(answers);
        producer = session.createProducer(ActiveMQJMSClient.createQueue(Addresses.MANAGEMENT));
        connection.start();
    }

    /**
     * @param factory a plain Artemis factory, not a pool
     * @throws JMSException when the broker cannot be reached or does not let the user in
     */
    public static BrokerManagement open(ConnectionFactory factory) throws JMSException {
        Connection connection = factory.createConnection();
        try {
            return new BrokerManagement(connection);
        } catch (JMSException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** The settings that hold for an address, merged by the broker. */
    JsonNode addressSettings(String address) throws JMSException {
        Object json = invoke("getAddressSettingsAsJSON", address);
        return Json.read(String.valueOf(json));
    }

    QueueQuery queue(String name) throws Exception {
        return session.getCoreSession().queueQuery(SimpleString.of(name));
    }

    AddressQuery address(String name) throws Exception {
        return session.getCoreSession().addressQuery(SimpleString.of(name));
    }

    public String version() throws JMSException {
        return String.valueOf(attribute("version"));
    }

    /** Class names of the broker's plugins. */
    List<String> plugins() throws JMSException {
        Object names = attribute("brokerPluginClassNames");
        return names instanceof Object[] many
                ? Arrays.stream(many).map(String::valueOf).toList()
                : List.of();
    }

    /** Milliseconds between two searches for expired messages; 0 or less for never. */
    long expiryScanMillis() throws JMSException {
        return ((Number) attribute("messageExpiryScanPeriod")).longValue();
    }

    /** How many messages lie on a queue, scheduled ones among them. */
    public long messageCount(String queue) throws JMSException {
        return ((Number) ask(ResourceNames.QUEUE + queue, true, "messageCount")).longValue();
    }

    /** How long the first message of a queue has been there, by its sender's clock; zero when the queue is empty. */
    public Duration oldestMessage(String queue) throws JMSException {
        Object millis = ask(ResourceNames.QUEUE + queue, true, "firstMessageAge");
        return millis instanceof Number age ? Duration.ofMillis(Math.max(0, age.longValue())) : Duration.ZERO;
    }

    /** By how much the broker's clock is ahead of this one; negative when it is behind. Good to half a round trip. */
    public Duration ahead(Clock clock) throws JMSException {
        Instant before = clock.instant();
        long broker = ((Number) attribute("currentTimeMillis")).longValue();
        Instant after = clock.instant();
        Instant middle = before.plus(Duration.between(before, after).dividedBy(2));
        return Duration.between(middle, Instant.ofEpochMilli(broker));
    }

    /** A message of ours as the broker hands it to readers. */
    Message echo() throws JMSException {
        try (MessageProducer mirror = session.createProducer(answers)) {
            mirror.send(session.createTextMessage("preflight"));
        }
        return answer("an echo");
    }

    @Override
    public void close() throws JMSException {
        connection.close();
    }

    private Object attribute(String name) throws JMSException {
        return ask(ResourceNames.BROKER, true, name);
    }

    private Object invoke(String operation, Object... parameters) throws JMSException {
        return ask(ResourceNames.BROKER, false, operation, parameters);
    }

    private Object ask(String resource, boolean attribute, String name, Object... parameters) throws JMSException {
        Message question = session.createMessage();
        if (attribute) {
            JMSManagementHelper.putAttribute(question, resource, name);
        } else {
            JMSManagementHelper.putOperationInvocation(question, resource, name, parameters);
        }
        question.setJMSReplyTo(answers);
        producer.send(question);
        Message answer = answer(name);
        Object result;
        try {
            result = JMSManagementHelper.getResult(answer);
        } catch (Exception e) {
            throw unreadable(name, e);
        }
        if (!JMSManagementHelper.hasOperationSucceeded(answer)) {
            throw new JMSException("The broker's management refused " + name + ": " + result);
        }
        return result;
    }

    private Message answer(String name) throws JMSException {
        Message answer = consumer.receive(PATIENCE_MILLIS);
        if (answer == null) {
            throw new JMSException("The broker's management gave no answer to " + name + ".");
        }
        return answer;
    }

    private static JMSException unreadable(String name, Exception cause) {
        JMSException e = new JMSException("The broker's management gave no readable answer to " + name + ".");
        e.initCause(cause);
        return e;
    }
}
