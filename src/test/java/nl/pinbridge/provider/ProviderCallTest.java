package nl.pinbridge.provider;

import static nl.pinbridge.provider.WireServer.hangUp;
import static nl.pinbridge.provider.WireServer.json;
import static nl.pinbridge.provider.WireServer.raw;
import static nl.pinbridge.provider.WireServer.silence;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import nl.pinbridge.config.Probe;
import nl.pinbridge.config.Secret;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.Json;
import nl.pinbridge.provider.CallGate.Mark;
import nl.pinbridge.provider.CallGate.NotMarkedException;
import nl.pinbridge.provider.ProviderFolder.Encoding;
import nl.pinbridge.provider.WireOutcome.Answered;
import nl.pinbridge.provider.WireOutcome.NotSent;
import nl.pinbridge.provider.WireOutcome.Unknown;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The call block against real sockets. */
class ProviderCallTest {
    private static final String KEY = "k3y/Very+Secret\"123";
    private static final Terminal TILL =
            new Terminal("till-1", "tester", "50303253", "WORLDLINE", new Secret(KEY), Map.of());
    private static final String FORM =
            "{\"form\":{\"amount\":\"1050\",\"note\":\"één & twee=2\",\"callbackUrl\":null}}";
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folders;

    private final List<String> probed = new CopyOnWriteArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CamelContext context = new DefaultCamelContext();
    private Probe probe = point -> {};
    private Clock clock = CLOCK;
    private CallGate gate = job -> mark();

    @SuppressWarnings("NullAway.Init")
    private ProviderFolder folder;

    @BeforeEach
    void write_a_provider() throws Exception {
        Path tester = Files.createDirectories(folders.resolve("tester"));
        Files.writeString(
                tester.resolve("provider.yaml"),
                """
                name: tester
                title: Tester
                url: http://127.0.0.1:1/V1
                encoding: multipart
                brands: [WORLDLINE]
                auth: {form: {terminalId: "{terminal.id}", key: "{terminal.key}"}}
                operations:
                  create: {method: POST, path: /create, once: true, lost-answer: Ask., brands: [WORLDLINE], success: [200]}
                  refund: {method: POST, path: /refund, once: true, lost-answer: Ask., brands: [WORLDLINE], success: [200]}
                  status: {method: POST, path: "/status/{id}", once: false, brands: [WORLDLINE], success: [200]}
                refusals:
                  - {status: [401, 403], why: the key is wrong}
                  - {when: '.json.error == "unknown-terminal"', why: the terminal is not known}
                  - {when: '.json.list | length == "broken" | error', why: a condition that fails}
                busy:
                  - {status: [409], when: '.json.error == "busy"', why: the terminal is busy}
                cadence: {first-look: PT1S, look-interval: PT1S, look-interval-max: PT5S, maximum: PT1M}
                consumers: 2
                """);
        folder = ProviderFolder.read(tester);
    }

    @AfterEach
    void stop() throws Exception {
        context.close();
    }

