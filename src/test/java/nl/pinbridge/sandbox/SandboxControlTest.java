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
                "{'operation':'refund','outcome':'declined','customerDelayMs':50}",
                "{'operation':'refund','answer':'wrong-amount','amount':999}",
                "{'operation':'cancel','outcome':'paid','lateMs':500}",
                "{'operation':'cancel','actAfterMs':500}",
                "{'operation':'mailreceipt','answer':'break'}",
                "{'operation':'ctmp','answer':'http','status':500}",
                "{'operation':'getLatestTransaction','answer':'not-found'}",
                "{'outcome':'cancelled-by-till'}",
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
                "{'outcome':'paid','operation':'status'}",
                "{'outcome':'paid','operation':'mailreceipt'}",
                "{'operation':'cancel','answer':'wrong-amount','amount':1}",
                "{'operation':'cancel','actAfterMs':-5}"
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
    void refunds_mails_and_terminals_are_read_over_http() {
        String payment = till.started(Till.WORLDLINE, 1050, "a");
        await().until(() -> sandbox.book().size() == 1);
        String refund = Till.json(till.refund(Till.WORLDLINE, 250))
                .path("transactionId")
                .asText();
        await().until(() -> sandbox.book().refunds().size() == 1);
        till.mailReceipt(Till.WORLDLINE, payment, "klant@example.nl");
        till.ctmpLater(Till.WORLDLINE).join();

        JsonNode book = till.get("/sandbox/book");
        assertThat(book.path("count").asInt()).isEqualTo(1);
        assertThat(book.path("total").asLong()).isEqualTo(1050);
        assertThat(book.path("charges")).hasSize(1);
        assertThat(book.path("refundCount").asInt()).isEqualTo(1);
        assertThat(book.path("refunded").asLong()).isEqualTo(250);
        JsonNode line = book.path("refunds").path(0);
        assertThat(line.path("transactionId").asText()).isEqualTo(refund);
        assertThat(line.path("amount").asLong()).isEqualTo(250);
        assertThat(line.path("type").asText()).isEqualTo("refund");
        assertThat(line.path("ownReference").isNull()).isTrue();
        JsonNode mails = till.get("/sandbox/mails");
        assertThat(mails.path("count").asInt()).isEqualTo(1);
        assertThat(mails.at("/mails/0/to").asText()).isEqualTo("klant@example.nl");
        assertThat(mails.at("/mails/0/transactionId").asText()).isEqualTo(payment);
        assertThat(mails.at("/mails/0/html").isNull()).isTrue();
        JsonNode terminals = till.get("/sandbox/terminals").path("terminals");
        assertThat(terminals).hasSize(2);
        assertThat(terminals.path(0).path("id").asText()).isEqualTo("50303253");
        assertThat(terminals.path(0).path("ctmps").asInt()).isEqualTo(1);
        assertThat(terminals.path(0).path("running").asInt()).isZero();
        assertThat(terminals.path(1).path("ctmps").asInt()).isZero();
    }

    @Test
    void the_page_shows_refunds_and_mails() {
        till.refund(Till.WORLDLINE, 777);
        await().until(() -> sandbox.book().refunds().size() == 1);
        String refund = sandbox.book().refunds().get(0).transactionId();
        till.mailReceipt(Till.WORLDLINE, refund, "<b>klant</b>@example.nl");

        assertThat(till.send("GET", "/sandbox", "").body())
                .contains("Book: 0 charges, 0,00 euros", "Book: 1 refunds, 7,77 euros", refund)
                .contains("Receipts mailed: 1", "&lt;b&gt;klant&lt;/b&gt;@example.nl")
                .doesNotContain("<b>klant");
    }

    @Test
    void a_reset_over_http_empties_the_book() {
        String id = till.started(Till.CCV, 1, "a");
        await().until(() -> sandbox.book().size() == 1);
        till.refund(Till.WORLDLINE, 1);
        await().until(() -> sandbox.book().refunds().size() == 1);
        till.mailReceipt(Till.CCV, id, "klant@example.nl");
        till.ctmpLater(Till.CCV).join();
        till.send("POST", "/sandbox/reset", "");

        assertThat(till.get("/sandbox/book").path("charges")).isEmpty();
        assertThat(till.get("/sandbox/book").path("refunds")).isEmpty();
        assertThat(till.get("/sandbox/mails").path("mails")).isEmpty();
        assertThat(sandbox.ctmps(Till.CCV.id())).isZero();
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
