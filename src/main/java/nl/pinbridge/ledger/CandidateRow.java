package nl.pinbridge.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that may be a payment's: a question to the provider, and no answer.
 *
 * @param askedAt when the provider was last asked about it; null before
 * @param refutedAt when the provider showed that it is something else; null while it may still be ours
 */
public record CandidateRow(
        String paymentId,
        String providerTransactionId,
        Source source,
        Instant seenAt,
        @Nullable Instant askedAt,
        @Nullable Instant refutedAt) {
    /** Who named the transaction. */
    public enum Source {
        /** A webhook that nobody signed. */
        WEBHOOK,
        /** A search of what the provider shows; of a refund the only one that it can be. */
        SEARCH,
        /** A search, which found others that it can be as well: for a person. */
        SEVERAL
    }

    /** Whether the provider is to be asked about it. */
    public boolean isOpen() {
        return refutedAt == null && source != Source.SEVERAL;
    }
}
