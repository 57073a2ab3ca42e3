package nl.pinbridge.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import nl.pinbridge.config.Secret;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.Json;
import nl.pinbridge.provider.JqException;
import nl.pinbridge.provider.WebhookDoor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who wrote a webhook, by the HMAC that its provider puts over the raw body. There is no way round it: what lacks a header, names a key
 * that nobody knows or an algorithm that is not allowed is refused like what is signed wrongly. Safe for any thread.
 */
public final class Signatures {
    private static final Logger LOG = LoggerFactory.getLogger(Signatures.class);
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64,128}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    /** So many different key ids are told of in the log; the rest is only counted. */
    private static final int MOST_TOLD = 100;

    private final WebhookDoor.Signature rule;
    private final Map<String, String> options;
    private final Map<String, Secret> secrets;
    private final Supplier<? extends Collection<Terminal>> terminals;
    private final Set<String> told = new HashSet<>();

    /**
     * @param options what the operator set of the folder's options
     * @param secrets what the operator set of the folder's secrets
     * @param terminals of this provider, as they are now
     */
    public Signatures(
            WebhookDoor.Signature rule,
            Map<String, String> options,
            Map<String, Secret> secrets,
            Supplier<? extends Collection<Terminal>> terminals) {
        this.rule = rule;
        this.options = Map.copyOf(options);
        this.secrets = Map.copyOf(secrets);
        this.terminals = terminals;
    }

    /**
     * Judges one webhook.
     *
     * @param header a header's only value by its name in any case; null where it is absent or stands there twice
     * @return why it is refused, in words for people; null when it is right
     */
    @Nullable
    String refusal(Function<String, @Nullable String> header, byte[] body) {
        String signature = header.apply(rule.header());
        String keyId = header.apply(rule.keyHeader());
        String algorithm = header.apply(rule.algorithmHeader());
        if (signature == null || keyId == null || algorithm == null) {
            return "it is not signed";
        }
        for (Map.Entry<String, String> expected : rule.expect().entrySet()) {
            if (!expected.getValue().equals(header.apply(expected.getKey()))) {
                return "its " + expected.getKey() + " is not " + expected.getValue();
            }
        }
        String name = algorithm.toLowerCase(Locale.ROOT);
        String mac = rule.algorithms().contains(name) ? WebhookDoor.ALGORITHMS.get(name) : null;
        if (mac == null) {
            return "its algorithm is not allowed";
        }
        List<Secret> known = keys(keyId);
        if (known.isEmpty()) {
            return "its key is not known: " + (NAME.matcher(keyId).matches() ? keyId : "a text that is no key's name");
        }
        if (!HEX.matcher(signature).matches()) {
            return "its signature is no lowercase hexadecimal";
        }
        byte[] given = signature.getBytes(StandardCharsets.US_ASCII);
        boolean right = false;
        for (Secret secret : known) {
            // Every one is tried, and each takes as long for a near miss as for any other.
            right |= MessageDigest.isEqual(hmac(mac, secret, body), given);
        }
        return right ? ofContent(keyId, body) : "its signature is wrong";
    }

    private @Nullable String ofContent(String keyId, byte[] body) {
        if (rule.when() == null) {
            return null;
        }
        String text = new String(body, StandardCharsets.UTF_8);
        ObjectNode said = Json.object().put("keyId", keyId).put("text", text);
        said.set("json", json(text));
        try {
            return rule.when().test(said) ? null : "the key " + keyId + " does not sign for what it tells of";
        } catch (JqException e) {
            return "it cannot be told whether the key " + keyId + " signs for it";
        }
    }

    private static @Nullable JsonNode json(String text) {
        try {
            return Json.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** One line for each reason, not for each webhook: a flood must not fill the log. */
    void tell(String provider, String reason) {
        synchronized (told) {
            if (told.size() >= MOST_TOLD || !told.add(reason)) {
                return;
            }
        }
        LOG.warn("A webhook of {} was refused: {}. More of them are counted and not told of", provider, reason);
    }

    private static byte[] hmac(String algorithm, Secret secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), algorithm));
            return HexFormat.of().formatHex(mac.doFinal(body)).getBytes(StandardCharsets.US_ASCII);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The secrets that go by this id; more than one while a till still has the old one. */
    private List<Secret> keys(String keyId) {
        List<Secret> found = new ArrayList<>();
        List<Terminal> tills = new ArrayList<>(terminals.get());
        for (WebhookDoor.Key key : rule.keys()) {
            if (key.id().contains("{terminal.") || key.secret().contains("{terminal.")) {
                tills.forEach(till -> add(found, keyId, key, till));
            } else {
                add(found, keyId, key, null);
            }
        }
        return found;
    }

    private void add(List<Secret> found, String keyId, WebhookDoor.Key key, @Nullable Terminal till) {
        String id = filled(key.id(), till);
        String secret = filled(key.secret(), till);
        if (keyId.equals(id)
                && secret != null
                && !secret.isEmpty()
                && found.stream().noneMatch(other -> other.reveal().equals(secret))) {
            found.add(new Secret(secret));
        }
    }

    /** The template with its values; null where one of them is not set. */
    private @Nullable String filled(String template, @Nullable Terminal till) {
        Matcher placeholders = PLACEHOLDER.matcher(template);
        StringBuilder text = new StringBuilder();
        while (placeholders.find()) {
            String value = value(placeholders.group(1), till);
            if (value == null) {
                return null;
            }
            placeholders.appendReplacement(text, Matcher.quoteReplacement(value));
        }
        return placeholders.appendTail(text).toString();
    }

    private @Nullable String value(String name, @Nullable Terminal till) {
        if (name.startsWith("option.")) {
            return options.get(name.substring("option.".length()));
        }
        if (name.startsWith("setting.")) {
            Secret secret = secrets.get(name.substring("setting.".length()));
            return secret == null ? null : secret.reveal();
        }
        if (till == null) {
            return null;
        }
        if (name.startsWith("terminal.label.")) {
            return till.labels().get(name.substring("terminal.label.".length()));
        }
        Secret key = till.key();
        return name.equals("terminal.id") ? till.id() : key == null ? null : key.reveal();
    }
}
