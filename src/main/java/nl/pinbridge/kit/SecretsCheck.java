package nl.pinbridge.kit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nl.pinbridge.contract.CardNumbers;
import nl.pinbridge.provider.ProviderFolder;

/** No file of the folder holds a credential or a card number, and no mapping puts one where it would be written down. */
final class SecretsCheck {
    /** What keys and tokens look like, whoever gave them out. */
    private static final Map<String, Pattern> LOOKS = Map.of(
            "a private key", Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----"),
            "a JSON web token", Pattern.compile("\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}"),
            "an API key", Pattern.compile("\\b(sk|pk|rk|live|test|prod|sup_sk|api)_[A-Za-z0-9_]{16,}\\b"),
            "a login in a header", Pattern.compile("(?i)\\b(basic|bearer) +(?![{*])[A-Za-z0-9+/_=.-]{12,}"),
            "a token of 40 or 64 hex digits",
                    Pattern.compile("(?<![0-9a-fA-F-])([0-9a-f]{40}|[0-9a-f]{64})(?![0-9a-fA-F-])"),
            "a login in an address", Pattern.compile("://[^/\\s\"{}@:]+:[^/\\s\"{}@]+@"),
            "a credential in an address",
                    Pattern.compile(
                            "(?i)[?](?:[^\\s\"?]*&)?(key|api_?key|token|access_token|secret|password|pin)=[^&\\s\"{*]{4,}"));

    private static final Set<String> NAMES = Set.of(
            "key",
            "apikey",
            "api_key",
            "api-key",
            "token",
            "secret",
            "password",
            "passwd",
            "pwd",
            "authorization",
            "x-api-key",
            "accesstoken",
            "access_token",
            "clientsecret",
            "client_secret",
            "merchantsecret");

    /** Shorter values are words. */
    private static final int SHORTEST = 8;

    private static final Pattern TEMPLATE = Pattern.compile("\\{[^{}]+}");

    private SecretsCheck() {}

    static void check(KitFolder folder) {
        Notes notes = folder.notes();
        folder.allTexts().forEach((file, text) -> {
            LOOKS.forEach((what, pattern) -> {
                notes.tried(Chapter.SECRETS);
                Matcher found = pattern.matcher(text);
                if (found.find()) {
                    // The value itself is not repeated: reports are passed around.
                    notes.wrong(
                            what.contains("address") ? KitRule.SECRET_IN_URL : KitRule.SECRET,
                            file,
                            "line " + line(text, found.start()) + " holds what looks like " + what);
                }
            });
        });
        for (Example example : folder.examples()) {
            notes.tried(Chapter.SECRETS);
            for (List<Spot> spots : List.of(Spot.below(example.input()), Spot.below(example.output()))) {
                spots.stream()
                        .filter(spot -> spot.value().isTextual() && isSecret(spot))
                        .forEach(spot -> notes.wrong(
                                KitRule.SECRET,
                                example.file(),
                                spot.shown() + " is named like a credential and has a value"));
            }
            cards(notes, example);
            if (!folder.wiring().requestedBy(example.script()).isEmpty()) {
                address(notes, example);
            }
        }
        ProviderFolder provider = folder.provider();
        if (provider != null) {
            auth(notes, provider);
        }
    }

    private static int line(String text, int at) {
        return (int) text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
    }

    private static boolean isSecret(Spot spot) {
        String name = spot.steps().get(spot.steps().size() - 1).toLowerCase(Locale.ROOT);
        String value = spot.value().textValue();
        return NAMES.contains(name)
                && value.length() >= SHORTEST
                && !value.chars().allMatch(c -> c == '*' || c == 'x');
    }

    /** A provider may send a whole number, and an example may show that; what a mapping hands on is kept. */
    private static void cards(Notes notes, Example example) {
        for (Spot spot : Spot.below(example.output())) {
            if (spot.isLeaf() && CardNumbers.isIn(spot.value().asText()) && !isKnown(example, spot.value())) {
                notes.wrong(
                        KitRule.CARD_NUMBER, example.file(), spot.shown() + " of the output holds a whole card number");
            }
        }
    }

    /** A number by which the provider knows the payment can have the look of a card number by chance. */
    private static boolean isKnown(Example example, JsonNode value) {
        JsonNode job = example.job();
        return value.equals(job.at("/payment/providerTransactionId"))
                || value.equals(job.at("/payment/ownReference"))
                || value.equals(job.at("/terminal/id"));
    }

    private static void address(Notes notes, Example example) {
        String callback = example.input().at("/settings/callbackUrl").asText("");
        for (String part : List.of("path", "query")) {
            for (Spot spot : Spot.below(example.output(), part)) {
                String value = spot.value().asText();
                String name = spot.steps().get(spot.steps().size() - 1).toLowerCase(Locale.ROOT);
                boolean told = callback.length() > 8 && (value.contains(callback) || callback.endsWith("/" + value));
                if (told || (NAMES.contains(name) && !value.isEmpty())) {
                    notes.wrong(
                            KitRule.SECRET_IN_URL,
                            example.file(),
                            spot.shown() + " of the output puts a credential into the address");
                }
            }
        }
    }

    private static void auth(Notes notes, ProviderFolder provider) {
        notes.tried(Chapter.SECRETS);
        provider.auth().form().forEach((name, value) -> literal(notes, "auth.form." + name, value));
        provider.auth().header().forEach((name, value) -> literal(notes, "auth.header." + name, value));
        String password = provider.auth().basicPassword();
        String user = provider.auth().basicUser();
        if (password != null && !password.isEmpty()) {
            literal(notes, "auth.basic.password", password);
        } else if (user != null) {
            // Without a password the name is the secret.
            literal(notes, "auth.basic.username", user);
        }
        provider.headers().forEach((name, value) -> {
            if (NAMES.contains(name.toLowerCase(Locale.ROOT))) {
                notes.wrong(KitRule.SECRET, ProviderFolder.FILE, "headers." + name + " holds a credential");
            }
        });
    }

    private static void literal(Notes notes, String key, String value) {
        if (!TEMPLATE.matcher(value).find()) {
            notes.wrong(
                    KitRule.SECRET,
                    ProviderFolder.FILE,
                    key + " is written out, where {terminal.key} or {setting.<key>} is wanted");
        }
    }
}
