package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Pin Vandaag's REST API V1 as documented (providers/pinvandaag.md §2 to §4): {@code create} and {@code status}. The other operations of V1 have their place
 * in {@link #PATHS} and answer 501 until they are built.
 */
final class PinVandaag implements StandIn {
    static final String NAME = "pinvandaag";
    private static final String CREATE = "create";
    private static final String STATUS = "status";

    private static final Map<String, String> PATHS = Map.of(
            "/V1/instore/transactions/create", CREATE,
            "/V1/instore/transactions/status", STATUS,
            "/V1/instore/terminal/cancel", "cancel",
            "/V1/instore/transactions/refund", "refund",
            "/V1/instore/transactions/mailreceipt", "mailreceipt",
            "/V1/instore/terminal/ctmp", "ctmp",
            "/V1/instore/transactions/date", "date",
            "/V1/instore/transactions/getLatestTransaction", "getLatestTransaction");

    /** Integer cents; the vendor documents no bounds. */
    private static final Pattern AMOUNT = Pattern.compile("[1-9][0-9]{0,11}");

    private final Vertx vertx;
    private final Clock clock;
    private final Duration customerDelay;
    private final boolean anyTerminal;
    private final boolean testAmounts;
    private final PinVandaagChoices choices;
    private final Map<String, SandboxTerminal> known = new HashMap<>();
    private final Book book;
    private final Calls calls;
    private final Faults faults;
    private final Holds holds;

    /** Guarded by this object, as are all maps below. */
    private long sequence;

    private final Map<String, Payment> payments = new LinkedHashMap<>();
    private final Map<String, Set<String>> running = new TreeMap<>();
    private final Map<String, Brand> seen = new TreeMap<>();
    private final Set<String> charged = new HashSet<>();

    PinVandaag(Vertx vertx, SandboxOptions options, Book book, Calls calls, Faults faults, Holds holds) {
        this.vertx = vertx;
        this.clock = options.clock();
        this.customerDelay = options.customerDelay();
        this.anyTerminal = options.anyTerminal();
        this.testAmounts = options.testAmounts();
        this.choices = options.choices();
        this.book = book;
        this.calls = calls;
        this.faults = faults;
        this.holds = holds;
        options.terminals().forEach(terminal -> {
            known.put(terminal.id(), terminal);
            seen.put(terminal.id(), terminal.brand());
        });
        // Two digits more than in the samples, so that a restarted sandbox does not hand out the ids of its last run
        // again.
        this.sequence = 100_000_000 + Math.floorMod(clock.instant().getEpochSecond() * 1_000, 900_000_000L);
    }

    static Set<String> knownOperations() {
        return Set.copyOf(PATHS.values());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String prefix() {
        return "/V1/";
    }

    @Override
    public Set<String> operations() {
        return knownOperations();
    }

    @Override
    public void handle(HttpServerRequest request) {
        String operation = PATHS.get(request.path());
        if (operation == null || !request.method().equals(HttpMethod.POST)) {
            Line line = open(request, operation == null ? request.path() : operation, Map.of());
            line.deliver(
                    operation == null
                            ? json(404, PinVandaagText.error("no such operation"), "404")
                            : json(405, PinVandaagText.error("POST only"), "405"));
            return;
        }
        try {
            request.setExpectMultipart(true);
        } catch (IllegalStateException noForm) {
            // No form, no fields: the answer below says that they are required, once the body has gone by.
            request.setExpectMultipart(false);
        }
        boolean[] read = {false};
        request.exceptionHandler(broken -> {
            if (!read[0]) {
                read[0] = true;
                open(request, operation, Map.of())
                        .deliver(json(
                                choices.badRequest(),
                                PinVandaagText.error("unreadable form"),
                                "the request was not read to its end"));
            }
        });
        request.endHandler(whole -> {
            if (!read[0]) {
                read[0] = true;
                // Names count as written, and the last one of several counts, as in PHP.
                Map<String, String> form = new HashMap<>();
                request.formAttributes().forEach(field -> form.put(field.getKey(), field.getValue()));
                answer(operation, form, open(request, operation, form));
            }
        });
    }

    private Line open(HttpServerRequest request, String operation, Map<String, String> form) {
        long call = calls.open(
                NAME,
                operation,
                form.get("terminalId"),
                form.get("ownReference"),
                form.get("transactionId"),
                clock.instant());
        return new Line(vertx, request, calls, holds, call);
    }

    private void answer(String operation, Map<String, String> form, Line line) {
        String terminalId = form.getOrDefault("terminalId", "");
        String key = form.getOrDefault("key", "");
        if (terminalId.isEmpty() || key.isEmpty()) {
            line.deliver(refusal(choices.badRequest(), "terminalId and key are required"));
            return;
        }
        SandboxTerminal terminal = known.get(terminalId);
        if (terminal == null && !anyTerminal) {
            line.deliver(refusal(choices.unknownTerminal(), "unknown terminal"));
            return;
        }
        if (terminal != null && !terminal.key().equals(key)) {
            line.deliver(refusal(choices.wrongKey(), "wrong key"));
            return;
        }
        Brand brand = terminal == null ? brandOfUnknown(terminalId) : terminal.brand();
        switch (operation) {
            case CREATE -> create(terminalId, brand, form, line);
            case STATUS -> status(terminalId, form, line);
            default -> line.deliver(refusal(501, "the sandbox does not simulate " + operation + " yet"));
        }
    }

    private void create(String terminal, Brand brand, Map<String, String> form, Line line) {
        String cents = form.getOrDefault("amount", "");
        if (!AMOUNT.matcher(cents).matches()) {
            line.deliver(refusal(choices.badRequest(), "amount must be a positive whole number of cents"));
            return;
        }
        long amount = Long.parseLong(cents);
        String reference = form.get("ownReference");
        Fault byAmount = testAmounts ? TestAmounts.of(amount) : null;
        Fault fault = faults.takeAnswer(CREATE, terminal, reference);
        if (fault == null && byAmount != null && byAmount.scriptsAnswer()) {
            fault = byAmount;
        }
        boolean act = fault == null || (fault.act() && !(fault.answer() instanceof Answer.Busy));
        Payment payment = null;
        if (act) {
            payment = start(terminal, brand, amount, form, fault, byAmount);
            if (payment == null) {
                deliver(line, fault, refused(fault, busy()));
                return;
            }
            line.about(payment.id(), null);
        }
        ObjectNode documented = PinVandaagText.create(
                payment == null ? draft(terminal, brand, amount, form, Outcome.NEVER_ENDS) : payment,
                choices.paymentUrlAtCreate());
        deliver(line, fault, shape(fault, documented, act));
    }

    private void status(String terminal, Map<String, String> form, Line line) {
        String id = form.getOrDefault("transactionId", "");
        if (id.isEmpty()) {
            line.deliver(refusal(choices.badRequest(), "transactionId is required"));
            return;
        }
        Payment payment = find(id, terminal);
        String reference = payment == null ? null : payment.ownReference();
        line.about(null, reference);
        Fault fault = faults.takeAnswer(STATUS, terminal, reference);
        deliver(
                line,
                fault,
                payment == null
                        ? refused(fault, notFound())
                        : shape(fault, PinVandaagText.status(payment), fault == null || fault.act()));
    }

    private static void deliver(Line line, @Nullable Fault fault, Delivery delivery) {
        line.deliver(delivery, fault == null ? Duration.ZERO : fault.late(), fault != null && fault.hold());
    }

    /** A refusal of the sandbox's own, unless the script replaces every answer. */
    private Delivery refused(@Nullable Fault fault, Delivery refusal) {
        Answer answer = fault == null ? null : fault.answer();
        return answer instanceof Answer.Never
                        || answer instanceof Answer.Broken
                        || answer instanceof Answer.Http
                        || answer instanceof Answer.Empty
                        || answer instanceof Answer.NotJson
                ? shape(fault, PinVandaagText.error("refused"), false)
                : refusal;
    }

    /** The documented answer as the script wants it. */
    private Delivery shape(@Nullable Fault fault, ObjectNode documented, boolean acted) {
        String when = acted ? " after acting" : " without acting";
        String word = documented.path("status").asText();
        Answer answer = fault == null || fault.answer() == null ? new Answer.Documented() : fault.answer();
        if (answer instanceof Answer.Documented) {
            return acted ? json(200, documented, "200 " + word) : new Delivery.Closed("closed without acting");
        } else if (answer instanceof Answer.Never) {
            return new Delivery.Silence("never answered" + when);
        } else if (answer instanceof Answer.Broken) {
            return new Delivery.Closed("closed" + when);
        } else if (answer instanceof Answer.Http http) {
            String body = http.body();
            return body == null
                    ? new Delivery.Whole(http.status(), "text/html", page(http.status()), http.status() + when)
                    : new Delivery.Whole(http.status(), "application/json", body, http.status() + when);
        } else if (answer instanceof Answer.Truncated truncated) {
            String body = documented.toString();
            return truncated.broken()
                    ? new Delivery.Cut(200, "application/json", body, "200 cut off" + when)
                    : new Delivery.Whole(
                            200, "application/json", body.substring(0, body.length() / 2), "200 truncated" + when);
        } else if (answer instanceof Answer.Empty) {
            return new Delivery.Whole(200, "application/json", "", "200 empty" + when);
        } else if (answer instanceof Answer.NotJson) {
            return new Delivery.Whole(200, "text/html", page(200), "200 not JSON" + when);
        } else if (answer instanceof Answer.WrongAmount wrong) {
            return json(200, documented.put("amount", wrong.amount()), "200 " + word + ", wrong amount" + when);
        } else if (answer instanceof Answer.StatusWord other) {
            return json(200, documented.put("status", other.word()), "200 " + other.word() + when);
        } else if (answer instanceof Answer.NoTransactionId) {
            documented.remove("transactionId");
            return json(200, documented, "200 " + word + ", no transactionId" + when);
        } else if (answer instanceof Answer.NotFound) {
            return notFound();
        }
        return busy();
    }

    /** A new payment, or null when the terminal is busy. */
    private synchronized @Nullable Payment start(
            String terminal,
            Brand brand,
            long amount,
            Map<String, String> form,
            @Nullable Fault answering,
            @Nullable Fault byAmount) {
        seen.putIfAbsent(terminal, brand);
        Set<String> here = running.computeIfAbsent(terminal, first -> new HashSet<>());
        if (!here.isEmpty() && !choices.startBesides()) {
            return null;
        }
        Fault script = answering != null && answering.scriptsOutcome()
                ? answering
                : faults.takeOutcome(CREATE, terminal, form.get("ownReference"));
        if (script == null) {
            script = byAmount;
        }
        Outcome plan = script == null || script.outcome() == null ? Outcome.PAID : script.outcome();
        Duration delay = script == null || script.customerDelay() == null ? customerDelay : script.customerDelay();
        Payment payment = draft(terminal, brand, amount, form, plan);
        payments.put(payment.id(), payment);
        here.add(payment.id());
        if (plan != Outcome.NEVER_ENDS) {
            vertx.setTimer(Math.max(1, delay.toMillis()), customer -> decide(payment.id(), plan));
        }
        return payment;
    }

    private synchronized Payment draft(
            String terminal, Brand brand, long amount, Map<String, String> form, Outcome plan) {
        sequence += 1;
        Instant now = clock.instant();
        return new Payment(
                PinVandaagText.transactionId(brand, sequence, now),
                sequence,
                terminal,
                brand,
                amount,
                form.get("ownReference"),
                form.get("callbackUrl"),
                form.get("returnUrl"),
                now,
                plan,
                Payment.STARTED,
                null,
                null,
                null);
    }

    private synchronized @Nullable Payment find(String id, String terminal) {
        Payment payment = payments.get(id);
        return payment == null || !payment.terminal().equals(terminal) ? null : payment;
    }

    /** The customer does as planned, unless something else has happened to the payment since. */
    private synchronized void decide(String id, Outcome plan) {
        Payment payment = payments.get(id);
        if (payment != null && payment.running() && payment.plan() == plan) {
            settle(payment, plan);
        }
    }

    @Override
    public synchronized boolean act(String transactionId, Outcome outcome) {
        Payment payment = payments.get(transactionId);
        if (payment == null) {
            return false;
        }
        settle(payment, outcome);
        return true;
    }

    private synchronized void settle(Payment payment, Outcome outcome) {
        Instant now = clock.instant();
        boolean ccv = payment.brand() == Brand.CCV;
        Payment next =
                switch (outcome) {
                    case PAID -> payment.paid(now);
                    case DECLINED ->
                        ccv
                                ? payment.failed(outcome, "card_refused", null, now)
                                : payment.failed(outcome, "Host Cancellation", "2631", now);
                    case CANCELLED_AT_TERMINAL ->
                        ccv
                                ? payment.failed(outcome, "cancelled", null, now)
                                : payment.failed(outcome, "User Cancellation", "2629", now);
                    case TIMED_OUT ->
                        ccv
                                ? payment.failed(outcome, "expired", null, now)
                                : payment.failed(outcome, "Timeout Expiration", "1803", now);
                    case PROCESSING_ERROR ->
                        ccv
                                ? payment.failed(outcome, "processing_error", null, now)
                                : payment.failed(outcome, "Technical Problem", "1811", now);
                    case NEVER_ENDS -> payment.planned(outcome);
                };
        payments.put(next.id(), next);
        if (!next.running()) {
            Objects.requireNonNull(running.get(next.terminal())).remove(next.id());
        }
        if (outcome == Outcome.PAID && charged.add(next.id())) {
            book.add(new Charge(
                    NAME, next.terminal(), next.id(), next.ownReference(), next.amount(), Charge.PAYMENT, now));
        }
    }

    @Override
    public synchronized List<TerminalState> terminals() {
        List<TerminalState> states = new ArrayList<>();
        seen.forEach((id, brand) -> states.add(
                new TerminalState(id, brand, running.getOrDefault(id, Set.of()).size())));
        return states;
    }

    @Override
    public synchronized List<Payment> payments() {
        return List.copyOf(payments.values());
    }

    @Override
    public synchronized void reset() {
        payments.clear();
        running.clear();
        charged.clear();
        seen.clear();
        known.values().forEach(terminal -> seen.put(terminal.id(), terminal.brand()));
        book.clear();
        // The sequence goes on: no id comes twice.
    }

    /** A convenience of the sandbox alone: the samples' CCV terminals have nine digits. */
    private static Brand brandOfUnknown(String terminal) {
        return terminal.matches("[0-9]{9}") ? Brand.CCV : Brand.WORLDLINE;
    }

    private Delivery busy() {
        return refusal(choices.busy(), "terminal is busy");
    }

    private Delivery notFound() {
        return json(
                choices.unknownTransaction(), PinVandaagText.notFound(), choices.unknownTransaction() + " not_found");
    }

    private static Delivery refusal(int status, String why) {
        return json(status, PinVandaagText.error(why), status + " " + why);
    }

    private static Delivery json(int status, ObjectNode body, String told) {
        return new Delivery.Whole(status, "application/json", body.toString(), told);
    }

    private static String page(int status) {
        return "<html><head><title>" + status + "</title></head><body><h1>" + status + "</h1></body></html>";
    }
}
