package nl.pinbridge.provider;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.regex.Pattern;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import nl.pinbridge.contract.Json;

/**
 * The bridge's own jq functions.
 *
 * <ul>
 *   <li>{@code major}: integer minor units to a decimal text with two places, {@code 2500 | major} is {@code "25.00"}.
 *   <li>{@code minor}: decimal text to integer minor units, {@code "25.00" | minor} is {@code 2500}; more than two places are refused.
 *   <li>{@code decimal}: decimal text to the JSON number that is written in just those digits, {@code "25.00" | decimal} is
 *       {@code 25.00}: for providers that take amounts as numbers.
 *   <li>{@code number_to_minor}: decimal JSON number to integer minor units, {@code 9.5 | number_to_minor} is {@code 950}; exact, more than
 *       two places are refused.
 *   <li>{@code integer}: the input where it is a JSON integer written as one and fits 64 bits, else null.
 *   <li>{@code local_to_utc("Europe/Amsterdam")}: {@code "2022-06-18 16:23:45"} to {@code "2022-06-18T14:23:45Z"}. A time that the
 *       clock shows twice, and one that it skips, is read with the offset in force before the change (the earlier offset).
 *   <li>{@code offset_to_utc}: {@code "2025-04-08T16:25:06+02:00"} to {@code "2025-04-08T14:25:06Z"}.
 *   <li>{@code epoch_ms_to_utc}: {@code 1776151734603} to {@code "2026-04-14T07:28:54.603Z"}.
 *   <li>{@code form_decode}: {@code "a=1&b=x%20y"} to an object of texts; a doubled name is refused.
 *   <li>{@code lenient_json}: text to the JSON in it, null where there is none.
 *   <li>{@code doubled_json}: the same, and a name that stands in an object twice counts once where both values are equal; where they
 *       differ there is no JSON.
 * </ul>
 *
 * Amounts have two decimal places, as EUR has. {@code env} and {@code $ENV} are taken away: the environment holds secrets.
 */
