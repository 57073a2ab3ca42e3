package nl.pinbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import nl.pinbridge.broker.Addresses;
import nl.pinbridge.broker.BrokerConnections;
import nl.pinbridge.broker.BrokerSettings;
import nl.pinbridge.broker.Credentials;
import nl.pinbridge.broker.Delivered;
import nl.pinbridge.broker.Login;
import nl.pinbridge.broker.Place;
import nl.pinbridge.broker.StompClient;
import nl.pinbridge.config.Secret;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.management.ResourceNames;
import org.apache.activemq.artemis.api.jms.management.JMSManagementHelper;
import org.apache.activemq.artemis.jms.client.ActiveMQDestination;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A back office's user tries everything on every address of a bridge at work. What it gets away with is compared as a whole; then
 * the broker is asked whether anything has changed.
 */
class ClientRoleTest {
    private static final Set<String> SENDS = Set.of(Addresses.COMMANDS);
    private static final Set<String> BROWSES =
            Set.of(Addresses.REPLIES, "payments.replies.kassa", Addresses.RECONCILIATION, Addresses.REFUSED);
    private static final Set<String> CONSUMES = Set.of(
            Addresses.REPLIES, "payments.replies.kassa", Addresses.EVENTS, Addresses.RECONCILIATION, Addresses.REFUSED);

    private static RunningBridge bridge;
    private static Login kassa;
    private static Login insider;
    private static List<Place> places;

    @BeforeAll
    static void start() throws IOException {
        bridge = RunningBridge.with()
                .set("pinbridge.broker.clients", "kassa,other")
                .start();
        BrokerSettings settings =
                new BrokerSettings(bridge.data(), 0, List.of("kassa", "other"), List.of(), Delivered.providers());
        places = Addresses.places(settings);
        insider = Credentials.load(settings).bridge();
        kassa = login(bridge.data().resolve("client-kassa.properties"));
    }

    @AfterAll
    static void stop() {
        bridge.close();
    }

