package nl.pinbridge.app;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.LedgerUnavailableException;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops every consumer while the ledger is out of reach: nothing is taken that cannot be recorded. Opens again as soon as the ledger
 * answers.
 */
final class LedgerGate implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerGate.class);
    private static final long PROBE_MILLIS = 1_000;

    private final Ledger ledger;
    private final CamelContext camel;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "ledger-gate");
        daemon.setDaemon(true);
        return daemon;
    });

    LedgerGate(Ledger ledger, CamelContext camel) {
        this.ledger = ledger;
        this.camel = camel;
    }

    /** Closes the gate; returns at once, because a consumer's own thread cannot stop its consumer. */
    void shut() {
        if (closed.compareAndSet(false, true)) {
            LOG.error("The ledger is out of reach: all consumers pause until it answers");
            thread.execute(this::pause);
        }
    }

    boolean isShut() {
        return closed.get();
    }

    private List<String> consumers() {
        return camel.getRoutes().stream()
                .filter(route -> route.getEndpoint().getEndpointUri().startsWith("jms:"))
                .map(Route::getId)
                .toList();
    }

    private void pause() {
        for (String route : consumers()) {
            try {
                camel.getRouteController().suspendRoute(route);
            } catch (Exception e) {
                LOG.warn("The route {} could not be paused", route, e);
            }
        }
        thread.schedule(this::probe, PROBE_MILLIS, TimeUnit.MILLISECONDS).isDone();
    }

    private void probe() {
        try {
            ledger.databaseTime();
        } catch (LedgerUnavailableException e) {
            thread.schedule(this::probe, PROBE_MILLIS, TimeUnit.MILLISECONDS).isDone();
            return;
        }
        // Open before the consumers run: one of them may find the ledger gone again and must be able to shut it.
        closed.set(false);
        LOG.info("The ledger answers again: all consumers go on");
        for (String route : consumers()) {
            try {
                camel.getRouteController().resumeRoute(route);
            } catch (Exception e) {
                LOG.warn("The route {} could not be resumed", route, e);
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
