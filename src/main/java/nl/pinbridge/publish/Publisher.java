package nl.pinbridge.publish;

import java.util.ArrayList;
import java.util.List;
import nl.pinbridge.config.Probe;
import nl.pinbridge.ledger.Delivery;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Nudges;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jms.JmsException;

/**
 * Tells the world what a transaction decided. Whatever fails here is found by the sweep, so that nothing that was committed is ever
 * undone by a broker.
 */
public final class Publisher {
    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

    private final Ledger ledger;
    private final Messenger messenger;
    private final Probe probe;

    public Publisher(Ledger ledger, Messenger messenger, Probe probe) {
        this.ledger = ledger;
        this.messenger = messenger;
        this.probe = probe;
    }

    /** Sends nudges and alarms, then the results one destination at a time. */
    public void publish(Nudges nudges) {
        for (Nudges.Look look : nudges.looks()) {
            attempt("a look", () -> messenger.nudgeLook(look.paymentId(), look.at()));
        }
        for (Nudges.Wake wake : nudges.wakes()) {
            attempt("a command", () -> messenger.wake(wake));
        }
        publish(nudges.deliveries());
    }

    /** Sends results and notes in the ledger which of them reached the broker; the number that did. */
    public int publish(List<Delivery> deliveries) {
        if (deliveries.isEmpty()) {
            return 0;
        }
        List<String> delivered = new ArrayList<>();
        List<String> undeliverable = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            probe.at("before-publish");
            attempt("a result", () -> (messenger.deliver(delivery) ? delivered : undeliverable).add(delivery.id()));
        }
        probe.at("published");
        ledger.update(tx -> {
            tx.published(delivered, false);
            tx.published(undeliverable, true);
        });
        return delivered.size() + undeliverable.size();
    }

    private static void attempt(String what, Runnable send) {
        try {
            send.run();
        } catch (JmsException e) {
            LOG.warn(
                    "The broker did not take {}; the sweep will try again: {}",
                    what,
                    e.getMostSpecificCause().getMessage());
        }
    }
}
