package nl.pinbridge.broker;

import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/** Makes a queue of a running broker take only so many messages, and refuse the rest, as an external broker may be told to. */
public final class FullQueue {
    private FullQueue() {}

    public static void limit(EmbeddedBroker broker, BrokerSettings settings, String queue, int messages) {
        Place place = Addresses.places(settings).stream()
                .filter(one -> one.name().equals(queue))
                .findFirst()
                .orElseThrow();
        AddressSettings full = BrokerConfiguration.addressSettings(place)
                .setMaxSizeMessages(messages)
                .setAddressFullMessagePolicy(AddressFullMessagePolicy.FAIL);
        broker.server().getAddressSettingsRepository().addMatch(queue, full);
    }
}
