package nl.pinbridge.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.f4b6a3.ulid.UlidCreator;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import nl.pinbridge.contract.Amount;
import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A back office of one command: puts it on the queue and shows the results as they come. */
@Command(
        name = "send",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Sends a payment command to the running bridge and shows its results.",
            "The connection is taken from client.properties in the data folder."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.OK_HELP,
            ExitCode.NOT_SUCCEEDED_HELP,
            ExitCode.USAGE_HELP,
            ExitCode.UNREACHABLE_HELP,
            ExitCode.NO_RESULT_YET_HELP,
            ExitCode.CONFIGURATION_HELP
        },
        footer = {
            "",
            "Examples:",
            "  pinbridge send ping",
            "  pinbridge send list-terminals",
            "  pinbridge send create --terminal till-1 --amount 10.50 --reference SO-4711",
            "  pinbridge send create --terminal till-1 --amount 10,50 --command-id so-4711-1 --json",
            "  pinbridge send status --payment so-4711-1",
            "  pinbridge send refund --payment so-4711-1 --amount 5.00",
            "  pinbridge send cancel --payment so-4711-1",
            "",
            "No final result does not mean that nothing happened: send 'status', never a new 'create'."
        })
final class SendCommand implements Callable<Integer> {
    private static final String COMMANDS = "payments.commands";

    private final Surroundings surroundings;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Parameters(
            paramLabel = "COMMAND",
            converter = Word.class,
            completionCandidates = Words.class,
            description = "One of ${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // required
    private CommandType command;

    @Option(
            names = "--terminal",
            paramLabel = "ALIAS",
            description = "The terminal, by its alias in the terminal directory.")
    private @Nullable String terminal;

    @Option(
            names = "--amount",
            paramLabel = "AMOUNT",
            description = "With all decimals: 10.50 or 10,50. No separator of thousands.")
    private @Nullable String amount;

    @Option(
            names = "--currency",
            paramLabel = "CODE",
            defaultValue = "EUR",
            description = "ISO 4217 code. Default: ${DEFAULT-VALUE}.")
    private String currency = "EUR";

    @Option(
            names = "--payment",
            paramLabel = "ID",
            description = "An existing payment: its id, or the command id that created it.")
    private @Nullable String payment;

    @Option(
            names = "--reference",
            paramLabel = "TEXT",
            description = "Your own text, up to 64 characters, echoed everywhere.")
    private @Nullable String reference;

    @Option(
            names = "--command-id",
            paramLabel = "ID",
            description =
                    "The idempotency key: the same command with the same id is carried out once. Default: a new one.")
    private @Nullable String commandId;

    @Option(
            names = "--expires-in",
            paramLabel = "TIME",
            converter = HumanDuration.class,
            description = "After this time the command no longer reaches a terminal: 90s, 2m. Default: the bridge's.")
    private @Nullable Duration expiresIn;

    @Option(
            names = "--return-url",
            paramLabel = "URL",
            description = "Where a browser goes after a provider's browser step.")
    private @Nullable String returnUrl;

    @Option(names = "--to", paramLabel = "ADDRESS", description = "For mail-receipt: the e-mail address.")
    private @Nullable String to;

    @Option(names = "--name", paramLabel = "TEXT", description = "For mail-receipt: the addressee's name.")
    private @Nullable String name;

    @Option(names = "--subject", paramLabel = "TEXT", description = "For mail-receipt: the subject.")
    private @Nullable String subject;

    @Option(names = "--html", paramLabel = "FILE", description = "For mail-receipt: a file with the text in HTML.")
    private @Nullable Path html;

    @Option(names = "--from", paramLabel = "DATE", description = "For reconcile: the first day, as 2026-11-20.")
    private @Nullable String from;

    @Option(
            names = "--until",
            paramLabel = "DATE",
            description = "For reconcile: the last day, inclusive; it must be over.")
    private @Nullable String until;

    @Option(
            names = "--terminals",
            paramLabel = "ALIAS",
            split = ",",
            description = "For reconcile and list-terminals: these terminals only, separated by commas.")
    private @Nullable List<String> terminals;

    @Option(names = "--provider", paramLabel = "JSON", description = "An object with what only one provider knows.")
    private @Nullable String provider;

    @Option(
            names = "--no-wait",
            negatable = true,
            description =
                    "Stay until the final result (default); --no-wait only puts the command on the queue, and its results go to payments.replies.")
    private boolean noWait;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = HumanDuration.class,
            defaultValue = "5m",
            description = "How long to wait for the final result. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ofMinutes(5);

    @Option(names = "--json", description = "Print each result as one line of JSON.")
    private boolean json;

    SendCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        // Everything that can be wrong with the command line is, before anything is sent.
        ObjectNode message = message(surroundings.clock());
        String id = message.path("commandId").asText();
        BrokerFile file = BrokerFile.read(surroundings.data("client.properties"));
        boolean sent = false;
        try (JMSContext context = file.connect()) {
            TemporaryQueue replies = noWait ? null : context.createTemporaryQueue();
            JMSConsumer consumer = replies == null ? null : context.createConsumer(replies);
            TextMessage text = context.createTextMessage(Json.write(message));
            text.setJMSCorrelationID(id);
            text.setJMSReplyTo(replies);
            // From here on an error no longer proves that the bridge did not get it.
            sent = true;
            context.createProducer().send(context.createQueue(COMMANDS), text);
            surroundings.err().println("Sent as " + id);
            if (consumer == null) {
                return ExitCode.OK;
            }
            return follow(consumer, id);
        } catch (JMSRuntimeException | JMSException e) {
            if (!sent) {
                throw file.unreachable(e);
            }
            throw new CliException(
                    ExitCode.UNREACHABLE,
                    "The connection to the bridge at " + file.url()
                            + " was lost after sending: it may have the command. " + advice(id),
                    e);
        }
    }

