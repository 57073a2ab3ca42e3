package nl.pinbridge.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import nl.pinbridge.broker.Addresses;
import nl.pinbridge.broker.BrokerConnections;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.AttemptRow;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.Desk;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.Tx;
import nl.pinbridge.ledger.WorkItemRow;
import nl.pinbridge.outcome.Signature;
import org.jspecify.annotations.Nullable;

/**
 * What the broker gave up on. A message is requeued only when that can start nothing a second time; a discarded one is kept in the
 * ledger, body and all.
 */
final class DeadLetters {
    private static final List<String> QUEUES = List.of(Addresses.DEAD, Addresses.EXPIRED_OTHER);

    /** The broker's notes on a message that it moved. */
    private static final String ORIGINAL_ID = "_AMQ_ORIG_MESSAGE_ID";

    private static final String ORIGINAL_QUEUE = "_AMQ_ORIG_QUEUE";
    private static final String ORIGINAL_ADDRESS = "_AMQ_ORIG_ADDRESS";
    private static final String ACTUAL_EXPIRY = "_AMQ_ACTUAL_EXPIRY";

    private static final long PATIENCE_MILLIS = 5_000;
    private static final int LONGEST_BODY = 65_536;

    private final Ledger ledger;
    private final ConnectionFactory broker;
    private final Function<Message, String> takeIn;
    private final UnaryOperator<String> hidden;

    /**
     * @param broker connections with the bridge's own user
     * @param takeIn takes a command in under its sender's name and says what became of it
     * @param hidden a text as it may be shown
     */
    DeadLetters(
            Ledger ledger, ConnectionFactory broker, Function<Message, String> takeIn, UnaryOperator<String> hidden) {
        this.ledger = ledger;
        this.broker = broker;
        this.takeIn = takeIn;
        this.hidden = hidden;
    }

    /**
     * A dead letter.
     *
     * @param id what people call it
     * @param selector finds it on its queue
     * @param queue where it lies
     * @param origin where it came from; null where that is not known
     */
    private record Letter(String id, String selector, String queue, @Nullable String origin, Message message) {

        static Letter of(String queue, Message message) throws JMSException {
            String jms = message.getJMSMessageID();
            boolean moved = message.propertyExists(ORIGINAL_ID);
            String id = moved
                    ? String.valueOf(message.getLongProperty(ORIGINAL_ID))
                    : jms == null ? "" : jms.replaceFirst("^ID:", "");
            String selector = moved ? ORIGINAL_ID + " = " + id : "JMSMessageID = '" + jms + "'";
            String origin = text(message, ORIGINAL_QUEUE);
            return new Letter(id, selector, queue, origin != null ? origin : text(message, ORIGINAL_ADDRESS), message);
        }

        @Nullable
        String address() throws JMSException {
            String address = text(message, ORIGINAL_ADDRESS);
            return address == null ? origin : address;
        }

        private static @Nullable String text(Message message, String property) throws JMSException {
            return message.propertyExists(property) ? message.getStringProperty(property) : null;
        }
    }

    /** Something that is done over a connection of its own, so that no route's transaction is touched. */
    private interface Work<T> {
        T with(Session session) throws JMSException;
    }

    private <T> T atBroker(Work<T> work) {
        try (Connection connection = broker.createConnection()) {
            connection.start();
            try (Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
                return work.with(session);
            }
        } catch (JMSException e) {
            throw new SorryException("The broker did not do it: " + e.getMessage() + ". Nothing was moved.");
        }
    }

    ObjectNode list(int limit) {
        return atBroker(session -> {
            ObjectNode answer = Json.object();
            ArrayNode list = answer.putArray("letters");
            int count = 0;
            for (String queue : QUEUES) {
                try (QueueBrowser browser = session.createBrowser(session.createQueue(queue))) {
                    Enumeration<?> messages = browser.getEnumeration();
                    while (messages.hasMoreElements()) {
                        Message message = (Message) messages.nextElement();
                        if (count++ < limit) {
                            list.add(line(Letter.of(queue, message)));
                        }
                    }
                }
            }
            return answer.put("count", count);
        });
    }

