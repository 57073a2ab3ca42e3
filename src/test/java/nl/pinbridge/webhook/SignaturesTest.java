package nl.pinbridge.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import nl.pinbridge.config.Secret;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.provider.ProviderFolder;
import nl.pinbridge.provider.WebhookDoor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The signature of PAY.'s exchange as its delivered folder describes it (providers/paynl.md §14.4). */
class SignaturesTest {
    /** Of the official client's own test: an empty body, the secret taken as text. */
    private static final String VECTOR_SECRET =
            "150a14ed5bea6cc731cf86c41566ac427a8db48ef1b9fd626664b3bfbb99071fa4c922f33dde38719b8c8354e2b7ab9d77e0e67fc12843920a712e73d558e197";

    private static final String VECTOR_SIGNATURE =
            "1e23c01aec9410779fb4efdcd8582ff66d3d8f99b17060272d564e05c33b475770ce5d2277ee4fb1917c0716e10d1533f4b4925e4870e2cd1f0884f12f1de793";

    private static final WebhookDoor.Signature PAY = Objects.requireNonNull(
            ProviderFolder.read(Path.of("routes/providers/paynl")).door().signature());
    private static final String SERVICE = "SL-1234-5678";
    private static final String SECRET = "secret-of-the-sales-location";
    private static final String BODY = "{\"event\":\"status_changed\",\"object\":{\"serviceId\":\"" + SERVICE
            + "\",\"status\":{\"code\":100,\"action\":\"PAID\"},\"customerName\":\"Zoë\"}}";

    private final Signatures signatures = new Signatures(
            PAY,
            Map.of("service-id", SERVICE),
            Map.of(
                    "username", new Secret("AT-1111-2222"),
                    "password", new Secret("the-token"),
                    "service-secret", new Secret(SECRET)),
            () -> List.of(
                    new Terminal(
                            "till-1",
                            "paynl",
                            "TH-1",
                            null,
                            new Secret("secret-of-another"),
                            Map.of("service-id", "SL-8765-4321")),
                    new Terminal("till-2", "paynl", "TH-2", null, null, Map.of("service-id", "SL-0000-0001")),
                    new Terminal("till-3", "paynl", "TH-3", null, null, Map.of())));

    private static String hmac(String algorithm, String secret, String body) {
        try {
            String name = "Hmac" + algorithm.toUpperCase(Locale.ROOT);
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), name));
            return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> signed(String keyId, String secret, String algorithm, String body) {
        return new HashMap<>(Map.of(
                "signature",
                hmac(algorithm, secret, body),
                "signature-keyid",
                keyId,
                "signature-method",
                "HMAC",
                "signature-algorithm",
                algorithm));
    }

    private @Nullable String refusal(Map<String, String> headers, String body) {
        return signatures.refusal(headers::get, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void the_official_test_vector_is_right() {
        WebhookDoor.Signature plain = new WebhookDoor.Signature(
                PAY.header(), PAY.keyHeader(), PAY.algorithmHeader(), PAY.expect(), PAY.algorithms(), PAY.keys(), null);
        Signatures official = new Signatures(
                plain,
                Map.of("service-id", SERVICE),
                Map.of("service-secret", new Secret(VECTOR_SECRET)),
                List::<Terminal>of);
        Map<String, String> headers = new HashMap<>(Map.of(
                "signature",
                VECTOR_SIGNATURE,
                "signature-keyid",
                SERVICE,
                "signature-method",
                "HMAC",
                "signature-algorithm",
                "sha512"));
        assertThat(official.refusal(headers::get, new byte[0])).isNull();
        headers.put("signature", VECTOR_SIGNATURE.replace('1', '2'));
        assertThat(official.refusal(headers::get, new byte[0])).contains("wrong");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha256", "sha384", "sha512"})
    void what_is_signed_by_the_sales_location_or_by_the_token_is_taken(String algorithm) {
        assertThat(refusal(signed(SERVICE, SECRET, algorithm, BODY), BODY)).isNull();
        assertThat(refusal(signed("AT-1111-2222", "the-token", algorithm, BODY), BODY))
                .isNull();
    }

    @Test
    void a_terminal_may_have_a_sales_location_of_its_own() {
        String body = BODY.replace(SERVICE, "SL-8765-4321");
        assertThat(refusal(signed("SL-8765-4321", "secret-of-another", "sha512", body), body))
                .isNull();
        assertThat(refusal(signed("SL-0000-0001", SECRET, "sha512", body) /* no secret is set */, body))
                .contains("not known");
    }

    @Test
    void a_key_signs_for_its_own_sales_location_only() {
        String other = BODY.replace(SERVICE, "SL-8765-4321");
        assertThat(refusal(signed(SERVICE, SECRET, "sha512", other), other)).contains("does not sign for");
        String none = BODY.replace("\"serviceId\":\"" + SERVICE + "\",", "");
        assertThat(refusal(signed(SERVICE, SECRET, "sha512", none), none)).contains("does not sign for");
        String noJson = "action=new_ppt";
        assertThat(refusal(signed(SERVICE, SECRET, "sha512", noJson), noJson)).contains("does not sign for");
        String flat = "{\"action\":\"refund:received\"}";
        assertThat(refusal(signed(SERVICE, SECRET, "sha512", flat), flat)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"signature", "signature-keyid", "signature-method", "signature-algorithm"})
    void a_header_that_lacks_is_no_reason_to_believe_the_rest(String header) {
        Map<String, String> headers = signed(SERVICE, SECRET, "sha512", BODY);
        headers.remove(header);
        assertThat(refusal(headers, BODY)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "signature-keyid, SL-9999-9999, not known",
        "signature-keyid, 'SL-1234-5678\n', not known",
        "signature-method, RSA, signature-method",
        "signature-algorithm, sha1, not allowed",
        "signature-algorithm, md5, not allowed",
        "signature-algorithm, none, not allowed",
        "signature-algorithm, sha256, wrong",
        "signature, 00, hexadecimal",
        "signature, '', hexadecimal"
    })
    void what_is_not_as_it_must_be_is_refused(String header, String value, String why) {
        Map<String, String> headers = signed(SERVICE, SECRET, "sha512", BODY);
        headers.put(header, value);
        assertThat(refusal(headers, BODY)).contains(why).doesNotContain("\n");
    }

    @Test
    void a_byte_more_or_less_or_another_secret_is_refused() {
        Map<String, String> headers = signed(SERVICE, SECRET, "sha512", BODY);
        assertThat(refusal(headers, BODY + " ")).contains("wrong");
        assertThat(refusal(headers, BODY.replace("100", "101"))).contains("wrong");
        assertThat(refusal(signed(SERVICE, SECRET + "x", "sha512", BODY), BODY)).contains("wrong");
        assertThat(refusal(signed(SERVICE, "the-token", "sha512", BODY), BODY)).contains("wrong");
        assertThat(refusal(signed("AT-1111-2222", SECRET, "sha512", BODY), BODY))
                .contains("wrong");
        headers.put("signature", headers.get("signature").toUpperCase(Locale.ROOT));
        assertThat(refusal(headers, BODY)).contains("hexadecimal");
    }

    @Test
    void an_empty_secret_is_no_key() {
        Signatures empty = new Signatures(
                PAY, Map.of("service-id", SERVICE), Map.of("service-secret", new Secret("")), List::<Terminal>of);
        Map<String, String> headers = signed(SERVICE, "x", "sha512", BODY);
        assertThat(empty.refusal(headers::get, BODY.getBytes(StandardCharsets.UTF_8)))
                .contains("not known");
    }
}
