package nl.pinbridge.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * PAY.'s exchange call about an order, in its styles (providers/paynl.md §14).
 *
 * @param action of a legacy call that is about a refund; null where the order's status says it
 * @param cents of that refund, minor units
 */
record PayNlExchange(PayNlSetup setup, Payment<PayNlOwn> payment, String url, @Nullable String action, long cents)
        implements Letters {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOBODYS_SECRET = "somebody0else0somebody0else0somebody0els";

    PayNlExchange(PayNlSetup setup, Payment<PayNlOwn> payment, String url) {
        this(setup, payment, url, null, payment.amount());
    }

    @Override
    public String provider() {
        return PayNl.NAME;
    }

    @Override
    public String transactionId() {
        return payment.id();
    }

    @Override
    public String terminal() {
        return payment.terminal();
    }

    @Override
    public List<Duration> retries() {
        return setup.choices().exchange().retries();
    }

    @Override
    public Letter write(Told told, @Nullable String wanted) {
        String style = action == null
                ? Objects.requireNonNullElse(wanted, setup.choices().exchange().style())
                : PayNlChoices.LEGACY_JSON;
        return switch (style) {
            case PayNlChoices.UNSIGNED -> post(url, order(told).toString(), Map.of());
            case PayNlChoices.LEGACY_JSON -> post(url, flat(told).toString(), Map.of());
            case PayNlChoices.LEGACY_JSON_AS_PRINTED, WebhookScript.AS_PRINTED ->
                post(url, flat(told).toPrettyString().replaceAll("\\s*}$", ",\n}"), Map.of());
            case PayNlChoices.LEGACY_POST ->
                text(
                        HttpMethod.POST,
                        url,
                        Map.of("Content-Type", "application/x-www-form-urlencoded"),
                        variables(flat(told)));
            case PayNlChoices.LEGACY_GET ->
                text(HttpMethod.GET, url + (url.contains("?") ? "&" : "?") + variables(flat(told)), Map.of(), null);
            default -> signed(told);
        };
    }

    private Letter signed(Told told) {
        ObjectNode body = order(told);
        String signed = body.toString();
        String sent = told == Told.TAMPERED ? tampered(body) : signed;
        String target = url;
        if (setup.choices().exchange().query()) {
            target += (url.contains("?") ? "&" : "?") + "type=order&id="
                    + encoded(body.path("id").asText()) + "&event="
                    + encoded(body.path("event").asText());
        }
        return post(target, sent, told == Told.UNSIGNED ? Map.of() : signature(told, signed));
    }

    private static String tampered(ObjectNode body) {
        if (body.path("object").path("amount") instanceof ObjectNode amount) {
            amount.put("value", amount.path("value").asLong() + 1);
        }
        return body.toString();
    }

    private Map<String, String> signature(Told told, String body) {
        boolean byToken = setup.choices().exchange().byToken();
        String service = payment.own().order().serviceId();
        String keyId = byToken ? setup.tokenCode() : service;
        String secret = byToken
                ? setup.token()
                : setup.services().stream()
                        .filter(known -> known.code().equals(service))
                        .map(PayNlSetup.Service::secret)
                        .findFirst()
                        .orElse(NOBODYS_SECRET);
        if (told == Told.FORGED) {
            secret = NOBODYS_SECRET;
        } else if (told == Told.UNKNOWN_KEY) {
            keyId = "SL-9999-9999";
            secret = NOBODYS_SECRET;
        }
        String algorithm = setup.choices().exchange().algorithm();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("signature", hmac(algorithm, secret, body));
        headers.put("signature-keyid", keyId);
        headers.put("signature-method", "HMAC");
        headers.put("signature-algorithm", algorithm);
        return headers;
    }

    /** Lowercase hexadecimal; the secret counts as text. */
    static String hmac(String algorithm, String secret, String body) {
        String name = "Hmac" + algorithm.toUpperCase(Locale.ROOT);
        try {
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.US_ASCII), name));
            return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalArgumentException("no such signature: " + algorithm, e);
        }
    }

    private ObjectNode order(Told told) {
        boolean newer = setup.choices().newerFields();
        ObjectNode object = PayNlText.order(payment, null, true, newer);
        switch (told) {
            case TRUTH, TAMPERED, UNSIGNED, UNKNOWN_KEY -> {}
            case EARLIER ->
                object = PayNlText.order(
                        payment.moved(Moved.NOTHING)
                                .with(payment.own()
                                        .with(PayNlOwn.State.waiting(
                                                setup.choices().codes().waiting()))),
                        null,
                        true,
                        newer);
            case OTHER_TRANSACTION -> object.put("id", PayNlText.id(1, payment.createdAt()));
            case OTHER_STATUS, FORGED -> PayNlAnswers.put(object, claimed());
        }
        return PayNlText.exchange(object);
    }

    /** Paid for what is not, cancelled for what is. */
    private int claimed() {
        return paid() ? PayNlCodes.CANCEL : PayNlCodes.PAID;
    }

    private boolean paid() {
        return payment.own().state().code() >= PayNlCodes.AUTHORISE;
    }

    private ObjectNode flat(Told told) {
        int code = payment.own().state().code();
        ObjectNode body = PayNlText.legacy(payment, action == null ? action(code) : action, cents);
        switch (told) {
            case TRUTH, UNSIGNED, UNKNOWN_KEY -> {}
            case EARLIER -> body.put("action", "pending");
            case OTHER_TRANSACTION -> body.put("order_id", PayNlText.orderId(1));
            case OTHER_STATUS, FORGED -> body.put("action", action(claimed()));
            case TAMPERED -> body.put("amount", PayNlText.euros(cents + 1));
        }
        return body;
    }

    private static String action(int code) {
        if (code == PayNlCodes.PARTLY_CAPTURED) {
            return "capture";
        } else if (code >= PayNlCodes.AUTHORISE || code == -51) {
            return "new_ppt";
        } else if (code >= 0) {
            return "pending";
        } else if (PayNlCodes.refunded(code)) {
            return "refund:received";
        }
        return PayNlCodes.chargedBack(code) ? "chargeback:chargeback" : "cancel";
    }

    private static String variables(ObjectNode flat) {
        return flat.properties().stream()
                .map(field -> field.getKey() + "=" + encoded(field.getValue().asText()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Letter post(String target, String body, Map<String, String> more) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.putAll(more);
        return new Letter(
                HttpMethod.POST,
                target,
                Map.copyOf(headers),
                body,
                setup.choices().exchange().patience(),
                (status, answer) -> result(answer));
    }

    private Letter text(HttpMethod method, String target, Map<String, String> headers, @Nullable String body) {
        return new Letter(
                method,
                target,
                headers,
                body,
                setup.choices().exchange().patience(),
                (status, answer) -> answer.startsWith("TRUE|"));
    }

    /** The HTTP status is not specified; the answer counts. */
    private static boolean result(String answer) {
        try {
            JsonNode read = JSON.readTree(answer);
            return read.path("result").isBoolean() && read.path("result").booleanValue();
        } catch (JsonProcessingException noJson) {
            return false;
        }
    }
}
