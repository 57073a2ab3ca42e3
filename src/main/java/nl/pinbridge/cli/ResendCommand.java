package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import nl.pinbridge.contract.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Publishes results again that a consumer lost. */
@Command(
        name = "resend",
        mixinStandardHelpOptions = true,
        description = {
            "Publishes results again that a back office lost: the same results with the same resultId, to the reply queues"
                    + " that they were for. Nothing is sent to a provider.",
            "Name a payment, or a period."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Done.",
            "1:There is no such payment or command, or the period is empty.",
            ExitCode.USAGE_HELP,
            ExitCode.UNREACHABLE_HELP,
            "75:The bridge did not answer in time; what was counted until then was sent.",
            ExitCode.CONFIGURATION_HELP
        },
        footer = {
            "",
            "Examples:",
            "  pinbridge payments resend so-4711-1",
            "  pinbridge payments resend --since 2026-11-21T09:00 --until 2026-11-21T10:30",
            "  pinbridge payments resend --since 2026-11-21 --events --json"
        })
final class ResendCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Parameters(
            paramLabel = "ID",
            arity = "0..1",
            description = "The payment's id, the command id, or the provider's transaction.")
    private @Nullable String id;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "Results from this time on: 2026-11-21, 2026-11-21T09:00 (local time) or 2026-11-21T08:00:00Z.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Results before this time. Default: now.")
    private @Nullable String until;

    @Option(names = "--events", description = "Send them on payments.events, too.")
    private boolean events;

    @Mixin
    private final Asking asking = new Asking();

    ResendCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        if ((id == null) == (since == null) || (until != null && since == null)) {
            throw new ParameterException(spec.commandLine(), "Name a payment, or a period with --since and --until.");
        }
        ObjectNode question = Json.object().put("ask", "resend").put("events", events);
        if (id != null) {
            question.put("id", id);
        } else {
            question.put("since", instant(String.valueOf(since)).toString());
            if (until != null) {
                question.put("until", instant(until).toString());
            }
        }
        long results = 0;
        long messages = 0;
        long total = 0;
        JsonNode answer;
        // The bridge does a bounded part for each question, so that it can do its other work in between.
        do {
            answer = asking.ask(surroundings, question);
            results += answer.path("results").asLong();
            messages += answer.path("messages").asLong();
            total = answer.path("total").isNumber() ? answer.path("total").asLong() : total;
            String next = HumanText.text(answer, "next");
            if (!next.isEmpty()) {
                question.put("after", next).put("until", HumanText.text(answer, "until"));
                surroundings.err().println(results + " of " + total + " results …");
            }
        } while (!HumanText.text(answer, "next").isEmpty());
        if (asking.json()) {
            surroundings
                    .out()
                    .println(HumanText.oneLine(
                            Json.object().put("results", results).put("messages", messages)));
        } else {
            surroundings
                    .out()
                    .println(results + (results == 1 ? " result was" : " results were") + " published again, in "
                            + messages + (messages == 1 ? " message." : " messages."));
        }
        return ExitCode.OK;
    }

    private Instant instant(String text) {
        ZoneId zone = surroundings.zone();
        try {
            if (text.endsWith("Z")) {
                return Instant.parse(text);
            }
            return text.contains("T")
                    ? LocalDateTime.parse(text).atZone(zone).toInstant()
                    : LocalDate.parse(text).atStartOfDay(zone).toInstant();
        } catch (DateTimeParseException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "'" + text + "' is no time: write 2026-11-21, 2026-11-21T09:00 or 2026-11-21T08:00:00Z.",
                    e);
        }
    }
}
