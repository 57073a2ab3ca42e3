package nl.pinbridge.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.DateTimeException;
import java.time.Instant;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.Json;
import org.jspecify.annotations.Nullable;

/**
 * What a provider's answer says, as the provider's mapping put it into our words. Amounts are integer minor units.
 *
 * @param code why nothing was paid; null unless {@code state} is {@link State#NOT_PAID}
 * @param amount what was paid, or is asked where nothing was paid yet; without the tip
 * @param tip what the customer paid on top of {@code amount}; null where the provider knows no tips
 * @param authorised what is reserved; null where the provider does not say
 * @param captured what was taken of that; null where the provider does not say
 * @param released what of the reservation was given up; null where the provider does not say. More than 0 means that nothing is
 *     reserved any more
 * @param refunded what was given back of the payment in all; null where the provider does not say
 * @param otherName a second name that the provider knows the payment by; null where it has none
 * @param word the provider's own status word
 * @param receiptTotal the total printed on the receipt; null where none could be read
 */
@RecordBuilder
public record Reading(
        State state,
        @Nullable ErrorCode code,
        @Nullable String word,
        @Nullable String providerTransactionId,
        @Nullable Long amount,
        @Nullable Long tip,
        @Nullable Long receiptTotal,
        @Nullable String currency,
        @Nullable String terminal,
        @Nullable String ownReference,
        @Nullable Boolean test,
        @Nullable String paymentUrl,
        @Nullable String card,
        @Nullable String receipts,
        @Nullable Instant createdAt,
        @Nullable String createdAtRaw,
        @Nullable String providerCode,
        @Nullable String providerMessage,
        @Nullable Long authorised,
        @Nullable Long captured,
        @Nullable Long released,
        @Nullable Long refunded,
        @Nullable String otherName) {

    /** What the provider says of the payment. */
    public enum State {
        /** It has begun. */
        STARTED,
        /** It is not over, or the provider's word is not known. */
        OPEN,
        /** The provider itself does not know and asks for a person. */
        MANUAL,
        /** The money is reserved and not taken. */
        AUTHORISED,
        PAID,
        /** It was paid, and the cardholder's bank has taken it back. */
        CHARGED_BACK,
        NOT_PAID,
        /** What was asked for was done, or taken to be done; it says nothing of money. */
        DONE,
        /** The answer cannot be understood: it proves nothing. */
        UNREADABLE
    }

    public static final Reading UNREADABLE =
            ReadingBuilder.builder().state(State.UNREADABLE).build();

    /** Reads a mapping's output; whatever does not fit its form is {@link State#UNREADABLE}, because it proves nothing. */
    public static Reading from(@Nullable JsonNode json) {
        if (json == null || !json.isObject()) {
            return UNREADABLE;
        }
        try {
            State state = State.valueOf(json.path("state").asText());
            ErrorCode code = text(json, "code") == null
                    ? null
                    : ErrorCode.valueOf(json.path("code").asText());
            if (state == State.NOT_PAID && code == null) {
                code = ErrorCode.PROVIDER_FAILED;
            }
            String createdAt = text(json, "createdAt");
            return ReadingBuilder.builder()
                    .state(state)
                    .code(code)
                    .word(text(json, "word"))
                    .providerTransactionId(text(json, "providerTransactionId"))
                    .amount(number(json, "amount"))
                    .tip(number(json, "tip"))
                    .receiptTotal(number(json, "receiptTotal"))
                    .currency(text(json, "currency"))
                    .terminal(text(json, "terminal"))
                    .ownReference(text(json, "ownReference"))
                    .test(json.path("test").isBoolean() ? json.path("test").asBoolean() : null)
                    .paymentUrl(text(json, "paymentUrl"))
                    .card(object(json, "card"))
                    .receipts(object(json, "receipts"))
                    .createdAt(createdAt == null ? null : Instant.parse(createdAt))
                    .createdAtRaw(text(json, "createdAtRaw"))
                    .providerCode(text(json, "providerCode"))
                    .providerMessage(text(json, "providerMessage"))
                    .authorised(number(json, "authorised"))
                    .captured(number(json, "captured"))
                    .released(number(json, "released"))
                    .refunded(number(json, "refunded"))
                    .otherName(text(json, "otherName"))
                    .build();
        } catch (IllegalArgumentException | DateTimeException e) {
            return UNREADABLE;
        }
    }

    /** The same, said of a refund that was proved by what it added to the amount given back. */
    Reading asPaid(long amount) {
        return ReadingBuilder.builder()
                .state(State.PAID)
                .word(word)
                .providerTransactionId(providerTransactionId)
                .amount(amount)
                .currency(currency)
                .refunded(refunded)
                .otherName(otherName)
                .build();
    }

    private static @Nullable String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return value.isValueNode() && !value.isNull() ? value.asText() : null;
    }

    private static @Nullable Long number(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException(field + " is no integer");
        }
        return value.longValue();
    }

    private static @Nullable String object(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return value.isObject() ? Json.write(value) : null;
    }
}
