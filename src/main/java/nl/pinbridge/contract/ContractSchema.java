package nl.pinbridge.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.regex.RegularExpression;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A published JSON Schema of the contract.
 *
 * <p>Safe for use by many threads; building one takes some 100 ms, so keep it.
 */
public final class ContractSchema {
    private final JsonNode json;
    private final JsonSchema schema;

    private ContractSchema(JsonNode json) {
        this.json = json;
        schema = JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(
                        json,
                        SchemaValidatorsConfig.builder()
                                .regularExpressionFactory(ContractSchema::expression)
                                .build());
        schema.initializeValidators();
    }

    private static ContractSchema named(String name) {
        String resource = "/contract/" + name + ".schema.json";
        try (InputStream in = ContractSchema.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("missing from the class path: " + resource);
            }
            return new ContractSchema(Json.MAPPER.readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What {@code payments.commands} takes. */
    public static ContractSchema ofCommands() {
        return named("command");
    }

    /** What reply addresses and {@code payments.events} carry. */
    public static ContractSchema ofResults() {
        return named("result");
    }

    /** What {@code payments.refused} holds. */
    public static ContractSchema ofRefusedMessages() {
        return named("refused");
    }

    /** What {@code payments.reconciliation} holds. */
    public static ContractSchema ofReconciliation() {
        return named("reconciliation");
    }

    /**
     * What one provider takes beside that.
     *
     * @throws RuntimeException when it is no schema
     */
    public static ContractSchema of(JsonNode json) {
        return new ContractSchema(json);
    }

    /** The schema itself. */
    public JsonNode json() {
        return json;
    }

    /** What is wrong, in no order; empty when nothing is. */
    public Set<ValidationMessage> validate(JsonNode content) {
        return schema.validate(content);
    }

    /** JSON Schema speaks ECMA 262, where {@code $} is the very end; Java's would let a line feed follow. */
    private static RegularExpression expression(String regex) {
        Pattern pattern = Pattern.compile(regex.endsWith("$") ? regex.substring(0, regex.length() - 1) + "\\z" : regex);
        return value -> pattern.matcher(value).find();
    }
}
