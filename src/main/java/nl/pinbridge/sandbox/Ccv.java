package nl.pinbridge.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The CCV Payment API with method {@code terminal} as far as it is documented (providers/ccv.md part B). */
final class Ccv extends FloorStandIn<CcvOwn> {
    static final String NAME = "ccv";
    static final String PREFIX = "/ccv/";
    static final String API = PREFIX + "api/v1";

    private static final Operation CREATE = Operation.starting("create");
    private static final Operation AUTHORISE = Operation.starting("authorise");
    private static final Operation REFUND = Operation.starting("refund");
    private static final Operation STATUS = Operation.telling("status");
    private static final Operation SEARCH = Operation.other("search");
    private static final Operation CAPTURE = Operation.telling("capture");
    private static final Operation REVERSAL = Operation.telling("reversal");

    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,10}(\\.[0-9]{1,2})?");
    private static final Set<String> CURRENCIES = Set.of("eur", "EUR");
    private static final int LONGEST_IDEMPOTENCY = 50;

    /** Refunds up to this many hundredths of what was paid. */
    private static final long MOST_BACK = 120;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final CcvSetup setup;
    private final CcvChoices choices;
    private final CcvAnswers answers;

    private final AtomicLong changes = new AtomicLong();

    /** From the idempotency reference to the transaction. */
    private final Map<String, String> repeats = new ConcurrentHashMap<>();

    /** Guarded by this object. */
    private final Set<String> seen = new TreeSet<>();

    Ccv(Room room, CcvSetup setup) {
        this(room, setup, new CcvAnswers(setup.choices()));
    }

    private Ccv(Room room, CcvSetup setup, CcvAnswers answers) {
        super(
                room,
                NAME,
                new CcvHouse(room.webhooks()),
                answers,
                setup.choices().startBesides());
        this.setup = setup;
        this.choices = setup.choices();
        this.answers = answers;
    }

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public Set<Operation> operations() {
        return Set.of(CREATE, AUTHORISE, REFUND, STATUS, SEARCH, CAPTURE, REVERSAL);
    }

    /** One call: what was sent. */
    private final class Visit {
        final HttpServerRequest request;
        final ObjectNode body;
        final @Nullable String idempotency;

        Visit(HttpServerRequest request, ObjectNode body) {
            this.request = request;
            this.body = body;
            this.idempotency = request.getHeader("Idempotency-Reference");
        }

        Line open(Operation operation, @Nullable Payment<CcvOwn> about, @Nullable String named) {
            return Ccv.this.open(
                    request,
                    null,
                    operation.name(),
                    null,
                    about == null ? null : about.terminal(),
                    about == null ? null : about.ownReference(),
                    about == null ? named : about.id());
        }

        Asked asked(Operation operation, @Nullable Payment<CcvOwn> about) {
            return new Asked(
                    NAME,
                    null,
                    operation,
                    about == null ? "" : about.terminal(),
                    about == null ? null : about.ownReference());
        }

        @Nullable
        String text(String field) {
            return body.path(field).isTextual() ? body.path(field).textValue() : null;
        }

        /** Why nothing of it is carried out, whatever it asks for; null where it is. */
        @Nullable
        Delivery refusal() {
            if (!authorised(request)) {
                return answers.unauthorised();
            }
            String agent = request.getHeader(HttpHeaders.USER_AGENT);
            if (agent == null || agent.isBlank()) {
                return answers.invalid("User-Agent", "is mandatory");
            }
            return idempotency != null && (idempotency.isEmpty() || idempotency.length() > LONGEST_IDEMPOTENCY)
                    ? answers.invalid("Idempotency-Reference", "has 1 to 50 characters")
                    : null;
        }
    }

    private boolean authorised(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        String wanted = Base64.getEncoder().encodeToString((setup.key() + ":").getBytes(StandardCharsets.UTF_8));
        return header != null
                && header.regionMatches(true, 0, "Basic ", 0, 6)
                && header.substring(6).trim().equals(wanted);
    }

    @Override
    public void handle(HttpServerRequest request) {
        request.body().onSuccess(bytes -> {
            ObjectNode sent = object(bytes.toString());
            boolean object = sent != null;
            Visit visit = new Visit(request, sent == null ? JSON.createObjectNode() : sent);
            String path = Objects.requireNonNullElse(request.path(), PREFIX);
            String what = path.startsWith(API) ? path.substring(API.length()) : "";
            boolean get = request.method().equals(HttpMethod.GET);
            boolean post = request.method().equals(HttpMethod.POST);
            if (!Set.of("/payment", "/refund", "/capture", "/reversal", "/transaction")
                    .contains(what)) {
                open(request, null, path, null, null, null, null).deliver(answers.noSuchPath(404));
            } else if (what.equals("/transaction") ? !get : !post) {
                open(request, null, what.substring(1), null, null, null, null).deliver(answers.noSuchPath(405));
            } else if (what.equals("/transaction")) {
                String reference = request.getParam("reference");
                if (reference == null) {
                    search(visit);
                } else {
                    status(visit, reference);
                }
            } else if (!object) {
                open(request, null, what.substring(1), null, null, null, null)
                        .deliver(answers.invalid("body", "is no JSON object"));
            } else if (what.equals("/payment")) {
                payment(visit);
            } else if (what.equals("/refund")) {
                refund(visit);
            } else {
                change(visit, what.equals("/capture") ? CAPTURE : REVERSAL);
            }
        });
    }

    /** Null where it is none. */
    private static @Nullable ObjectNode object(String text) {
        try {
            return JSON.readTree(text) instanceof ObjectNode object ? object : null;
        } catch (JsonProcessingException noJson) {
            return null;
        }
    }

    /** Minor units; null where it is no amount. */
    private static @Nullable Long minor(JsonNode amount) {
        BigDecimal value;
        if (amount.isTextual() && DECIMAL.matcher(amount.textValue()).matches()) {
            value = new BigDecimal(amount.textValue());
        } else if (amount.isNumber()
                && DECIMAL.matcher(amount.decimalValue().toPlainString()).matches()) {
            value = amount.decimalValue();
        } else {
            return null;
        }
        long minor = value.movePointRight(2).longValueExact();
        return minor > 0 ? minor : null;
    }

    private void payment(Visit visit) {
        boolean authorise = "authorise".equals(visit.text("transactionType"));
        Operation operation = authorise ? AUTHORISE : CREATE;
        String terminal = visit.body.path("details").path("terminalId").asText("");
        String reference = visit.text("merchantOrderReference");
        Line line = open(
                visit.request, null, operation.name(), null, terminal.isEmpty() ? null : terminal, reference, null);
        Delivery refusal = visit.refusal();
        if (refusal == null) {
            refusal = refused(visit, terminal);
        }
        Long amount = minor(visit.body.path("amount"));
        if (refusal != null || amount == null) {
            line.deliver(refusal == null ? answers.invalid("amount", "is no amount") : refusal);
            return;
        }
        see(terminal);
        CcvOwn.Order order = new CcvOwn.Order(
                authorise ? CcvOwn.AUTHORISE : CcvOwn.SALE,
                Objects.requireNonNull(visit.text("currency")),
                reference,
                visit.text("description"),
                visit.text("language"),
                visit.text("returnUrl"),
                visit.text("webhookUrl"),
                (ObjectNode) visit.body.path("details"),
                null);
        begin(visit, operation, Charge.PAYMENT, terminal, amount, reference, order, line);
    }

    private void refund(Visit visit) {
        String named = Objects.requireNonNullElse(visit.text("reference"), "");
        Payment<CcvOwn> original = floor.find(named);
        String terminal =
                visit.body.path("details").path("terminalId").asText(original == null ? "" : original.terminal());
        Line line = open(visit.request, null, REFUND.name(), null, terminal, null, null);
        Delivery refusal = visit.refusal();
        if (refusal == null) {
            refusal = original == null ? answers.notFound() : unknownTerminal(terminal);
        }
        if (refusal != null || original == null) {
            line.deliver(refusal == null ? answers.notFound() : refusal);
            return;
        }
        Long asked = visit.body.has("amount")
                ? minor(visit.body.path("amount"))
                : (Long) original.moved().paid();
        if (asked == null) {
            line.deliver(answers.invalid("amount", "is no amount"));
            return;
        }
        refusal = notRefundable(original, asked);
        if (refusal == null && webhookIsPlain(visit)) {
            refusal = answers.invalid("webhookUrl", "is not https");
        }
        if (refusal != null) {
            line.deliver(refusal);
            return;
        }
        see(terminal);
        CcvOwn.Order of = original.own().order();
        CcvOwn.Order order = new CcvOwn.Order(
                CcvOwn.REFUND,
                of.currency(),
                of.merchantOrderReference(),
                visit.text("description"),
                Objects.requireNonNullElse(visit.text("language"), of.language()),
                Objects.requireNonNullElse(visit.text("returnUrl"), of.returnUrl()),
                visit.text("webhookUrl"),
                visit.body.path("details") instanceof ObjectNode details ? details : of.details(),
                original.id());
        begin(visit, REFUND, Charge.REFUND, terminal, asked, null, order, line);
    }

    private void begin(
            Visit visit,
            Operation operation,
            String type,
            String terminal,
            long amount,
            @Nullable String reference,
            CcvOwn.Order order,
            Line line) {
        Payment<CcvOwn> first = repeated(visit);
        if (first != null) {
            line.about(first.id(), null);
            line.deliver(Answers.json(choices.started(), told(first, false), choices.started() + " repeated"));
            return;
        }
        start(
                new Asked(NAME, null, operation, terminal, reference),
                new Floor.Wish<>(type, terminal, amount, reference, new CcvOwn(order, CcvOwn.State.WAITING)),
                line,
                choices.started(),
                payment -> {
                    remember(visit, payment);
                    return told(payment, false);
                });
    }

    private @Nullable Payment<CcvOwn> repeated(Visit visit) {
        String id = choices.heedsIdempotency() && visit.idempotency != null ? repeats.get(visit.idempotency) : null;
        return id == null ? null : floor.find(id);
    }

    private void remember(Visit visit, Payment<CcvOwn> payment) {
        if (visit.idempotency != null && floor.find(payment.id()) != null) {
            repeats.put(visit.idempotency, payment.id());
        }
    }

    private @Nullable Delivery refused(Visit visit, String terminal) {
        if (!"terminal".equals(visit.text("method"))) {
            return answers.invalid("method", "the sandbox knows terminal only");
        }
        for (String field : List.of("currency", "returnUrl", "language")) {
            if (visit.text(field) == null) {
                return answers.invalid(field, "is missing");
            }
        }
        if (!CURRENCIES.contains(visit.text("currency"))) {
            return answers.refused("The sandbox knows EUR only", "unsupported_currency");
        }
        for (String field : List.of("terminalId", "managementSystemId", "accessProtocol")) {
            if (!visit.body.path("details").path(field).isTextual()) {
                return answers.invalid("details." + field, "is missing");
            }
        }
        return webhookIsPlain(visit) ? answers.invalid("webhookUrl", "is not https") : unknownTerminal(terminal);
    }

    private static boolean webhookIsPlain(Visit visit) {
        String url = visit.text("webhookUrl");
        return url != null && !url.startsWith("https://");
    }

    private @Nullable Delivery unknownTerminal(String terminal) {
        boolean any = setup.anyTerminal() || room.options().anyTerminal();
        return setup.terminals().contains(terminal) || (any && CcvSetup.wellFormed(terminal))
                ? null
                : answers.refused("The terminal is not known", "invalid_config");
    }

    private @Nullable Delivery notRefundable(Payment<CcvOwn> original, long asked) {
        if (original.refund() || original.moved().paid() == 0) {
            return answers.refused("Refund DENIED: nothing was paid", "unsufficient_balance");
        }
        long back = floor.payments().stream()
                .filter(payment -> original.id().equals(payment.own().order().original()))
                .filter(payment -> !payment.own().state().status().equals(CcvOwn.FAILED))
                .mapToLong(Payment::amount)
                .sum();
        long most = original.moved().paid() * MOST_BACK / 100;
        return back + asked > most
                ? answers.refused(
                        "Refund request limit check: Original Amount: "
                                + CcvText.decimal(original.moved().paid()) + ", Amount Already Refunded: "
                                + CcvText.decimal(back) + ", Current Refund Request: " + CcvText.decimal(asked)
                                + ", Maximum Refundable Amount: " + CcvText.decimal(most),
                        "refund_limit")
                : null;
    }

    private ObjectNode told(Payment<CcvOwn> payment, boolean withRelated) {
        return Fields.put(CcvText.transaction(payment, choices, withRelated), payment.fields());
    }

    private void status(Visit visit, String reference) {
        Payment<CcvOwn> about = floor.find(reference);
        Line line = visit.open(STATUS, about, reference);
        Delivery refusal = visit.refusal();
        if (refusal != null) {
            line.deliver(refusal);
            return;
        }
        boolean withRelated = "true".equals(visit.request.getParam("includeRelatedTransactions"));
        Fault fault = room.faults().takeAnswer(visit.asked(STATUS, about));
        work(fault, line, () -> {
            Payment<CcvOwn> payment = floor.find(reference);
            ObjectNode told = payment == null ? ofRelated(reference) : told(payment, withRelated);
            return told == null
                    ? answers.refused(fault, answers.notFound())
                    : answers.shape(fault, 200, told, acts(fault));
        });
    }

    private @Nullable ObjectNode ofRelated(String reference) {
        return transactions()
                .filter(told -> told.path("reference").asText().equals(reference))
                .findFirst()
                .orElse(null);
    }

    /** All transactions, captures and reversals included. */
    private Stream<ObjectNode> transactions() {
        return floor.payments().stream()
                .flatMap(payment -> Stream.concat(
                        Stream.of(told(payment, false)),
                        payment.own().state().related().stream().map(each -> CcvText.related(payment, each, choices))));
    }

    /** The newest first; every parameter narrows. */
    private void search(Visit visit) {
        Map<String, String> asked = new HashMap<>();
        visit.request.params().forEach(field -> asked.put(field.getKey(), field.getValue()));
        Payment<CcvOwn> about = floor.payments().stream()
                .filter(payment -> payment.id().equals(asked.get("originalReferences"))
                        || (asked.containsKey("merchantOrderReference")
                                && asked.get("merchantOrderReference").equals(payment.ownReference())))
                .findFirst()
                .orElse(null);
        Line line = visit.open(SEARCH, about, null);
        Delivery refusal = visit.refusal();
        if (refusal != null) {
            line.deliver(refusal);
            return;
        }
        Fault fault = room.faults().takeAnswer(visit.asked(SEARCH, about));
        work(fault, line, () -> {
            List<ObjectNode> rows = transactions()
                    .filter(told -> wanted(told, asked))
                    .sorted(Comparator.comparingLong(
                                    (ObjectNode told) -> told.path("created").asLong())
                            .reversed())
                    .limit(choices.pageSize())
                    .toList();
            return answers.refused(fault, CcvAnswers.list(acts(fault) ? rows : List.of()));
        });
    }

    private static boolean wanted(ObjectNode told, Map<String, String> asked) {
        Map<String, Function<String, Boolean>> filters = Map.of(
                "merchantOrderReference",
                        value ->
                                value.equals(told.path("merchantOrderReference").asText()),
                "references", value -> among(value, told.path("reference").asText()),
                "originalReferences",
                        value -> among(value, told.path("originalReference").asText()),
                "type", value -> value.equals(told.path("type").asText()),
                "status", value -> value.equals(told.path("status").asText()),
                "method", value -> value.equals(told.path("method").asText()),
                "createdAfter", value -> told.path("created").asLong() > Long.parseLong(value),
                "createdBefore", value -> told.path("created").asLong() < Long.parseLong(value));
        return asked.entrySet().stream().allMatch(each -> filters.getOrDefault(each.getKey(), other -> true)
                .apply(each.getValue()));
    }

    private static boolean among(String list, String value) {
        return Arrays.asList(list.split(",")).contains(value);
    }

    /** A capture or a reversal of an authorisation. */
    private void change(Visit visit, Operation operation) {
        String named = Objects.requireNonNullElse(visit.text("reference"), "");
        Payment<CcvOwn> about = floor.find(named);
        Line line = visit.open(operation, about, named);
        Delivery refusal = visit.refusal();
        if (refusal != null || about == null) {
            line.deliver(refusal == null ? answers.notFound() : refusal);
            return;
        }
        boolean capture = operation.equals(CAPTURE);
        Long sent = visit.body.has("amount") ? minor(visit.body.path("amount")) : (Long) 0L;
        if (sent == null) {
            line.deliver(answers.invalid("amount", "is no amount"));
            return;
        }
        Fault fault = room.faults().takeAnswer(visit.asked(operation, about));
        work(fault, line, () -> {
            if (!acts(fault)) {
                CcvOwn.Related never = new CcvOwn.Related(
                        CcvText.reference(0, clock.instant()),
                        operation.name(),
                        sent,
                        visit.text("description"),
                        clock.instant());
                return answers.shape(fault, choices.started(), CcvText.related(about, never, choices), false);
            }
            AtomicReference<CcvOwn.@Nullable Related> made = new AtomicReference<>();
            Payment<CcvOwn> after = floor.change(about.id(), is -> {
                Moved moved = is.moved();
                long left = moved.authorised() - moved.released() - moved.paid();
                long amount = capture && sent > 0 ? sent : left;
                boolean open = is.own().order().type().equals(CcvOwn.AUTHORISE)
                        && is.own().state().status().equals(CcvOwn.SUCCESS);
                if (!open || amount <= 0 || amount > left) {
                    return is;
                }
                CcvOwn.Related each = new CcvOwn.Related(
                        nextRelated(), operation.name(), amount, visit.text("description"), clock.instant());
                made.set(each);
                return is.moved(capture ? moved.paid(moved.paid() + amount) : moved.released(moved.released() + amount))
                        .with(is.own().with(is.own().state().with(each)));
            });
            CcvOwn.Related each = made.get();
            return each == null
                    ? answers.refused(fault, answers.refused("The authorisation is not open for that", "rejected"))
                    : answers.shape(
                            fault,
                            choices.started(),
                            CcvText.related(after == null ? about : after, each, choices),
                            true);
        });
    }

    /** Called with the floor's lock held. */
    private String nextRelated() {
        return CcvText.reference(changes.incrementAndGet(), clock.instant());
    }

    private synchronized void see(String terminal) {
        seen.add(terminal);
    }

    /** Terminals that it was started with, and those that it has met. */
    @Override
    public List<TerminalState> terminals() {
        List<String> met;
        synchronized (this) {
            met = List.copyOf(seen);
        }
        return Stream.concat(setup.terminals().stream(), met.stream())
                .distinct()
                .sorted()
                .map(id -> new TerminalState(id, null, floor.busy(id), 0))
                .toList();
    }

    @Override
    public void reset() {
        super.reset();
        repeats.clear();
        synchronized (this) {
            seen.clear();
        }
    }
}
