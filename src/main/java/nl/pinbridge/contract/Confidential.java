package nl.pinbridge.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a command's {@code provider} object that nobody may be shown, by name: as providers' folders declare them. Whoever
 * repeats a message, or keeps a command, asks here first.
 */
public final class Confidential {
    /** Nothing is. */
    public static final Confidential NONE = new Confidential(Set.of());

    /** What stands there instead. */
    public static final String STARS = "***";

    private final Set<String> names;
    private final @Nullable Pattern field;

    private Confidential(Collection<String> names) {
        this.names = new TreeSet<>(names);
        // Also in text that is no JSON, or JSON in a JSON string: what cannot be read is repeated, too.
        this.field = names.isEmpty()
                ? null
                : Pattern.compile(
                        "(\\\\*[\"']?(?:"
                                + this.names.stream().map(Pattern::quote).collect(Collectors.joining("|"))
                                + ")\\\\*[\"']?\\s*[:=][\\s\\[{]*\\\\*[\"']?)(?:[^\"'\\\\,}\\]\\s]|\\\\+/|\\\\+u[0-9a-fA-F]{4})+",
                        Pattern.CASE_INSENSITIVE);
    }

    public static Confidential of(Collection<String> names) {
        return names.isEmpty() ? NONE : new Confidential(names);
    }

    /** A text with stars in the place of each such value. */
    public String hidden(String text) {
        return field == null ? text : field.matcher(text).replaceAll("$1" + Matcher.quoteReplacement(STARS));
    }

    /** The command as it may be kept: with stars in the place of each such value. */
    public JsonNode hidden(JsonNode command) {
        if (taken(command) == null) {
            return command;
        }
        JsonNode kept = command.deepCopy();
        ObjectNode provider = (ObjectNode) kept.path("provider");
        names.stream().filter(provider::has).forEach(name -> provider.put(name, STARS));
        return kept;
    }

    /** Such fields of a command with their values; null where it has none. */
    public @Nullable ObjectNode taken(JsonNode command) {
        JsonNode provider = command.path("provider");
        ObjectNode taken = Json.object();
        names.stream().filter(provider::has).forEach(name -> taken.set(name, provider.get(name)));
        return taken.isEmpty() ? null : taken;
    }
}
