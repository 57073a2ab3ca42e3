package nl.pinbridge.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.Json;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Runs every {@code routes/providers/<provider>/examples/*.json}: an example needs no Java. */
class MappingExamplesTest {
    private static final Path PROVIDERS = Path.of("routes/providers");
    private static final Path PINVANDAAG = PROVIDERS.resolve("pinvandaag");
    private static final Set<String> KEYS = Set.of("name", "source", "script", "input", "output");

    @TestFactory
    Stream<DynamicTest> every_example_gives_its_output() throws IOException {
        return examples().stream()
                .map(file -> DynamicTest.dynamicTest(PROVIDERS.relativize(file).toString(), () -> {
                    JsonNode example = read(file);
                    Set<String> keys = new TreeSet<>();
                    example.fieldNames().forEachRemaining(keys::add);
                    assertThat(keys).containsExactlyInAnyOrderElementsOf(KEYS);
                    String script = example.get("script").textValue();
                    JsonNode input = example.get("input");
                    JsonNode output = script.equals(ProviderFolder.FILE)
                            ? judged(ProviderFolder.read(folderOf(file)), input)
                            : script(folderOf(file).resolve(script)).apply(input);
                    assertThat(normal(output)).isEqualTo(normal(example.get("output")));
                }));
    }

    @Test
    void every_script_has_examples_and_every_code_is_one_of_the_contract() throws IOException {
        Set<String> tried = new TreeSet<>();
        for (Path file : examples()) {
            JsonNode example = read(file);
            tried.add(folderOf(file).resolve(example.get("script").textValue()).toString());
            JsonNode code = example.get("output").path("code");
            if (code.isTextual()) {
                assertThat(ErrorCode.valueOf(code.textValue()).status().name())
                        .isEqualTo(example.get("output").get("ending").textValue());
            }
        }
        try (Stream<Path> walk = Files.walk(PROVIDERS)) {
            assertThat(walk.filter(file -> file.toString().endsWith(".jq")).map(Path::toString))
                    .allSatisfy(script -> assertThat(tried).contains(script));
        }
    }

    @Test
    void every_amount_up_to_1000_euro_goes_out_and_comes_back_exactly() throws IOException {
        JqScript request = script(PINVANDAAG.resolve("create-request.jq"));
        JqScript answer = script(PINVANDAAG.resolve("create-answer.jq"));
        JqScript status = script(PINVANDAAG.resolve("status-answer.jq"));
        JqScript round = JqScript.compile("round", "[(. | major), (. | major | minor)]");
        ObjectNode out = (ObjectNode) read(PINVANDAAG.resolve("examples/create-request-worldline.json"))
                .get("input");
        ObjectNode back = (ObjectNode)
                read(PINVANDAAG.resolve("examples/create-answer-started.json")).get("input");
        ObjectNode paid =
                (ObjectNode) read(PINVANDAAG.resolve("examples/status-answer-worldline-success-without-receipt.json"))
                        .get("input");
        for (int cents = 1; cents <= 100_000; cents++) {
            ((ObjectNode) out.at("/command/amount")).put("value", (long) cents);
            assertThat(request.apply(out).at("/form/amount").textValue()).isEqualTo(Integer.toString(cents));

            // As it is on the wire: text that is parsed, not a node that is handed on.
            JsonNode wire = Json.read("{\"amount\":" + cents + "}").get("amount");
            ((ObjectNode) back.at("/answer/json")).set("amount", wire);
            JsonNode reading = answer.apply(back);
            assertThat(reading.get("amount").isIntegralNumber()).isTrue();
            assertThat(reading.get("amount").longValue()).isEqualTo(cents);
            ((ObjectNode) paid.at("/answer/json")).set("amount", wire);
            assertThat(status.apply(paid).get("amount").longValue()).isEqualTo(cents);

            JsonNode both = round.apply(Json.MAPPER.getNodeFactory().numberNode((long) cents));
            assertThat(both.get(0).textValue()).isEqualTo(cents / 100 + "." + cents % 100 / 10 + cents % 10);
            assertThat(both.get(1).longValue()).isEqualTo(cents);
        }
    }

    @Test
    void a_request_that_cannot_be_right_is_not_made() throws IOException {
        for (String operation : List.of("create", "refund")) {
            JqScript request = script(PINVANDAAG.resolve(operation + "-request.jq"));
            ObjectNode input = input(operation + "-request-worldline");
            for (String amount : List.of(
                    "{\"value\":0,\"currency\":\"EUR\"}",
                    "{\"value\":-1,\"currency\":\"EUR\"}",
                    "{\"value\":10.5,\"currency\":\"EUR\"}",
                    "{\"value\":\"10\",\"currency\":\"EUR\"}",
                    "{\"value\":10,\"currency\":\"USD\"}",
                    "null")) {
                ((ObjectNode) input.get("command")).set("amount", Json.read(amount));
                assertThatThrownBy(() -> request.apply(input))
                        .isInstanceOf(JqException.class)
                        .hasMessageContaining(operation + "-request.jq");
            }
        }
        ObjectNode input = input("create-request-worldline");
        JqScript status = script(PINVANDAAG.resolve("status-request.jq"));
        assertThatThrownBy(() -> status.apply(input))
                .isInstanceOf(JqException.class)
                .hasMessageContaining("transaction id");
    }

    @Test
    void ccv_is_asked_for_nothing_that_cannot_be_right() throws IOException {
        record Wrong(String example, String pointer, String value, String why) {}
        String create = "create-request-as-documented-with-our-reference";
        for (Wrong each : List.of(
                new Wrong(create, "/settings/options/management-system-id", "null", "management-system-id"),
                new Wrong(create, "/settings/options/management-system-id", "\"\"", "management-system-id"),
                new Wrong(create, "/settings/options/return-url", "null", "return-url"),
                new Wrong(create, "/payment/ownReference", "\"" + "x".repeat(51) + "\"", "reference"),
                new Wrong(create, "/command/amount/value", "0", "amount"),
                new Wrong("refund-request-on-the-terminal", "/command/amount/currency", "\"USD\"", "currency"),
                new Wrong("refund-request-on-the-terminal", "/original/providerTransactionId", "null", "transaction"),
                new Wrong("refund-request-on-the-terminal", "/original", "null", "transaction"),
                new Wrong("capture-request-a-part", "/command/amount/value", "0", "amount"),
                new Wrong("capture-request-a-part", "/payment/providerTransactionId", "null", "transaction"),
                new Wrong("void-request-by-the-authorisation", "/payment/providerTransactionId", "\"\"", "transaction"),
                new Wrong("status-request-of-a-payment", "/payment/providerTransactionId", "null", "transaction"),
                new Wrong("by-reference-request-a-payment", "/payment/ownReference", "null", "reference"),
                new Wrong(
                        "by-reference-request-a-refund-among-those-of-its-payment",
                        "/original/providerTransactionId",
                        "null",
                        "transaction"))) {
            Path folder = PROVIDERS.resolve("ccv");
            JsonNode example = read(folder.resolve("examples/" + each.example() + ".json"));
            JqScript request = script(folder.resolve(example.path("script").asText()));
            ObjectNode input = (ObjectNode) example.get("input");
            assertThat(request.apply(input).isObject()).isTrue();
            int last = each.pointer().lastIndexOf('/');
            ((ObjectNode) input.at(each.pointer().substring(0, last)))
                    .set(each.pointer().substring(last + 1), Json.read(each.value()));
            assertThatThrownBy(() -> request.apply(input))
                    .as(each.toString())
                    .isInstanceOf(JqException.class)
                    .hasMessageContaining(each.why());
        }
    }

    @Test
    void the_second_interface_is_asked_for_nothing_that_cannot_be_right_either() throws IOException {
        Path folder = PROVIDERS.resolve("pinvandaag-v2");
        for (String operation : List.of("create", "refund")) {
            JqScript request = script(folder.resolve(operation + "-request.jq"));
            ObjectNode input = (ObjectNode) read(folder.resolve("examples/" + operation + "-request-worldline.json"))
                    .get("input");
            for (String amount : List.of(
                    "{\"value\":0,\"currency\":\"EUR\"}",
                    "{\"value\":-1,\"currency\":\"EUR\"}",
                    "{\"value\":10.5,\"currency\":\"EUR\"}",
                    "{\"value\":\"10\",\"currency\":\"EUR\"}",
                    "{\"value\":10,\"currency\":\"USD\"}",
                    "null")) {
                ((ObjectNode) input.get("command")).set("amount", Json.read(amount));
                assertThatThrownBy(() -> request.apply(input))
                        .isInstanceOf(JqException.class)
                        .hasMessageContaining(operation + "-request.jq");
            }
            // Without a transaction there is nothing to ask about, and nothing to stop.
            for (String about : List.of("status", "cancel", "mail-receipt")) {
                JqScript none = script(folder.resolve(about + "-request.jq"));
                assertThatThrownBy(() -> none.apply(input))
                        .isInstanceOf(JqException.class)
                        .hasMessageContaining("transaction id");
            }
        }
        JqScript list = script(folder.resolve("date-request.jq"));
        ObjectNode page = (ObjectNode)
                read(folder.resolve("examples/date-request-a-summer-day.json")).get("input");
        for (String field : List.of("{\"page\":0}", "{\"page\":\"1\"}", "{\"from\":\"yesterday\"}")) {
            ObjectNode odd = page.deepCopy();
            ((ObjectNode) odd.get("list")).setAll((ObjectNode) Json.read(field));
            assertThatThrownBy(() -> list.apply(odd)).isInstanceOf(JqException.class);
        }
    }

    @Test
    void a_receipt_is_not_mailed_without_a_transaction_or_an_address_and_no_message_repeats_one() throws IOException {
        JqScript request = script(PINVANDAAG.resolve("mail-receipt-request.jq"));
        ObjectNode unknown = input("mail-receipt-request-worldline");
        ((ObjectNode) unknown.get("payment")).putNull("providerTransactionId");
        assertThatThrownBy(() -> request.apply(unknown))
                .isInstanceOf(JqException.class)
                .hasMessageContaining("transaction id")
                .hasMessageNotContaining("klant@example.nl");
        for (String receipt : List.of(
                "null",
                "{}",
                "{\"to\":\"\"}",
                "{\"to\":null}",
                "{\"to\":[\"klant@example.nl\"]}",
                "\"klant@example.nl\"",
                "[\"klant@example.nl\"]")) {
            ObjectNode input = input("mail-receipt-request-worldline");
            ((ObjectNode) input.get("command")).set("receipt", Json.read(receipt));
            assertThatThrownBy(() -> request.apply(input))
                    .isInstanceOf(JqException.class)
                    .hasMessageContaining("address")
                    .hasMessageNotContaining("klant@example.nl");
        }
    }

    @Test
    void an_amount_in_scientific_notation_is_unreadable_and_costs_nothing() throws IOException {
        ObjectNode input = (ObjectNode) read(PINVANDAAG.resolve("examples/status-answer-worldline-success.json"))
                .get("input");
        ((ObjectNode) input.at("/answer/json"))
                .set("amount", Json.read("{\"a\":1e999999999}").get("a"));
        assertThat(script(PINVANDAAG.resolve("status-answer.jq"))
                        .apply(input)
                        .get("state")
                        .textValue())
                .isEqualTo("UNREADABLE");
    }

    /** What the lists of provider.yaml make of an answer that is no success. */
    private static ObjectNode judged(ProviderFolder folder, JsonNode input) {
        String operation = input.get("operation").textValue();
        JsonNode answer = input.get("answer");
        int status = answer.get("status").intValue();
        Optional<ProviderFolder.Rule> refusal = folder.refusal(operation, status, answer);
        Optional<ProviderFolder.Rule> busy = folder.busy(operation, status, answer);
        assertThat(refusal.isPresent() && busy.isPresent())
                .as("refused and busy at once")
                .isFalse();
        assertThat(folder.operation(operation).orElseThrow().success()).doesNotContain(status);
        return Json.object()
                .put("ending", refusal.isPresent() ? "NOT_SENT" : busy.isPresent() ? "WAITING" : "IN_DOUBT")
                .put("code", refusal.isPresent() ? ErrorCode.PROVIDER_REFUSED.name() : null)
                .put("why", refusal.or(() -> busy).map(ProviderFolder.Rule::why).orElse(null));
    }

    private static List<Path> examples() throws IOException {
        try (Stream<Path> walk = Files.walk(PROVIDERS)) {
            return walk.filter(file -> file.toString().replace('\\', '/').matches(".*/examples/[^/]+[.]json"))
                    .sorted()
                    .toList();
        }
    }

    private static ObjectNode input(String pinVandaagExample) throws IOException {
        return (ObjectNode) read(PINVANDAAG.resolve("examples/" + pinVandaagExample + ".json"))
                .get("input");
    }

    private static Path folderOf(Path example) {
        return example.resolve("../..").normalize();
    }

    private static JqScript script(Path file) throws IOException {
        return JqScript.compile(file.toString(), Files.readString(file));
    }

    private static JsonNode read(Path file) throws IOException {
        return Json.read(Files.readString(file));
    }

    /** Numbers of the same value but another Java type are the same JSON. */
    private static JsonNode normal(JsonNode node) {
        return Json.read(Json.write(node));
    }
}
