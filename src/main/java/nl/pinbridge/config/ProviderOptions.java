package nl.pinbridge.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the operator set for one provider; null means that the provider's folder decides.
 *
 * @param name the provider's folder name
 * @param url base URL, http or https, without query
 * @param connectTimeout above 0
 * @param responseTimeout above 0
 * @param firstLook after the start
 * @param lookInterval to the next look
 * @param lookIntervalMax not below the interval, where both are set
 * @param maximum after which an open payment becomes a work item
 * @param consumers calls at the same time
 * @param encoding {@code multipart} or {@code urlencoded}
 * @param acceptZeroAmount whether an answered 0 counts as the amount asked when the receipt's total says so
 * @param expectTest whether the provider is asked in its test mode
 * @param allow what provider.yaml leaves to the operator, as {@code operation/brand}
 * @param webhookSigned whether webhooks must carry the signature that the folder describes, where it describes one
 * @param urls base URLs of the provider's other hosts, by the folder's names; without those that are not set
 * @param readUrls where reads are tried in turn
 * @param values what the folder leaves to the operator under {@code options}; without those that are not set
 * @param secrets by the key that the folder uses in {@code {setting.<key>}}; without those that are not set
 */
public record ProviderOptions(
        String name,
        @Nullable URI url,
        @Nullable Duration connectTimeout,
        @Nullable Duration responseTimeout,
        @Nullable Duration firstLook,
        @Nullable Duration lookInterval,
        @Nullable Duration lookIntervalMax,
        @Nullable Duration maximum,
        @Nullable Integer consumers,
        @Nullable String encoding,
        boolean acceptZeroAmount,
        boolean expectTest,
        Set<String> allow,
        boolean webhookSigned,
        Map<String, URI> urls,
        @Nullable List<URI> readUrls,
        Map<String, String> values,
        Map<String, Secret> secrets) {

    public ProviderOptions {
        allow = Set.copyOf(allow);
        urls = Map.copyOf(urls);
        readUrls = readUrls == null ? null : List.copyOf(readUrls);
        values = Map.copyOf(values);
        secrets = Map.copyOf(secrets);
    }
}
