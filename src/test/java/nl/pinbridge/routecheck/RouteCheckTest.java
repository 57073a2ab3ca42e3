package nl.pinbridge.routecheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.EndpointUriFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteCheckTest {
    @TempDir
    Path folder;

    @Test
    void the_routes_as_delivered_have_no_findings() {
        RouteCheck check = RouteCheck.of(TestRoutes.SHIPPED, TestRoutes.placeholders(), TestRoutes.BLOCKS);
        for (String when : new String[] {"cold", "warm"}) {
            long start = System.nanoTime();
            assertThat(check.run()).isEmpty();
            System.out.printf(
                    "routecheck of routes/, %s: %d ms%n",
                    when, Duration.ofNanos(System.nanoTime() - start).toMillis());
        }
    }

    @Test
    void a_provider_made_by_copying_a_folder_has_no_findings() {
        TestRoutes routes = TestRoutes.shipped(folder);
        for (String file : TestRoutes.filesOf("providers/pinvandaag")) {
            if (!file.endsWith(".camel.yaml")) {
                routes.file(
                        "providers/other/" + file, text(TestRoutes.SHIPPED.resolve("providers/pinvandaag/" + file)));
            }
        }
        routes.edit("providers/other/provider.yaml", "name: pinvandaag", "name: other");
        routes.file(
                "providers/other/other.camel.yaml",
                text(TestRoutes.SHIPPED.resolve("providers/pinvandaag/pinvandaag.camel.yaml"))
                        .replace("pinvandaag", "other"));
        Set<String> placeholders = new TreeSet<>(TestRoutes.placeholders());
        placeholders.add("pinbridge.provider.other.consumers");
        assertThat(RouteCheck.of(folder, placeholders, TestRoutes.BLOCKS).run()).isEmpty();
    }

    @Test
    void a_finding_reads_like_a_compilers_message() {
        TestRoutes routes = TestRoutes.shipped(folder);
        routes.edit("20-outcome.camel.yaml", "ref: outcome", "ref: outcomes");
        assertThat(routes.findings("blocks")).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.file()).isEqualTo(folder.resolve("20-outcome.camel.yaml"));
            assertThat(Files.readAllLines(finding.file()).get(finding.line() - 1))
                    .contains("ref: outcomes");
            assertThat(finding)
                    .asString()
                    .startsWith(folder.resolve("20-outcome.camel.yaml") + ":" + finding.line()
                            + ": error: blocks: work/write-outcome: 'outcomes' is no block; there are [admin,");
        });
    }

    @Test
    void a_folder_that_is_not_there_is_a_finding() {
        assertThat(TestRoutes.empty(folder.resolve("nowhere")).findings("files"))
                .hasSize(1);
    }

    /** Cut, doubled, and mixed up: whatever a file holds, the answer is a list of findings. */
    @Test
    void no_text_makes_the_check_fail() throws IOException {
        long seed = 20_261_121;
        Random random = new Random(seed);
        TestRoutes routes = TestRoutes.shipped(folder);
        String[] files = {
            "00-failures.camel.yaml",
            "10-intake.camel.yaml",
            "providers/pinvandaag/pinvandaag.camel.yaml",
            "providers/pinvandaag/provider.yaml"
        };
        String noise = "{}[]:-#&*!|>'\"%@`\t\n ?,.\u0000\ufeff";
        for (int i = 0; i < 200; i++) {
            String name = files[random.nextInt(files.length)];
            String text = text(TestRoutes.SHIPPED.resolve(name));
            StringBuilder broken = new StringBuilder(text);
            for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
                int at = random.nextInt(broken.length());
                switch (random.nextInt(4)) {
                    case 0 -> broken.setLength(Math.max(1, at));
                    case 1 -> broken.insert(at, noise.charAt(random.nextInt(noise.length())));
                    case 2 -> broken.deleteCharAt(at);
                    default -> broken.insert(at, broken.substring(at, Math.min(broken.length(), at + 60)));
                }
                if (broken.isEmpty()) {
                    broken.append(' ');
                }
            }
            routes.file(name, broken.toString());
            assertThat(routes.findings()).as("seed %d, round %d", seed, i).doesNotContainNull();
            routes.file(name, text);
        }
        Files.write(folder.resolve("x.camel.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, '-'});
        assertThat(routes.findings("yaml")).hasSize(1);
        routes.file("x.camel.yaml", "- ".repeat(50_000) + "x");
        assertThat(routes.findings("yaml")).hasSize(1);
    }

    @Test
    void the_page_is_the_list_of_rules() throws IOException {
        Path page = Path.of("docs/route-rules.md");
        String text = text(page);
        if (Boolean.getBoolean("docs.update")) {
            text = text.substring(0, text.indexOf("| rule |"))
                    + RouteCheck.markdown()
                    + text.substring(text.lastIndexOf(" |\n") + 3);
            Files.writeString(page, text);
        }
        assertThat(text)
                .as("renew it with ./mvnw test -Dtest=RouteCheckTest -Ddocs.update=true")
                .contains(RouteCheck.markdown());
        for (Rule rule : RouteCheck.RULES) {
            assertThat(text).contains("\n| `" + rule.name() + "` | ");
        }
    }

    @Test
    void every_rule_has_its_own_class_name_and_texts() {
        assertThat(RouteCheck.RULES).extracting(Rule::name).doesNotHaveDuplicates();
        assertThat(RouteCheck.RULES).extracting(Rule::getClass).doesNotHaveDuplicates();
        for (Rule rule : RouteCheck.RULES) {
            StringBuilder name = new StringBuilder();
            for (String word : rule.name().split("-")) {
                name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
            }
            assertThat(rule.getClass().getSimpleName()).isEqualTo(name + "Rule");
            for (String text : new String[] {rule.refuses(), rule.why(), rule.instead()}) {
                assertThat(text).isNotBlank().doesNotContain("|", "\n").doesNotEndWith(".");
            }
        }
    }

    @Test
    void the_options_that_routes_may_set_are_known_to_the_components() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            for (Map.Entry<String, Map<String, Set<String>>> side : EndpointOptionsRule.KNOWN.entrySet()) {
                String component = side.getKey().substring(side.getKey().indexOf(' ') + 1);
                EndpointUriFactory known = camel.getCamelContextExtension().getEndpointUriFactory(component);
                assertThat(side.getValue().keySet()).allSatisfy(option -> assertThat(known.propertyNames()
                                        .contains(option)
                                || known.multiValuePrefixes().values().stream().anyMatch(option::startsWith))
                        .as("%s %s", component, option)
                        .isTrue());
            }
        }
    }

    @Test
    void the_steps_that_routes_may_use_are_known_to_camel() {
        assertThat(FormRule.STEPS.keySet()).allSatisfy(step -> assertThat(TestRoutes.empty(folder)
                        .file("x.camel.yaml", "- route: {id: x, from: {uri: direct:x, steps: [{" + step + ": {}}]}}")
                        .findings("schema"))
                .extracting(Finding::message)
                .noneSatisfy(message -> assertThat(message).contains("'" + step + "'")));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