    private int follow(JMSConsumer consumer, String id) throws JMSException {
        ResultText human = new ResultText(new HumanText(surroundings.zone(), surroundings.ansi()));
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            // 0 would wait for ever.
            Message message = left <= 0 ? null : consumer.receive(left);
            if (message == null) {
                if (System.nanoTime() < end - TimeUnit.MILLISECONDS.toNanos(50)) {
                    // receive() returns early with nothing only when the connection was closed under it.
                    throw new JMSException("connection closed");
                }
                throw new CliException(
                        ExitCode.NO_RESULT_YET,
                        "No final result for " + id + " within "
                                + timeout.toString().substring(2).toLowerCase(Locale.ROOT) + ". " + advice(id));
            }
            JsonNode result = read(message, id);
            if (json) {
                surroundings.out().println(HumanText.oneLine(result));
            } else {
                human.lines(result).forEach(surroundings.out()::println);
            }
            if (result.path("final").asBoolean()) {
                return result.path("status").asText().equals(CommandStatus.SUCCEEDED.name())
                        ? ExitCode.OK
                        : ExitCode.NOT_SUCCEEDED;
            }
        }
    }

    private JsonNode read(Message message, String id) throws JMSException {
        if (message instanceof TextMessage text && text.getText() != null) {
            try {
                return Json.MAPPER.readTree(text.getText());
            } catch (JsonProcessingException e) {
                throw new CliException(ExitCode.SOFTWARE, "The bridge sent a result that is no JSON. " + advice(id), e);
            }
        }
        throw new CliException(ExitCode.SOFTWARE, "The bridge sent a result that is no text. " + advice(id));
    }

    /** What to do when it is not known what happened. */
    private String advice(String id) {
        if (payment != null) {
            return "Ask with: pinbridge send status --payment " + payment;
        }
        return switch (command) {
            case CREATE, AUTHORISE, CAPTURE -> "Ask with: pinbridge send status --payment " + id;
            default -> "It moves no money: send it again.";
        };
    }

    /** The contract's JSON. Rules that need the bridge's knowledge are the bridge's to judge. */
    private ObjectNode message(Clock clock) {
        ObjectNode message = Json.object();
        message.put("commandId", commandId == null ? "cli-" + UlidCreator.getMonotonicUlid() : commandId);
        message.put("command", command.wire());
        put(message, "terminal", terminal);
        put(message, "payment", payment);
        if (amount != null) {
            Amount parsed = amount(amount);
            message.putObject("amount").put("value", parsed.value()).put("currency", parsed.currency());
        } else if (command == CommandType.CREATE
                || command == CommandType.AUTHORISE
                || command == CommandType.CAPTURE) {
            throw usage("'" + command.wire() + "' needs --amount.");
        }
        put(message, "reference", reference);
        if (expiresIn != null) {
            message.put(
                    "expiresAt",
                    clock.instant()
                            .plus(expiresIn)
                            .truncatedTo(ChronoUnit.MILLIS)
                            .toString());
        }
        put(message, "returnUrl", returnUrl);
        if (to != null || name != null || subject != null || html != null) {
            ObjectNode receipt = message.putObject("receipt");
            put(receipt, "to", to);
            put(receipt, "name", name);
            put(receipt, "subject", subject);
            put(receipt, "html", html == null ? null : content(html));
        }
        put(message, "from", from);
        put(message, "to", until);
        if (terminals != null) {
            ArrayNode list = message.putArray("terminals");
            terminals.forEach(list::add);
        }
        if (provider != null) {
            message.set("provider", object(provider));
        }
        return message;
    }

    private Amount amount(String text) {
        try {
            return HumanAmount.parse(text, currency);
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private JsonNode object(String text) {
        try {
            JsonNode node = Json.MAPPER.readTree(text);
            if (node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw usage("--provider is no JSON: " + e.getOriginalMessage());
        }
        throw usage("--provider must be a JSON object, such as '{\"authReference\": \"1\"}'.");
    }

    private String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw usage("--html: " + file + " cannot be read as text in UTF-8.");
        }
    }

    private ParameterException usage(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    private static void put(ObjectNode node, String field, @Nullable String value) {
        if (value != null) {
            node.put(field, value);
        }
    }

    /** The contract's words for commands. */
    static final class Word implements CommandLine.ITypeConverter<CommandType> {
        @Override
        public CommandType convert(String text) {
            return CommandType.fromWire(text)
                    .orElseThrow(() -> new CommandLine.TypeConversionException(
                            "'" + text + "' is no command: one of " + String.join(", ", new Words()) + "."));
        }
    }

    static final class Words implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(CommandType.values()).map(CommandType::wire).iterator();
        }
    }
}
