package nl.pinbridge.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import nl.pinbridge.config.Secret;
import nl.pinbridge.provider.WebhookDoor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The port for webhooks as an outsider meets it: raw bytes over TCP. */
class WebhookListenerTest {
    private static final String ID = "01JD7Q2M9X4KAF6T8Z1C3E5G7H";
    private static final WebhookTokens TOKENS = new WebhookTokens(new Secret("0123456789abcdef0123456789abcdef"));
    private static final String PATH = TOKENS.path("pinvandaag", ID);
    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
    private static final List<String> STORED = new CopyOnWriteArrayList<>();
    private static final AtomicReference<Consumer<String>> QUEUE = new AtomicReference<>(STORED::add);
    private static WebhookListener listener;

    @BeforeAll
    static void open() {
        listener = start(64, 1_000);
    }

    private static WebhookListener start(int connections, int perSecond) {
        return WebhookListener.start(
                new WebhookListener.Options("127.0.0.1", 0, connections, perSecond),
                TOKENS,
                Map.of(
                        "pinvandaag",
                        new Door(WebhookDoor.OPEN, null),
                        "bavindo",
                        new Door(
                                new WebhookDoor(
                                        Set.of("POST"),
                                        null,
                                        true,
                                        WebhookDoor.Reply.NOTHING,
                                        WebhookDoor.Reply.NOTHING),
                                null)),
                message -> QUEUE.get().accept(message),
                Clock.systemUTC(),
                METERS);
    }

    @AfterAll
    static void shut() {
        listener.close();
    }

    @AfterEach
    void forget() {
        QUEUE.set(STORED::add);
        STORED.clear();
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(15_000);
        return socket;
    }

