package nl.pinbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.ContractSchema;
import nl.pinbridge.contract.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a sender makes of a command, the published schema and the reader judge it alike. */
class CommandReaderAgreesWithSchemaTest {
    private static final int MUTATIONS = 3_000;

    private static final List<String> SEEDS = List.of(
            """
            {"commandId": "a", "command": "create", "terminal": "t", "amount": {"value": 1, "currency": "EUR"},
             "reference": "r", "expiresAt": "2026-11-21T10:15:30Z", "replies": "all", "returnUrl": "http://a.nl/"}""",
            """
            {"commandId": "a", "command": "authorise", "terminal": "t", "amount": {"value": 99999999, "currency": "USD"}}""",
            """
            {"commandId": "a", "command": "capture", "payment": "p", "amount": {"value": 5, "currency": "EUR"}}""",
            """
            {"commandId": "a", "command": "capture", "terminal": "t", "amount": {"value": 0, "currency": "EUR"},
             "provider": {"authReference": "x", "captureCancellationReasonCode": "NO_ERROR"}}""",
            """
            {"commandId": "a", "command": "refund", "payment": "p", "amount": {"value": 5, "currency": "EUR"}}""",
            """
            {"commandId": "a", "command": "mail-receipt", "payment": "p", "receipt": {"to": "a@b.nl", "name": "n", "subject": "s", "html": "<p>\\n"}}""",
            """
            {"commandId": "a", "command": "reconcile", "from": "2026-11-20", "to": "2026-11-21", "terminals": ["t", "u"]}""",
            """
            {"commandId": "a", "command": "status", "payment": "p"}""",
            """
            {"commandId": "a", "command": "ctmp", "terminal": "t"}""",
            """
            {"commandId": "a", "command": "ping", "provider": {"a": [1, {"b": null}]}}""");

    private static final List<String> NAMES = List.of(
            "commandId",
            "command",
            "terminal",
            "payment",
            "amount",
            "reference",
            "expiresAt",
            "replies",
            "returnUrl",
            "receipt",
            "provider",
            "from",
            "to",
            "terminals",
            "value",
            "currency",
            "ammount",
            "captureCancellationReasonCode");

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "1",
            "-1",
            "99999999",
            "100000000",
            "12345678901234567890",
            "\"\"",
            "\"x\"",
            "\"x\\n\"",
            "\"\\u0000\"",
            "\"\\u0085\"",
            "\"\\u007f\"",
            "\"é\"",
            "\" \"",
            "\"EUR\"",
            "\"eur\"",
            "\"final\"",
            "\"2026-11-21T10:15:30Z\"",
            "\"2026-11-21T10:15:30Z\\n\"",
            "\"2026-11-21T10:15:30.123456789+01:00\"",
            "\"2026-11-21t10:15:30z\"",
            "\"2026-02-30T10:15:30Z\"",
            "\"2026-11-21\"",
            "\"2026-11-21\\n\"",
            "\"2026-11-31\"",
            "\"https://a.nl/b?c=d#e\"",
            "\"https://a.nl/\\n\"",
            "\"http://\"",
            "\"https://a.nl/%\"",
            "\"a@b\"",
            "\"a@b\\n\"",
            "\"a@b, c@d\"",
            "[]",
            "[1]",
            "[\"t\"]",
            "[\"t\", \"t\"]",
            "{}",
            "{\"value\": 1, \"currency\": \"EUR\"}",
            "{\"to\": \"a@b\"}",
            "{\"captureCancellationReasonCode\": \"x\"}",
            "{\"a\": {\"b\": [[\"c\"]]}}");

    private final CommandReader reader = new CommandReader();
    private final ContractSchema schema = ContractSchema.ofCommands();

    @ParameterizedTest
    @ValueSource(longs = {1, 4711, 20_261_121})
    void reader_and_schema_never_disagree(long seed) {
        Random random = new Random(seed);
        int accepted = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            ObjectNode command = (ObjectNode) Json.read(pick(random, SEEDS));
            for (int n = random.nextInt(3); n >= 0; n--) {
                mutate(random, command);
            }
            String text = Json.write(command);
            boolean bySchema = schema.validate(command).isEmpty() && existsInTheWorld(command);
            Reading reading = reader.read(text);
            assertThat(reading instanceof Reading.Valid)
                    .as("seed %d, mutation %d: %s -> %s", seed, i, text, reading)
                    .isEqualTo(bySchema);
            JsonNode key = command.path("commandId");
            boolean readableKey = key.isTextual() && key.textValue().matches("[ -~]{1,100}");
            assertThat(reading instanceof Reading.Unreadable).as(text).isEqualTo(!readableKey);
            accepted += bySchema ? 1 : 0;
        }
        assertThat(accepted).as("mutations that leave a command valid").isBetween(MUTATIONS / 20, MUTATIONS / 2);
    }

    /** What the schema's patterns let pass and the calendar, or an address's syntax, does not. */
    private static boolean existsInTheWorld(ObjectNode command) {
        try {
            if (command.has("expiresAt")) {
                OffsetDateTime.parse(command.path("expiresAt").asText());
            }
            if (command.has("from")) {
                LocalDate from = LocalDate.parse(command.path("from").asText());
                return !LocalDate.parse(command.path("to").asText()).isBefore(from);
            }
        } catch (DateTimeException e) {
            return false;
        }
        return !command.path("returnUrl").asText().endsWith("%");
    }

    private static void mutate(Random random, ObjectNode command) {
        List<ObjectNode> objects = new ArrayList<>(List.of(command));
        command.forEach(child -> {
            if (child instanceof ObjectNode object) {
                objects.add(object);
            }
        });
        ObjectNode object = pick(random, objects);
        String name = pick(random, random.nextBoolean() || object.isEmpty() ? NAMES : names(object));
        switch (random.nextInt(6)) {
            case 0 -> object.remove(name);
            case 1 ->
                object.put(
                        "command", pick(random, List.of(CommandType.values())).wire());
            case 2 -> object.put(name, "x".repeat(random.nextInt(110)));
            case 3 ->
                object.set(
                        name,
                        object.path(name) instanceof ArrayNode list
                                ? list.deepCopy().add("v")
                                : wild(random));
            default -> object.set(name, wild(random));
        }
    }

    private static JsonNode wild(Random random) {
        return Json.read(pick(random, VALUES));
    }

    private static List<String> names(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static <T> T pick(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
