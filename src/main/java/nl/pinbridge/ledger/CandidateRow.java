package nl.pinbridge.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that may be a payment's, because an unsigned webhook says so: a question to the provider, and no answer.
 *
 * @param askedAt when the provider was last asked about it; null before
 * @param refutedAt when the provider showed that it is something else; null while it may still be ours
 */
public record CandidateRow(
        String paymentId,
        String providerTransactionId,
        Instant seenAt,
        @Nullable Instant askedAt,
        @Nullable Instant refutedAt) {}
