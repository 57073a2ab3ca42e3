package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Option;

/** A decision is kept with the name and the reason of whoever made it. */
final class Signed {
    @Option(names = "--by", paramLabel = "NAME", required = true, description = "Who decides this: your name.")
    private String by = "";

    @Option(
            names = "--why",
            paramLabel = "TEXT",
            required = true,
            description = "Why, in your words: whoever reads the history later will want to know.")
    private String why = "";

    ObjectNode sign(ObjectNode question) {
        return question.put("by", by).put("why", why);
    }
}
