package nl.pinbridge.routecheck;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every step, field, entry and queue option that this Camel has, put where money moves: what is not on the rules' lists is refused. */
class EverythingCamelKnowsTest {
    private static final String PINVANDAAG = "providers/pinvandaag/pinvandaag.camel.yaml";
    private static final String FAILURES = "00-failures.camel.yaml";
    private static final String CALL = "            id: call-pinvandaag-create\n";

    @TempDir
    static Path folder;

    private static JsonNode schema;
    private static TestRoutes routes;

    @BeforeAll
    static void readSchema() throws IOException {
        routes = TestRoutes.shipped(folder);
        schema = new ObjectMapper()
                .readTree(YamlRoutesBuilderLoader.class.getResourceAsStream("/schema/camelYamlDsl.json"))
                .path("items");
    }

    @Test
    void every_other_step_beside_a_money_call_is_refused() {
        Set<String> kinds = names(definition("ProcessorDefinition"));
        assertThat(kinds).hasSizeGreaterThan(50).contains("toD", "circuitBreaker", "to", "transform");
        kinds.removeAll(Set.of("log"));
        for (String kind : kinds) {
            assertThat(edited(
                            PINVANDAAG,
                            "        - to:\n" + CALL,
                            "        - " + kind
                                    + ":\n            id: extra\n            uri: direct:refuse\n        - to:\n"
                                    + CALL))
                    .as(kind)
                    .contains("operation-route");
        }
    }

    @Test
    void every_other_step_between_the_blocks_is_refused() {
        for (String kind : names(definition("ProcessorDefinition"))) {
            if (!kind.equals("log")) {
                assertThat(
                                edited(
                                        "20-outcome.camel.yaml",
                                        "        - process:\n            id: write-outcome\n",
                                        "        - " + kind
                                                + ":\n            id: extra\n        - process:\n            id: write-outcome\n"))
                        .as(kind)
                        .contains("guarantees");
            }
        }
    }

    @Test
    void every_other_field_of_a_call_is_refused() {
        for (String field : names(definition("ToDefinition").path("oneOf").path(1))) {
            if (!Set.of("id", "description", "note", "uri", "parameters").contains(field)) {
                assertThat(edited(PINVANDAAG, CALL, CALL + "            " + field + ": x\n"))
                        .as(field)
                        .contains("form");
            }
        }
    }

    @Test
    void every_other_field_of_a_block_a_route_and_its_start_is_refused() {
        refused("ProcessDefinition", "20-outcome.camel.yaml", "            id: write-outcome\n", 12, Set.of("ref"));
        refused("RouteDefinition", "20-outcome.camel.yaml", "    id: work\n", 4, Set.of("from", "group"));
        refused(
                "FromDefinition",
                "20-outcome.camel.yaml",
                "      uri: direct:work\n",
                6,
                Set.of("uri", "steps", "parameters"));
        refused(
                "ChoiceDefinition",
                "10-intake.camel.yaml",
                "            id: route-by-way\n",
                12,
                Set.of("when", "otherwise"));
    }

    @Test
    void every_other_field_of_an_error_handler_is_refused() {
        refused(
                "OnExceptionDefinition",
                FAILURES,
                "          exception:\n            - java.lang.Throwable\n",
                10,
                Set.of("exception", "handled", "steps"));
        refused("RouteConfigurationDefinition", FAILURES, "- routeConfiguration:\n", 4, Set.of("onException"));
    }

    @Test
    void every_other_entry_of_a_file_is_refused() {
        for (String entry : names(schema)) {
            if (!Set.of("route", "routeConfiguration").contains(entry)) {
                routes.append(FAILURES, "- " + entry + ":\n    id: extra\n");
                assertThat(routes.findingsBesideSchema())
                        .as(entry)
                        .extracting(Finding::rule)
                        .contains("top-level");
                routes.restore(FAILURES);
            }
        }
    }

    @Test
    void every_other_option_of_a_lane_is_refused() throws Exception {
        String consumers = "        concurrentConsumers: \"{{pinbridge.provider.pinvandaag.consumers}}\"\n";
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            Set<String> options = new TreeSet<>(camel.getCamelContextExtension()
                    .getEndpointUriFactory("jms")
                    .propertyNames());
            assertThat(options).hasSizeGreaterThan(80).contains("transacted", "selector");
            options.remove("concurrentConsumers");
            for (String option : options) {
                assertThat(edited(PINVANDAAG, consumers, consumers + "        " + option + ": \"false\"\n"))
                        .as(option)
                        .containsAnyOf("jms", "endpoint-options");
            }
        }
    }

    private static void refused(String definition, String file, String after, int indent, Set<String> known) {
        Set<String> fields = names(definition(definition));
        assertThat(fields).as(definition).hasSizeGreaterThan(2);
        fields.removeAll(known);
        fields.removeAll(Set.of("id", "description", "note"));
        for (String field : fields) {
            assertThat(edited(file, after, after + " ".repeat(indent) + field + ": x\n"))
                    .as("%s.%s", definition, field)
                    .contains("form");
        }
    }

    /** The rules that find something after an edit. */
    private static Set<String> edited(String file, String find, String replace) {
        Set<String> rules = new TreeSet<>();
        routes.edit(file, find, replace).findingsBesideSchema().forEach(finding -> rules.add(finding.rule()));
        routes.restore(file);
        assertThat(rules).doesNotContain("yaml");
        return rules;
    }

    private static JsonNode definition(String name) {
        JsonNode found = schema.path("definitions").path("org.apache.camel.model." + name);
        assertThat(found.isObject()).as(name).isTrue();
        return found;
    }

    private static Set<String> names(JsonNode definition) {
        Set<String> names = new TreeSet<>();
        definition.path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }
}
