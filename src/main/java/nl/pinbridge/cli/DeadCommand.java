package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import nl.pinbridge.contract.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Dead letters. */
@Command(
        name = "dead",
        synopsisSubcommandLabel = "(list | show ID | requeue ID | discard ID)",
        description = "Messages that the broker gave up on, and what becomes of them.",
        footer = {
            "",
            "Examples:",
            "  pinbridge dead list",
            "  pinbridge dead show 2147483801",
            "  pinbridge dead discard 2147483801 --by Ans --why 'test message'"
        })
final class DeadCommand extends OperatorGroup {

    @Command(
            name = "list",
            description = "Lists what lies on pinbridge.dead and pinbridge.expired.other.",
            footer = {"", "Examples:", "  pinbridge dead list"})
    static final class ListLetters extends OperatorQuestion {
        @Mixin
        private final HowMany most = new HowMany();

        ListLetters(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ObjectNode question() {
            return Json.object().put("ask", "dead").put("limit", most.limit());
        }

        @Override
        List<String> lines(JsonNode answer, OperatorText text) {
            return text.deadLetters(answer);
        }
    }

    @Command(
            name = "show",
            description = "Shows one dead letter and whether it may go back.",
            footer = {"", "Examples:", "  pinbridge dead show 2147483801"})
    static final class Show extends OperatorQuestion {
        @Parameters(paramLabel = "ID", description = "The id that 'dead list' shows.")
        private String id = "";

        Show(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ObjectNode question() {
            return Json.object().put("ask", "dead-letter").put("id", id);
        }

        @Override
        List<String> lines(JsonNode answer, OperatorText text) {
            return OperatorText.deadLetter(answer);
        }
    }

    @Command(
            name = "requeue",
            description = "Puts a message back where it came from; refused where that could start something twice.",
            footer = {"", "Examples:", "  pinbridge dead requeue 2147483801 --by Ans --why 'queue is back'"})
    static final class Requeue extends OperatorDecision {
        @Parameters(paramLabel = "ID", description = "The id that 'dead list' shows.")
        private String id = "";

        Requeue(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ObjectNode decision() {
            return Json.object().put("ask", "dead-requeue").put("id", id);
        }
    }

    @Command(
            name = "discard",
            description = "Removes a message; its content stays in the ledger.",
            footer = {"", "Examples:", "  pinbridge dead discard 2147483801 --by Ans --why 'test message'"})
    static final class Discard extends OperatorDecision {
        @Parameters(paramLabel = "ID", description = "The id that 'dead list' shows.")
        private String id = "";

        Discard(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ObjectNode decision() {
            return Json.object().put("ask", "dead-discard").put("id", id);
        }
    }
}
