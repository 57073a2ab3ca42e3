package nl.pinbridge.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * PAY. as documented (providers/paynl.md): orders at {@code connect.pay.nl} and its other cores, terminals and refunds at {@code rest.pay.nl}. All cores know all
 * orders, and an order that is created at two of them is two orders: that is what the book shows to whoever repeats a create elsewhere.
 */
final class PayNl extends FloorStandIn<PayNlOwn> {
    static final String NAME = "paynl";
    static final String PREFIX = "/paynl/";

    /** From the first part of the path to the host that it stands for. */
    static final Map<String, String> HOSTS = Map.of(
            "connect", "connect.pay.nl",
            "core2", "connect.payments.nl",
            "core3", "connect.achterelkebetaling.nl",
            "core4", "connect.premium-pay.nl",
            "rest", "rest.pay.nl");

    private static final int PIN = 1927;
    private static final int REFUND_BY_PIN = 2351;

    private static final Operation CREATE = Operation.starting("create");
    private static final Operation REFUND = Operation.starting("refund");
    private static final Operation STATUS = Operation.telling("status");
    private static final Operation ABORT = Operation.ending("abort").withAnswerOfTransaction();
    private static final Operation VOID = Operation.telling("void");
    private static final Operation CAPTURE = Operation.telling("capture");
    private static final Operation CAPTURE_AMOUNT = Operation.telling("capture-amount");
    private static final Operation CAPTURE_PRODUCTS = Operation.telling("capture-products");
    private static final Operation APPROVE = Operation.telling("approve");
    private static final Operation DECLINE = Operation.telling("decline");
    private static final Operation REFUND_TRANSACTION = Operation.telling("refund-transaction");
    private static final Operation TRANSACTION = Operation.telling("transaction");
    private static final Operation TERMINALS = Operation.other("terminals");
    private static final Operation TERMINAL = Operation.other("terminal");

    /** What is asked of an order, by the end of its path. */
    private static final Map<String, Operation> OF_ORDER = Map.of(
            "status", STATUS,
            "abort", ABORT,
            "void", VOID,
            "capture", CAPTURE,
            "capture/amount", CAPTURE_AMOUNT,
            "capture/products", CAPTURE_PRODUCTS,
            "approve", APPROVE,
            "decline", DECLINE);

    private static final Set<String> IN_STORES = Set.of("IN_PERSON", "DEBT_COLLECTION", "UNATTENDED");
    private static final Pattern REFERENCE = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final String MERCHANT = "M-3421-2120";
    private static final long LARGEST = 999_999_999_999L;
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Who calls.
     *
     * @param user as sent; null when nothing was
     * @param good false when nothing or something wrong was sent
     * @param service the one sales location that this login is for; null for all
     */
    private record Login(@Nullable String user, boolean good, @Nullable String service) {}

    /** Why a request cannot be done; null where it can. */
    private record Refusal(@Nullable Delivery answer) {
        static final Refusal NONE = new Refusal(null);
    }

    private final PayNlSetup setup;
    private final PayNlChoices choices;
    private final PayNlHouse house;
    private final PayNlAnswers answers;

    /** Guarded by this object, as is all below. */
    private final Set<String> seen = new TreeSet<>();

    private final Deque<Long> recent = new ArrayDeque<>();
    private int open;

    PayNl(Room room, PayNlSetup setup) {
        this(
                room,
                setup,
                new PayNlHouse(setup, room.webhooks()),
                new PayNlAnswers(setup.choices().http()));
    }

    private PayNl(Room room, PayNlSetup setup, PayNlHouse house, PayNlAnswers answers) {
        super(room, NAME, house, answers, setup.choices().startBesides());
        this.setup = setup;
        this.choices = setup.choices();
        this.house = house;
        this.answers = answers;
    }

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public Set<Operation> operations() {
        return Set.of(
                CREATE,
                REFUND,
                STATUS,
                ABORT,
                VOID,
                CAPTURE,
                CAPTURE_AMOUNT,
                CAPTURE_PRODUCTS,
                APPROVE,
                DECLINE,
                REFUND_TRANSACTION,
                TRANSACTION,
                TERMINALS,
                TERMINAL);
    }

