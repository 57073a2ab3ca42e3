package nl.pinbridge.kit;

import java.util.Locale;

/** What the kit holds a provider's folder against; the labels stand in {@code docs/conformance-kit.md}. */
public enum KitRule {
    PROVIDER_YAML(
            Chapter.FOLDER, "correct provider.yaml as the message says; docs/integration-team.md explains every key"),
    SCRIPT(Chapter.FOLDER, "correct the script: none of its examples can be run as it is"),
    ROUTE(
            Chapter.FOLDER,
            "give each operation one call in this folder's *.camel.yaml, with a mapping before and after it"),
    UNUSED(Chapter.FOLDER, "use it in this folder's *.camel.yaml, or delete it"),
    STATEMENTS(Chapter.FOLDER, "let provider.yaml say what the bridge can rely on"),

    EXAMPLE_FORM(Chapter.EXAMPLES, "an example is one JSON object of name, source, script, input and output"),
    EXAMPLE_RESULT(Chapter.EXAMPLES, "correct the script, or the output where the script is right"),
    NO_EXAMPLE(Chapter.EXAMPLES, "record that pair of input and output in examples/"),
    ALIKE(Chapter.EXAMPLES, "delete one of them, or change it into the case that it was meant to be"),
    REQUEST_FORM(
            Chapter.EXAMPLES, "a request is {form or json, query, path}, and leaves the credentials to the bridge"),
    UNKNOWN_WORD(
            Chapter.EXAMPLES,
            "use the words of docs/integration-team.md; the bridge reads any other as nothing at all"),

    AMOUNT_OUT(Chapter.MONEY, "hand the amount on as whole cents, or as `.command.amount.value | major`; never divide"),
    AMOUNT_REFUSED(Chapter.MONEY, "end in error(…) unless `.command.amount.value | integer` is above 0"),
    CURRENCY(Chapter.MONEY, "hand the currency on, or end in error(…) for every one that the provider does not know"),
    AMOUNT_IN(Chapter.MONEY, "read amounts with `integer`, or with `minor` where the provider writes decimals as text"),

    GARBAGE_FAILS(Chapter.DOUBT, "test each type before it is used, and put out UNREADABLE for what does not fit"),
    GARBAGE_PROVES(Chapter.DOUBT, "list the words that are documented, and let every other one be OPEN or UNREADABLE"),
    SUCCESS_STATUS(
            Chapter.DOUBT, "list only statuses 2xx whose body the provider documents; everything else stays in doubt"),
    REFUSALS(
            Chapter.DOUBT,
            "narrow the rule to statuses and words that the provider documents for \"nothing was started\""),
    REFUSAL_SHOWN(Chapter.DOUBT, "record the answer that this rule is about: an example of the script provider.yaml"),

    SECRET(
            Chapter.SECRETS,
            "take it out and have it replaced: it was in a file. provider.yaml names credentials, the bridge adds them"),
    SECRET_IN_URL(
            Chapter.SECRETS,
            "send it in the body, or leave it to auth in provider.yaml: addresses are logged along the way"),
    CARD_NUMBER(Chapter.SECRETS, "hand on masked numbers only");

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
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
