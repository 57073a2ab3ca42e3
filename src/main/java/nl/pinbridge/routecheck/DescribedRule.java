package nl.pinbridge.routecheck;

/** A rule that is given its texts. */
abstract class DescribedRule implements Rule {
    private final String name;
    private final String refuses;
    private final String why;
    private final String instead;

    DescribedRule(String name, String refuses, String why, String instead) {
        this.name = name;
        this.refuses = refuses;
        this.why = why;
        this.instead = instead;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String refuses() {
        return refuses;
    }

    @Override
    public final String why() {
        return why;
    }

    @Override
    public final String instead() {
        return instead;
    }
}
