package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.util.List;
import nl.pinbridge.contract.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Exceptions of reconciliation: what the provider's list and the ledger do not agree on. */
@Command(
        name = "exceptions",
        synopsisSubcommandLabel = "(list | explain ID | close ID)",
        description = "What the provider's list and the ledger do not agree on, and what a person makes of it.",
        footer = {
            "",
            "Examples:",
            "  pinbridge exceptions list",
            "  pinbridge exceptions explain 01KAJQ3D8V2M5X7R9T0W4Y6Z1B",
            "  pinbridge exceptions close 01KAJQ3D8V2M5X7R9T0W4Y6Z1B --by Ans --why 'keyed in by hand, slip 0042'"
        })
final class ExceptionsCommand extends OperatorGroup {

    @Command(
            name = "list",
            description = "Lists the open exceptions of all days, the most money first.",
            footer = {
                "",
                "Examples:",
                "  pinbridge exceptions list",
                "  pinbridge exceptions list --day 2026-11-20 --all",
                "  pinbridge exceptions list --from 2026-11-01 --class MISSING_IN_LEDGER --terminal till-1 --json"
            })
    static final class ListExceptions extends OperatorQuestion {
        @Option(names = "--day", paramLabel = "DATE", description = "Of this business day only, as 2026-11-20.")
        private @Nullable LocalDate day;

        @Option(names = "--from", paramLabel = "DATE", description = "Of this business day and later.")
        private @Nullable LocalDate from;

        @Option(names = "--to", paramLabel = "DATE", description = "Of this business day and earlier.")
        private @Nullable LocalDate to;

        @Option(names = "--class", paramLabel = "CLASS", description = "Of this class, for example MISSING_IN_LEDGER.")
        private @Nullable String kind;

        @Option(names = "--terminal", paramLabel = "ALIAS", description = "On this terminal.")
        private @Nullable String terminal;

        @Option(names = "--open", description = "The open ones only (default).")
        private boolean open;

        @Option(names = "--all", description = "Those that are explained, too.")
        private boolean all;

        @Mixin
        private final HowMany most = new HowMany();

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it before call()
        private CommandSpec spec;

        ListExceptions(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ObjectNode question() {
            if (day != null && (from != null || to != null)) {
                throw new ParameterException(spec.commandLine(), "--day goes without --from and --to.");
            }
            if (from != null && to != null && from.isAfter(to)) {
                throw new ParameterException(spec.commandLine(), "--to must not lie before --from.");
            }
            if (open && all) {
                throw new ParameterException(spec.commandLine(), "--open and --all exclude each other.");
            }
            return Json.object()
                    .put("ask", "exceptions")
                    .put("from", text(day == null ? from : day))
                    .put("to", text(day == null ? to : day))
                    .put("class", kind)
                    .put("terminal", terminal)
                    .put("all", all)
                    .put("limit", most.limit());
        }

        private static @Nullable String text(@Nullable LocalDate date) {
            return date == null ? null : date.toString();
        }

        @Override
        List<String> lines(JsonNode answer, OperatorText text) {
            return new ExceptionsText(text).list(answer);
        }
    }

    @Command(
            name = "explain",
            description = {
                "Shows both sides of one exception: the ledger's payment and the provider's row, what its class means,",
                "what a person should do, and what became of it over the days."
            },
            footer = {"", "Examples:", "  pinbridge exceptions explain 01KAJQ3D8V2M5X7R9T0W4Y6Z1B"})
    static final class Explain extends OperatorQuestion {
        @Parameters(
                paramLabel = "ID",
                description = "The exception's id, or the payment or transaction that it is about.")
        private String id = "";

        Explain(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ObjectNode question() {
            return Json.object().put("ask", "exception").put("id", id);
        }

        @Override
        List<String> lines(JsonNode answer, OperatorText text) {
            return new ExceptionsText(text).explain(answer);
        }
    }

    @Command(
            name = "close",
            description = {
                "Closes an exception with your explanation. Neither the ledger nor a published feed is changed; the next",
                "version of the day shows it as explained, and its history keeps who said so and why."
            },
            footer = {
                "",
                "Examples:",
                "  pinbridge exceptions close 01KAJQ3D8V2M5X7R9T0W4Y6Z1B --by Ans --why 'keyed in by hand, slip 0042'"
            })
    static final class Close extends OperatorDecision {
        @Parameters(
                paramLabel = "ID",
                description = "The exception's id, or the payment or transaction that it is about.")
        private String id = "";

        Close(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ObjectNode decision() {
            return Json.object().put("ask", "exception-close").put("id", id);
        }
    }
}
