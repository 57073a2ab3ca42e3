package nl.pinbridge.routecheck;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Headers steer components: {@code CamelJmsDestinationName} names another queue, {@code JMSReplyTo} another reader. A route sets none
 * of those, in any case of letters.
 */
final class HeadersRule extends DescribedRule {
    private static final List<String> STEERING =
            List.of("camel", "jms", "_amq", "_hdr", "org.apache", "breadcrumb", "authorization", "cookie", "host");
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]*");

    HeadersRule() {
        super(
                "headers",
                "`setHeader` of a name that starts with `Camel`, `JMS`, `_AMQ` or the like, or that is computed",
                "such headers choose the queue, the reader, the address or the credentials in place of the route",
                "a `parameters` entry that these rules know; credentials stand in `provider.yaml`");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        for (Step step : files.steps()) {
            if (step.is("setHeader")) {
                check(step, step.fields(), out);
            } else if (step.is("setHeaders")) {
                for (Yaml header : step.fields().items("headers")) {
                    if (header instanceof Yaml.Fields fields) {
                        check(step, fields, out);
                    }
                }
            }
        }
    }

    private static void check(Step step, Yaml.Fields header, Findings out) {
        String name = header.text("name");
        if (name == null || !NAME.matcher(name).matches()) {
            out.at(step, header.lineOf("name"), "needs a plain name for its header");
        } else if (STEERING.stream().anyMatch(name.toLowerCase(Locale.ROOT)::startsWith)) {
            out.at(step, header.lineOf("name"), "sets " + name + ", which steers the bridge: take it out");
        }
    }
}