    @Override
    public void handle(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            String path = Objects.requireNonNullElse(request.path(), PREFIX);
            String rest = path.substring(PREFIX.length());
            int slash = rest.indexOf('/');
            String core = slash < 0 ? rest : rest.substring(0, slash);
            String host = HOSTS.get(core);
            String inside = slash < 0 ? "" : rest.substring(slash);
            Visit visit = new Visit(request, host, core, inside, login(request), body.toString());
            if (host == null) {
                visit.open(path, null, null, null).deliver(answers.noSuchPath(404));
            } else if (core.equals("rest")) {
                management(visit);
            } else {
                orders(visit);
            }
        });
    }

    /** One call: what was sent, and where. */
    private final class Visit {
        final HttpServerRequest request;
        final @Nullable String host;
        final String core;
        final String path;
        final Login login;
        final String body;

        Visit(HttpServerRequest request, @Nullable String host, String core, String path, Login login, String body) {
            this.request = request;
            this.host = host;
            this.core = core;
            this.path = path;
            this.login = login;
            this.body = body;
        }

        Line open(
                String operation, @Nullable String terminal, @Nullable String reference, @Nullable String transaction) {
            return PayNl.this.open(request, host, operation, login.user(), terminal, reference, transaction);
        }

        boolean is(HttpMethod method) {
            return request.method().equals(method);
        }

        Asked asked(Operation operation, String terminal, @Nullable String reference) {
            return new Asked(NAME, host, operation, terminal, reference);
        }

        /** The JSON that was sent; null when it is none. */
        @Nullable
        JsonNode json() {
            try {
                JsonNode read = JSON.readTree(body);
                return read.isObject() ? read : null;
            } catch (JsonProcessingException noJson) {
                return null;
            }
        }

        String coreUrl() {
            return "http://" + request.authority() + PREFIX + core;
        }

        /** False when the call is over the limit, and has been answered so. */
        boolean admitted(Line line) {
            if (!enter()) {
                line.deliver(answers.tooMany());
                return false;
            }
            line.whenOver(PayNl.this::leave);
            return true;
        }
    }

    private synchronized boolean enter() {
        long now = System.nanoTime();
        while (!recent.isEmpty() && now - recent.getFirst() > WINDOW.toNanos()) {
            recent.removeFirst();
        }
        if (recent.size() >= choices.callsPerTenSeconds() || open >= choices.callsAtOnce()) {
            return false;
        }
        recent.addLast(now);
        open += 1;
        return true;
    }

    private synchronized void leave() {
        open -= 1;
    }

    private Login login(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null) {
            return new Login(null, false, null);
        }
        String plain;
        try {
            plain = header.regionMatches(true, 0, "Basic ", 0, 6)
                    ? new String(Base64.getDecoder().decode(header.substring(6).trim()), StandardCharsets.UTF_8)
                    : "";
        } catch (IllegalArgumentException noBase64) {
            plain = "";
        }
        int colon = plain.indexOf(':');
        String user = colon < 0 ? "?" : plain.substring(0, colon);
        String password = plain.substring(colon + 1);
        // The samples' user name "token" beside the code of the token.
        if ((user.equals(setup.tokenCode()) || user.equals("token")) && password.equals(setup.token())) {
            return new Login(setup.tokenCode(), true, null);
        }
        boolean service = setup.services().stream()
                .anyMatch(known -> known.code().equals(user) && known.secret().equals(password));
        return new Login(user, service, service ? user : null);
    }

    private void orders(Visit visit) {
        if (visit.path.equals("/v1/orders")) {
            if (visit.is(HttpMethod.POST)) {
                create(visit);
            } else {
                visit.open(CREATE.name(), null, null, null).deliver(answers.noSuchPath(405));
            }
            return;
        }
        String rest = visit.path.startsWith("/v1/orders/") ? visit.path.substring("/v1/orders/".length()) : "";
        int slash = rest.indexOf('/');
        Operation operation = slash < 0 ? null : OF_ORDER.get(rest.substring(slash + 1));
        if (operation == null) {
            visit.open(visit.path, null, null, null).deliver(answers.noSuchPath(404));
            return;
        }
        String id = rest.substring(0, slash);
        Payment<PayNlOwn> order = find(id);
        Line line = open(visit, operation, order, id);
        if (!visit.is(operation.equals(STATUS) ? HttpMethod.GET : HttpMethod.PATCH)) {
            line.deliver(answers.noSuchPath(405));
        } else if (visit.admitted(line)) {
            if (!visit.login.good() && (!operation.equals(STATUS) || visit.login.user() != null)) {
                line.deliver(answers.unauthorised());
            } else if (order == null || strange(visit.login, order)) {
                line.deliver(answers.notFound());
            } else if (operation.equals(STATUS)) {
                status(visit, order, line);
            } else if (operation.equals(ABORT)) {
                abort(visit, order, line);
            } else {
                change(visit, operation, order, line);
            }
        }
    }

    private Line open(Visit visit, Operation operation, @Nullable Payment<PayNlOwn> order, String id) {
        return visit.open(
                operation.name(),
                order == null ? null : order.terminal(),
                order == null ? null : order.ownReference(),
                order == null ? id : order.id());
    }

    /** By its id, its {@code orderId} or its EX-code. */
    private @Nullable Payment<PayNlOwn> find(String name) {
        Payment<PayNlOwn> order = floor.find(name);
        String id = order == null ? house.named(name) : null;
        return id == null ? order : floor.find(id);
    }

    /** An order of another sales location than that of the login. */
    private static boolean strange(Login login, Payment<PayNlOwn> order) {
        return login.service() != null
                && !login.service().equals(order.own().order().serviceId());
    }

    private void create(Visit visit) {
        JsonNode body = visit.json();
        JsonNode sent = body == null ? JSON.createObjectNode() : body;
        int method = sent.path("paymentMethod").path("id").asInt(0);
        String terminal =
                sent.path("paymentMethod").path("input").path("terminalCode").asText("");
        String reference =
                sent.path("reference").isTextual() ? sent.path("reference").textValue() : null;
        Operation operation = method == REFUND_BY_PIN ? REFUND : CREATE;
        Line line = visit.open(operation.name(), terminal.isEmpty() ? null : terminal, reference, null);
        if (!visit.admitted(line)) {
            return;
        }
        Delivery refusal = body == null
                ? answers.badRequest("PAY-1400", "no JSON")
                : refused(visit.login, sent, method, terminal).answer();
        if (refusal != null) {
            line.deliver(refusal);
            return;
        }
        see(terminal);
        String service = sent.path("serviceId").asText(visit.login.service());
        PayNlOwn.Order order = new PayNlOwn.Order(
                method,
                service,
                Objects.requireNonNullElse(visit.login.user(), ""),
                visit.coreUrl(),
                text(sent, "exchangeUrl"),
                text(sent, "description"),
                PayNlText.stats(sent.path("stats")),
                sent.has("transferData") ? sent.path("transferData") : JSON.createObjectNode(),
                sent.path("order").path("products") instanceof ArrayNode products ? products : JSON.createArrayNode(),
                sent.path("integration").path("pointOfInteraction").asText("IN_PERSON"),
                sent.path("integration").path("test").asBoolean(false),
                text(sent, "expire"));
        Floor.Wish<PayNlOwn> wish = new Floor.Wish<>(
                method == PIN ? Charge.PAYMENT : Charge.REFUND,
                terminal,
                sent.path("amount").path("value").asLong(),
                reference,
                new PayNlOwn(order, PayNlOwn.State.waiting(choices.codes().waiting())));
        start(
                visit.asked(operation, terminal, reference),
                wish,
                line,
                choices.http().created(),
                payment -> PayNlText.order(payment, choices.codes().started(), true, choices.newerFields()));
    }

    private Refusal refused(Login login, JsonNode sent, int method, String terminalCode) {
        if (!login.good()) {
            return new Refusal(answers.unauthorised());
        }
        JsonNode service = sent.path("serviceId");
        if (!service.isTextual() && login.service() == null) {
            return new Refusal(answers.violation("serviceId", "This value should not be blank."));
        }
        if (service.isTextual()) {
            if (setup.services().stream().noneMatch(known -> known.code().equals(service.textValue()))) {
                return new Refusal(answers.badRequest("PAY-004", "Service not found"));
            }
            if (login.service() != null && !login.service().equals(service.textValue())) {
                return new Refusal(answers.forbidden("another sales location"));
            }
        }
        JsonNode value = sent.path("amount").path("value");
        if (!value.isIntegralNumber() || value.asLong() <= 0 || value.asLong() > LARGEST) {
            return new Refusal(answers.violation("amount.value", "This value should be a positive integer."));
        }
        if (!sent.path("amount").path("currency").asText("EUR").equals("EUR")) {
            return new Refusal(answers.violation("amount.currency", "The sandbox knows EUR only."));
        }
        if (method == 0) {
            return new Refusal(answers.badRequest("PAY-405", "payment profile missing"));
        }
        if (method != PIN && method != REFUND_BY_PIN) {
            return new Refusal(answers.badRequest("PAY-408", "payment option not active"));
        }
        if (!IN_STORES.contains(
                sent.path("integration").path("pointOfInteraction").asText("IN_PERSON"))) {
            return new Refusal(answers.violation("integration.pointOfInteraction", "not for pin payments"));
        }
        JsonNode reference = sent.path("reference");
        if (!reference.isMissingNode()
                && !reference.isNull()
                && !REFERENCE.matcher(reference.asText()).matches()) {
            return new Refusal(answers.violation("reference", "letters, digits and hyphens, at most 64"));
        }
        PayNlSetup.Terminal terminal = terminal(terminalCode);
        if (terminal == null) {
            return new Refusal(answers.violation("paymentMethod.input.terminalCode", "Terminal not found"));
        }
        if (!terminal.connected()) {
            return new Refusal(answers.notConnected());
        }
        return method == REFUND_BY_PIN && !terminal.refunds()
                ? new Refusal(answers.badRequest("PAY-408", "the terminal does not refund"))
                : Refusal.NONE;
    }

    private static @Nullable String text(JsonNode sent, String field) {
        return sent.path(field).isTextual() ? sent.path(field).textValue() : null;
    }

    private PayNlSetup.@Nullable Terminal terminal(String code) {
        return setup.terminals().stream()
                .filter(known -> known.code().equals(code))
                .findFirst()
                .orElseGet(() -> (setup.anyTerminal() || room.options().anyTerminal()) && PayNlSetup.wellFormed(code)
                        ? PayNlSetup.Terminal.of(code)
                        : null);
    }

    private ObjectNode told(Payment<PayNlOwn> order) {
        return PayNlText.order(order, null, true, choices.newerFields());
    }

    private Payment<PayNlOwn> current(Payment<PayNlOwn> order) {
        return Objects.requireNonNullElse(floor.find(order.id()), order);
    }

    private void status(Visit visit, Payment<PayNlOwn> order, Line line) {
        Fault fault = room.faults().takeAnswer(visit.asked(STATUS, order.terminal(), order.ownReference()));
        work(
                fault,
                line,
                () -> answers.shape(
                        fault,
                        200,
                        PayNlText.order(current(order), null, visit.login.good(), choices.newerFields()),
                        acts(fault)));
    }

    /** Whatever the script makes of it: it is refused unless the order is cancelled in the end. */
    private void abort(Visit visit, Payment<PayNlOwn> order, Line line) {
        Asked asked = visit.asked(ABORT, order.terminal(), order.ownReference());
        Fault fault = room.faults().takeAnswer(asked);
        work(fault, line, () -> {
            Payment<PayNlOwn> now = current(order);
            if (!acts(fault)) {
                Payment<PayNlOwn> never = house.settled(now, Ending.of(Outcome.CANCELLED_BY_TILL), clock.instant());
                return answers.shape(fault, 200, told(never), false);
            }
            Payment<PayNlOwn> after =
                    PayNlCodes.pending(now.own().state().code()) ? floor.act(now.id(), ending(asked, fault)) : null;
            return after != null && after.own().state().code() == PayNlCodes.CANCEL
                    ? answers.shape(fault, 200, told(after), true)
                    : answers.refused(
                            fault, answers.wrongState("PAY-406", "Transaction cannot be aborted in this state"));
        });
    }

    private void change(Visit visit, Operation operation, Payment<PayNlOwn> order, Line line) {
        if (operation.equals(VOID)) {
            change(visit, VOID, order, line, state(PayNlCodes.AUTHORISE), is -> code(is, PayNlCodes.VOIDED)
                    .moved(is.moved().released(is.moved().authorised())));
        } else if (operation.equals(CAPTURE)) {
            change(
                    visit,
                    CAPTURE,
                    order,
                    line,
                    state(PayNlCodes.AUTHORISE, PayNlCodes.PARTLY_CAPTURED),
                    is -> captured(is, is.moved().authorised() - is.moved().paid()));
        } else if (operation.equals(CAPTURE_AMOUNT) || operation.equals(CAPTURE_PRODUCTS)) {
            long part = operation.equals(CAPTURE_AMOUNT)
                    ? Objects.requireNonNullElse(visit.json(), JSON.createObjectNode())
                            .path("amount")
                            .asLong(0)
                    : worth(order, visit.json());
            change(
                    visit,
                    operation,
                    order,
                    line,
                    is -> part <= 0
                                    || part
                                            > is.moved().authorised()
                                                    - is.moved().paid()
                            ? answers.violation(
                                    operation.equals(CAPTURE_AMOUNT) ? "amount" : "products",
                                    "more than is left, or nothing")
                            : state(PayNlCodes.AUTHORISE, PayNlCodes.PARTLY_CAPTURED)
                                    .apply(is),
                    is -> captured(is, part));
        } else if (operation.equals(APPROVE)) {
            change(visit, APPROVE, order, line, state(PayNlCodes.VERIFY), is -> code(is, PayNlCodes.PAID)
                    .done(is.amount()));
        } else {
            change(visit, DECLINE, order, line, state(PayNlCodes.VERIFY), is -> code(
                            is, PayNlCodes.DECLINED_AFTER_VERIFY)
                    .moved(is.moved()
                            .released(is.moved().authorised() - is.moved().paid())));
        }
    }

    /** Lets an order pass that is in one of these states; null for that. */
    private Function<Payment<PayNlOwn>, @Nullable Delivery> state(Integer... codes) {
        return order -> List.of(codes).contains(order.own().state().code())
                ? null
                : answers.wrongState("PAY-1400", "Not possible in this state");
    }

    private Payment<PayNlOwn> code(Payment<PayNlOwn> order, int code) {
        return order.with(order.own().with(order.own().state().code(code, clock.instant())));
    }

    private Payment<PayNlOwn> captured(Payment<PayNlOwn> order, long part) {
        Moved moved = order.moved().paid(order.moved().paid() + part);
        int code = moved.paid() >= moved.authorised()
                ? PayNlCodes.PAID
                : choices.codes().partlyCaptured();
        return order.moved(moved).with(order.own().with(order.own().state().code(code, clock.instant())));
    }

    /** What the products that are named cost; 0 where one of them is not in the order. */
    private static long worth(Payment<PayNlOwn> order, @Nullable JsonNode sent) {
        if (sent == null) {
            return 0;
        }
        long sum = 0;
        for (JsonNode wanted : sent.path("products")) {
            long price = 0;
            for (JsonNode product : order.own().order().products()) {
                if (product.path("id").equals(wanted.path("id"))) {
                    price = product.path("price").path("value").asLong(0);
                }
            }
            if (price == 0) {
                return 0;
            }
            sum += price * wanted.path("quantity").asLong(1);
        }
        return sum;
    }

    private void change(
            Visit visit,
            Operation operation,
            Payment<PayNlOwn> order,
            Line line,
            Function<Payment<PayNlOwn>, @Nullable Delivery> against,
            UnaryOperator<Payment<PayNlOwn>> change) {
        change(visit, operation, order, line, against, change, this::told);
    }

    /** Changes an order unless something is against it, and tells of it as it is then; a call that does not act tells of what never was. */
    private void change(
            Visit visit,
            Operation operation,
            Payment<PayNlOwn> order,
            Line line,
            Function<Payment<PayNlOwn>, @Nullable Delivery> against,
            UnaryOperator<Payment<PayNlOwn>> change,
            Function<Payment<PayNlOwn>, ObjectNode> told) {
        Fault fault = room.faults().takeAnswer(visit.asked(operation, order.terminal(), order.ownReference()));
        work(fault, line, () -> {
            if (!acts(fault)) {
                return answers.shape(fault, 200, told.apply(change.apply(current(order))), false);
            }
            AtomicReference<@Nullable Delivery> refusal = new AtomicReference<>();
            Payment<PayNlOwn> after = floor.change(order.id(), is -> {
                Delivery why = against.apply(is);
                refusal.set(why);
                return why == null ? change.apply(is) : is;
            });
            Delivery why = refusal.get();
            return why == null
                    ? answers.shape(fault, 200, told.apply(after == null ? order : after), true)
                    : answers.refused(fault, why);
        });
    }

    private void management(Visit visit) {
        String[] parts = visit.path.split("/", -1);
        boolean refund = parts.length == 5 && parts[4].equals("refund");
        Operation operation = null;
        if (parts.length >= 3 && parts[1].equals("v2")) {
            if (parts[2].equals("terminals") && parts.length <= 4) {
                operation = parts.length == 3 ? TERMINALS : TERMINAL;
            } else if (parts[2].equals("transactions") && (parts.length == 4 || refund)) {
                operation = refund ? REFUND_TRANSACTION : TRANSACTION;
            }
        }
        if (operation == null) {
            visit.open(visit.path, null, null, null).deliver(answers.noSuchPath(404));
            return;
        }
        boolean transactions = operation.equals(TRANSACTION) || operation.equals(REFUND_TRANSACTION);
        Payment<PayNlOwn> order = transactions ? named(parts[3]) : null;
        Line line = transactions
                ? open(visit, operation, order, parts[3])
                : visit.open(operation.name(), operation.equals(TERMINAL) ? parts[3] : null, null, null);
        if (!visit.is(refund ? HttpMethod.PATCH : HttpMethod.GET)) {
            line.deliver(answers.noSuchPath(405));
        } else if (visit.admitted(line)) {
            if (!visit.login.good()) {
                line.deliver(answers.unauthorised());
            } else if (operation.equals(TERMINALS)) {
                terminals(visit, line);
            } else if (operation.equals(TERMINAL)) {
                terminal(visit, parts[3], line);
            } else if (order == null || strange(visit.login, order)) {
                line.deliver(answers.restRefusal(choices.http().notFound(), "PAY-001", "Transaction not found"));
            } else if (operation.equals(TRANSACTION)) {
                Fault fault =
                        room.faults().takeAnswer(visit.asked(TRANSACTION, order.terminal(), order.ownReference()));
                work(fault, line, () -> answers.shape(fault, 200, PayNlText.transaction(current(order)), acts(fault)));
            } else {
                refundTransaction(visit, order, line);
            }
        }
    }

    /** By its {@code orderId} or its EX-code: the management host documents no other. */
    private @Nullable Payment<PayNlOwn> named(String name) {
        String id = house.named(name);
        return id == null ? null : floor.find(id);
    }

    private void refundTransaction(Visit visit, Payment<PayNlOwn> order, Line line) {
        JsonNode body = visit.body.isBlank() ? JSON.createObjectNode() : visit.json();
        if (body == null) {
            line.deliver(answers.restRefusal(choices.http().badRequest(), "PAY-1400", "no JSON"));
            return;
        }
        String by = Objects.requireNonNullElse(visit.login.user(), "");
        String url = text(body, "exchangeUrl");
        AtomicLong amount = new AtomicLong();
        change(
                visit,
                REFUND_TRANSACTION,
                order,
                line,
                is -> notRefundable(is, body, clock.instant()),
                is -> {
                    amount.set(asked(is, body));
                    long total = is.moved().refunded() + amount.get();
                    int code = total >= is.moved().paid() ? PayNlCodes.REFUND : PayNlCodes.PARTIAL_REFUND;
                    return is.moved(is.moved().refunded(total))
                            .with(is.own().with(is.own().state().refunded(code, clock.instant())));
                },
                is -> {
                    if (url != null) {
                        announce(is, url, amount.get());
                    }
                    return PayNlText.refunded(
                            is,
                            amount.get(),
                            text(body, "description"),
                            is.moved().refunded(),
                            by,
                            clock.instant());
                });
    }

    private void announce(Payment<PayNlOwn> order, String url, long amount) {
        if (current(order).moved().refunded() < order.moved().refunded()) {
            return;
        }
        int life = floor.resets();
        room.webhooks().changed(new PayNlExchange(setup, order, url, "refund:add", amount));
        room.vertx().setTimer(Math.max(1, room.options().customerDelay().toMillis()), done -> {
            if (life == floor.resets()) {
                room.webhooks().changed(new PayNlExchange(setup, order, url, "refund:received", amount));
            }
        });
    }

    /** What is asked back, minor units; everything that is left where nothing is said. */
    private static long asked(Payment<PayNlOwn> order, JsonNode body) {
        if (body.path("amount").has("value")) {
            return body.path("amount").path("value").asLong(0);
        }
        if (body.path("products").isObject()) {
            ArrayNode named = JSON.createArrayNode();
            body.path("products").fields().forEachRemaining(one -> named.addObject()
                    .put("id", one.getKey())
                    .set("quantity", one.getValue()));
            return worth(order, JSON.createObjectNode().set("products", named));
        }
        return order.moved().paid() - order.moved().refunded();
    }

    private @Nullable Delivery notRefundable(Payment<PayNlOwn> order, JsonNode body, Instant now) {
        PayNlOwn.State state = order.own().state();
        int status = choices.http().wrongState();
        Instant last = state.refundedAt();
        if (PayNlCodes.chargedBack(state.code())) {
            return answers.restRefusal(status, "PAY-013", "Transaction is in chargeback");
        }
        if (last != null && now.isBefore(last.plus(choices.refundPause()))) {
            return answers.restRefusal(status, "PAY-014", "Refund too fast");
        }
        if (order.refund() || !PayNlCodes.refundable(state.code()) || !choices.cardlessRefunds()) {
            return answers.restRefusal(status, "INVALID_TRANSACTION_STATUS", "Transaction is not ready for refund");
        }
        long amount = asked(order, body);
        return amount <= 0 || amount > order.moved().paid() - order.moved().refunded()
                ? answers.restRefusal(status, "PAY-015", "Refund amount invalid")
                : null;
    }

    private void terminals(Visit visit, Line line) {
        if (visit.login.service() != null) {
            line.deliver(answers.forbidden("the merchant's login is needed"));
            return;
        }
        int limit = number(visit, "limit", 20);
        int page = number(visit, "page", 1);
        if (limit < 1 || limit > 100 || page < 1) {
            line.deliver(answers.violation("limit", "limit is 1 to 100, pages count from 1"));
            return;
        }
        String only = visit.request.getParam("merchant[eq]");
        String not = visit.request.getParam("merchant[neq]");
        boolean none = (only != null && !only.equals(MERCHANT)) || MERCHANT.equals(not);
        Fault fault = room.faults().takeAnswer(visit.asked(TERMINALS, "", null));
        work(fault, line, () -> {
            List<PayNlSetup.Terminal> all = none ? List.of() : known();
            List<PayNlSetup.Terminal> rows =
                    all.stream().skip((page - 1L) * limit).limit(limit).toList();
            ObjectNode answer = JSON.createObjectNode()
                    .put("total", all.size())
                    .put("count", rows.size())
                    .put("pages", (all.size() + limit - 1) / limit);
            ArrayNode list = answer.putArray("terminals");
            rows.forEach(terminal ->
                    list.add(PayNlText.terminal(terminal, setup.service().code())));
            ArrayNode links = answer.putArray("_links");
            if ((long) page * limit < all.size()) {
                links.addObject()
                        .put("href", "/terminals?limit=" + limit + "&page=" + (page + 1))
                        .put("rel", "next")
                        .put("type", "GET");
            }
            return answers.shape(fault, 200, answer, acts(fault));
        });
    }

    private static int number(Visit visit, String parameter, int otherwise) {
        String text = visit.request.getParam(parameter);
        return text == null ? otherwise : text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
    }

    private void terminal(Visit visit, String code, Line line) {
        if (visit.login.service() != null) {
            line.deliver(answers.forbidden("the merchant's login is needed"));
            return;
        }
        PayNlSetup.Terminal terminal = terminal(code);
        if (terminal == null) {
            line.deliver(answers.restRefusal(choices.http().notFound(), "PAY-1400", "Terminal not found"));
            return;
        }
        Fault fault = room.faults().takeAnswer(visit.asked(TERMINAL, code, null));
        work(
                fault,
                line,
                () -> answers.shape(
                        fault, 200, PayNlText.terminal(terminal, setup.service().code()), acts(fault)));
    }

    private synchronized void see(String terminal) {
        seen.add(terminal);
    }

    /** Terminals that it was started with, and those that it has met. */
    private synchronized List<PayNlSetup.Terminal> known() {
        List<PayNlSetup.Terminal> all = new ArrayList<>(setup.terminals());
        seen.stream()
                .filter(code -> setup.terminals().stream()
                        .noneMatch(known -> known.code().equals(code)))
                .map(PayNlSetup.Terminal::of)
                .forEach(all::add);
        return all;
    }

    @Override
    public boolean act(String transactionId, Ending ending) {
        Payment<PayNlOwn> order = find(transactionId);
        return order != null && super.act(order.id(), ending);
    }

    @Override
    public List<TerminalState> terminals() {
        return known().stream()
                .map(terminal -> new TerminalState(terminal.code(), null, floor.busy(terminal.code()), 0))
                .toList();
    }

    @Override
    public void reset() {
        super.reset();
        house.reset();
        synchronized (this) {
            seen.clear();
        }
    }
}
