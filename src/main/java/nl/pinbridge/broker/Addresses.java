package nl.pinbridge.broker;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nl.pinbridge.broker.Place.Permission;
import nl.pinbridge.broker.Place.Reader;

/**
 * The one list of addresses. The embedded broker is made from it, an external broker is judged by it, and the
 * configuration in {@code docker/broker} is tested against it.
 */
public final class Addresses {
    public static final String COMMANDS = "payments.commands";
    public static final String REPLIES = "payments.replies";
    public static final String EVENTS = "payments.events";
    public static final String RECONCILIATION = "payments.reconciliation";
    public static final String REFUSED = "payments.refused";

    public static final String EXPRESS = "pinbridge.express";
    public static final String ERRAND = "pinbridge.errand";
    public static final String LOOK = "pinbridge.look";
    public static final String WEBHOOKS = "pinbridge.webhooks";
    public static final String ADMIN = "pinbridge.admin";

    /** Where the broker puts what it gives up on. */
    public static final String DEAD = "pinbridge.dead";
    /** Commands that expired on the broker; intake reads and answers them. */
    public static final String EXPIRED = "pinbridge.expired";
    /** Whatever else expired: requests of the command line, replies on temporary queues. */
    public static final String EXPIRED_OTHER = "pinbridge.expired.other";

    /** Temporary queues are named by chance; the broker looks up their rules under this word. */
    public static final String TEMPORARY = "pinbridge.temp";

    public static final String MANAGEMENT = "activemq.management";

    public static final String ROLE_BRIDGE = "bridge";
    public static final String ROLE_CLIENT = "client";
    public static final String ROLE_OPERATOR = "operator";

    /**
     * What the bridge reads is never given up on by the broker: while the ledger is away the bridge rolls back as long
     * as it takes, and a command must not end among the dead letters for that. Poison is recognised and moved by the
     * bridge, which can say why.
     */
    public static final int UNLIMITED = -1;

    /**
     * What a back office reads is given up on only after more than a day of roll-backs (33 hours at the largest
     * delay): its database may be away for a night, and a client that crashes with messages prefetched uses up
     * attempts for messages that it never saw.
     */
    public static final int READER_ATTEMPTS = 2000;

    public static final long REDELIVERY_DELAY_MILLIS = 1_000;
    public static final double REDELIVERY_MULTIPLIER = 2.0;
    public static final long MAX_REDELIVERY_DELAY_MILLIS = 60_000;

    private Addresses() {}

    /** The queue of a provider's commands. */
    public static String lane(String provider) {
        return "pinbridge.lane." + provider;
    }

    /** The reply queue that only this client user reads. */
    public static String repliesOf(String user) {
        return REPLIES + "." + user;
    }

    /** The role that reads {@link #repliesOf(String)}, beside {@link #ROLE_CLIENT}. */
    public static String ownRole(String user) {
        return ROLE_CLIENT + "." + user;
    }

    /** True for names that are never a reply queue of a sender's choice, whatever the settings allow. */
    static boolean isReserved(String name) {
        return name.startsWith("pinbridge.")
                || name.startsWith("activemq.")
                || List.of(COMMANDS, REPLIES, EVENTS, RECONCILIATION, REFUSED).contains(name);
    }

