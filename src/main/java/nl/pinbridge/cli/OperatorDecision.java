package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What somebody decides, with name and reason; the answer is one sentence. */
@Command(
        exitCodeList = {
            "0:Done.",
            "1:It was turned down, or there is no such thing; nothing was changed.",
            ExitCode.USAGE_HELP,
            ExitCode.UNREACHABLE_HELP,
            "75:The bridge did not answer in time; list again to see whether it was done.",
            ExitCode.CONFIGURATION_HELP
        })
abstract class OperatorDecision extends OperatorQuestion {
    @Mixin
    private final Signed signed = new Signed();

    OperatorDecision(Surroundings surroundings) {
        super(surroundings);
    }

    /** What is decided, without name and reason. */
    abstract ObjectNode decision();

    @Override
    final ObjectNode question() {
        return signed.sign(decision());
    }

    @Override
    final List<String> lines(JsonNode answer, OperatorText text) {
        return List.of(HumanText.text(answer, "told"));
    }
}
