package nl.pinbridge.ledger;

import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.contract.ResultError;
import org.jspecify.annotations.Nullable;

/** The end of a command of which nothing was ever sent. */
public final class Unsent {
    private Unsent() {}

    /**
     * Ends a command with the proof that nothing was started. What it would have started is over, whoever wanted to cancel that has
     * what he wanted, and whoever waited behind it is woken.
     *
     * @param command locked
     * @param about the payment or refund that it is about, locked; null where there is none
     */
    public static void end(Tx tx, Nudges nudges, CommandRow command, @Nullable PaymentRow about, ResultError error) {
        end(tx, nudges, command, about, error.code().status(), error);
    }

    /** The same with a status of its own: a cancel of what is unknown is {@code FAILED} where other commands are {@code REFUSED}. */
    public static void end(
            Tx tx,
            Nudges nudges,
            CommandRow command,
            @Nullable PaymentRow about,
            CommandStatus status,
            ResultError error) {
        PaymentRow now = about;
        boolean starts = about != null && about.createdBy().equals(command.rowId());
        if (about != null && starts) {
            now = about.over(PaymentStatus.NOT_PAID).with(row -> row.markedAt(null));
            tx.update(now);
        }
        ResultWriter.tell(tx, nudges, command, status, error, now);
        if (now != null && starts) {
            for (CommandRow cancel : tx.openCancels(now.id())) {
                ResultWriter.tell(tx, nudges, cancel, CommandStatus.SUCCEEDED, null, now);
            }
        }
        String device = command.device();
        if (device != null && tx.lane(device).map(LaneRow::commandRow).isEmpty()) {
            tx.oldestWaiting(device, tx.now()).ifPresent(next -> nudges.wake(next, null));
        }
    }
}
