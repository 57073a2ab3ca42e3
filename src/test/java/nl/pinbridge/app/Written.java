package nl.pinbridge.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.layout.PatternLayout;

/** Finds what a bridge wrote, to its log and to files. */
public final class Written {
    private Written() {}

    private static final List<String> NOISY = List.of("org.apache.hc", "org.apache.camel");

    /** Keeps every line that would be written, stack traces and the names of threads included. */
    public static final class Log extends AbstractAppender implements AutoCloseable {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();
        private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
        private final LoggerConfig root = context.getConfiguration().getRootLogger();
        private final LoggerConfig ours = context.getConfiguration().getLoggerConfig("nl.pinbridge");
        private final Level before = ours.getLevel();

        public Log() {
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

        public List<String> all() {
            return List.copyOf(lines);
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

    public static List<Path> filesWith(Path folder, String text) throws IOException {
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
