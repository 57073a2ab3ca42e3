package nl.pinbridge.provider;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a provider's webhooks come in, what proves who wrote them, and what the provider wants to hear, from its {@code provider.yaml}.
 *
 * @param methods {@code POST}, {@code GET} or both; of a GET the query is what was said
 * @param signature null where the provider does not sign
 * @param oneAddress true where the provider is told one address for all payments, and each webhook itself names its payment
 * @param json the answer to what was sent as JSON, whether or not it is valid
 * @param text the answer to everything else
 */
public record WebhookDoor(
        Set<String> methods, @Nullable Signature signature, boolean oneAddress, Reply json, Reply text) {
    /** By POST, unsigned, answered by a status alone. */
    public static final WebhookDoor OPEN = new WebhookDoor(Set.of("POST"), null, false, Reply.NOTHING, Reply.NOTHING);

    /** Names that provider.yaml may use, to those of the Java platform. A weaker one is nowhere to be set. */
    public static final Map<String, String> ALGORITHMS =
            Map.of("sha256", "HmacSHA256", "sha384", "HmacSHA384", "sha512", "HmacSHA512");

    /**
     * The bodies of answers, byte for byte.
     *
     * @param taken it is kept for good
     * @param notTaken it is not; it may come again
     */
    public record Reply(String taken, String notTaken) {
        public static final Reply NOTHING = new Reply("", "");
    }

    /**
     * An HMAC over the raw body, in lowercase hexadecimal.
     *
     * @param header that holds it
     * @param keyHeader that names the key
     * @param algorithmHeader that names one of the algorithms
     * @param expect other headers and what they must be
     * @param algorithms of {@link #ALGORITHMS}
     * @param keys pairs of templates
     * @param when what must be true of {@code {keyId, json, text}} beside the signature; null for nothing
     */
    public record Signature(
            String header,
            String keyHeader,
            String algorithmHeader,
            Map<String, String> expect,
            Set<String> algorithms,
            List<Key> keys,
            @Nullable JqScript when) {}

    /**
     * A key as a pair of templates.
     *
     * @param id of {@code {setting.x}}, {@code {option.x}} and {@code {terminal.label.x}}
     * @param secret of {@code {setting.x}} and {@code {terminal.key}}
     */
    public record Key(String id, String secret) {}
}
