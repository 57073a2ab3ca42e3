package nl.pinbridge.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.JMSSecurityRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import java.time.Duration;
import nl.pinbridge.contract.Json;

/** Asks the running bridge, over {@code pinbridge.admin} with the operator's user: it works whichever ledger is behind. */
final class Operator {
    private static final String ADMIN = "pinbridge.admin";

    private final Surroundings surroundings;
    private final Duration timeout;

    Operator(Surroundings surroundings, Duration timeout) {
        this.surroundings = surroundings;
        this.timeout = timeout;
    }

    /**
     * The bridge's answer.
     *
     * @throws CliException when it cannot be reached, does not answer in time, or answers with an {@code error} sentence
     */
    JsonNode ask(ObjectNode question) {
        BrokerFile file = BrokerFile.read(surroundings.data("operator.properties"));
        try (JMSContext context = file.connect()) {
            TemporaryQueue replies = context.createTemporaryQueue();
            TextMessage text = context.createTextMessage(Json.write(question));
            text.setJMSReplyTo(replies);
            // Nobody is left to read an answer that comes later.
            context.createProducer().setTimeToLive(timeout.toMillis()).send(context.createQueue(ADMIN), text);
            Message answer = context.createConsumer(replies).receive(timeout.toMillis());
            if (answer == null) {
                throw new CliException(
                        ExitCode.NO_RESULT_YET,
                        "The broker at " + file.url()
                                + " is there, but the bridge does not answer. Look at its log and health.");
            }
            JsonNode read = Json.MAPPER.readTree(answer.getBody(String.class));
            if (!HumanText.text(read, "error").isEmpty()) {
                throw new CliException(ExitCode.NOT_SUCCEEDED, HumanText.text(read, "error"));
            }
            return read;
        } catch (JMSSecurityRuntimeException e) {
            throw new CliException(
                    ExitCode.CONFIGURATION,
                    "The user " + file.username() + " of " + file.file() + " is no operator: nothing was done.",
                    e);
        } catch (JMSRuntimeException e) {
            throw file.unreachable(e);
        } catch (JMSException | JsonProcessingException e) {
            throw new CliException(ExitCode.SOFTWARE, "The bridge's answer cannot be read.", e);
        }
    }
}
