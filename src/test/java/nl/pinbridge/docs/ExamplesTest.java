package nl.pinbridge.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.ContractSchema;
import nl.pinbridge.contract.Json;
import nl.pinbridge.intake.CommandReader;
import nl.pinbridge.intake.Reading;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Nobody copies an example from our pages that the bridge would refuse. */
class ExamplesTest {
    private static final Pattern FENCE = Pattern.compile(
            "^```json(?: (?<kind>\\S+))?[ \\t]*\\n(?<body>.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final ContractSchema COMMANDS = ContractSchema.ofCommands();
    private static final ContractSchema RESULTS = ContractSchema.ofResults();
    private static final ContractSchema REFUSED = ContractSchema.ofRefusedMessages();
    private static final ContractSchema FEED = ContractSchema.ofReconciliation();
    private static final CommandReader READER = new CommandReader();

    private record Example(String where, String kind, String body) {}

    @TestFactory
    Stream<DynamicTest> every_json_example_on_the_pages_keeps_to_its_schema() {
        return examples().stream().map(example -> dynamicTest(example.where(), () -> check(example)));
    }

    @TestFactory
    Stream<DynamicTest> every_example_in_the_asyncapi_document_keeps_to_the_schema_that_it_refers_to() {
        List<DynamicTest> tests = new ArrayList<>();
        Repository.yaml("docs/contract/asyncapi.yaml")
                .at("/components/messages")
                .properties()
                .forEach(message -> {
                    String schema =
                            message.getValue().at("/payload/schema/$ref").asText();
                    String kind = schema.substring(schema.lastIndexOf('/') + 1).replace(".schema.json", "");
                    assertThat(message.getValue().path("examples").size())
                            .as("examples of %s", message.getKey())
                            .isPositive();
                    for (JsonNode example : message.getValue().path("examples")) {
                        String where = "asyncapi.yaml " + message.getKey() + " "
                                + example.path("name").asText();
                        Example found = new Example(where, kind, Json.write(example.path("payload")));
                        tests.add(dynamicTest(where, () -> check(found)));
                    }
                });
        return tests.stream();
    }

    @Test
    void the_pages_show_every_command() {
        Set<CommandType> shown = EnumSet.noneOf(CommandType.class);
        examples().stream()
                .filter(example -> example.kind().equals("command"))
                .forEach(example -> shown.add(
                        ((Reading.Valid) READER.read(example.body())).command().type()));
        assertThat(shown).containsExactlyInAnyOrder(CommandType.values());
    }

    @Test
    void the_answer_to_the_misspelt_example_is_what_the_bridge_really_says() {
        Example misspelt = examples().stream()
                .filter(example ->
                        example.body().contains("ammount") && example.kind().equals("command-refused"))
                .findFirst()
                .orElseThrow();
        Example answer = examples().stream()
                .filter(example ->
                        example.body().contains("ammount") && example.kind().equals("result"))
                .findFirst()
                .orElseThrow();
        Reading.Refused refused = (Reading.Refused) READER.read(misspelt.body());
        assertThat(Json.read(answer.body()).path("error")).isEqualTo(Json.MAPPER.valueToTree(refused.error()));
    }

    private static void check(Example example) {
        switch (example.kind()) {
            case "command" -> {
                assertThat(COMMANDS.validate(Json.read(example.body()))).isEmpty();
                assertThat(READER.read(example.body())).isInstanceOf(Reading.Valid.class);
            }
            case "command-refused" -> assertThat(READER.read(example.body())).isInstanceOf(Reading.Refused.class);
            case "result" ->
                assertThat(RESULTS.validate(Json.read(example.body()))).isEmpty();
            case "refused" ->
                assertThat(REFUSED.validate(Json.read(example.body()))).isEmpty();
            case "reconciliation" ->
                assertThat(FEED.validate(Json.read(example.body()))).isEmpty();
            // An example of a provider's folder; the test of its page runs it.
            case "mapping" ->
                assertThat(Json.read(example.body()).fieldNames())
                        .toIterable()
                        .containsExactly("name", "source", "script", "input", "output");
            default ->
                throw new AssertionError(
                        "say after ```json what it is: command, command-refused, result, refused, reconciliation or mapping; not: "
                                + example.kind());
        }
    }

    private static List<Example> examples() {
        List<Example> examples = new ArrayList<>();
        Set<String> kinds = new TreeSet<>();
        Repository.pages().forEach(page -> {
            String text = Repository.text(page);
            Matcher fence = FENCE.matcher(text);
            while (fence.find()) {
                long line = text.substring(0, fence.start()).lines().count() + 1;
                String kind = String.valueOf(fence.group("kind"));
                kinds.add(kind);
                examples.add(new Example(Repository.ROOT.relativize(page) + ":" + line, kind, fence.group("body")));
            }
        });
        assertThat(kinds).contains("command", "command-refused", "result", "refused");
        return examples;
    }
}
