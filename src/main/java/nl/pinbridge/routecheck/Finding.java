package nl.pinbridge.routecheck;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One thing wrong in the route folder.
 *
 * @param rule the rule's name, as in {@code docs/route-rules.md}
 * @param file the file it stands in; the route folder itself where something is missing
 * @param line counted from 1; 0 where the whole file or folder is meant
 * @param routeId the route it stands in; null outside routes and where the route has no id
 * @param stepId the step it stands in; null outside steps and where the step has no id
 * @param message what is wrong and what to do; never the value of a header, body or secret
 */
public record Finding(
        String rule,
        Severity severity,
        Path file,
        int line,
        @Nullable String routeId,
        @Nullable String stepId,
        String message) {

    /** {@code routes/10-intake.camel.yaml:12: error: no-repeats: …}, as compilers write it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(file.toString());
        if (line > 0) {
            text.append(':').append(line);
        }
        text.append(severity == Severity.ERROR ? ": error: " : ": warning: ").append(rule);
        if (routeId != null) {
            text.append(": ").append(routeId);
        }
        if (stepId != null) {
            text.append(routeId == null ? ": " : "/").append(stepId);
        }
        return text.append(": ").append(message).toString();
    }
}
