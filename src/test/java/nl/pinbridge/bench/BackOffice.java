package nl.pinbridge.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
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
    private static final int READERS = 4;

    /** Enough that a command does not wait here for the broker's answer to another. */
    private static final int SENDERS = 16;

    private static final String REPLIES = "payments.replies.client";
    private static final AtomicLong RUNS = new AtomicLong();

    private record Sent(int till, long nanos) {}

    private record Sender(Session session, MessageProducer producer) {}

    private final String run = "b" + RUNS.incrementAndGet() + "-" + System.currentTimeMillis() + "-";
    private final Connection connection;
    private final Session plain;
    private final Queue replies;
    private final BlockingQueue<Sender> senders = new ArrayBlockingQueue<>(SENDERS);
    private final ExecutorService threads = Executors.newFixedThreadPool(SENDERS);
    private final Map<String, Sent> open = new ConcurrentHashMap<>();
    private final AtomicLong sequence = new AtomicLong();
    private final AtomicLong succeeded = new AtomicLong();
    private final AtomicLong otherwise = new AtomicLong();
    private final AtomicLong startedNow = new AtomicLong();
    private volatile Window window = new Window();
    private volatile @Nullable IntConsumer next;

    BackOffice(Path clientProperties) throws JMSException {
        ActiveMQConnectionFactory factory = BrokerConnections.ofFile(clientProperties);
        // As a client's own factory has it: results are fetched ahead, and acknowledged without waiting.
        factory.setConsumerWindowSize(1024 * 1024);
        factory.setBlockOnAcknowledge(false);
        connection = factory.createConnection();
        plain = connection.createSession(Session.AUTO_ACKNOWLEDGE);
        replies = plain.createQueue(REPLIES);
        Queue commands = plain.createQueue("payments.commands");
        for (int i = 0; i < READERS; i++) {
            Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            session.createConsumer(replies).setMessageListener(this::arrived);
        }
        for (int i = 0; i < SENDERS; i++) {
            Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            senders.add(new Sender(session, session.createProducer(commands)));
        }
        connection.start();
    }

    /** Sends the next command of a till, on one of the back office's own threads. */
    void send(int till) {
        long now = System.nanoTime();
        threads.execute(() -> sendNow(till, now));
    }

    private void sendNow(int till, long asked) {
        String key = run + sequence.incrementAndGet();
        ObjectNode command = Json.object()
                .put("commandId", key)
                .put("command", "create")
                .put("terminal", "till-" + till)
                .put("reference", "SO-" + key);
        command.putObject("amount").put("value", 1050).put("currency", "EUR");
        open.put(key, new Sent(till, asked));
        try {
            Sender sender = senders.take();
            TextMessage message = sender.session().createTextMessage(Json.write(command));
            message.setJMSReplyTo(replies);
            sender.producer().send(message);
            senders.add(sender);
        } catch (JMSException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
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
    public void close() throws InterruptedException, JMSException {
        next = null;
        threads.shutdown();
        if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
            threads.shutdownNow();
        }
        plain.close();
        connection.close();
    }
}
