package nl.pinbridge.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;
import nl.pinbridge.outcome.StateMachine.Evidence;
import org.jspecify.annotations.Nullable;

/**
 * What a webhook says, as the provider's {@code webhook.jq} put it. Anybody may have written it, so that it is no evidence of anything.
 *
 * @param otherName another name that the provider has for the same transaction: it can be asked about by it
 * @param reason why it ended so, in the provider's word: plain text for the story; null where it says none
 * @param says what it claims of the payment; null where it claims nothing that could be read
 */
record Hint(
        @Nullable String providerTransactionId,
        @Nullable String otherName,
        @Nullable String ownReference,
        @Nullable String reason,
        @Nullable Evidence says) {
    static final Hint NOTHING = new Hint(null, null, null, null, null);

    /** It is kept, shown and sent to the provider, so it is plain text. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:/-]{1,100}");

    private static final Pattern WORDS = Pattern.compile("[A-Za-z0-9 _-]{1,60}");

    static Hint of(JsonNode mapped) {
        return new Hint(
                name(mapped.path("providerTransactionId")),
                name(mapped.path("otherName")),
                name(mapped.path("ownReference")),
                words(mapped.path("reason")),
                switch (mapped.path("state").asText()) {
                    case "STARTED", "OPEN", "MANUAL" -> Evidence.RUNNING;
                    case "PAID" -> Evidence.SAYS_PAID;
                    case "NOT_PAID" -> Evidence.SAYS_NOT_PAID;
                    case "AUTHORISED" -> Evidence.SAYS_AUTHORISED;
                    case "CHARGED_BACK" -> Evidence.SAYS_CHARGED_BACK;
                    default -> null;
                });
    }

    /** What the provider can be asked about; null where it names nothing. */
    @Nullable
    String transaction() {
        return providerTransactionId != null ? providerTransactionId : otherName;
    }

    /** Whether a transaction of this name may be meant. */
    boolean mayMean(String known) {
        // By its other name alone it cannot be told from a transaction that is known by its own.
        return providerTransactionId == null || known.equals(providerTransactionId) || known.equals(otherName);
    }

    private static @Nullable String words(JsonNode value) {
        String text = value.textValue();
        return text != null && WORDS.matcher(text).matches() ? text : null;
    }

    private static @Nullable String name(JsonNode value) {
        String text = value.textValue();
        return text != null && NAME.matcher(text).matches() ? text : null;
    }
}
