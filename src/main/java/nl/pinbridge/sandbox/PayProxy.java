package nl.pinbridge.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The simulated CCV PayProxy (providers/ccv.md, part A): an app on each terminal, here all behind one port, each under its own path. It answers when the card action
 * is over, keeps nothing that could be asked for, and does again whatever it is sent again.
 */
final class PayProxy extends FloorStandIn<PayProxyOwn> {
    static final String NAME = "ccv-payproxy";
    static final String PREFIX = "/payproxy/";

    private static final Operation SALE = Operation.starting("create");
    private static final Operation CAPTURE = Operation.starting("capture");
    private static final Operation STATUS = Operation.other("terminal-status");
    private static final Operation DISPLAY = Operation.other("display");
    private static final Pattern PATH =
            Pattern.compile(PREFIX + "([A-Za-z0-9-]{1,40})/terminal/(payment|status|lastDisplayMessage)");

    /** As it is written, and not as a parser would see it: 25.00 and neither 25 nor 25.0. */
    private static final Pattern AMOUNT = Pattern.compile("\"amount\"\\s*:\\s*([0-9]{1,9}\\.[0-9]{2})\\s*[,}]");

    private static final Pattern REQUEST = Pattern.compile("[0-9]{1,10}");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PayProxyChoices choices;
    private final PayProxyHouse house;
    private final PayProxyAnswers answers;

    /** Terminals that it has met; guarded by itself. */
    private final Set<String> seen = new TreeSet<>();

    PayProxy(Room room, PayProxyChoices choices) {
        this(room, choices, new PayProxyHouse(choices), new PayProxyAnswers(choices));
    }

    private PayProxy(Room room, PayProxyChoices choices, PayProxyHouse house, PayProxyAnswers answers) {
        super(room, NAME, house, answers, false);
        this.choices = choices;
        this.house = house;
        this.answers = answers;
    }

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public Set<Operation> operations() {
        return Set.of(SALE, CAPTURE, STATUS, DISPLAY);
    }

    @Override
    public void handle(HttpServerRequest request) {
        Matcher path = PATH.matcher(Objects.requireNonNullElse(request.path(), ""));
        if (!path.matches()) {
            open(request, null, String.valueOf(request.path()), null, null, null, null)
                    .deliver(answers.notFound());
            return;
        }
        String terminal = path.group(1);
        String what = path.group(2);
        synchronized (seen) {
            seen.add(terminal);
        }
        boolean reads = what.equals("lastDisplayMessage");
        if (!request.method().equals(reads ? HttpMethod.GET : HttpMethod.POST)) {
            open(request, null, what, null, terminal, null, null)
                    .deliver(PayProxyAnswers.refusal(405, "method not allowed"));
            return;
        }
        request.body().onComplete(read -> {
            if (read.succeeded()) {
                String text = read.result().toString(StandardCharsets.UTF_8);
                switch (what) {
                    case "payment" -> pay(request, terminal, text);
                    case "status" -> state(request, terminal);
                    default -> display(request, terminal);
                }
            }
        });
    }

    private void state(HttpServerRequest request, String terminal) {
        Line line = open(request, null, STATUS.name(), null, terminal, null, null);
        Fault fault = room.faults().takeAnswer(new Asked(NAME, null, STATUS, terminal, null));
        work(
                fault,
                line,
                () -> answers.shape(
                        fault,
                        200,
                        PayProxyText.state(terminal, floor.busy(terminal) > 0),
                        fault == null || fault.act()));
    }

    private void display(HttpServerRequest request, String terminal) {
        Line line = open(request, null, DISPLAY.name(), null, terminal, null, null);
        Fault fault = room.faults().takeAnswer(new Asked(NAME, null, DISPLAY, terminal, null));
        work(fault, line, () -> answers.shape(fault, 200, PayProxyText.display(), fault == null || fault.act()));
    }

    private void pay(HttpServerRequest request, String terminal, String text) {
        JsonNode body = parsed(text);
        String type = body.path("paymentType").asText();
        boolean capture = type.equals(PayProxyOwn.CAPTURE);
        Operation operation = capture ? CAPTURE : SALE;
        String number = body.path("requestId").textValue();
        // Of what is captured nothing is noted: its reference is a secret.
        Line line = open(request, null, operation.name(), null, terminal, number, null);
        String wrong = wrong(body, text, type, number);
        if (wrong != null) {
            line.deliver(answers.wrong(wrong));
            return;
        }
        Matcher amount = AMOUNT.matcher(text);
        long minor = amount.find()
                ? new BigDecimal(amount.group(1)).movePointRight(2).longValueExact()
                : 0;
        Asked asked = new Asked(NAME, null, operation, terminal, number);
        perform(asked, new Floor.Wish<>(Charge.PAYMENT, terminal, minor, number, PayProxyOwn.started(type)), line);
    }

