package nl.pinbridge.kit;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A recorded pair of input and output.
 *
 * @param file relative to the folder
 * @param script the file name of the mapping; {@code provider.yaml} where its refusals and busy answers are what is shown
 */
record Example(String file, String name, String script, JsonNode input, JsonNode output) {
    /** What an answer mapping sees of the provider's body; missing where this is no example of an answer. */
    JsonNode said() {
        return input.at("/answer/json");
    }

    /** The job that a request mapping sees as its input, and an answer mapping beside the answer. */
    JsonNode job() {
        return input.has("job") ? input.path("job") : input;
    }
}
