package nl.pinbridge.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import nl.pinbridge.broker.TestBroker.Client;
import nl.pinbridge.config.Secret;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.jms.ActiveMQJMSClient;
import org.apache.activemq.artemis.api.jms.management.JMSManagementHelper;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every role tries every operation on every address; what it gets away with is compared as a whole. */
class SecurityTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path data;

    @SuppressWarnings("NullAway.Init")
    private static TestBroker broker;

    @BeforeAll
    static void start() {
        broker = new TestBroker(data);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void a_client_may_do_this_and_nothing_else() throws Exception {
        try (Client client = broker.as(broker.credentials.of("alice"))) {
            assertThat(allowed(client, "send")).containsExactly(Addresses.COMMANDS);
            assertThat(allowed(client, "consume"))
                    .containsExactlyInAnyOrder(
                            Addresses.REPLIES,
                            "payments.replies.alice",
                            "erp.results",
                            Addresses.EVENTS,
                            Addresses.RECONCILIATION,
                            Addresses.REFUSED);
            assertThat(allowed(client, "browse"))
                    .containsExactlyInAnyOrder(
                            Addresses.REPLIES,
                            "payments.replies.alice",
                            "erp.results",
                            Addresses.RECONCILIATION,
                            Addresses.REFUSED);
        }
    }

    @Test
    void the_default_client_has_a_reply_queue_of_its_own_and_no_other() throws Exception {
        try (Client client = broker.as(broker.credentials.client())) {
            assertThat(allowed(client, "consume"))
                    .contains("payments.replies.client")
                    .doesNotContain("payments.replies.alice", "payments.replies.bob");
        }
    }

    @Test
    void an_operator_sends_admin_requests_and_looks_at_everything() throws Exception {
        try (Client operator = broker.as(broker.credentials.operator())) {
            assertThat(allowed(operator, "send")).containsExactly(Addresses.ADMIN);
            assertThat(allowed(operator, "consume")).isEmpty();
            Set<String> queues = new TreeSet<>(names());
            queues.remove(Addresses.EVENTS);
            assertThat(allowed(operator, "browse")).isEqualTo(queues);
        }
    }

    @Test
    void the_bridge_does_its_work() throws Exception {
        try (Client bridge = broker.asBridge()) {
            assertThat(allowed(bridge, "send")).isEqualTo(new TreeSet<>(names()));
            assertThat(allowed(bridge, "consume"))
                    .containsExactlyInAnyOrder(
                            Addresses.COMMANDS,
                            Addresses.lane("pinvandaag"),
                            Addresses.lane("ccv"),
                            Addresses.EXPRESS,
                            Addresses.ERRAND,
                            Addresses.LOOK,
                            Addresses.WEBHOOKS,
                            Addresses.ADMIN,
                            Addresses.DEAD,
                            Addresses.EXPIRED,
                            Addresses.EXPIRED_OTHER);
        }
    }

    @Test
    void clients_and_operators_reach_neither_management_nor_notifications() throws Exception {
        for (Login login : List.of(broker.credentials.client(), broker.credentials.operator())) {
            assertThatThrownBy(
                            () -> BrokerManagement.open(broker.outside(login)).version())
                    .isInstanceOf(JMSSecurityException.class);
            try (Client client = broker.as(login)) {
                assertThatThrownBy(() -> client.session
                                .createConsumer(ActiveMQJMSClient.createTopic("activemq.notifications"))
                                .close())
                        .isInstanceOf(JMSSecurityException.class);
            }
        }
    }

    @Test
    void the_bridge_reads_management_and_changes_nothing() throws Exception {
        try (Client bridge = broker.asBridge()) {
            var answers = bridge.session.createTemporaryQueue();
            var question = bridge.session.createMessage();
            JMSManagementHelper.putOperationInvocation(question, "broker", "destroyQueue", Addresses.COMMANDS);
            question.setJMSReplyTo(answers);
            try (MessageProducer producer =
                            bridge.session.createProducer(ActiveMQJMSClient.createQueue(Addresses.MANAGEMENT));
                    MessageConsumer consumer = bridge.session.createConsumer(answers)) {
                producer.send(question);
                var answer = consumer.receive(TestBroker.PATIENCE);
                assertThat(JMSManagementHelper.hasOperationSucceeded(answer)).isFalse();
            }
        }
        try (BrokerManagement management = BrokerManagement.open(broker.bridge())) {
            assertThat(management.queue(Addresses.COMMANDS).isExists()).isTrue();
        }
    }

    @Test
    void nobody_makes_or_removes_lasting_queues() throws Exception {
        for (Login login :
                List.of(broker.credentials.client(), broker.credentials.operator(), broker.credentials.bridge())) {
            try (Client client = broker.as(login)) {
                ClientSession core = ((ActiveMQSession) client.session).getCoreSession();
                for (String address : List.of("payments.replies.new", Addresses.COMMANDS, "x")) {
                    for (boolean durable : List.of(true, false)) {
                        assertThatThrownBy(() -> core.createQueue(QueueConfiguration.of("stray")
                                        .setAddress(address)
                                        .setRoutingType(RoutingType.ANYCAST)
                                        .setDurable(durable)))
                                .as(login.user() + " " + address + " " + durable)
                                .isInstanceOf(ActiveMQException.class);
                    }
                }
                assertThatThrownBy(() -> core.deleteQueue(Addresses.REPLIES)).isInstanceOf(ActiveMQException.class);
            }
        }
    }

    @Test
    void everyone_makes_temporary_queues_by_core_and_amqp_but_does_not_fill_those_of_others() throws Exception {
        try (Client operator = broker.as(broker.credentials.operator());
                Client client = broker.as(broker.credentials.client())) {
            var answers = operator.session.createTemporaryQueue();
            assertThatThrownBy(() -> client.send(answers.getQueueName(), "forged"))
                    .isInstanceOf(JMSSecurityException.class)
                    .matches(BrokerConnections::isForbidden);
            assertThatCode(answers::delete).doesNotThrowAnyException();
        }
        try (Connection amqp = new JmsConnectionFactory(
                        "client",
                        broker.credentials.client().password().reveal(),
                        "amqp://127.0.0.1:" + broker.broker.port())
                .createConnection()) {
            Session session = amqp.createSession(false, Session.AUTO_ACKNOWLEDGE);
            assertThatCode(() -> session.createTemporaryQueue().delete()).doesNotThrowAnyException();
        }
    }

    @Test
    void a_wrong_password_or_none_does_not_get_in() {
        for (Login login : List.of(
                new Login("client", new Secret("wrong")),
                new Login("nobody", new Secret("x")),
                new Login("pinbridge", new Secret("")))) {
            assertThatThrownBy(() -> broker.as(login)).isInstanceOf(JMSSecurityException.class);
        }
    }

    private static List<String> names() {
        return Addresses.places(broker.settings).stream().map(Place::name).toList();
    }

    private static Set<String> allowed(Client client, String operation) throws JMSException {
        Set<String> allowed = new TreeSet<>();
        for (Place place : Addresses.places(broker.settings)) {
            try {
                switch (operation) {
                    case "send" -> {
                        try (MessageProducer producer = client.session.createProducer(destination(place))) {
                            producer.send(client.session.createTextMessage("tried"));
                        }
                    }
                    case "consume" ->
                        client.session.createConsumer(destination(place)).close();
                    case "browse" -> {
                        if (!place.multicast()) {
                            try (QueueBrowser browser =
                                    client.session.createBrowser(ActiveMQJMSClient.createQueue(place.name()))) {
                                browser.getEnumeration().hasMoreElements();
                            }
                        } else {
                            continue;
                        }
                    }
                    default -> throw new IllegalArgumentException(operation);
                }
                allowed.add(place.name());
            } catch (JMSSecurityException e) {
                assertThat(BrokerConnections.isForbidden(e)).isTrue();
            }
        }
        return allowed;
    }

    private static jakarta.jms.Destination destination(Place place) {
        return place.multicast()
                ? ActiveMQJMSClient.createTopic(place.name())
                : ActiveMQJMSClient.createQueue(place.name());
    }
}
