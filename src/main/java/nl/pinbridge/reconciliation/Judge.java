package nl.pinbridge.reconciliation;

import java.time.Instant;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.ReconciliationTx;
import nl.pinbridge.ledger.ReconciliationTx.Listed;
import org.jspecify.annotations.Nullable;

/** Says what a pair of a provider's row and a payment of ours, or one of them alone, is. Plain rules, one verdict for each row. */
final class Judge {
    /**
     * A verdict.
     *
     * @param exception null where all is in order
     * @param reason a sentence for people; null where all is in order
     * @param theirs what moved as the provider says, signed minor units
     * @param ours what moved as the ledger says, signed minor units
     */
    record Verdict(@Nullable ExceptionClass exception, @Nullable String reason, long theirs, long ours) {
        Verdict lateUnless(boolean inTime) {
            return exception != null || inTime
                    ? this
                    : new Verdict(
                            ExceptionClass.LATE,
                            "The provider listed it only after the day was published.",
                            theirs,
                            ours);
        }
    }

    private final Instant youngerThan;

    /** @param youngerThan whatever happened at or after this is within the grace */
    Judge(Instant youngerThan) {
        this.youngerThan = youngerThan;
    }

    /** What moved as the provider says: negative where it marks a refund, or the row is a refund of ours by its id. */
    static long theirs(Listed row, @Nullable PaymentRow ours) {
        if (!row.state().equals("PAID")) {
            return 0;
        }
        boolean back = "REFUND".equals(row.kind())
                || (ours != null && "ID".equals(row.matched()) && ours.kind() == PaymentRow.Kind.REFUND);
        return back ? -row.amount() : row.amount();
    }

    /** What moved as the ledger says. */
    static long ours(PaymentRow payment) {
        if (!ReconciliationTx.isMoney(payment.status())) {
            return 0;
        }
        return payment.kind() == PaymentRow.Kind.REFUND ? -payment.paid() : payment.paid();
    }

    Verdict pair(Listed row, PaymentRow payment) {
        long theirs = theirs(row, payment);
        long ours = ours(payment);
        boolean said = row.state().equals("PAID") || row.state().equals("NOT_PAID");
        boolean young = young(row.createdAt());
        if ("CANDIDATE".equals(row.matched())) {
            return exception(
                    ExceptionClass.STILL_IN_DOUBT,
                    "The payment is " + payment.status()
                            + "; this is the only row of its terminal, amount and time, which is no proof.",
                    theirs,
                    ours);
        }
        if (payment.status().isOpen() || payment.status() == PaymentStatus.CONFLICT) {
            return young
                    ? timing(theirs, ours)
                    : exception(
                            ExceptionClass.STILL_IN_DOUBT,
                            "The payment is " + payment.status() + " here, '" + row.word() + "' at the provider.",
                            theirs,
                            ours);
        }
        if (!said) {
            return young ? timing(theirs, ours) : notSaid(row, theirs, ours);
        }
        if (row.currency() != null && !row.currency().equals(payment.currency()) && theirs != 0) {
            return exception(
                    ExceptionClass.CURRENCY,
                    "The provider lists " + row.currency() + ", the ledger " + payment.currency() + ".",
                    theirs,
                    ours);
        }
        if ((theirs != 0) != (ours != 0)) {
            return exception(
                    ExceptionClass.STATUS,
                    "The provider says '" + row.word() + "', the ledger " + payment.status() + ".",
                    theirs,
                    ours);
        }
        if (theirs != ours) {
            return exception(ExceptionClass.AMOUNT, "The amounts differ.", theirs, ours);
        }
        if (payment.kind() == PaymentRow.Kind.REFUND && payment.refundOf() == null && ours != 0) {
            return exception(
                    ExceptionClass.REFUND_WITHOUT_ORIGINAL,
                    "A refund of a sale that the ledger does not know.",
                    theirs,
                    ours);
        }
        return new Verdict(null, null, theirs, ours);
    }

    private static Verdict notSaid(Listed row, long theirs, long ours) {
        return row.state().equals("STARTED")
                ? exception(
                        ExceptionClass.STATUS,
                        "The provider still says '" + row.word() + "' of what is over here.",
                        theirs,
                        ours)
                : unknown(row, theirs, ours);
    }

    private static Verdict unknown(Listed row, long theirs, long ours) {
        return exception(
                ExceptionClass.UNKNOWN_STATUS,
                "The provider's word '" + row.word() + "' does not say how it ended.",
                theirs,
                ours);
    }

    Verdict providerOnly(Listed row) {
        long theirs = theirs(row, null);
        if (row.state().equals("NOT_PAID")) {
            return new Verdict(null, null, 0, 0);
        }
        if ("DUPLICATE".equals(row.matched())) {
            return exception(
                    ExceptionClass.DUPLICATE_AT_PROVIDER,
                    "A second transaction with the own reference " + row.ownReference() + ".",
                    theirs,
                    0);
        }
        if ("AMBIGUOUS".equals(row.matched())) {
            return exception(
                    ExceptionClass.AMBIGUOUS,
                    "Several rows and payments could belong together here; none is taken for the other.",
                    theirs,
                    0);
        }
        if (young(row.createdAt())) {
            return timing(theirs, 0);
        }
        if (!row.state().equals("PAID")) {
            return unknown(row, theirs, 0);
        }
        return "REFUND".equals(row.kind())
                ? exception(
                        ExceptionClass.REFUND_WITHOUT_ORIGINAL,
                        "The provider lists a refund that the bridge knows nothing of.",
                        theirs,
                        0)
                : exception(
                        ExceptionClass.MISSING_IN_LEDGER,
                        "The bridge knows nothing of it: the terminal was used by hand, or charged twice.",
                        theirs,
                        0);
    }

    /** @param claimedElsewhere another payment is matched with the transaction that this one names */
    Verdict ledgerOnly(PaymentRow payment, Instant happened, boolean claimedElsewhere) {
        long ours = ours(payment);
        if (claimedElsewhere) {
            return exception(
                    ExceptionClass.DUPLICATE_IN_LEDGER,
                    "Another payment in the ledger is transaction " + payment.providerTransactionId() + ", too.",
                    0,
                    ours);
        }
        boolean doubtful = payment.status().isOpen() || payment.status() == PaymentStatus.CONFLICT;
        if (!doubtful && ours == 0) {
            // Nothing moved, and whether the provider lists what failed is not documented.
            return new Verdict(null, null, 0, 0);
        }
        if (young(happened)) {
            return timing(0, ours);
        }
        return doubtful
                ? exception(
                        ExceptionClass.STILL_IN_DOUBT,
                        "The payment is " + payment.status() + " and not in the provider's list, which is no proof.",
                        0,
                        ours)
                : exception(ExceptionClass.MISSING_AT_PROVIDER, "The provider does not list it.", 0, ours);
    }

    private boolean young(Instant happened) {
        return !happened.isBefore(youngerThan);
    }

    private static Verdict timing(long theirs, long ours) {
        return exception(ExceptionClass.TIMING, "Too young to tell: the next nights look again.", theirs, ours);
    }

    private static Verdict exception(ExceptionClass exception, String reason, long theirs, long ours) {
        return new Verdict(exception, reason, theirs, ours);
    }
}
