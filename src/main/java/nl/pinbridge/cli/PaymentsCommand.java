package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneId;
import java.util.List;
import nl.pinbridge.contract.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What became of payments, from the running bridge's ledger. */
@Command(
        name = "payments",
        synopsisSubcommandLabel = "[show ID | resend ID|--since TIME]",
        description = "Lists the latest payments, tells the story of one, or sends results once more.",
        footer = {
            "",
            "Examples:",
            "  pinbridge payments",
            "  pinbridge payments --limit 200 --json",
            "  pinbridge payments show so-4711-1",
            "  pinbridge payments resend --since 2026-11-21T09:00"
        })
final class PaymentsCommand extends OperatorQuestion {
    private static final int MOST = 1_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many, 1 to 1000. Default: ${DEFAULT-VALUE}.")
    private int limit = 50;

    PaymentsCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ObjectNode question() {
        if (limit < 1 || limit > MOST) {
            throw new ParameterException(spec.commandLine(), "--limit must be 1 to " + MOST + ".");
        }
        return Json.object().put("ask", "payments").put("limit", limit);
    }

    @Override
    List<String> lines(JsonNode answer, OperatorText text) {
        return new PaymentsText(text.human()).table(answer.path("payments"));
    }

    @Command(
            name = "show",
            description = "Tells the story of one payment, line by line, as one would read it out on the telephone.",
            footer = {
                "",
                "Examples:",
                "  pinbridge payments show so-4711-1",
                "  pinbridge payments show 01J8ZQ6V3K9XW2T4B7N5M1C0RD --json"
            })
    static final class Show extends OperatorQuestion {
        private final ZoneId zone;

        @Parameters(
                paramLabel = "ID",
                description = "The payment's id, the command id that created it, or the provider's transaction.")
        private String id = "";

        Show(Surroundings surroundings) {
            super(surroundings);
            this.zone = surroundings.zone();
        }

        @Override
        ObjectNode question() {
            return Json.object().put("ask", "payment").put("id", id);
        }

        @Override
        List<String> lines(JsonNode answer, OperatorText text) {
            return new PaymentsText(text.human()).story(answer, zone);
        }
    }
}
