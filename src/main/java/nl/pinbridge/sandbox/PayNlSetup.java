package nl.pinbridge.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The simulated PAY.: one merchant with its logins, sales locations and terminals.
 *
 * @param tokenCode user name of the merchant's login, {@code AT-####-####}
 * @param token its API token
 * @param services the sales locations; the first one is that of every terminal
 * @param terminals the terminals that it knows
 * @param anyTerminal true when it also takes every other well-formed terminal code
 * @param choices what the provider does not document
 */
public record PayNlSetup(
        String tokenCode,
        String token,
        List<Service> services,
        List<Terminal> terminals,
        boolean anyTerminal,
        PayNlChoices choices) {
    /** Terminals for whoever has none of his own. */
    public static final List<String> EXAMPLES = List.of("TH-1234-5678", "TH-1234-5679");

    private static final Pattern TERMINAL = Pattern.compile("TH-[0-9]{4}-[0-9]{4}");

    /**
     * A sales location.
     *
     * @param code {@code SL-####-####}, also a user name
     * @param secret its password, and the key that signs the exchange
     */
    public record Service(String code, String secret) {
        @Override
        public String toString() {
            return "Service[code=" + code + "]";
        }
    }

    /**
     * A terminal.
     *
     * @param code {@code TH-####-####}
     * @param refunds whether it may refund by card
     * @param connected false for one that is switched off
     */
    public record Terminal(String code, boolean refunds, boolean connected) {
        public Terminal {
            if (!wellFormed(code)) {
                throw new IllegalArgumentException("a terminal of PAY. is called TH-####-####");
            }
        }

        /** One that is on and may refund. */
        public static Terminal of(String code) {
            return new Terminal(code, true, true);
        }
    }

    public PayNlSetup {
        services = List.copyOf(services);
        terminals = List.copyOf(terminals);
        if (services.isEmpty()) {
            throw new IllegalArgumentException("PAY. needs a sales location");
        }
        if (terminals.stream().map(Terminal::code).distinct().count() != terminals.size()) {
            throw new IllegalArgumentException("two terminals have the same code");
        }
    }

    static boolean wellFormed(String code) {
        return TERMINAL.matcher(code).matches();
    }

    /** One sales location, logins that the documentation of the sandbox gives away, no terminals. */
    public static PayNlSetup defaults() {
        return new PayNlSetup(
                "AT-1234-5678",
                "sandbox0token0sandbox0token0sandbox0token",
                List.of(new Service("SL-1234-5678", "sandbox0secret0sandbox0secret0sandbox0sec")),
                List.of(),
                false,
                PayNlChoices.DEFAULT);
    }

    public PayNlSetup withTerminals(List<Terminal> known) {
        return new PayNlSetup(tokenCode, token, services, known, anyTerminal, choices);
    }

    /** Terminals that are on and may refund. */
    public PayNlSetup withTerminals(String... codes) {
        return withTerminals(Stream.of(codes).map(Terminal::of).toList());
    }

    public PayNlSetup withToken(String code, String apiToken) {
        return new PayNlSetup(code, apiToken, services, terminals, anyTerminal, choices);
    }

    /** One more sales location, or another secret for one that is there. */
    public PayNlSetup withService(String code, String secret) {
        List<Service> more = new ArrayList<>(services);
        more.removeIf(service -> service.code().equals(code));
        more.add(new Service(code, secret));
        return new PayNlSetup(tokenCode, token, more, terminals, anyTerminal, choices);
    }

    public PayNlSetup withAnyTerminal(boolean any) {
        return new PayNlSetup(tokenCode, token, services, terminals, any, choices);
    }

    public PayNlSetup withChoices(PayNlChoices chosen) {
        return new PayNlSetup(tokenCode, token, services, terminals, anyTerminal, chosen);
    }

    /** The first sales location. */
    public Service service() {
        return services.get(0);
    }

    @Override
    public String toString() {
        return "PayNlSetup[tokenCode=" + tokenCode + ", services=" + services + ", terminals=" + terminals + "]";
    }
}
