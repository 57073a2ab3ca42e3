package nl.pinbridge.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Bavindo as far as it is documented (providers/bavindo.md): payments on Adyen terminals, their details, cancel, refund, terminals and webhooks. */
final class Bavindo extends FloorStandIn<BavindoOwn> {
    static final String NAME = "bavindo";
    static final String PREFIX = "/bavindo/";

    private static final String HOST = "api.bavindo.com";

    /** The field of metadata in which a caller that wants to be found in the book puts its reference. */
    private static final String REFERENCE = "pinbridge_payment";

    private static final Operation CREATE = Operation.starting("create");
    private static final Operation STATUS = Operation.telling("status");
    private static final Operation CANCEL = Operation.ending("cancel");
    private static final Operation REFUND = Operation.other("refund");
    private static final Operation TERMINALS = Operation.other("terminals");

    private static final String PAYMENT = "/v1/payment/";
    private static final long LEAST = 35;
    private static final long LARGEST = 99_999_999_999L;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BavindoSetup setup;
    private final boolean anyTerminal;
    private final BavindoHouse house;
    private final BavindoAnswers answers;

    /** Terminals of the first store that it has met; guarded by this object. */
    private final Set<String> seen = new TreeSet<>();

    Bavindo(Room room, BavindoSetup setup) {
        this(room, setup, new BavindoHouse(setup, room.webhooks()), new BavindoAnswers(setup.choices()));
    }

    private Bavindo(Room room, BavindoSetup setup, BavindoHouse house, BavindoAnswers answers) {
        super(room, NAME, house, answers, false);
        this.setup = setup;
        this.house = house;
        this.answers = answers;
        this.anyTerminal = room.options().anyTerminal();
    }

    /** Sets the address of the webhooks, as the Customer Area does; null for none. */
    void sendTo(@Nullable String address) {
        house.sendTo(address);
    }

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public Set<Operation> operations() {
        return Set.of(CREATE, STATUS, CANCEL, REFUND, TERMINALS);
    }

