package nl.pinbridge.sandbox;

import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The terminals of one simulated provider, the customers before them, and what became of it all. It books the money that moves. Safe for any thread.
 *
 * @param <D> what only this provider knows of a payment
 */
final class Floor<D> {
    /**
     * What a caller wants to start.
     *
     * @param type {@link Charge#PAYMENT} or {@link Charge#REFUND}
     * @param amount minor units
     */
    record Wish<D>(String type, String terminal, long amount, @Nullable String ownReference, D own) {}

    private final Vertx vertx;
    private final Clock clock;
    private final Duration customerDelay;
    private final String provider;
    private final House<D> house;
    private final boolean startBesides;
    private final Book book;
    private final Faults faults;

    /** Guarded by this object, as is all below. */
    private long sequence;

    private int resets;
    private final Map<String, Payment<D>> payments = new LinkedHashMap<>();
    private final Map<String, Set<String>> running = new TreeMap<>();
    private final Map<String, String> latest = new HashMap<>();

    /**
     * @param startBesides true when a busy terminal starts a second payment beside the first
     */
    Floor(Room room, String provider, House<D> house, boolean startBesides) {
        this.vertx = room.vertx();
        this.clock = room.options().clock();
        this.customerDelay = room.options().customerDelay();
        this.provider = provider;
        this.house = house;
        this.startBesides = startBesides;
        this.book = room.book();
        this.faults = room.faults();
        // Nine digits that begin with the time, so that a restarted sandbox does not hand out the ids of its last run
        // again.
        this.sequence = 100_000_000 + Math.floorMod(clock.instant().getEpochSecond() * 1_000, 900_000_000L);
    }

    /**
     * Starts it, and the customer after it.
     *
     * @param asked whose scripts count
     * @param answering the script by which the call is answered
     * @param byAmount what the amount chooses where no script does
     * @return null when the terminal is busy
     */
    synchronized @Nullable Payment<D> start(
            Asked asked, Wish<D> wish, @Nullable Fault answering, @Nullable Fault byAmount) {
        Set<String> here = running.computeIfAbsent(wish.terminal(), first -> new LinkedHashSet<>());
        if (!here.isEmpty() && !startBesides) {
            return null;
        }
        Fault script = answering != null && answering.scriptsOutcome() ? answering : faults.takeOutcome(asked);
        if (script == null) {
            script = byAmount;
        }
        Ending scripted = script == null ? Ending.NONE : script.ending();
        Ending plan = scripted.outcome() == null && scripted.code() == null ? scripted.outcome(Outcome.PAID) : scripted;
        Duration delay = plan.customerDelay() == null ? customerDelay : plan.customerDelay();
        Payment<D> payment = draft(wish, plan).fields(plan.fields());
        payments.put(payment.id(), payment);
        latest.put(payment.terminal(), payment.id());
        here.add(payment.id());
        if (!plan.never()) {
            vertx.setTimer(Math.max(1, delay.toMillis()), customer -> decide(payment.id(), plan));
        }
        return payment;
    }

    /** What would be started, for an answer that tells of a start that never was. */
    Payment<D> draft(Wish<D> wish) {
        return draft(wish, Ending.of(Outcome.NEVER_ENDS));
    }

    private synchronized Payment<D> draft(Wish<D> wish, Ending plan) {
        sequence += 1;
        Instant now = clock.instant();
        return new Payment<>(
                house.id(wish, sequence, now),
                sequence,
                wish.type(),
                wish.terminal(),
                wish.amount(),
                wish.ownReference(),
                now,
                plan,
                true,
                Moved.NOTHING,
                Map.of(),
                wish.own());
    }

    synchronized @Nullable Payment<D> find(String id) {
        return payments.get(id);
    }

    /** What was started last on this terminal, over or not; null when nothing was. */
    synchronized @Nullable Payment<D> latest(String terminal) {
        String id = latest.get(terminal);
        return id == null ? null : payments.get(id);
    }

    /** What runs on this terminal, oldest first. */
    synchronized List<Payment<D>> runningOn(String terminal) {
        return running.getOrDefault(terminal, Set.of()).stream()
                .map(payments::get)
                .map(Objects::requireNonNull)
                .toList();
    }

    /** Ends whatever runs on this terminal now, and returns it as it was. */
    synchronized List<Payment<D>> end(String terminal, Ending ending) {
        List<Payment<D>> hit = runningOn(terminal);
        hit.forEach(payment -> settle(payment, ending));
        return hit;
    }

    /** The customer does as planned, unless something else has happened to the payment since. */
    @SuppressWarnings("ReferenceEquality") // two customers may plan the same
    private synchronized void decide(String id, Ending plan) {
        Payment<D> payment = payments.get(id);
        if (payment != null && payment.running() && payment.plan() == plan) {
            settle(payment, plan);
        }
    }

    /** The payment as it is now; null when there is no such transaction. */
    synchronized @Nullable Payment<D> act(String id, Ending ending) {
        Payment<D> payment = payments.get(id);
        if (payment == null) {
            return null;
        }
        settle(payment, ending);
        return payments.get(id);
    }

    /** Changes a payment by a call of the provider's own, which is not the customer's doing; null when there is no such transaction. */
    synchronized @Nullable Payment<D> change(String id, UnaryOperator<Payment<D>> change) {
        Payment<D> payment = payments.get(id);
        if (payment == null) {
            return null;
        }
        put(payment, change.apply(payment), clock.instant());
        return payments.get(id);
    }

    private void settle(Payment<D> payment, Ending ending) {
        Instant now = clock.instant();
        Payment<D> planned = payment.planned(ending).fields(ending.fields());
        put(payment, ending.never() ? planned : house.settled(planned, ending, now), now);
        Ending.Then then = ending.then();
        if (then != null) {
            int life = resets;
            vertx.setTimer(Math.max(1, then.after().toMillis()), late -> again(life, payment.id(), then.ending()));
        }
    }

    private synchronized void again(int life, String id, Ending ending) {
        if (life == resets) {
            act(id, ending);
        }
    }

    private void put(Payment<D> before, Payment<D> after, Instant now) {
        payments.put(after.id(), after);
        if (!after.running()) {
            Set<String> here = running.get(after.terminal());
            if (here != null) {
                here.remove(after.id());
            }
        }
        Moved was = before.moved();
        Moved is = after.moved();
        enter(after, Charge.AUTHORISATION, is.authorised() - was.authorised(), now);
        enter(after, Charge.RELEASE, is.released() - was.released(), now);
        enter(after, is.authorised() > 0 ? Charge.CAPTURE : Charge.PAYMENT, is.paid() - was.paid(), now);
        enter(after, Charge.REFUND, is.refunded() - was.refunded(), now);
        enter(after, Charge.CHARGEBACK, is.chargedBack() - was.chargedBack(), now);
        house.changed(before, after);
    }

    private void enter(Payment<D> payment, String type, long amount, Instant now) {
        if (amount > 0) {
            book.add(new Charge(provider, payment.terminal(), payment.id(), payment.ownReference(), amount, type, now));
        }
    }

    /** How many payments and refunds keep this terminal busy. */
    synchronized long busy(String terminal) {
        return running.getOrDefault(terminal, Set.of()).size();
    }

    synchronized List<Payment<D>> payments() {
        return List.copyOf(payments.values());
    }

    /** How often everything was forgotten: a call that acts late must not act in another life. */
    synchronized int resets() {
        return resets;
    }

    synchronized void reset() {
        resets += 1;
        payments.clear();
        running.clear();
        latest.clear();
        // The sequence goes on: no id comes twice.
    }
}
