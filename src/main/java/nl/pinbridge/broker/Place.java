package nl.pinbridge.broker;

import java.util.Map;
import java.util.Set;

/**
 * An address of the bridge and everything the broker must know about it.
 *
 * @param name the address; an anycast one has one queue of the same name
 * @param multicast true where each reader has a queue of its own
 * @param deadLetters where the broker puts what it gives up on
 * @param expiry where the broker puts what expired
 * @param maxDeliveryAttempts deliveries before the broker gives up; -1 for never
 * @param expires false where a time to live is ignored
 * @param reader whose code reads it
 * @param grants what each role may do; a role that is not named may do nothing
 */
public record Place(
        String name,
        boolean multicast,
        String deadLetters,
        String expiry,
        int maxDeliveryAttempts,
        boolean expires,
        Reader reader,
        Map<String, Set<Permission>> grants) {

    /** Whose code reads a place. */
    public enum Reader {
        BRIDGE,
        CLIENT,
        /** A person, when something went wrong. */
        OPERATOR
    }

    /** What a role may do with a place. */
    public enum Permission {
        SEND,
        CONSUME,
        BROWSE,
        /** Make and remove subscriptions, durable ones too. */
        SUBSCRIBE,
        /** Make and remove temporary queues. */
        TEMPORARY,
        /** Ask the broker's management. */
        MANAGE,
        /** Read what management shows. */
        VIEW
    }

    public Place {
        grants = Map.copyOf(grants);
    }
}
