package nl.pinbridge.routecheck;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import nl.pinbridge.routecheck.Yaml.Fields;
import nl.pinbridge.routecheck.Yaml.Items;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.jspecify.annotations.Nullable;

/** Each file is valid by the schema that ships with the very Camel that will read it. */
final class SchemaRule extends DescribedRule {
    private static final String RESOURCE = "/schema/camelYamlDsl.json";
    /** Of several complaints about one place, the ones that say most; a failed "one of" says nothing. */
    private static final List<String> TELLING = List.of("additionalProperties", "enum", "type", "required");

    /** Needed for some seconds in the life of a bridge, and large. */
    private static SoftReference<JsonSchema> kept = new SoftReference<>(null);

    SchemaRule() {
        super(
                "schema",
                "what Camel's own schema of its YAML routes does not know: misspelt steps and fields, wrong types",
                "the bridge would not start, and Camel's message would name one fault at a time",
                "the name that the message gives; [Camel's pages](https://camel.apache.org/components/4.18.x/others/yaml-dsl.html)"
                        + " list all");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        for (YamlFile file : files.files()) {
            if (file.content() instanceof Items items) {
                check(file, items, out);
            }
        }
    }

    private static void check(YamlFile file, Items content, Findings out) {
        List<ValidationMessage> messages = new ArrayList<>(schema().validate(content.json()));
        messages.removeIf(message -> hasDeeper(message, messages));
        messages.sort(Comparator.comparingInt(SchemaRule::rank));
        List<JsonNodePath> told = new ArrayList<>();
        for (ValidationMessage message : messages) {
            JsonNodePath place = message.getInstanceLocation();
            if (!told.contains(place)) {
                told.add(place);
                out.at(file.path(), line(content, place), text(message));
            }
        }
    }

    /** A fault deep inside makes everything around it invalid too; the deepest one is the fault. */
    private static boolean hasDeeper(ValidationMessage message, List<ValidationMessage> all) {
        JsonNodePath place = message.getInstanceLocation();
        return all.stream()
                .map(ValidationMessage::getInstanceLocation)
                .anyMatch(other -> other.getNameCount() > place.getNameCount() && other.startsWith(place));
    }

    private static int rank(ValidationMessage message) {
        int rank = TELLING.indexOf(message.getType());
        return rank < 0 ? TELLING.size() : rank;
    }

    private static String text(ValidationMessage message) {
        JsonNodePath place = message.getInstanceLocation();
        String name = name(place);
        String property = message.getProperty();
        return switch (message.getType()) {
            case "additionalProperties" -> name + " has no '" + property + "' in Camel 4.18: is it misspelt?";
            case "required" -> name + " needs '" + property + "'";
            case "type", "enum" -> name + ": " + message.getError().toLowerCase(Locale.ROOT);
            default -> name + " is not what Camel 4.18 reads here";
        };
    }

    /** The key that the fault stands under, or the list that its entry is of. */
    private static String name(JsonNodePath place) {
        for (int i = place.getNameCount() - 1; i >= 0; i--) {
            if (place.getElement(i) instanceof String key) {
                return i == place.getNameCount() - 1 ? key : "an entry of " + key;
            }
        }
        return "an entry of the file";
    }

    private static int line(Yaml root, JsonNodePath place) {
        Yaml at = root;
        int line = root.line();
        for (int i = 0; i < place.getNameCount(); i++) {
            Object element = place.getElement(i);
            Yaml next = null;
            if (at instanceof Items items && element instanceof Integer index) {
                next = items.items().get(index);
                line = next.line();
            } else if (at instanceof Fields fields && fields.get(element.toString()) != null) {
                next = fields.get(element.toString());
                line = fields.lineOf(element.toString());
            }
            if (next == null) {
                return line;
            }
            at = next;
        }
        return line;
    }

    private static synchronized JsonSchema schema() {
        @Nullable JsonSchema known = kept.get();
        if (known == null) {
            // The schema marks old names as deprecated, a word that draft 4 does not have.
            JsonMetaSchema draft4 = JsonMetaSchema.builder(JsonMetaSchema.getV4())
                    .keyword(new NonValidationKeyword("deprecated"))
                    .build();
            JsonSchemaFactory factory =
                    JsonSchemaFactory.getInstance(VersionFlag.V4, builder -> builder.metaSchema(draft4));
            known = factory.getSchema(
                    json(),
                    SchemaValidatorsConfig.builder().preloadJsonSchema(false).build());
            kept = new SoftReference<>(known);
        }
        return known;
    }

    private static JsonNode json() {
        try (InputStream in = YamlRoutesBuilderLoader.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("missing from the class path: " + RESOURCE);
            }
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
