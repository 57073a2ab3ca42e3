package nl.pinbridge.broker;

import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidDestinationRuntimeException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.JMSSecurityRuntimeException;
import java.nio.file.Path;
import java.util.Properties;
import nl.pinbridge.config.Secret;
import org.apache.activemq.artemis.api.core.ActiveMQAddressDoesNotExistException;
import org.apache.activemq.artemis.api.core.ActiveMQNonExistentQueueException;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;

/** Makes connection factories, all with the same safe manners. */
public final class BrokerConnections {
    /** Producers that a pooled session keeps: more than there are fixed addresses, so that only reply queues compete. */
    private static final int CACHED_PRODUCERS = 32;

    private static final String NO_SUCH_QUEUE = "There is no queue with name ";

    private BrokerConnections() {}

    /**
     * The bridge's factory, for consumers and producers; stop it when done.
     *
     * @param url {@link EmbeddedBroker#vmUrl()} or an external broker's URL
     * @param connections connections in the pool, handed out in turn; at least 1
     */
    public static JmsPoolConnectionFactory pooled(String url, Login login, int connections) {
        JmsPoolConnectionFactory pool = new JmsPoolConnectionFactory();
        pool.setConnectionFactory(plain(url, login));
        pool.setMaxConnections(connections);
        pool.setMaxSessionsPerConnection(-1);
        // An anonymous producer asks the broker about the address at every send.
        pool.setUseAnonymousProducers(false);
        pool.setExplicitProducerCacheSize(CACHED_PRODUCERS);
        return pool;
    }

    /** A factory without a pool: for the preflight, for the command line, for clients in Java. */
    public static ActiveMQConnectionFactory plain(String url, Login login) {
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(
                url, login.user(), login.password().reveal());
        // No Java object is ever read from a message: there are gadgets on the client's class path.
        factory.setDeserializationDenyList("*");
        // One message at a time, so that a slow consumer holds up none and a crash counts against one.
        factory.setConsumerWindowSize(0);
        factory.setCacheDestinations(true);
        // A send that the broker did not take must be known here, not at some later time.
        factory.setBlockOnDurableSend(true);
        factory.setBlockOnNonDurableSend(true);
        factory.setBlockOnAcknowledge(true);
        return factory;
    }

    /**
     * A factory for whoever holds a {@code client.properties} or {@code operator.properties}.
     *
     * @throws BrokerException when a line is missing
     * @throws java.io.UncheckedIOException when the file cannot be read
     */
    public static ActiveMQConnectionFactory ofFile(Path file) {
        Properties properties = PrivateFiles.read(file);
        return plain(
                line(file, properties, "url"),
                new Login(line(file, properties, "username"), new Secret(line(file, properties, "password"))));
    }

    /**
     * True when the failure means that the destination is gone, so that no repeat can help. Artemis says it in three
     * ways: when a queue is looked up by name (a plain {@code JMSException} that only its words tell apart), when a
     * producer is made ({@code InvalidDestinationException}), and at the send when the factory remembers the
     * destination (a plain {@code JMSException} with a cause of Artemis' own).
     */
    public static boolean isDestinationGone(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidDestinationException
                    || cause instanceof InvalidDestinationRuntimeException
                    || cause instanceof ActiveMQAddressDoesNotExistException
                    || cause instanceof ActiveMQNonExistentQueueException
                    || (cause instanceof JMSException
                            && why((JMSException) cause).startsWith(NO_SUCH_QUEUE))) {
                return true;
            }
        }
        return false;
    }

    /** True when the failure means that this user may not use the destination. */
    public static boolean isForbidden(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof JMSSecurityException || cause instanceof JMSSecurityRuntimeException) {
                return true;
            }
        }
        return false;
    }

    /** The sentence of a JMS failure, for other sentences. */
    static String why(JMSException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private static String line(Path file, Properties properties, String key) {
        String value = properties.getProperty(key, "").strip();
        if (value.isEmpty()) {
            throw new BrokerException("The line " + key + "=… is missing in " + file + ".");
        }
        return value;
    }
}
