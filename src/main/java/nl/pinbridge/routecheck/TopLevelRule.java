package nl.pinbridge.routecheck;

import java.util.Map;
import java.util.Set;
import nl.pinbridge.routecheck.Yaml.Entry;
import nl.pinbridge.routecheck.Yaml.Fields;
import nl.pinbridge.routecheck.Yaml.Items;

/**
 * A file is a list of routes and route configurations. The other things that Camel would take can replace the bridge's own parts:
 * {@code beans} can bind another {@code jms}, {@code interceptSendToEndpoint} can send a call elsewhere.
 */
final class TopLevelRule extends DescribedRule {
    private static final Set<String> ALLOWED = Set.of("route", "routeConfiguration");
    private static final Map<String, String> REASONS = Map.of(
            "beans", "it can put another part in the place of the bridge's own",
            "errorHandler", "it can repeat steps after a failure; 00-failures.camel.yaml handles failures",
            "onException", "it belongs in the one routeConfiguration of 00-failures.camel.yaml",
            "onCompletion", "it runs outside of the transaction",
            "intercept", "it changes steps that a reader of the route does not see it change",
            "interceptFrom", "it changes steps that a reader of the route does not see it change",
            "interceptSendToEndpoint", "it can send a call elsewhere or twice",
            "from", "a route needs an id and a description: write - route:",
            "rest", "the bridge takes commands from its queues only",
            "routeTemplate", "rules cannot judge a route that is filled in later: write the route out");

    TopLevelRule() {
        super(
                "top-level",
                "anything but `- route:` and `- routeConfiguration:` in a route file: `beans`, `errorHandler`, `intercept`,"
                        + " `rest`, `routeTemplate`, `from`, a Kubernetes resource, …",
                "a bean can replace the bridge's queue component or its jq; an intercept can send a call elsewhere",
                "`- route:`; error handling stands in `00-failures.camel.yaml`");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        for (YamlFile file : files.files()) {
            if (file.content() instanceof Items items) {
                items.items().forEach(item -> check(file, item, out));
            } else if (file.faults().isEmpty()) {
                out.at(file.path(), 1, "must be a list of routes, each starting with '- route:'");
            }
        }
    }

    private static void check(YamlFile file, Yaml item, Findings out) {
        if (!(item instanceof Fields fields) || fields.entries().size() != 1) {
            out.at(file.path(), item.line(), "each entry of the file has one key, route or routeConfiguration");
        }
        if (item instanceof Fields fields) {
            for (Entry entry : fields.entries()) {
                if (!ALLOWED.contains(entry.key())) {
                    String reason = REASONS.getOrDefault(entry.key(), "a file holds route and routeConfiguration only");
                    out.at(file.path(), entry.line(), entry.key() + " is not allowed here: " + reason);
                } else if (!(entry.value() instanceof Fields)) {
                    out.at(file.path(), entry.line(), entry.key() + " is empty");
                }
            }
        }
    }
}
