package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import nl.pinbridge.contract.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Terminals and what holds them. */
@Command(
        name = "lane",
        synopsisSubcommandLabel = "(list | free TERMINAL)",
        description = "Which command holds which terminal; one at a time may.",
        footer = {
            "",
            "Examples:",
            "  pinbridge lane list",
            "  pinbridge lane free till-1 --by Ans --why 'terminal was replaced'"
        })
final class LaneCommand extends OperatorGroup {

    @Command(
            name = "list",
            description = "Lists the terminals: free, taken, blocked or paused, and by what.",
            footer = {"", "Examples:", "  pinbridge lane list"})
    static final class ListLanes extends OperatorQuestion {
        ListLanes(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ObjectNode question() {
            return Json.object().put("ask", "lanes");
        }

        @Override
        List<String> lines(JsonNode answer, OperatorText text) {
            return text.lanes(answer.path("lanes"));
        }
    }

    @Command(
            name = "free",
            description =
                    "Frees a terminal that is held by what is over or with a person, or blocked by a lost cancel.",
            footer = {"", "Examples:", "  pinbridge lane free till-1 --by Ans --why 'terminal was replaced'"})
    static final class Free extends OperatorDecision {
        @Parameters(paramLabel = "TERMINAL", description = "The terminal's name in the terminal directory.")
        private String terminal = "";

        Free(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ObjectNode decision() {
            return Json.object().put("ask", "lane-free").put("terminal", terminal);
        }
    }
}
