package nl.pinbridge.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import nl.pinbridge.contract.Json;
import org.jspecify.annotations.Nullable;

/**
 * A place in a JSON document.
 *
 * @param steps names of fields and numbers of items
 */
record Spot(List<String> steps, JsonNode value) {
    /** Every place below a place, objects and lists included, the place itself left out. */
    static List<Spot> below(JsonNode root, String... at) {
        List<Spot> spots = new ArrayList<>();
        JsonNode start = root;
        for (String step : at) {
            start = child(start, step);
        }
        collect(start, List.of(at), spots);
        return spots;
    }

    private static void collect(JsonNode node, List<String> steps, List<Spot> spots) {
        if (node.isObject()) {
            node.fields().forEachRemaining(field -> add(field.getValue(), steps, field.getKey(), spots));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                add(node.get(i), steps, String.valueOf(i), spots);
            }
        }
    }

    private static void add(JsonNode value, List<String> steps, String step, List<Spot> spots) {
        List<String> own = new ArrayList<>(steps);
        own.add(step);
        spots.add(new Spot(List.copyOf(own), value));
        collect(value, own, spots);
    }

    boolean isLeaf() {
        return value.isValueNode();
    }

    /** For people. */
    String shown() {
        return "." + String.join(".", steps);
    }

    /** The same for all items of a list. */
    String anyItem() {
        return shown().replaceAll("\\.[0-9]+(?=\\.|$)", ".*");
    }

    JsonNode in(JsonNode root) {
        JsonNode node = root;
        for (String step : steps) {
            node = child(node, step);
        }
        return node;
    }

    private static JsonNode child(JsonNode node, String step) {
        return node.isArray() ? node.path(Integer.parseInt(step)) : node.path(step);
    }

    /** A copy with another value in this place; null takes the place away. */
    JsonNode with(JsonNode root, @Nullable JsonNode other) {
        return with(root, steps, other);
    }

    /** Copies what lies on the way and shares the rest; objects that are not there are made. */
    static JsonNode with(JsonNode root, List<String> steps, @Nullable JsonNode other) {
        String step = steps.get(0);
        List<String> rest = steps.subList(1, steps.size());
        if (root instanceof ArrayNode array) {
            ArrayNode copy = Json.MAPPER.createArrayNode();
            for (int i = 0; i < array.size(); i++) {
                if (i != Integer.parseInt(step)) {
                    copy.add(array.get(i));
                } else if (!rest.isEmpty()) {
                    copy.add(with(array.get(i), rest, other));
                } else if (other != null) {
                    copy.add(other);
                }
            }
            return copy;
        }
        ObjectNode copy = Json.object();
        if (root instanceof ObjectNode object) {
            copy.setAll(object);
        }
        if (!rest.isEmpty()) {
            copy.set(step, with(copy.path(step), rest, other));
        } else if (other != null) {
            copy.set(step, other);
        } else {
            copy.remove(step);
        }
        return copy;
    }
}
