package nl.pinbridge.outcome;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.Json;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.contract.ResultError;
import nl.pinbridge.ledger.AttemptRow;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.ResultWriter;
import nl.pinbridge.ledger.Tx;

/**
 * What becomes of cancels. A cancel says what happened to the payment, not what the provider said of the cancel. Every method wants
 * the payment's own command to be locked, and then the payment.
 */
final class Cancels {
    private static final String OPERATION = "cancel";

    private Cancels() {}

    /** True when a cancel that may have arrived was sent for this payment. */
    static boolean wasSent(Tx tx, PaymentRow payment) {
        return !tx.openAttempts(payment.id(), OPERATION).isEmpty();
    }

    /** True while a cancel is on the wire: it may still hit whatever runs on the device. */
    static boolean isUnderWay(Tx tx, PaymentRow payment) {
        return tx.openAttempts(payment.id(), OPERATION).stream().anyMatch(attempt -> attempt.outcome() == null);
    }

    /**
     * Until when nobody new may start on the device, because a cancel whose answer was lost may still arrive.
     *
     * @param creator the payment's own command, with its latest error
     * @param longest how long a call may take to have its effect
     * @return the past when there is no such cancel, or when the payment ended by it
     */
    static Instant mayArriveUntil(Tx tx, CommandRow creator, PaymentRow payment, Duration longest) {
        if (creator.error() != null
                && Json.read(creator.error()).path("code").asText().equals(ErrorCode.CANCELLED_BY_COMMAND.name())) {
            return Instant.EPOCH;
        }
        return tx.openAttempts(payment.id(), OPERATION).stream()
                .filter(attempt -> !"ANSWERED".equals(attempt.outcome()))
                .map(AttemptRow::markedAt)
                .max(Instant::compareTo)
                .map(last -> last.plus(longest))
                .orElse(Instant.EPOCH);
    }

    /** Tells the cancels of a payment that is over, or is with a person, what happened; one on the wire speaks for itself later. */
    static void answer(Tx tx, Nudges nudges, PaymentRow payment) {
        for (CommandRow cancel : tx.openCancels(payment.id())) {
            boolean underWay = tx.openAttempt(cancel.rowId())
                    .filter(attempt -> attempt.outcome() == null)
                    .isPresent();
            if (!underWay) {
                tell(tx, nudges, cancel, payment);
            }
        }
        if (!payment.status().isOpen() && payment.status() != PaymentStatus.CONFLICT) {
            tellTheLeft(tx, nudges, payment);
        }
    }

    /** Those that could not be told what happened are told once it is known. */
    private static void tellTheLeft(Tx tx, Nudges nudges, PaymentRow payment) {
        for (CommandRow command : tx.commandsOf(payment.id())) {
            if (command.type() == CommandType.CANCEL && command.status() == CommandStatus.NEEDS_ATTENTION) {
                tell(tx, nudges, tx.lockCommand(command.rowId()).orElseThrow(), payment);
            }
        }
    }

    /** Wakes the cancels that wait for a payment to be known to its provider. */
    static void wake(Tx tx, Nudges nudges, PaymentRow payment) {
        List<CommandRow> open = tx.openCancels(payment.id());
        for (CommandRow cancel : open) {
            if (tx.openAttempt(cancel.rowId()).isEmpty()) {
                nudges.wake(cancel, null);
            }
        }
    }

    static void tell(Tx tx, Nudges nudges, CommandRow cancel, PaymentRow payment) {
        String what = payment.kind() == PaymentRow.Kind.REFUND ? "refund" : "payment";
        if (payment.status() == PaymentStatus.NOT_PAID) {
            ResultWriter.tell(tx, nudges, cancel, CommandStatus.SUCCEEDED, null, payment);
        } else if (payment.status().isOpen()) {
            end(
                    tx,
                    nudges,
                    cancel,
                    payment,
                    ResultError.of(
                            ErrorCode.OUTCOME_UNKNOWN,
                            "It could not be established how the " + what + " ended. A person has to look."));
        } else if (payment.status() == PaymentStatus.CONFLICT) {
            end(
                    tx,
                    nudges,
                    cancel,
                    payment,
                    ResultError.of(
                            ErrorCode.CONFLICT,
                            "The provider contradicts itself on the " + what + ". A person has to look."));
        } else {
            end(
                    tx,
                    nudges,
                    cancel,
                    payment,
                    ResultError.of(
                            ErrorCode.TOO_LATE,
                            payment.status() == PaymentStatus.AUTHORISED
                                    ? "The money is already reserved; nothing was cancelled. Send a void to give it up."
                                    : payment.kind() == PaymentRow.Kind.REFUND
                                            ? "The money had already gone back; nothing was cancelled."
                                            : "The customer had already paid; nothing was cancelled. Send a refund to give the money"
                                                    + " back."));
        }
    }

    private static void end(Tx tx, Nudges nudges, CommandRow cancel, PaymentRow payment, ResultError error) {
        ResultWriter.tell(tx, nudges, cancel, error.code().status(), error, payment);
    }
}