final class JqFunctions {
    /** Without the refusal of doubled names. */
    private static final JsonFactory DOUBLES = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(100).build())
            .build();

    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,15}(\\.[0-9]{1,2})?");
    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withResolverStyle(ResolverStyle.STRICT);

    /** Later than any transaction, and within what databases hold. */
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

    private JqFunctions() {}

    static void addTo(Scope scope) {
        add(scope, "major", JqFunctions::major);
        add(scope, "minor", JqFunctions::minor);
        add(scope, "decimal", JqFunctions::decimal);
        add(scope, "number_to_minor", JqFunctions::numberToMinor);
        add(scope, "integer", JqFunctions::integer);
        add(scope, "offset_to_utc", JqFunctions::offsetToUtc);
        add(scope, "epoch_ms_to_utc", JqFunctions::epochMillisToUtc);
        add(scope, "form_decode", JqFunctions::formDecode);
        add(scope, "lenient_json", JqFunctions::lenientJson);
        add(scope, "doubled_json", JqFunctions::doubledJson);
        add(scope, "env", in -> {
            throw new JsonQueryException("env is not available");
        });
        scope.setValue("ENV", NullNode.getInstance());
        scope.addFunction("local_to_utc", 1, (inner, args, in, path, output, version) -> args.get(0)
                .apply(inner, in, zone -> output.emit(localToUtc(in, zone), null)));
    }

    private static JsonNode major(JsonNode in) throws JsonQueryException {
        if (!in.isIntegralNumber() || !in.canConvertToLong()) {
            throw new JsonQueryException("major wants an integer, got " + in.getNodeType());
        }
        return new TextNode(BigDecimal.valueOf(in.longValue(), 2).toPlainString());
    }

    private static JsonNode minor(JsonNode in) throws JsonQueryException {
        if (!in.isTextual() || !DECIMAL.matcher(in.textValue()).matches()) {
            throw new JsonQueryException("minor wants a decimal text with at most two places");
        }
        return new LongNode(new BigDecimal(in.textValue()).movePointRight(2).longValueExact());
    }

    private static JsonNode decimal(JsonNode in) throws JsonQueryException {
        if (!in.isTextual() || !DECIMAL.matcher(in.textValue()).matches()) {
            throw new JsonQueryException("decimal wants a decimal text with at most two places");
        }
        // The scale is what keeps 25.00 from becoming 25.0, 25 or 2.5E+1.
        return DecimalNode.valueOf(new BigDecimal(in.textValue()));
    }

    private static JsonNode numberToMinor(JsonNode in) throws JsonQueryException {
        // A double has lost what was written: the bridge's own reader makes none.
        if (!in.isBigDecimal() && !in.isIntegralNumber()) {
            throw new JsonQueryException("number_to_minor wants an exact number, got " + in.getNodeType());
        }
        BigDecimal value = in.decimalValue().stripTrailingZeros();
        // Digits before the point, looked at before anything is written out: 1e999999999 is a number, too.
        if (value.scale() > 2 || (long) value.precision() - value.scale() > 15) {
            throw new JsonQueryException("number_to_minor wants at most 15 digits and two places");
        }
        return new LongNode(value.movePointRight(2).longValueExact());
    }

    private static JsonNode epochMillisToUtc(JsonNode in) throws JsonQueryException {
        if (!in.isIntegralNumber() || !in.canConvertToLong()) {
            throw new JsonQueryException("epoch_ms_to_utc wants an integer, got " + in.getNodeType());
        }
        Instant instant = Instant.ofEpochMilli(in.longValue());
        if (instant.isBefore(Instant.EPOCH) || instant.isAfter(LAST)) {
            throw new JsonQueryException("epoch_ms_to_utc wants milliseconds since 1970");
        }
        return new TextNode(instant.toString());
    }

    private static JsonNode integer(JsonNode in) {
        return in.isIntegralNumber() && in.canConvertToLong() ? in : NullNode.getInstance();
    }

    private static JsonNode localToUtc(JsonNode in, JsonNode zone) throws JsonQueryException {
        if (!in.isTextual() || !zone.isTextual()) {
            throw new JsonQueryException("local_to_utc wants a text and the name of a zone");
        }
        try {
            // ZonedDateTime reads gap and overlap alike with the offset before the change.
            return new TextNode(LocalDateTime.parse(in.textValue(), LOCAL)
                    .atZone(ZoneId.of(zone.textValue()))
                    .toInstant()
                    .toString());
        } catch (DateTimeException e) {
            throw new JsonQueryException("local_to_utc: " + e.getMessage(), e);
        }
    }

    private static JsonNode offsetToUtc(JsonNode in) throws JsonQueryException {
        if (!in.isTextual()) {
            throw new JsonQueryException("offset_to_utc wants a text");
        }
        try {
            return new TextNode(OffsetDateTime.parse(in.textValue()).toInstant().toString());
        } catch (DateTimeException e) {
            throw new JsonQueryException("offset_to_utc: " + e.getMessage(), e);
        }
    }

    private static JsonNode formDecode(JsonNode in) throws JsonQueryException {
        if (!in.isTextual()) {
            throw new JsonQueryException("form_decode wants a text");
        }
        ObjectNode form = Json.object();
        for (String pair : in.textValue().split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            if (form.has(name)) {
                throw new JsonQueryException("form_decode: the name " + name + " stands there twice");
            }
            form.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1)));
        }
        return form;
    }

    private static String decode(String text) throws JsonQueryException {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new JsonQueryException("form_decode: a broken % escape", e);
        }
    }

    private static JsonNode lenientJson(JsonNode in) {
        if (!in.isTextual()) {
            return NullNode.getInstance();
        }
        try {
            JsonNode json = Json.MAPPER.readTree(in.textValue());
            return json.isMissingNode() ? NullNode.getInstance() : json;
        } catch (JsonProcessingException e) {
            return NullNode.getInstance();
        }
    }

    private static JsonNode doubledJson(JsonNode in) {
        if (!in.isTextual()) {
            return NullNode.getInstance();
        }
        try (JsonParser parser = DOUBLES.createParser(in.textValue())) {
            JsonNode json = parser.nextToken() == null ? NullNode.getInstance() : value(parser);
            return parser.nextToken() == null ? json : NullNode.getInstance();
        } catch (IOException e) {
            return NullNode.getInstance();
        }
    }

    /** The value at which the parser stands. */
    private static JsonNode value(JsonParser parser) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = Json.object();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    JsonNode value = value(parser);
                    JsonNode before = object.get(name);
                    if (before != null && !before.equals(value)) {
                        throw new JsonParseException(parser, "a name stands there twice with different values");
                    }
                    object.set(name, value);
                }
                return object;
            }
            case START_ARRAY -> {
                ArrayNode array = Json.MAPPER.createArrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser));
                }
                return array;
            }
            case VALUE_NUMBER_FLOAT -> {
                return DecimalNode.valueOf(parser.getDecimalValue());
            }
            case VALUE_NUMBER_INT -> {
                return switch (parser.getNumberType()) {
                    case INT -> IntNode.valueOf(parser.getIntValue());
                    case LONG -> LongNode.valueOf(parser.getLongValue());
                    default -> BigIntegerNode.valueOf(parser.getBigIntegerValue());
                };
            }
            case VALUE_STRING -> {
                return new TextNode(parser.getText());
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return BooleanNode.valueOf(parser.getBooleanValue());
            }
            default -> {
                return NullNode.getInstance();
            }
        }
    }

    private static void add(Scope scope, String name, Step step) {
        scope.addFunction(name, 0, (inner, args, in, path, output, version) -> output.emit(step.apply(in), null));
    }

    @FunctionalInterface
    private interface Step {
        JsonNode apply(JsonNode in) throws JsonQueryException;
    }
}