    /** Everything that comes back until the far side closes. */
    private static String rest(Socket socket) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[4_096];
        try {
            int read;
            while ((read = in.read(buffer)) > 0) {
                bytes.write(buffer, 0, read);
            }
        } catch (SocketTimeoutException stillOpen) {
            throw stillOpen;
        } catch (SocketException reset) {
            // Closed while bytes were on their way.
            return bytes.toString(StandardCharsets.ISO_8859_1);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private static String ask(String request) throws IOException {
        return ask(listener.port(), request);
    }

    private static String ask(int port, String request) throws IOException {
        try (Socket socket = connect(port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return rest(socket);
        }
    }

    private static String post(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static int status(String answer) {
        return answer.startsWith("HTTP/1.") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    /** Nothing but a status: no body, no word of what runs here. */
    private static void assertBare(String answer) {
        assertThat(answer.toLowerCase(java.util.Locale.ROOT))
                .doesNotContain("server:")
                .doesNotContain("vert")
                .doesNotContain("exception")
                .doesNotContain("java");
        assertThat(answer).endsWith("\r\n\r\n");
    }

    @Test
    void one_address_for_all_payments_is_one_and_the_other_kind_is_none() throws IOException {
        assertThat(status(ask(post(TOKENS.path("bavindo"), "{}")))).isEqualTo(200);
        assertThat(STORED).hasSize(1);
        Webhook kept = Webhook.of(STORED.get(0));
        assertThat(kept.provider()).isEqualTo("bavindo");
        assertThat(kept.paymentId()).isNull();
        assertThat(status(ask(post(TOKENS.path("bavindo", ID), "{}")))).isEqualTo(404);
        assertThat(status(ask(post(TOKENS.path("pinvandaag"), "{}")))).isEqualTo(404);
        assertThat(STORED).hasSize(1);
    }

    @Test
    void one_address_for_all_payments_leaves_half_to_the_others() throws IOException {
        try (WebhookListener slow = start(64, 4)) {
            for (int i = 0; i < 20; i++) {
                ask(slow.port(), post(TOKENS.path("bavindo"), "{}"));
            }
            assertThat(status(ask(slow.port(), post(TOKENS.path("bavindo"), "{}"))))
                    .isEqualTo(429);
            assertThat(status(ask(slow.port(), post(PATH, "{}")))).isEqualTo(200);
        }
    }

    @Test
    void a_webhook_is_stored_and_answered_whatever_its_content_type() throws IOException {
        for (String type : List.of(
                "application/json",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "text/plain; charset=utf-16",
                "application/x-java-serialized-object",
                "")) {
            String answer = ask("POST " + PATH + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + type
                    + "\r\nCamelHttpUri: http://elsewhere\r\nJMSReplyTo: queue\r\nContent-Length: 3\r\n\r\na=1");
            assertThat(status(answer)).as(type).isEqualTo(200);
            assertBare(answer);
        }
        assertThat(STORED).hasSize(6).allSatisfy(message -> {
            Webhook webhook = Webhook.of(message);
            assertThat(webhook.provider()).isEqualTo("pinvandaag");
            assertThat(webhook.paymentId()).isEqualTo(ID);
            assertThat(webhook.body()).isEqualTo("a=1");
            assertThat(message).doesNotContain("elsewhere").doesNotContain("JMSReplyTo");
        });
    }

    @Test
    void bytes_that_are_no_text_a_chunked_body_and_100_continue_are_taken_too() throws IOException {
        assertThat(status(ask(post(PATH, "\u00ff\u00fe\u0000")))).isEqualTo(200);
        assertThat(
                        status(
                                ask(
                                        "POST " + PATH
                                                + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n")))
                .isEqualTo(200);
        assertThat(Webhook.of(STORED.get(1)).body()).isEqualTo("{\"a\":1}");
        try (Socket socket = connect(listener.port())) {
            socket.getOutputStream()
                    .write(("POST " + PATH
                                    + " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] head = socket.getInputStream().readNBytes(25);
            assertThat(new String(head, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 100 Continue");
            socket.getOutputStream().write(new byte[] {'{', '}'});
            assertThat(status(rest(socket))).isEqualTo(200);
        }
        assertThat(status(ask("POST " + PATH + " HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}")))
                .isEqualTo(200);
        assertThat(status(ask("POST " + PATH + "?x=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")))
                .isEqualTo(200);
    }

    @Test
    void f49_a_token_that_is_not_right_to_the_last_character_gets_404_and_leaves_nothing() throws IOException {
        List<String> paths = new ArrayList<>(List.of(
                "/",
                "/webhooks",
                "/webhooks/pinvandaag",
                "/webhooks/pinvandaag/",
                "/webhooks/pinvandaag/" + ID,
                PATH + "/",
                PATH + ";x",
                PATH + "%20",
                PATH + "=",
                "/" + PATH,
                "/x/.." + PATH,
                "/./" + PATH.substring(1),
                "/webhooks/../webhooks/pinvandaag/" + PATH.substring(21),
                "/%77ebhooks" + PATH.substring(9),
                "/WEBHOOKS" + PATH.substring(9),
                "/proxy" + PATH,
                "/proxy/http://127.0.0.1" + PATH,
                "/observe/health",
                "/webhooks/bavindo/" + PATH.substring(21),
                TOKENS.path("bavindo", ID),
                "/webhooks/pinvandaag/" + ID.toLowerCase(java.util.Locale.ROOT) + PATH.substring(47),
                "*",
                "/webhooks/pinvandaag/" + "A".repeat(900)));
        for (int i = 21; i < PATH.length(); i++) {
            char other = PATH.charAt(i) == 'A' ? 'B' : 'A';
            paths.add(PATH.substring(0, i) + other + PATH.substring(i + 1));
        }
        for (String path : paths) {
            String answer = ask(post(path, "{}"));
            assertThat(status(answer)).as(path).isIn(404, 400);
            assertBare(answer);
        }
        assertThat(STORED).isEmpty();
    }

    @Test
    void every_method_but_post_is_refused() throws IOException {
        for (String method :
                List.of("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "post", "X")) {
            String answer = ask(method + " " + PATH + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
            assertThat(status(answer)).as(method).isEqualTo(405);
            assertThat(answer).containsIgnoringCase("allow: POST");
            assertBare(answer);
            assertThat(status(ask(method + " /elsewhere HTTP/1.1\r\nHost: x\r\n\r\n")))
                    .as(method)
                    .isEqualTo(404);
        }
        assertThat(status(ask("CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n"))).isIn(404, 400);
        // Neither HTTP/2 nor a socket can be had by asking for it.
        String upgraded = ask("POST " + PATH
                + " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
                + "Content-Length: 0\r\n\r\n");
        assertThat(status(upgraded)).isNotEqualTo(101);
        assertThat(status(ask("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))).isNotIn(200, 101);
    }

    @Test
    void a_body_above_64_kb_is_refused_however_it_comes() throws IOException {
        assertThat(status(ask(post(PATH, "x".repeat(65_536))))).isEqualTo(200);
        assertThat(status(ask("POST " + PATH + " HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n")))
                .isEqualTo(413);
        assertThat(status(ask("POST " + PATH + " HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n")))
                .isEqualTo(413);
        int before = STORED.size();
        // Chunks without an end: the answer may be lost in the reset, the connection does not stay.
        try (Socket socket = connect(listener.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + PATH + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] chunk = ("1000\r\n" + "x".repeat(4_096) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            int sent = 0;
            try {
                while (sent < 100_000) {
                    out.write(chunk);
                    sent += 1;
                }
            } catch (SocketException closed) {
                assertThat(sent).isGreaterThan(15);
            }
            assertThat(sent).as("chunks until the door was shut").isLessThan(10_000);
            assertThat(status(rest(socket))).isIn(413, 0);
        }
        assertThat(STORED).hasSize(before);
        assertThat(METERS.counter("pinbridge.webhook.requests", "answer", "413").count())
                .isGreaterThanOrEqualTo(3);
    }

    @Test
    void heads_that_are_too_long_or_no_heads_are_refused() throws IOException {
        for (String request : List.of(
                "POST /" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST " + PATH + " HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(20_000) + "\r\n\r\n",
                "POST " + PATH + " HTTP/1.1\r\nHost: x\r\n" + "X-Y: z\r\n".repeat(5_000) + "\r\n",
                "POST " + PATH + " HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST " + PATH + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
                "POST " + PATH + " HTTP/1.1\r\nHost: x\r\nBad Name: x\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
                "\r\n\r\n\r\nrubbish\r\n\r\n")) {
            String answer = ask(request);
            assertThat(status(answer)).as(request.substring(0, 10)).isIn(0, 400, 404, 413, 414, 431);
            assertThat(answer).doesNotContainIgnoringCase("exception").doesNotContainIgnoringCase("server:");
        }
        // Both lengths: the chunks count, and nothing behind them is read as another request.
        ask("POST " + PATH + " HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                + post(PATH, "smuggled"));
        assertThat(STORED).noneMatch(message -> message.contains("smuggled"));
    }

    @Test
    void of_pipelined_requests_one_is_served() throws IOException {
        String answer = ask(post(PATH, "first") + post(PATH, "second") + post(PATH, "third"));
        assertThat(status(answer)).isEqualTo(200);
        assertThat(answer.split("HTTP/1.1", -1)).hasSize(2);
        assertThat(STORED).hasSize(1);
        assertThat(Webhook.of(STORED.get(0)).body()).isEqualTo("first");
    }

    @Test
    void slow_senders_are_cut_off_after_five_seconds() throws IOException {
        List<Socket> slow = new ArrayList<>();
        long begin = System.nanoTime();
        for (String start : List.of(
                "",
                "PO",
                "POST " + PATH + " HTTP/1.1\r\nHost: x\r\n",
                "POST " + PATH + " HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc",
                "POST " + PATH + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")) {
            Socket socket = connect(listener.port());
            socket.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
            slow.add(socket);
        }
        // One that always sends something.
        Socket drip = connect(listener.port());
        drip.getOutputStream()
                .write(("POST " + PATH + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        Awaitility.await()
                .atMost(Duration.ofSeconds(8))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    try {
                        drip.getOutputStream().write('x');
                        return false;
                    } catch (IOException closed) {
                        return true;
                    }
                });
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(8));
        for (int i = 0; i < slow.size(); i++) {
            try (Socket socket = slow.get(i)) {
                assertThat(status(rest(socket))).as("case " + i).isEqualTo(i < 3 ? 0 : 408);
            }
        }
        drip.close();
        assertThat(STORED).isEmpty();
        assertThat(status(ask(post(PATH, "{}")))).isEqualTo(200);
    }

    @Test
    void one_address_may_send_a_burst_and_all_together_a_rate() throws IOException {
        try (WebhookListener own = start(64, 15)) {
            List<Integer> answers = new ArrayList<>();
            for (int i = 0; i < Rates.BURST_PER_PAYMENT + 10; i++) {
                answers.add(status(ask(own.port(), post(PATH, "{}"))));
            }
            assertThat(answers.subList(0, Rates.BURST_PER_PAYMENT)).containsOnly(200);
            assertThat(answers).contains(429);
            // Another payment is not held up by that, until all together are too many.
            List<Integer> others = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                String id = ID.substring(0, 24) + String.format(java.util.Locale.ROOT, "%02d", i);
                others.add(status(ask(own.port(), post(TOKENS.path("pinvandaag", id), "{}"))));
            }
            assertThat(others.get(0)).isEqualTo(200);
            assertThat(others).contains(429);
            // Guesses use up nothing.
            for (int i = 0; i < 200; i++) {
                ask(own.port(), post("/webhooks/pinvandaag/" + ID + "x".repeat(22), "{}"));
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(3))
                    .until(() ->
                            status(ask(own.port(), post(TOKENS.path("pinvandaag", ID.substring(0, 25) + "Z"), "{}")))
                                    == 200);
        }
    }

    @Test
    void rates_are_kept_for_a_bounded_number_of_payments() {
        Rates rates = new Rates(1_000_000, () -> 0);
        for (int i = 0; i < 3 * Rates.REMEMBERED; i++) {
            rates.take("p" + i);
        }
        assertThat(rates.remembered()).isEqualTo(Rates.REMEMBERED);
    }

    @Test
    void connections_beyond_the_most_are_closed_and_the_door_opens_again() throws IOException {
        try (WebhookListener own = start(5, 1_000)) {
            List<Socket> idle = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                idle.add(connect(own.port()));
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(3))
                    .until(() -> status(ask(own.port(), post(PATH, "{}"))) == 0);
            for (Socket socket : idle) {
                socket.close();
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(3))
                    .until(() -> status(ask(own.port(), post(PATH, "{}"))) == 200);
        }
    }

    @Test
    void f50_what_the_broker_does_not_take_is_answered_503_within_the_second() throws Exception {
        QUEUE.set(message -> {
            throw new IllegalStateException("the broker is away");
        });
        assertThat(status(ask(post(PATH, "{}")))).isEqualTo(503);
        CountDownLatch stuck = new CountDownLatch(1);
        QUEUE.set(message -> {
            try {
                stuck.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        long begin = System.nanoTime();
        String answer = ask(post(PATH, "{}"));
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        stuck.countDown();
        assertThat(status(answer)).isEqualTo(503);
        assertBare(answer);
        assertThat(took).isLessThan(Duration.ofSeconds(1));
    }
}
