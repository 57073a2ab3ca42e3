package nl.pinbridge.outcome;

import java.time.Instant;
import java.util.Optional;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.Desk;
import nl.pinbridge.ledger.Doubted;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.Tx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out at the start whether the ledger is older than what was sent, and if so hands to a person whatever may have been begun by
 * the ledger that is lost. Runs before anything is taken from the broker, and may run twice.
 */
public final class Restoration {
    private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

    private final Ledger ledger;

    public Restoration(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * Compares the ledger with the last mark that this node made.
     *
     * @param lastMark the attempt's id; empty when this node never made one, or has lost its note
     * @param nudges takes what is to be told
     * @return when the ledger was last found to be restored: what came to the broker before that is not started; empty when it never was
     */
    public Optional<Instant> check(Optional<String> lastMark, Nudges nudges) {
        boolean missing = lastMark.isPresent()
                && ledger.inTransaction(tx -> tx.attempt(lastMark.get()).isEmpty());
        if (missing) {
            boolean found = ledger.durably(tx -> new Desk(tx).noteRestoration(lastMark.get()));
            if (found) {
                LOG.error(
                        "The ledger does not know the last call that was sent ({}): it was restored from an older backup."
                                + " What may have been begun since is not sent again; see ./pinbridge work list",
                        lastMark.get());
            }
            Instant foundAt =
                    ledger.inTransaction(tx -> new Desk(tx).restoredAt().orElseThrow());
            for (CommandRow command : ledger.inTransaction(tx -> new Desk(tx).notBegun())) {
                // What came in later, before a second start, is not in doubt.
                if (Doubted.concerns(command) && command.receivedAt().isBefore(foundAt)) {
                    nudges.and(ledger.durably(tx -> hand(tx, command.rowId())));
                }
            }
        }
        return ledger.inTransaction(tx -> new Desk(tx).restoredAt());
    }

    private static Nudges hand(Tx tx, String commandRow) {
        Nudges nudges = new Nudges();
        CommandRow command = tx.lockCommand(commandRow).orElseThrow();
        if (command.isOver() || tx.openAttempt(commandRow).isPresent()) {
            return nudges;
        }
        PaymentRow about = tx.paymentCreatedBy(commandRow)
                .flatMap(started -> tx.lockWithOriginal(started.id()))
                .or(() -> Optional.ofNullable(command.paymentId()).flatMap(tx::payment))
                .orElse(null);
        Doubted.end(tx, nudges, command, about);
        if (about != null) {
            Cancels.answer(tx, nudges, tx.payment(about.id()).orElseThrow());
        }
        return nudges;
    }
}
