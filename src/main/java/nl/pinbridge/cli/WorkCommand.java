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

/** Work items: what needs a person. */
@Command(
        name = "work",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(list | show ID | settle ID | decisions)",
        description = "What the bridge could not establish, and what a person makes of it.",
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
            "  pinbridge work list",
            "  pinbridge work show 01KAJQ3D8V2M5X7R9T0W4Y6Z1B",
            "  pinbridge work settle 01KAJQ3D8V2M5X7R9T0W4Y6Z1B --as paid --by Ans --why 'slip in the drawer'"
        })
final class WorkCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run()
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: list, show, settle or decisions.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the open work items, oldest first.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:Done.",
                "1:It could not be answered.",
                ExitCode.USAGE_HELP,
                ExitCode.UNREACHABLE_HELP,
                "75:The bridge did not answer in time; nothing was changed.",
                ExitCode.CONFIGURATION_HELP
            },
            footer = {"", "Examples:", "  pinbridge work list", "  pinbridge work list --all --json"})
    static final class ListItems implements Callable<Integer> {
        private final Surroundings surroundings;

        @Option(names = "--all", description = "The closed ones too, newest first.")
        private boolean all;

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "100",
                description = "How many at most, 1 to 1000. Default: ${DEFAULT-VALUE}.")
        private int limit = 100;

        @Mixin
        private final Asking asking = new Asking();

        ListItems(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            return asking.show(
                    surroundings,
                    Json.object().put("ask", "work").put("all", all).put("limit", limit),
                    answer -> new OperatorText(new HumanText(surroundings.zone(), surroundings.ansi()))
                            .workItems(answer.path("items")));
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows one work item: why, with all that is known, and what can safely be done.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:Done.",
                "1:There is no such work item.",
                ExitCode.USAGE_HELP,
                ExitCode.UNREACHABLE_HELP,
                "75:The bridge did not answer in time; nothing was changed.",
                ExitCode.CONFIGURATION_HELP
            },
            footer = {
                "",
                "Examples:",
                "  pinbridge work show 01KAJQ3D8V2M5X7R9T0W4Y6Z1B",
                "  pinbridge work show so-4711-1 --json"
            })
    static final class Show implements Callable<Integer> {
        private final Surroundings surroundings;

        @Parameters(
                paramLabel = "ID",
                description = "The work item's id, or the payment, command or transaction that it is about.")
        private String id = "";

        @Mixin
        private final Asking asking = new Asking();

        Show(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            return asking.show(
                    surroundings, Json.object().put("ask", "work-item").put("id", id), answer -> new OperatorText(
                                    new HumanText(surroundings.zone(), surroundings.ansi()))
                            .workItem(answer));
        }
    }

    @Command(
            name = "settle",
            mixinStandardHelpOptions = true,
            description = "Settles a work item: its payment or refund becomes what you say, and its sender is told.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:Done.",
                "1:It was turned down; nothing was changed.",
                ExitCode.USAGE_HELP,
                ExitCode.UNREACHABLE_HELP,
                "75:The bridge did not answer in time; look with 'work show' whether it was done.",
                ExitCode.CONFIGURATION_HELP
            },
            footer = {
                "",
                "Examples:",
                "  pinbridge work settle 01KAJQ3D8V2M5X7R9T0W4Y6Z1B --as not-paid --by Ans --why 'not in the portal'"
            })
    static final class Settle implements Callable<Integer> {
        private final Surroundings surroundings;

        @Parameters(paramLabel = "ID", description = "The work item's id.")
        private String id = "";

        @Option(
                names = "--as",
                paramLabel = "paid|not-paid",
                required = true,
                description = "What happened: the money moved, or surely did not.")
        private String as = "";

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it before call()
        private CommandSpec spec;

        @Mixin
        private final Signed signed = new Signed();

        @Mixin
        private final Asking asking = new Asking();

        Settle(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            if (!as.equals("paid") && !as.equals("not-paid")) {
                throw new ParameterException(spec.commandLine(), "--as must be paid or not-paid.");
            }
            ObjectNode question =
                    Json.object().put("ask", "settle").put("id", id).put("as", as);
            return asking.show(surroundings, signed.sign(question), OperatorText::told);
        }
    }

    @Command(
            name = "decisions",
            mixinStandardHelpOptions = true,
            description = "Lists what operators decided: who, when, why.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:Done.",
                "1:It could not be answered.",
                ExitCode.USAGE_HELP,
                ExitCode.UNREACHABLE_HELP,
                "75:The bridge did not answer in time; nothing was changed.",
                ExitCode.CONFIGURATION_HELP
            },
            footer = {"", "Examples:", "  pinbridge work decisions", "  pinbridge work decisions --limit 5 --json"})
    static final class Decisions implements Callable<Integer> {
        private final Surroundings surroundings;

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "50",
                description = "How many at most, 1 to 1000. Default: ${DEFAULT-VALUE}.")
        private int limit = 50;

        @Mixin
        private final Asking asking = new Asking();

        Decisions(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            return asking.show(
                    surroundings, Json.object().put("ask", "decisions").put("limit", limit), answer -> new OperatorText(
                                    new HumanText(surroundings.zone(), surroundings.ansi()))
                            .decisions(answer.path("decisions")));
        }
    }
}
