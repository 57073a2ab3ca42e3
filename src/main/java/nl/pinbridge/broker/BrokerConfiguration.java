package nl.pinbridge.broker;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nl.pinbridge.broker.Place.Permission;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.core.settings.impl.DiskFullMessagePolicy;
import org.apache.activemq.artemis.utils.critical.CriticalAnalyzerPolicy;

/** Turns the list of addresses into the broker's own words. */
final class BrokerConfiguration {
    /** The contract answers expired commands within 10 s; half of it leaves room for a slow scan. */
    static final long EXPIRY_SCAN_MILLIS = 5_000;

    /**
     * Nanoseconds that the journal waits to fill its write buffer. The broker's default of 3.33 ms suits many
     * producers at once; here each message would wait for it in vain.
     */
    static final int JOURNAL_BUFFER_NANOS = 300_000;

    static final int DUPLICATE_IDS_PER_ADDRESS = 20_000;

    static final int PAGE_BYTES = 1024 * 1024;
    static final long MEMORY_PER_ADDRESS = 20L * PAGE_BYTES;
    private static final int LOCK_WAIT_MILLIS = 3_000;

    private BrokerConfiguration() {}

    /**
     * @param serverId the number of the in-VM acceptor, unique in this JVM
     */
    static Configuration of(BrokerSettings settings, int serverId) throws Exception {
        String folder = settings.data().resolve("broker").toAbsolutePath().toString();
        Configuration configuration = new ConfigurationImpl()
                .setName("pinbridge")
                .setPersistenceEnabled(true)
                .setJournalType(JournalType.NIO)
                .setJournalDatasync(true)
                .setJournalBufferTimeout_NIO(JOURNAL_BUFFER_NANOS)
                .setJournalDirectory(folder + "/journal")
                .setBindingsDirectory(folder + "/bindings")
                .setPagingDirectory(folder + "/paging")
                .setLargeMessagesDirectory(folder + "/large-messages")
                .setJournalLockAcquisitionTimeout(LOCK_WAIT_MILLIS)
                .setIDCacheSize(DUPLICATE_IDS_PER_ADDRESS)
                .setPersistIDCache(true)
                .setMessageExpiryScanPeriod(EXPIRY_SCAN_MILLIS)
                .setSecurityEnabled(true)
                .setPopulateValidatedUser(true)
                .setJMXManagementEnabled(false)
                .setMaxDiskUsage(-1)
                .setMinDiskFree(settings.minDiskFree())
                // Its other policies end the JVM, and with it a bridge that could still answer.
                .setCriticalAnalyzerPolicy(CriticalAnalyzerPolicy.LOG);
        configuration.setManagementMessageRbac(true);
        configuration.setUuidNamespace(Addresses.TEMPORARY);
        configuration.addAcceptorConfiguration(
                "tcp", "tcp://127.0.0.1:" + settings.port() + "?protocols=CORE,AMQP,STOMP");
        configuration.addAcceptorConfiguration("bridge", "vm://" + serverId);

        List<Place> places = Addresses.places(settings);
        configuration.addAddressSetting("#", defaults());
        // Between the end of a temporary queue and that of its address, a result would be dropped without a word.
        configuration.addAddressSetting(Addresses.TEMPORARY + ".#", defaults().setSendToDLAOnNoRoute(true));
        places.forEach(place -> configuration.addAddressSetting(place.name(), addressSettings(place)));
        places.forEach(place -> configuration.addAddressConfiguration(address(place)));
        Addresses.security(settings).forEach((match, grants) -> configuration.putSecurityRoles(match, roles(grants)));
        configuration.registerBrokerPlugin(new SendGuard());
        return configuration;
    }

    static AddressSettings addressSettings(Place place) {
        AddressSettings settings = defaults()
                .setDeadLetterAddress(SimpleString.of(place.deadLetters()))
                .setExpiryAddress(SimpleString.of(place.expiry()))
                .setMaxDeliveryAttempts(place.maxDeliveryAttempts())
                .setNoExpiry(!place.expires())
                // A STOMP subscription is made with this one: the wrong type would turn a topic into a queue.
                .setDefaultQueueRoutingType(routing(place))
                .setDefaultAddressRoutingType(routing(place))
                // An event without subscribers is nobody's loss; any other message that fits no queue is.
                .setSendToDLAOnNoRoute(!place.multicast());
        if (place.name().equals(Addresses.DEAD)
                || place.name().equals(Addresses.EXPIRED)
                || place.name().equals(Addresses.EXPIRED_OTHER)) {
            // The broker itself moves messages here: failing such a move on a full disk would lose them.
            settings.setDiskFullMessagePolicy(DiskFullMessagePolicy.BLOCK);
        }
        if (place.name().equals(Addresses.LOOK)) {
            // Scheduled messages that were paged would keep those behind them, due earlier, on disk.
            settings.setMaxSizeBytes(-1);
        }
        return settings;
    }

    private static AddressSettings defaults() {
        return new AddressSettings()
                .setDeadLetterAddress(SimpleString.of(Addresses.DEAD))
                .setExpiryAddress(SimpleString.of(Addresses.EXPIRED_OTHER))
                .setMaxDeliveryAttempts(Addresses.READER_ATTEMPTS)
                .setRedeliveryDelay(Addresses.REDELIVERY_DELAY_MILLIS)
                .setRedeliveryMultiplier(Addresses.REDELIVERY_MULTIPLIER)
                .setMaxRedeliveryDelay(Addresses.MAX_REDELIVERY_DELAY_MILLIS)
                .setAutoCreateAddresses(false)
                .setAutoCreateQueues(false)
                .setAutoDeleteAddresses(false)
                .setAutoDeleteQueues(false)
                .setAutoDeleteCreatedQueues(false)
                .setDefaultAddressRoutingType(RoutingType.ANYCAST)
                .setDefaultQueueRoutingType(RoutingType.ANYCAST)
                .setEnableIngressTimestamp(true)
                .setAddressFullMessagePolicy(AddressFullMessagePolicy.PAGE)
                .setMaxSizeBytes(MEMORY_PER_ADDRESS)
                .setPageSizeBytes(PAGE_BYTES)
                .setDiskFullMessagePolicy(DiskFullMessagePolicy.FAIL);
    }

    private static CoreAddressConfiguration address(Place place) {
        CoreAddressConfiguration address =
                new CoreAddressConfiguration().setName(place.name()).addRoutingType(routing(place));
        if (!place.multicast()) {
            address.addQueueConfig(QueueConfiguration.of(place.name())
                    .setAddress(place.name())
                    .setRoutingType(RoutingType.ANYCAST)
                    .setDurable(true));
        }
        return address;
    }

    private static RoutingType routing(Place place) {
        return place.multicast() ? RoutingType.MULTICAST : RoutingType.ANYCAST;
    }

    static Set<Role> roles(Map<String, Set<Permission>> grants) {
        Set<Role> roles = new HashSet<>();
        grants.forEach((name, permissions) -> {
            boolean subscribe = permissions.contains(Permission.SUBSCRIBE);
            boolean temporary = permissions.contains(Permission.TEMPORARY);
            roles.add(new Role(
                    name,
                    permissions.contains(Permission.SEND),
                    permissions.contains(Permission.CONSUME),
                    subscribe,
                    subscribe,
                    subscribe || temporary,
                    subscribe || temporary,
                    permissions.contains(Permission.MANAGE),
                    permissions.contains(Permission.BROWSE),
                    temporary,
                    temporary,
                    permissions.contains(Permission.VIEW),
                    false));
        });
        return roles;
    }
}
