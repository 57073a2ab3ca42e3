package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import nl.pinbridge.contract.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lets a paused provider go on. */
@Command(
        name = "resume",
        description = "Lets a paused provider go on.",
        footer = {"", "Examples:", "  pinbridge resume pinvandaag --by Ans --why 'maintenance until 14:00'"})
final class ResumeCommand extends OperatorDecision {
    @Parameters(paramLabel = "PROVIDER", description = "The provider's folder name, for example pinvandaag.")
    private String provider = "";

    ResumeCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ObjectNode decision() {
        return Json.object().put("ask", "resume").put("provider", provider);
    }
}
