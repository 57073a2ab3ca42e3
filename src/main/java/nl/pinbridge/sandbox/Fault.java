package nl.pinbridge.sandbox;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A script: for which calls it counts, what becomes of the payment, and what the caller gets to see. Outcome and answer are independent of each other; a
 * script that says nothing about one of them leaves it to the next script that does.
 *
 * @param operation {@code create}, {@code status}; null for every operation
 * @param terminal the provider's terminal id; null for every terminal
 * @param ownReference only calls with this reference of the caller; null for all
 * @param times counts for the next so many calls; null until it is taken away
 * @param outcome what becomes of a payment that such a {@code create} starts; null to leave that alone
 * @param customerDelay how long the customer takes; null for the sandbox's own delay
 * @param act false when the call must do nothing
 * @param answer what goes back; null to leave that alone
 * @param late the answer waits this long; the call itself acts at once
 * @param hold the answer waits for {@link Sandbox#release()}, after {@code late}
 */
public record Fault(
        @Nullable String operation,
        @Nullable String terminal,
        @Nullable String ownReference,
        @Nullable Integer times,
        @Nullable Outcome outcome,
        @Nullable Duration customerDelay,
        boolean act,
        @Nullable Answer answer,
        Duration late,
        boolean hold) {
    public Fault {
        if (times != null && times < 1) {
            throw new IllegalArgumentException("times must be at least 1");
        }
        if (late.isNegative() || (customerDelay != null && customerDelay.isNegative())) {
            throw new IllegalArgumentException("a delay cannot be negative");
        }
    }

    /** For every call of this operation, until it is narrowed by the methods below. */
    public static Fault on(String operation) {
        return new Fault(operation, null, null, null, null, null, true, null, Duration.ZERO, false);
    }

    public static Fault onCreate() {
        return on("create");
    }

    public static Fault onStatus() {
        return on("status");
    }

    public static Fault onAnything() {
        return new Fault(null, null, null, null, null, null, true, null, Duration.ZERO, false);
    }

    public Fault terminal(String id) {
        return new Fault(operation, id, ownReference, times, outcome, customerDelay, act, answer, late, hold);
    }

    public Fault ownReference(String reference) {
        return new Fault(operation, terminal, reference, times, outcome, customerDelay, act, answer, late, hold);
    }

    /** Counts for the next so many calls only. */
    public Fault times(int calls) {
        return new Fault(operation, terminal, ownReference, calls, outcome, customerDelay, act, answer, late, hold);
    }

    public Fault outcome(Outcome what) {
        return new Fault(operation, terminal, ownReference, times, what, customerDelay, act, answer, late, hold);
    }

    public Fault customerDelay(Duration delay) {
        return new Fault(operation, terminal, ownReference, times, outcome, delay, act, answer, late, hold);
    }

    public Fault answer(Answer what) {
        return new Fault(operation, terminal, ownReference, times, outcome, customerDelay, act, what, late, hold);
    }

    /** The call does nothing: no transaction, no charge. */
    public Fault withoutActing() {
        return new Fault(operation, terminal, ownReference, times, outcome, customerDelay, false, answer, late, hold);
    }

    public Fault late(Duration delay) {
        return new Fault(operation, terminal, ownReference, times, outcome, customerDelay, act, answer, delay, hold);
    }

    public Fault held() {
        return new Fault(operation, terminal, ownReference, times, outcome, customerDelay, act, answer, late, true);
    }

    public Fault neverAnswer() {
        return answer(new Answer.Never());
    }

    public Fault breakConnection() {
        return answer(new Answer.Broken());
    }

    public Fault http(int status) {
        return answer(new Answer.Http(status, null));
    }

    boolean scriptsOutcome() {
        return outcome != null || customerDelay != null;
    }

    boolean scriptsAnswer() {
        return answer != null || hold || !act || !late.isZero();
    }

    boolean matches(String calledOperation, String calledTerminal, @Nullable String calledReference) {
        return (operation == null || operation.equals(calledOperation))
                && (terminal == null || terminal.equals(calledTerminal))
                && (ownReference == null || ownReference.equals(calledReference));
    }
}
