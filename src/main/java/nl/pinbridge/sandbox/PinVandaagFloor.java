package nl.pinbridge.sandbox;

import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The terminals of the simulated Pin Vandaag, the customers before them, and what became of it all. Safe for any thread. */
final class PinVandaagFloor {
    /**
     * What a caller wants to start.
     *
     * @param type {@link Charge#PAYMENT} or {@link Charge#REFUND}
     * @param amount minor units
     */
    record Wish(
            String type,
            String terminal,
            Brand brand,
            long amount,
            @Nullable String ownReference,
            @Nullable String callbackUrl,
            @Nullable String returnUrl) {}

    private final Vertx vertx;
    private final Clock clock;
    private final Duration customerDelay;
    private final boolean startBesides;
    private final Book book;
    private final Faults faults;
    private final Webhooks webhooks;
    private final List<SandboxTerminal> known;

    /** Guarded by this object, as is all below. */
    private long sequence;

    private int resets;
    private final Map<String, Payment> payments = new LinkedHashMap<>();
    private final Map<String, Set<String>> running = new TreeMap<>();
    private final Map<String, String> latest = new HashMap<>();
    private final Map<String, Brand> seen = new TreeMap<>();
    private final Map<String, Long> ctmps = new HashMap<>();
    private final Set<String> booked = new LinkedHashSet<>();

    PinVandaagFloor(Vertx vertx, SandboxOptions options, Book book, Faults faults, Webhooks webhooks) {
        this.vertx = vertx;
        this.clock = options.clock();
        this.customerDelay = options.customerDelay();
        this.startBesides = options.choices().startBesides();
        this.book = book;
        this.faults = faults;
        this.webhooks = webhooks;
        this.known = options.terminals();
        known.forEach(terminal -> seen.put(terminal.id(), terminal.brand()));
        // Two digits more than in the samples, so that a restarted sandbox does not hand out the ids of its last run
        // again.
        this.sequence = 100_000_000 + Math.floorMod(clock.instant().getEpochSecond() * 1_000, 900_000_000L);
    }

    /**
     * Starts it, and the customer after it.
     *
     * @param operation whose scripts count
     * @param answering the script by which the call is answered
     * @param byAmount what the amount chooses where no script does
     * @return null when the terminal is busy
     */
    synchronized @Nullable Payment start(
            String operation, Wish wish, @Nullable Fault answering, @Nullable Fault byAmount) {
        seen.putIfAbsent(wish.terminal(), wish.brand());
        Set<String> here = running.computeIfAbsent(wish.terminal(), first -> new LinkedHashSet<>());
        if (!here.isEmpty() && !startBesides) {
            return null;
        }
        Fault script = answering != null && answering.scriptsOutcome()
                ? answering
                : faults.takeOutcome(operation, wish.terminal(), wish.ownReference());
        if (script == null) {
            script = byAmount;
        }
        Outcome plan = script == null || script.outcome() == null ? Outcome.PAID : script.outcome();
        Duration delay = script == null || script.customerDelay() == null ? customerDelay : script.customerDelay();
        Payment payment = draft(wish, plan);
        payments.put(payment.id(), payment);
        latest.put(payment.terminal(), payment.id());
        here.add(payment.id());
        if (plan != Outcome.NEVER_ENDS) {
            vertx.setTimer(Math.max(1, delay.toMillis()), customer -> decide(payment.id(), plan));
        }
        return payment;
    }

    /** What would be started, for an answer that tells of a start that never was. */
    Payment draft(Wish wish) {
        return draft(wish, Outcome.NEVER_ENDS);
    }

    private synchronized Payment draft(Wish wish, Outcome plan) {
        sequence += 1;
        Instant now = clock.instant();
        return new Payment(
                PinVandaagText.transactionId(wish.brand(), sequence, now),
                sequence,
                wish.type(),
                wish.terminal(),
                wish.brand(),
                wish.amount(),
                wish.ownReference(),
                wish.callbackUrl(),
                wish.returnUrl(),
                now,
                plan,
                Payment.STARTED,
                null,
                null,
                null);
    }

