package nl.pinbridge.app;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import nl.pinbridge.config.Complaint;
import nl.pinbridge.ledger.Ledger;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.jspecify.annotations.Nullable;

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
        List<Complaint> refused = terminalDirectory.get();
        if (!refused.isEmpty()) {
            // The directory as it was is in force: nothing stops, but somebody should know.
            builder.detail("terminalDirectoryRefused", refused.toString());
        }
        List<String> wrong = new ArrayList<>();
        judge(builder, "database", gate.isShut() ? null : this::databaseAhead, "The ledger is out of reach", wrong);
        judge(builder, "broker", brokerAhead, "The broker is out of reach", wrong);
        if (wrong.isEmpty()) {
            builder.up();
        } else {
            builder.message(String.join("; ", wrong)).down();
        }
    }

    private Duration databaseAhead() {
        return Duration.between(clock.instant(), ledger.databaseTime());
    }

    /** One of the two that the bridge cannot do without: whether it answers, and whether its clock is right. */
    private static void judge(
            HealthCheckResultBuilder builder,
            String name,
            @Nullable Supplier<Duration> ahead,
            String away,
            List<String> wrong) {
        try {
            if (ahead == null) {
                builder.detail(name, "DOWN");
                wrong.add(away);
                return;
            }
            Duration difference = ahead.get();
            builder.detail(name, "UP");
            builder.detail(name + "AheadMillis", difference.toMillis());
            if (difference.abs().compareTo(CLOCKS_APART) > 0) {
                wrong.add("The clocks of bridge and " + name + " differ by " + difference.toMillis()
                        + " ms, more than 2 s");
            }
        } catch (RuntimeException e) {
            builder.detail(name, "DOWN");
            builder.error(e);
            wrong.add(away);
        }
    }
}
