package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
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
        synopsisSubcommandLabel = "(list | show ID | settle ID | decisions)",
        description = "What the bridge could not establish, and what a person makes of it.",
        footer = {
            "",
            "Examples:",
            "  pinbridge work list",
            "  pinbridge work show 01KAJQ3D8V2M5X7R9T0W4Y6Z1B",
            "  pinbridge work settle 01KAJQ3D8V2M5X7R9T0W4Y6Z1B --as paid --by Ans --why 'slip in the drawer'"
        })
final class WorkCommand extends OperatorGroup {

    @Command(
            name = "list",
            description = "Lists the open work items, oldest first.",
            footer = {"", "Examples:", "  pinbridge work list", "  pinbridge work list --all --json"})
    static final class ListItems extends OperatorQuestion {
        @Option(names = "--all", description = "The closed ones too, newest first.")
        private boolean all;

        @Mixin
        private final HowMany most = new HowMany();

        ListItems(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ObjectNode question() {
            return Json.object().put("ask", "work").put("all", all).put("limit", most.limit());
        }

        @Override
        List<String> lines(JsonNode answer, OperatorText text) {
            return text.workItems(answer.path("items"));
        }
    }

    @Command(
            name = "show",
            description = "Shows one work item: why, with all that is known, and what can safely be done.",
            footer = {
                "",
                "Examples:",
                "  pinbridge work show 01KAJQ3D8V2M5X7R9T0W4Y6Z1B",
                "  pinbridge work show so-4711-1 --json"
            })
    static final class Show extends OperatorQuestion {
        @Parameters(
                paramLabel = "ID",
                description = "The work item's id, or the payment, command or transaction that it is about.")
        private String id = "";

        Show(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ObjectNode question() {
            return Json.object().put("ask", "work-item").put("id", id);
        }

        @Override
        List<String> lines(JsonNode answer, OperatorText text) {
            return text.workItem(answer);
        }
    }

    @Command(
            name = "settle",
            description = "Settles a work item: its payment or refund becomes what you say, and its sender is told.",
            footer = {
                "",
                "Examples:",
                "  pinbridge work settle 01KAJQ3D8V2M5X7R9T0W4Y6Z1B --as not-paid --by Ans --why 'not in the portal'"
            })
    static final class Settle extends OperatorDecision {
        @Parameters(paramLabel = "ID", description = "The work item's id.")
        private String id = "";

        @Option(
                names = "--as",
                paramLabel = "paid|not-paid|done|not-done",
                required = true,
                description = {
                    "What happened: the money moved, or surely did not;",
                    "a capture, void, approve or decline was carried out, or surely was not."
                })
        private String as = "";

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it before call()
        private CommandSpec spec;

        Settle(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ObjectNode decision() {
            if (!List.of("paid", "not-paid", "done", "not-done").contains(as)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--as must be paid or not-paid, and for a capture, void, approve or decline done or not-done.");
            }
            return Json.object().put("ask", "settle").put("id", id).put("as", as);
        }
    }

    @Command(
            name = "decisions",
            description = "Lists what operators decided: who, when, why.",
            footer = {"", "Examples:", "  pinbridge work decisions", "  pinbridge work decisions --limit 5 --json"})
    static final class Decisions extends OperatorQuestion {
        @Mixin
        private final HowMany most = new HowMany();

        Decisions(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ObjectNode question() {
            return Json.object().put("ask", "decisions").put("limit", most.limit());
        }

        @Override
        List<String> lines(JsonNode answer, OperatorText text) {
            return text.decisions(answer.path("decisions"));
        }
    }
}
