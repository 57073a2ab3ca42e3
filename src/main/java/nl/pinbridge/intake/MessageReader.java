package nl.pinbridge.intake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Enumeration;
import java.util.Locale;
import nl.pinbridge.broker.Addresses;
import nl.pinbridge.broker.ReplyAddresses;
import nl.pinbridge.broker.SendGuard;
import nl.pinbridge.contract.CardNumbers;
import nl.pinbridge.contract.Confidential;
import nl.pinbridge.contract.Json;
import org.apache.camel.Exchange;
import org.apache.camel.component.jms.JmsMessage;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JMS message without trusting it: text, or bytes in UTF-8; nothing else is looked into, and no property but the few named
 * here is used.
 */
public final class MessageReader {
    /** The longest body that is read, in bytes; what is longer is refused unread. */
    static final int LONGEST_BODY = 1_048_576;

    /** The longest piece of a body that {@code payments.refused} repeats. */
    static final int LONGEST_REPEATED = 65_536;

    private static final String INGRESS = "_AMQ_INGRESS_TIMESTAMP";

    private final ReplyAddresses replies;
    private final Confidential confidential;
    private final Clock clock;

    /**
     * @param confidential what is not repeated of a message that cannot be read
     */
    public MessageReader(ReplyAddresses replies, Confidential confidential, Clock clock) {
        this.replies = replies;
        this.confidential = confidential;
        this.clock = clock;
    }

    /** A text as it may be repeated: without what senders tell the provider alone. */
    public String hidden(String text) {
        return confidential.hidden(text);
    }

    /**
     * A message as it was read.
     *
     * @param received null when it cannot be a command
     * @param unreadable why not; null when {@code received} is there
     * @param body as it may be repeated
     */
    public record Message(
            Intake.@Nullable Received received,
            @Nullable String unreadable,
            String body,
            ObjectNode properties,
            Instant at) {

        /** What {@code payments.refused} is told: the reason, and the message itself. */
        public ObjectNode refusal(String reason, @Nullable String field) {
            ObjectNode refusal = Json.object();
            refusal.put("reason", CardNumbers.masked(reason));
            refusal.put("field", field == null ? null : CardNumbers.masked(field));
            refusal.put("receivedAt", at.toString());
            ObjectNode message = refusal.putObject("message");
            message.set("properties", properties);
            // Masked before it is cut, because half a number is not recognised; no number is longer than the margin.
            message.put("body", cut(CardNumbers.masked(cut(body, LONGEST_REPEATED + 100)), LONGEST_REPEATED));
            return refusal;
        }
    }

    /** Reads the JMS message of an exchange. */
    public Message read(Exchange exchange) {
        JmsMessage camel = exchange.getMessage(JmsMessage.class);
        jakarta.jms.Message message = camel.getJmsMessage();
        return read(message, isFromExpiryQueue(exchange));
    }

    /**
     * Reads any JMS message.
     *
     * @param expired true when its time ran out on the broker
     */
    public Message read(jakarta.jms.Message message, boolean expired) {
        try {
            return readUnsafely(message, expired);
        } catch (JMSException | RuntimeException e) {
            // A property of a type that nobody expects there throws too, and must not take the message with it.
            return new Message(
                    null,
                    "The message cannot be read: " + e.getClass().getSimpleName(),
                    "",
                    Json.object(),
                    clock.instant());
        }
    }

    private static boolean isFromExpiryQueue(Exchange exchange) {
        return exchange.getFromEndpoint().getEndpointUri().contains(Addresses.EXPIRED);
    }

    private Message readUnsafely(jakarta.jms.Message message, boolean expired) throws JMSException {
        Instant now = clock.instant();
        ObjectNode properties = properties(message);
        String text = "";
        String unreadable = null;
        if (message instanceof TextMessage textMessage) {
            text = textMessage.getText() == null ? "" : textMessage.getText();
        } else if (message instanceof BytesMessage bytes) {
            if (bytes.getBodyLength() > LONGEST_BODY) {
                unreadable = "The body has " + bytes.getBodyLength() + " bytes; at most " + LONGEST_BODY + " are read.";
            } else {
                byte[] raw = new byte[(int) bytes.getBodyLength()];
                bytes.readBytes(raw);
                try {
                    text = StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(raw))
                            .toString();
                } catch (CharacterCodingException e) {
                    unreadable = "The body is not UTF-8 text.";
                }
            }
        } else {
            unreadable = "Send a text message, or bytes in UTF-8; this is neither.";
        }
        if (unreadable != null) {
            return new Message(null, unreadable, hidden(text), properties, now);
        }
        ReplyAddresses.Verdict verdict = replies.judge(message.getJMSReplyTo());
        boolean others = message.propertyExists(SendGuard.REPLY_REFUSED);
        String replyTo = verdict instanceof ReplyAddresses.Verdict.Allowed allowed && !others
                ? allowed.name()
                : Addresses.REPLIES;
        // A correlation id would be kept and repeated as it is, which a card number must not be.
        String named = CardNumbers.isIn(message.getJMSCorrelationID()) ? null : message.getJMSCorrelationID();
        String correlation = named != null ? named : message.getJMSMessageID();
        String user = message.getStringProperty("JMSXUserID");
        Intake.Received received = new Intake.Received(
                text,
                user == null ? "anonymous" : user,
                replyTo,
                correlation == null ? null : cut(correlation, 300),
                message.propertyExists(INGRESS) ? Instant.ofEpochMilli(message.getLongProperty(INGRESS)) : now,
                message.getJMSExpiration() > 0 ? Instant.ofEpochMilli(message.getJMSExpiration()) : null,
                expired);
        return new Message(received, null, hidden(text), properties, now);
    }

    private static String cut(String text, int length) {
        return text.length() > length ? text.substring(0, length) : text;
    }

    /** The sender's own properties, for {@code payments.refused}; none that the broker gives a meaning to. */
    private ObjectNode properties(jakarta.jms.Message message) throws JMSException {
        ObjectNode properties = Json.object();
        Enumeration<?> names = message.getPropertyNames();
        while (names.hasMoreElements() && properties.size() < 50) {
            String name = String.valueOf(names.nextElement());
            String upper = name.toUpperCase(Locale.ROOT);
            if (!upper.startsWith("_AMQ")
                    && !upper.startsWith("JMSX")
                    && !name.equals(SendGuard.REPLY_REFUSED)
                    && name.length() <= 100) {
                String value = String.valueOf(message.getObjectProperty(name));
                properties.put(CardNumbers.masked(name), cut(CardNumbers.masked(hidden(cut(value, 1_100))), 1_000));
            }
        }
        return properties;
    }
}
