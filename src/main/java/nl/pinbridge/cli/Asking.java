package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** What every question to the running bridge has in common. */
final class Asking {
    @Option(names = "--json", description = "Print the answer as one line of JSON.")
    private boolean json;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = HumanDuration.class,
            defaultValue = "10s",
            description = "How long to wait for the answer. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ofSeconds(10);

    boolean json() {
        return json;
    }

    JsonNode ask(Surroundings surroundings, ObjectNode question) {
        return new Operator(surroundings, timeout).ask(question);
    }

    /** Asks, and prints the answer as JSON or for people. */
    int show(Surroundings surroundings, ObjectNode question, Function<JsonNode, List<String>> forPeople) {
        JsonNode answer = ask(surroundings, question);
        if (json) {
            surroundings.out().println(HumanText.oneLine(answer));
        } else {
            forPeople.apply(answer).forEach(surroundings.out()::println);
        }
        return ExitCode.OK;
    }
}
