package nl.pinbridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;

class LoggingTest {
    @Test
    void logs_go_to_standard_error_and_libraries_are_quiet() {
        try (LoggerContext context = context()) {
            ConsoleAppender appender = context.getConfiguration().getAppender("stderr");
            assertThat(appender.getTarget()).isEqualTo(ConsoleAppender.Target.SYSTEM_ERR);
            assertThat(context.getLogger("nl.pinbridge.ledger").getLevel()).isEqualTo(Level.INFO);
            assertThat(context.getLogger("org.apache.camel").getLevel()).isEqualTo(Level.WARN);
        }
    }

    @Test
    void a_line_break_in_a_senders_text_cannot_forge_a_line_of_the_log() {
        try (LoggerContext context = context()) {
            String line = String.valueOf(context.getConfiguration()
                    .getAppender("stderr")
                    .getLayout()
                    .toSerializable(Log4jLogEvent.newBuilder()
                            .setLoggerName("nl.pinbridge.Intake")
                            .setLevel(Level.WARN)
                            .setThreadName("t")
                            .setMessage(new SimpleMessage("reference a\r\n2026-11-21 INFO paid"))
                            .build()));
            assertThat(line.lines()).hasSize(1);
            assertThat(line).contains("WARN  Intake [t] reference a\\r\\n2026-11-21 INFO paid");
        }
    }

    private static LoggerContext context() {
        return Configurator.initialize(
                null,
                LoggingTest.class.getClassLoader(),
                Path.of("src/main/resources/log4j2.xml").toUri());
    }
}
