package nl.pinbridge.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.Json;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.contract.ResultError;

/** The commands that change a payment which exists: what is reserved is taken or given up, what waits for a judgement is judged. */
public final class Reservations {
    private Reservations() {}

    /** True for capture, void, approve and decline. */
    public static boolean isChange(CommandType type) {
        return switch (type) {
            case CAPTURE, VOID, APPROVE, DECLINE -> true;
            default -> false;
        };
    }

    /** The same of one command: a capture that names no payment is of an authorisation made elsewhere, and starts one. */
    public static boolean isChange(CommandRow command) {
        return isChange(command.type()) && command.target() != null;
    }

    /** What is reserved and not yet taken; minor units. */
    public static long left(PaymentRow payment) {
        return payment.authorised() - payment.captured();
    }

    /** The amount that a capture asks for; minor units, 0 for the other changes. */
    public static long asked(CommandRow command) {
        JsonNode amount = Json.read(command.body()).path("amount");
        return amount.path("value").longValue();
    }

    /**
     * Why a payment may not be changed so now; empty when it may.
     *
     * @param command the change that asks; its row need not be in the ledger yet
     * @param payment as it is in this transaction
     */
    public static Optional<ResultError> refusal(Tx tx, CommandRow command, PaymentRow payment) {
        return wrongState(command.type(), payment)
                .or(() -> another(tx, command, payment))
                .or(() -> tooMuch(command, payment));
    }

    /** Why a payment in this state can not be changed so; empty when it can. */
    public static Optional<ResultError> wrongState(CommandType type, PaymentRow payment) {
        boolean judges = type == CommandType.APPROVE || type == CommandType.DECLINE;
        if (judges ? payment.status().isOpen() : payment.status() == PaymentStatus.AUTHORISED) {
            return Optional.empty();
        }
        return refused(
                "payment",
                "The payment is " + payment.status()
                        + (judges
                                ? ": nobody waits for a judgement of it."
                                : ": nothing is reserved that could be "
                                        + (type == CommandType.VOID ? "given up." : "captured.")));
    }

    /** Two captures that overlap could take too much; and whether a lost one was carried out is seen by what it alone changed. */
    private static Optional<ResultError> another(Tx tx, CommandRow command, PaymentRow payment) {
        return tx.commandsOf(payment.id()).stream()
                .filter(row -> isChange(row) && !row.rowId().equals(command.rowId()))
                .filter(row -> !row.isOver() || row.status() == CommandStatus.NEEDS_ATTENTION)
                .filter(row -> tx.openAttempt(row.rowId()).isPresent())
                .findFirst()
                .flatMap(row -> refused(
                        "payment",
                        "Another " + row.type().wire() + " of this payment, command " + row.commandId() + ", is "
                                + (row.status() == null ? "under way" : row.status())
                                + ": nothing more is done to it until that is settled."));
    }

    private static Optional<ResultError> tooMuch(CommandRow command, PaymentRow payment) {
        if (command.type() != CommandType.CAPTURE || asked(command) <= left(payment)) {
            return Optional.empty();
        }
        return refused(
                "amount.value",
                "Of " + payment.authorised() + " reserved, " + left(payment) + " is left to capture (minor units of "
                        + payment.currency() + ").");
    }

    private static Optional<ResultError> refused(String field, String message) {
        return Optional.of(ResultError.field(ErrorCode.NOT_ALLOWED_NOW, field, message));
    }
}
