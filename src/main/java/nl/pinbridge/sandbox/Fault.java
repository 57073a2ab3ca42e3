package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A script: for which calls it counts, what becomes of the payment, and what the caller gets to see. Ending and answer are independent of each other; a script
 * that says nothing about one of them leaves it to the next script that does.
 *
 * @param calls for which calls it counts
 * @param times counts for the next so many calls; null until it is taken away
 * @param ending what becomes of the payment or refund that such a call starts, or that a {@code cancel} ends; {@link Ending#NONE} to leave that alone. A call that
 *     ends something heeds only scripts that name it
 * @param act false when the call must do nothing
 * @param answer what goes back; null to leave that alone
 * @param late the answer waits this long; the call itself acts at once, or after {@code actAfter}
 * @param hold the answer waits for {@link Sandbox#release()}, after {@code late}
 * @param actAfter the call acts only after this long, on what it finds then, and is answered after that
 */
public record Fault(
        Which calls,
        @Nullable Integer times,
        Ending ending,
        boolean act,
        @Nullable Answer answer,
        Duration late,
        boolean hold,
        Duration actAfter) {
    /**
     * For which calls a script counts.
     *
     * @param provider the stand-in, for example {@code paynl}; null for every one
     * @param host the provider's host that is called, for example {@code rest.pay.nl}; null for every one
     * @param operation the provider's own name of it, for example {@code create} or {@code mailreceipt}; null for every operation
     * @param terminal the provider's terminal id; null for every terminal
     * @param ownReference only calls with this reference of the caller; null for all
     */
    public record Which(
            @Nullable String provider,
            @Nullable String host,
            @Nullable String operation,
            @Nullable String terminal,
            @Nullable String ownReference) {
        static final Which ALL = new Which(null, null, null, null, null);

        boolean matches(Asked asked) {
            return (provider == null || provider.equals(asked.provider()))
                    && (host == null || host.equals(asked.host()))
                    && (operation == null || operation.equals(asked.operation().name()))
                    && (terminal == null || terminal.equals(asked.terminal()))
                    && (ownReference == null || ownReference.equals(asked.reference()));
        }
    }

    public Fault {
        if (times != null && times < 1) {
            throw new IllegalArgumentException("times must be at least 1");
        }
        if (late.isNegative() || actAfter.isNegative()) {
            throw new IllegalArgumentException("a delay cannot be negative");
        }
    }

    /** For every call of this operation, until it is narrowed by the methods below. */
    public static Fault on(String operation) {
        return of(new Which(null, null, operation, null, null));
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
        return of(Which.ALL);
    }

    private static Fault of(Which which) {
        return new Fault(which, null, Ending.NONE, true, null, Duration.ZERO, false, Duration.ZERO);
    }

    private Fault of(Which which, Ending end) {
        return new Fault(which, times, end, act, answer, late, hold, actAfter);
    }

    /** Only calls to this simulated provider. */
    public Fault provider(String name) {
        return of(new Which(name, calls.host(), calls.operation(), calls.terminal(), calls.ownReference()), ending);
    }

    /** Only calls that were meant for this host of the provider. */
    public Fault host(String name) {
        return of(new Which(calls.provider(), name, calls.operation(), calls.terminal(), calls.ownReference()), ending);
    }

    public Fault terminal(String id) {
        return of(new Which(calls.provider(), calls.host(), calls.operation(), id, calls.ownReference()), ending);
    }

    public Fault ownReference(String reference) {
        return of(new Which(calls.provider(), calls.host(), calls.operation(), calls.terminal(), reference), ending);
    }

    /** Counts for the next so many calls only. */
    public Fault times(int count) {
        return new Fault(calls, count, ending, act, answer, late, hold, actAfter);
    }

    public Fault outcome(Outcome what) {
        return of(calls, ending.outcome(what));
    }

    public Fault customerDelay(Duration delay) {
        return of(calls, ending.customerDelay(delay));
    }

    /** The provider's own status code or word instead of the one that the stand-in has for the outcome, for example {@code -63}. */
    public Fault code(String own) {
        return of(calls, ending.code(own));
    }

    /** The provider's own error code, for example {@code 2631}. */
    public Fault incident(String own) {
        return of(calls, ending.incident(own));
    }

    /** The card is really charged this much, minor units, whatever was asked. */
    public Fault charged(long minor) {
        return of(calls, ending.charged(minor));
    }

    /** Whatever is told of the transaction, in answers and webhooks, has this value at this JSON pointer. */
    public Fault field(String pointer, JsonNode value) {
        return of(calls, ending.field(pointer, value));
    }

    /** So long after it was over something else becomes of it: the provider contradicts itself. */
    public Fault then(Ending next, Duration after) {
        return of(calls, ending.then(next, after));
    }

    public Fault then(Outcome next, Duration after) {
        return then(Ending.of(next), after);
    }

    public Fault answer(Answer what) {
        return new Fault(calls, times, ending, act, what, late, hold, actAfter);
    }

    /** The call does nothing: no transaction, no charge. */
    public Fault withoutActing() {
        return new Fault(calls, times, ending, false, answer, late, hold, actAfter);
    }

    public Fault late(Duration delay) {
        return new Fault(calls, times, ending, act, answer, delay, hold, actAfter);
    }

    /** The call acts only after this long, on what it finds then. */
    public Fault actAfter(Duration delay) {
        return new Fault(calls, times, ending, act, answer, late, hold, delay);
    }

    public Fault held() {
        return new Fault(calls, times, ending, act, answer, late, true, actAfter);
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

    /** The provider's own answer to too many calls; nothing is done. */
    public Fault tooMany() {
        return answer(new Answer.TooMany());
    }

    boolean scriptsOutcome() {
        return !ending.saysNothing();
    }

    boolean scriptsAnswer() {
        return answer != null || hold || !act || !late.isZero() || !actAfter.isZero();
    }
}
