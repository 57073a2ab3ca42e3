package nl.pinbridge.sandbox;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One simulated provider: a room of its own behind the sandbox's port. Its methods may be called from any thread. */
interface StandIn {
    /** Stands in the book and in the calls. */
    String name();

    /** What the paths of its own API begin with, for example {@code /V1/}. */
    String prefix();

    /** The operations that a script may name. */
    Set<Operation> operations();

    /** Answers one call, on the event loop and without blocking it. */
    void handle(HttpServerRequest request);

    /**
     * Makes the customer act now, also on a payment that is over: a provider that contradicts itself.
     *
     * @return false when this provider knows no such transaction
     */
    boolean act(String transactionId, Ending ending);

    /** Terminals that it was started with or has seen, in the order of their ids. */
    List<TerminalState> terminals();

    /** Payments and refunds, oldest first. */
    List<? extends Payment<?>> payments();

    void reset();

    /**
     * A line on the human page.
     *
     * @param brand the back end behind it; null where there are no brands
     * @param running number of payments and refunds that are not over
     * @param ctmps how often it was made to call its management host
     */
    record TerminalState(String id, @Nullable String brand, long running, long ctmps) {}
}
