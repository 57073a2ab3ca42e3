package nl.pinbridge.ledger;

import java.util.List;
import java.util.Optional;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.contract.ResultError;
import org.jspecify.annotations.Nullable;

/**
 * How much of a payment may still be given back. Providers such as Pin Vandaag know no link between a refund and its payment, so the
 * cap is ours to keep (providers/pinvandaag.md §6.2).
 */
public final class Refunds {
    private Refunds() {}

    /**
     * What is left in minor units: what was paid, less every refund that is done, started or in doubt.
     *
     * @param payment as it is in this transaction
     * @param except a refund that does not count, because it is the one that asks; null for none
     */
    public static long left(Tx tx, PaymentRow payment, @Nullable String except) {
        return payment.paid()
                - counting(tx, payment, except).stream()
                        .mapToLong(PaymentRow::requested)
                        .sum();
    }

    /**
     * Why this much may not be given back now; empty when it may.
     *
     * @param amount minor units
     * @param except the refund that asks; null while it is no row yet
     */
    public static Optional<ResultError> refusal(Tx tx, PaymentRow payment, long amount, @Nullable String except) {
        if (payment.status().isOpen()) {
            return Optional.of(ResultError.field(
                    ErrorCode.NOT_ALLOWED_NOW,
                    "payment",
                    "The payment is " + payment.status() + ": only what is surely paid can be given back."));
        }
        if (payment.status() != PaymentStatus.PAID
                && payment.status() != PaymentStatus.PARTLY_REFUNDED
                && payment.status() != PaymentStatus.REFUNDED) {
            return Optional.of(ResultError.field(
                    ErrorCode.NOT_ALLOWED_NOW,
                    "payment",
                    "The payment is " + payment.status() + ": there is nothing to give back."));
        }
        Optional<PaymentRow> doubtful = counting(tx, payment, except).stream()
                .filter(refund ->
                        refund.status() == PaymentStatus.IN_DOUBT || refund.status() == PaymentStatus.CONFLICT)
                .findFirst();
        if (doubtful.isPresent()) {
            return Optional.of(ResultError.field(
                    ErrorCode.NOT_ALLOWED_NOW,
                    "payment",
                    "Another refund of this payment is " + doubtful.get().status()
                            + ": nothing more is given back until that is settled."));
        }
        long left = left(tx, payment, except);
        if (amount > left || left == 0) {
            return Optional.of(ResultError.field(
                    ErrorCode.REFUND_TOO_HIGH,
                    "amount.value",
                    "Of " + payment.paid() + " paid, " + left + " is left to give back (minor units of "
                            + payment.currency() + ")."));
        }
        return Optional.empty();
    }

    /**
     * Why this cannot be given back where the provider gives whole payments back only; empty when it can.
     *
     * @param amount minor units
     */
    public static Optional<ResultError> refusalOfPart(PaymentRow payment, long amount) {
        if (amount == payment.paid()) {
            return Optional.empty();
        }
        return Optional.of(ResultError.field(
                ErrorCode.NOT_SUPPORTED,
                "amount",
                payment.provider() + " gives whole payments back only: of " + payment.paid() + " paid, " + amount
                        + " was to go back (minor units of " + payment.currency()
                        + "). Nothing was given back; leave the amount out to give all of it back."));
    }

    /**
     * Why a refund may not start that is known by what it added to all that was given back; empty when it may. Beside another it could
     * not be told, nor where another has ended since it was asked what was given back before.
     */
    public static Optional<ResultError> refusalOfUntold(Tx tx, PaymentRow payment, PaymentRow refund) {
        boolean beside = counting(tx, payment, refund.id()).stream()
                .anyMatch(other -> other.status().isOpen());
        return beside || refund.givenBackBefore() == null
                ? Optional.of(
                        ResultError.field(
                                ErrorCode.NOT_ALLOWED_NOW,
                                "payment",
                                "Another refund of this payment is under way, or has just ended: without the card one can only be told"
                                        + " by what it adds. Nothing was given back; send the refund again when the other is over."))
                : Optional.empty();
    }

    /** A refund that was never marked has moved nothing and holds nothing. */
    private static List<PaymentRow> counting(Tx tx, PaymentRow payment, @Nullable String except) {
        return tx.refundsOf(payment.id()).stream()
                .filter(refund -> !refund.id().equals(except))
                .filter(refund -> refund.status() != PaymentStatus.NOT_PAID)
                .filter(refund -> refund.status() != PaymentStatus.OPEN || refund.markedAt() != null)
                .toList();
    }
}
