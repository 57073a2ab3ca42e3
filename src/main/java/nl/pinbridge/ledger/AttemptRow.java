package nl.pinbridge.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One marked money call.
 *
 * @param openKey the command's row id until it is proven that this attempt started nothing
 * @param outcome what became of it on the wire; null while nobody knows
 * @param evidence redacted JSON of the exchange; null while there is none
 * @param amountBefore what had been captured of the payment when this was marked, minor units; null where it is about no payment
 * @param callNumber by which the provider knows the call; null where it wants none
 */
public record AttemptRow(
        String id,
        String commandRow,
        @Nullable String paymentId,
        String operation,
        @Nullable String openKey,
        Instant markedAt,
        @Nullable String outcome,
        @Nullable Instant outcomeAt,
        @Nullable String evidence,
        @Nullable Long amountBefore,
        @Nullable Long callNumber) {}
