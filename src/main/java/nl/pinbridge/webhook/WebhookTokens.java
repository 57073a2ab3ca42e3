package nl.pinbridge.webhook;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import nl.pinbridge.broker.PrivateFiles;
import nl.pinbridge.config.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Webhook addresses: {@code /webhooks/<provider>/<token>}, where the token is the payment's id and 128 bits of an HMAC-SHA256 over
 * provider and id. So an address can be checked without the ledger, and nobody can make one up. A provider that is told one address
 * for all payments has a token without an id.
 */
public final class WebhookTokens {
    /** Where the secret lies that the bridge made for itself, below the data folder. */
    public static final String FILE = "webhook.properties";

    private static final int SHORTEST_SECRET = 32;

    private static final String KEY = "secret";
    private static final String HMAC = "HmacSHA256";
    private static final int HMAC_BYTES = 16;
    // 16 bytes in base64url without padding are 22 characters; ids are ULIDs.
    private static final Pattern PATH =
            Pattern.compile("/webhooks/([a-z][a-z0-9-]{0,49})/([0-9A-HJKMNP-TV-Z]{26})?([A-Za-z0-9_-]{22})");

    private final SecretKeySpec key;

    /**
     * Whom an address is about.
     *
     * @param paymentId null for a provider's one address
     */
    public record Subject(String provider, @Nullable String paymentId) {}

    public WebhookTokens(Secret secret) {
        this.key = new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), HMAC);
    }

    /**
     * @param set the operator's secret; an empty one stands for the bridge's own, which is made here when there is none yet
     */
    public static WebhookTokens load(Path data, Secret set) {
        if (!set.reveal().isEmpty()) {
            return new WebhookTokens(set);
        }
        Path file = data.resolve(FILE);
        if (!Files.exists(file)) {
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            PrivateFiles.write(
                    file, Map.of(KEY, Base64.getUrlEncoder().withoutPadding().encodeToString(random)));
        }
        String kept = PrivateFiles.read(file).getProperty(KEY, "");
        if (kept.length() < SHORTEST_SECRET) {
            throw new IllegalStateException(file + " holds no secret; remove it and a new one is made");
        }
        return new WebhookTokens(new Secret(kept));
    }

    /** The path of a payment's webhooks, from the first slash on. */
    public String path(String provider, String paymentId) {
        return "/webhooks/" + provider + "/" + paymentId + mac(provider, paymentId);
    }

    /** The path of a provider's one address for all payments, from the first slash on. */
    public String path(String provider) {
        return "/webhooks/" + provider + "/" + mac(provider, "");
    }

    /** The address that a provider is given; null where nothing is reachable from outside. */
    public @Nullable String url(@Nullable URI publicUrl, String provider, String paymentId) {
        return publicUrl == null ? null : publicUrl.toString().replaceAll("/+$", "") + path(provider, paymentId);
    }

    /**
     * @param path as it stood in the request, not decoded: there is one way to write an address
     * @return empty unless the token is right
     */
    public Optional<Subject> read(@Nullable String path) {
        Matcher address = PATH.matcher(path == null ? "" : path);
        if (!address.matches()) {
            return Optional.empty();
        }
        Subject subject = new Subject(address.group(1), address.group(2));
        String paymentId = subject.paymentId() == null ? "" : subject.paymentId();
        byte[] right = mac(subject.provider(), paymentId).getBytes(StandardCharsets.US_ASCII);
        byte[] given = address.group(3).getBytes(StandardCharsets.US_ASCII);
        // Takes as long for a near miss as for any other.
        return MessageDigest.isEqual(right, given) ? Optional.of(subject) : Optional.empty();
    }

    private String mac(String provider, String paymentId) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            byte[] whole = mac.doFinal(("webhook/" + provider + "/" + paymentId).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(whole, HMAC_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
