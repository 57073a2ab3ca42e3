package nl.pinbridge.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nl.pinbridge.config.Secret;
import nl.pinbridge.contract.CardNumbers;
import nl.pinbridge.contract.Json;

/** Takes secrets, card numbers and e-mail addresses out of what is kept or logged. */
final class Redactor {
    private static final String STARS = "***";
    private static final Pattern ID = Pattern.compile("(?i).*id");

    /** Its digits may happen to be those of a card, and it is sent back as it stands. */
    private static final Pattern UUID = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** Evidence is for people: there a number too many is masked rather than one too few. */
    private static final Pattern RUN = Pattern.compile("(?<![0-9])[0-9]{12,19}(?![0-9])");

    /** Of an address the domain may stay: it says where a receipt went, and not to whom. */
    private static final Pattern MAIL =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9][A-Za-z0-9.-]{0,250})");

    /** Below this length a secret could be part of an innocent word or number of an answer that is still to be read. */
    private static final int LONG_ENOUGH = 8;

    private final List<String> secrets;

    Redactor(Collection<Secret> secrets) {
        Set<String> forms = new LinkedHashSet<>();
        for (Secret secret : secrets) {
            String plain = secret.reveal();
            if (plain.isEmpty()) {
                continue;
            }
            byte[] bytes = plain.getBytes(StandardCharsets.UTF_8);
            String quoted = Json.write(plain);
            forms.add(plain);
            forms.add(URLEncoder.encode(plain, StandardCharsets.UTF_8));
            forms.add(quoted.substring(1, quoted.length() - 1));
            forms.add(quoted.substring(1, quoted.length() - 1).replace("/", "\\/"));
            forms.add(Base64.getEncoder().encodeToString(bytes));
        }
        // Longest first: one secret may hold another.
        this.secrets = forms.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** For evidence, logs and messages: no secret, no card number, no e-mail address. */
    String all(String text) {
        String clean = cards(secrets(text, 1));
        return clean.indexOf('@') < 0 ? clean : MAIL.matcher(clean).replaceAll(STARS + "@$1");
    }

    /** For an answer that a mapping still reads: an echoed secret goes, everything else stays. */
    String echoed(String text) {
        return secrets(text, LONG_ENOUGH);
    }

    /**
     * An answer without whole card numbers, as texts, as numbers and in names. What identifies something stays as it is, for it
     * is compared and sent back: the known values, and a bare number or a UUID in a field whose name ends in {@code id}.
     *
     * @param known texts of the answer that are the bridge's own or were told by the provider before
     */
    static JsonNode withoutCards(JsonNode answer, Set<String> known) {
        return withoutCards("", answer, known);
    }

    private static JsonNode withoutCards(String name, JsonNode node, Set<String> known) {
        if (node.isObject()) {
            ObjectNode clean = Json.object();
            node.properties()
                    .forEach(field -> clean.set(
                            CardNumbers.masked(field.getKey()), withoutCards(field.getKey(), field.getValue(), known)));
            return clean;
        }
        if (node.isArray()) {
            ArrayNode clean = Json.MAPPER.createArrayNode();
            node.forEach(each -> clean.add(withoutCards(name, each, known)));
            return clean;
        }
        if (!node.isTextual() && !node.isNumber()) {
            return node;
        }
        String text = node.asText();
        String masked = CardNumbers.masked(text);
        boolean identifies = known.contains(text)
                || (ID.matcher(name).matches()
                        && (text.chars().allMatch(c -> c >= '0' && c <= '9')
                                || UUID.matcher(text).matches()));
        return masked.equals(text) || identifies ? node : TextNode.valueOf(masked);
    }

    private String secrets(String text, int from) {
        String clean = text;
        for (String secret : secrets) {
            if (secret.length() >= from) {
                clean = clean.replace(secret, STARS);
            }
        }
        return clean;
    }

    private static String cards(String text) {
        return masked(RUN, CardNumbers.masked(text));
    }

    private static String masked(Pattern pattern, String text) {
        return pattern.matcher(text)
                .replaceAll(
                        found -> Matcher.quoteReplacement(luhn(found.group()) ? mask(found.group()) : found.group()));
    }

    /** The last four digits may stay. */
    private static String mask(String number) {
        int keep = number.length() - 4;
        return number.substring(0, keep).replaceAll("[0-9]", "x") + number.substring(keep);
    }

    private static boolean luhn(String number) {
        int sum = 0;
        boolean twice = false;
        for (int i = number.length() - 1; i >= 0; i--) {
            int digit = number.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                continue;
            }
            int value = twice ? digit * 2 : digit;
            sum += value > 9 ? value - 9 : value;
            twice = !twice;
        }
        return sum % 10 == 0;
    }
}