    @Override
    public void handle(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            String path = Objects.requireNonNullElse(request.path(), PREFIX).substring(PREFIX.length() - 1);
            Visit visit = new Visit(request, body.toString(), store(request));
            switch (path) {
                case PAYMENT + "pos/create" -> visit.by(HttpMethod.POST, CREATE, this::create);
                case PAYMENT + "pos/cancel" -> visit.by(HttpMethod.POST, CANCEL, this::cancel);
                case PAYMENT + "pos/refund/referenced" -> visit.by(HttpMethod.POST, REFUND, this::refund);
                case "/v1/connected_terminals" -> visit.by(HttpMethod.GET, TERMINALS, this::terminals);
                default -> {
                    String id = path.startsWith(PAYMENT) ? path.substring(PAYMENT.length()) : "";
                    if (id.isEmpty() || id.contains("/")) {
                        visit.open(path, null, null).deliver(BavindoAnswers.refusal(404, "Not Found"));
                    } else {
                        visit.by(HttpMethod.GET, STATUS, each -> details(each, id));
                    }
                }
            }
        });
    }

    private BavindoSetup.@Nullable Store store(HttpServerRequest request) {
        String header = Objects.requireNonNullElse(request.getHeader(HttpHeaders.AUTHORIZATION), "");
        String key = header.startsWith("Bearer ") ? header.substring("Bearer ".length()) : "";
        return setup.stores().stream()
                .filter(known -> known.key().equals(key))
                .findFirst()
                .orElse(null);
    }

    private interface Work {
        void on(Visit visit);
    }

    /** One call: what was sent, and the way back. */
    private final class Visit {
        final HttpServerRequest request;
        final String body;
        final BavindoSetup.@Nullable Store store;

        Visit(HttpServerRequest request, String body, BavindoSetup.@Nullable Store store) {
            this.request = request;
            this.body = body;
            this.store = store;
        }

        void by(HttpMethod method, Operation operation, Work work) {
            if (!request.method().equals(method)) {
                open(operation.name(), null, null).deliver(BavindoAnswers.refusal(405, "Method Not Allowed"));
            } else if (store == null) {
                open(operation.name(), text(json(), "terminal_id"), null).deliver(answers.wrongKey());
            } else {
                work.on(this);
            }
        }

        Line open(String operation, @Nullable String terminal, @Nullable String transaction) {
            return Bavindo.this.open(
                    request,
                    HOST,
                    operation,
                    store == null ? null : store.id(),
                    terminal,
                    text(json().path("metadata"), REFERENCE),
                    transaction);
        }

        BavindoSetup.Store store() {
            return Objects.requireNonNull(store, "only a known key comes here");
        }

        /** The JSON that was sent; empty where it is none. */
        JsonNode json() {
            try {
                JsonNode read = JSON.readTree(body);
                return read.isObject() ? read : JSON.createObjectNode();
            } catch (JsonProcessingException noJson) {
                return JSON.createObjectNode();
            }
        }
    }

    private static @Nullable String text(JsonNode node, String field) {
        return node.path(field).textValue();
    }

    private static Asked asked(Operation operation, String terminal, @Nullable String reference) {
        return new Asked(NAME, HOST, operation, terminal, reference);
    }

    private void create(Visit visit) {
        JsonNode sent = visit.json();
        String terminal = text(sent, "terminal_id");
        Line line = visit.open(CREATE.name(), terminal, null);
        String pos = text(sent, "pos_id");
        JsonNode amount = sent.path("amount");
        String wrong = terminal == null
                ? "terminal_id is required"
                : pos == null
                        ? "pos_id is required"
                        : !"EUR".equals(text(sent, "currency"))
                                ? "currency must be EUR"
                                : !amount.isIntegralNumber()
                                                || amount.longValue() < LEAST
                                                || amount.longValue() > LARGEST
                                        ? "amount must be at least 35 cents"
                                        : null;
        if (terminal == null || pos == null || wrong != null) {
            line.deliver(answers.badRequest(String.valueOf(wrong)));
            return;
        }
        BavindoSetup.Store store = visit.store();
        if (!belongs(store, terminal)) {
            line.deliver(answers.otherStore("Terminal"));
            return;
        }
        see(terminal);
        JsonNode metadata = sent.path("metadata").isObject() ? sent.path("metadata") : NullNode.getInstance();
        String reference = text(metadata, REFERENCE);
        start(
                asked(CREATE, terminal, reference),
                new Floor.Wish<>(
                        Charge.PAYMENT,
                        terminal,
                        amount.longValue(),
                        reference,
                        new BavindoOwn(
                                store,
                                pos,
                                metadata,
                                text(sent, "synchronous_method"),
                                BavindoOwn.RUNNING,
                                null,
                                amount.longValue(),
                                0,
                                clock.instant(),
                                null)),
                line,
                setup.choices().created(),
                payment -> Fields.put(BavindoText.created(payment), payment.fields()));
    }

    private boolean belongs(BavindoSetup.Store store, String terminal) {
        if (store.terminals().contains(terminal)) {
            return true;
        }
        return anyTerminal
                && store.equals(setup.store())
                && BavindoSetup.wellFormed(terminal)
                && setup.stores().stream().noneMatch(other -> other.terminals().contains(terminal));
    }

    /** The payment, unless it is unknown or another store's; the line has the answer then. */
    private @Nullable Payment<BavindoOwn> about(Visit visit, String id, Line line) {
        Payment<BavindoOwn> payment = floor.find(id);
        if (payment == null) {
            line.deliver(answers.notFound());
            return null;
        }
        if (!payment.own().store().id().equals(visit.store().id())) {
            line.deliver(answers.otherStore("Payment"));
            return null;
        }
        return payment;
    }

    private Payment<BavindoOwn> current(Payment<BavindoOwn> payment) {
        return Objects.requireNonNullElse(floor.find(payment.id()), payment);
    }

    private Line open(Visit visit, Operation operation, String id) {
        Payment<BavindoOwn> known = floor.find(id);
        Line line = visit.open(operation.name(), known == null ? null : known.terminal(), id);
        if (known != null) {
            line.about(null, known.ownReference());
        }
        return line;
    }

    private void details(Visit visit, String id) {
        Line line = open(visit, STATUS, id);
        Payment<BavindoOwn> payment = about(visit, id, line);
        if (payment == null) {
            return;
        }
        Fault fault = room.faults().takeAnswer(asked(STATUS, payment.terminal(), payment.ownReference()));
        work(
                fault,
                line,
                () -> answers.shape(
                        fault,
                        200,
                        Fields.put(
                                BavindoText.details(current(payment), setup.choices(), clock.instant()),
                                current(payment).fields()),
                        fault == null || fault.act()));
    }

    /** It ends the payment that it names and no other. */
    private void cancel(Visit visit) {
        String id = Objects.requireNonNullElse(text(visit.json(), "payment_id"), "");
        Line line = open(visit, CANCEL, id);
        Payment<BavindoOwn> payment = about(visit, id, line);
        if (payment == null) {
            return;
        }
        Asked asked = asked(CANCEL, payment.terminal(), payment.ownReference());
        Fault fault = room.faults().takeAnswer(asked);
        work(fault, line, () -> {
            boolean act = acts(fault);
            boolean running = current(payment).running();
            if (act && running) {
                floor.act(payment.id(), ending(asked, fault));
            }
            return answers.shape(
                    fault,
                    200,
                    running
                            ? BavindoText.done(payment, "service.abort.request", BavindoOwn.SUCCESS, "aborted")
                            : BavindoText.done(payment, "service.abort.request", BavindoOwn.FAILURE, "notfound"),
                    act);
        });
    }

    /** All of it or nothing; the money goes back at once, and shows when it does. */
    private void refund(Visit visit) {
        String id = Objects.requireNonNullElse(text(visit.json(), "payment_id"), "");
        Line line = open(visit, REFUND, id);
        Payment<BavindoOwn> payment = about(visit, id, line);
        if (payment == null) {
            return;
        }
        Fault fault = room.faults().takeAnswer(asked(REFUND, payment.terminal(), payment.ownReference()));
        work(fault, line, () -> {
            boolean act = acts(fault);
            AtomicBoolean refused = new AtomicBoolean();
            if (act) {
                floor.change(payment.id(), is -> {
                    boolean possible = is.moved().paid() > 0 && is.moved().refunded() == 0;
                    refused.set(!possible);
                    return possible
                            ? is.moved(is.moved().refunded(is.moved().paid()))
                                    .with(is.own().refunded(clock.instant()))
                            : is;
                });
            }
            boolean done = !refused.get();
            return answers.shape(
                    fault,
                    200,
                    BavindoText.done(
                            payment,
                            "service.reversal.response",
                            done ? BavindoOwn.SUCCESS : BavindoOwn.FAILURE,
                            done ? null : "notallowed"),
                    act);
        });
    }

    private void terminals(Visit visit) {
        Line line = visit.open(TERMINALS.name(), null, null);
        Fault fault = room.faults().takeAnswer(asked(TERMINALS, "", null));
        Set<String> ids = new TreeSet<>(visit.store().terminals());
        if (visit.store().equals(setup.store())) {
            synchronized (this) {
                ids.addAll(seen);
            }
        }
        if (fault == null) {
            line.deliver(new Delivery.Whole(
                    200,
                    "application/json",
                    BavindoText.terminals(ids).toString(),
                    "200 " + ids.size() + " terminals"));
        } else {
            // A script speaks of objects: then the list stands in one.
            work(
                    fault,
                    line,
                    () -> answers.shape(
                            fault,
                            200,
                            JSON.createObjectNode().set("terminals", BavindoText.terminals(ids)),
                            acts(fault)));
        }
    }

    private synchronized void see(String terminal) {
        seen.add(terminal);
    }

    @Override
    public List<TerminalState> terminals() {
        Set<String> ids = new TreeSet<>();
        setup.stores().forEach(store -> ids.addAll(store.terminals()));
        synchronized (this) {
            ids.addAll(seen);
        }
        List<TerminalState> states = new ArrayList<>();
        ids.forEach(id -> states.add(new TerminalState(id, null, floor.busy(id), 0)));
        return states;
    }

    @Override
    public void reset() {
        super.reset();
        synchronized (this) {
            seen.clear();
        }
    }
}
