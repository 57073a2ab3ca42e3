package nl.pinbridge.sandbox;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The simulated Bavindo: stores with their keys and terminals, and what the provider does not document.
 *
 * @param stores the first one also has every terminal that {@link SandboxOptions#anyTerminal()} lets in
 * @param webhookUrl where the webhooks of all stores go, as set in the Customer Area; null for nowhere. {@link Sandbox#bavindoWebhooks} changes it
 * @param choices what is not documented
 */
public record BavindoSetup(List<Store> stores, @Nullable String webhookUrl, Choices choices) {
    /** Terminals for whoever has none of his own. */
    public static final List<String> EXAMPLES = List.of("P400Plus-100000001", "V400m-100000002");

    private static final Pattern TERMINAL = Pattern.compile("[A-Za-z0-9]+-[0-9]{6,15}");

    /**
     * A store.
     *
     * @param key of type {@code pos-payment}
     * @param environment {@code live} or {@code test}, which goes by the key
     */
    public record Store(String id, String key, String environment, List<String> terminals) {
        public Store {
            terminals = List.copyOf(terminals);
            terminals.forEach(terminal -> {
                if (!wellFormed(terminal)) {
                    throw new IllegalArgumentException("a terminal of Bavindo is called model-serial");
                }
            });
        }

        @Override
        public String toString() {
            return "Store[id=" + id + ", environment=" + environment + ", terminals=" + terminals + "]";
        }
    }

    /**
     * What is not documented, and the sandbox therefore had to choose (providers/bavindo.md §12).
     *
     * @param created HTTP status of a create that works
     * @param wrongKey HTTP status for a key that nobody has
     * @param otherStore HTTP status for a terminal or payment of another store
     * @param badRequest HTTP status for a missing or wrong field
     * @param busy HTTP status of a create on a busy terminal
     * @param adyenResponse false for a Bavindo that never has a response of Adyen's
     * @param refundShows how long after a refund {@code amount_refunded} tells of it
     * @param display true when the display webhook goes out before the event
     */
    public record Choices(
            int created,
            int wrongKey,
            int otherStore,
            int badRequest,
            int busy,
            boolean adyenResponse,
            Duration refundShows,
            boolean display) {
        public static final Choices DEFAULT = new Choices(200, 401, 403, 400, 409, true, Duration.ZERO, false);

        public Choices withCreated(int status) {
            return new Choices(status, wrongKey, otherStore, badRequest, busy, adyenResponse, refundShows, display);
        }

        public Choices withBusy(int status) {
            return new Choices(created, wrongKey, otherStore, badRequest, status, adyenResponse, refundShows, display);
        }

        public Choices withAdyenResponse(boolean there) {
            return new Choices(created, wrongKey, otherStore, badRequest, busy, there, refundShows, display);
        }

        public Choices withRefundShows(Duration later) {
            return new Choices(created, wrongKey, otherStore, badRequest, busy, adyenResponse, later, display);
        }

        public Choices withDisplay(boolean sent) {
            return new Choices(created, wrongKey, otherStore, badRequest, busy, adyenResponse, refundShows, sent);
        }
    }

    public BavindoSetup {
        stores = List.copyOf(stores);
        if (stores.isEmpty()) {
            throw new IllegalArgumentException("Bavindo needs a store");
        }
        List<String> terminals =
                stores.stream().flatMap(store -> store.terminals().stream()).toList();
        if (terminals.stream().distinct().count() != terminals.size()) {
            throw new IllegalArgumentException("two terminals have the same id");
        }
    }

    static boolean wellFormed(String terminal) {
        return TERMINAL.matcher(terminal).matches();
    }

    /** One store, with a key that the documentation of the sandbox gives away, and no terminals. */
    public static BavindoSetup defaults() {
        return new BavindoSetup(
                List.of(new Store("3294V22322755KZ6TWHGPRJ", "sandbox-bavindo-key-of-a-store", "live", List.of())),
                null,
                Choices.DEFAULT);
    }

    /** Terminals of the first store. */
    public BavindoSetup withTerminals(List<String> ids) {
        Store first = store();
        return new BavindoSetup(
                Stream.concat(
                                Stream.of(new Store(first.id(), first.key(), first.environment(), ids)),
                                stores.stream().skip(1))
                        .toList(),
                webhookUrl,
                choices);
    }

    /** One more store. */
    public BavindoSetup withStore(Store store) {
        return new BavindoSetup(Stream.concat(stores.stream(), Stream.of(store)).toList(), webhookUrl, choices);
    }

    public BavindoSetup withKey(String key) {
        Store first = store();
        return new BavindoSetup(
                Stream.concat(
                                Stream.of(new Store(first.id(), key, first.environment(), first.terminals())),
                                stores.stream().skip(1))
                        .toList(),
                webhookUrl,
                choices);
    }

    public BavindoSetup withWebhookUrl(@Nullable String url) {
        return new BavindoSetup(stores, url, choices);
    }

    public BavindoSetup withChoices(Choices chosen) {
        return new BavindoSetup(stores, webhookUrl, chosen);
    }

    /** The first store. */
    public Store store() {
        return stores.get(0);
    }

    @Override
    public String toString() {
        // The address of the webhooks is a secret of who gave it.
        return "BavindoSetup[stores=" + stores + ", choices=" + choices + "]";
    }
}
