package nl.pinbridge.publish;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.Delivery;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Nudges;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jms.JmsException;

/**
 * Finds in the ledger what should have happened and did not, and sends the nudge again: unpublished results, commands nobody works
 * on, looks past their time. So every message may be lost.
 */
public final class Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final int ROWS = 500;

    /** An alarm at the broker may ring a little late. */
    private static final Duration ALARM_GRACE = Duration.ofSeconds(5);

    private final Ledger ledger;
    private final Messenger messenger;
    private final Publisher publisher;
    private final Clock clock;

    public Sweep(Ledger ledger, Messenger messenger, Publisher publisher, Clock clock) {
        this.ledger = ledger;
        this.messenger = messenger;
        this.publisher = publisher;
        this.clock = clock;
    }

    /** The sweep of every minute. */
    public void run() {
        Instant now = clock.instant();
        sweep(now, now, now.minus(ALARM_GRACE));
    }

    /**
     * The first sweep of a node: whatever is unpublished or unattended may be left from a crash, and waits for nobody's grace. Another
     * node's work in progress may be nudged twice by it, which does no harm.
     */
    public void runAtStart() {
        Instant now = clock.instant();
        Instant farAhead = now.plus(Duration.ofMinutes(1));
        sweep(farAhead, farAhead, now);
    }

    private void sweep(Instant deliveriesDue, Instant nudgesDue, Instant looksDue) {
        try {
            List<Delivery> deliveries = ledger.inTransaction(tx -> tx.claimDeliveries(deliveriesDue, ROWS));
            int published = publisher.publish(deliveries);
            List<CommandRow> commands = ledger.inTransaction(tx -> tx.claimNudges(nudgesDue, ROWS));
            for (CommandRow command : commands) {
                messenger.wake(new Nudges.Wake(command.path(), command.provider(), command.rowId(), null));
            }
            List<String> looks = ledger.inTransaction(tx -> tx.overdueLooks(looksDue, ROWS));
            for (String payment : looks) {
                messenger.nudgeLook(payment, null);
            }
            if (published + commands.size() + looks.size() > 0) {
                LOG.info(
                        "Swept {} unpublished results, {} commands, {} looks",
                        published,
                        commands.size(),
                        looks.size());
            }
        } catch (JmsException e) {
            LOG.warn("The sweep stopped because the broker is out of reach; the next one goes on: {}", e.getMessage());
        }
    }
}
