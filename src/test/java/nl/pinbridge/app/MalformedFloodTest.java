package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.BytesMessage;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.contract.Json;
import nl.pinbridge.sandbox.Brand;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Thousands of messages that are wrong in every way that we could think of, with good commands among them. What goes in comes out;
 * good commands are answered as if nothing were. {@code -Dmalformed.seed=N} plays a run again, {@code -Dmalformed.count=N} a
 * longer one.
 */
class MalformedFloodTest {
    private static final int COUNT = Integer.getInteger("malformed.count", 5_000);
    private static final int WARM_UP = COUNT / 10;
    private static final int GOOD_EVERY = 100;

    /** What may stay in the heap after so many messages; the ledger's cache and the broker's pages fill up first. */
    private static final long GROWTH = 64L * 1024 * 1024;

    private static final String MARK = "flood";

    @Test
    void f36_five_thousand_malformed_messages_are_all_accounted_for_and_hold_up_nobody() throws Exception {
        long seed = Long.getLong("malformed.seed", System.nanoTime());
        System.out.println("Malformed messages: replay with -Dmalformed.seed=" + seed);
        try (RunningBridge bridge = RunningBridge.with().start();
                Connection connection = bridge.factory().createConnection();
                Connection reading = bridge.factory().createConnection();
                TestClient good = bridge.client()) {
            Outlet outlet = new Outlet(reading);
            Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            connection.start();
            Flood flood = new Flood(new Random(seed), session, bridge);
            List<Till> tills = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                tills.add(bridge.till(i % 2 == 0 ? Brand.WORLDLINE : Brand.CCV));
            }
            // The program and its caches warm up on the same mixture.
            send(session, flood, WARM_UP);
            outlet.await(WARM_UP, seed);
            List<Long> before = answerTimes(good, "before", tills, 20);
            long heapBefore = heapAfterGc();

            List<Long> during = new ArrayList<>();
            Map<String, Long> sentAt = new ConcurrentHashMap<>();
            for (int i = 0; i < COUNT; i += GOOD_EVERY) {
                send(session, flood, GOOD_EVERY);
                String key = "good-" + i;
                sentAt.put(key, System.nanoTime());
                good.send(create(key, tills, i / GOOD_EVERY));
                good.await(key, Duration.ofSeconds(20), result -> true);
                during.add(System.nanoTime() - sentAt.get(key));
            }
            outlet.await(WARM_UP + COUNT, seed);
            for (String key : sentAt.keySet()) {
                JsonNode result = good.awaitFinal(key);
                assertThat(text(result, "status")).as(key).isEqualTo("SUCCEEDED");
                assertThat(bridge.charges(result)).as(key).hasSize(1);
            }
            long heapAfter = heapAfterGc();
            List<Long> after = answerTimes(good, "after", tills, 20);

            System.out.printf(
                    Locale.ROOT,
                    "First answers in ms, median/90%%/99%%: before %s, during %s, after %s; heap after GC %d, then %d MB; %s%n",
                    percentiles(before),
                    percentiles(during),
                    percentiles(after),
                    heapBefore >> 20,
                    heapAfter >> 20,
                    outlet.kinds);
            assertThat(heapAfter - heapBefore).isLessThan(GROWTH);
            assertThat(bridge.sandbox().book().size()).isEqualTo(sentAt.size() + before.size() + after.size());
            assertThat(outlet.results).allSatisfy(result -> assertThat(RunningBridge.RESULTS.validate(result))
                    .isEmpty());
        }
    }

    private static ObjectNode create(String key, List<Till> tills, int number) {
        return TestClient.create(key, tills.get(number % tills.size()).alias(), 100);
    }

    private static List<Long> answerTimes(TestClient good, String name, List<Till> tills, int count) {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String key = name + "-" + i;
            long start = System.nanoTime();
            good.send(create(key, tills, i));
            good.await(key, Duration.ofSeconds(20), result -> true);
            nanos.add(System.nanoTime() - start);
        }
        // They end at their own pace, and must not be mistaken for what follows.
        for (int i = 0; i < count; i++) {
            good.awaitFinal(name + "-" + i);
        }
        return nanos;
    }

    private static String percentiles(List<Long> nanos) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        return Arrays.stream(new int[] {50, 90, 99})
                .mapToObj(percent -> String.valueOf(sorted[(sorted.length - 1) * percent / 100] / 1_000_000))
                .reduce((a, b) -> a + "/" + b)
                .orElseThrow();
    }

    private static long heapAfterGc() {
        var memory = ManagementFactory.getMemoryMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            memory.gc();
            least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    private static void send(Session session, Flood flood, int count) throws JMSException {
        AtomicInteger open = new AtomicInteger(count);
        List<Exception> failed = java.util.Collections.synchronizedList(new ArrayList<>());
        CompletionListener listener = new CompletionListener() {
            @Override
            public void onCompletion(Message message) {
                open.decrementAndGet();
            }

            @Override
            public void onException(Message message, Exception exception) {
                failed.add(exception);
                open.decrementAndGet();
            }
        };
        try (MessageProducer producer = session.createProducer(session.createQueue("payments.commands"))) {
            producer.setDisableMessageTimestamp(true);
            for (int i = 0; i < count; i++) {
                Message message = flood.next();
                // Sent without waiting for each disk write: the broker confirms them in bulk.
                producer.send(message, jakarta.jms.DeliveryMode.PERSISTENT, 4, flood.timeToLive(), listener);
            }
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> open.get() == 0);
        }
        assertThat(failed).isEmpty();
    }

    /** Counts what comes back for the flood, in two places: results on the shared reply queue, and refused messages. */
    private static final class Outlet {
        private final Set<String> marks = ConcurrentHashMap.newKeySet();
        private final AtomicInteger arrivals = new AtomicInteger();
        private final List<JsonNode> results = java.util.Collections.synchronizedList(new ArrayList<>());
        private final Map<String, Integer> kinds = java.util.Collections.synchronizedMap(new TreeMap<>());

        Outlet(Connection connection) throws JMSException {
            for (String queue : List.of("payments.replies", "payments.refused")) {
                Session session = connection.createSession(false, Session.DUPS_OK_ACKNOWLEDGE);
                MessageConsumer consumer = session.createConsumer(session.createQueue(queue));
                consumer.setMessageListener(message -> arrived(queue, message));
            }
            connection.start();
        }

        private void arrived(String queue, Message message) {
            try {
                JsonNode body = Json.read(((TextMessage) message).getText());
                String mark;
                if (queue.equals("payments.replies")) {
                    mark = message.getJMSCorrelationID();
                    results.add(body);
                    kinds.merge(text(body, "status") + "/" + text(body.path("error"), "code"), 1, Integer::sum);
                } else {
                    mark = text(body.path("message").path("properties"), MARK);
                    kinds.merge("payments.refused", 1, Integer::sum);
                }
                arrivals.incrementAndGet();
                marks.add(mark);
            } catch (JMSException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Each of them exactly once. */
        void await(int count, long seed) {
            Awaitility.await("answers to " + count + " messages of seed " + seed)
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> marks.size() >= count);
            assertThat(arrivals).hasValue(count);
            assertThat(marks).hasSize(count);
            for (int i = 0; i < count; i++) {
                assertThat(marks).contains("m" + i);
            }
        }
    }

    /** Makes nonsense, the same for the same seed. */
    private static final class Flood {
        private static final String ODD =
                "\u0000\u0001\u001b\u007f\u0085\u2028\ud800\udfff\ufeff\uffff\"\\/{}[]:,'é€𐍈\u202e<&%$#;|`\n\r\t";

        private final Random random;
        private final Session session;
        private final List<String> aliases;
        private int number;
        private long timeToLive;

        Flood(Random random, Session session, RunningBridge bridge) {
            this.random = random;
            this.session = session;
            aliases = List.of(bridge.till().alias(), bridge.till(Brand.CCV).alias());
        }

        /** Of the message made last, in milliseconds; 0 for none. */
        long timeToLive() {
            return timeToLive;
        }

        Message next() throws JMSException {
            timeToLive = 0;
            String mark = "m" + number;
            Message message = body();
            message.setStringProperty(MARK, mark);
            message.setJMSCorrelationID(mark);
            if (random.nextInt(20) == 0) {
                message.setStringProperty("CAmelHttpUri", nonsense(40));
                message.setJMSType(nonsense(20));
            }
            number++;
            return message;
        }

        private Message body() throws JMSException {
            switch (random.nextInt(25)) {
                case 0:
                    return session.createMessage();
                case 1:
                    MapMessage map = session.createMapMessage();
                    map.setString("commandId", nonsense(10));
                    return map;
                case 2:
                    StreamMessage stream = session.createStreamMessage();
                    stream.writeInt(random.nextInt());
                    stream.writeString(nonsense(30));
                    return stream;
                case 3:
                    return session.createObjectMessage(new ArrayList<>(List.of(nonsense(10), number)));
                case 4, 5:
                    byte[] noise = new byte[random.nextInt(300)];
                    random.nextBytes(noise);
                    return bytes(noise);
                case 6:
                    return bytes(
                            json().getBytes(random.nextBoolean() ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8));
                default:
                    return session.createTextMessage(json());
            }
        }

        private BytesMessage bytes(byte[] content) throws JMSException {
            BytesMessage message = session.createBytesMessage();
            message.writeBytes(content);
            return message;
        }

        /** A command with something wrong, or something else altogether. */
        private String json() {
            ObjectNode command = TestClient.create(
                    "flood-" + number, aliases.get(random.nextInt(aliases.size())), 1 + random.nextInt(9_999));
            ObjectNode amount = (ObjectNode) command.path("amount");
            String text = Json.write(command);
            switch (random.nextInt(34)) {
                case 0:
                    return nonsense(200);
                case 1:
                    return text.substring(0, random.nextInt(text.length()));
                case 2:
                    return text + nonsense(5) + "{";
                case 3:
                    return "[".repeat(1 + random.nextInt(3_000));
                case 4:
                    return "{\"commandId\":\"flood-" + number + "\",\"provider\":"
                            + "{\"a\":".repeat(20 + random.nextInt(2_000));
                case 5:
                    int deep = 17 + random.nextInt(200);
                    return "{\"commandId\":\"flood-" + number + "\",\"command\":\"ping\",\"provider\":"
                            + "{\"a\":".repeat(deep) + "1" + "}".repeat(deep) + "}";
                case 6:
                    return text.replaceFirst("\\{", "{\"commandId\":\"twice\",");
                case 7:
                    return text.replaceFirst("\\{", "{\"reference\":\"twice\",");
                case 8:
                    return Json.write(command.put(nonsense(30), 1));
                case 9:
                    return Json.write(command.put("ammount", 1));
                case 10:
                    return text.replaceFirst(
                            "\"value\":[0-9]+",
                            "\"value\":"
                                    + pick(
                                            "1050.0",
                                            "1.05e3",
                                            "10.5",
                                            "-0",
                                            "-1",
                                            "0",
                                            "1E400",
                                            "00",
                                            "+1",
                                            "0x10",
                                            "NaN",
                                            "Infinity"));
                case 11:
                    return text.replaceFirst(
                            "\"value\":[0-9]+", "\"value\":1" + new BigInteger(40 + random.nextInt(4_000), random));
                case 12:
                    amount.set("value", wrongType());
                    return Json.write(command);
                case 13:
                    amount.put("currency", pick("USD", "eur", "XXX", "", "EURO", "€", nonsense(3)));
                    return Json.write(command);
                case 14:
                    amount.set("currency", wrongType());
                    return Json.write(command);
                case 15:
                    command.set("amount", wrongType());
                    return Json.write(command);
                case 16:
                    return Json.write(
                            command.put("terminal", pick("no-such-till", "", " ", nonsense(20), "x".repeat(101))));
                case 17:
                    return Json.write(command.put(
                            "command",
                            pick(
                                    "creat",
                                    "CREATE",
                                    "",
                                    nonsense(8),
                                    "authorise",
                                    "capture",
                                    "void",
                                    "approve",
                                    "decline")));
                case 18:
                    command.set("command", wrongType());
                    return Json.write(command);
                case 19:
                    return Json.write(command.put(
                            "reference", pick("x".repeat(65), "a\u0000b", "a\nb", "\u0085", nonsense(20) + "\u0001")));
                case 20:
                    return text.replace("ref-", pick("\\ud800", "\\udc00\\ud800", "\\u0000", "\\x"));
                case 21:
                    return Json.write(command.put(
                            "commandId", pick("", "é", "x".repeat(101), "a\nb", "\u0000", nonsense(5) + "é")));
                case 22:
                    command.set("commandId", wrongType());
                    return Json.write(command);
                case 23:
                    return Json.write(command.put(
                            "expiresAt",
                            pick(
                                    "tomorrow",
                                    "2026-02-30T10:00:00Z",
                                    "2026-11-21T10:15:30",
                                    "2026-11-21",
                                    "99999-01-01T00:00:00Z",
                                    "",
                                    nonsense(10))));
                case 24:
                    return Json.write(command.put(
                            "expiresAt",
                            Instant.ofEpochSecond(random.nextInt(1_700_000_000)).toString()));
                case 25:
                    timeToLive = 1;
                    return Json.write(command.put("expiresAt", "2020-01-01T00:00:00Z"));
                case 26:
                    return Json.write(command.put(
                            "returnUrl",
                            pick(
                                    "javascript:alert(1)",
                                    "http://",
                                    "http://user@x/",
                                    "ftp://x",
                                    nonsense(30),
                                    "http://x/" + "y".repeat(3_000))));
                case 27:
                    return Json.write(command.put("payment", "some"));
                case 28:
                    command.set(pick("receipt", "from", "terminals", "replies", "reference", "payment"), wrongType());
                    return Json.write(command);
                case 29:
                    return "{\"commandId\":\"flood-" + number + "\",\"command\":\""
                            + pick("refund", "cancel", "status", "mail-receipt", "void") + "\",\"payment\":\"nobody-"
                            + number + "\"}";
                case 30:
                    // Long, up to a megabyte now and then.
                    return Json.write(
                            command.put("reference", "x".repeat(random.nextInt(40) == 0 ? 1_000_000 : 70_000)));
                case 31:
                    return " ".repeat(random.nextInt(70_000)) + text.replace("create", "nothing");
                case 32:
                    return mutated(text);
                default:
                    return Json.write(wrongType());
            }
        }

        /** A command with a few characters changed, so that it is certainly none any more. */
        private String mutated(String text) {
            StringBuilder changed = new StringBuilder(text.replace("\"create\"", "\"crate\""));
            for (int i = random.nextInt(6); i >= 0; i--) {
                changed.setCharAt(random.nextInt(changed.length()), ODD.charAt(random.nextInt(ODD.length())));
            }
            return changed.toString();
        }

        private JsonNode wrongType() {
            return Json.read(pick(
                    "null",
                    "true",
                    "[]",
                    "{}",
                    "[1,[2,[3]]]",
                    "{\"value\":{}}",
                    "1.5",
                    "-7",
                    "123456789012345678901234567890",
                    "[\"x\",null]",
                    "{\"\":\"\"}"));
        }

        private String nonsense(int atMost) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(atMost + 1); i > 0; i--) {
                text.append(
                        random.nextBoolean()
                                ? (char) ('a' + random.nextInt(26))
                                : ODD.charAt(random.nextInt(ODD.length())));
            }
            return text.toString();
        }

        private String pick(String... choices) {
            return choices[random.nextInt(choices.length)];
        }
    }

    private interface Body {
        void writeTo(ClientMessage message);
    }

    /** Below JMS: what the bridge's own client could not unpack used to stop the intake altogether. */
    @Test
    void f36_messages_that_no_client_can_unpack_are_refused_and_stop_nobody() throws Exception {
        try (RunningBridge bridge = RunningBridge.with().start();
                Connection connection = bridge.factory().createConnection();
                TestClient good = bridge.client();
                Inbox refused = Inbox.ofQueue(bridge.factory(), "payments.refused")) {
            ClientSession core =
                    ((ActiveMQSession) connection.createSession(false, Session.AUTO_ACKNOWLEDGE)).getCoreSession();
            int taken = 0;
            int turnedAway = 0;
            try (ClientProducer producer = core.createProducer("payments.commands")) {
                for (int type : new int[] {-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 127}) {
                    for (Body body : bodies()) {
                        ClientMessage message = core.createMessage((byte) type, true);
                        body.writeTo(message);
                        try {
                            producer.send(message);
                            taken++;
                        } catch (ActiveMQException turned) {
                            turnedAway++;
                        }
                    }
                }
            }
            for (String address :
                    List.of("payments.commands::payments.commands", "payments.commands::pinbridge.admin")) {
                try (ClientProducer producer = core.createProducer(address)) {
                    producer.send(core.createMessage((byte) -1, true));
                    taken++;
                } catch (ActiveMQException turned) {
                    turnedAway++;
                }
            }
            good.send("{\"commandId\":\"after-all-that\",\"command\":\"ping\"}");
            assertThat(text(good.awaitFinal("after-all-that"), "status")).isEqualTo("SUCCEEDED");
            int all = taken;
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> refused.arrivals().size() >= all);
            assertThat(refused.arrivals()).hasSize(all);
            assertThat(turnedAway).isGreaterThan(20);
            assertThat(taken).isGreaterThan(150);
        }
    }

    private static List<Body> bodies() {
        List<Body> bodies = new ArrayList<>();
        bodies.add(message -> {});
        for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 1, 10, 300_000, Integer.MAX_VALUE}) {
            for (int size : new int[] {3, 10, 300_000}) {
                bodies.add(message -> {
                    if (message.getType() == org.apache.activemq.artemis.api.core.Message.TEXT_TYPE) {
                        message.getBodyBuffer().writeByte((byte) 1);
                    }
                    message.getBodyBuffer().writeInt(length);
                    message.getBodyBuffer().writeBytes(new byte[size]);
                });
            }
        }
        for (String property : List.of("_AMQ_LARGE_COMPRESSED", "_hornetq.forced.delivery.seq", "_AMQ_LARGE_SIZE")) {
            bodies.add(message -> {
                message.putLongProperty(property, -1L);
                message.getBodyBuffer().writeNullableSimpleString(SimpleString.of("x"));
            });
        }
        return bodies;
    }
}
