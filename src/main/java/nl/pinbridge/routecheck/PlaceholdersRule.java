package nl.pinbridge.routecheck;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A placeholder names a setting, and nothing else: Camel's own functions read the environment and files, secrets among them. */
final class PlaceholdersRule extends DescribedRule {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(.*?)(}}|$)", Pattern.DOTALL);

    PlaceholdersRule() {
        super(
                "placeholders",
                "`{{…}}` of a name that is no setting; one with a default (`{{x:y}}`), optional (`{{?x}}`), or a function"
                        + " (`{{env:…}}`, `{{sys:…}}`, `{{file:…}}`, `{{bean:…}}`)",
                "the bridge would not start, or start with a value that no setting shows; the functions read secrets",
                "a setting of [settings.md](settings.md), or a `routes.*` key in `config/application.properties`");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        for (YamlFile file : files.files()) {
            if (file.content() != null) {
                file.content().scalars(scalar -> check(files, file, scalar, out));
            }
        }
    }

    private static void check(RouteFiles files, YamlFile file, Yaml.Scalar scalar, Findings out) {
        Matcher found = PLACEHOLDER.matcher(scalar.text());
        while (found.find()) {
            String name = found.group(1);
            if (found.group(2).isEmpty() || !files.placeholders().contains(name)) {
                out.at(
                        file.path(),
                        scalar.line(),
                        "{{" + name + "}} is no setting: write the plain name of one, without default or function");
            }
        }
    }
}
