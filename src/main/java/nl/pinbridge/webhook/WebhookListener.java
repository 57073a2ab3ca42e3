package nl.pinbridge.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import nl.pinbridge.provider.WebhookDoor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door for webhooks: checks the address, puts the body on a queue, answers. Nothing behind the queue can make it wait.
 *
 * <p>It stands on Vert.x itself and not on camel-platform-http, which builds on the same: that hands a request on only once its body
 * is there, and knows no limit on connections, on the time that a sender takes, or on who may send how much; and its headers would
 * become those of a Camel message. One request is served per connection, and a connection lives for seconds.
 */
public final class WebhookListener implements AutoCloseable {
    /** Bytes; documented bodies are well below 1 KB. */
    public static final int BODY_LIMIT = 65_536;

    /** From the connection's first byte to the body's last. */
    static final long SLOWEST_MILLIS = 5_000;

    /** Until the broker has the message; the sender is answered within the second. */
    static final long STORE_MILLIS = 900;

    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final int HEADERS_LIMIT = 8_192;
    /** Some providers put all that they say into the query. */
    private static final int LINE_LIMIT = 4_096;

    private static final int SENDERS = 8;
    private static final int WAITING_FOR_A_SENDER = 512;
    private static final int START_SECONDS = 20;
    private static final Logger LOG = LoggerFactory.getLogger(WebhookListener.class);

    /**
     * Where it listens, and how much it takes.
     *
     * @param port 0 takes a free one
     * @param connections open at the same time; one more is closed at once
     * @param perSecond webhooks of all payments together
     */
    public record Options(String host, int port, int connections, int perSecond) {}

    /** One connection: what it may still do. */
    private static final class Visit {
        private final long timer;
        private boolean served;

        Visit(long timer) {
            this.timer = timer;
        }
    }

    private final WebhookTokens tokens;
    private final Map<String, Door> doors;
    private final Consumer<String> queue;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Options options;
    private final Rates rates;
    private final Vertx vertx;
    private final HttpServer server;
    private final ExecutorService senders;
    private final AtomicBoolean brokerAway = new AtomicBoolean();
    /** Only the server's event loop touches it. */
    private final Map<HttpConnection, Visit> visits = new IdentityHashMap<>();

