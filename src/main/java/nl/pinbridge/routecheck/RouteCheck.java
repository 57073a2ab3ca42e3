package nl.pinbridge.routecheck;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * A lint over the route folder: what would make a money call repeatable, what would lose a command, what would tell a secret, and what
 * would not work. It reads files only and starts nothing.
 */
public final class RouteCheck {
    /** Every rule, in the order of {@code docs/route-rules.md}. */
    static final List<Rule> RULES = List.of(
            // What makes money calls safe.
            new OperationRouteRule(),
            new OneCallRule(),
            new NoRepeatsRule(),
            new MoneyEntryRule(),
            new ProviderCallsRule(),
            new OnceRule(),
            new RefusalsRule(),
            new NoCallsOutsideRule(),
            new FailuresRule(),
            new GuaranteesRule(),
            new BlocksRule(),
            new JmsRule(),
            new HeadersRule(),
            new PropertiesRule(),
            // What keeps data in and decisions sound.
            new LanguagesRule(),
            new SimpleComparisonRule(),
            new LogsRule(),
            new LiteralsRule(),
            // What makes a route mean what it says.
            new YamlRule(),
            new FilesRule(),
            new TopLevelRule(),
            new SchemaRule(),
            new FormRule(),
            new StepsRule(),
            new IdsRule(),
            new TargetsRule(),
            new EndpointOptionsRule(),
            new PlaceholdersRule(),
            new ScriptsRule(),
            new ProviderFolderRule());

    private final Path routes;
    private final Set<String> placeholders;
    private final Set<String> blocks;

    private RouteCheck(Path routes, Set<String> placeholders, Set<String> blocks) {
        this.routes = routes;
        this.placeholders = Set.copyOf(placeholders);
        this.blocks = Set.copyOf(blocks);
    }

    /**
     * @param routes the route folder, {@code pinbridge.routes}
     * @param placeholders every key that {@code {{…}}} may name
     * @param blocks every name that {@code process: {ref: …}} may use
     */
    public static RouteCheck of(Path routes, Set<String> placeholders, Set<String> blocks) {
        return new RouteCheck(routes, placeholders, blocks);
    }

    /**
     * Reads the folder as it is now and judges it.
     *
     * @return what is wrong, by file and line; empty when nothing is
     */
    public List<Finding> run() {
        return run(RULES);
    }

    List<Finding> run(Collection<Rule> rules) {
        RouteFiles files = RouteFiles.read(routes, placeholders, blocks);
        Collection<Finding> found = Findings.collection();
        for (Rule rule : rules) {
            rule.check(files, new Findings(rule.name(), found));
        }
        return Findings.sorted(found);
    }

    /** The rules as the tables of {@code docs/route-rules.md} have them. */
    static String markdown() {
        StringBuilder page = new StringBuilder("| rule | refuses | because | instead |\n|---|---|---|---|\n");
        for (Rule rule : RULES) {
            page.append("| `")
                    .append(rule.name())
                    .append("` | ")
                    .append(rule.refuses())
                    .append(" | ")
                    .append(rule.why())
                    .append(" | ")
                    .append(rule.instead())
                    .append(" |\n");
        }
        return page.toString();
    }
}
