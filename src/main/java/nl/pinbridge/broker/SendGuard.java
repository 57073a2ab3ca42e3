package nl.pinbridge.broker;

import java.nio.ByteBuffer;
import java.util.Set;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQExceptionType;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.message.LargeBodyReader;
import org.apache.activemq.artemis.core.message.impl.CoreMessage;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.impl.AddressInfo;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerPlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.protocol.amqp.broker.AMQPMessage;
import org.jspecify.annotations.Nullable;

/**
 * A broker plugin that closes the gaps between the protocols and the bridge. The embedded broker always has it; an
 * external one gets it from the bridge's jar (see {@code docker/broker/README.md}). It needs nothing but Artemis, and it
 * is one class file.
 *
 * <ul>
 *   <li>A priority outside 0 to 9, which STOMP and raw CORE clients can send, wedges the queue until a restart: such
 *       a send is refused.
 *   <li>A multicast message to an address that has queues only would be dropped: such a send is refused. So is one that
 *       names a queue beside the address ({@code address::queue}): it could go past the rules below, or to nowhere.
 *   <li>The broker notes the validated user on messages of CORE and STOMP clients only, and an AMQP client could note
 *       any user itself: this notes the true one.
 *   <li>The bridge may send to every reply queue: a command that names one which its sender may not read is marked, and
 *       answered on {@code payments.replies} instead.
 *   <li>The bridge's JMS client unpacks a message before the bridge sees it. One that it cannot unpack makes it drop
 *       the connection, get the message again, and so on for ever, while nothing behind it is read. So what others
 *       send to the bridge is unpacked here first: a body that breaks its type's rules is passed on as a message
 *       without a readable body, which the bridge refuses in peace; a property of the broker's own that the client
 *       would stumble over, a compressed body (a small one can unpack to more than there is memory) and a body beyond
 *       {@link #LONGEST_BODY} are refused to the sender's face.
 * </ul>
 *
 * <p>It sits behind all protocols rather than in a frame interceptor: only here does an exception stop the message and
 * reach the sender as his protocol's own error.
 */
public final class SendGuard implements ActiveMQServerPlugin {
    /** Bytes in a message for the bridge; the bridge's client would hold all of it in memory at once. */
    static final int LONGEST_BODY = 8 * 1024 * 1024;

    /** Property of a command whose sender may not read the reply address that he named. */
    public static final String REPLY_REFUSED = "pinbridge_reply_refused";

    private static final String REPLY_PREFIX = "(?i)^(temp-)?(queue|topic):?//";
    private static final int HIGHEST_PRIORITY = 9;

    /** Bytes before the characters of a text: one that says whether there are any, four for their length in bytes. */
    private static final int TEXT_HEAD = 5;

    /** Bytes before a serialised object: its length. */
    private static final int OBJECT_HEAD = 4;

    private volatile @Nullable ActiveMQServer server;

    @Override
    public void registered(ActiveMQServer registeredWith) {
        server = registeredWith;
    }

    @Override
    public void beforeSend(
            ServerSession session, Transaction tx, Message message, boolean direct, boolean noAutoCreateQueue)
            throws ActiveMQException {
        String address = String.valueOf(message.getAddress());
        if (address.contains("::")) {
            throw refusal("Send to an address, not to a queue of it (" + address + "); the message was not taken.");
        }
        int priority = message.getPriority();
        if (priority < 0 || priority > HIGHEST_PRIORITY) {
            throw refusal("The priority " + priority + " is outside 0 to 9; the message was not taken.");
        }
        if (message.getRoutingType() == RoutingType.MULTICAST && isQueueOnly(message.getAddressSimpleString())) {
            throw refusal(message.getAddress() + " is a queue, not a topic; the message was not taken.");
        }
        if (address.equals(Addresses.COMMANDS) || address.equals(Addresses.ADMIN)) {
            inspect(message);
            if (!mayReadReplies(session, message)) {
                refuseReplies(message);
            }
        }
        if (message instanceof AMQPMessage amqp) {
            String user = session.getValidatedUser();
            if (user == null) {
                throw refusal("The sender has no user name; the message was not taken.");
            }
            // These properties travel beside the AMQP message and win over those in it, whatever the sender wrote.
            amqp.createExtraProperties().putSimpleStringProperty(Message.HDR_VALIDATED_USER, SimpleString.of(user));
        }
    }

