package nl.pinbridge.routecheck;

/**
 * One thing that an edit of the routes may not do. Its texts are the row of {@code docs/route-rules.md}: plain sentences without a
 * full stop, Markdown allowed.
 */
public interface Rule {
    /** In kebab-case; people search for it, so it never changes its meaning. */
    String name();

    /** What it refuses. */
    String refuses();

    /** What would happen without it. */
    String why();

    /** What to write in its place. */
    String instead();

    /** Puts everything that breaks the rule into {@code out}. Never throws for what stands in a file. */
    void check(RouteFiles files, Findings out);
}
