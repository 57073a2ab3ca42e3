package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.sandbox.Answer;
import nl.pinbridge.sandbox.Brand;
import nl.pinbridge.sandbox.Fault;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.junit.jupiter.api.Test;

/** The key of a terminal stands in the terminal directory and nowhere else. */
class SecretsTest {
    private static final List<String> NOISY = List.of("org.apache.hc", "org.apache.camel");

    /** Keeps every line that would be written, stack traces and the names of threads included. */
    private static final class Lines extends AbstractAppender implements AutoCloseable {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();
        private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
        private final LoggerConfig root = context.getConfiguration().getRootLogger();
        private final LoggerConfig ours = context.getConfiguration().getLoggerConfig("nl.pinbridge");
        private final Level before = ours.getLevel();

        Lines() {
            super(
                    "lines",
                    null,
                    PatternLayout.newBuilder()
                            .withPattern("%p %c %t %m %X%n%ex")
                            .build(),
                    false,
                    Property.EMPTY_ARRAY);
            start();
            root.addAppender(this, Level.ALL, null);
            ours.setLevel(Level.TRACE);
            // As somebody would who looks for the cause of a failing call.
            NOISY.forEach(
                    name -> context.getConfiguration().addLogger(name, new LoggerConfig(name, Level.TRACE, true)));
            context.updateLoggers();
        }

        @Override
        public void append(LogEvent event) {
            lines.add(new String(getLayout().toByteArray(event), StandardCharsets.UTF_8));
        }

        @Override
        public void close() {
            root.removeAppender("lines");
            ours.setLevel(before);
            NOISY.forEach(context.getConfiguration()::removeLogger);
            context.updateLoggers();
            stop();
        }
    }

    @Test
    void no_key_of_a_terminal_is_logged_told_or_kept() throws IOException {
        try (Lines lines = new Lines();
                RunningBridge bridge = RunningBridge.with().start()) {
            List<String> told;
            try (TestClient client = bridge.client();
                    Inbox events = Inbox.ofTopic(bridge.factory(), "payments.events")) {
                Till echoing = bridge.till();
                bridge.sandbox()
                        .faults()
                        .add(Fault.onCreate()
                                .terminal(echoing.id())
                                .answer(new Answer.Http(
                                        200,
                                        "{\"status\":\"error\",\"message\":\"key " + RunningBridge.KEY
                                                + "1 is odd\"}")));
                Till refusing = bridge.till();
                bridge.sandbox()
                        .faults()
                        .add(Fault.onCreate()
                                .terminal(refusing.id())
                                .answer(new Answer.Http(403, "{\"key\":\"" + RunningBridge.KEY + "2\"}")));
                Till silent = bridge.till();
                bridge.sandbox()
                        .faults()
                        .add(Fault.onCreate().terminal(silent.id()).breakConnection());
                client.send(TestClient.create("echoed", echoing.alias(), 100));
                client.send(TestClient.create("echoed-refusal", refusing.alias(), 100));
                client.send(TestClient.create("silent", silent.alias(), 100));
                client.send(TestClient.create("fine", bridge.till().alias(), 100));
                client.send(TestClient.create("fine-ccv", bridge.till(Brand.CCV).alias(), 100));
                client.send(TestClient.create("refused-key", "wrong-key", 100));
                client.send("not json");
                for (String key : List.of("echoed", "echoed-refusal", "silent", "fine", "fine-ccv", "refused-key")) {
                    client.awaitFinal(key);
                }
                assertThat(text(client.awaitFinal("fine"), "status")).isEqualTo("SUCCEEDED");
                told = Stream.concat(
                                client.arrivals().stream().map(Object::toString),
                                events.arrivals().stream().map(Object::toString))
                        .toList();
            }
            bridge.stop();
            assertThat(told).isNotEmpty().noneMatch(line -> line.contains(RunningBridge.KEY));
            assertThat(lines.lines).isNotEmpty().noneMatch(line -> line.contains(RunningBridge.KEY));
            assertThat(filesWith(bridge.home(), RunningBridge.KEY))
                    .containsExactly(bridge.home().resolve("config").resolve("terminals.yaml"));
            // The search finds what is there: this shows that neither the ledger nor the journal is packed.
            assertThat(filesWith(bridge.data(), "echoed-refusal"))
                    .anyMatch(file -> file.toString().endsWith(".mv.db"))
                    .anyMatch(file -> file.toString().contains("journal"));
        }
    }

    private static List<Path> filesWith(Path folder, String text) throws IOException {
        byte[] plain = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] wide = text.getBytes(StandardCharsets.UTF_16BE);
        byte[] wideLittle = text.getBytes(StandardCharsets.UTF_16LE);
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> {
                        String content = read(file);
                        return Stream.of(plain, wide, wideLittle)
                                .anyMatch(bytes -> content.contains(new String(bytes, StandardCharsets.ISO_8859_1)));
                    })
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
