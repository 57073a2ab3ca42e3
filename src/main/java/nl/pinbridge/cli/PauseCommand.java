package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import nl.pinbridge.contract.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Stops sending anything new to a provider; what is under way is followed up. */
@Command(
        name = "pause",
        description = "Stops sending anything new to a provider; what is under way is followed up.",
        footer = {"", "Examples:", "  pinbridge pause pinvandaag --by Ans --why 'maintenance until 14:00'"})
final class PauseCommand extends OperatorDecision {
    @Parameters(paramLabel = "PROVIDER", description = "The provider's folder name, for example pinvandaag.")
    private String provider = "";

    PauseCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ObjectNode decision() {
        return Json.object().put("ask", "pause").put("provider", provider);
    }
}