    private static ObjectNode line(Letter letter) throws JMSException {
        Message message = letter.message();
        String body = body(message);
        ObjectNode line = Json.object();
        line.put("id", letter.id());
        line.put("queue", letter.queue());
        line.put("from", letter.origin());
        line.put("sentAt", sentAt(message).toString());
        line.put("kind", kind(letter));
        line.put("about", about(letter, body));
        return line;
    }

    private static Instant sentAt(Message message) throws JMSException {
        return Instant.ofEpochMilli(message.getJMSTimestamp());
    }

    /** What sort of message it is, by where it came from. */
    private static String kind(Letter letter) {
        String from = letter.origin();
        if (from == null) {
            return "unknown";
        }
        if (from.equals(Addresses.COMMANDS) || from.equals(Addresses.EXPIRED)) {
            return "command";
        }
        if (isNudge(from)) {
            return "nudge";
        }
        if (from.equals(Addresses.LOOK)) {
            return "look";
        }
        if (from.equals(Addresses.ADMIN)) {
            return "request";
        }
        return from.startsWith("pinbridge.") ? "internal" : "result";
    }

    private static boolean isNudge(String queue) {
        return queue.startsWith("pinbridge.lane.") || queue.equals(Addresses.EXPRESS) || queue.equals(Addresses.ERRAND);
    }

    private static @Nullable String about(Letter letter, String body) {
        return switch (kind(letter)) {
            case "nudge", "look" -> body.strip();
            case "request" -> json(body).map(node -> node.path("ask").asText()).orElse(null);
            default ->
                json(body)
                        .map(node -> node.path("commandId").asText())
                        .filter(id -> !id.isEmpty())
                        .orElse(null);
        };
    }

