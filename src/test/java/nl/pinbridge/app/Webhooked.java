package nl.pinbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import nl.pinbridge.broker.PrivateFiles;

/** Where the webhooks of a provider go that is told one address for all payments. */
public final class Webhooked {
    private Webhooked() {}

    /** As an operator reads it, to set it at the provider. */
    public static String address(RunningBridge bridge, String provider) {
        String address = PrivateFiles.read(bridge.data().resolve("webhook-addresses.properties"))
                .getProperty(provider, "");
        assertThat(address).startsWith("http://127.0.0.1:");
        return address;
    }
}