    /**
     * The bridge may send to every reply queue. So that a sender cannot have it put results in front of somebody else, he must be
     * allowed to read what he names.
     */
    private boolean mayReadReplies(ServerSession session, Message message) {
        SimpleString replyTo = message.getReplyTo();
        ActiveMQServer asked = server;
        if (replyTo == null || asked == null) {
            return true;
        }
        try {
            SimpleString name = SimpleString.of(replyTo.toString().strip().replaceFirst(REPLY_PREFIX, ""));
            asked.getSecurityStore().check(name, CheckType.CONSUME, session);
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    private static void refuseReplies(Message message) throws ActiveMQException {
        if (Addresses.ADMIN.equals(message.getAddress())) {
            throw refusal("The sender may not read the reply address that it names; the message was not taken.");
        }
        // A command is answered all the same, on the address for such results.
        if (message instanceof AMQPMessage amqp) {
            amqp.createExtraProperties()
                    .putSimpleStringProperty(SimpleString.of(REPLY_REFUSED), SimpleString.of("true"));
        } else {
            message.putStringProperty(REPLY_REFUSED, "true");
        }
    }

    private static void inspect(Message message) throws ActiveMQException {
        ICoreMessage read;
        try {
            // What the bridge's client will get, whatever the protocol was.
            read = message.toCore();
            for (SimpleString name : read.getPropertyNames()) {
                judge(name.toString(), read.getObjectProperty(name), message);
            }
        } catch (RuntimeException e) {
            throw refusal("The message cannot be read (" + e.getClass().getSimpleName() + "); it was not taken.");
        }
        long size = size(read);
        if (size > LONGEST_BODY) {
            throw refusal("The message has " + size + " bytes, at most " + LONGEST_BODY + " are taken.");
        }
        // What the broker made out of another protocol's message is in order.
        if (message instanceof CoreMessage core && !isUnpackable(core, size)) {
            core.setType(Message.DEFAULT_TYPE);
            core.messageChanged();
        }
    }

    /** Names of the broker and of JMS have a meaning for the bridge's client: only those it can bear, in their types. */
    private static void judge(String name, @Nullable Object value, Message message) throws ActiveMQException {
        boolean bearable =
                switch (name) {
                    case "_AMQ_ROUTING_TYPE" -> value instanceof Byte;
                    case "_AMQ_SCHED_DELIVERY" -> value instanceof Long;
                    case "_AMQ_GROUP_SEQUENCE" -> value instanceof Integer;
                    case "_AMQ_LARGE_SIZE" -> value instanceof Long && message.isLargeMessage();
                    case "_AMQ_GROUP_ID", "_AMQ_CONTENT_TYPE", "__AMQ_CID" -> value instanceof SimpleString;
                    case "_AMQ_DUPL_ID" -> value instanceof SimpleString || value instanceof byte[];
                    case "JMSCorrelationID" -> value instanceof SimpleString || value instanceof byte[];
                    // The broker writes these itself, over whatever stands there; the second not in an AMQP message.
                    case "_AMQ_VALIDATED_USER" -> true;
                    case "_AMQ_INGRESS_TIMESTAMP" -> message instanceof CoreMessage;
                    default ->
                        name.startsWith("JMS_AMQP_")
                                || !(name.startsWith("_") || name.startsWith("JMS"))
                                || (name.startsWith("JMS") && value instanceof SimpleString);
                };
        if (!bearable) {
            throw refusal("The property " + (name.length() > 60 ? name.substring(0, 60) : name)
                    + " is not the sender's to set, or not with such a value; the message was not taken.");
        }
    }

    private static long size(ICoreMessage message) throws ActiveMQException {
        if (!message.isLargeMessage()) {
            return message.getBodyBufferSize();
        }
        try (LargeBodyReader body = message.getLargeBodyReader()) {
            return body.getSize();
        }
    }

    private static boolean isUnpackable(ICoreMessage message, long size) throws ActiveMQException {
        return switch (message.getType()) {
            case Message.DEFAULT_TYPE, Message.BYTES_TYPE, Message.STREAM_TYPE -> true;
            case Message.TEXT_TYPE -> {
                ByteBuffer head = head(message, TEXT_HEAD);
                yield head.remaining() > 0
                        && (head.get() == 0
                                || (head.remaining() == Integer.BYTES && fits(head.getInt(), size - TEXT_HEAD)));
            }
            case Message.OBJECT_TYPE -> {
                ByteBuffer head = head(message, OBJECT_HEAD);
                yield head.remaining() == OBJECT_HEAD && fits(head.getInt(), size - OBJECT_HEAD);
            }
            // A map could claim a billion entries; it is no command in any case.
            default -> false;
        };
    }

    private static boolean fits(int length, long room) {
        return length >= 0 && length <= room;
    }

    /** The first bytes of the body, fewer when there are no more. */
    private static ByteBuffer head(ICoreMessage message, int bytes) throws ActiveMQException {
        ByteBuffer head = ByteBuffer.allocate(bytes);
        if (message.isLargeMessage()) {
            try (LargeBodyReader body = message.getLargeBodyReader()) {
                body.open();
                body.readInto(head);
            }
        } else {
            ActiveMQBuffer body = message.getReadOnlyBodyBuffer();
            byte[] there = new byte[Math.min(bytes, body.readableBytes())];
            body.readBytes(there);
            head.put(there);
        }
        return head.flip();
    }

    private boolean isQueueOnly(@Nullable SimpleString address) {
        ActiveMQServer asked = server;
        if (asked == null || address == null) {
            return false;
        }
        AddressInfo info = asked.getAddressInfo(address);
        return info != null && Set.of(RoutingType.ANYCAST).equals(info.getRoutingTypes());
    }

    private static ActiveMQException refusal(String sentence) {
        return new ActiveMQException(sentence, ActiveMQExceptionType.ILLEGAL_STATE);
    }
}
