package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Pin Vandaag's REST API V1 as documented (providers/pinvandaag.md §2 to §7). Parameters and answer of {@code terminal/status} are documented nowhere, so that there is no such path here.
 */
final class PinVandaag extends FloorStandIn<PinVandaagOwn> {
    static final String NAME = "pinvandaag";
    private static final Operation CREATE = Operation.starting("create");
    private static final Operation STATUS = Operation.telling("status");
    private static final Operation CANCEL = Operation.ending("cancel");
    private static final Operation REFUND = Operation.starting("refund");
    private static final Operation MAIL_RECEIPT = Operation.other("mailreceipt");
    private static final Operation CTMP = Operation.other("ctmp");
    private static final Operation LATEST = Operation.telling("getLatestTransaction");
    private static final Operation DATE = Operation.other("date");

    private static final Map<String, Operation> PATHS = Map.of(
            "/V1/instore/transactions/create", CREATE,
            "/V1/instore/transactions/status", STATUS,
            "/V1/instore/terminal/cancel", CANCEL,
            "/V1/instore/transactions/refund", REFUND,
            "/V1/instore/transactions/mailreceipt", MAIL_RECEIPT,
            "/V1/instore/terminal/ctmp", CTMP,
            "/V1/instore/transactions/date", DATE,
            "/V1/instore/transactions/getLatestTransaction", LATEST);

    /** Integer cents; the vendor documents no bounds. */
    private static final Pattern AMOUNT = Pattern.compile("[1-9][0-9]{0,11}");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final boolean anyTerminal;
    private final boolean paymentUrlAtCreate;
    private final Map<String, SandboxTerminal> known = new HashMap<>();
    private final PinVandaagAnswers answers;
    private final Days days;

    /** Terminals that it was started with or has seen; guarded by this object, as is all below. */
    private final TreeMap<String, Brand> seen = new TreeMap<>();

    private final Map<String, Long> ctmps = new HashMap<>();

    PinVandaag(Room room, Days days) {
        this(room, days, new PinVandaagAnswers(room.options().choices()));
    }

    private PinVandaag(Room room, Days days, PinVandaagAnswers answers) {
        super(
                room,
                NAME,
                new PinVandaagHouse(NAME, room.webhooks()),
                answers,
                room.options().choices().startBesides());
        this.days = days;
        this.answers = answers;
        this.anyTerminal = room.options().anyTerminal();
        this.paymentUrlAtCreate = room.options().choices().paymentUrlAtCreate();
        room.options().terminals().forEach(terminal -> {
            known.put(terminal.id(), terminal);
            seen.put(terminal.id(), terminal.brand());
        });
    }

    @Override
    public String prefix() {
        return "/V1/";
    }

    @Override
    public Set<Operation> operations() {
        return Set.copyOf(PATHS.values());
    }

