package nl.pinbridge.sandbox;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The simulated CCV Payment API: one merchant with an API key and terminals.
 *
 * @param key the API key, which is the user name of every call
 * @param terminals the ids of the terminals that it knows
 * @param anyTerminal true when it also takes every other terminal id
 * @param choices what CCV does not document
 */
public record CcvSetup(String key, List<String> terminals, boolean anyTerminal, CcvChoices choices) {
    /** Terminals for whoever has none of his own. */
    public static final List<String> EXAMPLES = List.of("1234567", "1234568");

    private static final Pattern TERMINAL = Pattern.compile("[0-9A-Za-z]{4,16}");

    public CcvSetup {
        terminals = List.copyOf(terminals);
        if (terminals.stream().distinct().count() != terminals.size()) {
            throw new IllegalArgumentException("two terminals have the same id");
        }
        terminals.stream().filter(id -> !wellFormed(id)).findFirst().ifPresent(id -> {
            throw new IllegalArgumentException("a terminal of CCV has 4 to 16 digits or letters, not " + id);
        });
    }

    static boolean wellFormed(String terminal) {
        return TERMINAL.matcher(terminal).matches();
    }

    /** A key that the documentation of the sandbox gives away, no terminals. */
    public static CcvSetup defaults() {
        return new CcvSetup("t_sandbox0key0sandbox0key0sandbox0key", List.of(), false, CcvChoices.DEFAULT);
    }

    public CcvSetup withKey(String apiKey) {
        return new CcvSetup(apiKey, terminals, anyTerminal, choices);
    }

    public CcvSetup withTerminals(List<String> ids) {
        return new CcvSetup(key, ids, anyTerminal, choices);
    }

    public CcvSetup withTerminals(String... ids) {
        return withTerminals(List.of(ids));
    }

    public CcvSetup withAnyTerminal(boolean any) {
        return new CcvSetup(key, terminals, any, choices);
    }

    public CcvSetup withChoices(CcvChoices chosen) {
        return new CcvSetup(key, terminals, anyTerminal, chosen);
    }

    @Override
    public String toString() {
        return "CcvSetup[terminals=" + terminals + ", choices=" + choices + "]";
    }
}
