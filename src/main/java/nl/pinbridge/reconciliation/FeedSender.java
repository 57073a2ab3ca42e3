package nl.pinbridge.reconciliation;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.List;
import nl.pinbridge.broker.Addresses;
import nl.pinbridge.config.Probe;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.ReconciliationRun;
import nl.pinbridge.ledger.ReconciliationRun.State;
import nl.pinbridge.ledger.ReconciliationTx.Entry;
import nl.pinbridge.ledger.ReconciliationTx.Feed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a feed that is in the ledger: header, rows and trailer in one transaction of the broker, so that nobody ever sees half of
 * it. The header carries a duplicate id, by which the broker refuses the whole transaction when the feed was sent before.
 */
public final class FeedSender {
    private static final Logger LOG = LoggerFactory.getLogger(FeedSender.class);
    private static final String DUPLICATE_ID = "_AMQ_DUPL_ID";

    private final Ledger ledger;
    private final Runs runs;
    private final ConnectionFactory connections;
    private final Probe probe;

    /** @param connections a pool that no consumer of the routes uses */
    public FeedSender(Ledger ledger, Runs runs, ConnectionFactory connections, Probe probe) {
        this.ledger = ledger;
        this.runs = runs;
        this.connections = connections;
        this.probe = probe;
    }

    /** Sends the feed of a run that is matched; does nothing otherwise. May be repeated. */
    public void send(Runs.Held held) {
        ReconciliationRun run = runs.run(held);
        if (run.state() != State.MATCHED) {
            return;
        }
        runs.renew(held);
        Feed feed =
                ledger.inTransaction(tx -> tx.reconciliation().feedOf(run.id()).orElseThrow());
        try {
            send(run, feed);
        } catch (JMSException e) {
            if (!isDuplicate(e)) {
                LOG.warn("The broker did not take the feed of {} {}", run.provider(), run.businessDay(), e);
                runs.failed(held, "the broker did not take the feed: " + e.getMessage());
                return;
            }
            LOG.info("The feed {} version {} was with the broker already", run.feedId(), run.version());
        }
        probe.at("feed-sent");
        runs.change(held, (tx, now) -> {
            tx.reconciliation().published(run.id(), tx.now());
            return now.with(row -> row.state(State.SENT));
        });
        LOG.info(
                "Published {} version {}{}",
                run.feedId(),
                run.version(),
                feed.dayOver() ? "" : ", provisional: the day is not over");
    }

    private void send(ReconciliationRun run, Feed feed) throws JMSException {
        try (Connection connection = connections.createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            try {
                MessageProducer producer = session.createProducer(session.createQueue(Addresses.RECONCILIATION));
                producer.setDeliveryMode(DeliveryMode.PERSISTENT);
                int number = 1;
                producer.send(message(session, feed, "HEADER", number, feed.header()));
                int after = 0;
                while (true) {
                    int from = after;
                    List<Entry> entries =
                            ledger.inTransaction(tx -> tx.reconciliation().entries(run.id(), from, Matching.PART));
                    if (entries.isEmpty()) {
                        break;
                    }
                    number++;
                    producer.send(message(session, feed, "ROWS", number, rows(run, entries)));
                    after = entries.get(entries.size() - 1).seq();
                }
                producer.send(message(session, feed, "TRAILER", number + 1, feed.trailer()));
                probe.at("feed-written");
                session.commit();
            } catch (JMSException | RuntimeException e) {
                rollback(session);
                throw e;
            }
        }
    }

    private static void rollback(Session session) {
        try {
            session.rollback();
        } catch (JMSException e) {
            LOG.debug("Nothing was left to roll back", e);
        }
    }

    private static String rows(ReconciliationRun run, List<Entry> entries) {
        StringBuilder text = new StringBuilder(entries.size() * 800);
        text.append("{\"part\":\"ROWS\",\"feedId\":\"")
                .append(run.feedId())
                .append("\",\"version\":")
                .append(run.version())
                .append(",\"rows\":[");
        String comma = "";
        for (Entry entry : entries) {
            text.append(comma).append(entry.body());
            comma = ",";
        }
        return text.append("]}").toString();
    }

    private static TextMessage message(Session session, Feed feed, String part, int number, String body)
            throws JMSException {
        TextMessage message = session.createTextMessage(body);
        if (number == 1) {
            message.setStringProperty(
                    DUPLICATE_ID, "feed/" + feed.feedId() + "/" + feed.version() + "/" + feed.runId());
        }
        message.setStringProperty("feedId", feed.feedId());
        message.setStringProperty("feedVersion", String.valueOf(feed.version()));
        message.setStringProperty("part", part);
        message.setStringProperty("number", String.valueOf(number));
        message.setStringProperty("provider", feed.provider());
        message.setStringProperty("businessDay", feed.businessDay().toString());
        message.setStringProperty("provisional", String.valueOf(!feed.dayOver()));
        return message;
    }

    private static boolean isDuplicate(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getClass().getSimpleName().equals("ActiveMQDuplicateIdException")
                    || String.valueOf(cause.getMessage()).contains("uplicate message detected")) {
                return true;
            }
        }
        return false;
    }
}
