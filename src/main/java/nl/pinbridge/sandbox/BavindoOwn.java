package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What only Bavindo knows of a payment.
 *
 * @param metadata as it was given; JSON null for none
 * @param method {@code async}, {@code sync}, or null as it was asked for
 * @param status Bavindo's word
 * @param condition Adyen's ErrorCondition; null for what is paid or runs
 * @param tip on top of the amount, minor units
 * @param amount what was paid without the tip, or asked; minor units
 * @param updatedAt the last change
 * @param refundedAt when it was given back; null for never
 */
record BavindoOwn(
        BavindoSetup.Store store,
        String posId,
        JsonNode metadata,
        @Nullable String method,
        String status,
        @Nullable String condition,
        long amount,
        long tip,
        Instant updatedAt,
        @Nullable Instant refundedAt) {
    static final String RUNNING = "inprogress";
    static final String SUCCESS = "success";
    static final String FAILURE = "failure";

    BavindoOwn ended(String word, @Nullable String why, long paid, long tipped, Instant at) {
        return new BavindoOwn(store, posId, metadata, method, word, why, paid, tipped, at, refundedAt);
    }

    BavindoOwn refunded(Instant at) {
        return new BavindoOwn(store, posId, metadata, method, status, condition, amount, tip, at, at);
    }
}
