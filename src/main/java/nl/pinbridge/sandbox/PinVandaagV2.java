package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Pin Vandaag's REST API V2 as its clients call it (providers/pinvandaag.md §9), at both its hosts. It takes the terminals and keys of V1, and knows nothing of what
 * runs there.
 */
final class PinVandaagV2 extends FloorStandIn<PinVandaagOwn> {
    static final String NAME = "pinvandaag-v2";
    static final String PREFIX = "/pinvandaag-v2/";

    /** The part of the path that stands for a host, and the host. */
    static final Map<String, String> HOSTS =
            Map.of("main", "rest-api.pinvandaag.com", "backup", "api-backup.pinvandaag.com");

    private static final Operation START = Operation.starting("start");
    private static final Operation STATUS = Operation.telling("status");
    private static final Operation STOP = Operation.ending("stop");
    private static final Operation REFUND = Operation.starting("refund");
    private static final Operation LAST = Operation.telling("last_transaction");
    private static final Operation CTMP = Operation.other("ctmp");
    private static final Operation MAIL = Operation.other("mail");
    private static final Operation LIST = Operation.other("list");

    private static final String TRANSACTIONS = "/V2/instore/transactions/";
    private static final Map<String, Operation> PATHS = Map.of(
            TRANSACTIONS + "start",
            START,
            TRANSACTIONS + "status",
            STATUS,
            TRANSACTIONS + "stop",
            STOP,
            TRANSACTIONS + "refund",
            REFUND,
            TRANSACTIONS + "last_transaction",
            LAST,
            TRANSACTIONS + "ctmp",
            CTMP,
            "/V2/instore/terminal/ctmp",
            CTMP,
            TRANSACTIONS + "mail",
            MAIL);

    private static final Pattern LISTS = Pattern.compile(TRANSACTIONS + "([^/]+)/([0-9]{1,6})/([0-9]{1,6})/?");

    /** Integer cents; no bounds are known. */
    private static final Pattern AMOUNT = Pattern.compile("[1-9][0-9]{0,11}");

    private final boolean anyTerminal;
    private final PinVandaagV2Choices choices;
    private final PinVandaagV2Answers answers;
    private final Map<String, SandboxTerminal> known = new HashMap<>();

    /** Terminals that it has met; guarded by this object, as is all below. */
    private final TreeMap<String, Brand> seen = new TreeMap<>();

    private final Map<String, Long> ctmps = new HashMap<>();
    private final Map<String, Integer> stops = new HashMap<>();

    PinVandaagV2(Room room, PinVandaagV2Choices choices) {
        this(room, choices, new PinVandaagV2Answers(choices));
    }

    private PinVandaagV2(Room room, PinVandaagV2Choices choices, PinVandaagV2Answers answers) {
        super(room, NAME, new PinVandaagHouse(NAME, room.webhooks()), answers, choices.startBesides());
        this.choices = choices;
        this.answers = answers;
        this.anyTerminal = room.options().anyTerminal();
        room.options().terminals().forEach(terminal -> known.put(terminal.id(), terminal));
    }

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public Set<Operation> operations() {
        return Set.of(START, STATUS, STOP, REFUND, LAST, CTMP, MAIL, LIST);
    }

