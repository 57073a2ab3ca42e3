package nl.pinbridge.ledger;

import java.time.Instant;
import nl.pinbridge.contract.PaymentStatus;
import org.jspecify.annotations.Nullable;

/**
 * A payment as the ledger holds it. Amounts are integer minor units of {@code currency}.
 *
 * @param createdBy the row id of the command that created it
 * @param ownReference what we gave the provider to know it by
 * @param card JSON {@code {brand, maskedPan}}; null where unknown
 * @param receipts JSON {@code {customer: [lines], merchant: [lines]}}; null where unknown
 * @param labels JSON object, the terminal's labels at creation
 * @param providerCreatedRaw the provider's own text for its creation time, kept because its zone is inferred
 * @param markedAt when the money call was marked; null before
 * @param nextLookAt when the provider is asked next; null when nobody needs to
 */
public record PaymentRow(
        String id,
        String createdBy,
        PaymentStatus status,
        int version,
        String provider,
        String terminal,
        String device,
        String ownReference,
        @Nullable String providerTransactionId,
        String currency,
        long requested,
        long tip,
        long authorised,
        long paid,
        long captured,
        long refunded,
        @Nullable String reference,
        boolean test,
        @Nullable String paymentUrl,
        @Nullable String card,
        @Nullable String receipts,
        String labels,
        @Nullable Instant providerCreatedAt,
        @Nullable String providerCreatedRaw,
        Instant createdAt,
        @Nullable Instant markedAt,
        @Nullable Instant nextLookAt,
        int looks) {}
