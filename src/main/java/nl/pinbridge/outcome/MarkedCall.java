package nl.pinbridge.outcome;

import java.util.Objects;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.ResultError;
import nl.pinbridge.ledger.Tx;
import nl.pinbridge.provider.ProviderJob;
import nl.pinbridge.provider.WireOutcome;
import org.jspecify.annotations.Nullable;

/**
 * A call behind the mark and what came of it.
 *
 * @param attempt the ledger's id of the attempt
 * @param evidence redacted JSON of the exchange; null where there is none
 */
record MarkedCall(ProviderJob job, String attempt, WireOutcome wire, @Nullable String evidence, Reading reading) {
    String command() {
        return Objects.requireNonNull(job.commandRow(), "a marked call has a command");
    }

    String route() {
        return job.provider() + "-" + job.operation();
    }

    /** Why the provider never began; null when it may have. */
    @Nullable
    ResultError notStarted() {
        if (wire instanceof WireOutcome.NotSent notSent) {
            return ResultError.of(
                    ErrorCode.NO_CONNECTION,
                    "Nothing was started: " + notSent.why() + ". Send a new command when the provider can be reached.");
        }
        return isRefused() ? refusal() : null;
    }

    /** True when the provider's folder lists the answer as one that says: nothing was done. */
    boolean isRefused() {
        return wire instanceof WireOutcome.Answered answered && answered.refusal();
    }

    private ResultError refusal() {
        int status = wire instanceof WireOutcome.Answered answered ? answered.status() : 0;
        return ResultError.of(
                        ErrorCode.PROVIDER_REFUSED,
                        "The provider refused the request with HTTP " + status
                                + "; check the terminal's id and key in the terminal directory.")
                .withProvider(String.valueOf(status), null);
    }

    boolean busy() {
        return wire instanceof WireOutcome.Answered answered && answered.busy();
    }

    /** True when the mapping made sense of a successful answer. */
    boolean understood() {
        return wire instanceof WireOutcome.Answered answered
                && answered.success()
                && reading.state() != Reading.State.UNREADABLE;
    }

    /** Writes what became of the attempt. */
    void close(Tx tx) {
        close(tx, busy() || notStarted() != null);
    }

    /** The same, where the caller knows whether it is proved that nothing was done. */
    void close(Tx tx, boolean nothingWasDone) {
        String outcome = wire instanceof WireOutcome.NotSent
                ? "NOT_SENT"
                : busy() ? "BUSY" : notStarted() != null ? "REFUSED" : understood() ? "ANSWERED" : "UNKNOWN";
        tx.closeAttempt(attempt, outcome, nothingWasDone, evidence, tx.now());
    }

    /** What came of it, for people. */
    String described() {
        if (wire instanceof WireOutcome.Answered answered) {
            return "HTTP " + answered.status();
        }
        if (wire instanceof WireOutcome.NotSent notSent) {
            return notSent.why();
        }
        return wire instanceof WireOutcome.Unknown unknown ? unknown.why() : wire.toString();
    }
}
