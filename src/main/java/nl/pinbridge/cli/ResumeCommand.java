package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import nl.pinbridge.contract.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lets a paused provider go on. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = "Lets a paused provider go on.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Done.",
            "1:It was turned down; nothing was changed.",
            ExitCode.USAGE_HELP,
            ExitCode.UNREACHABLE_HELP,
            "75:The bridge did not answer in time; look with 'lane list' whether it was done.",
            ExitCode.CONFIGURATION_HELP
        },
        footer = {"", "Examples:", "  pinbridge resume pinvandaag --by Ans --why 'maintenance until 14:00'"})
final class ResumeCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Parameters(paramLabel = "PROVIDER", description = "The provider's folder name, for example pinvandaag.")
    private String provider = "";

    @Mixin
    private final Signed signed = new Signed();

    @Mixin
    private final Asking asking = new Asking();

    ResumeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        ObjectNode question = Json.object().put("ask", "resume").put("provider", provider);
        return asking.show(surroundings, signed.sign(question), OperatorText::told);
    }
}
