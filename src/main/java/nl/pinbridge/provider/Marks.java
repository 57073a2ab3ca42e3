package nl.pinbridge.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.contract.ResultError;
import nl.pinbridge.ledger.AttemptRow;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.Ids;
import nl.pinbridge.ledger.LaneRow;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.ResultWriter;
import nl.pinbridge.ledger.Rows;
import nl.pinbridge.ledger.Tx;
import org.jspecify.annotations.Nullable;

/**
 * The mark: one transaction that locks command, payment and lane, looks at the world once more, takes the lane and writes the
 * attempt. It is on disk before the first byte leaves, and the database allows a command one attempt that may have started
 * something.
 */
public final class Marks implements CallGate {
    private final Ledger ledger;

    /** How long after the mark nobody needs to look: connecting and answering take at most this. */
    private final Function<String, Duration> callTime;

    public Marks(Ledger ledger, Function<String, Duration> callTime) {
        this.ledger = ledger;
        this.callTime = callTime;
    }

    private sealed interface Decision {
        record Marked(Mark mark) implements Decision {}

        record Refused(String why, Nudges nudges) implements Decision {}
    }

    @Override
    public Mark mark(ProviderJob job) throws NotMarkedException {
        String commandRow = job.commandRow();
        if (commandRow == null) {
            throw new IllegalStateException("A money call without a command");
        }
        Decision decision = ledger.durably(tx -> decide(tx, job, commandRow));
        if (decision instanceof Decision.Refused refused) {
            throw new NotMarkedException(refused.why(), refused.nudges());
        }
        return ((Decision.Marked) decision).mark();
    }

    private Decision decide(Tx tx, ProviderJob job, String commandRow) {
        CommandRow command = tx.lockCommand(commandRow).orElseThrow();
        PaymentRow payment =
                tx.lockPayment(job.paymentId() == null ? "" : job.paymentId()).orElseThrow();
        Instant now = tx.now();
        if (command.isOver()) {
            return new Decision.Refused("The command is over: " + command.status(), new Nudges());
        }
        if (tx.openAttempt(commandRow).isPresent()) {
            return new Decision.Refused("The command was marked before", new Nudges());
        }
        Optional<ResultError> late = timeIsUp(command, now, false);
        if (late.isPresent()) {
            return notSent(tx, command, payment, late.get());
        }
        if (tx.pausedLocked(payment.provider())) {
            return notSent(
                    tx,
                    command,
                    payment,
                    ResultError.of(
                            ErrorCode.PAUSED,
                            "The operator has paused " + payment.provider() + "; nothing was started."));
        }
        LaneRow lane = tx.lockLane(payment.device());
        Optional<CommandRow> older = tx.oldestWaiting(payment.device(), now)
                .filter(row -> row.rowId().compareTo(commandRow) < 0);
        if ((lane.commandRow() != null && !lane.commandRow().equals(commandRow)) || older.isPresent()) {
            late = timeIsUp(command, now, true);
            return late.isPresent()
                    ? notSent(tx, command, payment, late.get())
                    : waiting(tx, command, payment, lane, older);
        }
        tx.takeLane(payment.device(), commandRow, now);
        Mark mark = new Mark(Ids.next(), now.toEpochMilli(), System.nanoTime());
        tx.insert(new AttemptRow(
                mark.attempt(), commandRow, payment.id(), job.operation(), commandRow, now, null, null, null));
        tx.update(Rows.withStatus(command, command.status(), null));
        tx.update(Rows.withLook(payment, payment.status(), now, now.plus(callTime.apply(payment.provider()))));
        tx.history(
                payment.id(),
                commandRow,
                "MARK",
                "The bridge marked the " + job.operation() + ": from here on it is sent at most once",
                null);
        return new Decision.Marked(mark);
    }

    /** The earlier of the command's own time and the wait for a lane. */
    private static Optional<ResultError> timeIsUp(CommandRow command, Instant now, boolean laneIsTaken) {
        if (!now.isBefore(command.expiresAt())) {
            return Optional.of(ResultError.of(
                    ErrorCode.STALE, "The command's time was up before it could start; nothing reached the terminal."));
        }
        // Whoever waited its whole time is not started late, even if the lane has just become free.
        if ((laneIsTaken || command.status() == CommandStatus.WAITING) && !now.isBefore(command.waitUntil())) {
            return Optional.of(
                    ResultError.of(
                            ErrorCode.TERMINAL_BUSY,
                            "The terminal stayed busy with another customer; nothing was started. Send a new command when it is free."));
        }
        return Optional.empty();
    }

    private static Decision notSent(Tx tx, CommandRow command, PaymentRow payment, ResultError error) {
        PaymentRow changed = Rows.withLook(payment, PaymentStatus.NOT_PAID, null, null);
        tx.update(changed);
        Nudges nudges = new Nudges();
        ResultWriter.tell(tx, nudges, command, CommandStatus.NOT_SENT, error, changed);
        return new Decision.Refused(error.message(), nudges);
    }

    private static Decision waiting(
            Tx tx, CommandRow command, PaymentRow payment, LaneRow lane, Optional<CommandRow> older) {
        Instant until = command.expiresAt().isBefore(command.waitUntil()) ? command.expiresAt() : command.waitUntil();
        CommandRow changed = Rows.withStatus(command, command.status(), until);
        Nudges nudges = new Nudges();
        if (command.status() == CommandStatus.WAITING) {
            tx.update(changed);
        } else {
            ResultWriter.tell(tx, nudges, changed, CommandStatus.WAITING, null, payment);
            nudges.lane(payment.provider(), command.rowId(), until);
        }
        if (lane.commandRow() == null) {
            older.ifPresent(first -> nudges.lane(payment.provider(), first.rowId(), null));
        }
        return new Decision.Refused("The terminal is busy", nudges);
    }

    /** Only for tests and admin: the command that holds a device. */
    public @Nullable String holder(String device) {
        return ledger.inTransaction(tx -> {
            tx.ensureLane(device);
            return tx.lockLane(device).commandRow();
        });
    }
}