    /** Every address that must exist before a consumer starts. */
    public static List<Place> places(BrokerSettings settings) {
        List<Place> places = new ArrayList<>();
        places.add(new Place(
                COMMANDS,
                false,
                DEAD,
                EXPIRED,
                UNLIMITED,
                true,
                Reader.BRIDGE,
                grants(
                        ROLE_CLIENT, EnumSet.of(Permission.SEND),
                        ROLE_BRIDGE, EnumSet.of(Permission.SEND, Permission.CONSUME, Permission.BROWSE))));
        places.add(outgoing(REPLIES, ROLE_CLIENT));
        settings.clientUsers().forEach(user -> places.add(outgoing(repliesOf(user), ownRole(user))));
        settings.replyQueues().stream()
                .filter(queue -> places.stream().noneMatch(place -> place.name().equals(queue)))
                .distinct()
                .forEach(queue -> places.add(outgoing(queue, ROLE_CLIENT)));
        places.add(new Place(
                EVENTS,
                true,
                DEAD,
                EXPIRED_OTHER,
                READER_ATTEMPTS,
                false,
                Reader.CLIENT,
                grants(
                        ROLE_CLIENT, EnumSet.of(Permission.CONSUME, Permission.BROWSE, Permission.SUBSCRIBE),
                        ROLE_BRIDGE, EnumSet.of(Permission.SEND))));
        places.add(outgoing(RECONCILIATION, ROLE_CLIENT));
        places.add(outgoing(REFUSED, ROLE_CLIENT));
        settings.providers().stream().distinct().forEach(provider -> places.add(internal(lane(provider))));
        places.add(internal(EXPRESS));
        places.add(internal(ERRAND));
        places.add(internal(LOOK));
        places.add(internal(WEBHOOKS));
        places.add(new Place(
                ADMIN,
                false,
                DEAD,
                EXPIRED_OTHER,
                UNLIMITED,
                // A request that nobody waits for any more must not pause a provider later on.
                true,
                Reader.BRIDGE,
                grants(
                        ROLE_OPERATOR, EnumSet.of(Permission.SEND),
                        ROLE_BRIDGE, EnumSet.of(Permission.SEND, Permission.CONSUME, Permission.BROWSE))));
        places.add(internal(EXPIRED));
        places.add(store(DEAD));
        places.add(store(EXPIRED_OTHER));
        return List.copyOf(places);
    }

    /** What each role may do, by match; a longer match replaces a shorter one as a whole. */
    static Map<String, Map<String, Set<Permission>>> security(BrokerSettings settings) {
        Map<String, Map<String, Set<Permission>>> security = new LinkedHashMap<>();
        // Nobody may do anything that is not named below.
        security.put("#", Map.of());
        Set<Permission> own = EnumSet.of(Permission.CONSUME, Permission.BROWSE, Permission.TEMPORARY);
        Set<Permission> ownAndSend = EnumSet.copyOf(own);
        ownAndSend.add(Permission.SEND);
        security.put(
                TEMPORARY + ".#", Map.of(ROLE_CLIENT, own, ROLE_OPERATOR, own, ROLE_BRIDGE, Set.copyOf(ownAndSend)));
        security.put(MANAGEMENT, Map.of(ROLE_BRIDGE, EnumSet.of(Permission.MANAGE)));
        security.put("mops.#", Map.of(ROLE_BRIDGE, EnumSet.of(Permission.VIEW)));
        places(settings).forEach(place -> security.put(place.name(), place.grants()));
        return security;
    }

    private static Place outgoing(String name, String readerRole) {
        return new Place(
                name,
                false,
                DEAD,
                EXPIRED_OTHER,
                READER_ATTEMPTS,
                false,
                Reader.CLIENT,
                grants(
                        readerRole, EnumSet.of(Permission.CONSUME, Permission.BROWSE),
                        ROLE_BRIDGE, EnumSet.of(Permission.SEND, Permission.BROWSE)));
    }

    private static Place internal(String name) {
        return own(name, Reader.BRIDGE);
    }

    private static Place store(String name) {
        return own(name, Reader.OPERATOR);
    }

    private static Place own(String name, Reader reader) {
        return new Place(
                name,
                false,
                DEAD,
                EXPIRED_OTHER,
                UNLIMITED,
                false,
                reader,
                grants(ROLE_BRIDGE, EnumSet.of(Permission.SEND, Permission.CONSUME, Permission.BROWSE)));
    }

    /** Pairs of role and permissions; the operator may look into everything. */
    private static Map<String, Set<Permission>> grants(Object... pairs) {
        Map<String, Set<Permission>> grants = new LinkedHashMap<>();
        grants.put(ROLE_OPERATOR, EnumSet.of(Permission.BROWSE));
        for (int i = 0; i < pairs.length; i += 2) {
            @SuppressWarnings("unchecked")
            Set<Permission> permissions = (Set<Permission>) pairs[i + 1];
            grants.merge((String) pairs[i], permissions, (a, b) -> {
                Set<Permission> both = EnumSet.copyOf(a);
                both.addAll(b);
                return both;
            });
        }
        return grants;
    }
}
