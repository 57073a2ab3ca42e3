package nl.pinbridge.broker;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.util.List;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** A real embedded broker on a free port, and short words for what clients do. */
final class TestBroker implements AutoCloseable {
    static final long PATIENCE = 10_000;
    static final long NOTHING_COMES = 300;

    final BrokerSettings settings;
    final Credentials credentials;
    final EmbeddedBroker broker;

    TestBroker(Path data) {
        this(new BrokerSettings(
                data, 0, List.of("alice", "bob"), List.of("erp.results"), List.of("pinvandaag", "ccv")));
    }

    TestBroker(BrokerSettings settings) {
        this.settings = settings;
        credentials = Credentials.load(settings);
        broker = EmbeddedBroker.start(settings, credentials);
    }

    ActiveMQConnectionFactory bridge() {
        return BrokerConnections.plain(broker.vmUrl(), credentials.bridge());
    }

    ActiveMQConnectionFactory outside(Login login) {
        return BrokerConnections.plain(broker.url(), login);
    }

    /** One session on a connection of its own, started. */
    Client as(Login login) throws JMSException {
        return new Client(outside(login).createConnection());
    }

    Client asBridge() throws JMSException {
        return new Client(bridge().createConnection());
    }

    @Override
    public void close() {
        broker.close();
    }

    static final class Client implements AutoCloseable {
        final Connection connection;
        final Session session;

        Client(Connection connection) throws JMSException {
            this.connection = connection;
            this.session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            connection.start();
        }

        void send(String queue, String body) throws JMSException {
            send(queue, session.createTextMessage(body));
        }

        void send(String queue, Message message) throws JMSException {
            try (MessageProducer producer = session.createProducer(session.createQueue(queue))) {
                producer.send(message);
            }
        }

        /** The next message; fails when none comes. */
        Message receive(String queue) throws JMSException {
            try (MessageConsumer consumer = session.createConsumer(session.createQueue(queue))) {
                Message message = consumer.receive(PATIENCE);
                if (message == null) {
                    throw new AssertionError("nothing came on " + queue);
                }
                return message;
            }
        }

        boolean isEmpty(String queue) throws JMSException {
            try (MessageConsumer consumer = session.createConsumer(session.createQueue(queue))) {
                return consumer.receive(NOTHING_COMES) == null;
            }
        }

        String text(String queue) throws JMSException {
            return ((TextMessage) receive(queue)).getText();
        }

        @Override
        public void close() throws JMSException {
            connection.close();
        }
    }
}
