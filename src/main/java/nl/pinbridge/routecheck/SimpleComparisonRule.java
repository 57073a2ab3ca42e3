package nl.pinbridge.routecheck;

import java.util.regex.Pattern;
import nl.pinbridge.routecheck.Step.Expression;

/** Simple converts before it compares: {@code '7' == '007'} is true there, and {@code 100.99 == 100} as well. */
final class SimpleComparisonRule extends DescribedRule {
    private static final Pattern OPERATOR = Pattern.compile(
            "[<>]|[=!]=|[=!]~|~~|\\?|&&|\\|\\||(?i:\\b(?:not |!)?(?:contains|regex|in|range|is|starts ?with|ends ?with)\\b)");

    SimpleComparisonRule() {
        super(
                "simple-comparison",
                "any comparison in Simple: `==`, `!=`, `<`, `>`, `=~`, `in`, `contains`, `regex`, `is`, `range`, `starts with`, …",
                "Simple converts before it compares: `'7' == '007'` is true and `100.50 > 100` is false, so ids and amounts go"
                        + " the wrong way",
                "`jq: {expression: .way == \"LANE\"}`");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        for (Step step : files.steps()) {
            if (step.is("log")) {
                continue;
            }
            for (Expression expression : step.expressions()) {
                if (expression.language().endsWith("simple")
                        && OPERATOR.matcher(expression.text()).find()) {
                    out.at(step, expression.line(), "compares in Simple, which converts as it likes: compare in jq");
                }
            }
        }
    }
}
