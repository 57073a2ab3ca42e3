package nl.pinbridge.ledger;

import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.contract.ResultError;
import org.jspecify.annotations.Nullable;

/**
 * The end, for the machine, of commands that the ledger holds as not begun although they may have been: it was restored from a backup
 * that is older than what was sent. They are neither sent nor called "not sent"; a person looks.
 */
public final class Doubted {
    private static final String WHY =
            "The bridge's ledger was restored from a backup, and it is not known whether this was begun before that.";

    private Doubted() {}

    /** True for what starts something that cannot be asked about otherwise; a cancel asks its provider before it acts. */
    public static boolean concerns(CommandRow command) {
        return switch (command.path()) {
            case LANE, ERRAND -> true;
            case EXPRESS -> false;
        };
    }

    /**
     * Hands a command to a person.
     *
     * @param command locked
     * @param about what it would have started, or is about, locked; null where there is none
     */
    public static void end(Tx tx, Nudges nudges, CommandRow command, @Nullable PaymentRow about) {
        boolean starts = about != null && about.createdBy().equals(command.rowId());
        if (about == null || !starts) {
            ResultWriter.tell(
                    tx,
                    nudges,
                    command,
                    CommandStatus.NEEDS_ATTENTION,
                    ResultError.of(
                            ErrorCode.MAYBE_SENT, WHY + " No money is at stake: send a new command to do it again."),
                    about);
            return;
        }
        PaymentRow doubtful = about.in(PaymentStatus.IN_DOUBT).with(row -> row.nextLookAt(null));
        tx.update(doubtful);
        ResultError error =
                ResultError.of(ErrorCode.OUTCOME_UNKNOWN, WHY + " A person has to look; a work item is open.");
        tx.openWorkItem(about.id(), command.rowId(), error.code().name(), error.message());
        tx.history(
                about.story(),
                command.rowId(),
                "WORK",
                "Work item opened: OUTCOME_UNKNOWN. The ledger was restored from a backup; this is not sent by the machine",
                null);
        ResultWriter.tell(tx, nudges, command, CommandStatus.NEEDS_ATTENTION, error, doubtful);
    }
}
