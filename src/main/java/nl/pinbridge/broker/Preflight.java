package nl.pinbridge.broker;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import nl.pinbridge.broker.Place.Reader;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientSession.AddressQuery;
import org.apache.activemq.artemis.api.core.client.ClientSession.QueueQuery;

/**
 * Judges the broker before any consumer starts. A broker that lacks a dead-letter or expiry address deletes messages
 * where it should keep them, and one that gives up early or makes queues on the fly loses results.
 */
public final class Preflight {
    private static final Duration LONGEST_EXPIRY_SCAN = Duration.ofSeconds(10);
    private static final int BROKER_DEFAULT_ATTEMPTS = 10;

    private final ConnectionFactory factory;
    private final BrokerSettings settings;
    private final Clock clock;

    /**
     * @param factory a plain Artemis factory with the bridge's own user, not a pool
     */
    public Preflight(ConnectionFactory factory, BrokerSettings settings, Clock clock) {
        this.factory = factory;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * A broker that may be used.
     *
     * @param version the broker's version
     * @param clockAhead by how much its clock is ahead of ours
     * @param warnings sentences for the log: it works, but not as well as it could
     */
    public record Passed(String version, Duration clockAhead, List<String> warnings) {}

    /**
     * @throws BrokerException when the broker must not be used: one sentence for each thing to put right
     */
    public Passed check() {
        try (BrokerManagement broker = BrokerManagement.open(factory)) {
            List<String> problems = new ArrayList<>();
            List<String> warnings = new ArrayList<>();
            for (Place place : Addresses.places(settings)) {
                judgeExistence(broker, place, problems);
                judgeSettings(broker, place, problems, warnings);
            }
            judgeStrangers(broker, problems);
            judgeIdentity(broker, problems, warnings);
            judgeExpiryScan(broker, problems, warnings);
            if (!problems.isEmpty()) {
                throw new BrokerException("The broker is not fit for payments:\n- " + String.join("\n- ", problems));
            }
            return new Passed(broker.version(), broker.ahead(clock), List.copyOf(warnings));
        } catch (BrokerException e) {
            throw e;
        } catch (JMSSecurityException e) {
            throw new BrokerException(
                    "The broker does not let the bridge's user in far enough (" + BrokerConnections.why(e)
                            + "). It needs: temporary queues (under uuid-namespace " + Addresses.TEMPORARY
                            + "), 'manage' on " + Addresses.MANAGEMENT
                            + ", and with management-message-rbac also 'view' on mops.#.",
                    e);
        } catch (JMSException e) {
            throw new BrokerException("The broker cannot be judged: " + BrokerConnections.why(e), e);
        } catch (Exception e) {
            throw new BrokerException("The broker cannot be judged: " + e, e);
        }
    }

    private static void judgeExistence(BrokerManagement broker, Place place, List<String> problems) throws Exception {
        String name = place.name();
        if (place.multicast()) {
            AddressQuery address = broker.address(name);
            if (!address.isExists() || !address.isSupportsMulticast()) {
                problems.add("The address " + name + " does not exist as multicast: add <address name=\"" + name
                        + "\"><multicast/></address>.");
            }
            return;
        }
        QueueQuery queue = broker.queue(name);
        if (!queue.isExists()) {
            problems.add("The queue " + name + " does not exist: add <address name=\"" + name
                    + "\"><anycast><queue name=\"" + name + "\"/></anycast></address>.");
        } else if (queue.getRoutingType() != RoutingType.ANYCAST
                || !SimpleString.of(name).equals(queue.getAddress())) {
            problems.add("The queue " + name + " must be anycast on the address " + name + ", but it is "
                    + queue.getRoutingType() + " on " + queue.getAddress() + ".");
        } else if (!queue.isDurable()) {
            problems.add("The queue " + name + " is not durable: it would forget its messages at a restart.");
        }
    }

    private static void judgeSettings(
            BrokerManagement broker, Place place, List<String> problems, List<String> warnings) throws Exception {
        String name = place.name();
        JsonNode found = broker.addressSettings(name);
        judgeRefuge(broker, name, "dead-letter-address", text(found, "deadLetterAddress", "DLA"), problems);
        String expiry = text(found, "expiryAddress");
        judgeRefuge(broker, name, "expiry-address", expiry, problems);
        if (name.equals(Addresses.COMMANDS)) {
            if (!expiry.isEmpty() && !expiry.equals(Addresses.EXPIRED)) {
                problems.add("Expired commands of " + name + " go to " + expiry
                        + ", where nobody answers them: set its expiry-address to " + Addresses.EXPIRED + ".");
            }
            if (!found.path("enableIngressTimestamp").asBoolean(false)) {
                problems.add("The queue " + name
                        + " does not note when a command came in: set enable-ingress-timestamp to true for it.");
            }
        }
        int attempts = found.path("maxDeliveryAttempts").asInt(BROKER_DEFAULT_ATTEMPTS);
        if (place.reader() == Reader.BRIDGE && attempts > 0) {
            problems.add("The queue " + name + " gives up after " + attempts
                    + " deliveries, and the bridge rolls back for as long as its ledger is away: set"
                    + " max-delivery-attempts to -1 for it.");
        }
        String full = text(found, "addressFullMessagePolicy", "address-full-policy");
        if (full.equals("DROP")) {
            problems.add(
                    "The queue " + name + " drops messages when it is full: set address-full-policy to PAGE for it.");
        } else if (full.equals("BLOCK") && place.reader() == Reader.CLIENT) {
            problems.add("The queue " + name
                    + " holds its sender when it is full, and the bridge would stand still with a back office that does"
                    + " not read: set address-full-policy to PAGE or FAIL for it.");
        }
        if (found.path("redeliveryDelay").asLong(0) <= 0) {
            warnings.add("The queue " + name + " delivers again without a pause: set redelivery-delay to "
                    + Addresses.REDELIVERY_DELAY_MILLIS + " for it.");
        }
    }

    /** A refuge is where messages go instead of being deleted; it counts only with a queue to keep them. */
    private static void judgeRefuge(
            BrokerManagement broker, String place, String setting, String refuge, List<String> problems)
            throws Exception {
        if (refuge.isEmpty()) {
            problems.add("The queue " + place + " has no " + setting
                    + ", so the broker would delete messages: set it to "
                    + (setting.startsWith("dead")
                            ? Addresses.DEAD
                            : place.equals(Addresses.COMMANDS) ? Addresses.EXPIRED : Addresses.EXPIRED_OTHER)
                    + ".");
            return;
        }
        AddressQuery address = broker.address(refuge);
        if (!address.isExists() || address.getQueueNames().isEmpty()) {
            problems.add("The " + setting + " of the queue " + place + " is " + refuge
                    + ", but no queue keeps what is sent there: make an anycast queue " + refuge + ".");
        }
    }

    /** A reply address that is gone must fail at the send; a queue made on the fly would swallow the result. */
    private static void judgeStrangers(BrokerManagement broker, List<String> problems) throws JMSException {
        for (String stranger : List.of(UUID.randomUUID().toString(), Addresses.repliesOf("nobody"))) {
            JsonNode found = broker.addressSettings(stranger);
            if (found.path("autoCreateQueues").asBoolean(true)
                    || found.path("autoCreateAddresses").asBoolean(true)) {
                problems.add("The broker makes queues on the fly (for example for " + stranger
                        + "), so results for a reply queue that is gone would be kept where nobody reads: set"
                        + " auto-create-queues and auto-create-addresses to false for the match '#'.");
                return;
            }
        }
    }

    private static void judgeIdentity(BrokerManagement broker, List<String> problems, List<String> warnings)
            throws JMSException {
        String user = broker.echo().getStringProperty("JMSXUserID");
        if (user == null || user.isEmpty()) {
            problems.add("The broker does not tell who sent a message, and command ids are unique per sender: set"
                    + " populate-validated-user to true.");
        }
        if (!broker.plugins().contains(SendGuard.class.getName())) {
            warnings.add("The broker lacks the plugin " + SendGuard.class.getName()
                    + ": AMQP senders can pass for one another, results can be put in front of other readers, a message that"
                    + " cannot be unpacked or a STOMP priority outside 0 to 9 wedges a queue, and a"
                    + " command sent as to a topic is lost. See docker/broker/README.md.");
        }
    }

    private static void judgeExpiryScan(BrokerManagement broker, List<String> problems, List<String> warnings)
            throws JMSException {
        long scan = broker.expiryScanMillis();
        if (scan <= 0) {
            problems.add("The broker never looks for expired messages: set message-expiry-scan-period to "
                    + BrokerConfiguration.EXPIRY_SCAN_MILLIS + ".");
        } else if (scan > LONGEST_EXPIRY_SCAN.toMillis()) {
            warnings.add("The broker looks for expired messages every " + scan
                    + " ms only, so expired commands are answered late: set message-expiry-scan-period to "
                    + BrokerConfiguration.EXPIRY_SCAN_MILLIS + ".");
        }
    }

    private static String text(JsonNode json, String... names) {
        for (String name : names) {
            String value = json.path(name).asText("");
            if (!value.isEmpty() && !value.equals("null")) {
                return value;
            }
        }
        return "";
    }
}
