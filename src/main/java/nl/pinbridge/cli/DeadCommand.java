package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import nl.pinbridge.contract.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Dead letters. */
@Command(
        name = "dead",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(list | show ID | requeue ID | discard ID)",
        description = "Messages that the broker gave up on, and what becomes of them.",
        subcommandsRepeatable = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Done.",
            "1:It was turned down, or there is no such thing.",
            ExitCode.USAGE_HELP,
            ExitCode.UNREACHABLE_HELP,
            "75:The bridge did not answer in time; ask again, a second time does no harm.",
            ExitCode.CONFIGURATION_HELP
        },
        footer = {
            "",
            "Examples:",
            "  pinbridge dead list",
            "  pinbridge dead show 2147483801",
            "  pinbridge dead discard 2147483801 --by Ans --why 'test message'"
        })
final class DeadCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run()
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: list, show, requeue or discard.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists what lies on pinbridge.dead and pinbridge.expired.other.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:Done.",
                "1:It could not be answered.",
                ExitCode.USAGE_HELP,
                ExitCode.UNREACHABLE_HELP,
                "75:The bridge did not answer in time; nothing was changed.",
                ExitCode.CONFIGURATION_HELP
            },
            footer = {"", "Examples:", "  pinbridge dead list"})
    static final class ListLetters implements Callable<Integer> {
        private final Surroundings surroundings;

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "100",
                description = "How many at most, 1 to 1000. Default: ${DEFAULT-VALUE}.")
        private int limit = 100;

        @Mixin
        private final Asking asking = new Asking();

        ListLetters(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            return asking.show(
                    surroundings, Json.object().put("ask", "dead").put("limit", limit), answer -> new OperatorText(
                                    new HumanText(surroundings.zone(), surroundings.ansi()))
                            .deadLetters(answer));
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows one dead letter and whether it may go back.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:Done.",
                "1:There is no such message.",
                ExitCode.USAGE_HELP,
                ExitCode.UNREACHABLE_HELP,
                "75:The bridge did not answer in time; nothing was changed.",
                ExitCode.CONFIGURATION_HELP
            },
            footer = {"", "Examples:", "  pinbridge dead show 2147483801"})
    static final class Show implements Callable<Integer> {
        private final Surroundings surroundings;

        @Parameters(paramLabel = "ID", description = "The id that 'dead list' shows.")
        private String id = "";

        @Mixin
        private final Asking asking = new Asking();

        Show(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            return asking.show(
                    surroundings, Json.object().put("ask", "dead-letter").put("id", id), OperatorText::deadLetter);
        }
    }

    @Command(
            name = "requeue",
            mixinStandardHelpOptions = true,
            description = "Puts a message back where it came from; refused where that could start something twice.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:Done.",
                "1:It was turned down; nothing was moved.",
                ExitCode.USAGE_HELP,
                ExitCode.UNREACHABLE_HELP,
                "75:The bridge did not answer in time; look with 'dead list' whether it was done.",
                ExitCode.CONFIGURATION_HELP
            },
            footer = {"", "Examples:", "  pinbridge dead requeue 2147483801 --by Ans --why 'queue is back'"})
    static final class Requeue implements Callable<Integer> {
        private final Surroundings surroundings;

        @Parameters(paramLabel = "ID", description = "The id that 'dead list' shows.")
        private String id = "";

        @Mixin
        private final Signed signed = new Signed();

        @Mixin
        private final Asking asking = new Asking();

        Requeue(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            ObjectNode question = Json.object().put("ask", "dead-requeue").put("id", id);
            return asking.show(surroundings, signed.sign(question), OperatorText::told);
        }
    }

    @Command(
            name = "discard",
            mixinStandardHelpOptions = true,
            description = "Removes a message; its content stays in the ledger.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:Done.",
                "1:There is no such message; nothing was removed.",
                ExitCode.USAGE_HELP,
                ExitCode.UNREACHABLE_HELP,
                "75:The bridge did not answer in time; look with 'dead list' whether it was done.",
                ExitCode.CONFIGURATION_HELP
            },
            footer = {"", "Examples:", "  pinbridge dead discard 2147483801 --by Ans --why 'test message'"})
    static final class Discard implements Callable<Integer> {
        private final Surroundings surroundings;

        @Parameters(paramLabel = "ID", description = "The id that 'dead list' shows.")
        private String id = "";

        @Mixin
        private final Signed signed = new Signed();

        @Mixin
        private final Asking asking = new Asking();

        Discard(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            ObjectNode question = Json.object().put("ask", "dead-discard").put("id", id);
            return asking.show(surroundings, signed.sign(question), OperatorText::told);
        }
    }
}
