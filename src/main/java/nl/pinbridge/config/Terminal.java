package nl.pinbridge.config;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A till's terminal as {@code config/terminals.yaml} names it.
 *
 * @param alias the name that commands use
 * @param provider the provider's folder name, for example {@code pinvandaag}
 * @param id the provider's name of the device
 * @param brand the back end behind it, for example {@code WORLDLINE}; null where the provider has only one
 * @param key the secret that the provider wants; null where it is not kept per terminal
 * @param labels free labels, echoed in results and feed
 * @param url where this terminal is called; null where its provider has one address for all
 */
public record Terminal(
        String alias,
        String provider,
        String id,
        @Nullable String brand,
        @Nullable Secret key,
        Map<String, String> labels,
        @Nullable URI url) {

    /** A terminal of a provider that has one address for all. */
    public Terminal(
            String alias,
            String provider,
            String id,
            @Nullable String brand,
            @Nullable Secret key,
            Map<String, String> labels) {
        this(alias, provider, id, brand, key, labels, null);
    }

    /** The physical device: two aliases with the same device would share a lane and are refused. */
    public String device() {
        return provider + ":" + id;
    }
}
