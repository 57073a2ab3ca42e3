package nl.pinbridge.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import nl.pinbridge.contract.Json;
import org.jspecify.annotations.Nullable;

/**
 * A webhook as it lies on its queue: what the address said, when it came, and the body, of which nobody has believed a word.
 *
 * @param provider the provider's folder name, from the address
 * @param paymentId our payment, from the address; null where the provider has one address for all of them
 * @param receivedAt when the body was whole
 * @param body at most {@link WebhookListener#BODY_LIMIT} bytes, read as UTF-8
 */
public record Webhook(String provider, @Nullable String paymentId, Instant receivedAt, String body) {
    String json() {
        ObjectNode json = Json.object();
        json.put("provider", provider);
        json.put("payment", paymentId);
        json.put("receivedAt", receivedAt.toString());
        json.put("body", body);
        return Json.write(json);
    }

    /**
     * @throws IllegalArgumentException when this is no message of the listener
     */
    public static Webhook of(String message) {
        try {
            JsonNode json = Json.read(message);
            return new Webhook(
                    text(json, "provider"),
                    json.path("payment").isNull() ? null : text(json, "payment"),
                    Instant.parse(text(json, "receivedAt")),
                    text(json, "body"));
        } catch (UncheckedIOException | DateTimeException e) {
            throw new IllegalArgumentException("no message of the listener", e);
        }
    }

    private static String text(JsonNode json, String field) {
        String text = json.path(field).textValue();
        if (text == null) {
            throw new IllegalArgumentException("no text in " + field);
        }
        return text;
    }
}