    @Test
    void f18_a_refused_connection_is_not_sent() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Exchange exchange = call("create", URI.create("http://127.0.0.1:" + port), FORM);
        assertThat(exchange.getProperty(WireOutcome.PROPERTY))
                .isInstanceOfSatisfying(
                        NotSent.class, sent -> assertThat(sent.why()).contains("refused"));
        assertThat(exchange.getMessage().getBody(JsonNode.class).get("answer"))
                .isEqualTo(Json.read("{\"status\":null,\"json\":null,\"text\":null}"));
        assertThat(meters.get("pinbridge.provider.call")
                        .tags("provider", "tester", "operation", "create", "outcome", "not_sent")
                        .timer()
                        .count())
                .isOne();
    }

    @Test
    void an_unknown_host_is_not_sent() throws Exception {
        assertThat(outcome(call("create", URI.create("http://no-such-host.invalid/V1"), FORM)))
                .isInstanceOf(NotSent.class);
    }

    @Test
    void f28_a_port_without_tls_is_not_sent_and_sees_no_request() throws Exception {
        // The server takes the first bytes of the handshake for a line that never ends, and says nothing.
        try (WireServer server = new WireServer(silence())) {
            long from = System.nanoTime();
            Exchange exchange = call("create", URI.create("https://127.0.0.1:" + server.port()), FORM);
            assertThat(outcome(exchange)).isInstanceOf(NotSent.class);
            assertThat(server.received()).doesNotContain("POST", KEY, "1050");
            assertThat(server.requests()).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    void f28_a_certificate_that_is_not_trusted_is_not_sent_and_sees_no_request() throws Exception {
        try (WireServer server = new WireServer(selfSigned(), json(200, "{}"))) {
            Exchange exchange = call("create", URI.create("https://127.0.0.1:" + server.port()), FORM);
            assertThat(outcome(exchange)).isInstanceOfSatisfying(NotSent.class, sent -> assertThat(sent.why())
                    .contains("SSL"));
            assertThat(server.received()).isEmpty();
        }
    }

    @Test
    void f19_a_read_time_out_is_unknown_and_there_is_one_request() throws Exception {
        try (WireServer server = new WireServer(silence())) {
            Exchange exchange = call("create", server.url("/V1"), FORM);
            assertThat(outcome(exchange)).isInstanceOfSatisfying(Unknown.class, unknown -> assertThat(unknown.why())
                    .contains("timed out"));
            assertThat(server.requests()).hasSize(1);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void a_connection_closed_after_the_request_is_unknown() throws Exception {
        try (WireServer server = new WireServer(hangUp())) {
            assertThat(outcome(call("create", server.url("/V1"), FORM))).isInstanceOf(Unknown.class);
            assertThat(outcome(call("status", server.url("/V1"), "{\"path\":{\"id\":\"7\"}}")))
                    .isInstanceOf(Unknown.class);
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void an_answer_that_breaks_off_is_unknown() throws Exception {
        try (WireServer server = new WireServer(socket -> {
            raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"transactionId\":")
                    .answer(socket);
            socket.close();
        })) {
            assertThat(outcome(call("create", server.url("/V1"), FORM)))
                    .isInstanceOfSatisfying(
                            Unknown.class, unknown -> assertThat(unknown.why()).contains("(200) broke off"));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void an_answer_without_an_end_is_unknown() throws Exception {
        try (WireServer server = new WireServer(socket -> {
            OutputStream out = socket.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 900000000\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            byte[] block = new byte[65536];
            while (true) {
                out.write(block);
            }
        })) {
            assertThat(outcome(call("create", server.url("/V1"), FORM)))
                    .isInstanceOfSatisfying(
                            Unknown.class, unknown -> assertThat(unknown.why()).contains("longer than"));
        }
    }

    @Test
    void an_answer_drop_by_drop_holds_nobody_beyond_the_response_time_out() throws Exception {
        try (WireServer server = new WireServer(socket -> {
            OutputStream out = socket.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.UTF_8));
            // A header line that never ends.
            Awaitility.await().forever().pollInterval(Duration.ofMillis(200)).until(() -> {
                out.write('x');
                out.flush();
                return false;
            });
        })) {
            long from = System.nanoTime();
            assertThat(outcome(call("create", server.url("/V1"), FORM))).isInstanceOf(Unknown.class);
            assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(8));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "503, Retry-After: 0",
        "503, X: 1",
        "502, X: 1",
        "504, X: 1",
        "429, Retry-After: 1",
        "408, X: 1",
        "301, Location: /V1/elsewhere",
        "302, Location: /V1/elsewhere",
        "307, Location: /V1/elsewhere",
        "308, Location: /V1/elsewhere",
        "407, Proxy-Authenticate: Basic realm=x",
        "500, X: 1"
    })
    void f20_an_answer_other_than_success_is_one_request_and_no_proof(int status, String header) throws Exception {
        try (WireServer server = new WireServer(json(status, "{\"error\":\"x\"}", header + "\r\n"))) {
            assertThat(outcome(call("create", server.url("/V1"), FORM)))
                    .isEqualTo(new Answered(status, "{\"error\":\"x\"}", false, false, false));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void what_the_folder_lists_is_a_refusal_or_busy() throws Exception {
        try (WireServer server = new WireServer(json(401, "{}", "WWW-Authenticate: Basic realm=x\r\n"))) {
            assertThat(outcome(call("create", server.url("/V1"), FORM)))
                    .isEqualTo(new Answered(401, "{}", false, true, false));
            server.behave(json(200, "{\"error\":\"unknown-terminal\"}"));
            assertThat(((Answered) outcome(call("create", server.url("/V1"), FORM))).refusal())
                    .isTrue();
            server.behave(json(409, "{\"error\":\"busy\"}"));
            assertThat(outcome(call("create", server.url("/V1"), FORM)))
                    .isEqualTo(new Answered(409, "{\"error\":\"busy\"}", false, false, true));
            server.behave(json(409, "{\"error\":\"other\"}"));
            assertThat(outcome(call("create", server.url("/V1"), FORM)))
                    .isEqualTo(new Answered(409, "{\"error\":\"other\"}", false, false, false));
            assertThat(server.requests()).hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wall", "back", "monotonic"})
    void f55_a_mark_that_is_too_old_writes_nothing(String which) throws Exception {
        try (WireServer server = new WireServer(json(200, "{}"))) {
            probe = point -> {
                if (point.equals("marked") && which.equals("wall")) {
                    clock = Clock.offset(CLOCK, Duration.ofMillis(2500));
                } else if (point.equals("marked") && which.equals("back")) {
                    clock = Clock.offset(CLOCK, Duration.ofMinutes(-10));
                }
            };
            if (which.equals("monotonic")) {
                gate = job -> new Mark("a", CLOCK.millis(), System.nanoTime() - 2_500_000_000L);
            }
            Exchange exchange = call("create", server.url("/V1"), FORM);
            assertThat(outcome(exchange)).isInstanceOfSatisfying(NotSent.class, sent -> assertThat(sent.why())
                    .contains("mark too old"));
            assertThat(server.received()).isEmpty();
            assertThat(exchange.getException()).isNull();
            assertThat(probed).containsExactly("marked", "before-write");
        }
    }

    @Test
    void the_age_of_a_mark_does_not_count_for_a_read() throws Exception {
        try (WireServer server = new WireServer(json(200, "{}"))) {
            gate = job -> {
                throw new AssertionError("a read asks for no mark");
            };
            Exchange exchange = call("status", server.url("/V1"), "{\"path\":{\"id\":\"7\"}}");
            assertThat(outcome(exchange)).isEqualTo(new Answered(200, "{}", true, false, false));
            assertThat(exchange.getProperty(Mark.PROPERTY)).isNull();
            assertThat(probed).containsExactly("looked");
        }
    }

    @Test
    void an_answer_becomes_the_input_of_the_answer_mapping() throws Exception {
        // In two parts, since what one read gives is not the whole.
        try (WireServer server = new WireServer(socket -> {
            raw("HTTP/1.1 200 OK\r\nContent-Length: 25\r\nX-Evil: 1\r\nSet-Cookie: a=b\r\n\r\n{\"transaction")
                    .answer(socket);
            // Longer than the connect time-out, within the response time-out.
            Awaitility.await().pollDelay(Duration.ofMillis(1400)).until(() -> true);
            raw("Id\":\"24051\"}").answer(socket);
        })) {
            Exchange exchange = call("create", server.url("/V1/"), FORM);
            assertThat(outcome(exchange))
                    .isEqualTo(new Answered(200, "{\"transactionId\":\"24051\"}", true, false, false));
            JsonNode body = exchange.getMessage().getBody(JsonNode.class);
            assertThat(body.get("job")).isEqualTo(view());
            assertThat(body.get("answer"))
                    .isEqualTo(Json.read("{\"status\":200,\"json\":{\"transactionId\":\"24051\"},\"text\":null}"));
            assertThat(exchange.getMessage().getHeaders()).isEmpty();
            assertThat(exchange.getProperty(Mark.PROPERTY)).isInstanceOf(Mark.class);
            assertThat(probed).containsExactly("marked", "before-write", "answered");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "{\"a\":1", "{\"a\":1,\"a\":2}", "{} {}"})
    void an_answer_that_is_no_json_is_text(String answer) throws Exception {
        try (WireServer server = new WireServer(json(200, answer))) {
            Exchange exchange = call("create", server.url("/V1"), FORM);
            JsonNode body = exchange.getMessage().getBody(JsonNode.class).get("answer");
            assertThat(body.get("json").isNull()).isTrue();
            assertThat(body.get("text").textValue()).isEqualTo(answer);
        }
    }

    @Test
    void a_compressed_answer_that_nobody_asked_for_is_not_unpacked() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(packed)) {
            zip.write("{\"status\":\"success\"}".getBytes(StandardCharsets.UTF_8));
        }
        try (WireServer server = new WireServer(socket -> {
            OutputStream out = socket.getOutputStream();
            out.write(("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + packed.size() + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.write(packed.toByteArray());
            out.flush();
        })) {
            Exchange exchange = call("create", server.url("/V1"), FORM);
            assertThat(outcome(exchange)).isInstanceOf(Answered.class);
            assertThat(exchange.getMessage()
                            .getBody(JsonNode.class)
                            .at("/answer/json")
                            .isNull())
                    .isTrue();
            assertThat(server.requests().get(0)).doesNotContainIgnoringCase("accept-encoding");
        }
    }

    @Test
    void nothing_of_the_message_reaches_the_provider() throws Exception {
        try (WireServer server = new WireServer(json(200, "{}"));
                WireServer evil = new WireServer(json(200, "{}"))) {
            Producer producer = producer("create", server.url("/V1"), null);
            Exchange exchange = exchange("create", FORM);
            Map.of(
                            "Authorization", "Bearer attacker",
                            "CAmelHttpUri", evil.url("/steal").toString(),
                            "CamelHttpUri", evil.url("/steal").toString(),
                            "CamelRestHttpUri", evil.url("/steal").toString(),
                            "CamelHttpPath", "../admin",
                            "CamelHttpQuery", "amount=1",
                            "CAMELHttpMethod", "DELETE",
                            "Cookie", "session=attacker",
                            "Host", "evil.example",
                            "X-Sender", "attacker")
                    .forEach(exchange.getMessage()::setHeader);
            exchange.getMessage().setHeader("Content-Type", "text/evil");
            producer.process(exchange);
            assertThat(outcome(exchange)).isInstanceOf(Answered.class);
            assertThat(evil.connections()).isZero();
            String request = server.requests().get(0);
            assertThat(request).startsWith("POST /V1/create HTTP/1.1\r\n").doesNotContain("attacker", "evil", "admin");
            List<String> names = request.substring(0, request.indexOf("\r\n\r\n"))
                    .lines()
                    .skip(1)
                    .map(line -> line.substring(0, line.indexOf(':')))
                    .toList();
            assertThat(names)
                    .containsExactlyInAnyOrder("Content-Type", "Content-Length", "Host", "Connection", "User-Agent");
            assertThat(exchange.getMessage().getHeaders()).isEmpty();
        }
    }

    @Test
    void no_cookie_is_kept_and_money_never_goes_over_a_used_connection() throws Exception {
        try (WireServer server = new WireServer(json(200, "{}", "Set-Cookie: session=7; Path=/\r\n"))) {
            Producer create = producer("create", server.url("/V1"), null);
            for (int i = 0; i < 3; i++) {
                create.process(exchange("create", FORM));
            }
            assertThat(server.connections()).isEqualTo(3);
            assertThat(server.requests()).allSatisfy(request -> assertThat(request)
                    .containsIgnoringCase("\r\nConnection: close\r\n")
                    .doesNotContainIgnoringCase("cookie"));
            Producer status = producer("status", server.url("/V1"), null);
            for (int i = 0; i < 3; i++) {
                status.process(exchange("create", "{\"path\":{\"id\":\"7\"}}"));
            }
            assertThat(server.connections()).isEqualTo(4);
            assertThat(server.requests())
                    .allSatisfy(request -> assertThat(request).doesNotContainIgnoringCase("cookie"));
        }
    }

    @Test
    void a_form_goes_out_as_multipart_byte_by_byte() throws Exception {
        try (WireServer server = new WireServer(json(200, "{}"))) {
            call("create", server.url("/V1"), FORM);
            String request = server.requests().get(0);
            String head = request.substring(0, request.indexOf("\r\n\r\n"));
            String boundary = head.replaceAll("(?s).*Content-Type: multipart/form-data; boundary=([^\r]+).*", "$1");
            assertThat(boundary).startsWith("pinbridge-");
            assertThat(request.substring(head.length() + 4))
                    .isEqualTo(("--B\r\nContent-Disposition: form-data; name=\"terminalId\"\r\n\r\n50303253\r\n"
                                    + "--B\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n" + KEY + "\r\n"
                                    + "--B\r\nContent-Disposition: form-data; name=\"amount\"\r\n\r\n1050\r\n"
                                    + "--B\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\néén & twee=2\r\n"
                                    + "--B--\r\n")
                            .replace("--B", "--" + boundary));
        }
    }

    @Test
    void a_form_goes_out_urlencoded_byte_by_byte() throws Exception {
        try (WireServer server = new WireServer(json(200, "{}"))) {
            Producer producer = producer("create", server.url("/V1"), Encoding.URLENCODED);
            producer.process(exchange("create", FORM));
            assertThat(server.requests().get(0))
                    .contains("\r\nContent-Type: application/x-www-form-urlencoded\r\n")
                    .endsWith("\r\n\r\nterminalId=50303253&key=k3y%2FVery%2BSecret%22123&amount=1050"
                            + "&note=%C3%A9%C3%A9n%20%26%20twee%3D2");
        }
    }

    @Test
    void values_in_path_and_query_are_always_encoded() throws Exception {
        try (WireServer server = new WireServer(json(200, "{}"))) {
            call(
                    "status",
                    server.url("/V1"),
                    Json.write(Map.of(
                            "path", Map.of("id", "a/../b?x=1&y={{env:HOME}}%2F é#"),
                            "query", Map.of("q", "1&amount=2 {{env:HOME}}%+"))));
            assertThat(server.requests().get(0))
                    .startsWith("POST /V1/status/a%2F..%2Fb%3Fx%3D1%26y%3D%7B%7Benv%3AHOME%7D%7D%252F%20%C3%A9%23"
                            + "?q=1%26amount%3D2%20%7B%7Benv%3AHOME%7D%7D%25%2B HTTP/1.1\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"forms\":{}}",
                "{\"form\":[]}",
                "{\"form\":{\"amount\":10.5}}",
                "{\"form\":{\"amount\":{}}}",
                "{\"form\":{\"key\":\"mine\"}}",
                "{\"form\":{\"terminalId\":\"other\"}}",
                "{\"form\":{},\"json\":{}}",
                "{\"json\":{}}",
                "{\"form\":{},\"path\":{\"id\":\"7\"}}"
            })
    void a_mapping_that_gives_no_request_is_refused_before_the_mark(String mapped) throws Exception {
        try (WireServer server = new WireServer(json(200, "{}"))) {
            gate = job -> {
                throw new AssertionError("marked");
            };
            Exchange exchange = call("create", server.url("/V1"), mapped);
            assertThat(exchange.getException()).isInstanceOf(IllegalArgumentException.class);
            assertThat(exchange.getProperty(WireOutcome.PROPERTY)).isNull();
            assertThat(server.connections()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", ""})
    void a_path_value_that_would_climb_is_refused(String value) throws Exception {
        try (WireServer server = new WireServer(json(200, "{}"))) {
            Exchange exchange = call("status", server.url("/V1"), Json.write(Map.of("path", Map.of("id", value))));
            assertThat(exchange.getException()).isInstanceOf(IllegalArgumentException.class);
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void a_job_goes_only_to_its_own_provider_and_its_own_money_call() throws Exception {
        try (WireServer server = new WireServer(json(200, "{}"))) {
            Producer create = producer("create", server.url("/V1"), null);
            Exchange without = new DefaultExchange(context);
            without.getMessage().setBody(Json.read(FORM));
            Exchange otherProvider = exchange("create", FORM);
            otherProvider.setProperty(ProviderJob.PROPERTY, new ProviderJob("other", "create", "c", "p", TILL, view()));
            for (Exchange exchange :
                    List.of(without, otherProvider, exchange("status", FORM), exchange("refund", FORM))) {
                assertThat(processed(create, exchange).getException()).isInstanceOf(IllegalStateException.class);
                assertThat(exchange.getProperty(Mark.PROPERTY)).isNull();
            }
            Exchange twice = exchange("create", FORM);
            processed(create, twice);
            twice.getMessage().setBody(Json.read(FORM));
            assertThat(processed(create, twice).getException()).hasMessageContaining("already");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void without_a_mark_nothing_is_sent() throws Exception {
        try (WireServer server = new WireServer(json(200, "{}"))) {
            gate = job -> {
                throw new NotMarkedException("cancelled");
            };
            Exchange exchange = call("create", server.url("/V1"), FORM);
            assertThat(exchange.getException()).isInstanceOf(NotMarkedException.class);
            assertThat(exchange.getProperty(WireOutcome.PROPERTY)).isNull();
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void a_fault_after_the_mark_is_an_outcome_and_no_exception() throws Exception {
        try (WireServer server = new WireServer(json(200, "{}"))) {
            for (String at : List.of("marked", "before-write")) {
                probe = point -> {
                    if (point.equals(at)) {
                        throw new IllegalStateException("stopped at " + at);
                    }
                };
                Exchange exchange = call("create", server.url("/V1"), FORM);
                assertThat(exchange.getException()).isNull();
                assertThat(outcome(exchange)).isInstanceOf(NotSent.class);
            }
            assertThat(server.received()).isEmpty();
            probe = point -> {
                if (point.equals("answered")) {
                    throw new IllegalStateException("stopped");
                }
            };
            assertThat(outcome(call("create", server.url("/V1"), FORM))).isInstanceOf(Answered.class);
        }
    }

    @Test
    void the_key_and_card_numbers_are_in_no_evidence_no_exception_and_no_log() throws Exception {
        List<String> log = new CopyOnWriteArrayList<>();
        Runnable release = capture(log);
        try (WireServer server = new WireServer(json(
                200,
                Json.write(Map.of(
                        "echo", "wrong key " + KEY,
                        "card", "4111111111111111",
                        "grouped", "5500 0000 0000 0004",
                        "amount", 1050,
                        "order", "1234567890123456"))))) {
            List<Exchange> exchanges = new ArrayList<>();
            exchanges.add(call("create", server.url("/V1"), FORM));
            JsonNode evidence = evidence(exchanges.get(0));
            assertThat(evidence.at("/request/form").toString())
                    .isEqualTo(
                            "{\"terminalId\":\"50303253\",\"key\":\"***\",\"amount\":\"1050\",\"note\":\"één & twee=2\"}");
            assertThat(evidence.get("answer").textValue())
                    .contains("wrong key ***", "xxxxxxxxxxxx1111", "xxxx xxxx xxxx 0004", "1050", "1234567890123456");
            assertThat(evidence.get("url").textValue())
                    .isEqualTo(server.url("/V1/create").toString());
            assertThat(evidence.get("outcome").textValue()).isEqualTo("ANSWERED");
            assertThat(evidence.get("contentType").textValue()).isEqualTo("application/json");
            assertThat(((Answered) outcome(exchanges.get(0))).body()).contains("xxxxxxxxxxxx1111", "1234567890123456");
            assertThat(exchanges.get(0).getMessage().getBody(JsonNode.class).at("/answer/json/card"))
                    .isEqualTo(Json.MAPPER.getNodeFactory().textNode("xxxxxxxxxxxx1111"));

            server.behave(raw("HTTP/1.1 " + KEY + "\r\n\r\n"));
            exchanges.add(call("create", server.url("/V1"), FORM));
            assertThat(outcome(exchanges.get(1))).isInstanceOf(Unknown.class);
            server.behave(hangUp());
            exchanges.add(call("create", server.url("/V1"), FORM));
            exchanges.add(call("create", server.url("/V1"), "{\"form\":{\"key\":\"" + "x\"}}"));
            probe = point -> {
                throw new IllegalStateException("with " + KEY);
            };
            exchanges.add(call("create", server.url("/V1"), FORM));
            for (Exchange exchange : exchanges) {
                String all = exchange.getProperty(ProviderCallComponent.EVIDENCE) + " "
                        + exchange.getProperty(WireOutcome.PROPERTY) + " "
                        + exchange.getMessage().getBody() + " "
                        + exchange.getException();
                assertThat(all).doesNotContain(KEY, "k3y", "Very+Secret", "4111111111111111", "5500 0000 0000 0004");
            }
            assertThat(log).isNotEmpty().allSatisfy(line -> assertThat(line).doesNotContain("k3y", "Very+Secret"));
            assertThat(log).anySatisfy(line -> assertThat(line).contains("tester create"));
        } finally {
            release.run();
        }
    }

    /** A provider with several hosts, JSON bodies, HTTP Basic and a read that is called by nobody in particular. */
    private void write_another_provider() throws Exception {
        Files.writeString(
                folders.resolve("tester").resolve("provider.yaml"),
                """
                name: tester
                title: Tester
                url: http://127.0.0.1:1
                urls: {rest: "http://127.0.0.1:1/v2"}
                encoding: json
                headers: {accept: application/json}
                auth: {basic: {username: "{setting.username}", password: "{setting.password}"}}
                operations:
                  create: {method: POST, path: /orders, once: true, lost-answer: Ask., success: [200]}
                  cancel: {method: PATCH, path: "/orders/{id}/abort", once: true, lost-answer: Ask., success: [200]}
                  poll: {method: GET, path: "/orders/{id}/status", once: false, part-of: status, anonymous: true, success: [200]}
                  status: {method: GET, path: "/orders/{id}/status", once: false, success: [200]}
                  transaction: {method: GET, at: rest, path: "/transactions/{id}", once: false, success: [200]}
                cadence: {first-look: PT1S, look-interval: PT1S, look-interval-max: PT5S, maximum: PT1M}
                consumers: 2
                """);
        folder = ProviderFolder.read(folders.resolve("tester"));
    }

    private Exchange call(String operation, URI url, Map<String, URI> urls, List<URI> readUrls, String mapped)
            throws Exception {
        ProviderSettings settings = new ProviderSettings(
                "tester",
                url,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                null,
                Map.of("username", new Secret("AT-1234-5678"), "password", new Secret(KEY)),
                urls,
                readUrls);
        return processed(producer(operation, settings), exchange(operation, mapped));
    }

    /** A provider without an address of its own, which takes amounts as JSON numbers and a secret from the command. */
    private void write_a_provider_on_terminals() throws Exception {
        Path tester = folders.resolve("tester");
        Files.writeString(
                tester.resolve("provider.yaml"),
                """
                name: tester
                title: Tester
                url: "{terminal.url}"
                encoding: json
                confidential: [authReference]
                operations:
                  create: {method: POST, path: /terminal/payment, once: true, lost-answer: Ask a person., success: [200]}
                find: []
                refusals: []
                busy: []
                cadence: {first-look: PT1S, look-interval: PT1S, look-interval-max: PT5S, maximum: PT1M}
                consumers: 2
                """);
        folder = ProviderFolder.read(tester);
    }

    @Test
    void a_terminal_is_called_at_its_own_address_with_the_amount_in_just_those_digits() throws Exception {
        write_a_provider_on_terminals();
        JsonNode mapped = JqScript.compile(
                        "test",
                        "{json: {amount: (2500 | major | decimal), zero: (0 | major | decimal), most: (99999999 | major | decimal),"
                                + " authReference: .secret}}")
                .apply(Json.object().put("secret", KEY));
        Producer producer = producer("create", ProviderSettings.none("tester"));
        try (WireServer first = new WireServer(json(200, "{\"said\":" + Json.write(KEY) + "}"));
                WireServer second = new WireServer(json(200, "{}"))) {
            for (URI url : List.of(first.url("/pole-1"), second.url(""))) {
                Terminal pole = new Terminal("pole", "tester", "1", null, null, Map.of(), url);
                ObjectNode view = Json.object();
                view.putObject("command").putObject("provider").put("authReference", KEY);
                Exchange exchange = exchange("create", "{}");
                exchange.setProperty(
                        ProviderJob.PROPERTY, new ProviderJob("tester", "create", "row", "pay-1", pole, view));
                exchange.getMessage().setBody(mapped);
                processed(producer, exchange);
                assertThat(outcome(exchange)).isInstanceOf(Answered.class);
                assertThat(exchange.getProperty(ProviderCallComponent.EVIDENCE, String.class))
                        .contains("\"amount\":25.00", "\"authReference\":\"***\"")
                        .doesNotContain("Very+Secret");
                assertThat(exchange.getMessage()
                                .getBody(JsonNode.class)
                                .path("answer")
                                .toString())
                        .doesNotContain("Very+Secret");
            }
            assertThat(first.requests()).singleElement().satisfies(request -> assertThat(request)
                    .startsWith("POST /pole-1/terminal/payment HTTP/1.1")
                    .contains("Content-Type: application/json")
                    .endsWith("{\"amount\":25.00,\"zero\":0.00,\"most\":999999.99,\"authReference\":" + Json.write(KEY)
                            + "}"));
            assertThat(second.requests()).singleElement().satisfies(request -> assertThat(request)
                    .startsWith("POST /terminal/payment HTTP/1.1"));
        }
        Exchange nowhere = exchange("create", "{\"json\":{}}");
        nowhere.setProperty(
                ProviderJob.PROPERTY,
                new ProviderJob(
                        "tester",
                        "create",
                        "row",
                        "pay-1",
                        new Terminal("pole", "tester", "1", null, null, Map.of()),
                        Json.object()));
        assertThat(processed(producer, nowhere).getException()).hasMessageContaining("Terminal pole has no url");
        assertThat(nowhere.getProperty(Mark.PROPERTY)).isNull();
    }

    @Test
    void f25_a_read_is_tried_at_the_next_host_when_the_first_is_away_and_money_never_is() throws Exception {
        write_another_provider();
        URI closed;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = URI.create("http://127.0.0.1:" + free.getLocalPort());
        }
        String order = "{\"path\":{\"id\":\"7\"}}";
        try (WireServer silent = new WireServer(silence());
                WireServer gateway = new WireServer(json(503, "{}"));
                WireServer cut = new WireServer(hangUp());
                WireServer backup = new WireServer(json(200, "{\"id\":\"7\"}"))) {
            for (URI first : List.of(closed, silent.url(""), gateway.url(""), cut.url(""))) {
                int before = backup.requests().size();
                Exchange read = call("status", first, Map.of(), List.of(closed, backup.url("")), order);
                assertThat(outcome(read))
                        .isInstanceOfSatisfying(Answered.class, answered -> assertThat(answered.success())
                                .isTrue());
                assertThat(evidence(read).path("url").asText())
                        .startsWith(backup.url("").toString());
                assertThat(backup.requests()).hasSize(before + 1);

                Exchange money = call("create", first, Map.of(), List.of(backup.url("")), "{\"json\":{}}");
                assertThat(outcome(money) instanceof Answered answered && answered.success())
                        .isFalse();
                Exchange stop = call("cancel", first, Map.of(), List.of(backup.url("")), order);
                assertThat(outcome(stop) instanceof Answered answered && answered.success())
                        .isFalse();
                assertThat(backup.requests()).hasSize(before + 1);
            }
        }
    }

    @Test
    void a_read_beyond_what_the_provider_takes_is_put_off_and_a_call_that_is_made_once_is_not() throws Exception {
        write_another_provider();
        Path yaml = folders.resolve("tester").resolve("provider.yaml");
        Files.writeString(yaml, Files.readString(yaml) + "limits: {calls: 5, per: PT10M, at-once: 5}\n");
        folder = ProviderFolder.read(folders.resolve("tester"));
        String order = "{\"path\":{\"id\":\"7\"}}";
        try (WireServer server = new WireServer(json(200, "{\"id\":\"7\"}"));
                WireServer backup = new WireServer(json(200, "{\"id\":\"7\"}"))) {
            ProviderSettings settings = new ProviderSettings(
                    "tester",
                    server.url(""),
                    null,
                    null,
                    null,
                    Map.of("username", new Secret("AT-1234-5678"), "password", new Secret(KEY)),
                    Map.of(),
                    List.of(backup.url("")));
            var status = producer("status", settings);
            for (int i = 0; i < 4; i++) {
                assertThat(outcome(processed(status, exchange("status", order))))
                        .isInstanceOf(Answered.class);
            }
            Exchange fifth = processed(status, exchange("status", order));
            assertThat(outcome(fifth)).isInstanceOfSatisfying(NotSent.class, put -> assertThat(put.why())
                    .contains("held back"));
            assertThat(evidence(fifth).path("outcome").asText()).isEqualTo("NOT_SENT");
            assertThat(backup.requests()).as("another host is no way round it").isEmpty();
            assertThat(server.requests()).hasSize(4);
        }
    }

    @Test
    void f25_not_found_at_the_next_host_is_an_answer_that_proves_nothing_and_ends_the_search() throws Exception {
        write_another_provider();
        try (WireServer away = new WireServer(json(502, "{}"));
                WireServer other = new WireServer(json(404, "{\"code\":\"PAY-001\"}"));
                WireServer third = new WireServer(json(200, "{}"))) {
            Exchange read = call(
                    "status",
                    away.url(""),
                    Map.of(),
                    List.of(other.url(""), third.url("")),
                    "{\"path\":{\"id\":\"7\"}}");
            assertThat(outcome(read)).isInstanceOfSatisfying(Answered.class, answered -> {
                assertThat(answered.status()).isEqualTo(404);
                assertThat(answered.success()).isFalse();
                assertThat(answered.refusal()).isFalse();
            });
            assertThat(third.requests()).isEmpty();
        }
    }

    @Test
    void an_anonymous_read_carries_no_credentials_and_everything_else_does() throws Exception {
        write_another_provider();
        try (WireServer main = new WireServer(json(200, "{}"));
                WireServer rest = new WireServer(json(200, "{}"))) {
            String order = "{\"path\":{\"id\":\"7\"}}";
            Map<String, URI> urls = Map.of("rest", rest.url("/v2"));
            call("poll", main.url(""), urls, List.of(), order);
            assertThat(main.requests().get(0))
                    .startsWith("GET /orders/7/status HTTP")
                    .contains("application/json")
                    .doesNotContainIgnoringCase("authorization");
            call("status", main.url(""), urls, List.of(), order);
            assertThat(main.requests().get(1)).containsIgnoringCase("authorization: Basic ");
            call("cancel", main.url(""), urls, List.of(), order);
            assertThat(main.requests().get(2))
                    .startsWith("PATCH /orders/7/abort HTTP")
                    .doesNotContainIgnoringCase("content-type")
                    .endsWith("\r\n\r\n");
            call("create", main.url(""), urls, List.of(), "{\"json\":{\"amount\":{\"value\":1050}}}");
            assertThat(main.requests().get(3))
                    .startsWith("POST /orders HTTP")
                    .containsIgnoringCase("content-type: application/json")
                    .endsWith("{\"amount\":{\"value\":1050}}");
            call("transaction", main.url(""), urls, List.of(), order);
            assertThat(rest.requests()).singleElement().asString().startsWith("GET /v2/transactions/7 HTTP");
            assertThat(main.requests()).hasSize(4);
        }
    }

    @Test
    void a_call_carries_the_headers_that_name_it_and_a_login_without_a_password() throws Exception {
        Path file = folders.resolve("tester").resolve("provider.yaml");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("{form: {terminalId: \"{terminal.id}\", key: ", "{basic: {username: ")
                        .replace("path: /create, ", "path: /create, headers: {call-reference: \"{command.id}\"}, ")
                        .replace("path: /refund, ", "path: /refund, headers: {call-reference: \"{payment.id}-r\"}, "));
        folder = ProviderFolder.read(folders.resolve("tester"));
        try (WireServer server = new WireServer(json(200, "{}"))) {
            Exchange exchange = call("create", server.url("/V1"), "{\"json\":{}}");
            String login = Base64.getEncoder().encodeToString((KEY + ":").getBytes(StandardCharsets.UTF_8));
            assertThat(server.requests())
                    .singleElement()
                    .asString()
                    .containsIgnoringCase("\r\ncall-reference: c\r\n")
                    .containsIgnoringCase("\r\nauthorization: Basic " + login + "\r\n");
            assertThat(evidence(exchange).at("/request/headers/call-reference").asText())
                    .isEqualTo("c");
            assertThat(evidence(exchange).toString()).doesNotContain(login, KEY);
            processed(producer("refund", server.url("/V1"), null), exchange("refund", "{\"json\":{}}"));
            assertThat(server.requests().get(1)).containsIgnoringCase("\r\ncall-reference: p-r\r\n");
            call("status", server.url("/V1"), "{\"path\":{\"id\":\"7\"}}");
            assertThat(server.requests().get(2)).doesNotContainIgnoringCase("call-reference");
        }
    }

    @Test
    void a_call_that_cannot_be_named_is_not_made() throws Exception {
        Path file = folders.resolve("tester").resolve("provider.yaml");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("path: /create, ", "path: /create, headers: {call-reference: \"{payment.id}\"}, "));
        folder = ProviderFolder.read(folders.resolve("tester"));
        try (WireServer server = new WireServer(json(200, "{}"))) {
            List<String> marked = new ArrayList<>();
            gate = job -> {
                marked.add("marked");
                return mark();
            };
            for (String payment : new String[] {null, "a\r\nb: c", ""}) {
                Exchange exchange = exchange("create", FORM);
                exchange.setProperty(
                        ProviderJob.PROPERTY, new ProviderJob("tester", "create", "c", payment, TILL, view()));
                assertThat(processed(producer("create", server.url("/V1"), null), exchange)
                                .getException())
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("{payment.id}");
            }
            assertThat(marked).isEmpty();
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void a_uuid_stays_whole_even_if_its_digits_are_those_of_a_card() throws Exception {
        String id = "41111111-1111-1111-ab00-aaaaaaaaaaaa";
        try (WireServer server = new WireServer(json(200, "{\"id\":\"" + id + "\",\"note\":\"" + id + "\"}"))) {
            JsonNode answer = call("create", server.url("/V1"), FORM)
                    .getMessage()
                    .getBody(JsonNode.class)
                    .at("/answer/json");
            assertThat(answer.path("id").asText()).isEqualTo(id);
            assertThat(answer.path("note").asText()).isNotEqualTo(id);
        }
    }

    private Mark mark() {
        return new Mark("attempt-1", CLOCK.millis(), System.nanoTime());
    }

    private Exchange call(String operation, URI url, String mapped) throws Exception {
        return processed(
                producer(operation, url, null), exchange(operation.equals("create") ? "create" : "status", mapped));
    }

    private static Exchange processed(Producer producer, Exchange exchange) {
        try {
            producer.process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        return exchange;
    }

    private Producer producer(String operation, URI url, @Nullable Encoding encoding) throws Exception {
        return producer(
                operation,
                new ProviderSettings("tester", url, Duration.ofSeconds(1), Duration.ofSeconds(2), encoding, Map.of()));
    }

    private Producer producer(String operation, ProviderSettings settings) throws Exception {
        ProviderCallComponent component = new ProviderCallComponent(
                Map.of("tester", folder),
                Map.of("tester", settings),
                job -> gate.mark(job),
                new Clock() {
                    @Override
                    public java.time.ZoneId getZone() {
                        return ZoneOffset.UTC;
                    }

                    @Override
                    public Clock withZone(java.time.ZoneId zone) {
                        return this;
                    }

                    @Override
                    public Instant instant() {
                        return clock.instant();
                    }
                },
                point -> {
                    probed.add(point);
                    probe.at(point);
                },
                meters);
        String scheme = "provider-call" + context.getComponentNames().size();
        context.addComponent(scheme, component);
        context.start();
        Producer producer = context.getEndpoint(scheme + ":tester/" + operation).createProducer();
        producer.start();
        return producer;
    }

    private Exchange exchange(String operation, String mapped) {
        Exchange exchange = new DefaultExchange(context);
        exchange.setProperty(ProviderJob.PROPERTY, new ProviderJob("tester", operation, "c", "p", TILL, view()));
        exchange.getMessage().setBody(Json.read(mapped));
        return exchange;
    }

    private static ObjectNode view() {
        return Json.object().put("operation", "create");
    }

    private static WireOutcome outcome(Exchange exchange) {
        WireOutcome outcome = exchange.getProperty(WireOutcome.PROPERTY, WireOutcome.class);
        assertThat(exchange.getException()).isNull();
        assertThat(outcome).isNotNull();
        return outcome;
    }

    private static JsonNode evidence(Exchange exchange) {
        return Json.read(exchange.getProperty(ProviderCallComponent.EVIDENCE, String.class));
    }

    private ServerSocket selfSigned() throws Exception {
        Path store = folders.resolve("tls.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "tls",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "SAN=IP:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        try (InputStream out = keytool.getInputStream()) {
            assertThat(out.readAllBytes()).isNotNull();
        }
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        return tls.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    /** Ours and camel-http down to the last line, everything else from INFO. */
    private static Runnable capture(List<String> lines) {
        LoggerContext logging = (LoggerContext) LogManager.getContext(false);
        Configuration configuration = logging.getConfiguration();
        AbstractAppender appender = new AbstractAppender("capture", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                lines.add(event.getMessage().getFormattedMessage() + " " + event.getThrown());
            }
        };
        appender.start();
        Map<String, Level> levels = Map.of(
                "nl.pinbridge",
                Level.TRACE,
                "org.apache.camel",
                Level.INFO,
                "org.apache.camel.component.http",
                Level.TRACE);
        // The program's own configuration is there as well: what it has is put aside and put back.
        Map<String, LoggerConfig> aside = new HashMap<>();
        levels.forEach((name, level) -> {
            LoggerConfig present = configuration.getLoggerConfig(name);
            if (present.getName().equals(name)) {
                aside.put(name, present);
                configuration.removeLogger(name);
            }
            LoggerConfig logger = new LoggerConfig(name, level, false);
            logger.addAppender(appender, null, null);
            configuration.addLogger(name, logger);
        });
        logging.updateLoggers();
        return () -> {
            levels.keySet().forEach(configuration::removeLogger);
            aside.forEach(configuration::addLogger);
            logging.updateLoggers();
        };
    }
}
