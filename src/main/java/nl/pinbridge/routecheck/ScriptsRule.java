package nl.pinbridge.routecheck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nl.pinbridge.provider.JqException;
import nl.pinbridge.provider.JqScript;
import nl.pinbridge.routecheck.Step.Expression;

/** Mappings are files of the route folder, and jq. A script from elsewhere is one that no review and no fingerprint sees. */
final class ScriptsRule extends DescribedRule {
    private static final Pattern SCRIPT =
            Pattern.compile("resource:file:\\{\\{pinbridge\\.routes}}/((?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+\\.jq)");

    ScriptsRule() {
        super(
                "scripts",
                "a jq script that is missing, no jq, or outside of the route folder; `resource:http:`, `resource:classpath:`",
                "the bridge would not start; a script from elsewhere can change without anybody having reviewed it",
                "`resource:file:{{pinbridge.routes}}/providers/<provider>/<script>.jq`");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        for (Step step : files.steps()) {
            for (Expression expression : step.expressions()) {
                if (expression.language().equals("jq")) {
                    check(files.folder(), expression.text(), text -> out.at(step, expression.line(), text));
                }
            }
        }
    }

    private static void check(Path folder, String expression, Consumer<String> wrong) {
        Matcher script = SCRIPT.matcher(expression);
        if (script.matches()) {
            file(folder, folder.resolve(script.group(1)), script.group(1), wrong);
        } else if (expression.strip().startsWith("resource:") || expression.contains("{{")) {
            wrong.accept("scripts are named resource:file:{{pinbridge.routes}}/<path>.jq");
        } else if (expression.isBlank()) {
            wrong.accept("has no jq expression");
        } else {
            compile("expression", expression, wrong);
        }
    }

    private static void file(Path folder, Path file, String name, Consumer<String> wrong) {
        try {
            if (!file.toRealPath().startsWith(folder.toRealPath())) {
                wrong.accept("the script " + name + " leads out of the route folder");
                return;
            }
            compile("script " + name, Files.readString(file), wrong);
        } catch (IOException e) {
            wrong.accept("there is no script " + name + " that can be read");
        }
    }

    private static void compile(String name, String text, Consumer<String> wrong) {
        try {
            JqScript.compile(name, text);
        } catch (JqException e) {
            Throwable deepest = e;
            while (deepest.getCause() != null) {
                deepest = deepest.getCause();
            }
            // The first line says where; then follow all words that jq knows.
            String where =
                    String.valueOf(deepest.getMessage()).lines().findFirst().orElse("");
            wrong.accept("the " + name + " is no jq: " + where);
        }
    }
}