    @Override
    public void handle(HttpServerRequest request) {
        String rest = Objects.requireNonNullElse(request.path(), PREFIX).substring(PREFIX.length());
        int slash = rest.indexOf('/');
        String host = HOSTS.get(slash < 0 ? rest : rest.substring(0, slash));
        String path = slash < 0 ? "" : rest.substring(slash);
        Matcher list = LISTS.matcher(path);
        boolean lists = list.matches() && !PATHS.containsKey(path);
        Operation operation = lists ? LIST : PATHS.get(path);
        if (host == null || operation == null || !request.method().equals(lists ? HttpMethod.GET : HttpMethod.POST)) {
            open(request, host, operation == null ? path : operation.name(), null, null, null, null)
                    .deliver(
                            host == null || operation == null
                                    ? PinVandaagV2Answers.refusal(404, "no such operation")
                                    : PinVandaagV2Answers.refusal(405, "method not allowed"));
            return;
        }
        if (lists) {
            Map<String, String> asked = new HashMap<>();
            asked.put("terminal_id", list.group(1));
            asked.put("limit", list.group(2));
            asked.put("page", list.group(3));
            request.params().forEach(field -> asked.put(field.getKey(), field.getValue()));
            request.endHandler(whole -> answer(new Visit(request, host, operation, asked)));
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
                new Visit(request, host, operation, Map.of())
                        .line.deliver(PinVandaagV2Answers.refusal(400, "unreadable form"));
            }
        });
        request.endHandler(whole -> {
            if (!read[0]) {
                read[0] = true;
                // Names count as written, and the last one of several counts, as in PHP.
                Map<String, String> form = new HashMap<>();
                request.formAttributes().forEach(field -> form.put(field.getKey(), field.getValue()));
                answer(new Visit(request, host, operation, form));
            }
        });
    }

    /** One call: what was asked, and the way back. */
    private final class Visit {
        final String host;
        final Operation operation;
        final Map<String, String> fields;
        final String terminal;
        final String key;
        final Line line;

        Visit(HttpServerRequest request, String host, Operation operation, Map<String, String> fields) {
            this.host = host;
            this.operation = operation;
            this.fields = fields;
            this.terminal = fields.getOrDefault("terminal_id", "");
            this.key = Objects.requireNonNullElse(request.getHeader("X-API-KEY"), "");
            this.line = open(
                    request,
                    host,
                    operation.name(),
                    null,
                    fields.get("terminal_id"),
                    fields.get("ownReference"),
                    fields.get("transaction_id"));
        }

        Asked asked(@Nullable String reference) {
            return new Asked(NAME, host, operation, terminal, reference);
        }

        String field(String name) {
            return fields.getOrDefault(name, "");
        }
    }

    private void answer(Visit visit) {
        if (visit.key.isEmpty()) {
            visit.line.deliver(answers.wrongKey());
            return;
        }
        if (visit.terminal.isEmpty()) {
            visit.line.deliver(answers.invalid("terminal_id", "required", "terminal_id is required"));
            return;
        }
        SandboxTerminal terminal = known.get(visit.terminal);
        if (terminal == null && !anyTerminal) {
            visit.line.deliver(answers.unknownTerminal());
            return;
        }
        if (terminal != null && !terminal.key().equals(visit.key)) {
            visit.line.deliver(answers.wrongKey());
            return;
        }
        Brand brand = terminal == null ? PinVandaag.brandOfUnknown(visit.terminal) : terminal.brand();
        see(visit.terminal, brand);
        if (visit.operation.equals(START)) {
            String reference = visit.fields.get("ownReference");
            start(visit, brand, Charge.PAYMENT, reference, visit.fields.get("callbackUrl"));
        } else if (visit.operation.equals(REFUND)) {
            // No reference and no webhook is known for a refund: what a caller sends of it goes unheard.
            if (brand == Brand.WORLDLINE) {
                start(visit, brand, Charge.REFUND, null, null);
            } else {
                visit.line.deliver(answers.invalid("terminal_id", "brand", "refund is for WorldLine terminals"));
            }
        } else if (visit.operation.equals(STATUS)) {
            status(visit);
        } else if (visit.operation.equals(LAST)) {
            last(visit);
        } else if (visit.operation.equals(STOP)) {
            stop(visit, brand);
        } else if (visit.operation.equals(MAIL)) {
            mail(visit);
        } else if (visit.operation.equals(CTMP)) {
            ctmp(visit, brand);
        } else {
            list(visit);
        }
    }

    private void start(
            Visit visit, Brand brand, String type, @Nullable String ownReference, @Nullable String callbackUrl) {
        String cents = visit.field("amount");
        if (!AMOUNT.matcher(cents).matches()) {
            visit.line.deliver(answers.invalid("amount", "integer", "amount must be a positive whole number of cents"));
            return;
        }
        start(
                visit.asked(ownReference),
                new Floor.Wish<>(
                        type,
                        visit.terminal,
                        Long.parseLong(cents),
                        ownReference,
                        PinVandaagOwn.started(brand, callbackUrl)),
                visit.line,
                200,
                payment -> Fields.put(PinVandaagV2Text.started(payment), payment.fields()));
    }

    private @Nullable Payment<PinVandaagOwn> find(Visit visit) {
        Payment<PinVandaagOwn> payment = floor.find(visit.field("transaction_id"));
        return payment == null || !payment.terminal().equals(visit.terminal) ? null : payment;
    }

    private ObjectNode row(Payment<PinVandaagOwn> payment) {
        return PinVandaagV2Text.row(payment, choices, clock.instant(), stopped(payment.id()));
    }

    private void status(Visit visit) {
        if (visit.field("transaction_id").isEmpty()) {
            visit.line.deliver(answers.invalid("transaction_id", "required", "transaction_id is required"));
            return;
        }
        Payment<PinVandaagOwn> about = find(visit);
        String reference = about == null ? null : about.ownReference();
        visit.line.about(null, reference);
        Fault fault = room.faults().takeAnswer(visit.asked(reference));
        work(fault, visit.line, () -> {
            Payment<PinVandaagOwn> payment = find(visit);
            if (payment == null) {
                return answers.refused(fault, answers.notFound());
            }
            ObjectNode told = PinVandaagV2Text.status(payment, choices, clock.instant(), stopped(payment.id()));
            return answers.shape(fault, 200, Fields.put(told, payment.fields()), fault == null || fault.act());
        });
    }

    private void last(Visit visit) {
        Payment<PinVandaagOwn> about = floor.latest(visit.terminal);
        Fault fault = room.faults().takeAnswer(visit.asked(about == null ? null : about.ownReference()));
        work(fault, visit.line, () -> {
            Payment<PinVandaagOwn> payment = floor.latest(visit.terminal);
            if (payment == null) {
                return answers.refused(fault, answers.none());
            }
            visit.line.about(payment.id(), payment.ownReference());
            return answers.shape(fault, 200, row(payment), fault == null || fault.act());
        });
    }

    /** It ends the transaction that it names and no other. */
    private void stop(Visit visit, Brand brand) {
        Payment<PinVandaagOwn> about = find(visit);
        if (about == null) {
            visit.line.deliver(answers.notFound());
            return;
        }
        visit.line.about(null, about.ownReference());
        Fault fault = room.faults().takeAnswer(visit.asked(about.ownReference()));
        work(fault, visit.line, () -> {
            boolean act = acts(fault);
            Payment<PinVandaagOwn> payment = find(visit);
            if (act && payment != null) {
                if (!payment.running()) {
                    return answers.refused(fault, PinVandaagV2Answers.refusal(400, "the transaction is over"));
                }
                if (brand == Brand.CCV && count(payment.id()) > choices.stops()) {
                    return answers.refused(fault, PinVandaagV2Answers.refusal(400, "stopped too often"));
                }
                floor.act(payment.id(), ending(visit.asked(payment.ownReference()), fault));
            }
            ObjectNode told = PinVandaagV2Text.done("stopped", "transaction has been stopped");
            return fault == null || (fault.answer() == null && act)
                    ? answers.done(told, "stopped")
                    : answers.shape(fault, 200, told, act);
        });
    }

    private synchronized int count(String transaction) {
        return stops.merge(transaction, 1, Integer::sum);
    }

    private synchronized @Nullable Integer stopped(String transaction) {
        return stops.get(transaction);
    }

    private void mail(Visit visit) {
        String to = visit.field("email");
        if (to.isEmpty()) {
            visit.line.deliver(answers.invalid("email", "required", "email is required"));
            return;
        }
        Payment<PinVandaagOwn> payment = find(visit);
        if (payment == null) {
            visit.line.deliver(answers.notFound());
            return;
        }
        visit.line.about(null, payment.ownReference());
        if (!payment.own().status().equals(PinVandaagText.SUCCESS)) {
            visit.line.deliver(PinVandaagV2Answers.refusal(400, "only a successful transaction has a receipt"));
            return;
        }
        Fault fault = room.faults().takeAnswer(visit.asked(payment.ownReference()));
        work(fault, visit.line, () -> {
            boolean act = acts(fault);
            if (act) {
                room.outbox()
                        .add(new Mail(
                                NAME,
                                visit.terminal,
                                payment.id(),
                                to,
                                visit.fields.get("recipientName"),
                                visit.fields.get("mailSubject"),
                                visit.fields.get("mailBody"),
                                clock.instant()));
            }
            return answers.shape(fault, 200, PinVandaagV2Text.done("success", "mail sent to " + to), act);
        });
    }

    private void ctmp(Visit visit, Brand brand) {
        if (brand != Brand.WORLDLINE) {
            visit.line.deliver(answers.invalid("terminal_id", "brand", "ctmp is for WorldLine terminals"));
            return;
        }
        Fault fault = room.faults().takeAnswer(visit.asked(null));
        work(fault, visit.line, () -> {
            boolean act = acts(fault);
            if (act) {
                synchronized (this) {
                    ctmps.merge(visit.terminal, 1L, Long::sum);
                }
            }
            ObjectNode told = PinVandaagV2Text.done("success", "CTMP request has been sent");
            return fault == null || (fault.answer() == null && act)
                    ? answers.done(told, "ctmp")
                    : answers.shape(fault, 200, told, act);
        });
    }

    /** What was created between two seconds, both included, the newest first. */
    private void list(Visit visit) {
        int limit = Integer.parseInt(visit.field("limit"));
        int page = Integer.parseInt(visit.field("page"));
        Instant from;
        Instant to;
        try {
            from = Instant.ofEpochSecond(Long.parseLong(visit.fields.getOrDefault("datefrom", "0")));
            to = Instant.ofEpochSecond(Long.parseLong(visit.fields.getOrDefault("dateto", "99999999999")) + 1);
        } catch (NumberFormatException noNumber) {
            visit.line.deliver(answers.invalid("datefrom", "integer", "datefrom and dateto are Unix seconds"));
            return;
        }
        if (limit < 1 || limit > 100 || page < 1) {
            visit.line.deliver(answers.invalid("limit", "between", "limit is 1 to 100, pages count from 1"));
            return;
        }
        Fault fault = room.faults().takeAnswer(visit.asked(null));
        work(fault, visit.line, () -> {
            List<ObjectNode> rows = floor.payments().stream()
                    .filter(payment -> payment.terminal().equals(visit.terminal))
                    .filter(payment -> !payment.createdAt().isBefore(from)
                            && payment.createdAt().isBefore(to))
                    .sorted(Comparator.comparingLong((Payment<PinVandaagOwn> payment) -> payment.sequence())
                            .reversed())
                    .skip((page - 1L) * limit)
                    .limit(limit)
                    .map(this::row)
                    .toList();
            return answers.shape(fault, 200, PinVandaagV2Text.list(rows, limit, page), fault == null || fault.act());
        });
    }

    private synchronized void see(String terminal, Brand brand) {
        seen.putIfAbsent(terminal, brand);
    }

    /** Those that it has met: V1 shows all. */
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
            stops.clear();
        }
    }
}
