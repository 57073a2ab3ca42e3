package nl.pinbridge.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.ContractSchema;
import org.jspecify.annotations.Nullable;

/** Holds commands against a schema, whose descriptions are what a refused sender reads. */
final class SchemaReader {
    private static final List<String> COMMANDS =
            Arrays.stream(CommandType.values()).map(CommandType::wire).toList();

    private final ContractSchema schema;
    private final JsonNode rules;
    private final List<String> objects;
    private final String unknown;

    /**
     * @param objects the objects of a command whose fields are all known, by name; the empty name is the command itself
     * @param unknown what is said of a field that is in none of them
     */
    SchemaReader(ContractSchema schema, List<String> objects, String unknown) {
        this.schema = schema;
        this.rules = schema.json();
        this.objects = List.copyOf(objects);
        this.unknown = unknown;
    }

    /** What is wrong that helps most; null where nothing is. */
    CommandScan.@Nullable Problem firstOf(ObjectNode json) {
        CommandScan.Problem overlooked = overlooked(json);
        if (overlooked != null) {
            return overlooked;
        }
        Set<ValidationMessage> messages = schema.validate(json);
        return messages.stream()
                .min(Comparator.comparingInt(SchemaReader::rank)
                        .thenComparing(m -> m.getInstanceLocation().toString())
                        .thenComparing(m -> String.valueOf(m.getProperty())))
                .map(m -> problem(m, json))
                .orElse(null);
    }

    /** The validator takes a name that begins with # for a comment and lets it pass; here no field is one. */
    private CommandScan.@Nullable Problem overlooked(ObjectNode json) {
        for (String path : objects) {
            JsonNode object = path.isEmpty() ? json : json.path(path);
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                if (field.getKey().startsWith("#")) {
                    return new CommandScan.Problem(FieldPath.child(path, field.getKey()), unknown);
                }
            }
        }
        return null;
    }

    /** What helps most comes first: a misspelt field explains a missing one, and a wrong command explains nearly all. */
    private static int rank(ValidationMessage message) {
        if (message.getType().equals("additionalProperties")) {
            return 0;
        }
        if (aboutCommand(message)) {
            return 1;
        }
        return switch (message.getType()) {
            case "type" -> 2;
            case "false" -> 4;
            case "required" -> 5;
            default -> 3;
        };
    }

    private static boolean aboutCommand(ValidationMessage message) {
        return message.getInstanceLocation().toString().equals("$.command")
                || (message.getType().equals("required") && "command".equals(message.getProperty()));
    }

    private CommandScan.Problem problem(ValidationMessage message, ObjectNode json) {
        String at = path(message);
        String word = json.path("command").asText();
        switch (message.getType()) {
            case "additionalProperties" -> {
                String name = String.valueOf(message.getProperty());
                return new CommandScan.Problem(FieldPath.child(at, name), unknown(message, name));
            }
            case "required" -> {
                String field = FieldPath.child(at, String.valueOf(message.getProperty()));
                String forWhom = at.isEmpty() && !aboutCommand(message) ? " and " + word + " needs it" : "";
                return new CommandScan.Problem(field, "is missing" + forWhom + ": " + ruleOf(field));
            }
            case "false" -> {
                return new CommandScan.Problem(at, "does not belong in " + word + ": leave it out");
            }
            default -> {
                String meant = at.equals("command")
                        ? DidYouMean.of(word, COMMANDS)
                                .map(better -> ". Did you mean \"" + better + "\"?")
                                .orElse("")
                        : "";
                return new CommandScan.Problem(
                        at, "must be " + parent(message).path("description").asText("as the schema says") + meant);
            }
        }
    }

    private String unknown(ValidationMessage message, String name) {
        List<String> here = new ArrayList<>();
        parent(message).path("properties").fieldNames().forEachRemaining(here::add);
        Optional<String> better = DidYouMean.of(name, here);
        if (better.isPresent()) {
            return "is unknown. Did you mean \"" + better.get() + "\"?";
        }
        for (String object : objects) {
            if (!object.isEmpty()
                    && rules.at("/$defs/" + object + "/properties").has(name)) {
                return "is unknown here. Did you mean \"" + object + "." + name + "\"?";
            }
        }
        if (rules.path("properties").has(name)) {
            return "is unknown here. Did you mean \"" + name + "\" at the top?";
        }
        return unknown;
    }

    private String ruleOf(String field) {
        JsonNode rule = rules;
        for (String name : field.split("\\.")) {
            rule = rule.path("properties").path(name);
            if (rule.has("$ref")) {
                rule = rules.at(rule.path("$ref").asText().substring(1));
            }
        }
        return rule.path("description").asText("");
    }

    /** The part of the schema that holds the rule that was broken. */
    private JsonNode parent(ValidationMessage message) {
        String fragment = message.getSchemaLocation().getFragment().toString();
        return rules.at(fragment.substring(0, Math.max(0, fragment.lastIndexOf('/'))));
    }

    private static String path(ValidationMessage message) {
        String path = "";
        for (int i = 0; i < message.getInstanceLocation().getNameCount(); i++) {
            Object element = message.getInstanceLocation().getElement(i);
            path = element instanceof Integer index
                    ? FieldPath.item(path, index)
                    : FieldPath.child(path, element.toString());
        }
        return path;
    }
}
