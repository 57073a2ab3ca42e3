package nl.pinbridge.sandbox;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Values put into JSON by pointer; a pointer that leads nowhere changes nothing. */
final class Fields {
    private Fields() {}

    /** @throws IllegalArgumentException when this is no pointer to something inside an object */
    static void check(String pointer) {
        if (JsonPointer.compile(pointer).matches()) {
            throw new IllegalArgumentException("a field is named as /field or /list/0/field");
        }
    }

    static ObjectNode put(ObjectNode into, Map<String, JsonNode> values) {
        values.forEach((text, value) -> {
            JsonPointer pointer = JsonPointer.compile(text);
            JsonNode parent = into.at(pointer.head());
            JsonPointer last = pointer.last();
            if (parent instanceof ObjectNode object) {
                object.set(last.getMatchingProperty(), value.deepCopy());
            } else if (parent instanceof ArrayNode array && array.has(last.getMatchingIndex())) {
                array.set(last.getMatchingIndex(), value.deepCopy());
            }
        });
        return into;
    }
}