    private WebhookListener(
            Options options,
            WebhookTokens tokens,
            Map<String, Door> doors,
            Consumer<String> queue,
            Clock clock,
            MeterRegistry meters) {
        this.options = options;
        this.tokens = tokens;
        this.doors = Map.copyOf(doors);
        this.queue = queue;
        this.clock = clock;
        this.meters = meters;
        this.rates = new Rates(options.perSecond(), System::nanoTime);
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                SENDERS, SENDERS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_FOR_A_SENDER), task -> {
                    Thread thread = new Thread(task, "webhook-sender");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        this.senders = pool;
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        this.server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(options.host())
                        .setPort(options.port())
                        .setHttp2ClearTextEnabled(false)
                        .setMaxHeaderSize(HEADERS_LIMIT)
                        .setMaxInitialLineLength(LINE_LIMIT)
                        .setDecompressionSupported(false)
                        .setHandle100ContinueAutomatically(false)
                        .setIdleTimeout((int) (2 * SLOWEST_MILLIS))
                        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS))
                .connectionHandler(this::opened)
                .requestHandler(this::handle)
                .exceptionHandler(broken -> LOG.debug("A connection broke: {}", broken.getMessage()));
    }

    /**
     * Opens the door.
     *
     * @param doors of the providers whose webhooks can be read, by their folders' names
     * @param queue keeps a message for good before it returns; throws when it could not
     * @throws IllegalStateException when the port cannot be had
     */
    public static WebhookListener start(
            Options options,
            WebhookTokens tokens,
            Map<String, Door> doors,
            Consumer<String> queue,
            Clock clock,
            MeterRegistry meters) {
        WebhookListener listener = new WebhookListener(options, tokens, doors, queue, clock, meters);
        try {
            listener.server.listen().toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
            return listener;
        } catch (InterruptedException e) {
            listener.close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the port for webhooks was opened", e);
        } catch (ExecutionException | TimeoutException e) {
            listener.close();
            throw new IllegalStateException(
                    "pinbridge.http.port: " + options.host() + ":" + options.port() + " cannot be opened: "
                            + e.getMessage(),
                    e);
        }
    }

    public int port() {
        return server.actualPort();
    }

    private void opened(HttpConnection connection) {
        if (visits.size() >= options.connections()) {
            count("full");
            connection.close();
            return;
        }
        // Slow first lines and headers are never seen by a request handler: the connection itself has its time.
        long timer = vertx.setTimer(SLOWEST_MILLIS, late -> {
            Visit visit = visits.get(connection);
            if (visit != null && !visit.served) {
                count("slow");
            }
            connection.close();
        });
        visits.put(connection, new Visit(timer));
        connection.closeHandler(gone -> {
            Visit visit = visits.remove(connection);
            if (visit != null) {
                vertx.cancelTimer(visit.timer);
            }
        });
    }

    private void handle(HttpServerRequest request) {
        Visit visit = visits.get(request.connection());
        if (visit == null || visit.served) {
            // Pipelined behind another one: one request is served per connection.
            request.connection().close();
            return;
        }
        visit.served = true;
        new Reception(request, visit).begin();
    }

    private void count(String answer) {
        meters.counter("pinbridge.webhook.requests", "answer", answer).increment();
    }

    /** Stores the webhook; false when the broker did not take it. */
    private boolean store(Webhook webhook) {
        try {
            queue.accept(webhook.json());
            if (brokerAway.compareAndSet(true, false)) {
                LOG.info("Webhooks are stored again");
            }
            return true;
        } catch (RuntimeException e) {
            // One line for an outage: a flood must not fill the log.
            if (brokerAway.compareAndSet(false, true)) {
                LOG.warn("The broker does not take webhooks; their senders get 503: {}", e.getMessage());
            }
            return false;
        }
    }

    /** Whether the provider wrote it; on a sender's thread. */
    private static boolean isSigned(Signatures signatures, Webhook webhook, MultiMap headers, byte[] body) {
        String refusal = signatures.refusal(
                name -> {
                    List<String> values = headers.getAll(name);
                    return values.size() == 1 ? values.get(0) : null;
                },
                body);
        if (refusal != null) {
            signatures.tell(webhook.provider(), refusal);
        }
        return refusal == null;
    }

    /** One request, on the event loop. */
    private final class Reception {
        private final HttpServerRequest request;
        private final Visit visit;
        private final Context context = vertx.getOrCreateContext();
        private final Buffer body = Buffer.buffer();
        private WebhookDoor.Reply reply = WebhookDoor.Reply.NOTHING;
        private String replyType = TEXT;
        private boolean answered;

        Reception(HttpServerRequest request, Visit visit) {
            this.request = request;
            this.visit = visit;
        }

        void begin() {
            // An address of the other kind was never given to the provider.
            Optional<WebhookTokens.Subject> known = tokens.read(request.path()).filter(subject -> {
                Door door = doors.get(subject.provider());
                return door != null && door.rule().oneAddress() == (subject.paymentId() == null);
            });
            Door door = known.map(subject -> doors.get(subject.provider())).orElse(null);
            if (known.isEmpty() || door == null) {
                answer(404);
                return;
            }
            WebhookTokens.Subject subject = known.get();
            Set<String> methods = door.rule().methods();
            if (!methods.contains(request.method().name())) {
                request.response().putHeader(HttpHeaderNames.ALLOW, String.join(", ", new TreeSet<>(methods)));
                answer(405);
                return;
            }
            if (announced() > BODY_LIMIT) {
                answer(413);
                return;
            }
            String payment = subject.paymentId();
            if (payment == null ? !rates.takeShared(subject.provider()) : !rates.take(payment)) {
                request.response().putHeader(HttpHeaderNames.RETRY_AFTER, "1");
                answer(429);
                return;
            }
            vertx.cancelTimer(visit.timer);
            long slow = vertx.setTimer(SLOWEST_MILLIS, late -> answer(408));
            request.exceptionHandler(broken -> {
                vertx.cancelTimer(slow);
                if (!answered) {
                    answered = true;
                    count("broken-off");
                }
            });
            request.handler(part -> {
                if (answered) {
                    return;
                }
                if (body.length() + part.length() > BODY_LIMIT) {
                    vertx.cancelTimer(slow);
                    answer(413);
                } else {
                    body.appendBuffer(part);
                }
            });
            request.endHandler(whole -> {
                vertx.cancelTimer(slow);
                if (!answered) {
                    keep(subject, door);
                }
            });
            if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaderNames.EXPECT))) {
                request.response().writeContinue();
            }
        }

        /** The length that the head names; 0 when it names none. */
        private long announced() {
            String length = request.getHeader(HttpHeaderNames.CONTENT_LENGTH);
            return length == null || !length.matches("[0-9]{1,18}") ? 0 : Long.parseLong(length);
        }

        private void keep(WebhookTokens.Subject subject, Door door) {
            byte[] raw = body.getBytes();
            boolean inQuery = HttpMethod.GET.equals(request.method());
            String said =
                    inQuery ? Objects.requireNonNullElse(request.query(), "") : new String(raw, StandardCharsets.UTF_8);
            boolean json = !inQuery && said.stripLeading().startsWith("{");
            reply = json ? door.rule().json() : door.rule().text();
            replyType = json ? JSON : TEXT;
            MultiMap headers = request.headers();
            Webhook webhook = new Webhook(subject.provider(), subject.paymentId(), clock.instant(), said);
            // A message that the broker takes after this is a hint that came late: it does no harm.
            long deadline = vertx.setTimer(STORE_MILLIS, late -> answer(503));
            try {
                senders.execute(() -> {
                    boolean signed = door.signatures() == null || isSigned(door.signatures(), webhook, headers, raw);
                    boolean stored = signed && store(webhook);
                    context.runOnContext(now -> {
                        vertx.cancelTimer(deadline);
                        answer(stored ? 200 : signed ? 503 : 401);
                    });
                });
            } catch (RejectedExecutionException full) {
                vertx.cancelTimer(deadline);
                answer(503);
            }
        }

        private void answer(int status) {
            if (answered) {
                return;
            }
            answered = true;
            count(String.valueOf(status));
            String words = status == 200 ? reply.taken() : reply.notTaken();
            HttpServerResponse response =
                    request.response().setStatusCode(status).putHeader(HttpHeaderNames.CONNECTION, "close");
            if (!words.isEmpty()) {
                response.putHeader(HttpHeaderNames.CONTENT_TYPE, replyType);
            }
            response.end(words).onComplete(sent -> request.connection().close());
        }
    }

    @Override
    public void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("The port for webhooks did not close", e);
        } finally {
            senders.shutdown();
        }
    }
}
