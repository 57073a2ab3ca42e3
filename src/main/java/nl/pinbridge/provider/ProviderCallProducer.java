package nl.pinbridge.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Timer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import nl.pinbridge.contract.CardNumbers;
import nl.pinbridge.contract.Json;
import nl.pinbridge.provider.CallGate.Mark;
import nl.pinbridge.provider.CallGate.NotMarkedException;
import nl.pinbridge.provider.ProviderFolder.Operation;
import nl.pinbridge.provider.ProviderFolder.Rule;
import nl.pinbridge.provider.WireOutcome.Answered;
import nl.pinbridge.provider.WireOutcome.NotSent;
import nl.pinbridge.provider.WireOutcome.Unknown;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call: checks, mark (for money), one HTTP request, outcome.
 *
 * <p>Up to the mark a fault is thrown, since nothing was sent. From the mark on nothing is thrown: what happened is in the
 * {@link WireOutcome}, judged by whether a byte of the request may have left.
 */
final class ProviderCallProducer extends DefaultProducer {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderCallProducer.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(60);

    /** Bad gateway, unavailable, gateway time-out. */
    private static final Set<Integer> AWAY = Set.of(502, 503, 504);

    /** A read that is put off. */
    private static final String HELD_BACK = "held back: more calls than the provider takes; it is asked later";

    /** Characters of an answer that evidence keeps. */
    private static final int EVIDENCE_LIMIT = 64 * 1024;

    private final ProviderCallComponent component;
    private final ProviderFolder folder;
    private final ProviderSettings settings;
    private final Operation operation;
    private @Nullable HttpComponent http;
    private List<Host> hosts = List.of();

    /** Where the provider is asked. */
    private record Host(URI base, HttpEndpoint endpoint, org.apache.camel.Producer producer) {}

    /** What one request brought. */
    private record Heard(Flight flight, WireOutcome outcome, ObjectNode answer, Duration took) {
        /** True when the provider's limits left no room for it. */
        boolean heldBack() {
            return outcome instanceof NotSent notSent && HELD_BACK.equals(notSent.why());
        }

        /** True when nobody was there who could know: no whole answer, or a gateway that found nobody behind it. */
        boolean nobody() {
            return outcome instanceof Answered answered ? AWAY.contains(answered.status()) : true;
        }
    }

    ProviderCallProducer(
            ProviderCallEndpoint endpoint,
            ProviderCallComponent component,
            ProviderFolder folder,
            ProviderSettings settings,
            Operation operation) {
        super(endpoint);
        this.component = component;
        this.folder = folder;
        this.settings = settings;
        this.operation = operation;
    }

    /**
     * @throws NotMarkedException when the ledger refuses the mark: nothing was sent
     * @throws RuntimeException for a fault of the program, a route or a mapping, always before the mark: nothing was sent
     */
    @Override
    public void process(Exchange exchange) throws NotMarkedException {
        ProviderJob job = jobOf(exchange);
        JsonNode mapped = mapped(exchange.getMessage());
        List<Host> asked = hosts(job);
        // Made before the mark: a fault in a mapping sends nothing.
        ProviderRequest request = request(asked.get(0), job, mapped);

        Mark mark = null;
        if (operation.once()) {
            mark = component.gate().mark(job);
            exchange.setProperty(Mark.PROPERTY, mark);
        }
        Heard heard = inTurn(asked.get(0), request, job, mark);
        record(exchange, job, request, heard);
        // Of a call that may be made once there is one host: this loop is for reads.
        for (Host backup : operation.onlyReads() ? asked.subList(1, asked.size()) : List.<Host>of()) {
            if (!heard.nobody() || heard.heldBack()) {
                break;
            }
            request = request(backup, job, mapped);
            heard = inTurn(backup, request, job, null);
            record(exchange, job, request, heard);
        }
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        ObjectNode body = Json.object();
        body.set("job", job.view());
        body.set("answer", heard.answer());
        message.setBody(body);
        if (heard.flight().text() != null) {
            reached(mark != null);
        }
    }

    private ProviderRequest request(Host host, ProviderJob job, JsonNode mapped) {
        return ProviderRequest.of(folder, settings, operation, host.base(), job, mapped);
    }

