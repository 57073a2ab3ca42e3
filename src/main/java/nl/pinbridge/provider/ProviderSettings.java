package nl.pinbridge.provider;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import nl.pinbridge.config.Secret;
import nl.pinbridge.provider.ProviderFolder.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * What the operator sets for one provider ({@code pinbridge.provider.<name>.…}); null means that the provider's folder decides.
 *
 * @param name the provider's folder name
 * @param url base URL, http or https, without query; null for the folder's
 * @param connectTimeout for TCP connect and TLS handshake; above 0
 * @param responseTimeout for the whole answer, counted from the first byte written; above 0
 * @param encoding {@code multipart} or {@code urlencoded}: how a form is sent
 * @param secrets secrets that are not kept per terminal, for {@code {setting.<key>}} in the folder's auth
 */
public record ProviderSettings(
        String name,
        @Nullable URI url,
        @Nullable Duration connectTimeout,
        @Nullable Duration responseTimeout,
        @Nullable Encoding encoding,
        Map<String, Secret> secrets) {

    public ProviderSettings {
        secrets = Map.copyOf(secrets);
        if (url != null) {
            ProviderFolder.checkBaseUrl(url);
        }
        checkTimeout(name, "connect-timeout", connectTimeout);
        checkTimeout(name, "response-timeout", responseTimeout);
    }

    /** Nothing set: the folder decides everything. */
    public static ProviderSettings none(String name) {
        return new ProviderSettings(name, null, null, null, null, Map.of());
    }

    private static void checkTimeout(String name, String key, @Nullable Duration timeout) {
        // 0 would mean "for ever" to the HTTP client.
        if (timeout != null && timeout.toMillis() <= 0) {
            throw new IllegalArgumentException(
                    "pinbridge.provider." + name + "." + key + " must be above 0: " + timeout);
        }
    }
}
