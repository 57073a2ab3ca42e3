package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bavindo's webhook about a payment: its event, or what the display shows (providers/bavindo.md §7). Sent once, unsigned, to the one address of the Customer Area.
 *
 * @param shown the display's event; null for the payment's own
 */
record BavindoEvent(BavindoSetup setup, Payment<BavindoOwn> payment, String url, @Nullable String shown)
        implements Letters {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A style: {@code adyen_payload} repeats the payment's response inside a status response, as the details do. */
    static final String REPEATED = "repeated";

    @Override
    public String provider() {
        return Bavindo.NAME;
    }

    @Override
    public String transactionId() {
        return payment.id();
    }

    @Override
    public String terminal() {
        return payment.terminal();
    }

    @Override
    public List<Duration> retries() {
        return List.of();
    }

    @Override
    public Letter write(Told told, @Nullable String style) {
        ObjectNode body = told == Told.EARLIER
                ? BavindoText.display(payment, "card_presented")
                : shown != null
                        ? BavindoText.display(payment, shown)
                        : BavindoText.event(
                                payment, told == Told.OTHER_STATUS || told == Told.FORGED, REPEATED.equals(style));
        if (told == Told.OTHER_TRANSACTION) {
            body.put("payment_id", "00000000-0000-4000-b000-" + payment.id().substring(24));
        }
        String text = body.toString();
        return new Letter(
                HttpMethod.POST,
                url,
                Map.of("Content-Type", "application/json"),
                // As the samples stand on the page, which break off.
                WebhookScript.AS_PRINTED.equals(style) ? text.substring(0, text.length() - 1) : text,
                PATIENCE,
                (status, answer) -> status >= 200 && status < 300);
    }
}