    /** Where this job is done: at the provider's own hosts, or at its terminal. */
    private List<Host> hosts(ProviderJob job) {
        List<Host> known = hosts();
        if (!folder.callsTerminals() || operation.at() != null) {
            return known;
        }
        URI url = job.terminal().url();
        if (url == null) {
            throw new IllegalStateException("Terminal " + job.terminal().alias() + " has no url, and " + folder.name()
                    + " has no other address");
        }
        Host any = known.get(0);
        return List.of(new Host(url, any.endpoint(), any.producer()));
    }

    private List<Host> hosts() {
        List<Host> known = hosts;
        if (known.isEmpty()) {
            throw new IllegalStateException("The provider call is not started");
        }
        if (operation.once() && known.size() != 1) {
            throw new IllegalStateException("A call that is made once has more than one host");
        }
        return known;
    }

    /** Makes the call if the provider's limits leave room for it; a call that is made once always has room. */
    private Heard inTurn(Host host, ProviderRequest request, ProviderJob job, @Nullable Mark mark) {
        Throttle throttle = component.throttle(folder);
        if (!throttle.begin(operation.once())) {
            Flight none = new Flight(null, component.clock(), component.probe());
            return new Heard(none, new NotSent(HELD_BACK), nothing(), Duration.ZERO);
        }
        try {
            return call(host, request, job, mark);
        } finally {
            throttle.end();
        }
    }

    private static ObjectNode nothing() {
        ObjectNode none = Json.object();
        return none.putNull("status").putNull("json").putNull("text");
    }

    private Heard call(Host host, ProviderRequest request, ProviderJob job, @Nullable Mark mark) {
        Flight flight = new Flight(mark, component.clock(), component.probe());
        long started = System.nanoTime();
        String fault = null;
        try {
            if (mark != null) {
                component.probe().at("marked");
            }
            flight.enter();
            send(host, request);
            fault = "the HTTP client ended without an answer";
        } catch (Exception e) {
            fault = request.redactor().all(describe(e));
        } finally {
            Flight.leave();
        }
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        String text = flight.text();
        Integer status = flight.status();
        if (text != null && status != null) {
            ObjectNode answer = answer(status, request.redactor().echoed(text), known(job));
            return new Heard(flight, judge(status, request.redactor().all(text), answer), answer, took);
        }
        WireOutcome outcome = flight.written()
                ? new Unknown(status == null ? fault : "the answer (" + status + ") broke off: " + fault)
                : new NotSent(fault);
        return new Heard(flight, outcome, nothing(), took);
    }

    /** A probe that throws here must not undo what is known. */
    private void reached(boolean money) {
        try {
            component.probe().at(money ? "answered" : "looked");
        } catch (RuntimeException e) {
            LOG.warn("A probe failed after an answer", e);
        }
    }

    private ProviderJob jobOf(Exchange exchange) {
        ProviderJob job = exchange.getProperty(ProviderJob.PROPERTY, ProviderJob.class);
        if (job == null) {
            throw new IllegalStateException(
                    "The exchange has no provider job: a route called " + getEndpoint() + " by itself");
        }
        if (!job.provider().equals(folder.name()) || !job.terminal().provider().equals(folder.name())) {
            throw new IllegalStateException("A job of provider " + job.provider() + " on a terminal of "
                    + job.terminal().provider() + " came to a call of " + folder.name());
        }
        if (operation.once()) {
            if (!job.operation().equals(operation.name())) {
                throw new IllegalStateException(
                        "A job to " + job.operation() + " came to the money call " + operation.name());
            }
            if (exchange.getProperty(Mark.PROPERTY) != null) {
                throw new IllegalStateException("This exchange made a money call already");
            }
        }
        return job;
    }

    private static JsonNode mapped(Message message) {
        if (message.getBody() instanceof JsonNode node) {
            return node;
        }
        throw new IllegalArgumentException("The body before a provider call must be a mapping's JSON output");
    }

    private static void send(Host host, ProviderRequest request) throws Exception {
        // An exchange of its own: nothing that a message's sender or a route set can reach the provider.
        Exchange wire = new DefaultExchange(host.endpoint().getCamelContext());
        wire.setProperty(Exchange.SKIP_GZIP_ENCODING, Boolean.TRUE);
        Message message = wire.getMessage();
        request.headers().forEach(message::setHeader);
        message.setHeader(Exchange.HTTP_METHOD, request.method());
        message.setHeader(Exchange.HTTP_URI, request.url());
        if (request.query() != null) {
            message.setHeader(Exchange.HTTP_RAW_QUERY, request.query());
        }
        byte[] body = request.body();
        if (body != null) {
            message.setBody(new ByteArrayEntity(body, ContentType.parse(request.contentType())));
        }
        host.producer().process(wire);
        Exception thrown = wire.getException();
        if (thrown != null) {
            throw thrown;
        }
    }

