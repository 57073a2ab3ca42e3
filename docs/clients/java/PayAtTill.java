import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.DSYNC;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/**
 * Pays at a till through PinBridge, over JMS 3.
 *
 * <pre>java -cp 'target/lib/*' docs/clients/java/PayAtTill.java CLIENT.PROPERTIES TERMINAL CENTS</pre>
 *
 * Exit code: 0 paid, 1 not paid, 2 not known (a person has to look), 3 wrong usage or no connection (nothing was sent).
 */
public final class PayAtTill {
    /** After this the terminal must not light up any more. */
    private static final Duration TIME_TO_START = seconds("PAY_TIME_TO_START", 120);

    /** So long we bear silence after that, until we ask what became of it. */
    private static final Duration GRACE = seconds("PAY_GRACE", 60);

    /** So often we ask; then it is a person's turn. */
    private static final int QUESTIONS = 5;

    private static final int PAID = 0;
    private static final int NOT_PAID = 1;
    private static final int UNKNOWN = 2;
    private static final int NOTHING_SENT = 3;
    private static final int NOT_OVER = -1;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JMSContext session;
    private final Queue replies;
    private final String key;

    private PayAtTill(JMSContext session, Queue replies, String key) {
        this.session = session;
        this.replies = replies;
        this.key = key;
    }

    public static void main(String[] args) {
        System.exit(run(args));
    }

    private static int run(String[] args) {
        if (args.length != 3 || !args[2].matches("[0-9]{1,8}")) {
            System.err.println("usage: PayAtTill CLIENT.PROPERTIES TERMINAL CENTS");
            return NOTHING_SENT;
        }
        long cents = Long.parseLong(args[2]); // money is counted in whole cents, never in a double
        String key = "so-" + UUID.randomUUID(); // with this key the bridge knows a repeat from a second payment
        boolean written = false;
        try {
            Properties login = new Properties();
            try (var file = Files.newBufferedReader(Path.of(args[0]))) {
                login.load(file);
            }
            String user = login.getProperty("username");
            // The client could turn messages into Java objects, which nobody wants from a queue: none may be deserialised.
            var broker = new ActiveMQConnectionFactory(login.getProperty("url") + "?deserializationDenyList=*");
            try (JMSContext session =
                    broker.createContext(user, login.getProperty("password"), JMSContext.CLIENT_ACKNOWLEDGE)) {
                // A queue that the bridge keeps for our user: unlike a temporary one it outlives this connection. The selector
                // leaves the results of others there; an ERP has one reader for all its results and needs none.
                Queue replies = session.createQueue("payments.replies." + user);
                JMSConsumer results = session.createConsumer(replies, "commandId LIKE '" + key + "%'");
                ObjectNode create = JSON.createObjectNode()
                        .put("commandId", key)
                        .put("command", "create")
                        .put("terminal", args[1])
                        .put("reference", "SO-4711")
                        .put("expiresAt", Instant.now().plus(TIME_TO_START).toString());
                create.putObject("amount").put("value", cents).put("currency", "EUR");
                // Written down BEFORE it is sent (an ERP: committed to its database). After a crash here or later this key is
                // how we find out what became of the payment; a new key would be a new payment, perhaps a second charge.
                Files.writeString(Path.of("sent-commands.log"), create + "\n", CREATE, APPEND, DSYNC);
                written = true;
                PayAtTill payment = new PayAtTill(session, replies, key);
                payment.send(create);
                System.out.println("sent       create " + key + ": EUR " + euros(cents) + " on " + args[1]);
                return payment.outcome(results);
            }
        } catch (Exception e) { // whatever it is: a program that fell over does not know that nothing was paid
            System.err.println(written
                    ? "not known: " + e.getMessage() + "; ask with status for " + key + ", send no new create"
                    : "no connection: " + e);
            return written ? UNKNOWN : NOTHING_SENT;
        }
    }

    private void send(ObjectNode command) throws JMSException {
        Message message = session.createTextMessage(command.toString());
        message.setJMSReplyTo(replies);
        message.setJMSCorrelationID(command.path("commandId").asText());
        // Persistent is the default of JMS. The call returns when the broker has the message on its disk.
        session.createProducer().send(session.createQueue("payments.commands"), message);
    }

    /** Reads results until it is known what became of the money. */
    private int outcome(JMSConsumer results) throws IOException, JMSException {
        Set<String> seen = new HashSet<>();
        Map<String, Integer> highest = new HashMap<>();
        Instant deadline = Instant.now().plus(TIME_TO_START).plus(GRACE);
        for (int questions = 0; ; ) {
            Message message = results.receive(Math.max(1, Duration.between(Instant.now(), deadline).toMillis()));
            if (message == null) {
                if (questions++ == QUESTIONS) {
                    throw new JMSException("no final answer");
                }
                deadline = Instant.now().plus(GRACE);
                send(JSON.createObjectNode()
                        .put("commandId", key + "-status-" + questions)
                        .put("command", "status")
                        .put("payment", key));
                System.out.println("sent       status for " + key + ", because no final answer came");
                continue;
            }
            JsonNode result = JSON.readTree(message.getBody(String.class));
            String command = result.path("commandId").asText();
            int version = result.path("version").asInt();
            // Results come at least once, and may overtake each other: repeats and old versions are dropped.
            boolean news = !seen.contains(result.path("resultId").asText()) && version > highest.getOrDefault(command, -1);
            int verdict = news ? book(result) : NOT_OVER;
            // Acknowledged only now: had we crashed while booking, the broker would give us the result again.
            message.acknowledge();
            if (news) {
                seen.add(result.path("resultId").asText());
                highest.put(command, version);
            }
            if (verdict != NOT_OVER) {
                return verdict;
            }
        }
    }

    /** Books a result on what it says about the PAYMENT. */
    private static int book(JsonNode result) {
        JsonNode payment = result.path("payment");
        JsonNode error = result.path("error");
        String status = payment.path("status").asText("none");
        boolean last = result.path("final").asBoolean();
        boolean create = result.path("command").asText().equals("create");
        System.out.printf(
                "%-10s payment %s, version %s%n", result.path("status").asText(), status, result.path("version"));
        String why = error.path("code").asText() + ": " + error.path("message").asText();
        if (status.equals("PAID")) {
            System.out.println("paid: EUR " + euros(payment.path("amounts").path("paid").asLong())
                    + ", transaction " + payment.path("providerTransactionId").asText());
            return PAID;
        }
        boolean refused = create && last && payment.isNull() && !error.path("resend").asText().equals("after-status");
        if (status.equals("NOT_PAID") || refused) {
            System.out.println("not paid: " + why);
            return NOT_PAID;
        }
        // A status command that worked is final while its payment may still be open: then we go on waiting.
        if (!last || (!create && (status.equals("OPEN") || status.equals("IN_DOUBT")))) {
            return NOT_OVER;
        }
        System.out.println("not known: " + why + " Charge nothing; a person has to look.");
        return UNKNOWN;
    }

    private static String euros(long cents) {
        return "%d.%02d".formatted(cents / 100, cents % 100);
    }

    private static Duration seconds(String variable, long otherwise) {
        String set = System.getenv(variable);
        return Duration.ofSeconds(set == null ? otherwise : Long.parseLong(set));
    }
}
