package nl.pinbridge.sandbox;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Simulated providers on one HTTP port, with their book of charges and refunds, the list of calls and the scripts. Start it in its own process ({@link SandboxMain}) where
 * the bridge is to be killed. All methods may be called from any thread but an event loop.
 */
public final class Sandbox implements AutoCloseable {
    private static final int START_SECONDS = 20;

    private final Vertx vertx;
    private final SandboxOptions options;
    private final Book book = new Book();
    private final Calls calls = new Calls();
    private final Outbox outbox = new Outbox();
    private final Holds holds = new Holds();
    private final Days days = new Days();
    private final Faults faults = new Faults();
    private final Webhooks webhooks;
    private final List<StandIn> standIns;
    private final Bavindo bavindo;
    private final Control control;
    private final HttpServer server;

    private Sandbox(SandboxOptions options) {
        this.options = options;
        this.vertx = Vertx.vertx(new VertxOptions()
                .setUseDaemonThread(true)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        this.webhooks = new Webhooks(vertx);
        Room room = new Room(vertx, options, book, calls, outbox, faults, holds, webhooks);
        this.bavindo = new Bavindo(room, options.bavindo());
        this.standIns = List.of(
                new PinVandaag(room, days),
                new PayNl(room, options.payNl()),
                new PinVandaagV2(room, options.pinVandaagV2()),
                bavindo,
                new Ccv(room, options.ccv()),
                new PayProxy(room, options.payProxy()));
        standIns.forEach(standIn -> faults.know(standIn.name(), standIn.operations()));
        this.control = new Control(vertx, this);
        this.server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(options.host())
                        .setPort(options.port())
                        .setHttp2ClearTextEnabled(false)
                        .setAcceptBacklog(4_096))
                .requestHandler(this::handle);
    }

    /**
     * Starts and returns once the port is open.
     *
     * @throws IllegalStateException when the port cannot be opened
     */
    public static Sandbox start(SandboxOptions options) {
        Sandbox sandbox = new Sandbox(options);
        try {
            sandbox.server.listen().toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
            return sandbox;
        } catch (InterruptedException e) {
            sandbox.close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the sandbox started", e);
        } catch (ExecutionException | TimeoutException e) {
            sandbox.close();
            throw new IllegalStateException(
                    "the sandbox cannot listen on " + options.host() + ":" + options.port() + ": " + e.getMessage(), e);
        }
    }

    private void handle(HttpServerRequest request) {
        String path = request.path();
        for (StandIn standIn : standIns) {
            if (path != null && path.startsWith(standIn.prefix())) {
                standIn.handle(request);
                return;
            }
        }
        control.handle(request);
    }

    /** For example {@code http://127.0.0.1:40123}, without a slash at the end. */
    public String url() {
        return "http://" + (options.host().equals("0.0.0.0") ? "127.0.0.1" : options.host()) + ":" + port();
    }

    /** The base URL of the simulated Pin Vandaag, ending in {@code /V1}. */
    public String pinVandaagUrl() {
        return url() + "/V1";
    }

    /** The base URL of the simulated Pin Vandaag V2, ending in {@code /V2}. */
    public String pinVandaagV2Url() {
        return url() + PinVandaagV2.PREFIX + "main/V2";
    }

    /** The second host of the simulated Pin Vandaag V2; what reaches it stands in {@link #calls()} with its own host. */
    public String pinVandaagV2BackupUrl() {
        return url() + PinVandaagV2.PREFIX + "backup/V2";
    }

    /** The simulated {@code connect.pay.nl}: orders lie below it under {@code /v1/orders}. */
    public String payNlUrl() {
        return url() + PayNl.PREFIX + "connect";
    }

    /**
     * Another core of the simulated PAY.; what reaches it stands in {@link #calls()} with its own host.
     *
     * @param number 2, 3 or 4
     */
    public String payNlCoreUrl(int number) {
        String core = "core" + number;
        if (!PayNl.HOSTS.containsKey(core)) {
            throw new IllegalArgumentException("cores are numbered 2 to 4");
        }
        return url() + PayNl.PREFIX + core;
    }

    /** The simulated {@code rest.pay.nl/v2}: terminals, refunds without a card, transactions. */
    public String payNlRestUrl() {
        return url() + PayNl.PREFIX + "rest/v2";
    }

    /** The simulated {@code api.bavindo.com}. */
    public String bavindoUrl() {
        return url() + "/bavindo";
    }

    /** Sets where Bavindo's webhooks go, as its Customer Area does; null for nowhere. A reset leaves it as it is. */
    public void bavindoWebhooks(@Nullable String address) {
        bavindo.sendTo(address);
    }

    /** The base URL of the simulated CCV Payment API, ending in {@code /api/v1}. */
    public String ccvUrl() {
        return url() + Ccv.API;
    }

    /** The base URL of the simulated PayProxy on one terminal: letters, digits and hyphens. */
    public String payProxyUrl(String terminal) {
        return url() + PayProxy.PREFIX + terminal;
    }

    public int port() {
        return server.actualPort();
    }

    public Book book() {
        return book;
    }

    public Calls calls() {
        return calls;
    }

    /** The receipts that would have been mailed. */
    public Outbox outbox() {
        return outbox;
    }

    /** How often this terminal was really made to call its management host. */
    public long ctmps(String terminal) {
        return standIns.stream()
                .flatMap(standIn -> standIn.terminals().stream())
                .filter(state -> state.id().equals(terminal))
                .mapToLong(StandIn.TerminalState::ctmps)
                .sum();
    }

    /** What the list of transactions holds beside the payments that ran here. */
    public Days days() {
        return days;
    }

    public Faults faults() {
        return faults;
    }

    /** The webhooks that were sent, and the scripts for those to come. */
    public Webhooks webhooks() {
        return webhooks;
    }

    /** How many answers wait for {@link #release()}. */
    public int held() {
        return holds.size();
    }

    /** Sends every answer that is held; how many there were. Scripts stay in force. */
    public int release() {
        return holds.release();
    }

    /**
     * Makes the customer act now on one payment or refund, also on one that is over: then the provider contradicts itself. Money is booked once per transaction and
     * never taken back.
     *
     * @throws IllegalArgumentException when no provider knows the transaction
     */
    public void act(String transactionId, Outcome outcome) {
        act(transactionId, Ending.of(outcome));
    }

    /**
     * The same, with the provider's own codes.
     *
     * @throws IllegalArgumentException when no provider knows the transaction
     */
    public void act(String transactionId, Ending ending) {
        for (StandIn standIn : standIns) {
            if (standIn.act(transactionId, ending)) {
                return;
            }
        }
        throw new IllegalArgumentException("no such transaction");
    }

    /** Forgets charges, refunds, mails, calls, scripts and payments, and lets held answers go. */
    public void reset() {
        // First: a call that came before this does not act any more, also where its script is gone.
        standIns.forEach(StandIn::reset);
        faults.clear();
        holds.release();
        book.clear();
        calls.clear();
        outbox.clear();
        webhooks.clear();
        days.clear();
    }

    List<StandIn> standIns() {
        return standIns;
    }

    /** Closes the port and every connection. */
    @Override
    public void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the sandbox did not close", e);
        }
    }
}
