package nl.pinbridge.sandbox;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Payments of the simulated PayProxy: whoever started one waits for its end on the line. */
final class PayProxyHouse implements House<PayProxyOwn> {
    private static final String SUCCESS = "SUCCESS";

    private final PayProxyChoices choices;
    private final Map<String, CompletableFuture<Payment<PayProxyOwn>>> ends = new ConcurrentHashMap<>();

    PayProxyHouse(PayProxyChoices choices) {
        this.choices = choices;
    }

    /** The payment as it is when it is over; completed off the event loop of whoever waits. */
    CompletableFuture<Payment<PayProxyOwn>> end(String id) {
        return ends.computeIfAbsent(id, first -> new CompletableFuture<>());
    }

    /** Whoever still waits, waits in vain. */
    void forget() {
        ends.values().forEach(end -> end.cancel(false));
        ends.clear();
    }

    @Override
    public String id(Floor.Wish<PayProxyOwn> wish, long sequence, Instant now) {
        // No sample shows an id of PayProxy's own; the trace number of the receipt is made of this one.
        return "P" + sequence;
    }

    @Override
    public Payment<PayProxyOwn> settled(Payment<PayProxyOwn> payment, Ending ending, Instant now) {
        Outcome outcome = ending.outcome() == null ? Outcome.PROCESSING_ERROR : ending.outcome();
        Payment<PayProxyOwn> next = payment.over();
        return switch (outcome) {
            case PAID, AUTHORISED ->
                next.done(ending.amount() == null ? payment.amount() : ending.amount())
                        .with(payment.own().ended(Objects.requireNonNullElse(ending.code(), SUCCESS)));
            case DECLINED, CANCELLED_AT_TERMINAL, CANCELLED_BY_TILL, TIMED_OUT, PROCESSING_ERROR, NEVER_ENDS ->
                next.with(payment.own().ended(Objects.requireNonNullElse(ending.code(), choices.failure())));
        };
    }

    @Override
    public void changed(Payment<PayProxyOwn> before, Payment<PayProxyOwn> after) {
        if (before.running() && !after.running()) {
            end(after.id()).complete(after);
        }
    }
}
