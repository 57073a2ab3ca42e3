package nl.pinbridge.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import nl.pinbridge.contract.Amount;
import nl.pinbridge.contract.CardNumbers;
import nl.pinbridge.contract.Command;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.ContractSchema;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.Json;
import nl.pinbridge.contract.ResultError;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a message as a command.
 *
 * <p>The published JSON Schema is the rule and its descriptions are what a refused sender reads, so the two cannot
 * disagree. This class adds only what a schema cannot say: doubled keys, how a number is written, depth and size, dates
 * that exist, valid Unicode.
 *
 * <p>Safe for use by many threads.
 */
public final class CommandReader {
    /** UTF-16 units in a message; more is not read. Equals the part of a body that {@code payments.refused} keeps. */
    public static final int LONGEST_TEXT = 65_536;

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final Pattern KEY = Pattern.compile("[ -~]{1,100}");

    private static final String UNKNOWN = "is unknown: leave it out, or put what only one provider knows into provider";

    private static final String CARD =
            "holds what looks like a whole card number, and none is ever kept: leave it out, or send it masked";

    private final SchemaReader schema =
            new SchemaReader(ContractSchema.ofCommands(), List.of("", "amount", "receipt"), UNKNOWN);

    /** Never throws for what a sender can send. */
    public Reading read(String message) {
        String text = message.startsWith(BYTE_ORDER_MARK) ? message.substring(1) : message;
        if (text.length() > LONGEST_TEXT) {
            return new Reading.Unreadable("The message is longer than " + LONGEST_TEXT + " characters.", null);
        }
        CommandScan.Found found;
        try {
            found = CommandScan.of(text, LONGEST_TEXT + 1);
        } catch (CommandScan.NotReadableException e) {
            return new Reading.Unreadable(e.why(), null);
        }
        String commandId = found.commandId();
        if (commandId == null || !KEY.matcher(commandId).matches()) {
            return withoutKey(found);
        }
        if (CardNumbers.isIn(commandId)) {
            // A result would have to repeat it.
            return new Reading.Unreadable("commandId " + CARD, "commandId");
        }
        CommandType type = Optional.ofNullable(found.command())
                .flatMap(CommandType::fromWire)
                .orElse(null);
        CommandScan.Problem hidden = found.problem();
        if (hidden != null) {
            return refused(commandId, type, hidden);
        }
        ObjectNode json = (ObjectNode) Json.read(text);
        String card = pathOfCard("", json);
        CommandScan.Problem wrong = card == null ? schema.firstOf(json) : new CommandScan.Problem(card, CARD);
        if (wrong != null || type == null) {
            return refused(
                    commandId,
                    type,
                    wrong != null ? wrong : new CommandScan.Problem("command", "is no command of this bridge"));
        }
        try {
            return new Reading.Valid(command(commandId, type, json));
        } catch (InvalidException e) {
            return refused(commandId, type, e.problem);
        }
    }

    private static Reading withoutKey(CommandScan.Found found) {
        if (found.names().contains("commandId")) {
            return new Reading.Unreadable(
                    "commandId must stand there once, as text of 1 to 100 printable ASCII characters.", "commandId");
        }
        Optional<String> meant = found.names().stream()
                .filter(name -> DidYouMean.of(name, List.of("commandId")).isPresent())
                .findFirst();
        return new Reading.Unreadable(
                "commandId is missing."
                        + meant.map(name -> " Is \"" + FieldPath.printable(name) + "\" meant to be it?")
                                .orElse(""),
                "commandId");
    }

    private static Reading.Refused refused(String commandId, @Nullable CommandType type, CommandScan.Problem problem) {
        String end = problem.message().endsWith("?") ? "" : ".";
        // The sender's own names of fields are in it.
        String field = CardNumbers.masked(problem.field());
        String sentence = CardNumbers.masked(problem.field() + " " + problem.message() + end);
        return new Reading.Refused(commandId, type, ResultError.field(ErrorCode.INVALID, field, sentence));
    }

    /** Where the first whole card number stands, in a value or a name; null when there is none. */
    private static @Nullable String pathOfCard(String path, JsonNode node) {
        if (node.isTextual() || node.isNumber()) {
            return CardNumbers.isIn(node.asText()) ? path : null;
        }
        int index = 0;
        for (JsonNode item : node.isArray() ? node : Json.MAPPER.createArrayNode()) {
            String found = pathOfCard(FieldPath.item(path, index++), item);
            if (found != null) {
                return found;
            }
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String child = FieldPath.child(path, field.getKey());
            String found = CardNumbers.isIn(field.getKey()) ? child : pathOfCard(child, field.getValue());
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    // ---- what a schema cannot say ----

    private static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient CommandScan.Problem problem;

        InvalidException(String field, String message) {
            super(message, null, false, false);
            this.problem = new CommandScan.Problem(field, message);
        }
    }

    private static Command command(String commandId, CommandType type, ObjectNode json) throws InvalidException {
        JsonNode amount = json.path("amount");
        if (type == CommandType.RECONCILE) {
            period(json);
        }
        return new Command(
                commandId,
                type,
                text(json, "terminal"),
                text(json, "payment"),
                amount.isMissingNode()
                        ? null
                        : new Amount(
                                amount.path("value").longValue(),
                                amount.path("currency").textValue()),
                text(json, "reference"),
                expiry(json),
                "final".equals(text(json, "replies")),
                address(json),
                content(json),
                json);
    }

    private static @Nullable String text(ObjectNode json, String field) {
        return json.path(field).textValue();
    }

    private static @Nullable Instant expiry(ObjectNode json) throws InvalidException {
        String text = text(json, "expiresAt");
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new InvalidException("expiresAt", "is no instant that exists: check day, hour and zone");
        }
    }

    private static @Nullable String address(ObjectNode json) throws InvalidException {
        String text = text(json, "returnUrl");
        if (text != null && !isAddress(text)) {
            throw new InvalidException("returnUrl", "is no address that a browser could open");
        }
        return text;
    }

    private static boolean isAddress(String text) {
        try {
            return new URI(text).getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static void period(ObjectNode json) throws InvalidException {
        if (date(json, "to").isBefore(date(json, "from"))) {
            throw new InvalidException("to", "lies before from");
        }
    }

    private static LocalDate date(ObjectNode json, String field) throws InvalidException {
        try {
            return LocalDate.parse(json.path(field).asText());
        } catch (DateTimeException e) {
            throw new InvalidException(field, "is no date that exists");
        }
    }

    /** Canonical JSON of what makes two commands the same: keys sorted at every level, absent stays absent. */
    private static String content(ObjectNode json) {
        ObjectNode content = json.deepCopy();
        content.remove(List.of("expiresAt", "replies"));
        return Json.write(sorted(content));
    }

    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ObjectNode object) {
            TreeMap<String, JsonNode> fields = new TreeMap<>();
            object.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
            ObjectNode result = Json.object();
            fields.forEach(result::set);
            return result;
        }
        if (node instanceof ArrayNode list) {
            ArrayNode result = Json.MAPPER.createArrayNode();
            list.forEach(item -> result.add(sorted(item)));
            return result;
        }
        return node;
    }
}
