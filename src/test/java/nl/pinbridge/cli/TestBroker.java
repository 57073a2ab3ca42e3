package nl.pinbridge.cli;

import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;

/** A real broker on a port of its own, with somebody behind it who answers as the bridge would. */
final class TestBroker implements AutoCloseable {
    static final String USER = "somebody";
    static final String PASSWORD = "secret";

    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
    private final JMSContext context;
    private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();

    /** What the stand-in does with a message: it is given the means to answer. */
    @FunctionalInterface
    interface Answering {
        void on(Message message, Replies replies) throws Exception;
    }

    /** Answers the message at hand. */
    @FunctionalInterface
    interface Replies {
        void send(String text) throws JMSException;
    }

    TestBroker(String queue, Answering answering) throws Exception {
        SecurityConfiguration users = new SecurityConfiguration();
        users.addUser(USER, PASSWORD);
        users.addRole(USER, "all");
        broker.setConfiguration(new ConfigurationImpl()
                .setPersistenceEnabled(false)
                .setSecurityEnabled(true)
                .addAcceptorConfiguration(new TransportConfiguration(
                        NettyAcceptorFactory.class.getName(),
                        Map.of(TransportConstants.HOST_PROP_NAME, "127.0.0.1", TransportConstants.PORT_PROP_NAME, "0"),
                        "test"))
                .addQueueConfiguration(QueueConfiguration.of(queue).setRoutingType(RoutingType.ANYCAST)));
        broker.setSecurityManager(new ActiveMQJAASSecurityManager(InVMLoginModule.class.getName(), users));
        broker.start();
        Role all = new Role("all", true, true, true, true, true, true, true, true, true, true, false, false);
        broker.getActiveMQServer().getSecurityRepository().addMatch("#", java.util.Set.of(all));
        context = new ActiveMQConnectionFactory(url()).createContext(USER, PASSWORD);
        context.createConsumer(context.createQueue(queue)).setMessageListener(message -> {
            received.add(message);
            try {
                answering.on(message, text -> {
                    TextMessage reply = context.createTextMessage(text);
                    reply.setJMSCorrelationID(message.getJMSCorrelationID());
                    context.createProducer().send(message.getJMSReplyTo(), reply);
                });
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    String url() {
        NettyAcceptor acceptor =
                (NettyAcceptor) broker.getActiveMQServer().getRemotingService().getAcceptor("test");
        return "tcp://127.0.0.1:" + Objects.requireNonNull(acceptor).getActualPort();
    }

    /** Writes what the bridge leaves for those who may connect. */
    void writeFile(Path file, String password) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, "url=" + url() + "\nusername=" + USER + "\npassword=" + password + "\n");
    }

    BlockingQueue<Message> received() {
        return received;
    }

    @Override
    public void close() throws Exception {
        try {
            context.close();
        } catch (JMSRuntimeException e) {
            // A test stopped the broker under it.
        }
        broker.stop();
    }

    void stop() throws Exception {
        broker.stop();
    }
}