    @Override
    public void handle(HttpServerRequest request) {
        Operation operation = PATHS.get(request.path());
        if (operation == null || !request.method().equals(HttpMethod.POST)) {
            Line line = open(request, operation == null ? request.path() : operation.name(), Map.of());
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
                open(request, operation.name(), Map.of()).deliver(answers.unreadable());
            }
        });
        request.endHandler(whole -> {
            if (!read[0]) {
                read[0] = true;
                // Names count as written, and the last one of several counts, as in PHP.
                Map<String, String> form = new HashMap<>();
                request.formAttributes().forEach(field -> form.put(field.getKey(), field.getValue()));
                answer(operation, form, open(request, operation.name(), form));
            }
        });
    }

    private Line open(HttpServerRequest request, String operation, Map<String, String> form) {
        return open(
                request,
                null,
                operation,
                null,
                form.get("terminalId"),
                form.get("ownReference"),
                form.get("transactionId"));
    }

    private static Asked asked(Operation operation, String terminal, @Nullable String reference) {
        return new Asked(NAME, null, operation, terminal, reference);
    }

    private void answer(Operation operation, Map<String, String> form, Line line) {
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
        if (operation.equals(CREATE)) {
            create(terminalId, brand, form, line);
        } else if (operation.equals(REFUND)) {
            refund(terminalId, brand, form, line);
        } else if (operation.equals(STATUS)) {
            status(terminalId, form, line);
        } else if (operation.equals(LATEST)) {
            latest(terminalId, line);
        } else if (operation.equals(CANCEL)) {
            cancel(terminalId, line);
        } else if (operation.equals(MAIL_RECEIPT)) {
            mailReceipt(terminalId, form, line);
        } else if (operation.equals(CTMP)) {
            ctmp(terminalId, brand, line);
        } else {
            date(terminalId, form, line);
        }
    }

    private void create(String terminal, Brand brand, Map<String, String> form, Line line) {
        Floor.Wish<PinVandaagOwn> wish = new Floor.Wish<>(
                Charge.PAYMENT,
                terminal,
                cents(form),
                form.get("ownReference"),
                PinVandaagOwn.started(brand, form.get("callbackUrl")));
        start(CREATE, wish, line, payment -> PinVandaagText.create(payment, paymentUrlAtCreate));
    }

    /** A reference or a webhook is documented for no refund: what a caller sends of it goes unheard. */
    private void refund(String terminal, Brand brand, Map<String, String> form, Line line) {
        if (brand != Brand.WORLDLINE) {
            line.deliver(answers.badRequest("refund is for WorldLine terminals"));
            return;
        }
        start(
                REFUND,
                new Floor.Wish<>(Charge.REFUND, terminal, cents(form), null, PinVandaagOwn.started(brand, null)),
                line,
                PinVandaagText::refund);
    }

    private void start(
            Operation operation,
            Floor.Wish<PinVandaagOwn> wish,
            Line line,
            Function<Payment<PinVandaagOwn>, ObjectNode> documented) {
        if (wish.amount() == 0) {
            line.deliver(answers.badRequest("amount must be a positive whole number of cents"));
            return;
        }
        see(wish.terminal(), wish.own().brand());
        start(
                asked(operation, wish.terminal(), wish.ownReference()),
                wish,
                line,
                200,
                payment -> told(payment, documented));
    }

    /** With the values that a script wants. */
    private static ObjectNode told(
            Payment<PinVandaagOwn> payment, Function<Payment<PinVandaagOwn>, ObjectNode> documented) {
        return Fields.put(documented.apply(payment), payment.fields());
    }

    private @Nullable Payment<PinVandaagOwn> find(String id, String terminal) {
        Payment<PinVandaagOwn> payment = floor.find(id);
        return payment == null || !payment.terminal().equals(terminal) ? null : payment;
    }

    private void status(String terminal, Map<String, String> form, Line line) {
        String id = form.getOrDefault("transactionId", "");
        if (id.isEmpty()) {
            line.deliver(answers.badRequest("transactionId is required"));
            return;
        }
        Payment<PinVandaagOwn> about = find(id, terminal);
        String reference = about == null ? null : about.ownReference();
        line.about(null, reference);
        Fault fault = room.faults().takeAnswer(asked(STATUS, terminal, reference));
        work(fault, line, () -> {
            Payment<PinVandaagOwn> payment = find(id, terminal);
            return payment == null
                    ? answers.refused(fault, answers.notFound())
                    : answers.shape(fault, 200, told(payment, PinVandaagText::status), fault == null || fault.act());
        });
    }

    private void latest(String terminal, Line line) {
        Payment<PinVandaagOwn> about = floor.latest(terminal);
        Fault fault = room.faults().takeAnswer(asked(LATEST, terminal, about == null ? null : about.ownReference()));
        work(fault, line, () -> {
            Payment<PinVandaagOwn> payment = floor.latest(terminal);
            if (payment == null) {
                return answers.refused(fault, answers.notFound());
            }
            line.about(payment.id(), payment.ownReference());
            return answers.shape(fault, 200, PinVandaagText.latest(payment), fault == null || fault.act());
        });
    }

    /** It names no transaction: whatever runs on the terminal when it acts is hit. With nothing running it answers the same. */
    private void cancel(String terminal, Line line) {
        Fault fault = room.faults().takeAnswer(asked(CANCEL, terminal, referenceOn(terminal)));
        work(fault, line, () -> {
            boolean act = acts(fault);
            if (act) {
                Ending ending = ending(asked(CANCEL, terminal, referenceOn(terminal)), fault);
                floor.end(terminal, ending).forEach(hit -> line.about(hit.id(), hit.ownReference()));
            }
            return answers.shape(fault, 200, PinVandaagText.cancelled(), act);
        });
    }

    private @Nullable String referenceOn(String terminal) {
        List<Payment<PinVandaagOwn>> running = floor.runningOn(terminal);
        return running.isEmpty() ? null : running.get(0).ownReference();
    }

    private void mailReceipt(String terminal, Map<String, String> form, Line line) {
        String id = form.getOrDefault("transactionId", "");
        String to = form.getOrDefault("recipientEmail", "");
        if (id.isEmpty() || to.isEmpty()) {
            line.deliver(answers.badRequest("transactionId and recipientEmail are required"));
            return;
        }
        Payment<PinVandaagOwn> payment = find(id, terminal);
        if (payment == null) {
            line.deliver(answers.notFound());
            return;
        }
        line.about(null, payment.ownReference());
        if (!payment.own().status().equals(PinVandaagText.SUCCESS)) {
            line.deliver(answers.badRequest("only a successful transaction has a receipt"));
            return;
        }
        Fault fault = room.faults().takeAnswer(asked(MAIL_RECEIPT, terminal, payment.ownReference()));
        work(fault, line, () -> {
            boolean act = acts(fault);
            if (act) {
                room.outbox()
                        .add(new Mail(
                                NAME,
                                terminal,
                                id,
                                to,
                                form.get("recipientName"),
                                form.get("mailSubject"),
                                form.get("mailBody"),
                                clock.instant()));
            }
            return answers.shape(fault, 200, PinVandaagText.mailed(to), act);
        });
    }

    private void ctmp(String terminal, Brand brand, Line line) {
        Fault fault = room.faults().takeAnswer(asked(CTMP, terminal, null));
        work(fault, line, () -> {
            boolean act = acts(fault);
            if (act) {
                synchronized (this) {
                    see(terminal, brand);
                    ctmps.merge(terminal, 1L, Long::sum);
                }
            }
            return answers.shape(fault, 200, PinVandaagText.ctmp(), act);
        });
    }

    /** The list of a terminal's transactions; which shape it has is documented nowhere. */
    private void date(String terminal, Map<String, String> form, Line line) {
        LocalDate from;
        LocalDate to;
        int page;
        try {
            from = LocalDate.parse(form.getOrDefault("from", ""));
            to = LocalDate.parse(form.getOrDefault("to", ""));
            page = Integer.parseInt(form.getOrDefault("page", "1"));
        } catch (DateTimeParseException | NumberFormatException wrong) {
            line.deliver(answers.badRequest("from and to are days, page is a number"));
            return;
        }
        if (page < 1) {
            line.deliver(answers.badRequest("pages count from 1"));
            return;
        }
        Fault fault = room.faults().takeAnswer(asked(DATE, terminal, null));
        work(fault, line, () -> {
            List<ObjectNode> ran = floor.payments().stream()
                    .filter(payment -> payment.terminal().equals(terminal))
                    .map(PinVandaagText::listed)
                    .toList();
            JsonNode list = days.page(terminal, from, to, page, ran);
            String told = "200 page " + page;
            if (fault == null || fault.answer() == null) {
                return acts(fault)
                        ? new Delivery.Whole(200, "application/json", list.toString(), told)
                        : new Delivery.Closed("closed without acting");
            }
            ObjectNode documented = list instanceof ObjectNode object
                    ? object
                    : JSON.createObjectNode().set("data", list);
            return answers.shape(fault, 200, documented, true);
        });
    }

    /** The amount in minor units; 0 where it is no positive whole number. */
    private static long cents(Map<String, String> form) {
        String cents = form.getOrDefault("amount", "");
        return AMOUNT.matcher(cents).matches() ? Long.parseLong(cents) : 0;
    }

    private synchronized void see(String terminal, Brand brand) {
        seen.putIfAbsent(terminal, brand);
    }

    @Override
    public synchronized List<TerminalState> terminals() {
        List<TerminalState> states = new ArrayList<>();
        seen.forEach((id, brand) ->
                states.add(new TerminalState(id, brand.name(), floor.busy(id), ctmps.getOrDefault(id, 0L))));
        return states;
    }

    @Override
    public void reset() {
        super.reset();
        synchronized (this) {
            ctmps.clear();
            seen.clear();
            known.values().forEach(terminal -> seen.put(terminal.id(), terminal.brand()));
        }
    }

    /** A convenience of the sandbox alone: the samples' CCV terminals have nine digits. */
    static Brand brandOfUnknown(String terminal) {
        return terminal.matches("[0-9]{9}") ? Brand.CCV : Brand.WORLDLINE;
    }
}
