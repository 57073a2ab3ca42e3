package nl.pinbridge.ledger;

import org.jspecify.annotations.Nullable;

/**
 * A result on its way to one destination.
 *
 * @param address bare queue name; null for the events address
 * @param correlationId null on the events address
 * @param body the result's JSON
 */
public record Delivery(
        String id,
        String resultId,
        String commandRow,
        @Nullable String address,
        @Nullable String correlationId,
        String body) {}
