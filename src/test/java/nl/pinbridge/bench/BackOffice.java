package nl.pinbridge.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import nl.pinbridge.broker.BrokerConnections;
import nl.pinbridge.contract.Json;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A back office with many tills, over TCP: sends create commands durably and reads all of their results. */
final class BackOffice implements AutoCloseable {
    private static final int SESSIONS = 4;
    private static final String REPLIES = "payments.replies.client";
    private static final AtomicLong RUNS = new AtomicLong();

    private record Sent(int till, long nanos) {}

    private final String run = "b" + RUNS.incrementAndGet() + "-" + System.currentTimeMillis() + "-";
    private final JMSContext connection;
    private final List<JMSContext> sessions = new ArrayList<>();
    private final ThreadLocal<JMSContext> senders;
    private final ExecutorService threads = Executors.newFixedThreadPool(SESSIONS);
    private final Map<String, Sent> open = new ConcurrentHashMap<>();
    private final AtomicLong sequence = new AtomicLong();
    private final AtomicLong succeeded = new AtomicLong();
    private final AtomicLong otherwise = new AtomicLong();
    private final AtomicLong startedNow = new AtomicLong();
    private volatile Window window = new Window();
    private volatile @Nullable IntConsumer next;

    BackOffice(Path clientProperties) {
        ActiveMQConnectionFactory factory = BrokerConnections.ofFile(clientProperties);
        // As a client's own factory has it: results are fetched ahead.
        factory.setConsumerWindowSize(1024 * 1024);
        connection = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE);
        for (int i = 0; i < SESSIONS; i++) {
            JMSContext session = connection.createContext(JMSContext.AUTO_ACKNOWLEDGE);
            session.createConsumer(session.createQueue(REPLIES)).setMessageListener(this::arrived);
            session.start();
            sessions.add(session);
        }
        senders = ThreadLocal.withInitial(() -> {
            JMSContext session = connection.createContext(JMSContext.AUTO_ACKNOWLEDGE);
            synchronized (sessions) {
                sessions.add(session);
            }
            return session;
        });
    }

    /** Sends the next command of a till, on one of the back office's own threads. */
    void send(int till) {
        threads.execute(() -> sendNow(till));
    }

    private void sendNow(int till) {
        JMSContext session = senders.get();
        Queue replies = session.createQueue(REPLIES);
        String key = run + sequence.incrementAndGet();
        ObjectNode command = Json.object()
                .put("commandId", key)
                .put("command", "create")
                .put("terminal", "till-" + till)
                .put("reference", "SO-" + key);
        command.putObject("amount").put("value", 1050).put("currency", "EUR");
        JMSProducer producer = session.createProducer().setJMSReplyTo(replies);
        String text = Json.write(command);
        open.put(key, new Sent(till, System.nanoTime()));
        producer.send(session.createQueue("payments.commands"), text);
    }

    private void arrived(Message message) {
        long now = System.nanoTime();
        try {
            String key = message.getStringProperty("commandId");
            boolean last = "true".equals(message.getStringProperty("final"));
            String status = message.getStringProperty("status");
            Sent sent = last ? open.remove(key) : open.get(key);
            if (sent == null) {
                // A result of an earlier run, or the first result overtaken by the final one.
                return;
            }
            if (!last) {
                if (status.equals("STARTED")) {
                    window.started(now - sent.nanos());
                    startedNow.incrementAndGet();
                }
                return;
            }
            window.ended(now - sent.nanos());
            (status.equals("SUCCEEDED") ? succeeded : otherwise).incrementAndGet();
            IntConsumer then = next;
            if (then != null) {
                then.accept(sent.till());
            }
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From now on a till that has its final result sends its next command. */
    void keepBusy(int tills) {
        next = this::send;
        for (int till = 1; till <= tills; till++) {
            send(till);
        }
    }

    /** Commands no more, and waits for the results of those that were sent. */
    void drain(Duration atMost) {
        next = null;
        Awaitility.await("the last results")
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(50))
                .until(open::isEmpty);
    }

    /** Begins a new window and hands out the one that ended. */
    Window nextWindow() {
        Window before = window;
        window = new Window();
        return before.close();
    }

    int open() {
        return open.size();
    }

    /** First results so far. */
    long started() {
        return startedNow.get();
    }

    long succeeded() {
        return succeeded.get();
    }

    /** Final results that were no success. */
    long otherwise() {
        return otherwise.get();
    }

    @Override
    public void close() throws InterruptedException {
        next = null;
        threads.shutdown();
        if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
            threads.shutdownNow();
        }
        sessions.forEach(JMSContext::close);
        connection.close();
    }
}
