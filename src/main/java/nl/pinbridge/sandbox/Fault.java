package nl.pinbridge.sandbox;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A script: for which calls it counts, what becomes of the payment, and what the caller gets to see. Outcome and answer are independent of each other; a
 * script that says nothing about one of them leaves it to the next script that does.
 *
 * @param operation the provider's own name of it, for example {@code create} or {@code mailreceipt}; null for every operation
 * @param terminal the provider's terminal id; null for every terminal
 * @param ownReference only calls with this reference of the caller; null for all
 * @param times counts for the next so many calls; null until it is taken away
 * @param outcome what becomes of the payment or refund that such a call starts, or that a {@code cancel} ends; null to leave that alone. A {@code cancel} heeds
 *     only scripts that name it
 * @param customerDelay how long the customer takes; null for the sandbox's own delay
 * @param act false when the call must do nothing
 * @param answer what goes back; null to leave that alone
 * @param late the answer waits this long; the call itself acts at once, or after {@code actAfter}
 * @param hold the answer waits for {@link Sandbox#release()}, after {@code late}
 * @param actAfter the call acts only after this long, on what it finds then, and is answered after that
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
        boolean hold,
        Duration actAfter) {
    public Fault {
        if (times != null && times < 1) {
            throw new IllegalArgumentException("times must be at least 1");
        }
        if (late.isNegative() || actAfter.isNegative() || (customerDelay != null && customerDelay.isNegative())) {
            throw new IllegalArgumentException("a delay cannot be negative");
        }
    }

    /** For every call of this operation, until it is narrowed by the methods below. */
    public static Fault on(String operation) {
        return new Fault(operation, null, null, null, null, null, true, null, Duration.ZERO, false, Duration.ZERO);
    }

    public static Fault onCreate() {
        return on("create");
    }

    public static Fault onStatus() {
        return on("status");
    }

    public static Fault onRefund() {
        return on("refund");
    }

    public static Fault onCancel() {
        return on("cancel");
    }

    public static Fault onMailReceipt() {
        return on("mailreceipt");
    }

    public static Fault onCtmp() {
        return on("ctmp");
    }

    public static Fault onDate() {
        return on("date");
    }

    public static Fault onAnything() {
        return new Fault(null, null, null, null, null, null, true, null, Duration.ZERO, false, Duration.ZERO);
    }

    public Fault terminal(String id) {
        return new Fault(operation, id, ownReference, times, outcome, customerDelay, act, answer, late, hold, actAfter);
    }

    public Fault ownReference(String reference) {
        return new Fault(
                operation, terminal, reference, times, outcome, customerDelay, act, answer, late, hold, actAfter);
    }

    /** Counts for the next so many calls only. */
    public Fault times(int calls) {
        return new Fault(
                operation, terminal, ownReference, calls, outcome, customerDelay, act, answer, late, hold, actAfter);
    }

    public Fault outcome(Outcome what) {
        return new Fault(
                operation, terminal, ownReference, times, what, customerDelay, act, answer, late, hold, actAfter);
    }

    public Fault customerDelay(Duration delay) {
        return new Fault(operation, terminal, ownReference, times, outcome, delay, act, answer, late, hold, actAfter);
    }

    public Fault answer(Answer what) {
        return new Fault(
                operation, terminal, ownReference, times, outcome, customerDelay, act, what, late, hold, actAfter);
    }

    /** The call does nothing: no transaction, no charge. */
    public Fault withoutActing() {
        return new Fault(
                operation, terminal, ownReference, times, outcome, customerDelay, false, answer, late, hold, actAfter);
    }

    public Fault late(Duration delay) {
        return new Fault(
                operation, terminal, ownReference, times, outcome, customerDelay, act, answer, delay, hold, actAfter);
    }

    /** The call acts only after this long, on what it finds then. */
    public Fault actAfter(Duration delay) {
        return new Fault(
                operation, terminal, ownReference, times, outcome, customerDelay, act, answer, late, hold, delay);
    }

    public Fault held() {
        return new Fault(
                operation, terminal, ownReference, times, outcome, customerDelay, act, answer, late, true, actAfter);
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
        return answer != null || hold || !act || !late.isZero() || !actAfter.isZero();
    }

    boolean matches(String calledOperation, String calledTerminal, @Nullable String calledReference) {
        return (operation == null || operation.equals(calledOperation))
                && (terminal == null || terminal.equals(calledTerminal))
                && (ownReference == null || ownReference.equals(calledReference));
    }
}
