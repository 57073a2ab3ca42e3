package nl.pinbridge.app;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import nl.pinbridge.config.Complaint;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.LedgerUnavailableException;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Ready only while broker and ledger answer and the clocks of bridge, broker and database agree. */
final class Readiness extends AbstractHealthCheck {
    /** More than this apart, and "stale" would mean different things to different parts. */
    private static final Duration CLOCKS_APART = Duration.ofSeconds(2);

    private final Ledger ledger;
    private final LedgerGate gate;
    private final Supplier<Duration> brokerAhead;
    private final Supplier<List<Complaint>> terminalDirectory;
    private final Clock clock;

    /**
     * @param terminalDirectory what is wrong with the file of terminals as it now is; empty while it is in force
     * @param brokerAhead by how much the broker's clock is ahead; throws when the broker is away
     */
    Readiness(
            Ledger ledger,
            LedgerGate gate,
            Supplier<Duration> brokerAhead,
            Supplier<List<Complaint>> terminalDirectory,
            Clock clock) {
        super("pinbridge", "bridge");
        this.ledger = ledger;
        this.gate = gate;
        this.brokerAhead = brokerAhead;
        this.terminalDirectory = terminalDirectory;
        this.clock = clock;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        if (gate.isShut()) {
            builder.message("The ledger is out of reach").down();
            return;
        }
        try {
            Duration database = Duration.between(clock.instant(), ledger.databaseTime());
            Duration broker = brokerAhead.get();
            List<Complaint> refused = terminalDirectory.get();
            if (!refused.isEmpty()) {
                // The directory as it was is in force: nothing stops, but somebody should know.
                builder.detail("terminalDirectoryRefused", refused.toString());
            }
            builder.detail("databaseAheadMillis", database.toMillis());
            builder.detail("brokerAheadMillis", broker.toMillis());
            if (database.abs().compareTo(CLOCKS_APART) > 0 || broker.abs().compareTo(CLOCKS_APART) > 0) {
                builder.message("The clocks of bridge, broker and database differ by more than 2 s")
                        .down();
            } else {
                builder.up();
            }
        } catch (LedgerUnavailableException e) {
            builder.message("The ledger is out of reach").error(e).down();
        } catch (RuntimeException e) {
            builder.message("The broker is out of reach").error(e).down();
        }
    }
}