    private static Login login(Path file) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        }
        return new Login(properties.getProperty("username"), new Secret(properties.getProperty("password")));
    }

    private List<String> before = List.of();

    @BeforeEach
    void look() throws JMSException {
        before = topology();
    }

    /** Every address and queue that the broker has, temporary ones of the bridge itself aside. */
    private static List<String> topology() throws JMSException {
        try (Connection connection = factory(insider).createConnection()) {
            connection.start();
            Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            Destination answers = session.createTemporaryQueue();
            List<String> names = new ArrayList<>();
            for (String attribute : List.of("addressNames", "queueNames")) {
                Message question = session.createMessage();
                JMSManagementHelper.putAttribute(question, ResourceNames.BROKER, attribute);
                question.setJMSReplyTo(answers);
                try (MessageProducer producer =
                                session.createProducer(ActiveMQDestination.createQueue(Addresses.MANAGEMENT));
                        MessageConsumer consumer = session.createConsumer(answers)) {
                    producer.send(question);
                    for (Object name : (Object[]) JMSManagementHelper.getResult(consumer.receive(10_000))) {
                        if (!name.toString().matches("(pinbridge.temp.)?[0-9a-f-]{36}")) {
                            names.add(attribute + " " + name);
                        }
                    }
                } catch (JMSException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
            return names.stream().sorted().toList();
        }
    }

    private static ConnectionFactory factory(Login login) {
        return BrokerConnections.plain(bridge.bridge().brokerUrl(), login);
    }

    private static int port() {
        return Integer.parseInt(bridge.bridge().brokerUrl().replaceFirst(".*:", ""));
    }

    private static Connection core() throws JMSException {
        return factory(kassa).createConnection();
    }

    private static Connection amqp() throws JMSException {
        return new JmsConnectionFactory(kassa.user(), kassa.password().reveal(), "amqp://127.0.0.1:" + port())
                .createConnection();
    }

    /** Nothing was made, removed or slipped in, and the bridge still answers. */
    private void assertUntouched() throws JMSException {
        assertThat(topology()).isEqualTo(before);
        assertThat(before)
                .containsAll(places.stream()
                        .filter(place -> !place.multicast())
                        .map(place -> "queueNames " + place.name())
                        .toList());
        try (Connection operator = factory(operator()).createConnection()) {
            operator.start();
            Session session = operator.createSession(false, Session.AUTO_ACKNOWLEDGE);
            for (Place place : places) {
                if (place.multicast()) {
                    continue;
                }
                try (QueueBrowser browser = session.createBrowser(ActiveMQDestination.createQueue(place.name()))) {
                    for (var messages = browser.getEnumeration(); messages.hasMoreElements(); ) {
                        String text = String.valueOf(((Message) messages.nextElement()).getBody(String.class));
                        assertThat(place.name().equals(Addresses.REFUSED) || !text.contains("smuggled"))
                                .as(place.name() + ": " + text)
                                .isTrue();
                    }
                }
            }
        }
        try (TestClient client = bridge.client()) {
            String key = "still-" + System.nanoTime();
            client.send("{\"commandId\":\"" + key + "\",\"command\":\"ping\"}");
            JsonNode result = client.awaitFinal(key);
            assertThat(BridgeTest.text(result, "status")).isEqualTo("SUCCEEDED");
        }
    }

    private static Login operator() {
        try {
            return login(bridge.data().resolve("operator.properties"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private interface Try {
        void on(Session session, String name, boolean topic) throws JMSException;
    }

    private static Destination destination(String name, boolean topic) {
        return topic ? ActiveMQDestination.createTopic(name) : ActiveMQDestination.createQueue(name);
    }

    private static void send(Session session, Destination destination) throws JMSException {
        try (MessageProducer producer = session.createProducer(destination)) {
            producer.send(session.createTextMessage("smuggled"));
        }
    }

    private interface Opener {
        Connection open() throws JMSException;
    }

    /**
     * The names for which the attempt worked, both as queue and as topic; {@code T} before the name stands for a topic. Each attempt
     * has a connection of its own, because the broker ends some for what was tried.
     */
    private static Set<String> workedFor(Opener opener, List<String> names, Try attempt) {
        Set<String> worked = new TreeSet<>();
        for (String name : names) {
            for (boolean topic : List.of(false, true)) {
                try (Connection connection = opener.open()) {
                    connection.start();
                    try (Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
                        attempt.on(session, name, topic);
                        worked.add(topic ? "T " + name : name);
                    }
                } catch (JMSException | IllegalArgumentException refused) {
                    assertThat(refused).isNotNull();
                }
            }
        }
        return worked;
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>(places.stream().map(Place::name).toList());
        names.addAll(List.of(
                "activemq.management",
                "activemq.notifications",
                "pinbridge.temp",
                "pinbridge.temp.x",
                "$sys.mqtt",
                "payments.replies.nobody",
                "payments.new"));
        return names;
    }

    /** Names that a broker could read as more than one, or as another. */
    private static List<String> crooked() {
        List<String> crooked = new ArrayList<>();
        for (String target : List.of(Addresses.ADMIN, "pinbridge.lane.pinvandaag", "payments.replies.other")) {
            crooked.add(Addresses.COMMANDS + "::" + target);
            crooked.add("payments.replies.kassa::" + target);
            crooked.add(target + "::" + target);
            crooked.add(target + "::" + Addresses.COMMANDS);
            crooked.add(target + "?routing-type=anycast");
            crooked.add("queue://" + target);
            crooked.add("/queue/" + target);
            crooked.add(" " + target);
            crooked.add(target.toUpperCase(java.util.Locale.ROOT));
        }
        crooked.addAll(
                List.of("#", "*", "payments.#", "payments.*", "pinbridge.#", "pinbridge.lane.*", "payments.replies.*"));
        return crooked;
    }

    private static Set<String> plain(Set<String> names, String... topics) {
        Set<String> all = new TreeSet<>(names);
        for (String topic : topics) {
            all.remove(topic);
            all.add("T " + topic);
        }
        return all;
    }

    @Test
    void over_core_a_client_sends_and_reads_only_its_own() throws Exception {
        assertThat(workedFor(
                        ClientRoleTest::core,
                        names(),
                        (session, name, topic) -> send(session, destination(name, topic))))
                .isEqualTo(SENDS);
        assertThat(workedFor(ClientRoleTest::core, names(), (session, name, topic) -> {
                    try (MessageProducer anonymous = session.createProducer(null)) {
                        anonymous.send(destination(name, topic), session.createTextMessage("smuggled"));
                    }
                }))
                .isEqualTo(SENDS);
        assertThat(workedFor(ClientRoleTest::core, names(), (session, name, topic) -> session.createConsumer(
                                destination(name, topic))
                        .close()))
                .isEqualTo(plain(CONSUMES, Addresses.EVENTS));
        assertThat(workedFor(ClientRoleTest::core, names(), (session, name, topic) -> {
                    if (topic) {
                        throw new JMSException("topics are not browsed");
                    }
                    try (QueueBrowser browser = session.createBrowser(ActiveMQDestination.createQueue(name))) {
                        browser.getEnumeration();
                    }
                }))
                .isEqualTo(BROWSES);
        assertUntouched();
    }

    @Test
    void over_core_no_crooked_name_leads_anywhere() throws Exception {
        assertThat(workedFor(
                        ClientRoleTest::core,
                        crooked(),
                        (session, name, topic) -> send(session, destination(name, topic))))
                .isEmpty();
        assertThat(workedFor(ClientRoleTest::core, crooked(), (session, name, topic) -> session.createConsumer(
                                destination(name, topic))
                        .close()))
                .isEmpty();
        assertUntouched();
    }

    @Test
    void over_core_a_client_makes_and_removes_nothing_lasting() throws Exception {
        List<String> all = new ArrayList<>(names());
        try (Connection connection = core()) {
            ClientSession core =
                    ((ActiveMQSession) connection.createSession(false, Session.AUTO_ACKNOWLEDGE)).getCoreSession();
            Set<String> made = new TreeSet<>();
            for (String address : all) {
                // Subscriptions to events are the client's own business.
                for (RoutingType type : RoutingType.values()) {
                    for (boolean durable : List.of(true, false)) {
                        if (!address.equals(Addresses.EVENTS)) {
                            attempt(
                                    made,
                                    "queue on " + address,
                                    () -> core.createQueue(QueueConfiguration.of("stray-" + durable)
                                            .setAddress(address)
                                            .setRoutingType(type)
                                            .setDurable(durable)));
                            attempt(
                                    made,
                                    "divert of " + address,
                                    () -> core.createQueue(QueueConfiguration.of("stray-filter")
                                            .setAddress(address)
                                            .setRoutingType(type)
                                            .setFilterString("commandId IS NOT NULL")
                                            .setAutoCreated(true)
                                            .setDurable(durable)));
                        }
                    }
                    attempt(
                            made,
                            "address " + address,
                            () -> core.createAddress(SimpleString.of("stray." + address), type, false));
                }
                attempt(made, "delete " + address, () -> core.deleteQueue(address));
            }
            assertThat(made).isEmpty();
        }
        assertUntouched();
    }

    private interface Act {
        void run() throws ActiveMQException;
    }

    private static void attempt(Set<String> made, String what, Act act) {
        try {
            act.run();
            made.add(what);
        } catch (ActiveMQException refused) {
            assertThat(refused).isNotNull();
        }
    }

    @Test
    void over_core_a_client_manages_nothing() throws Exception {
        try (Connection core = core()) {
            Set<String> worked = new TreeSet<>();
            for (String operation :
                    List.of("destroyQueue", "pause", "listConnectionsAsJSON", "forceFailover", "getVersion")) {
                for (String resource : List.of(
                        ResourceNames.BROKER,
                        ResourceNames.QUEUE + Addresses.COMMANDS,
                        ResourceNames.ADDRESS + Addresses.COMMANDS)) {
                    try (Session session = core.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
                        Message question = session.createMessage();
                        JMSManagementHelper.putOperationInvocation(question, resource, operation);
                        question.setJMSReplyTo(session.createTemporaryQueue());
                        try (MessageProducer producer =
                                session.createProducer(ActiveMQDestination.createQueue(Addresses.MANAGEMENT))) {
                            producer.send(question);
                            worked.add(operation + " " + resource);
                        }
                    } catch (JMSSecurityException refused) {
                        assertThat(refused).isNotNull();
                    }
                }
            }
            assertThat(worked).isEmpty();
        }
        assertUntouched();
    }

    @Test
    void over_amqp_a_client_sends_and_reads_only_its_own() throws Exception {
        List<String> all = new ArrayList<>(names());
        all.addAll(crooked().stream().filter(name -> !name.contains("queue")).toList());
        assertThat(workedFor(ClientRoleTest::amqp, all, (session, name, topic) -> {
                    Destination destination = topic ? session.createTopic(name) : session.createQueue(name);
                    try (MessageProducer producer = session.createProducer(destination)) {
                        producer.send(session.createTextMessage("smuggled"), DeliveryMode.PERSISTENT, 4, 0);
                    }
                }))
                .isEqualTo(SENDS);
        assertThat(workedFor(ClientRoleTest::amqp, all, (session, name, topic) -> {
                    Destination destination = topic ? session.createTopic(name) : session.createQueue(name);
                    try (MessageProducer anonymous = session.createProducer(null)) {
                        anonymous.send(destination, session.createTextMessage("smuggled"));
                    }
                }))
                .isEqualTo(SENDS);
        assertThat(workedFor(ClientRoleTest::amqp, all, (session, name, topic) -> session.createConsumer(
                                topic ? session.createTopic(name) : session.createQueue(name))
                        .close()))
                .isEqualTo(plain(CONSUMES, Addresses.EVENTS));
        assertUntouched();
    }

    @Test
    void over_stomp_a_client_sends_and_reads_only_its_own() throws Exception {
        List<String> all = new ArrayList<>(names());
        all.addAll(crooked());
        for (String type : List.of("ANYCAST", "MULTICAST")) {
            Set<String> sent = new TreeSet<>();
            Set<String> read = new TreeSet<>();
            for (String name : all) {
                String escaped = name.replace(":", "\\c");
                try (StompClient stomp = new StompClient(port(), kassa)) {
                    stomp.send("SEND", "smuggled", "destination:" + escaped, "destination-type:" + type, "receipt:r-1");
                    if (stomp.receive().command().equals("RECEIPT")) {
                        sent.add(name);
                    }
                }
                try (StompClient stomp = new StompClient(port(), kassa)) {
                    stomp.send(
                            "SUBSCRIBE",
                            "",
                            "id:1",
                            "ack:client-individual",
                            "destination:" + escaped,
                            "subscription-type:" + type,
                            "receipt:r-1");
                    String answer = stomp.receive().command();
                    if (!answer.equals("ERROR")) {
                        read.add(name);
                    }
                }
            }
            assertThat(sent).as(type).isEqualTo(type.equals("ANYCAST") ? SENDS : Set.of());
            assertThat(CONSUMES).as(type).containsAll(read);
            assertThat(read.contains(Addresses.EVENTS)).as(type).isEqualTo(type.equals("MULTICAST"));
        }
        assertUntouched();
    }
}
