package nl.pinbridge.routecheck;

import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nl.pinbridge.routecheck.Step.Expression;

/** Expressions are jq, constants or plain Simple texts: languages that cannot call methods, run programs or read the environment. */
final class LanguagesRule extends DescribedRule {
    private static final Set<String> LANGUAGES = Set.of("jq", "constant", "simple");
    private static final Pattern FUNCTION = Pattern.compile("\\$(?:simple)?\\{([^}]*)}?");
    private static final Pattern PLAIN = Pattern.compile(
            "body|header\\.[A-Za-z][A-Za-z0-9_-]*|exchangeProperty\\.[a-z][a-z0-9-]*|exchangeId|routeId|stepId|threadName");

    LanguagesRule() {
        super(
                "languages",
                "every language but `jq`, `constant` and plain `simple`: `groovy`, `js`, `java`, `ognl`, `method`, `ref`, …;"
                        + " Simple functions other than `${body}`, `${header.x}`, `${exchangeProperty.x}`, `${exchangeId}`,"
                        + " `${routeId}`, `${stepId}`; `resource:` outside of `jq`",
                "a language that can call a method can call the provider, and one that reads the environment reads secrets",
                "`jq`, in a file where it is more than a line");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        for (Step step : files.steps()) {
            step.expressions().forEach(each -> check(each, text -> out.at(step, each.line(), text)));
        }
    }

    private static void check(Expression expression, Consumer<String> wrong) {
        if (!LANGUAGES.contains(expression.language())) {
            wrong.accept("is written in " + expression.language() + ": write it in jq");
            return;
        }
        if (!expression.language().equals("jq") && expression.text().strip().startsWith("resource:")) {
            wrong.accept("loads a file as " + expression.language() + ": only jq scripts stand in files");
        }
        if (expression.language().equals("simple")) {
            Matcher functions = FUNCTION.matcher(expression.text());
            while (functions.find()) {
                if (!PLAIN.matcher(functions.group(1)).matches()) {
                    wrong.accept(
                            "uses Simple's " + functions.group() + ", which can do more than read a value: use jq");
                }
            }
        }
    }
}
