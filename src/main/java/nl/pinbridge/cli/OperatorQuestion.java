package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A question to the running bridge, whose answer is printed for people or as one line of JSON. */
@Command(
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Done.",
            "1:There is no such thing, or it could not be answered.",
            ExitCode.USAGE_HELP,
            ExitCode.UNREACHABLE_HELP,
            "75:The bridge did not answer in time; nothing was changed.",
            ExitCode.CONFIGURATION_HELP
        })
abstract class OperatorQuestion implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final Asking asking = new Asking();

    OperatorQuestion(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** What the bridge is asked. */
    abstract ObjectNode question();

    /** The answer, line by line. */
    abstract List<String> lines(JsonNode answer, OperatorText text);

    @Override
    public Integer call() {
        return asking.show(
                surroundings,
                question(),
                answer -> lines(answer, new OperatorText(new HumanText(surroundings.zone(), surroundings.ansi()))));
    }
}
