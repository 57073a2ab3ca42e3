package nl.pinbridge.kit;

/** What the kit holds a provider's folder against; the names stand in {@code docs/integration-team.md}. */
public enum KitRule {
    PROVIDER_YAML(Chapter.FOLDER, "correct provider.yaml as the message says; docs/integration-team.md explains every key"),
    SCRIPT(Chapter.FOLDER, "correct the script: none of its examples can be run as it is"),
    ROUTE(Chapter.FOLDER, "give each operation one call in this folder's *.camel.yaml, with a mapping before and after it"),
    UNUSED(Chapter.FOLDER, "use it in this folder's *.camel.yaml, or delete it"),
    STATEMENTS(Chapter.FOLDER, "let provider.yaml say what the bridge can rely on"),

    EXAMPLE_FORM(Chapter.EXAMPLES, "an example is one JSON object of name, source, script, input and output"),
    EXAMPLE_RESULT(Chapter.EXAMPLES, "correct the script, or the output where the script is right"),
    NO_EXAMPLE(Chapter.EXAMPLES, "record at least one pair of input and output in examples/"),
    ALIKE(Chapter.EXAMPLES, "delete one of them, or change it into the case that it was meant to be"),
    REQUEST_FORM(Chapter.EXAMPLES, "a request is {form or json, query, path}, and leaves the credentials to the bridge"),
    UNKNOWN_WORD(Chapter.EXAMPLES, "use the words of docs/integration-team.md; the bridge reads any other as nothing at all"),

    AMOUNT_OUT(Chapter.MONEY, "hand the amount on as whole cents, or as `.command.amount.value | major`; never divide"),
    AMOUNT_REFUSED(Chapter.MONEY, "end in error(…) unless `.command.amount.value | integer` is above 0"),
    CURRENCY(Chapter.MONEY, "hand the currency on, or end in error(…) for every one that the provider does not know"),
    AMOUNT_IN(Chapter.MONEY, "read amounts with `integer`, or with `minor` where the provider writes decimals as text"),

    GARBAGE_FAILS(Chapter.DOUBT, "test each type before it is used, and put out UNREADABLE for what does not fit"),
    GARBAGE_PROVES(Chapter.DOUBT, "list the words that are documented, and let every other one be OPEN or UNREADABLE"),
    REFUSALS(Chapter.DOUBT, "narrow the rule to words that the provider documents for \"nothing was started\""),

    SECRETS(Chapter.SECRETS, "leave credentials to auth in provider.yaml: the bridge adds them after the mapping"),
    CARD_NUMBER(Chapter.SECRETS, "hand on masked numbers only"),
    NOT_SHOWN(Chapter.SECRETS, "leave it out, or record an example that shows it going out, so that people can see it");

    private final Chapter chapter;
    private final String todo;

    KitRule(Chapter chapter, String todo) {
        this.chapter = chapter;
        this.todo = todo;
    }

    public Chapter chapter() {
        return chapter;
    }

    /** What to do about it, in one line. */
    public String todo() {
        return todo;
    }

    /** The name in reports, for example {@code amount-out}. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
