package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Pin Vandaag's REST API V1 as documented (providers/pinvandaag.md §2 to §7): all operations but {@code date}, which has its place in {@link #PATHS} and
 * answers 501 until it is built. Parameters and answer of {@code terminal/status} are documented nowhere, so that there is no such path here.
 */
final class PinVandaag implements StandIn {
    static final String NAME = "pinvandaag";
    private static final String CREATE = "create";
    private static final String STATUS = "status";
    private static final String CANCEL = "cancel";
    private static final String REFUND = "refund";
    private static final String MAIL_RECEIPT = "mailreceipt";
    private static final String CTMP = "ctmp";
    private static final String LATEST = "getLatestTransaction";

    private static final Map<String, String> PATHS = Map.of(
            "/V1/instore/transactions/create", CREATE,
            "/V1/instore/transactions/status", STATUS,
            "/V1/instore/terminal/cancel", CANCEL,
            "/V1/instore/transactions/refund", REFUND,
            "/V1/instore/transactions/mailreceipt", MAIL_RECEIPT,
            "/V1/instore/terminal/ctmp", CTMP,
            "/V1/instore/transactions/date", "date",
            "/V1/instore/transactions/getLatestTransaction", LATEST);

    /** Integer cents; the vendor documents no bounds. */
    private static final Pattern AMOUNT = Pattern.compile("[1-9][0-9]{0,11}");

    private final Vertx vertx;
    private final Clock clock;
    private final boolean anyTerminal;
    private final boolean testAmounts;
    private final boolean paymentUrlAtCreate;
    private final Map<String, SandboxTerminal> known = new HashMap<>();
    private final Calls calls;
    private final Outbox outbox;
    private final Faults faults;
    private final Holds holds;
    private final PinVandaagFloor floor;
    private final PinVandaagAnswers answers;

