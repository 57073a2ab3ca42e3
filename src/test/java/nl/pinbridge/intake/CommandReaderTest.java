package nl.pinbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import nl.pinbridge.contract.Amount;
import nl.pinbridge.contract.Command;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.Fingerprint;
import nl.pinbridge.contract.Resend;
import nl.pinbridge.contract.ResultError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandReaderTest {
    private static final String CREATE =
            """
            {"commandId": "so-4711-1", "command": "create", "terminal": "till-1", \
            "amount": {"value": 1050, "currency": "EUR"}}""";

    private final CommandReader reader = new CommandReader();

    @Test
    void reads_every_field_of_the_contract() {
        Command command = valid(
                """
                {"commandId": "so-4711-1", "command": "create", "terminal": "till-1",
                 "amount": {"value": 1050, "currency": "EUR"}, "reference": "SO-4711 é",
                 "expiresAt": "2026-11-21T11:15:30.5+01:00", "replies": "final",
                 "returnUrl": "https://shop.example/back?order=4711%20a", "provider": {"b": [1, {"y": "2.50", "x": null}], "a": true}}
                """);
        assertThat(command.commandId()).isEqualTo("so-4711-1");
        assertThat(command.type()).isEqualTo(CommandType.CREATE);
        assertThat(command.terminal()).isEqualTo("till-1");
        assertThat(command.payment()).isNull();
        assertThat(command.amount()).isEqualTo(new Amount(1050, "EUR"));
        assertThat(command.reference()).isEqualTo("SO-4711 é");
        assertThat(command.expiresAt()).isEqualTo(Instant.parse("2026-11-21T10:15:30.500Z"));
        assertThat(command.finalOnly()).isTrue();
        assertThat(command.returnUrl()).isEqualTo("https://shop.example/back?order=4711%20a");
        assertThat(command.content())
                .isEqualTo(
                        """
                        {"amount":{"currency":"EUR","value":1050},"command":"create","commandId":"so-4711-1",\
                        "provider":{"a":true,"b":[1,{"x":null,"y":"2.50"}]},"reference":"SO-4711 é",\
                        "returnUrl":"https://shop.example/back?order=4711%20a","terminal":"till-1"}""");
        assertThat(command.json().path("replies").asText()).isEqualTo("final");
    }

    @Test
    void f29_content_ignores_order_white_space_expiry_and_replies() {
        Command first = valid(CREATE);
        Command again = valid(
                """
                { "expiresAt": "2026-11-21T10:15:30Z",
                  "amount": {"currency": "EUR", "value": 1050}, "replies": "all",
                  "terminal": "till-1", "command": "create", "commandId": "so-4711-1" }""");
        assertThat(again.content()).isEqualTo(first.content());
        assertThat(Fingerprint.of(again)).isEqualTo(Fingerprint.of(first)).matches("[0-9a-f]{64}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ", \"reference\": \"\"",
                ", \"provider\": {}",
                ", \"provider\": {\"a\": null}",
                ", \"provider\": {\"a\": 1}",
                ", \"provider\": {\"a\": \"1\"}"
            })
    void f30_content_that_differs_in_anything_else_has_another_fingerprint(String more) {
        assertThat(Fingerprint.of(valid(with(more)))).isNotEqualTo(Fingerprint.of(valid(CREATE)));
    }

    @Test
    void fingerprint_is_the_sha_256_that_any_tool_computes() {
        assertThat(Fingerprint.of("é")).isEqualTo("4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c");
    }

    @Test
    void a_byte_order_mark_in_front_is_no_part_of_the_command() {
        assertThat(valid("\uFEFF" + CREATE)).isEqualTo(valid(CREATE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1050.0   | fraction or an exponent",
                "1.05e3   | fraction or an exponent",
                "105E1    | fraction or an exponent",
                "10.50    | fraction or an exponent",
                "0.0      | fraction or an exponent",
                "-0       | written as -0",
                "-1050    | whole number of minor units",
                "0        | at least 1",
                "100000000 | at most 99999999",
                "99999999999999999999 | at most 99999999",
                "11111111111111111111111111111111111111111 | more than 40 digits",
                "\"1050\" | whole number of minor units",
                "null     | whole number of minor units",
                "[1050]   | whole number of minor units",
                "true     | whole number of minor units"
            })
    void an_amount_is_whole_minor_units_and_nothing_else(String value, String says) {
        ResultError error = refused(CREATE.replace("1050", value)).error();
        assertThat(error.field()).isEqualTo("amount.value");
        assertThat(error.message()).contains(says);
    }

    @Test
    void the_largest_amount_passes() {
        assertThat(valid(CREATE.replace("1050", "99999999")).amount()).isEqualTo(new Amount(99_999_999, "EUR"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"eur\"", "\"EURO\"", "\"EU\"", "\"XXX\"", "\"DEM\"", "\"€\"", "978", "null", "\"\""})
    void a_currency_is_an_iso_4217_code_in_use(String currency) {
        ResultError error = refused(CREATE.replace("\"EUR\"", currency)).error();
        assertThat(error.field()).isEqualTo("amount.currency");
        assertThat(error.message()).contains("ISO 4217");
    }

    @Test
    void zero_is_only_for_a_capture_that_says_why_nothing_was_delivered() {
        String capture =
                """
                {"commandId": "a", "command": "capture", "terminal": "t", "amount": {"value": 0, "currency": "EUR"},
                 "provider": {"authReference": "x"%s}}""";
        assertThat(refused(capture.formatted("")).error().field()).isEqualTo("amount.value");
        Command command = valid(capture.formatted(", \"captureCancellationReasonCode\": \"AMOUNT_ZERO_OR_NO_VOLUME\""));
        assertThat(command.amount()).isEqualTo(new Amount(0, "EUR"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"ammount\": 1              | ammount                 | Did you mean \"amount\"?",
                "\"expires_at\": \"x\"       | expires_at              | Did you mean \"expiresAt\"?",
                "\"Reference\": \"x\"        | Reference               | Did you mean \"reference\"?",
                "\"currency\": \"EUR\"       | currency                | Did you mean \"amount.currency\"?",
                "\"captureCancellation\": 1  | captureCancellation     | is unknown: leave it out",
                "\"odd name\": 1             | [\"odd name\"]          | is unknown",
                "\"#reference\": 1           | [\"#reference\"]        | is unknown: leave it out",
                "\"a\\u0000\\nb\": 1         | [\"a??b\"]              | is unknown",
                "\"payment\": \"x\"          | payment                 | does not belong in create",
                "\"receipt\": {\"to\": \"a@b\"} | receipt              | does not belong in create",
                "\"replies\": \"none\"       | replies                 | must be all (the default) or final",
                "\"reference\": null         | reference               | must be text",
                "\"provider\": [1]           | provider                | must be an object",
                "\"provider\": {\"a\": [{\"b\": 2.5}]} | provider.a[0].b | fraction",
                "\"provider\": {\"a\": {\"b\": 1, \"b\": 1}} | provider.a.b | stands there twice",
                "\"terminal\": \"x\"         | terminal                | stands there twice",
                "\"reference\": \"a\\u0007\" | reference               | without control characters",
                "\"reference\": \"a\\n\"     | reference               | without control characters",
                "\"reference\": \"\\ud800\"  | reference               | half a surrogate pair",
                "\"expiresAt\": \"2026-11-21T10:15:30\"  | expiresAt   | an instant with a zone",
                "\"expiresAt\": \"2026-11-21T10:15Z\"    | expiresAt   | an instant with a zone",
                "\"expiresAt\": \"2026-02-30T10:15:30Z\" | expiresAt   | no instant that exists",
                "\"expiresAt\": \"2026-11-21T24:00:00Z\" | expiresAt   | no instant that exists",
                "\"expiresAt\": 1795252530   | expiresAt               | an instant with a zone",
                "\"returnUrl\": \"ftp://shop.example/\"        | returnUrl | an http or https address",
                "\"returnUrl\": \"javascript:alert(1)\"        | returnUrl | an http or https address",
                "\"returnUrl\": \"https://user@shop.example/\" | returnUrl | an http or https address",
                "\"returnUrl\": \"https://shop.example/a b\"   | returnUrl | an http or https address",
                "\"returnUrl\": \"https://shop.example/%zz\"   | returnUrl | no address"
            })
    void what_is_wrong_is_named_with_its_path_and_what_to_do(String more, String field, String says) {
        Reading.Refused refused = refused(with(", " + more));
        assertThat(refused.commandId()).isEqualTo("so-4711-1");
        assertThat(refused.type()).isEqualTo(CommandType.CREATE);
        assertThat(refused.error().code()).isEqualTo(ErrorCode.INVALID);
        assertThat(refused.error().resend()).isEqualTo(Resend.SAFE);
        assertThat(refused.error().field()).isEqualTo(field);
        assertThat(refused.error().message()).contains(says).doesNotContain("\n");
    }

    @ParameterizedTest
    @CsvSource({
        "create, terminal",
        "authorise, terminal",
        "capture, amount",
        "refund, payment",
        "cancel, payment",
        "void, payment",
        "approve, payment",
        "decline, payment",
        "status, payment",
        "mail-receipt, payment",
        "ctmp, terminal",
        "terminal-status, terminal",
        "reconcile, from"
    })
    void each_command_asks_for_what_it_needs(String command, String missing) {
        Reading.Refused refused = refused("{\"commandId\": \"a\", \"command\": \"" + command + "\"}");
        assertThat(refused.error().message()).contains("is missing and " + command + " needs it");
        assertThat(valid("{\"commandId\": \"a\", \"command\": \"ping\"}").type())
                .isEqualTo(CommandType.PING);
        assertThat(refused.error().message()).satisfiesAnyOf(m -> assertThat(m).startsWith(missing), m -> assertThat(m)
                .startsWith("amount "));
    }

    @Test
    void a_misspelt_field_inside_amount_is_named_with_its_whole_path() {
        ResultError error = refused(CREATE.replace("\"value\"", "\"vallue\"")).error();
        assertThat(error.field()).isEqualTo("amount.vallue");
        assertThat(error.message()).isEqualTo("amount.vallue is unknown. Did you mean \"value\"?");
    }

    @Test
    void an_unknown_command_is_answered_with_the_nearest_one() {
        Reading.Refused refused = refused(CREATE.replace("\"create\"", "\"Create\""));
        assertThat(refused.type()).isNull();
        assertThat(refused.error().field()).isEqualTo("command");
        assertThat(refused.error().message()).endsWith("Did you mean \"create\"?");
    }

    @Test
    void a_period_runs_forward_over_days_that_exist() {
        String reconcile = "{\"commandId\": \"a\", \"command\": \"reconcile\", \"from\": \"%s\", \"to\": \"%s\"}";
        assertThat(valid(reconcile.formatted("2026-11-20", "2026-11-20")).type())
                .isEqualTo(CommandType.RECONCILE);
        assertThat(refused(reconcile.formatted("2026-11-20", "2026-11-19"))
                        .error()
                        .field())
                .isEqualTo("to");
        assertThat(refused(reconcile.formatted("2026-02-29", "2026-03-01"))
                        .error()
                        .field())
                .isEqualTo("from");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "``                                        | -",
                "hello                                     | -",
                "[]                                        | -",
                "\"commandId\"                             | -",
                "<command/>                                | -",
                "{\"commandId\": \"a\"                     | -",
                "{\"commandId\": \"a\"} {}                 | -",
                "{\"commandId\": \"a\",}                   | -",
                "{'commandId': 'a'}                        | -",
                "{\"commandId\": NaN}                      | -",
                "{}                                        | commandId",
                "{\"commandId\": null}                     | commandId",
                "{\"commandId\": 4711}                     | commandId",
                "{\"commandId\": \"\"}                     | commandId",
                "{\"commandId\": \"a\\n\"}                 | commandId",
                "{\"commandId\": \"é\"}                    | commandId",
                "{\"commandId\": {\"commandId\": \"a\"}}   | commandId",
                "{\"commandId\": \"a\", \"commandId\": \"a\"} | commandId"
            })
    void f36_what_cannot_be_answered_is_unreadable_with_a_reason(String text, String field) {
        assertThat(reader.read(text)).isInstanceOfSatisfying(Reading.Unreadable.class, unreadable -> {
            assertThat(unreadable.field()).isEqualTo(field);
            assertThat(unreadable.reason()).isNotBlank();
        });
    }

    @Test
    void a_misspelt_key_is_pointed_out() {
        assertThat(reader.read("{\"command_id\": \"a\"}"))
                .isEqualTo(
                        new Reading.Unreadable("commandId is missing. Is \"command_id\" meant to be it?", "commandId"));
    }

    @Test
    void a_key_has_at_most_100_characters() {
        assertThat(valid(CREATE.replace("so-4711-1", "k".repeat(100))).commandId())
                .hasSize(100);
        assertThat(reader.read(CREATE.replace("so-4711-1", "k".repeat(101)))).isInstanceOf(Reading.Unreadable.class);
    }

    @Test
    void a_reference_is_counted_in_characters_and_not_in_code_units() {
        assertThat(valid(with(", \"reference\": \"" + "\uD83D\uDE00".repeat(64) + "\""))
                        .reference())
                .hasSize(128);
        assertThat(refused(with(", \"reference\": \"" + "\uD83D\uDE00".repeat(65) + "\""))
                        .error()
                        .field())
                .isEqualTo("reference");
    }

    @Test
    void f36_deep_nesting_is_refused_and_not_climbed() {
        int deepest = CommandScan.DEEPEST - 2;
        assertThat(valid(with(", \"provider\": {\"a\": " + "[".repeat(deepest) + "]".repeat(deepest) + "}")))
                .isNotNull();
        Reading.Refused refused =
                refused(with(", \"provider\": {\"a\": " + "[".repeat(30_000) + "]".repeat(30_000) + "}"));
        assertThat(refused.error().message()).contains("deeper than 16 levels");
    }

    @Test
    void f36_huge_texts_are_not_read() {
        String filler = "x"
                .repeat(CommandReader.LONGEST_TEXT
                        - with(", \"reference\": \"\"").length());
        assertThat(refused(with(", \"reference\": \"" + filler + "\"")).error().field())
                .isEqualTo("reference");
        assertThat(reader.read(with(", \"reference\": \"" + filler + "x\""))).isInstanceOf(Reading.Unreadable.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ", \"returnUrl\": \"https://shop.example/%s\"",
                ", \"returnUrl\": \"https://%s\"",
                ", \"returnUrl\": \"https://a%s!\"",
                ", \"expiresAt\": \"%s\"",
                ", \"%s\": 1",
                ", \"provider\": {\"%s\": \"1\", \"a\": 1.5}",
                ", \"receipt\": {\"to\": \"a@%s\"}",
                ", \"receipt\": {\"to\": \"a@%s!\"}"
            })
    void f36_long_texts_in_any_field_are_refused_quickly_and_with_a_short_reason(String more) {
        ResultError error = refused(with(more.formatted("a".repeat(60_000)))).error();
        assertThat(error.message().length() + String.valueOf(error.field()).length())
                .isLessThan(600);
    }

    private static String with(String more) {
        return CREATE.substring(0, CREATE.length() - 1) + more + "}";
    }

    private Command valid(String text) {
        Reading reading = reader.read(text);
        assertThat(reading).isInstanceOf(Reading.Valid.class);
        return ((Reading.Valid) reading).command();
    }

    private Reading.Refused refused(String text) {
        Reading reading = reader.read(text);
        assertThat(reading).isInstanceOf(Reading.Refused.class);
        return (Reading.Refused) reading;
    }
}
