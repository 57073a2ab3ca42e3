package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.concurrent.Callable;
import nl.pinbridge.contract.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What became of payments, from the running bridge's ledger. */
@Command(
        name = "payments",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "[show ID | resend ID|--since TIME]",
        description = "Lists the latest payments, tells the story of one, or sends results once more.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Done.",
            "1:There is no such payment.",
            ExitCode.USAGE_HELP,
            ExitCode.UNREACHABLE_HELP,
            "75:The bridge did not answer in time.",
            ExitCode.CONFIGURATION_HELP
        },
        footer = {
            "",
            "Examples:",
            "  pinbridge payments",
            "  pinbridge payments --limit 200 --json",
            "  pinbridge payments show so-4711-1",
            "  pinbridge payments resend --since 2026-11-21T09:00"
        })
final class PaymentsCommand implements Callable<Integer> {
    private static final int MOST = 1_000;

    private final Surroundings surroundings;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many, 1 to 1000. Default: ${DEFAULT-VALUE}.")
    private int limit = 50;

    @Option(names = "--json", description = "Print the answer as one line of JSON.")
    private boolean json;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = HumanDuration.class,
            defaultValue = "10s",
            description = "How long to wait for the answer. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ofSeconds(10);

    PaymentsCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        if (limit < 1 || limit > MOST) {
            throw new ParameterException(spec.commandLine(), "--limit must be 1 to " + MOST + ".");
        }
        JsonNode answer = new Operator(surroundings, timeout)
                .ask(Json.object().put("ask", "payments").put("limit", limit));
        if (json) {
            surroundings.out().println(HumanText.oneLine(answer));
        } else {
            new PaymentsText(new HumanText(surroundings.zone(), surroundings.ansi()))
                    .table(answer.path("payments"))
                    .forEach(surroundings.out()::println);
        }
        return ExitCode.OK;
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Tells the story of one payment, line by line, as one would read it out on the telephone.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:Done.",
                "1:There is no such payment.",
                ExitCode.USAGE_HELP,
                ExitCode.UNREACHABLE_HELP,
                "75:The bridge did not answer in time.",
                ExitCode.CONFIGURATION_HELP
            },
            footer = {
                "",
                "Examples:",
                "  pinbridge payments show so-4711-1",
                "  pinbridge payments show 01J8ZQ6V3K9XW2T4B7N5M1C0RD --json"
            })
    static final class Show implements Callable<Integer> {
        private final Surroundings surroundings;

        @Parameters(
                paramLabel = "ID",
                description = "The payment's id, the command id that created it, or the provider's transaction.")
        private String id = "";

        @Option(names = "--json", description = "Print the answer as one line of JSON.")
        private boolean json;

        @Option(
                names = "--timeout",
                paramLabel = "TIME",
                converter = HumanDuration.class,
                defaultValue = "10s",
                description = "How long to wait for the answer. Default: ${DEFAULT-VALUE}.")
        private Duration timeout = Duration.ofSeconds(10);

        Show(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            JsonNode answer = new Operator(surroundings, timeout)
                    .ask(Json.object().put("ask", "payment").put("id", id));
            if (json) {
                surroundings.out().println(HumanText.oneLine(answer));
            } else {
                new PaymentsText(new HumanText(surroundings.zone(), surroundings.ansi()))
                        .story(answer, surroundings.zone())
                        .forEach(surroundings.out()::println);
            }
            return ExitCode.OK;
        }
    }
}
