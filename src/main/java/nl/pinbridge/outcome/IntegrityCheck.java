package nl.pinbridge.outcome;

import nl.pinbridge.ledger.PaymentRow;
import org.jspecify.annotations.Nullable;

/** Is what the provider says was paid what the command asked for? */
final class IntegrityCheck {
    private IntegrityCheck() {}

    /**
     * Judges an answer that says paid.
     *
     * @param acceptZeroAmount accept an answered 0 where the printed total is the amount asked (providers/pinvandaag.md §4, the CCV
     *     sample)
     * @return a sentence that says what differs; null when all agrees
     */
    static @Nullable String ofPaid(PaymentRow payment, Reading reading, boolean acceptZeroAmount) {
        Long amount = reading.amount();
        if (amount == null) {
            return "The provider says paid without naming an amount.";
        }
        if (reading.currency() != null && !reading.currency().equals(payment.currency())) {
            return "The provider says paid in " + reading.currency() + ", asked was " + payment.currency() + ".";
        }
        if (amount == payment.requested()) {
            return null;
        }
        Long total = reading.receiptTotal();
        if (acceptZeroAmount && amount == 0 && total != null && total == payment.requested()) {
            return null;
        }
        return "The provider says that " + amount + " was paid, asked was " + payment.requested() + " (minor units of "
                + payment.currency() + ").";
    }
}
