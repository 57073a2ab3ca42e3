package nl.pinbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import nl.pinbridge.contract.Json;
import org.jspecify.annotations.Nullable;

/** Many senders of one command at the same moment, each with its own reply queue and correlation id. */
final class Crowd {
    /** What one sender heard: every correlation id that came, and the last result; null when none was final in time. */
    record Heard(String asked, List<String> correlationIds, @Nullable JsonNode last) {}

    private Crowd() {}

    /**
     * @param factories taken in turn, one for each connection
     * @param each senders on each connection
     */
    static List<Heard> send(
            List<ConnectionFactory> factories, int connections, int each, JsonNode command, Duration atMost)
            throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(connections);
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            List<Future<List<Heard>>> running = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                ConnectionFactory factory = factories.get(i % factories.size());
                String name = "sender-" + i;
                running.add(threads.submit(() -> connection(factory, name, each, command, atMost, barrier)));
            }
            List<Heard> heard = new ArrayList<>();
            for (Future<List<Heard>> one : running) {
                heard.addAll(one.get());
            }
            return heard;
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Heard> connection(
            ConnectionFactory factory, String name, int each, JsonNode command, Duration atMost, CyclicBarrier barrier)
            throws Exception {
        try (JMSContext context = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
            List<JMSConsumer> consumers = new ArrayList<>();
            List<TextMessage> messages = new ArrayList<>();
            for (int i = 0; i < each; i++) {
                TemporaryQueue replies = context.createTemporaryQueue();
                consumers.add(context.createConsumer(replies));
                TextMessage message = context.createTextMessage(Json.write(command));
                message.setJMSReplyTo(replies);
                message.setJMSCorrelationID(name + "-" + i);
                messages.add(message);
            }
            JMSProducer producer = context.createProducer();
            var commands = context.createQueue("payments.commands");
            barrier.await();
            for (TextMessage message : messages) {
                producer.send(commands, message);
            }
            long deadline = System.nanoTime() + atMost.toNanos();
            List<Heard> heard = new ArrayList<>();
            for (int i = 0; i < each; i++) {
                heard.add(listen(consumers.get(i), name + "-" + i, deadline));
            }
            return heard;
        }
    }

    private static Heard listen(JMSConsumer consumer, String asked, long deadline) throws JMSException {
        List<String> correlationIds = new ArrayList<>();
        while (true) {
            long left = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
            Message message = consumer.receive(left);
            if (message == null) {
                return new Heard(asked, correlationIds, null);
            }
            correlationIds.add(message.getJMSCorrelationID());
            JsonNode body = Json.read(((TextMessage) message).getText());
            if (body.path("final").asBoolean()) {
                return new Heard(asked, correlationIds, body);
            }
        }
    }

    /** All of them heard the same final result, under their own correlation id. */
    static void assertOneResult(List<Heard> heard, int senders) {
        assertThat(heard).hasSize(senders);
        assertThat(heard).filteredOn(one -> one.last() == null).isEmpty();
        assertThat(heard).extracting(Heard::last).containsOnly(heard.get(0).last());
        assertThat(heard)
                .allSatisfy(one -> assertThat(one.correlationIds()).isNotEmpty().containsOnly(one.asked()));
    }
}
