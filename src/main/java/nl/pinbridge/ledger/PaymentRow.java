package nl.pinbridge.ledger;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import nl.pinbridge.contract.PaymentStatus;
import org.jspecify.annotations.Nullable;

/**
 * A payment or a refund as the ledger holds it: money that moves, or moves back, at a terminal, with a transaction of its own at the
 * provider. Amounts are integer minor units of {@code currency}. A refund that is done is {@code PAID}, with what went back in
 * {@code paid}.
 *
 * @param refundOf for a refund the payment that it gives back; null for payments, and for refunds of sales that the ledger never saw
 * @param createdBy the row id of the command that created it
 * @param ownReference what we gave the provider to know it by
 * @param card JSON {@code {brand, maskedPan}}; null where unknown
 * @param receipts JSON {@code {customer: [lines], merchant: [lines]}}; null where unknown
 * @param labels JSON object, the terminal's labels at creation
 * @param providerCreatedRaw the provider's own text for its creation time, kept because its zone is inferred
 * @param markedAt when the money call was marked; null before
 * @param nextLookAt when the provider is asked next; null when nobody needs to
 * @param otherName a second name that the provider knows it by; null where it has none
 * @param givenBackBefore for a refund without its card what the provider said had been given back of the payment before it was sent,
 *     minor units; null for everything else
 * @param hintedAt when a webhook last asked for a look; equal to {@code nextLookAt} until that look is taken; null without webhooks
 */
@RecordBuilder
public record PaymentRow(
        String id,
        Kind kind,
        @Nullable String refundOf,
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
        int looks,
        @Nullable Instant hintedAt,
        @Nullable String otherName,
        @Nullable Long givenBackBefore)
        implements PaymentRowBuilder.With {

    /** Which way the money goes. */
    public enum Kind {
        PAYMENT,
        REFUND
    }

    /** The payment whose story this is part of: its own, or for a refund the one that it gives back. */
    public String story() {
        return refundOf == null ? id : refundOf;
    }

    /** In this state; a new state is a new version. */
    public PaymentRow in(PaymentStatus next) {
        return with(row -> row.status(next).version(version + (next == status ? 0 : 1)));
    }

    /** In this state, with nothing left to look at. */
    public PaymentRow over(PaymentStatus next) {
        return in(next).with(row -> row.nextLookAt(null));
    }
}
