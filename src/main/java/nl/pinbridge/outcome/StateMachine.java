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
import java.util.Locale;
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
        /** The provider says that the money is reserved. */
        SAYS_AUTHORISED,
        SAYS_PAID,
        SAYS_NOT_PAID,
        /** The provider says that the cardholder's bank has taken the money back. */
        SAYS_CHARGED_BACK,
        /** Somebody asked and learnt nothing. */
        NOTHING
    }

    private static final Map<PaymentStatus, Map<Evidence, PaymentStatus>> TABLE = new EnumMap<>(PaymentStatus.class);

    static {
        row(OPEN, NOT_PAID, IN_DOUBT, OPEN, AUTHORISED, PAID, NOT_PAID, CHARGED_BACK);
        row(IN_DOUBT, NOT_PAID, IN_DOUBT, OPEN, AUTHORISED, PAID, NOT_PAID, CHARGED_BACK);
        row(NOT_PAID, NOT_PAID, NOT_PAID, NOT_PAID, CONFLICT, CONFLICT, NOT_PAID, CONFLICT);
        row(PAID, CONFLICT, PAID, PAID, PAID, PAID, CONFLICT, CHARGED_BACK);
        // A reservation that is given up is no contradiction: it lapses, or somebody voids it.
        row(AUTHORISED, CONFLICT, AUTHORISED, AUTHORISED, AUTHORISED, PAID, NOT_PAID, CHARGED_BACK);
        row(
                PARTLY_REFUNDED,
                CONFLICT,
                PARTLY_REFUNDED,
                PARTLY_REFUNDED,
                PARTLY_REFUNDED,
                PARTLY_REFUNDED,
                CONFLICT,
                CHARGED_BACK);
        row(REFUNDED, CONFLICT, REFUNDED, REFUNDED, REFUNDED, REFUNDED, CONFLICT, CHARGED_BACK);
        row(CHARGED_BACK, CONFLICT, CHARGED_BACK, CHARGED_BACK, CHARGED_BACK, CHARGED_BACK, CHARGED_BACK, CHARGED_BACK);
        row(CONFLICT, CONFLICT, CONFLICT, CONFLICT, CONFLICT, CONFLICT, CONFLICT, CONFLICT);
    }

    private StateMachine() {}

    private static void row(
            PaymentStatus from,
            PaymentStatus notStarted,
            PaymentStatus doubt,
            PaymentStatus running,
            PaymentStatus saysAuthorised,
            PaymentStatus saysPaid,
            PaymentStatus saysNotPaid,
            PaymentStatus saysChargedBack) {
        Map<Evidence, PaymentStatus> row = new EnumMap<>(Evidence.class);
        row.put(Evidence.NOT_STARTED, notStarted);
        row.put(Evidence.DOUBT, doubt);
        row.put(Evidence.RUNNING, running);
        row.put(Evidence.SAYS_AUTHORISED, saysAuthorised);
        row.put(Evidence.SAYS_PAID, saysPaid);
        row.put(Evidence.SAYS_NOT_PAID, saysNotPaid);
        row.put(Evidence.SAYS_CHARGED_BACK, saysChargedBack);
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

    /** The table for people, as {@code docs/design/states.md} shows it. */
    static String markdown() {
        StringBuilder page = new StringBuilder();
        page.append("# What evidence makes of a payment\n\n");
        page.append(
                "Printed from the table that the program runs on (`outcome/StateMachine`). A row is the state that a payment is in,\n");
        page.append(
                "a column what was learnt, and the cell the state after that. A final state never goes back: whatever contradicts\n");
        page.append(
                "it is `CONFLICT`, and a person looks. A refund is a payment that goes the other way and uses the same table.\n\n");
        for (Evidence evidence : Evidence.values()) {
            page.append("* **")
                    .append(words(evidence))
                    .append("**: ")
                    .append(meaning(evidence))
                    .append("\n");
        }
        page.append("\n| from |");
        for (Evidence evidence : Evidence.values()) {
            page.append(' ').append(words(evidence)).append(" |");
        }
        page.append("\n|---|").append("---|".repeat(Evidence.values().length)).append('\n');
        for (PaymentStatus from : PaymentStatus.values()) {
            page.append("| `").append(from).append("` |");
            for (Evidence evidence : Evidence.values()) {
                PaymentStatus to = after(from, evidence);
                page.append(to == from ? " · |" : " `" + to + "` |");
            }
            page.append('\n');
        }
        page.append(
                "\nBefore `AUTHORISED` and `PAID` stands the integrity check: amount, currency and test flag of the answer against what was asked. When\n");
        page.append(
                "they differ the payment is `IN_DOUBT` with a work item, and nobody is told that it was paid. `PARTLY_REFUNDED` and\n");
        page.append("`REFUNDED` come from refunds that are done, not from what a provider says of the payment.\n");
        return page.toString();
    }

    private static String words(Evidence evidence) {
        return evidence.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String meaning(Evidence evidence) {
        return switch (evidence) {
            case NOT_STARTED ->
                "no byte of the request left, or the provider refused in an answer that its folder lists";
            case DOUBT -> "the call may or may not have arrived: the answer was lost or makes no sense";
            case RUNNING -> "the provider has it and it is not over; every word that is not known counts as this";
            case SAYS_AUTHORISED -> "the provider says that the money is reserved and not yet taken";
            case SAYS_CHARGED_BACK -> "the provider says that the cardholder's bank has taken the money back";
            case SAYS_PAID -> "the provider says that it is paid";
            case SAYS_NOT_PAID -> "the provider says that it failed";
            case NOTHING -> "somebody asked and learnt nothing";
        };
    }
}
