package nl.pinbridge.provider;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import nl.pinbridge.config.Secret;
import nl.pinbridge.provider.ProviderFolder.Encoding;
import nl.pinbridge.provider.ProviderFolder.Operation;
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
 * @param urls in place of those of the folder's {@code urls}, by name
 * @param readUrls in place of the folder's {@code read-urls}; null for the folder's, unless {@code url} is set: another installation of the
 *     provider has none of the folder's hosts beside it
 */
public record ProviderSettings(
        String name,
        @Nullable URI url,
        @Nullable Duration connectTimeout,
        @Nullable Duration responseTimeout,
        @Nullable Encoding encoding,
        Map<String, Secret> secrets,
        Map<String, URI> urls,
        @Nullable List<URI> readUrls) {

    /** Stands for the address of a terminal before it is known which one. */
    private static final URI NO_HOST = URI.create("http://terminal.invalid");

    public ProviderSettings {
        secrets = Map.copyOf(secrets);
        urls = Map.copyOf(urls);
        urls.values().forEach(ProviderFolder::checkBaseUrl);
        if (readUrls != null) {
            readUrls = List.copyOf(readUrls);
            readUrls.forEach(ProviderFolder::checkBaseUrl);
        }
        if (url != null) {
            ProviderFolder.checkBaseUrl(url);
        }
        checkTimeout(name, "connect-timeout", connectTimeout);
        checkTimeout(name, "response-timeout", responseTimeout);
    }

    /** With the folder's other URLs. */
    public ProviderSettings(
            String name,
            @Nullable URI url,
            @Nullable Duration connectTimeout,
            @Nullable Duration responseTimeout,
            @Nullable Encoding encoding,
            Map<String, Secret> secrets) {
        this(name, url, connectTimeout, responseTimeout, encoding, secrets, Map.of(), null);
    }

    /** The base URL of an operation. */
    URI base(ProviderFolder folder, Operation operation) {
        String at = operation.at();
        if (at == null) {
            URI live = folder.url();
            return url != null ? url : live != null ? live : NO_HOST;
        }
        URI set = urls.get(at);
        URI known = folder.urls().get(at);
        if (set == null && known == null) {
            throw new IllegalStateException("There is no URL " + at + " of " + name);
        }
        return set == null ? Objects.requireNonNull(known) : set;
    }

    /**
     * Where an operation is asked, in turn. Only what merely reads has more than one: a call that is made once goes to one host and to
     * no other, whatever is set.
     */
    List<URI> bases(ProviderFolder folder, Operation operation) {
        URI first = base(folder, operation);
        if (!operation.onlyReads() || operation.at() != null) {
            return List.of(first);
        }
        List<URI> more = readUrls != null ? readUrls : url == null ? folder.readUrls() : List.of();
        return Stream.concat(Stream.of(first), more.stream()).distinct().toList();
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