    private static Optional<JsonNode> json(String body) {
        try {
            return Optional.ofNullable(Json.MAPPER.readTree(body));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static String body(Message message) throws JMSException {
        if (message instanceof TextMessage text) {
            return text.getText() == null ? "" : text.getText();
        }
        if (message instanceof BytesMessage bytes) {
            bytes.reset();
            byte[] raw = new byte[(int) Math.min(bytes.getBodyLength(), LONGEST_BODY)];
            bytes.readBytes(raw);
            bytes.reset();
            return new String(raw, StandardCharsets.UTF_8);
        }
        return "";
    }

    ObjectNode show(String id) {
        return atBroker(session -> {
            Letter letter = find(session, id);
            ObjectNode answer = line(letter);
            answer.set("message", whole(letter.message()));
            Guard guard = guard(letter);
            answer.put("requeue", guard.refusal() == null);
            ArrayNode actions = answer.putArray("actions");
            actions.add(
                    guard.refusal() == null
                            ? guard.meaning() + " ./pinbridge dead requeue " + id + " --by NAME --why TEXT"
                            : "It must not go back. " + guard.refusal());
            actions.add("To remove it (its body stays in the ledger): ./pinbridge dead discard " + id
                    + " --by NAME --why TEXT");
            return answer;
        });
    }

    private ObjectNode whole(Message message) throws JMSException {
        ObjectNode shown = Json.object();
        ObjectNode properties = shown.putObject("properties");
        for (Enumeration<?> names = message.getPropertyNames(); names.hasMoreElements(); ) {
            String name = String.valueOf(names.nextElement());
            properties.put(name, hidden.apply(String.valueOf(message.getObjectProperty(name))));
        }
        shown.put("correlationId", message.getJMSCorrelationID());
        shown.put("replyTo", message.getJMSReplyTo() == null ? null : String.valueOf(message.getJMSReplyTo()));
        String body = hidden.apply(body(message));
        shown.put("body", body.length() > LONGEST_BODY ? body.substring(0, LONGEST_BODY) : body);
        return shown;
    }

    private static Letter find(Session session, String id) throws JMSException {
        Letter found = null;
        for (String queue : QUEUES) {
            try (QueueBrowser browser = session.createBrowser(session.createQueue(queue))) {
                Enumeration<?> messages = browser.getEnumeration();
                while (messages.hasMoreElements()) {
                    Letter letter = Letter.of(queue, (Message) messages.nextElement());
                    if (letter.id().equals(id)) {
                        if (found != null) {
                            throw new SorryException("Two messages are called " + id
                                    + ": move them with the broker's own tools. Nothing was done.");
                        }
                        found = letter;
                    }
                }
            }
        }
        if (found == null) {
            throw new SorryException("There is no dead letter " + id + ": 'dead list' shows them.");
        }
        return found;
    }

    /** May it go back? With what that would do, or why not and what to do instead. */
    private record Guard(@Nullable String refusal, String meaning) {
        static Guard no(String why) {
            return new Guard(why, "");
        }

        static Guard yes(String meaning) {
            return new Guard(null, meaning);
        }
    }

    private Guard guard(Letter letter) throws JMSException {
        String body = body(letter.message());
        String from = letter.origin();
        if (from == null) {
            return Guard.no("Nobody knows where it came from; discard it, or move it with the broker's own tools.");
        }
        return switch (kind(letter)) {
            case "nudge" ->
                ledger.inTransaction(tx -> tx.command(body.strip())
                        .map(command -> ofCommand(tx, command))
                        .orElseGet(() -> Guard.no("The ledger knows no command " + body.strip()
                                + ": requeueing it would do nothing. Discard it.")));
            case "command" -> {
                String commandId = json(body)
                        .map(node -> node.path("commandId").asText(""))
                        .orElse("");
                String sender = letter.message().getStringProperty("JMSXUserID");
                yield ledger.inTransaction(tx -> tx.command(sender == null ? "anonymous" : sender, commandId)
                        .map(command -> ofCommand(tx, command))
                        .orElseGet(
                                () -> Guard.yes("The ledger does not know this command: it is taken in like any other,"
                                        + " under its sender's name, and answered STALE when its time is up.")));
            }
            case "look" ->
                ledger.inTransaction(tx -> tx.payment(body.strip()).isPresent()
                        ? Guard.yes("A look only asks.")
                        : Guard.no("The ledger knows no payment " + body.strip()
                                + ": requeueing it would do nothing. Discard it."));
            case "request" -> Guard.no("Nobody waits for the answer to this request any more: give the command again.");
            case "internal" ->
                from.equals(Addresses.WEBHOOKS)
                        ? Guard.yes("A webhook only brings a look forward.")
                        : Guard.no("Messages of " + from + " are not sent again; discard it.");
            default -> Guard.yes("A result may come more than once; it keeps its resultId.");
        };
    }

    private static Guard ofCommand(Tx tx, CommandRow command) {
        String name = "Command " + command.commandId();
        PaymentRow payment = tx.paymentCreatedBy(command.rowId())
                .or(() -> Optional.ofNullable(command.paymentId()).flatMap(tx::payment))
                .orElse(null);
        Optional<WorkItemRow> item = payment == null
                ? Optional.empty()
                : tx.workItemsOf(payment.id()).stream()
                        .filter(one -> one.closedAt() == null)
                        .findFirst();
        boolean doubt = payment != null && payment.status().isOpen() && payment.markedAt() != null;
        Optional<AttemptRow> attempt = tx.openAttempt(command.rowId());
        if (attempt.isPresent() && (doubt || !command.isOver() || item.isPresent())) {
            return Guard.no(name + " (" + command.type().wire() + ") was marked as being sent at "
                    + attempt.get().markedAt() + " and may have happened: it is never sent again. "
                    + item.map(one -> "Settle its work item: ./pinbridge work show " + one.id())
                            .orElse("The machine is finding out by itself; look at ./pinbridge payments show "
                                    + (payment == null ? command.commandId() : payment.id()))
                    + ". Then discard this message.");
        }
        if (command.isOver()) {
            return Guard.no(name + " is over (" + command.status()
                    + "): requeueing it would do nothing. If its sender lost the result: ./pinbridge payments resend "
                    + command.commandId() + ". Then discard this message.");
        }
        return Guard.yes(name + " was never sent: whoever takes it checks once more before it is.");
    }

    ObjectNode requeue(Question asked) {
        String id = asked.needed("id");
        Signature signature = asked.signature();
        return atBroker(session -> {
            Letter seen = find(session, id);
            // Judged before it is taken: one that is put back rests a while, and nobody would see it.
            Guard guard = guard(seen);
            if (guard.refusal() != null) {
                throw new SorryException("It was not requeued. " + guard.refusal());
            }
            Letter letter;
            String told;
            if (kind(seen).equals("command")) {
                // Not by a send: that would make it the bridge's own command, with another key. Taken in twice it is
                // one command.
                told = takenIn(seen);
                letter = take(session, seen);
            } else {
                // What can fail comes before the taking.
                try (MessageProducer producer = producer(session, seen)) {
                    letter = take(session, seen);
                    send(session, producer, letter);
                }
                told = "It went back to " + letter.origin() + ".";
            }
            record("DEAD_REQUEUE", letter, signature);
            session.commit();
            return Json.object().put("id", id).put("to", letter.origin()).put("told", told);
        });
    }

    private String takenIn(Letter letter) {
        try {
            return takeIn.apply(letter.message());
        } catch (IllegalArgumentException e) {
            throw new SorryException("It was not requeued. " + e.getMessage());
        }
    }

    private static Letter take(Session session, Letter seen) throws JMSException {
        try (MessageConsumer consumer = session.createConsumer(session.createQueue(seen.queue()), seen.selector())) {
            Message message = consumer.receive(PATIENCE_MILLIS);
            if (message == null) {
                throw new SorryException(
                        "Dead letter " + seen.id() + " is gone: somebody else has just moved it. Nothing was done.");
            }
            return Letter.of(seen.queue(), message);
        }
    }

    private static MessageProducer producer(Session session, Letter letter) throws JMSException {
        String address = letter.address();
        String queue = letter.origin();
        // A subscription is named together with its topic, or every subscriber would get the message once more.
        String target = queue == null || queue.equals(address) || address == null ? queue : address + "::" + queue;
        try {
            return session.createProducer(session.createQueue(target));
        } catch (JMSException e) {
            if (BrokerConnections.isDestinationGone(e)) {
                throw new SorryException("It was not requeued: the queue " + queue
                        + " is gone. If a result was lost with it: ./pinbridge payments resend ID.");
            }
            throw e;
        }
    }

    /** A copy with the same content; what the broker noted about the first life of the message stays behind. */
    private static void send(Session session, MessageProducer producer, Letter letter) throws JMSException {
        Message old = letter.message();
        Message copy;
        if (old instanceof TextMessage text) {
            copy = session.createTextMessage(text.getText());
        } else if (old instanceof BytesMessage bytes) {
            bytes.reset();
            byte[] raw = new byte[(int) bytes.getBodyLength()];
            bytes.readBytes(raw);
            BytesMessage made = session.createBytesMessage();
            made.writeBytes(raw);
            copy = made;
        } else {
            throw new SorryException("It is neither text nor bytes: move it with the broker's own tools.");
        }
        for (Enumeration<?> names = old.getPropertyNames(); names.hasMoreElements(); ) {
            String name = String.valueOf(names.nextElement());
            if (!name.startsWith("_AMQ") && !name.startsWith("JMSX")) {
                copy.setObjectProperty(name, old.getObjectProperty(name));
            }
        }
        copy.setJMSCorrelationID(old.getJMSCorrelationID());
        copy.setJMSReplyTo(old.getJMSReplyTo());
        producer.setDeliveryMode(old.getJMSDeliveryMode());
        producer.setPriority(old.getJMSPriority());
        producer.send(copy);
    }

    ObjectNode discard(Question asked) {
        String id = asked.needed("id");
        Signature signature = asked.signature();
        return atBroker(session -> {
            Letter letter = take(session, find(session, id));
            record("DEAD_DISCARD", letter, signature);
            session.commit();
            return Json.object()
                    .put("id", id)
                    .put(
                            "told",
                            "It was removed; its content is kept in the ledger (./pinbridge work decisions --json).");
        });
    }

    /** Before the broker's commit: a line too many is better than a message that went without one. */
    private void record(String action, Letter letter, Signature signature) throws JMSException {
        ObjectNode detail = line(letter);
        detail.set("message", whole(letter.message()));
        if (letter.message().propertyExists(ACTUAL_EXPIRY)) {
            detail.put(
                    "expiredAt",
                    Instant.ofEpochMilli(letter.message().getLongProperty(ACTUAL_EXPIRY))
                            .toString());
        }
        ledger.durably(tx -> {
            new Desk(tx)
                    .record(action, letter.id(), signature.user(), signature.by(), signature.why(), Json.write(detail));
            return true;
        });
    }
}
