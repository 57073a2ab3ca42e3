package nl.pinbridge.broker;

import java.util.Set;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQExceptionType;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.impl.AddressInfo;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerPlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.protocol.amqp.broker.AMQPMessage;
import org.jspecify.annotations.Nullable;

/**
 * A broker plugin that closes three gaps between the protocols and the bridge. The embedded broker always has it; an
 * external one gets it from the bridge's jar (see {@code docker/broker/README.md}). It needs nothing but Artemis.
 *
 * <ul>
 *   <li>A priority outside 0 to 9, which STOMP and raw CORE clients can send, wedges the queue until a restart: such
 *       a send is refused.
 *   <li>A multicast message to an address that has queues only would be dropped: such a send is refused.
 *   <li>The broker notes the validated user on messages of CORE and STOMP clients only, and an AMQP client could note
 *       any user itself: this notes the true one.
 * </ul>
 *
 * <p>It sits behind all protocols rather than in a frame interceptor: only here does an exception stop the message and
 * reach the sender as his protocol's own error.
 */
public final class SendGuard implements ActiveMQServerPlugin {
    private static final int HIGHEST_PRIORITY = 9;

    private volatile @Nullable ActiveMQServer server;

    @Override
    public void registered(ActiveMQServer registeredWith) {
        server = registeredWith;
    }

    @Override
    public void beforeSend(
            ServerSession session, Transaction tx, Message message, boolean direct, boolean noAutoCreateQueue)
            throws ActiveMQException {
        int priority = message.getPriority();
        if (priority < 0 || priority > HIGHEST_PRIORITY) {
            throw refusal("The priority " + priority + " is outside 0 to 9; the message was not taken.");
        }
        if (message.getRoutingType() == RoutingType.MULTICAST && isQueueOnly(message.getAddressSimpleString())) {
            throw refusal(message.getAddress() + " is a queue, not a topic; the message was not taken.");
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