    private static JsonNode parsed(String text) {
        try {
            JsonNode body = JSON.readTree(text);
            return body == null ? JSON.missingNode() : body;
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    /** What of a request is not as documented; null when all is. */
    private static @Nullable String wrong(JsonNode body, String text, String type, @Nullable String number) {
        if (!body.isObject()) {
            return "no JSON object";
        }
        if (!type.equals(PayProxyOwn.SALE) && !type.equals(PayProxyOwn.CAPTURE)) {
            return "paymentType is neither SALE nor CAPTURE";
        }
        if (number == null || !REQUEST.matcher(number).matches() || Long.parseLong(number) > 1_000_000_000L) {
            return "requestId is no integer between 0 and 1000000000";
        }
        if (!body.path("amount").isNumber() || !AMOUNT.matcher(text).find()) {
            return "amount is no number with two decimals";
        }
        if (!body.path("currency").asText().equals("EUR")) {
            return "currency is not EUR";
        }
        List<String> needed =
                new ArrayList<>(List.of("terminalOperatingEnvironment", "terminalAccessProtocol", "terminalLanguage"));
        if (type.equals(PayProxyOwn.CAPTURE)) {
            needed.addAll(List.of("authReference", "authReferenceVersion", "terminalEnvironment"));
        }
        for (String name : needed) {
            if (body.path(name).asText().isEmpty()) {
                return name + " is missing";
            }
        }
        return null;
    }

    /** Acts, waits for the customer, and answers then: whatever a script does to the answer, the money has moved before. */
    private void perform(Asked asked, Floor.Wish<PayProxyOwn> wish, Line line) {
        Fault byAmount = room.options().testAmounts() ? TestAmounts.of(wish.amount()) : null;
        Fault script = room.faults().takeAnswer(asked);
        Fault fault = script == null && byAmount != null && byAmount.scriptsAnswer() ? byAmount : script;
        if (fault == null || fault.actAfter().isZero()) {
            act(asked, wish, line, fault, byAmount);
            return;
        }
        room.vertx()
                .setTimer(Math.max(1, fault.actAfter().toMillis()), timer -> act(asked, wish, line, fault, byAmount));
    }

    private void act(
            Asked asked, Floor.Wish<PayProxyOwn> wish, Line line, @Nullable Fault fault, @Nullable Fault byAmount) {
        if (line.life() != floor.resets()) {
            line.deliver(new Delivery.Closed("closed by a reset"));
            return;
        }
        if (!acts(fault)) {
            deliver(line, fault, told(fault, floor.draft(wish), false));
            return;
        }
        Payment<PayProxyOwn> payment = floor.start(asked, wish, fault, byAmount);
        if (payment == null) {
            deliver(line, fault, answers.refused(fault, answers.busy()));
            return;
        }
        line.about(payment.id(), null);
        var unused = house.end(payment.id()).whenComplete((ended, forgotten) -> {
            if (ended == null) {
                line.release(new Delivery.Closed("closed by a reset"));
            } else {
                line.release(
                        told(fault, ended, true),
                        fault == null ? Duration.ZERO : fault.late(),
                        fault != null && fault.hold());
            }
        });
    }

    private Delivery told(@Nullable Fault fault, Payment<PayProxyOwn> payment, boolean acted) {
        return answers.shape(
                fault,
                200,
                Fields.put(PayProxyText.ended(payment, clock.instant(), choices.doubled()), payment.fields()),
                acted);
    }

    private static void deliver(Line line, @Nullable Fault fault, Delivery delivery) {
        if (fault == null) {
            line.deliver(delivery);
        } else {
            line.deliver(delivery, fault.late(), fault.hold());
        }
    }

    @Override
    public List<TerminalState> terminals() {
        synchronized (seen) {
            return seen.stream()
                    .map(id -> new TerminalState(id, null, floor.busy(id), 0))
                    .toList();
        }
    }

    @Override
    public void reset() {
        super.reset();
        house.forget();
        synchronized (seen) {
            seen.clear();
        }
    }
}
