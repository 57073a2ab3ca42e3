package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import nl.pinbridge.contract.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Terminals and what holds them. */
@Command(
        name = "lane",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(list | free TERMINAL)",
        description = "Which command holds which terminal; one at a time may.",
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
            "  pinbridge lane list",
            "  pinbridge lane free till-1 --by Ans --why 'terminal was replaced'"
        })
final class LaneCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run()
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: list or free.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the terminals: free, taken, blocked or paused, and by what.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:Done.",
                "1:It could not be answered.",
                ExitCode.USAGE_HELP,
                ExitCode.UNREACHABLE_HELP,
                "75:The bridge did not answer in time; nothing was changed.",
                ExitCode.CONFIGURATION_HELP
            },
            footer = {"", "Examples:", "  pinbridge lane list"})
    static final class ListLanes implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        private final Asking asking = new Asking();

        ListLanes(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            return asking.show(surroundings, Json.object().put("ask", "lanes"), answer -> new OperatorText(
                            new HumanText(surroundings.zone(), surroundings.ansi()))
                    .lanes(answer.path("lanes")));
        }
    }

    @Command(
            name = "free",
            mixinStandardHelpOptions = true,
            description =
                    "Frees a terminal that is held by what is over or with a person, or blocked by a lost cancel.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:Done.",
                "1:It was turned down; nothing was changed.",
                ExitCode.USAGE_HELP,
                ExitCode.UNREACHABLE_HELP,
                "75:The bridge did not answer in time; look with 'lane list' whether it was done.",
                ExitCode.CONFIGURATION_HELP
            },
            footer = {"", "Examples:", "  pinbridge lane free till-1 --by Ans --why 'terminal was replaced'"})
    static final class Free implements Callable<Integer> {
        private final Surroundings surroundings;

        @Parameters(paramLabel = "TERMINAL", description = "The terminal's name in the terminal directory.")
        private String terminal = "";

        @Mixin
        private final Signed signed = new Signed();

        @Mixin
        private final Asking asking = new Asking();

        Free(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            ObjectNode question = Json.object().put("ask", "lane-free").put("terminal", terminal);
            return asking.show(surroundings, signed.sign(question), OperatorText::told);
        }
    }
}
