package nl.pinbridge.outcome;

import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.ledger.PaymentRow;
import org.jspecify.annotations.Nullable;

/** Is what the provider says was paid what the command asked for? */
final class IntegrityCheck {
    private IntegrityCheck() {}

    /**
     * Judges an answer that says paid or reserved.
     *
     * @param rule accepts an answered 0 where the printed total is the amount asked (providers/pinvandaag.md §4, the CCV sample), and
     *     says whether test payments are expected
     * @return a sentence that says what differs; null when all agrees
     */
    static @Nullable String ofPaid(PaymentRow payment, Reading reading, ProviderRules rule) {
        if (reading.test() != null && reading.test() != rule.expectTest()) {
            return rule.expectTest()
                    ? "The provider says that real money moved, and test payments are expected."
                    : "The provider says that this was a test: no real money moved.";
        }
        if (payment.status() == PaymentStatus.AUTHORISED) {
            return ofTaken(payment, reading);
        }
        Long amount = reading.authorised() != null && reading.state() == Reading.State.AUTHORISED
                ? reading.authorised()
                : reading.amount();
        if (amount == null) {
            return "The provider says paid without naming an amount.";
        }
        if (reading.currency() != null && !reading.currency().equals(payment.currency())) {
            return "The provider says paid in " + reading.currency() + ", asked was " + payment.currency() + ".";
        }
        if (reading.tip() != null && reading.tip() < 0) {
            return "The provider names a tip of " + reading.tip() + " (minor units of " + payment.currency() + ").";
        }
        // A tip comes on top: what was asked for is what has to agree.
        if (amount == payment.requested()) {
            return null;
        }
        Long total = reading.receiptTotal();
        if (rule.acceptZeroAmount() && amount == 0 && total != null && total == payment.requested()) {
            return null;
        }
        return "The provider says that " + amount + " was paid, asked was " + payment.requested() + " (minor units of "
                + payment.currency() + ").";
    }

    /** What was reserved may be taken in part, and never more of it. */
    private static @Nullable String ofTaken(PaymentRow payment, Reading reading) {
        // Where the rest of a reservation was given up, what was taken before stands in the ledger.
        Long taken = reading.captured() != null && reading.captured() > 0
                ? reading.captured()
                : payment.captured() > 0 ? Long.valueOf(payment.captured()) : reading.amount();
        if (taken == null) {
            return "The provider says paid without naming an amount.";
        }
        return taken > 0 && taken <= payment.authorised()
                ? null
                : "The provider says that " + taken + " was taken, reserved was " + payment.authorised()
                        + " (minor units of " + payment.currency() + ").";
    }
}