    private WireOutcome judge(int status, String text, JsonNode answer) {
        Optional<Rule> refusal = folder.refusal(operation.name(), status, answer);
        boolean busy = refusal.isEmpty()
                && folder.busy(operation.name(), status, answer).isPresent();
        boolean success = refusal.isEmpty() && !busy && operation.success().contains(status);
        return new Answered(status, text, success, refusal.isPresent(), busy);
    }

    /** What the bridge told the provider or heard from it before, and compares answers with. */
    private static Set<String> known(ProviderJob job) {
        Set<String> known = new HashSet<>();
        known.add(job.terminal().id());
        JsonNode payment = job.view().path("payment");
        for (String name : List.of("providerTransactionId", "ownReference")) {
            if (payment.path(name).isTextual()) {
                known.add(payment.path(name).textValue());
            }
        }
        return known;
    }

    private static ObjectNode answer(int status, String text, Set<String> known) {
        ObjectNode answer = Json.object().put("status", status);
        JsonNode json = null;
        try {
            json = Json.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            LOG.debug("An answer is no JSON");
        }
        if (json == null || json.isMissingNode()) {
            return answer.putNull("json").put("text", CardNumbers.masked(text));
        }
        answer.set("json", Redactor.withoutCards(json, known));
        return answer.putNull("text");
    }

    private void record(Exchange exchange, ProviderJob job, ProviderRequest request, Heard heard) {
        Flight flight = heard.flight();
        WireOutcome outcome = heard.outcome();
        Duration took = heard.took();
        String kind;
        String why = null;
        if (outcome instanceof Answered answered) {
            kind = "ANSWERED";
            why = meaning(answered);
        } else if (outcome instanceof NotSent notSent) {
            kind = "NOT_SENT";
            why = notSent.why();
        } else if (outcome instanceof Unknown unknown) {
            kind = "UNKNOWN";
            why = unknown.why();
        } else {
            throw new IllegalStateException(outcome.toString());
        }
        ObjectNode evidence = Json.object()
                .put("provider", folder.name())
                .put("operation", operation.name())
                .put("method", request.method())
                .put("url", request.url());
        evidence.set("request", request.shown());
        evidence.put("outcome", kind)
                .put("why", why)
                .put("status", flight.status())
                .put("contentType", flight.contentType())
                .put("answer", shortened(flight.text()))
                .put("millis", took.toMillis());
        exchange.setProperty(WireOutcome.PROPERTY, outcome);
        exchange.setProperty(ProviderCallComponent.EVIDENCE, Json.write(redacted(evidence, request.redactor())));
        measure(kind, took);
        if (outcome instanceof Answered answered) {
            LOG.debug(
                    "{} {} for payment {}: {} in {} ms",
                    folder.name(),
                    operation.name(),
                    job.paymentId(),
                    answered.status(),
                    took.toMillis());
        } else {
            LOG.warn("{} {} for payment {}: {}, {}", folder.name(), operation.name(), job.paymentId(), kind, why);
        }
    }

    /** A registry that will not have the timer must not take the outcome with it. */
    private void measure(String kind, Duration took) {
        try {
            Timer.builder("pinbridge.provider.call")
                    .description("Calls to providers, from the mark to the whole answer")
                    .tag("provider", folder.name())
                    .tag("operation", operation.name())
                    .tag("outcome", kind.toLowerCase(Locale.ROOT))
                    .register(component.meters())
                    .record(took);
        } catch (RuntimeException e) {
            LOG.warn("A call to {} could not be measured", folder.name(), e);
        }
    }

    private static @Nullable String meaning(Answered answered) {
        if (answered.refusal()) {
            return "the folder lists this answer as a refusal: nothing was started";
        }
        if (answered.busy()) {
            return "the folder lists this answer as busy: nothing was started";
        }
        return answered.success() ? null : "an answer without a meaning in the folder";
    }

