package nl.pinbridge.routecheck;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bodies and headers hold receipts, masked card numbers and what strangers sent. None of it goes into a log. */
final class LogsRule extends DescribedRule {
    private static final Pattern FUNCTION = Pattern.compile("\\$(?:simple)?\\{([^}]*)}?");
    private static final Set<String> HARMLESS = Set.of("routeId", "stepId", "exchangeId", "threadName", "camelId");

    LogsRule() {
        super(
                "logs",
                "`log` with `${body}`, `${header.x}`, `${exchange}`, `${exception}` or any value but `${routeId}`, `${stepId}`,"
                        + " `${exchangeId}`; every `log:` endpoint",
                "bodies and headers hold receipts, card numbers and personal data, and a `log:` endpoint prints the body"
                        + " unless told otherwise",
                "a `log` step with words and `${routeId}`; the history of a payment is in `./pinbridge payments`");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        for (Step step : files.steps()) {
            Target target = step.target();
            if (target != null && target.is("log")) {
                out.at(step, target.line(), "prints the message with a log: endpoint: use a log step with words");
            }
            if (step.is("log")) {
                step.body().scalars(scalar -> {
                    Matcher functions = FUNCTION.matcher(scalar.text());
                    while (functions.find()) {
                        if (!HARMLESS.contains(functions.group(1).strip())) {
                            out.at(
                                    step,
                                    scalar.line(),
                                    "logs " + functions.group() + ", which can hold personal data: log words and"
                                            + " ${routeId}");
                        }
                    }
                });
            }
        }
    }
}
