package nl.pinbridge.outcome;

import static nl.pinbridge.contract.PaymentStatus.AUTHORISED;
import static nl.pinbridge.contract.PaymentStatus.CHARGED_BACK;
import static nl.pinbridge.contract.PaymentStatus.CONFLICT;
import static nl.pinbridge.contract.PaymentStatus.IN_DOUBT;
import static nl.pinbridge.contract.PaymentStatus.NOT_PAID;
import static nl.pinbridge.contract.PaymentStatus.OPEN;
import static nl.pinbridge.contract.PaymentStatus.PAID;
import static nl.pinbridge.contract.PaymentStatus.PARTLY_REFUNDED;
import static nl.pinbridge.contract.PaymentStatus.REFUNDED;

import java.util.EnumMap;
import java.util.Map;
import nl.pinbridge.contract.PaymentStatus;

/**
 * The one table that says what a piece of evidence makes of a payment. A final state never goes back: what contradicts it is a
 * {@link PaymentStatus#CONFLICT}.
 */
public final class StateMachine {
    /** What was learnt. */
    public enum Evidence {
        /** Proof that nothing was started. */
        NOT_STARTED,
        /** The call may or may not have arrived. */
        DOUBT,
        /** The provider has it and it is not over. */
        RUNNING,
        SAYS_PAID,
        SAYS_NOT_PAID,
        /** Somebody asked and learnt nothing. */
        NOTHING
    }

    private static final Map<PaymentStatus, Map<Evidence, PaymentStatus>> TABLE = new EnumMap<>(PaymentStatus.class);

    static {
        row(OPEN, NOT_PAID, IN_DOUBT, OPEN, PAID, NOT_PAID);
        row(IN_DOUBT, NOT_PAID, IN_DOUBT, OPEN, PAID, NOT_PAID);
        row(NOT_PAID, NOT_PAID, NOT_PAID, NOT_PAID, CONFLICT, NOT_PAID);
        row(PAID, CONFLICT, PAID, PAID, PAID, CONFLICT);
        row(AUTHORISED, CONFLICT, AUTHORISED, AUTHORISED, PAID, CONFLICT);
        row(PARTLY_REFUNDED, CONFLICT, PARTLY_REFUNDED, PARTLY_REFUNDED, PARTLY_REFUNDED, CONFLICT);
        row(REFUNDED, CONFLICT, REFUNDED, REFUNDED, REFUNDED, CONFLICT);
        row(CHARGED_BACK, CONFLICT, CHARGED_BACK, CHARGED_BACK, CHARGED_BACK, CHARGED_BACK);
        row(CONFLICT, CONFLICT, CONFLICT, CONFLICT, CONFLICT, CONFLICT);
    }

    private StateMachine() {}

    private static void row(
            PaymentStatus from,
            PaymentStatus notStarted,
            PaymentStatus doubt,
            PaymentStatus running,
            PaymentStatus saysPaid,
            PaymentStatus saysNotPaid) {
        Map<Evidence, PaymentStatus> row = new EnumMap<>(Evidence.class);
        row.put(Evidence.NOT_STARTED, notStarted);
        row.put(Evidence.DOUBT, doubt);
        row.put(Evidence.RUNNING, running);
        row.put(Evidence.SAYS_PAID, saysPaid);
        row.put(Evidence.SAYS_NOT_PAID, saysNotPaid);
        row.put(Evidence.NOTHING, from);
        TABLE.put(from, row);
    }

    /** The state that a payment has after this evidence. */
    public static PaymentStatus after(PaymentStatus from, Evidence evidence) {
        Map<Evidence, PaymentStatus> row = TABLE.get(from);
        PaymentStatus to = row == null ? null : row.get(evidence);
        if (to == null) {
            throw new IllegalStateException("The state machine has no row for " + from + " and " + evidence);
        }
        return to;
    }
}
