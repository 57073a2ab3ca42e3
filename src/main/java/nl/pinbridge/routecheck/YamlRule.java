package nl.pinbridge.routecheck;

/** What a reader sees in a file is what Camel makes of it: no doubled keys, anchors, tags or second documents. */
final class YamlRule extends DescribedRule {
    YamlRule() {
        super(
                "yaml",
                "files that are no YAML in UTF-8; doubled keys, anchors and aliases, merges, tags, several documents",
                "of two equal keys one is ignored, and an alias puts a step where nobody reads it",
                "write it out, once");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        files.files().forEach(file -> check(file, out));
        files.providers().values().forEach(provider -> check(provider.file(), out));
    }

    private static void check(YamlFile file, Findings out) {
        file.faults().forEach(fault -> out.at(file.path(), fault.line(), fault.message()));
    }
}
