package nl.pinbridge.cli;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.JMSSecurityRuntimeException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Properties;
import nl.pinbridge.config.Secret;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/**
 * What the bridge left in its data folder for those who may connect: {@code client.properties} or {@code operator.properties}.
 *
 * @param url of the broker
 */
record BrokerFile(Path file, String url, String username, Secret password) {

    /**
     * @throws CliException when there is none (no bridge has run here) or it cannot be used
     */
    static BrokerFile read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            throw new CliException(
                    ExitCode.UNREACHABLE,
                    "There is no " + file + ": no bridge has run with this data folder. Start one with ./pinbridge run",
                    e);
        } catch (IOException | IllegalArgumentException e) {
            throw new CliException(
                    ExitCode.CONFIGURATION,
                    file + " cannot be read: it is readable only for the user that runs the bridge.",
                    e);
        }
        return new BrokerFile(
                file,
                value(file, properties, "url"),
                value(file, properties, "username"),
                new Secret(value(file, properties, "password")));
    }

    /**
     * Connects.
     *
     * @throws CliException when the broker cannot be reached or does not let us in
     */
    JMSContext connect() {
        try {
            JMSContext context = factory().createContext(username, password.reveal());
            context.start();
            return context;
        } catch (JMSSecurityRuntimeException e) {
            throw new CliException(
                    ExitCode.CONFIGURATION,
                    "The broker at " + url + " does not accept the user " + username + " of " + file
                            + ". Is that file from another installation?",
                    e);
        } catch (JMSRuntimeException e) {
            throw unreachable(e);
        }
    }

    CliException unreachable(Throwable cause) {
        return new CliException(
                ExitCode.UNREACHABLE,
                "The bridge cannot be reached at " + url + ". Is it running? Start it with ./pinbridge run",
                cause);
    }

    private ConnectionFactory factory() {
        try {
            ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url);
            // Answers are text; no Java object is ever read from a message.
            factory.setDeserializationDenyList("*");
            return factory;
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new CliException(ExitCode.CONFIGURATION, file + ": url is no address of the broker: " + url, e);
        }
    }

    private static String value(Path file, Properties properties, String key) {
        String value = properties.getProperty(key, "").strip();
        if (value.isEmpty()) {
            throw new CliException(ExitCode.CONFIGURATION, file + ": " + key + " is missing.");
        }
        return value;
    }
}
