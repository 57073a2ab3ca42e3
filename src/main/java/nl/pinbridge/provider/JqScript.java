package nl.pinbridge.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Version;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** A compiled jq script with exactly one output. Safe to share between threads. */
public final class JqScript {
    private static final Version VERSION = Versions.JQ_1_7;
    private static final Scope FUNCTIONS = functions();

    private final String name;
    private final JsonQuery query;

    private JqScript(String name, JsonQuery query) {
        this.name = name;
        this.query = query;
    }

    /**
     * @param name what error messages call the script: its file, or its text where it has none
     * @param text the jq program
     * @throws JqException when the text is no jq
     */
    public static JqScript compile(String name, String text) {
        try {
            return new JqScript(name, JsonQuery.compile(text, VERSION));
        } catch (JsonQueryException | RuntimeException e) {
            throw new JqException(name, "cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * @return the one output
     * @throws JqException when the script fails, or has no output or more than one
     */
    public JsonNode apply(JsonNode input) {
        List<JsonNode> outputs = new ArrayList<>(1);
        try {
            query.apply(Scope.newChildScope(FUNCTIONS), input, outputs::add);
        } catch (JsonQueryException | RuntimeException e) {
            throw new JqException(name, String.valueOf(e.getMessage()), e);
        }
        if (outputs.size() != 1) {
            throw new JqException(name, "gave " + outputs.size() + " outputs where one is expected", null);
        }
        return outputs.get(0);
    }

    /**
     * The script as a predicate.
     *
     * @return the boolean that came out; null counts as false
     * @throws JqException when the script fails or its output is no boolean: a decision is never guessed
     */
    public boolean test(JsonNode input) {
        JsonNode output = apply(input);
        if (!output.isBoolean() && !output.isNull()) {
            throw new JqException(name, "is used as a condition and gave no boolean", null);
        }
        return output.booleanValue();
    }

    @Override
    public String toString() {
        return name;
    }

    private static Scope functions() {
        Scope scope = Scope.newEmptyScope();
        BuiltinFunctionLoader.getInstance().loadFunctions(VERSION, scope);
        JqFunctions.addTo(scope);
        return scope;
    }
}