    synchronized @Nullable Payment find(String id, String terminal) {
        Payment payment = payments.get(id);
        return payment == null || !payment.terminal().equals(terminal) ? null : payment;
    }

    /** What was started last on this terminal, over or not; null when nothing was. */
    synchronized @Nullable Payment latest(String terminal) {
        String id = latest.get(terminal);
        return id == null ? null : payments.get(id);
    }

    /** What runs on this terminal, oldest first. */
    synchronized List<Payment> runningOn(String terminal) {
        return running.getOrDefault(terminal, Set.of()).stream()
                .map(payments::get)
                .map(Objects::requireNonNull)
                .toList();
    }

    /** Ends whatever runs on this terminal now, and returns it. */
    synchronized List<Payment> end(String terminal, Outcome outcome) {
        List<Payment> hit = runningOn(terminal);
        hit.forEach(payment -> settle(payment, outcome));
        return hit;
    }

    synchronized void ctmp(String terminal, Brand brand) {
        seen.putIfAbsent(terminal, brand);
        ctmps.merge(terminal, 1L, Long::sum);
    }

    /** The customer does as planned, unless something else has happened to the payment since. */
    private synchronized void decide(String id, Outcome plan) {
        Payment payment = payments.get(id);
        if (payment != null && payment.running() && payment.plan() == plan) {
            settle(payment, plan);
        }
    }

    /** False when there is no such transaction. */
    synchronized boolean act(String transactionId, Outcome outcome) {
        Payment payment = payments.get(transactionId);
        if (payment == null) {
            return false;
        }
        settle(payment, outcome);
        return true;
    }

    private synchronized void settle(Payment payment, Outcome outcome) {
        Instant now = clock.instant();
        Payment next =
                switch (outcome) {
                    case PAID -> payment.paid(now);
                    case DECLINED -> failed(payment, outcome, "card_refused", "Host Cancellation", "2631", now);
                    case CANCELLED_AT_TERMINAL ->
                        failed(payment, outcome, "cancelled", "User Cancellation", "2629", now);
                    case CANCELLED_BY_TILL ->
                        failed(payment, outcome, "cancelled", "External Equipment Cancellation", "2628", now);
                    case TIMED_OUT -> failed(payment, outcome, "expired", "Timeout Expiration", "1803", now);
                    case PROCESSING_ERROR ->
                        failed(payment, outcome, "processing_error", "Technical Problem", "1811", now);
                    case NEVER_ENDS -> payment.planned(outcome);
                };
        payments.put(next.id(), next);
        if (!next.running()) {
            Objects.requireNonNull(running.get(next.terminal())).remove(next.id());
        }
        if (outcome == Outcome.PAID && booked.add(next.id())) {
            book.add(new Charge(
                    PinVandaag.NAME, next.terminal(), next.id(), next.ownReference(), next.amount(), next.type(), now));
        }
        if (!next.status().equals(payment.status())) {
            webhooks.changed(next);
        }
    }

    private static Payment failed(
            Payment payment, Outcome outcome, String ccvWord, String worldLineWords, String incidentCode, Instant now) {
        return payment.brand() == Brand.CCV
                ? payment.failed(outcome, ccvWord, null, now)
                : payment.failed(outcome, worldLineWords, incidentCode, now);
    }

    synchronized List<StandIn.TerminalState> terminals() {
        List<StandIn.TerminalState> states = new ArrayList<>();
        seen.forEach((id, brand) -> states.add(new StandIn.TerminalState(
                id, brand, running.getOrDefault(id, Set.of()).size(), ctmps.getOrDefault(id, 0L))));
        return states;
    }

    synchronized List<Payment> payments() {
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
        ctmps.clear();
        booked.clear();
        seen.clear();
        known.forEach(terminal -> seen.put(terminal.id(), terminal.brand()));
        book.clear();
        // The sequence goes on: no id comes twice.
    }
}
