package nl.pinbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxControlTest {
    private Sandbox sandbox;
    private Till till;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxOptions.defaults()
                .withTerminals(Till.WORLDLINE, Till.CCV)
                .withCustomerDelay(Duration.ofMillis(20)));
        till = new Till(sandbox.url());
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void the_book_and_the_calls_are_read_over_http() {
        String id = till.started(Till.WORLDLINE, 1050, "so 1&2");
        await().until(() -> sandbox.book().size() == 1);
        JsonNode charge = till.get("/sandbox/book").path("charges").path(0);

        assertThat(charge.path("provider").asText()).isEqualTo("pinvandaag");
        assertThat(charge.path("terminal").asText()).isEqualTo("50303253");
        assertThat(charge.path("transactionId").asText()).isEqualTo(id);
        assertThat(charge.path("ownReference").asText()).isEqualTo("so 1&2");
        assertThat(charge.path("amount").isIntegralNumber()).isTrue();
        assertThat(charge.path("amount").asLong()).isEqualTo(1050);
        assertThat(charge.path("type").asText()).isEqualTo("payment");
        assertThat(Instant.parse(charge.path("at").asText())).isBefore(Instant.now());
        assertThat(till.get("/sandbox/calls/count?operation=create&ownReference=so%201%262")
                        .path("count")
                        .asInt())
                .isEqualTo(1);
        assertThat(till.get("/sandbox/calls/count?operation=create&ownReference=other")
                        .path("count")
                        .asInt())
                .isZero();
        JsonNode calls = till.get("/sandbox/calls");
        assertThat(calls.path("calls").path(0).path("answered").asText()).isEqualTo("200 started");
        assertThat(calls.toString()).doesNotContain("wl-key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'operation':'create','outcome':'declined','times':2}",
                "{'operation':'create','terminal':'50303253','answer':'break','act':false}",
                "{'answer':'http','status':503,'body':'x','act':true,'times':1}",
                "{'operation':'create','answer':'never'}",
                "{'operation':'status','answer':'truncated'}",
                "{'operation':'status','answer':'cut-off'}",
                "{'operation':'status','answer':'empty'}",
                "{'operation':'status','answer':'not-json'}",
                "{'operation':'status','answer':'wrong-amount','amount':999}",
                "{'operation':'status','answer':'status-word','word':'manualintervention'}",
                "{'operation':'status','answer':'not-found'}",
                "{'operation':'create','answer':'no-transaction-id'}",
                "{'operation':'create','answer':'busy'}",
                "{'operation':'create','answer':'documented','lateMs':500}",
                "{'operation':'create','hold':true,'act':false}",
                "{'operation':'create','outcome':'never-ends','ownReference':'so-1'}",
                "[{'outcome':'timed-out','customerDelayMs':5}]"
            })
    void every_script_can_be_set_and_taken_away_over_http(String script) {
        HttpResponse<String> added = till.send("POST", "/sandbox/faults", script.replace('\'', '"'));

        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        assertThat(till.get("/sandbox/faults").path("faults")).hasSize(1);
        till.send("DELETE", "/sandbox/faults", "");
        assertThat(till.get("/sandbox/faults").path("faults")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "7",
                "{}",
                "{'operation':'create'}",
                "{'operation':'craete','answer':'never'}",
                "{'anwser':'never'}",
                "{'answer':'often'}",
                "{'outcome':'perhaps'}",
                "{'answer':'http'}",
                "{'answer':'http','status':99}",
                "{'answer':'status-word'}",
                "{'answer':'wrong-amount','amount':1.5}",
                "{'status':503}",
                "{'answer':'never','times':0}",
                "{'answer':'never','times':99999999999}",
                "{'answer':'never','act':'no'}",
                "{'outcome':'paid','operation':'status'}"
            })
    void a_script_with_a_mistake_is_refused(String script) {
        HttpResponse<String> answer = till.send("POST", "/sandbox/faults", script.replace('\'', '"'));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(Till.json(answer).path("error").asText()).isNotBlank();
        assertThat(sandbox.faults().inForce()).isEmpty();
    }

    @Test
    void a_list_of_scripts_with_one_mistake_puts_none_in_force() {
        HttpResponse<String> answer = till.send(
                "POST", "/sandbox/faults", "[{\"answer\":\"never\"},{\"operation\":\"x\",\"answer\":\"never\"}]");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(sandbox.faults().inForce()).isEmpty();
    }

    @Test
    void hold_and_release_work_over_http() {
        till.send("POST", "/sandbox/faults", "{\"operation\":\"create\",\"hold\":true,\"times\":1}");
        CompletableFuture<HttpResponse<String>> answer = till.createLater(Till.CCV, 1, "a");
        await().until(() -> till.get("/sandbox/held").path("held").asInt() == 1);

        assertThat(Till.json(till.send("POST", "/sandbox/release", ""))
                        .path("released")
                        .asInt())
                .isEqualTo(1);
        assertThat(answer.join().statusCode()).isEqualTo(200);
    }

    @Test
    void the_customer_can_be_moved_over_http() {
        till.send("POST", "/sandbox/faults", "{\"outcome\":\"never-ends\"}");
        String id = till.started(Till.CCV, 1, "a");
        HttpResponse<String> acted =
                till.send("POST", "/sandbox/act", "{\"transactionId\":\"" + id + "\",\"outcome\":\"timed-out\"}");

        assertThat(acted.statusCode()).isEqualTo(200);
        assertThat(Till.json(till.status(Till.CCV, id)).path("errorMsg").asText())
                .isEqualTo("expired");
        assertThat(till.send("POST", "/sandbox/act", "{\"transactionId\":\"1\",\"outcome\":\"paid\"}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void a_reset_over_http_empties_the_book() {
        till.create(Till.CCV, 1, "a");
        await().until(() -> sandbox.book().size() == 1);
        till.send("POST", "/sandbox/reset", "");

        assertThat(till.get("/sandbox/book").path("charges")).isEmpty();
        assertThat(till.get("/sandbox/calls").path("calls")).isEmpty();
    }

    @Test
    void the_page_shows_terminals_and_book_and_escapes_what_came_from_outside() {
        till.create(Till.WORLDLINE, 1050, "<script>alert(1)</script>");
        await().until(() -> sandbox.book().size() == 1);
        HttpResponse<String> page = till.send("GET", "/sandbox", "");

        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(page.body())
                .contains("50303253", "706249441", "10,50", "&lt;script&gt;")
                .doesNotContain("<script>", "wl-key", "ccv-key");
    }

    @Test
    void unknown_paths_and_parameters_are_refused() {
        assertThat(till.send("GET", "/sandbox/boek", "").statusCode()).isEqualTo(404);
        assertThat(till.send("GET", "/sandbox/calls/count?reference=a", "").statusCode())
                .isEqualTo(400);
    }
}
