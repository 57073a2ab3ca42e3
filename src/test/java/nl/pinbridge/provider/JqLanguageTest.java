package nl.pinbridge.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import nl.pinbridge.contract.Json;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JqLanguageTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final CamelContext context = new DefaultCamelContext();

    @BeforeEach
    void bind() {
        context.getRegistry().bind("jq", new JqLanguage());
    }

    @AfterEach
    void stop() throws Exception {
        context.close();
    }

    @Test
    void the_yaml_expression_jq_reads_a_script_from_a_file() throws Exception {
        Path script = Files.writeString(folder.resolve("double.jq"), "# a comment\n{twice: (.a * 2), from: .a}\n");
        load(
                """
                - route:
                    id: mapped
                    from:
                      uri: direct:mapped
                      steps:
                        - transform:
                            expression:
                              jq:
                                expression: "resource:file:SCRIPT"
                        - choice:
                            when:
                              - expression:
                                  jq:
                                    expression: ".twice == 42"
                                steps:
                                  - setProperty:
                                      name: word
                                      expression:
                                        jq:
                                          expression: '"it is " + (.twice | tostring)'
                                          resultType: java.lang.String
                """
                        .replace("SCRIPT", script.toString()));
        ProducerTemplate template = context.createProducerTemplate();
        for (Object body : new Object[] {
            Json.read("{\"a\":21}"),
            "{\"a\":21}",
            "{\"a\":21}".getBytes(StandardCharsets.UTF_8),
            new ByteArrayInputStream("{\"a\":21}".getBytes(StandardCharsets.UTF_8)),
            Map.of("a", 21)
        }) {
            var exchange =
                    template.send("direct:mapped", sent -> sent.getMessage().setBody(body));
            assertThat(exchange.getException()).isNull();
            assertThat(exchange.getMessage().getBody()).isInstanceOf(JsonNode.class);
            assertThat(exchange.getMessage()
                            .getBody(JsonNode.class)
                            .get("twice")
                            .longValue())
                    .isEqualTo(42);
            assertThat(exchange.getProperty("word")).isEqualTo("it is 42");
        }
    }

    @Test
    void a_script_that_is_no_jq_stops_the_route_and_is_named() throws Exception {
        Path script = Files.writeString(folder.resolve("broken.jq"), "{a: ");
        assertThatThrownBy(() -> load(
                        """
                        - route:
                            id: broken
                            from:
                              uri: direct:broken
                              steps:
                                - transform:
                                    expression:
                                      jq:
                                        expression: "resource:file:SCRIPT"
                        """
                                .replace("SCRIPT", script.toString())))
                .hasStackTraceContaining("broken.jq")
                .hasStackTraceContaining("cannot be read");
    }

    @ParameterizedTest
    @CsvSource({
        "2500, 25.00",
        "1, 0.01",
        "0, 0.00",
        "-5, -0.05",
        "9007199254740993, 90071992547409.93",
        "9223372036854775807, 92233720368547758.07"
    })
    void major_is_exact(String minor, String major) {
        assertThat(run(". | major", minor).textValue()).isEqualTo(major);
    }

    @ParameterizedTest
    @CsvSource({"25.00, 2500", "25, 2500", "25.5, 2550", "0.01, 1", "-0.05, -5", "123456789012345.67, 12345678901234567"
    })
    void minor_is_exact(String major, long minor) {
        assertThat(run(". | minor", '"' + major + '"').longValue()).isEqualTo(minor);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"25.001\"", "\"25,00\"", "\"1e2\"", "\"\"", "\" 1\"", "25.0", "25", "null"})
    void minor_refuses_what_is_no_decimal_text_of_two_places(String input) {
        assertThatThrownBy(() -> run("minor", input)).isInstanceOf(JqException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "25.00, 2500",
        "25, 2500",
        "25.5, 2550",
        "0.01, 1",
        "0.29, 29",
        "1.10, 110",
        "-0.05, -5",
        "1E+2, 10000",
        "0.000, 0",
        "123456789012345.67, 12345678901234567"
    })
    void number_to_minor_is_exact(String number, long minor) {
        assertThat(run(". | number_to_minor", number).longValue()).isEqualTo(minor);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"25.00\"", "25.001", "1e999999999", "1e-999999999", "9999999999999999", "null", "[]", "true"})
    void number_to_minor_refuses_what_is_no_number_of_two_places(String input) {
        assertThatThrownBy(() -> run("number_to_minor", input)).isInstanceOf(JqException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "1776151734603, 2026-04-14T07:28:54.603Z",
        "0, 1970-01-01T00:00:00Z",
        "1709621105000, 2024-03-05T06:45:05Z"
    })
    void milliseconds_become_a_time(String millis, String time) {
        assertThat(run("epoch_ms_to_utc", millis).textValue()).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1776151734603\"", "1776151734.603", "-1", "999999999999999", "1e30", "null"})
    void what_are_no_milliseconds_becomes_no_time(String input) {
        assertThatThrownBy(() -> run("epoch_ms_to_utc", input)).isInstanceOf(JqException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"25.5", "1e3", "\"25\"", "null", "9223372036854775808"})
    void major_refuses_what_is_no_integer(String input) {
        assertThatThrownBy(() -> run("major", input)).isInstanceOf(JqException.class);
        assertThat(run("integer", input).isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "2022-06-18 16:23:45, 2022-06-18T14:23:45Z",
        "2026-01-15 00:30:00, 2026-01-14T23:30:00Z",
        // Shown twice: the first time, in summer time.
        "2026-10-25 02:30:00, 2026-10-25T00:30:00Z",
        // Skipped: read with the winter time that has just ended.
        "2026-03-29 02:30:00, 2026-03-29T01:30:00Z"
    })
    void local_time_becomes_utc_with_the_earlier_offset(String local, String utc) {
        assertThat(run("local_to_utc(\"Europe/Amsterdam\")", '"' + local + '"').textValue())
                .isEqualTo(utc);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"2026-02-30 10:00:00\"", "\"2026-01-01\"", "\"2026-01-01T10:00:00Z\"", "7", "null"})
    void a_time_that_is_none_is_an_error(String input) {
        assertThatThrownBy(() -> run("local_to_utc(\"Europe/Amsterdam\")", input))
                .isInstanceOf(JqException.class);
    }

    @Test
    void forms_and_embedded_json_are_read() {
        assertThat(run("form_decode", "\"a=1&b=x%20y+z&c&d=%E2%82%AC\""))
                .isEqualTo(Json.read("{\"a\":\"1\",\"b\":\"x y z\",\"c\":\"\",\"d\":\"€\"}"));
        assertThatThrownBy(() -> run("form_decode", "\"a=1&a=2\"")).hasMessageContaining("twice");
        assertThat(run("lenient_json", "\"[1,{\\\"a\\\":2}]\"")).isEqualTo(Json.read("[1,{\"a\":2}]"));
        for (String none : new String[] {"\"\"", "\"[1\"", "\"{} {}\"", "7", "null"}) {
            assertThat(run("lenient_json", none).isNull()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2500, 25.00",
        "0, 0.00",
        "1, 0.01",
        "10, 0.10",
        "250000000, 2500000.00",
        "9999999999999, 99999999999.99"
    })
    void a_decimal_keeps_its_digits_on_the_way_out(String minor, String written) {
        assertThat(Json.write(run("{a: (. | major | decimal)}", minor))).isEqualTo("{\"a\":" + written + "}");
    }

    @Test
    void a_name_that_stands_twice_counts_once_where_it_says_the_same() {
        assertThat(doubled("{\"status\": \"SUCCESS\", \"a\": [1, 2.50, true, null, {}], \"status\": \"SUCCESS\"}"))
                .isEqualTo(Json.read("{\"status\":\"SUCCESS\",\"a\":[1,2.50,true,null,{}]}"));
        for (String none : new String[] {
            "{\"status\": \"SUCCESS\", \"status\": \"FAILED\"}",
            "{\"a\": {\"b\": 1, \"b\": 2}}",
            "{\"a\": \"[ \"...\" ]\"}",
            "{\"a\": 1",
            "{} {}",
            "",
            "<html>",
            "[".repeat(200) + "]".repeat(200)
        }) {
            assertThat(doubled(none).isNull()).as(none).isTrue();
        }
    }

    private static JsonNode doubled(String text) {
        return run("doubled_json", Json.write(text));
    }

    @Test
    void the_environment_is_out_of_reach() {
        assertThatThrownBy(() -> run("env.HOME", "null")).hasMessageContaining("not available");
        assertThat(run("$ENV", "null").isNull()).isTrue();
    }

    @Test
    void a_script_has_one_output_and_a_condition_a_boolean() {
        assertThatThrownBy(() -> run("1, 2", "null")).hasMessageContaining("2 outputs");
        assertThatThrownBy(() -> run("empty", "null")).hasMessageContaining("0 outputs");
        assertThat(JqScript.compile("t", ".a == 1").test(Json.read("{\"a\":1}")))
                .isTrue();
        assertThat(JqScript.compile("t", ".a").test(Json.read("{}"))).isFalse();
        assertThatThrownBy(() -> JqScript.compile("some.jq", ".a").test(Json.read("{\"a\":1}")))
                .hasMessageContaining("some.jq")
                .hasMessageContaining("no boolean");
    }

    private static JsonNode run(String script, String input) {
        return JqScript.compile("test", script).apply(Json.read(input));
    }

    private void load(String yaml) throws Exception {
        Resource resource = ResourceHelper.fromString("routes.yaml", yaml);
        PluginHelper.getRoutesLoader(context).loadRoutes(resource);
        context.start();
    }
}