    PinVandaag(
            Vertx vertx,
            SandboxOptions options,
            Book book,
            Calls calls,
            Outbox outbox,
            Faults faults,
            Holds holds,
            Webhooks webhooks) {
        this.vertx = vertx;
        this.clock = options.clock();
        this.anyTerminal = options.anyTerminal();
        this.testAmounts = options.testAmounts();
        this.paymentUrlAtCreate = options.choices().paymentUrlAtCreate();
        this.calls = calls;
        this.outbox = outbox;
        this.faults = faults;
        this.holds = holds;
        this.floor = new PinVandaagFloor(vertx, options, book, faults, webhooks);
        this.answers = new PinVandaagAnswers(options.choices());
        options.terminals().forEach(terminal -> known.put(terminal.id(), terminal));
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
                            ? PinVandaagAnswers.refusal(404, "no such operation")
                            : PinVandaagAnswers.refusal(405, "POST only"));
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
                open(request, operation, Map.of()).deliver(answers.unreadable());
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
            line.deliver(answers.badRequest("terminalId and key are required"));
            return;
        }
        SandboxTerminal terminal = known.get(terminalId);
        if (terminal == null && !anyTerminal) {
            line.deliver(answers.unknownTerminal());
            return;
        }
        if (terminal != null && !terminal.key().equals(key)) {
            line.deliver(answers.wrongKey());
            return;
        }
        Brand brand = terminal == null ? brandOfUnknown(terminalId) : terminal.brand();
        switch (operation) {
            case CREATE -> create(terminalId, brand, form, line);
            case REFUND -> refund(terminalId, brand, form, line);
            case STATUS -> status(terminalId, form, line);
            case LATEST -> latest(terminalId, line);
            case CANCEL -> cancel(terminalId, line);
            case MAIL_RECEIPT -> mailReceipt(terminalId, form, line);
            case CTMP -> ctmp(terminalId, brand, line);
            default ->
                line.deliver(PinVandaagAnswers.refusal(501, "the sandbox does not simulate " + operation + " yet"));
        }
    }

    private void create(String terminal, Brand brand, Map<String, String> form, Line line) {
        start(
                CREATE,
                new PinVandaagFloor.Wish(
                        Charge.PAYMENT,
                        terminal,
                        brand,
                        cents(form),
                        form.get("ownReference"),
                        form.get("callbackUrl"),
                        form.get("returnUrl")),
                line,
                payment -> PinVandaagText.create(payment, paymentUrlAtCreate));
    }

    /** A reference or a webhook is documented for no refund: what a caller sends of it goes unheard. */
    private void refund(String terminal, Brand brand, Map<String, String> form, Line line) {
        if (brand != Brand.WORLDLINE) {
            line.deliver(answers.badRequest("refund is for WorldLine terminals"));
            return;
        }
        start(
                REFUND,
                new PinVandaagFloor.Wish(Charge.REFUND, terminal, brand, cents(form), null, null, null),
                line,
                PinVandaagText::refund);
    }

    private void start(
            String operation, PinVandaagFloor.Wish wish, Line line, Function<Payment, ObjectNode> documented) {
        if (wish.amount() == 0) {
            line.deliver(answers.badRequest("amount must be a positive whole number of cents"));
            return;
        }
        Fault byAmount = testAmounts ? TestAmounts.of(wish.amount()) : null;
        Fault script = faults.takeAnswer(operation, wish.terminal(), wish.ownReference());
        Fault fault = script == null && byAmount != null && byAmount.scriptsAnswer() ? byAmount : script;
        work(fault, line, () -> {
            Payment payment = null;
            if (acts(fault)) {
                payment = floor.start(operation, wish, fault, byAmount);
                if (payment == null) {
                    return answers.refused(fault, answers.busy());
                }
                line.about(payment.id(), null);
            }
            return answers.shape(
                    fault, documented.apply(payment == null ? floor.draft(wish) : payment), payment != null);
        });
    }

    private void status(String terminal, Map<String, String> form, Line line) {
        String id = form.getOrDefault("transactionId", "");
        if (id.isEmpty()) {
            line.deliver(answers.badRequest("transactionId is required"));
            return;
        }
        Payment asked = floor.find(id, terminal);
        String reference = asked == null ? null : asked.ownReference();
        line.about(null, reference);
        Fault fault = faults.takeAnswer(STATUS, terminal, reference);
        work(fault, line, () -> {
            Payment payment = floor.find(id, terminal);
            return payment == null
                    ? answers.refused(fault, answers.notFound())
                    : answers.shape(fault, PinVandaagText.status(payment), fault == null || fault.act());
        });
    }

    private void latest(String terminal, Line line) {
        Payment asked = floor.latest(terminal);
        Fault fault = faults.takeAnswer(LATEST, terminal, asked == null ? null : asked.ownReference());
        work(fault, line, () -> {
            Payment payment = floor.latest(terminal);
            if (payment == null) {
                return answers.refused(fault, answers.notFound());
            }
            line.about(payment.id(), payment.ownReference());
            return answers.shape(fault, PinVandaagText.latest(payment), fault == null || fault.act());
        });
    }

    /** It names no transaction: whatever runs on the terminal when it acts is hit. With nothing running it answers the same. */
    private void cancel(String terminal, Line line) {
        Fault fault = faults.takeAnswer(CANCEL, terminal, referenceOn(terminal));
        work(fault, line, () -> {
            boolean act = acts(fault);
            if (act) {
                Fault script = fault != null && fault.scriptsOutcome() && CANCEL.equals(fault.operation())
                        ? fault
                        : faults.takeOutcome(CANCEL, terminal, referenceOn(terminal));
                Outcome outcome =
                        script == null || script.outcome() == null ? Outcome.CANCELLED_BY_TILL : script.outcome();
                floor.end(terminal, outcome).forEach(hit -> line.about(hit.id(), hit.ownReference()));
            }
            return answers.shape(fault, PinVandaagText.cancelled(), act);
        });
    }

    private @Nullable String referenceOn(String terminal) {
        List<Payment> running = floor.runningOn(terminal);
        return running.isEmpty() ? null : running.get(0).ownReference();
    }

    private void mailReceipt(String terminal, Map<String, String> form, Line line) {
        String id = form.getOrDefault("transactionId", "");
        String to = form.getOrDefault("recipientEmail", "");
        if (id.isEmpty() || to.isEmpty()) {
            line.deliver(answers.badRequest("transactionId and recipientEmail are required"));
            return;
        }
        Payment payment = floor.find(id, terminal);
        if (payment == null) {
            line.deliver(answers.notFound());
            return;
        }
        line.about(null, payment.ownReference());
        if (!payment.status().equals(Payment.SUCCESS)) {
            line.deliver(answers.badRequest("only a successful transaction has a receipt"));
            return;
        }
        Fault fault = faults.takeAnswer(MAIL_RECEIPT, terminal, payment.ownReference());
        work(fault, line, () -> {
            boolean act = acts(fault);
            if (act) {
                outbox.add(new Mail(
                        NAME,
                        terminal,
                        id,
                        to,
                        form.get("recipientName"),
                        form.get("mailSubject"),
                        form.get("mailBody"),
                        clock.instant()));
            }
            return answers.shape(fault, PinVandaagText.mailed(to), act);
        });
    }

    private void ctmp(String terminal, Brand brand, Line line) {
        Fault fault = faults.takeAnswer(CTMP, terminal, null);
        work(fault, line, () -> {
            boolean act = acts(fault);
            if (act) {
                floor.ctmp(terminal, brand);
            }
            return answers.shape(fault, PinVandaagText.ctmp(), act);
        });
    }

    /** The amount in minor units; 0 where it is no positive whole number. */
    private static long cents(Map<String, String> form) {
        String cents = form.getOrDefault("amount", "");
        return AMOUNT.matcher(cents).matches() ? Long.parseLong(cents) : 0;
    }

    private static boolean acts(@Nullable Fault fault) {
        return fault == null || (fault.act() && !(fault.answer() instanceof Answer.Busy));
    }

    /** Does the work now, or as late as the script wants it, and then answers. */
    private void work(@Nullable Fault fault, Line line, Supplier<Delivery> work) {
        if (fault == null) {
            line.deliver(work.get());
        } else if (fault.actAfter().isZero()) {
            line.deliver(work.get(), fault.late(), fault.hold());
        } else {
            int life = floor.resets();
            vertx.setTimer(
                    Math.max(1, fault.actAfter().toMillis()),
                    timer -> line.deliver(
                            life == floor.resets() ? work.get() : new Delivery.Closed("closed by a reset"),
                            fault.late(),
                            fault.hold()));
        }
    }

    @Override
    public boolean act(String transactionId, Outcome outcome) {
        return floor.act(transactionId, outcome);
    }

    @Override
    public List<TerminalState> terminals() {
        return floor.terminals();
    }

    @Override
    public List<Payment> payments() {
        return floor.payments();
    }

    @Override
    public void reset() {
        floor.reset();
    }

    /** A convenience of the sandbox alone: the samples' CCV terminals have nine digits. */
    private static Brand brandOfUnknown(String terminal) {
        return terminal.matches("[0-9]{9}") ? Brand.CCV : Brand.WORLDLINE;
    }
}