    private static @Nullable String shortened(@Nullable String text) {
        return text == null || text.length() <= EVIDENCE_LIMIT
                ? text
                : text.substring(0, EVIDENCE_LIMIT) + "… (" + text.length() + " characters)";
    }

    private static JsonNode redacted(JsonNode node, Redactor redactor) {
        if (node.isObject()) {
            ObjectNode clean = Json.object();
            node.fields().forEachRemaining(field -> clean.set(field.getKey(), redacted(field.getValue(), redactor)));
            return clean;
        }
        if (node.isArray()) {
            var clean = Json.MAPPER.createArrayNode();
            node.forEach(each -> clean.add(redacted(each, redactor)));
            return clean;
        }
        if (node.isTextual()) {
            return clean(node.textValue(), redactor);
        }
        if (node.isNumber()) {
            // A card number may also stand there as a number.
            String plain = node.asText();
            String masked = redactor.all(plain);
            return masked.equals(plain) || plain.length() < 12 ? node : clean(plain, redactor);
        }
        return node;
    }

    private static JsonNode clean(@Nullable String text, Redactor redactor) {
        return text == null
                ? NullNode.getInstance()
                : Json.MAPPER.getNodeFactory().textNode(redactor.all(text));
    }

    /** The kinds and messages of an exception and its causes. */
    private static String describe(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        int depth = 0;
        for (Throwable each = thrown; each != null && depth < 4; each = each.getCause(), depth++) {
            text.append(depth == 0 ? "" : ", caused by ")
                    .append(each.getClass().getSimpleName())
                    .append(each.getMessage() == null ? "" : ": " + each.getMessage());
        }
        return text.toString();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        Duration connect = first(settings.connectTimeout(), operation.connectTimeout(), CONNECT_TIMEOUT);
        Duration response = first(settings.responseTimeout(), operation.responseTimeout(), RESPONSE_TIMEOUT);
        HttpComponent own = new HttpComponent();
        own.setCamelContext(getEndpoint().getCamelContext());
        own.setAutomaticRetriesDisabled(true);
        own.setRedirectHandlingDisabled(true);
        own.setFollowRedirects(false);
        own.setCookieManagementDisabled(true);
        own.setAuthCachingDisabled(true);
        own.setContentCompressionDisabled(true);
        own.setConnectionStateDisabled(true);
        own.setUseSystemProperties(false);
        own.setCopyHeaders(false);
        own.setSkipResponseHeaders(true);
        own.setUserAgent("PinBridge");
        own.setConnectTimeout(connect.toMillis());
        own.setConnectionRequestTimeout(connect.toMillis());
        // Holds while TLS shakes hands; for the answer the response time-out takes its place.
        own.setSoTimeout(connect.toMillis());
        own.setResponseTimeout(response.toMillis());
        own.setConnectionTimeToLive(Duration.ofMinutes(1).toMillis());
        own.setMaxTotalConnections(1000);
        own.setConnectionsPerRoute(1000);
        own.setHttpClientConfigurer(builder -> {
            builder.setRequestExecutor(new OneRequestExecutor(component.timer(), response));
            if (operation.once()) {
                // A pooled connection can be dead without our knowing, and a call on it in doubt for nothing.
                builder.setConnectionReuseStrategy((request, answer, context) -> false);
            }
        });
        ServiceHelper.startService(own);
        http = own;
        List<Host> started = new ArrayList<>();
        for (URI base : settings.bases(folder, operation)) {
            // Not through the context: its registry of endpoints must not hold this one.
            HttpEndpoint endpoint = (HttpEndpoint) own.createEndpoint(base.toString());
            endpoint.setThrowExceptionOnFailure(false);
            endpoint.setConnectionClose(operation.once());
            ServiceHelper.startService(endpoint);
            org.apache.camel.Producer producer = endpoint.createProducer();
            ServiceHelper.startService(producer);
            started.add(new Host(base, endpoint, producer));
        }
        hosts = List.copyOf(started);
    }

    @Override
    protected void doStop() throws Exception {
        for (Host host : hosts) {
            ServiceHelper.stopAndShutdownServices(host.producer(), host.endpoint());
        }
        hosts = List.of();
        ServiceHelper.stopAndShutdownServices(http);
        http = null;
        super.doStop();
    }

    private static Duration first(@Nullable Duration operator, @Nullable Duration fromFolder, Duration otherwise) {
        return operator != null ? operator : fromFolder != null ? fromFolder : otherwise;
    }
}
