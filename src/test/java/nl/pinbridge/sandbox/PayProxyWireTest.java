package nl.pinbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The simulated PayProxy over real HTTP, compared with providers/ccv.md, part A. */
class PayProxyWireTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TERMINAL = "11140023";
    private static final String SALE =
            "{ \"paymentType\": \"SALE\", \"requestId\": \"123456\", \"amount\": 50.00, \"currency\": \"EUR\","
                    + " \"terminalOperatingEnvironment\": \"UNATTENDED\", \"terminalAccessProtocol\": \"OPI_NL\","
                    + " \"terminalLanguage\": \"ENG\" }";
    private static final String CAPTURE =
            "{ \"paymentType\": \"CAPTURE\", \"requestId\": \"123456\", \"amount\": 25.00, \"currency\": \"EUR\","
                    + " \"authReference\": \"H4sIAAAAAAAAA6tWcs7PLchJLUlNCShKdSwt\", \"authReferenceVersion\": \"1\","
                    + " \"terminalOperatingEnvironment\": \"UNATTENDED\", \"terminalAccessProtocol\": \"OPI_NL\","
                    + " \"terminalLanguage\": \"ENG\", \"terminalEnvironment\": \"EVCHARGING\" }";

    private final HttpClient http = HttpClient.newHttpClient();
    private Sandbox sandbox;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxOptions.defaults().withCustomerDelay(Duration.ofMillis(50)));
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private HttpRequest post(String path, String body) {
        return HttpRequest.newBuilder(URI.create(sandbox.payProxyUrl(TERMINAL) + path))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> pay(String body) throws Exception {
        return http.send(post("/terminal/payment", body), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void a_sale_is_answered_when_the_customer_has_paid_with_status_twice() throws Exception {
        HttpResponse<String> answer = pay(SALE);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body().split("\"status\":\"SUCCESS\"", -1)).hasSize(3);
        JsonNode told = JSON.readTree(answer.body());
        assertThat(told.path("amount").textValue()).isEqualTo("50.00");
        assertThat(told.path("requestId").textValue()).isNotEqualTo("123456").matches("[0-9]{10}");
        assertThat(told.path("stan").textValue()).matches("[0-9]{8}");
        assertThat(told.path("timestamp").textValue()).matches("[0-9T:.-]+\\+0[12]:00");
        for (String receipt : new String[] {"customerReceipt", "merchantReceipt", "journalReceipt"}) {
            assertThat(JSON.readTree(told.path(receipt).textValue()).isArray())
                    .as(receipt)
                    .isTrue();
        }
        assertThat(told.path("eJournal").textValue()).startsWith("<?xml version=\"1.0\"?>");
        assertThat(sandbox.book().charges()).singleElement().satisfies(charge -> {
            assertThat(charge.provider()).isEqualTo("ccv-payproxy");
            assertThat(charge.terminal()).isEqualTo(TERMINAL);
            assertThat(charge.ownReference()).isEqualTo("123456");
            assertThat(charge.amount()).isEqualTo(5000);
        });
    }

    @Test
    void a_capture_is_answered_without_an_amount_and_made_as_often_as_it_is_sent() throws Exception {
        for (int i = 1; i <= 2; i++) {
            JsonNode told = JSON.readTree(pay(CAPTURE).body());
            assertThat(told.fieldNames())
                    .toIterable()
                    .containsExactly("status", "customerReceipt", "journalReceipt", "eJournal");
            assertThat(sandbox.book().size()).isEqualTo(i);
        }
        assertThat(sandbox.calls().matching("capture", TERMINAL, null, null).toString())
                .doesNotContain("H4sI");
    }

    @ParameterizedTest
    @CsvSource({
        "50.00, 50",
        "50.00, 50.0",
        "50.00, \"50.00\"",
        "50.00, 5.0E+1",
        "\"123456\", 123456",
        "\"123456\", \"1000000001\"",
        "EUR, USD",
        "SALE, REFUND",
        "terminalLanguage, language"
    })
    void a_request_is_taken_as_documented_and_in_no_other_way(String documented, String other) throws Exception {
        HttpResponse<String> answer = pay(SALE.replace(documented, other));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(sandbox.book().charges()).isEmpty();
    }

    @Test
    void a_payment_that_fails_says_so_and_moves_nothing() throws Exception {
        sandbox.faults()
                .add(Fault.onCreate()
                        .terminal(TERMINAL)
                        .outcome(Outcome.DECLINED)
                        .times(1));
        assertThat(JSON.readTree(pay(SALE).body()).path("status").asText()).isEqualTo("FAILED");
        assertThat(sandbox.book().charges()).isEmpty();
    }

    @Test
    void the_terminal_is_busy_while_a_customer_pays_and_a_reset_lets_the_caller_go() throws Exception {
        sandbox.faults()
                .add(Fault.onCreate()
                        .terminal(TERMINAL)
                        .outcome(Outcome.NEVER_ENDS)
                        .times(1));
        CompletableFuture<HttpResponse<String>> first =
                http.sendAsync(post("/terminal/payment", SALE), HttpResponse.BodyHandlers.ofString());
        Awaitility.await().until(() -> state().equals("BUSY"));
        assertThat(pay(SALE).statusCode()).isEqualTo(409);
        assertThat(first).isNotDone();
        sandbox.reset();
        Awaitility.await().until(first::isCompletedExceptionally);
        assertThat(state()).isEqualTo("IDLE");
        assertThat(sandbox.book().charges()).isEmpty();
    }

    private String state() throws Exception {
        String body = "{ \"terminalOperatingEnvironment\": \"UNATTENDED\", \"terminalAccessProtocol\": \"OPI_NL\" }";
        JsonNode told = JSON.readTree(http.send(post("/terminal/status", body), HttpResponse.BodyHandlers.ofString())
                .body());
        assertThat(told.path("terminalId").asText()).isEqualTo(TERMINAL);
        return told.path("terminalState").asText();
    }

    @Test
    void the_display_says_nothing_of_an_outcome() throws Exception {
        HttpRequest asked = HttpRequest.newBuilder(
                        URI.create(sandbox.payProxyUrl(TERMINAL) + "/terminal/lastDisplayMessage"))
                .build();
        assertThat(JSON.readTree(http.send(asked, HttpResponse.BodyHandlers.ofString())
                                .body())
                        .path("textId")
                        .asText())
                .isEqualTo("C1345");
    }
}
