package nl.pinbridge.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import nl.pinbridge.broker.BrokerConnections;
import nl.pinbridge.contract.Json;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A back office that keeps to the advice of the documentation: it writes its commands down before it sends them, sends the very same
 * command again when it hears nothing, drops repeated results and keeps the highest version.
 */
final class Office implements AutoCloseable {
    private static final Duration AGAIN = Duration.ofSeconds(4);

    /** A command that was written down. */
    private static final class Sent {
        final ObjectNode command;
        final long at = System.nanoTime();
        volatile long lastSent;
        volatile @Nullable JsonNode best;
        volatile long finalAt;
        volatile @Nullable ObjectNode other;

        Sent(ObjectNode command) {
            this.command = command;
        }

        boolean isOver() {
            JsonNode known = best;
            return known != null && known.path("final").asBoolean();
        }
    }

    private final Path connectionFile;
    private final Map<String, Sent> written = new ConcurrentHashMap<>();
    private final AtomicLong repeats = new AtomicLong();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "office");
        thread.setDaemon(true);
        return thread;
    });
    private final ScheduledFuture<?> chasing;
    private @Nullable ActiveMQConnectionFactory factory;
    private @Nullable JMSContext sending;

    Office(Path home) {
        connectionFile = home.resolve("data").resolve("client.properties");
        chasing = clock.scheduleWithFixedDelay(this::chase, 200, 200, TimeUnit.MILLISECONDS);
    }

    /** Writes a command down and sends it; what cannot be sent now is sent later. */
    void send(ObjectNode command) {
        String key = command.path("commandId").asText();
        Sent sent = new Sent(command);
        if (written.putIfAbsent(key, sent) != null) {
            throw new IllegalStateException("The key " + key + " was used before");
        }
        trySend(sent);
    }

    /** Sends something once more, or something that nobody waits for. */
    void sendOnce(ObjectNode command) {
        repeats.incrementAndGet();
        put(command);
    }

    /**
     * Sends other content under the key of a command, as soon as the bridge has shown that it knows the command: before that the
     * first could be the one that is lost, and the bridge would be right to take the other for the command.
     */
    void sendOtherOnceKnown(ObjectNode other) {
        java.util.Objects.requireNonNull(written.get(other.path("commandId").asText())).other = other;
    }

    private void trySend(Sent sent) {
        sent.lastSent = System.nanoTime();
        put(sent.command);
    }

    private synchronized void put(ObjectNode command) {
        try {
            connect();
            JMSContext context = java.util.Objects.requireNonNull(sending);
            TextMessage message = context.createTextMessage(Json.write(command));
            message.setJMSReplyTo(replies(context));
            context.createProducer().send(context.createQueue("payments.commands"), message);
        } catch (JMSException | RuntimeException e) {
            // Whatever keeps it from being sent: the bridge may be down and its file away. It is sent again later.
            hangUp();
        }
    }

    private static Queue replies(JMSContext context) {
        return context.createQueue("payments.replies.client");
    }

    private void connect() {
        if (sending != null) {
            return;
        }
        factory = BrokerConnections.ofFile(connectionFile);
        factory.setCallTimeout(3_000);
        factory.setReconnectAttempts(0);
        JMSContext context = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE);
        sending = context;
        JMSContext ear = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE);
        ear.setExceptionListener(gone -> dropped());
        ear.createConsumer(replies(ear)).setMessageListener(this::heard);
        ear.start();
    }

    private synchronized void dropped() {
        hangUp();
    }

    private void hangUp() {
        ActiveMQConnectionFactory old = factory;
        sending = null;
        factory = null;
        if (old != null) {
            Thread closing = new Thread(old::close, "office-hang-up");
            closing.setDaemon(true);
            closing.start();
        }
    }

    private void heard(Message message) {
        try {
            JsonNode result = Json.read(((TextMessage) message).getText());
            Sent sent = written.get(result.path("commandId").asText());
            if (sent == null) {
                return;
            }
            synchronized (sent) {
                JsonNode best = sent.best;
                // A refusal of the same key with other content has version 0 and is never the command's own result.
                int version = result.path("version").asInt();
                if (version > 0
                        && (best == null || version > best.path("version").asInt())) {
                    sent.best = result;
                    if (result.path("final").asBoolean() && sent.finalAt == 0) {
                        sent.finalAt = System.nanoTime();
                    }
                }
            }
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends again what has no final result and was not sent for a while. */
    private void chase() {
        long now = System.nanoTime();
        for (Sent sent : written.values()) {
            if (!sent.isOver() && now - sent.lastSent > AGAIN.toNanos()) {
                repeats.incrementAndGet();
                trySend(sent);
            }
            ObjectNode other = sent.other;
            if (other != null && sent.best != null) {
                sent.other = null;
                sendOnce(other);
            }
        }
        synchronized (this) {
            if (sending == null) {
                try {
                    connect();
                } catch (RuntimeException e) {
                    hangUp();
                }
            }
        }
    }

    /** Waits for a result of the command; its last known one. */
    JsonNode awaitFinal(String key, Duration atMost) {
        Sent sent = java.util.Objects.requireNonNull(written.get(key));
        Awaitility.await("the final result of " + key + ", last was " + sent.best)
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(20))
                .until(sent::isOver);
        return java.util.Objects.requireNonNull(sent.best);
    }

    /** Waits until something is known of the command. */
    void awaitKnown(String key, Duration atMost) {
        Sent sent = java.util.Objects.requireNonNull(written.get(key));
        Awaitility.await("a result of " + key)
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> sent.best != null);
    }

    @Nullable
    JsonNode best(String key) {
        return java.util.Objects.requireNonNull(written.get(key)).best;
    }

    JsonNode command(String key) {
        return java.util.Objects.requireNonNull(written.get(key)).command;
    }

    List<String> keys() {
        return written.keySet().stream().sorted().toList();
    }

    long repeats() {
        return repeats.get();
    }

    /** Milliseconds from writing a command down to its first final result, sorted. */
    List<Long> millisToFinal() {
        List<Long> times = new ArrayList<>();
        for (Sent sent : written.values()) {
            if (sent.finalAt != 0) {
                times.add(TimeUnit.NANOSECONDS.toMillis(sent.finalAt - sent.at));
            }
        }
        times.sort(Long::compare);
        return times;
    }

    @Override
    public void close() {
        chasing.cancel(false);
        clock.shutdownNow();
        synchronized (this) {
            hangUp();
        }
    }
}
