package nl.pinbridge.routecheck;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A YAML value that knows its line. */
sealed interface Yaml {
    /** Counted from 1. */
    int line();

    JsonNode json();

    /** Calls back for every scalar in here, keys left out. */
    void scalars(Consumer<Scalar> each);

    /**
     * @param text as written, quotes and escapes taken away
     * @param type what YAML makes of it
     */
    record Scalar(String text, Type type, int line) implements Yaml {
        enum Type {
            TEXT,
            NUMBER,
            BOOL,
            NONE
        }

        @Override
        public JsonNode json() {
            return switch (type) {
                case BOOL -> BooleanNode.valueOf(Boolean.parseBoolean(text));
                case NONE -> NullNode.getInstance();
                // Which number does not matter to a schema of routes.
                case NUMBER -> IntNode.valueOf(1);
                case TEXT -> TextNode.valueOf(text);
            };
        }

        @Override
        public void scalars(Consumer<Scalar> each) {
            each.accept(this);
        }
    }

    /** A list. */
    record Items(List<Yaml> items, int line) implements Yaml {
        @Override
        public JsonNode json() {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            items.forEach(item -> array.add(item.json()));
            return array;
        }

        @Override
        public void scalars(Consumer<Scalar> each) {
            items.forEach(item -> item.scalars(each));
        }
    }

    /** One key and its value. */
    record Entry(String key, int line, Yaml value) {}

    /** A mapping, in the order of the file. */
    record Fields(List<Entry> entries, int line) implements Yaml {
        static Fields none(int line) {
            return new Fields(List.of(), line);
        }

        @Nullable
        Entry entry(String key) {
            return entries.stream()
                    .filter(entry -> entry.key().equals(key))
                    .findFirst()
                    .orElse(null);
        }

        @Nullable
        Yaml get(String key) {
            Entry entry = entry(key);
            return entry == null ? null : entry.value();
        }

        boolean has(String key) {
            return entry(key) != null;
        }

        /** The scalar at the key; null where there is none, an empty one, or no scalar. */
        @Nullable
        String text(String key) {
            return get(key) instanceof Scalar scalar && scalar.type() != Scalar.Type.NONE ? scalar.text() : null;
        }

        /** The mapping at the key; an empty one where there is none. */
        Fields fields(String key) {
            return get(key) instanceof Fields fields ? fields : none(line);
        }

        /** The list at the key; an empty one where there is none. */
        List<Yaml> items(String key) {
            return get(key) instanceof Items items ? items.items() : List.of();
        }

        /** The line of the key, or of the mapping where there is no such key. */
        int lineOf(String key) {
            Entry entry = entry(key);
            return entry == null ? line : entry.line();
        }

        @Override
        public JsonNode json() {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            entries.forEach(entry -> object.set(entry.key(), entry.value().json()));
            return object;
        }

        @Override
        public void scalars(Consumer<Scalar> each) {
            entries.forEach(entry -> entry.value().scalars(each));
        }
    }
}
