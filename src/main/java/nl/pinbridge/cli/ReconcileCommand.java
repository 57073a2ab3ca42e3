package nl.pinbridge.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.f4b6a3.ulid.UlidCreator;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sends the command reconcile, and shows how far the bridge is with it. */
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        description = {
            "Holds the provider's list of these days against the ledger, now: publishes each day whole, or says why not.",
            "A day that is published already appears again only if something differs, as a new version."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Every day is published, or holds nothing new. There may be exceptions: see 'exceptions list'.",
            "1:It was refused, or a day could not be read to its end and is not published.",
            ExitCode.USAGE_HELP,
            ExitCode.UNREACHABLE_HELP,
            "75:Not done in time; the bridge goes on with it.",
            ExitCode.CONFIGURATION_HELP
        },
        footer = {
            "",
            "Examples:",
            "  pinbridge reconcile --from 2026-11-20 --to 2026-11-20",
            "  pinbridge reconcile --from 2026-11-01 --to 2026-11-20 --terminal till-1 --terminal till-2",
            "  pinbridge reconcile --from 2026-11-20 --to 2026-11-20 --json | jq -r '.runs[].report'"
        })
final class ReconcileCommand implements Callable<Integer> {
    private static final String COMMANDS = "payments.commands";
    private static final long BETWEEN_LOOKS_MILLIS = 500;
    private static final Duration FOR_A_LOOK = Duration.ofSeconds(5);

    /** What the contract's fields are called here. */
    private static final Map<String, String> OPTIONS =
            Map.of("from", "--from", "to", "--to", "terminals", "--terminal");

    private final Surroundings surroundings;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Option(
            names = "--from",
            paramLabel = "DATE",
            required = true,
            description = "The first business day, as 2026-11-20.")
    @SuppressWarnings("NullAway.Init") // required
    private LocalDate from;

    @Option(
            names = "--to",
            paramLabel = "DATE",
            required = true,
            description = "The last business day, inclusive; it must be over.")
    @SuppressWarnings("NullAway.Init") // required
    private LocalDate to;

    @Option(
            names = "--terminal",
            paramLabel = "ALIAS",
            split = ",",
            description = "This terminal only; may be repeated. The feed is one of its own beside the day's.")
    private @Nullable List<String> terminals;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = HumanDuration.class,
            defaultValue = "1h",
            description = "How long to wait. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ofHours(1);

    @Option(names = "--json", description = "Print what became of it as one line of JSON.")
    private boolean json;

    ReconcileCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        if (from.isAfter(to)) {
            throw new ParameterException(spec.commandLine(), "--to must not lie before --from.");
        }
        String id = "cli-" + UlidCreator.getMonotonicUlid();
        BrokerFile file = BrokerFile.read(surroundings.data("client.properties"));
        ProgressLine progress = new ProgressLine(surroundings.err(), surroundings.interactive(), json);
        try (JMSContext context = file.connect()) {
            TemporaryQueue replies = context.createTemporaryQueue();
            JMSConsumer consumer = context.createConsumer(replies);
            TextMessage text = context.createTextMessage(Json.write(command(id)));
            text.setJMSCorrelationID(id);
            text.setJMSReplyTo(replies);
            context.createProducer().send(context.createQueue(COMMANDS), text);
            JsonNode last = follow(consumer, id, progress);
            progress.end();
            return summary(last, id);
        } catch (JMSRuntimeException | JMSException e) {
            throw file.unreachable(e);
        } catch (JsonProcessingException e) {
            throw new CliException(ExitCode.SOFTWARE, "The bridge sent a result that is no JSON.", e);
        } finally {
            progress.end();
        }
    }

    private ObjectNode command(String id) {
        ObjectNode command = Json.object()
                .put("commandId", id)
                .put("command", "reconcile")
                .put("from", from.toString())
                .put("to", to.toString());
        if (terminals != null) {
            terminals.forEach(command.putArray("terminals")::add);
        }
        return command;
    }

    /** The final result. */
    private JsonNode follow(JMSConsumer consumer, String id, ProgressLine progress)
            throws JMSException, JsonProcessingException {
        long end = System.nanoTime() + timeout.toNanos();
        while (System.nanoTime() < end) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            Message message = consumer.receive(Math.max(1, Math.min(BETWEEN_LOOKS_MILLIS, left)));
            if (message == null) {
                progress(id).ifPresent(progress::show);
                continue;
            }
            JsonNode result = Json.MAPPER.readTree(message.getBody(String.class));
            if (result.path("final").asBoolean()) {
                return result;
            }
        }
        throw new CliException(
                ExitCode.NO_RESULT_YET,
                "Not done within " + timeout.toString().substring(2).toLowerCase(java.util.Locale.ROOT)
                        + "; the bridge goes on with it. The same command again joins it.");
    }

    /** How far it is; empty where the bridge cannot say now. Only the final result tells the end. */
    private java.util.Optional<JsonNode> progress(String id) {
        try {
            return java.util.Optional.of(new Operator(surroundings, FOR_A_LOOK)
                    .ask(Json.object().put("ask", "reconcile-progress").put("id", id)));
        } catch (CliException e) {
            return java.util.Optional.empty();
        }
    }

    private int summary(JsonNode result, String id) {
        boolean fine = result.path("status").asText().equals(CommandStatus.SUCCEEDED.name());
        JsonNode error = result.path("error");
        JsonNode done = progress(id).orElseGet(Json::object);
        if (json) {
            ObjectNode line = Json.object()
                    .put("commandId", id)
                    .put("status", result.path("status").asText())
                    .put("pagesRead", done.path("pagesRead").asInt());
            line.set("error", error.isObject() ? error : null);
            line.set("runs", done.path("runs").isArray() ? done.path("runs") : Json.MAPPER.createArrayNode());
            surroundings.out().println(HumanText.oneLine(line));
        } else {
            if (!done.path("runs").isEmpty()) {
                ReconcileText.summary(done, new HumanText(surroundings.zone(), surroundings.ansi()))
                        .forEach(surroundings.out()::println);
            }
            if (error.isObject()) {
                String field = HumanText.text(error, "field");
                surroundings
                        .err()
                        .println((field.isEmpty() ? "" : OPTIONS.getOrDefault(field, field) + ": ")
                                + HumanText.text(error, "message"));
            } else if (done.path("runs").isEmpty()) {
                surroundings
                        .out()
                        .println(fine ? "Done." : result.path("status").asText());
            }
        }
        return fine ? ExitCode.OK : ExitCode.NOT_SUCCEEDED;
    }
}
