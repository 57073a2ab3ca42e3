package nl.pinbridge.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.ContractSchema;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.contract.Resend;
import nl.pinbridge.reconciliation.ExceptionClass;
import org.junit.jupiter.api.Test;

/** The pages and schemas name what the code knows, no more and no less. */
class PagesTest {
    private static final JsonNode RESULT = ContractSchema.ofResults().json();
    private static final JsonNode COMMAND = ContractSchema.ofCommands().json();

    @Test
    void every_error_code_is_explained_with_its_status_and_resend() {
        List<String> rows = Repository.text("docs/contract/errors.md")
                .lines()
                .filter(line -> line.startsWith("| `"))
                .toList();
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(rows)
                    .as(code.name())
                    .filteredOn(row -> row.startsWith("| `" + code + "` |"))
                    .singleElement()
                    .satisfies(row -> {
                        String[] cells = row.split(" \\| ");
                        assertThat(cells).hasSize(5);
                        assertThat(cells[1]).startsWith("`" + code.status() + "`");
                        assertThat(cells[2]).isEqualTo(code.resend().wire());
                    });
        }
        assertThat(rows).hasSize(ErrorCode.values().length);
    }

    @Test
    void the_schemas_list_the_words_of_the_code() {
        assertThat(words(COMMAND.at("/properties/command/enum")))
                .isEqualTo(names(CommandType.values(), CommandType::wire));
        assertThat(words(RESULT.at("/properties/command/enum")))
                .isEqualTo(names(CommandType.values(), CommandType::wire));
        assertThat(words(RESULT.at("/properties/status/enum"))).isEqualTo(names(CommandStatus.values(), Enum::name));
        assertThat(words(RESULT.at("/$defs/payment/properties/status/enum")))
                .isEqualTo(names(PaymentStatus.values(), Enum::name));
        assertThat(words(RESULT.at("/$defs/error/properties/code/enum")))
                .isEqualTo(names(ErrorCode.values(), Enum::name));
        assertThat(words(RESULT.at("/$defs/error/properties/resend/enum")))
                .isEqualTo(names(Resend.values(), Resend::wire));
        assertThat(words(RESULT.at("/allOf/0/if/properties/status/enum")))
                .isEqualTo(names(
                        Arrays.stream(CommandStatus.values())
                                .filter(status -> !status.isFinal())
                                .toArray(CommandStatus[]::new),
                        Enum::name));
    }

    @Test
    void every_status_is_explained_to_back_offices() {
        String page = Repository.text("docs/back-office.md");
        for (CommandStatus status : CommandStatus.values()) {
            assertThat(page).contains("| `" + status + "` | " + (status.isFinal() ? "yes" : "no"));
        }
        for (PaymentStatus status : PaymentStatus.values()) {
            assertThat(page).containsPattern("(?m)^\\| [^|]*`" + status + "`[^|]* \\| [^|]+ \\|$");
        }
    }

    @Test
    void every_exception_class_is_explained_to_accountants() {
        String page = Repository.text("docs/accountant.md");
        for (ExceptionClass each : ExceptionClass.values()) {
            assertThat(page).contains("| `" + each + "` | `" + each.owner() + "` | " + each.meaning() + " |");
        }
        JsonNode row = ContractSchema.ofReconciliation().json().at("/$defs/rows/properties/rows/items/properties");
        Set<String> classes = words(row.at("/exception/enum"));
        classes.remove("null");
        assertThat(classes).isEqualTo(names(ExceptionClass.values(), Enum::name));
    }

    @Test
    void the_schema_forbids_unknown_fields_in_every_object() {
        List<String> open = new ArrayList<>();
        for (ContractSchema schema : List.of(
                ContractSchema.ofCommands(),
                ContractSchema.ofResults(),
                ContractSchema.ofRefusedMessages(),
                ContractSchema.ofReconciliation())) {
            openObjects(schema.json(), schema.json().path("title").asText(), open);
        }
        assertThat(open).isEmpty();
    }

    @Test
    void the_currencies_are_those_in_use() {
        Set<String> listed = words(COMMAND.at("/$defs/amount/properties/currency/enum"));
        Set<String> ofJava = new TreeSet<>();
        Currency.getAvailableCurrencies().forEach(currency -> ofJava.add(currency.getCurrencyCode()));
        Set<String> newerThanJava = new TreeSet<>(listed);
        newerThanJava.removeAll(ofJava);
        // introduced after the oldest Java that we run on
        assertThat(Set.of("SLE", "VED", "XCG", "ZWG")).containsAll(newerThanJava);
        assertThat(listed)
                .contains("EUR", "USD", "GBP", "CHF")
                .doesNotContain("XXX", "XTS", "XAU", "NLG", "DEM", "HRK");
    }

    @Test
    void links_between_pages_lead_somewhere() {
        Pattern link = Pattern.compile("\\]\\(([^)\\s#]*)(?:#([^)\\s]*))?\\)");
        List<String> broken = new ArrayList<>();
        for (Path page : Repository.pages()) {
            String text = Repository.text(page).replaceAll("(?ms)^```.*?^```", "");
            link.matcher(text).results().forEach(found -> {
                String file = found.group(1);
                if (file.startsWith("http")) {
                    return;
                }
                Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
                String anchor = found.group(2);
                if (!Files.exists(target) || (anchor != null && !anchors(target).contains(anchor))) {
                    broken.add(Repository.ROOT.relativize(page) + " -> " + found.group());
                }
            });
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void every_page_is_found_from_the_index_or_the_readme() {
        String index = Repository.text("docs/README.md") + Repository.text("README.md");
        assertThat(Repository.pages())
                .filteredOn(page -> !page.endsWith("README.md"))
                .allSatisfy(
                        page -> assertThat(index).contains(page.getFileName().toString()));
    }

    @Test
    void every_reference_in_the_asyncapi_document_can_be_followed() {
        JsonNode document = Repository.yaml("docs/contract/asyncapi.yaml");
        assertThat(document.path("asyncapi").asText()).isEqualTo("3.0.0");
        List<String> broken = new ArrayList<>();
        document.findValuesAsText("$ref").forEach(reference -> {
            boolean there = reference.startsWith("#")
                    ? !document.at(reference.substring(1)).isMissingNode()
                    : Files.exists(Repository.ROOT.resolve("docs/contract").resolve(reference));
            if (!there) {
                broken.add(reference);
            }
        });
        assertThat(broken).isEmpty();
        assertThat(document.findValuesAsText("address"))
                .contains("payments.commands", "payments.replies", "payments.events", "payments.refused");
    }

    @Test
    void every_dependency_has_its_reason() {
        String pom = Repository.text("pom.xml");
        String own = pom.substring(pom.indexOf("</dependencyManagement>"), pom.indexOf("<build>"));
        Set<String> declared = new TreeSet<>();
        Pattern.compile("<artifactId>([^<]+)</artifactId>")
                .matcher(own)
                .results()
                .forEach(m -> declared.add(m.group(1)));
        Set<String> explained = new TreeSet<>();
        Repository.text("docs/design/dependencies.md")
                .lines()
                .filter(line -> line.startsWith("| `"))
                .forEach(line -> Pattern.compile("`([^`]+)`")
                        .matcher(line.split(" \\| ")[0])
                        .results()
                        .forEach(m -> explained.add(m.group(1))));
        assertThat(explained).isEqualTo(declared);
    }

    private static void openObjects(JsonNode node, String path, List<String> open) {
        boolean declares = node.path("type").asText().equals("object") && node.has("properties");
        if (declares
                && !node.path("additionalProperties").equals(com.fasterxml.jackson.databind.node.BooleanNode.FALSE)) {
            open.add(path);
        }
        node.properties().forEach(field -> openObjects(field.getValue(), path + "/" + field.getKey(), open));
        if (node.isArray()) {
            node.forEach(item -> openObjects(item, path + "/", open));
        }
    }

    private static Set<String> anchors(Path page) {
        Set<String> anchors = new TreeSet<>();
        Repository.text(page)
                .lines()
                .filter(line -> line.startsWith("#"))
                .forEach(line -> anchors.add(line.replaceFirst("#+ ", "")
                        .toLowerCase(java.util.Locale.ROOT)
                        .replaceAll("[^a-z0-9 -]", "")
                        .replace(' ', '-')));
        return anchors;
    }

    private static Set<String> words(JsonNode list) {
        Set<String> words = new TreeSet<>();
        list.forEach(word -> {
            if (!word.isNull()) {
                words.add(word.asText());
            }
        });
        return words;
    }

    private static <T> Set<String> names(T[] values, Function<T, String> name) {
        Set<String> names = new TreeSet<>();
        Arrays.stream(values).map(name).forEach(names::add);
        return names;
    }
}
