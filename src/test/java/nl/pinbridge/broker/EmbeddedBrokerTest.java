package nl.pinbridge.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import nl.pinbridge.broker.TestBroker.Client;
import org.apache.activemq.artemis.api.core.ActiveMQAddressDoesNotExistException;
import org.apache.activemq.artemis.api.core.ActiveMQNotConnectedException;
import org.apache.activemq.artemis.api.jms.ActiveMQJMSClient;
import org.apache.activemq.artemis.core.server.files.FileStoreMonitor;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;

class EmbeddedBrokerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path data;

    @Test
    void messages_survive_a_restart() throws Exception {
        try (TestBroker first = new TestBroker(data);
                Client client = first.as(first.credentials.client())) {
            client.send(Addresses.COMMANDS, "one");
        }
        try (TestBroker second = new TestBroker(data);
                Client bridge = second.asBridge()) {
            assertThat(bridge.text(Addresses.COMMANDS)).isEqualTo("one");
        }
    }

    @Test
    void a_delayed_message_survives_a_restart_and_comes_when_it_is_due() throws Exception {
        long due = System.currentTimeMillis() + 4_000;
        try (TestBroker first = new TestBroker(data);
                Client bridge = first.asBridge()) {
            TextMessage look = bridge.session.createTextMessage("look");
            look.setLongProperty("_AMQ_SCHED_DELIVERY", due);
            bridge.send(Addresses.LOOK, look);
            assertThat(bridge.isEmpty(Addresses.LOOK)).isTrue();
        }
        try (TestBroker second = new TestBroker(data);
                Client bridge = second.asBridge()) {
            assertThat(bridge.text(Addresses.LOOK)).isEqualTo("look");
            assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(due);
        }
    }

    @Test
    void f15_a_duplicate_id_drops_the_second_copy_also_after_a_restart() throws Exception {
        try (TestBroker first = new TestBroker(data);
                Client bridge = first.asBridge()) {
            for (int i = 0; i < 2; i++) {
                TextMessage result = bridge.session.createTextMessage("result");
                result.setStringProperty("_AMQ_DUPL_ID", "01J-1");
                bridge.send(Addresses.REPLIES, result);
            }
        }
        try (TestBroker second = new TestBroker(data);
                Client bridge = second.asBridge();
                Client client = second.as(second.credentials.client())) {
            TextMessage again = bridge.session.createTextMessage("result");
            again.setStringProperty("_AMQ_DUPL_ID", "01J-1");
            bridge.send(Addresses.REPLIES, again);
            assertThat(client.text(Addresses.REPLIES)).isEqualTo("result");
            assertThat(client.isEmpty(Addresses.REPLIES)).isTrue();
        }
    }

    @Test
    void an_expired_command_arrives_where_intake_reads_within_ten_seconds() throws Exception {
        try (TestBroker broker = new TestBroker(data);
                Client client = broker.as(broker.credentials.client());
                Client bridge = broker.asBridge()) {
            try (MessageProducer producer =
                    client.session.createProducer(client.session.createQueue(Addresses.COMMANDS))) {
                producer.send(client.session.createTextMessage("stale"), DeliveryMode.PERSISTENT, 4, 200);
            }
            Message expired = bridge.receive(Addresses.EXPIRED);
            assertThat(expired.getBody(String.class)).isEqualTo("stale");
            assertThat(expired.getStringProperty("_AMQ_ORIG_ADDRESS")).isEqualTo(Addresses.COMMANDS);
            assertThat(expired.getStringProperty("JMSXUserID")).isEqualTo("client");
        }
    }

    @Test
    void internal_messages_never_expire() throws Exception {
        try (TestBroker broker = new TestBroker(data);
                Client bridge = broker.asBridge()) {
            try (MessageProducer producer =
                    bridge.session.createProducer(bridge.session.createQueue(Addresses.EXPRESS))) {
                producer.send(bridge.session.createTextMessage("nudge"), DeliveryMode.PERSISTENT, 4, 1);
            }
            Message nudge = bridge.receive(Addresses.EXPRESS);
            assertThat(nudge.getJMSExpiration()).isZero();
        }
    }

    @Test
    void a_core_client_sends_a_command_and_reads_its_reply() throws Exception {
        try (TestBroker broker = new TestBroker(data)) {
            broker.credentials.writeConnectionFiles(broker.broker.url());
            try (Client client = new Client(BrokerConnections.ofFile(data.resolve("client.properties"))
                            .createConnection());
                    Client bridge = broker.asBridge()) {
                TemporaryQueue replies = client.session.createTemporaryQueue();
                TextMessage command = client.session.createTextMessage("command");
                command.setJMSReplyTo(replies);
                client.send(Addresses.COMMANDS, command);

                Message received = bridge.receive(Addresses.COMMANDS);
                assertThat(received.getStringProperty("JMSXUserID")).isEqualTo("client");
                assertThat(received.getLongProperty("_AMQ_INGRESS_TIMESTAMP"))
                        .isCloseTo(System.currentTimeMillis(), org.assertj.core.data.Offset.offset(10_000L));
                answer(bridge, received, "result");

                try (MessageConsumer consumer = client.session.createConsumer(replies)) {
                    assertThat(consumer.receive(TestBroker.PATIENCE).getBody(String.class))
                            .isEqualTo("result");
                }
            }
        }
    }

    @Test
    void an_amqp_client_sends_a_command_and_reads_its_replies() throws Exception {
        try (TestBroker broker = new TestBroker(data);
                Client bridge = broker.asBridge();
                Connection connection = amqp(broker, broker.credentials.of("alice"))) {
            Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            TemporaryQueue temporary = session.createTemporaryQueue();
            try (MessageProducer producer = session.createProducer(session.createQueue(Addresses.COMMANDS))) {
                for (Queue replyTo : List.of(temporary, session.createQueue(Addresses.repliesOf("alice")))) {
                    BytesMessage command = session.createBytesMessage();
                    command.writeBytes("{\"é\":1}".getBytes(UTF_8));
                    command.setJMSReplyTo(replyTo);
                    command.setJMSCorrelationID("c-1");
                    // Not the sender's to say.
                    command.setStringProperty("_AMQ_VALIDATED_USER", "bob");
                    producer.send(command);

                    Message received = bridge.receive(Addresses.COMMANDS);
                    assertThat(new String(received.getBody(byte[].class), UTF_8))
                            .isEqualTo("{\"é\":1}");
                    assertThat(received.getStringProperty("JMSXUserID")).isEqualTo("alice");
                    assertThat(received.getLongProperty("_AMQ_INGRESS_TIMESTAMP"))
                            .isPositive();
                    answer(bridge, received, "result");

                    try (MessageConsumer consumer = session.createConsumer(replyTo)) {
                        Message result = consumer.receive(TestBroker.PATIENCE);
                        assertThat(result.getBody(String.class)).isEqualTo("result");
                        assertThat(result.getJMSCorrelationID()).isEqualTo("c-1");
                    }
                }
            }
        }
    }

    @Test
    void a_stomp_client_sends_a_command_and_reads_its_reply() throws Exception {
        try (TestBroker broker = new TestBroker(data);
                Client bridge = broker.asBridge();
                StompClient stomp = new StompClient(broker.broker.port(), broker.credentials.of("bob"))) {
            stomp.send(
                    "SUBSCRIBE",
                    "",
                    "id:1",
                    "destination:" + Addresses.repliesOf("bob"),
                    "subscription-type:ANYCAST",
                    "ack:auto");
            for (String replyTo : List.of("payments.replies.bob", "queue://payments.replies.bob", "/queue/x")) {
                stomp.send(
                        "SEND",
                        "{\"command\":\"ping\"}",
                        "destination:" + Addresses.COMMANDS,
                        "destination-type:ANYCAST",
                        "persistent:true",
                        "reply-to:" + replyTo,
                        // Neither is the sender's to say.
                        "_AMQ_VALIDATED_USER:alice",
                        "_AMQ_INGRESS_TIMESTAMP:1",
                        "receipt:r-1");
                assertThat(stomp.receive()).extracting("command").isEqualTo("RECEIPT");
                Message received = bridge.receive(Addresses.COMMANDS);
                assertThat(received.getBody(String.class)).isEqualTo("{\"command\":\"ping\"}");
                assertThat(received.getJMSDeliveryMode()).isEqualTo(DeliveryMode.PERSISTENT);
                assertThat(received.getStringProperty("JMSXUserID")).isEqualTo("bob");
                assertThat(received.getLongProperty("_AMQ_INGRESS_TIMESTAMP")).isGreaterThan(1_000_000L);
                ReplyAddresses.Verdict verdict =
                        new ReplyAddresses(ReplyAddresses.DEFAULT_ALLOW).judge(received.getJMSReplyTo());
                if (replyTo.startsWith("/")) {
                    assertThat(verdict).isInstanceOf(ReplyAddresses.Verdict.Refused.class);
                } else {
                    answer(bridge, received, "result");
                    StompClient.Frame result = stomp.receive();
                    assertThat(result.command()).isEqualTo("MESSAGE");
                    assertThat(result.body()).isEqualTo("result");
                }
            }
        }
    }

    @Test
    void a_stomp_priority_outside_the_range_is_refused_and_wedges_nothing() throws Exception {
        try (TestBroker broker = new TestBroker(data);
                Client bridge = broker.asBridge()) {
            for (String priority : List.of("10", "-1", "127", "abc")) {
                try (StompClient stomp = new StompClient(broker.broker.port(), broker.credentials.client())) {
                    stomp.send(
                            "SEND",
                            "bad",
                            "destination:" + Addresses.COMMANDS,
                            "destination-type:ANYCAST",
                            "priority:" + priority,
                            "receipt:r-1");
                    assertThat(stomp.receive())
                            .as(priority)
                            .extracting("command")
                            .isEqualTo("ERROR");
                }
            }
            try (StompClient stomp = new StompClient(broker.broker.port(), broker.credentials.client())) {
                stomp.send(
                        "SEND",
                        "good",
                        "destination:" + Addresses.COMMANDS,
                        "destination-type:ANYCAST",
                        "priority:9",
                        "receipt:r-1");
                assertThat(stomp.receive()).extracting("command").isEqualTo("RECEIPT");
            }
            assertThat(bridge.text(Addresses.COMMANDS)).isEqualTo("good");
        }
    }

    @Test
    void a_command_sent_as_to_a_topic_is_refused_and_not_lost() throws Exception {
        try (TestBroker broker = new TestBroker(data);
                StompClient stomp = new StompClient(broker.broker.port(), broker.credentials.client());
                Client client = broker.as(broker.credentials.client())) {
            stomp.send("SEND", "bad", "destination:" + Addresses.COMMANDS, "destination-type:MULTICAST", "receipt:r-1");
            assertThat(stomp.receive()).extracting("command").isEqualTo("ERROR");
            assertThatThrownBy(() -> {
                        try (MessageProducer producer =
                                client.session.createProducer(client.session.createTopic(Addresses.COMMANDS))) {
                            producer.send(client.session.createTextMessage("bad"));
                        }
                    })
                    .isInstanceOf(JMSException.class);
            try (Connection amqp = amqp(broker, broker.credentials.client())) {
                Session session = amqp.createSession(false, Session.AUTO_ACKNOWLEDGE);
                assertThatThrownBy(() -> {
                            try (MessageProducer producer =
                                    session.createProducer(session.createTopic(Addresses.COMMANDS))) {
                                producer.send(session.createTextMessage("bad"));
                            }
                        })
                        .isInstanceOf(JMSException.class);
            }
        }
    }

    @Test
    void events_reach_core_amqp_and_stomp_subscribers_and_durable_ones_while_they_are_away() throws Exception {
        try (TestBroker broker = new TestBroker(data);
                Client bridge = broker.asBridge();
                Client core = broker.as(broker.credentials.client());
                Connection amqp = amqp(broker, broker.credentials.client());
                StompClient stomp = new StompClient(broker.broker.port(), broker.credentials.client())) {
            try (Connection durable =
                    broker.outside(broker.credentials.of("alice")).createConnection()) {
                durable.setClientID("erp");
                Session session = durable.createSession(false, Session.AUTO_ACKNOWLEDGE);
                session.createDurableSubscriber(session.createTopic(Addresses.EVENTS), "events")
                        .close();
            }
            Session amqpSession = amqp.createSession(false, Session.AUTO_ACKNOWLEDGE);
            try (MessageConsumer first = core.session.createConsumer(core.session.createTopic(Addresses.EVENTS));
                    MessageConsumer second = amqpSession.createConsumer(amqpSession.createTopic(Addresses.EVENTS));
                    MessageProducer events =
                            bridge.session.createProducer(bridge.session.createTopic(Addresses.EVENTS))) {
                stomp.send(
                        "SUBSCRIBE",
                        "",
                        "id:1",
                        "destination:" + Addresses.EVENTS,
                        "subscription-type:MULTICAST",
                        "receipt:r-1");
                assertThat(stomp.receive()).extracting("command").isEqualTo("RECEIPT");
                events.send(bridge.session.createTextMessage("event"));
                assertThat(first.receive(TestBroker.PATIENCE).getBody(String.class))
                        .isEqualTo("event");
                assertThat(second.receive(TestBroker.PATIENCE).getBody(String.class))
                        .isEqualTo("event");
                assertThat(stomp.receive()).extracting("body").isEqualTo("event");
            }
            try (Connection durable =
                    broker.outside(broker.credentials.of("alice")).createConnection()) {
                durable.setClientID("erp");
                durable.start();
                Session session = durable.createSession(false, Session.AUTO_ACKNOWLEDGE);
                try (MessageConsumer consumer =
                        session.createDurableSubscriber(session.createTopic(Addresses.EVENTS), "events")) {
                    assertThat(consumer.receive(TestBroker.PATIENCE).getBody(String.class))
                            .isEqualTo("event");
                }
                session.unsubscribe("events");
            }
        }
    }

    @Test
    void java_objects_in_messages_are_never_read() throws Exception {
        try (TestBroker broker = new TestBroker(data);
                Client client = broker.as(broker.credentials.client());
                Client bridge = broker.asBridge()) {
            client.send(Addresses.COMMANDS, client.session.createObjectMessage(new Date(0)));
            ObjectMessage received = (ObjectMessage) bridge.receive(Addresses.COMMANDS);
            assertThatThrownBy(() -> received.getObject())
                    .isInstanceOf(JMSException.class)
                    .hasMessageContaining("java.util.Date");
        }
    }

    @Test
    void f57_a_temporary_queue_that_is_gone_fails_the_send_and_only_that() throws Exception {
        try (TestBroker broker = new TestBroker(data);
                Client bridge = broker.asBridge()) {
            jakarta.jms.Destination gone;
            try (Client client = broker.as(broker.credentials.client())) {
                TextMessage command = client.session.createTextMessage("command");
                command.setJMSReplyTo(client.session.createTemporaryQueue());
                client.send(Addresses.COMMANDS, command);
                Message received = bridge.receive(Addresses.COMMANDS);
                gone = received.getJMSReplyTo();
                // While it is there it works, also from the bridge's destination cache.
                try (MessageProducer producer = bridge.session.createProducer(gone)) {
                    producer.send(bridge.session.createTextMessage("result"));
                }
            }
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThatThrownBy(() -> {
                        try (MessageProducer producer = bridge.session.createProducer(gone)) {
                            producer.send(bridge.session.createTextMessage("result"));
                        }
                    })
                    .isInstanceOf(JMSException.class)
                    .matches(BrokerConnections::isDestinationGone));
            bridge.send(Addresses.REPLIES, "result");
            try (BrokerManagement management = BrokerManagement.open(broker.bridge())) {
                assertThat(management.messageCount(Addresses.REPLIES)).isEqualTo(1);
            }
        }
    }

    @Test
    void the_pool_consumes_and_sends_and_sees_vanished_and_forbidden_queues() throws Exception {
        try (TestBroker broker = new TestBroker(data)) {
            JmsPoolConnectionFactory pool =
                    BrokerConnections.pooled(broker.broker.vmUrl(), broker.credentials.bridge(), 2);
            try (Client bridge = new Client(pool.createConnection());
                    Client client = broker.as(broker.credentials.client())) {
                TemporaryQueue replies = client.session.createTemporaryQueue();
                String name = replies.getQueueName();
                bridge.send(name, "result");
                try (MessageConsumer consumer = client.session.createConsumer(replies)) {
                    assertThat(consumer.receive(TestBroker.PATIENCE).getBody(String.class))
                            .isEqualTo("result");
                }
                replies.delete();
                assertThatThrownBy(() -> bridge.send(name, "late"))
                        .isInstanceOf(JMSException.class)
                        .matches(BrokerConnections::isDestinationGone);
                bridge.send(Addresses.REPLIES, "result");
                assertThat(client.text(Addresses.REPLIES)).isEqualTo("result");
                assertThatThrownBy(() -> bridge.send("payments.replies.nobody", "result"))
                        .matches(BrokerConnections::isDestinationGone);
            } finally {
                pool.stop();
            }
        }
    }

    @Test
    void f57_in_a_transaction_a_vanished_queue_is_only_seen_at_the_commit_and_voids_it_all() throws Exception {
        try (TestBroker broker = new TestBroker(data);
                Client bridge = broker.asBridge();
                Client client = broker.as(broker.credentials.client())) {
            Session session = bridge.connection.createSession(true, Session.SESSION_TRANSACTED);
            TemporaryQueue replies = client.session.createTemporaryQueue();
            Queue known = ActiveMQJMSClient.createQueue(replies.getQueueName());
            try (MessageProducer producer = session.createProducer(known);
                    MessageProducer other = session.createProducer(ActiveMQJMSClient.createQueue(Addresses.REPLIES))) {
                replies.delete();
                other.send(session.createTextMessage("good"));
                producer.send(session.createTextMessage("late"));
                assertThatThrownBy(session::commit).matches(BrokerConnections::isDestinationGone);
                session.rollback();
                assertThat(client.isEmpty(Addresses.REPLIES)).isTrue();
            }
        }
    }

    @Test
    void the_ways_in_which_a_missing_queue_shows_are_told_apart_from_a_broker_that_is_gone() throws Exception {
        try (TestBroker broker = new TestBroker(data);
                Client bridge = broker.asBridge();
                Client operator = broker.as(broker.credentials.operator())) {
            assertThatThrownBy(() -> bridge.session.createQueue("payments.replies.nobody"))
                    .isExactlyInstanceOf(JMSException.class)
                    .matches(BrokerConnections::isDestinationGone);
            assertThatThrownBy(() ->
                            bridge.session.createProducer(ActiveMQJMSClient.createQueue("payments.replies.nobody")))
                    .isExactlyInstanceOf(InvalidDestinationException.class)
                    .matches(BrokerConnections::isDestinationGone);
            TemporaryQueue replies = operator.session.createTemporaryQueue();
            try (MessageProducer producer =
                    bridge.session.createProducer(ActiveMQJMSClient.createQueue(replies.getQueueName()))) {
                replies.delete();
                assertThatThrownBy(() -> producer.send(bridge.session.createTextMessage("late")))
                        .isExactlyInstanceOf(JMSException.class)
                        .hasCauseExactlyInstanceOf(ActiveMQAddressDoesNotExistException.class)
                        .matches(BrokerConnections::isDestinationGone);
            }
            assertThatThrownBy(() -> operator.send(Addresses.REPLIES, "forged"))
                    .isExactlyInstanceOf(JMSSecurityException.class)
                    .matches(BrokerConnections::isForbidden);
            broker.broker.close();
            assertThatThrownBy(() -> bridge.session.createProducer(ActiveMQJMSClient.createQueue(Addresses.REPLIES)))
                    .isExactlyInstanceOf(jakarta.jms.IllegalStateException.class)
                    .matches(e -> !BrokerConnections.isDestinationGone(e));
            assertThatThrownBy(broker::asBridge)
                    .isExactlyInstanceOf(JMSException.class)
                    .hasCauseExactlyInstanceOf(ActiveMQNotConnectedException.class)
                    .matches(e -> !BrokerConnections.isDestinationGone(e));
        }
    }

    @Test
    void an_amqp_sender_is_known_also_when_its_command_is_large_or_expired_or_restarted() throws Exception {
        String large = "x".repeat(500_000);
        try (TestBroker broker = new TestBroker(data);
                Connection amqp = amqp(broker, broker.credentials.of("alice"))) {
            Session session = amqp.createSession(false, Session.AUTO_ACKNOWLEDGE);
            try (MessageProducer producer = session.createProducer(session.createQueue(Addresses.COMMANDS))) {
                producer.send(session.createTextMessage(large));
                producer.send(session.createTextMessage("stale"), DeliveryMode.PERSISTENT, 4, 100);
            }
        }
        try (TestBroker broker = new TestBroker(data);
                Client bridge = broker.asBridge()) {
            Message command = bridge.receive(Addresses.COMMANDS);
            assertThat(command.getBody(String.class)).isEqualTo(large);
            assertThat(command.getStringProperty("JMSXUserID")).isEqualTo("alice");
            Message expired = bridge.receive(Addresses.EXPIRED);
            assertThat(expired.getBody(String.class)).isEqualTo("stale");
            assertThat(expired.getStringProperty("JMSXUserID")).isEqualTo("alice");
        }
    }

    @Test
    void f35_on_a_full_disk_sends_fail_and_go_on_when_there_is_room() throws Exception {
        BrokerSettings full = new BrokerSettings(data, 0, List.of(), List.of(), List.of(), Long.MAX_VALUE);
        try (TestBroker broker = new TestBroker(full);
                Client client = broker.as(broker.credentials.client());
                Client bridge = broker.asBridge();
                Connection amqp = amqp(broker, broker.credentials.client())) {
            FileStoreMonitor monitor = ((ActiveMQServerImpl) broker.broker.server()).getMonitor();
            monitor.tick();
            assertThatThrownBy(() -> client.send(Addresses.COMMANDS, "core")).isInstanceOf(JMSException.class);
            Session transacted = bridge.connection.createSession(true, Session.SESSION_TRANSACTED);
            assertThatThrownBy(() -> {
                        try (MessageProducer producer =
                                transacted.createProducer(transacted.createQueue(Addresses.REPLIES))) {
                            producer.send(transacted.createTextMessage("result"));
                        }
                        transacted.commit();
                    })
                    .isInstanceOf(JMSException.class);
            transacted.close();
            try (StompClient stomp = new StompClient(broker.broker.port(), broker.credentials.client())) {
                stomp.send("SEND", "stomp", "destination:" + Addresses.COMMANDS, "receipt:r-1");
                assertThat(stomp.receive()).extracting("command").isEqualTo("ERROR");
            }
            Session amqpSession = amqp.createSession(false, Session.AUTO_ACKNOWLEDGE);
            assertThatThrownBy(() -> {
                        try (MessageProducer producer =
                                amqpSession.createProducer(amqpSession.createQueue(Addresses.COMMANDS))) {
                            producer.send(amqpSession.createTextMessage("amqp"));
                        }
                    })
                    .isInstanceOf(JMSException.class);
            monitor.setMinDiskFree(0).tick();
            await().atMost(Duration.ofSeconds(10)).ignoreExceptions().untilAsserted(() -> {
                client.send(Addresses.COMMANDS, "again");
                assertThat(bridge.text(Addresses.COMMANDS)).isEqualTo("again");
                bridge.send(Addresses.REPLIES, "again");
            });
            try (BrokerManagement management = BrokerManagement.open(broker.bridge())) {
                assertThat(management.messageCount(Addresses.COMMANDS)).isZero();
            }
        }
    }

    @Test
    void a_send_to_a_broker_that_is_gone_fails_at_once() throws Exception {
        try (TestBroker broker = new TestBroker(data);
                Client bridge = broker.asBridge();
                Client client = broker.as(broker.credentials.client())) {
            broker.broker.close();
            assertThat(broker.broker.isRunning()).isFalse();
            assertThatThrownBy(() -> bridge.send(Addresses.REPLIES, "result"))
                    .isInstanceOf(JMSException.class)
                    .matches(e -> !BrokerConnections.isDestinationGone(e) && !BrokerConnections.isForbidden(e));
            assertThatThrownBy(() -> client.send(Addresses.COMMANDS, "x"))
                    .isInstanceOf(JMSException.class)
                    .matches(e -> !BrokerConnections.isDestinationGone(e) && !BrokerConnections.isForbidden(e));
            assertThatThrownBy(() -> broker.asBridge()).isInstanceOf(JMSException.class);
        }
    }

    @Test
    void two_brokers_run_in_one_process_but_not_on_one_folder() throws Exception {
        try (TestBroker first = new TestBroker(data.resolve("a"));
                TestBroker second = new TestBroker(data.resolve("b"));
                Client client = first.as(first.credentials.client());
                Client bridge = second.asBridge()) {
            client.send(Addresses.COMMANDS, "first");
            assertThat(bridge.isEmpty(Addresses.COMMANDS)).isTrue();
            assertThatThrownBy(() -> EmbeddedBroker.start(first.settings, first.credentials))
                    .isInstanceOf(BrokerException.class)
                    .hasMessageContaining("no other PinBridge");
        }
    }

    @Test
    void a_taken_port_is_named_with_its_setting() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
            BrokerSettings settings = new BrokerSettings(data, taken.getLocalPort(), List.of(), List.of(), List.of());
            assertThatThrownBy(() -> new TestBroker(settings))
                    .isInstanceOf(BrokerException.class)
                    .hasMessageContaining(Integer.toString(taken.getLocalPort()))
                    .hasMessageContaining("pinbridge.broker.port");
        }
    }

    @Test
    void credentials_stay_and_files_are_private() throws Exception {
        try (TestBroker broker = new TestBroker(data)) {
            broker.credentials.writeConnectionFiles(broker.broker.url());
            PrivateFiles.writePorts(data, broker.broker.port(), 8080, 9876);
            Credentials again = Credentials.load(broker.settings);
            assertThat(again.client().password().reveal())
                    .isEqualTo(broker.credentials.client().password().reveal())
                    .hasSizeGreaterThanOrEqualTo(32);
            for (String file : List.of(
                    "credentials.properties",
                    "client.properties",
                    "client-alice.properties",
                    "operator.properties",
                    "ports.properties")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(file))))
                        .as(file)
                        .isEqualTo("rw-------");
            }
            Properties client = PrivateFiles.read(data.resolve("client.properties"));
            assertThat(client)
                    .containsOnlyKeys("url", "username", "password")
                    .containsEntry("url", "tcp://127.0.0.1:" + broker.broker.port())
                    .containsEntry("username", "client");
            assertThat(Files.readString(data.resolve("ports.properties")))
                    .isEqualTo("broker=" + broker.broker.port() + "\nhttp=8080\nmanagement=9876\n");
            try (var files = Files.list(data)) {
                assertThat(files)
                        .noneMatch(file -> file.getFileName().toString().endsWith(".new"));
            }
        }
    }

    private static Connection amqp(TestBroker broker, Login login) throws JMSException {
        Connection connection = new JmsConnectionFactory(
                        login.user(),
                        login.password().reveal(),
                        "amqp://127.0.0.1:" + broker.broker.port() + "?jms.sendTimeout=5000")
                .createConnection();
        connection.start();
        return connection;
    }

    /** Answers as the bridge does: to the bare name, as a queue. */
    private static void answer(Client bridge, Message command, String body) throws JMSException {
        ReplyAddresses.Verdict verdict =
                new ReplyAddresses(ReplyAddresses.DEFAULT_ALLOW).judge(command.getJMSReplyTo());
        assertThat(verdict).isInstanceOf(ReplyAddresses.Verdict.Allowed.class);
        TextMessage result = bridge.session.createTextMessage(body);
        result.setJMSCorrelationID(command.getJMSCorrelationID());
        bridge.send(((ReplyAddresses.Verdict.Allowed) verdict).name(), result);
    }
}
