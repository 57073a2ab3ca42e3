package nl.pinbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.cli.Cli;
import nl.pinbridge.cli.Cli.Ran;
import nl.pinbridge.contract.ContractSchema;
import nl.pinbridge.contract.Json;
import nl.pinbridge.sandbox.Answer;
import nl.pinbridge.sandbox.Days;
import nl.pinbridge.sandbox.Fault;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** From the command on the queue to the feed, the files and the answer. */
@ExtendWith(SharedBridge.class)
class ReconcileCommandTest {
    private static final ContractSchema FEED = ContractSchema.ofReconciliation();

    /** Two days ago: it is over in every time zone. */
    private static final LocalDate DAY =
            LocalDate.now(ZoneId.of("Europe/Amsterdam")).minusDays(2);

    private static JsonNode command(String key, String from, String to, String... terminals) {
        ObjectNode command = Json.object().put("commandId", key).put("command", "reconcile");
        command.put("from", from).put("to", to);
        for (String terminal : terminals) {
            command.withArray("terminals").add(terminal);
        }
        return command;
    }

    @Test
    void a_day_is_published_whole_with_its_reports(RunningBridge bridge) throws Exception {
        Till till = bridge.till();
        bridge.sandbox().days().fill(till.id(), DAY, 620);
        bridge.sandbox().days().write(till.id(), "=HYPERLINK(1)", DAY.atTime(9, 30), "success", 123_456_789, null);
        bridge.sandbox()
                .days()
                .write(till.id(), "<b>", DAY.atTime(9, 31), "success", 500, null)
                .put("type", "refund");
        try (TestClient client = bridge.client();
                Inbox feed = Inbox.ofQueue(bridge.factory(), "payments.reconciliation")) {
            client.send(command("recon-whole", DAY.toString(), DAY.toString(), till.alias()));
            JsonNode last = client.await("recon-whole", Duration.ofSeconds(60), body -> body.path("final")
                    .asBoolean());
            assertThat(last.path("status").asText()).as(last.toString()).isEqualTo("SUCCEEDED");
            Awaitility.await().until(() -> feed.arrivals().size() == 4);
            List<JsonNode> parts =
                    feed.arrivals().stream().map(Inbox.Arrival::body).toList();
            parts.forEach(part -> assertThat(FEED.validate(part)).isEmpty());
            assertThat(parts)
                    .extracting(part -> part.path("part").asText())
                    .containsExactly("HEADER", "ROWS", "ROWS", "TRAILER");
            assertThat(parts.get(0).path("messages").asInt()).isEqualTo(4);
            assertThat(parts.get(1).path("rows")).hasSize(500);
            assertThat(parts.get(3).path("rows").asInt()).isEqualTo(622);
            long sum = 123_456_789 - 500;
            for (int i = 0; i < 620; i++) {
                sum += Days.amount(i);
            }
            assertThat(parts.get(3)
                            .path("identity")
                            .get(0)
                            .path("providerTotal")
                            .asLong())
                    .isEqualTo(sum);

            Path folder = bridge.data().resolve("reconciliation").resolve(DAY.toString());
            Path csv = file(folder, ".csv");
            String text = Files.readString(csv, StandardCharsets.UTF_8);
            assertThat(text)
                    .startsWith("\uFEFFbusiness day;version;")
                    .contains("'=HYPERLINK(1)", ";1234567,89;", ";-5,00;");
            assertThat(text.lines()).hasSize(623);
            String page = Files.readString(file(folder, ".html"), StandardCharsets.UTF_8);
            assertThat(page)
                    .contains("1.234.567,89", "&lt;b&gt;", "Month to date")
                    .doesNotContain("<b></td>", "http://", "https://", "<script");

            // Again: nothing differs, so nothing new is published.
            client.send(command("recon-again", DAY.toString(), DAY.toString(), till.alias()));
            assertThat(client.awaitFinal("recon-again").path("status").asText()).isEqualTo("SUCCEEDED");
            assertThat(feed.arrivals()).hasSize(4);
        }
    }

    @Test
    void the_command_line_reconciles_a_day_and_its_exceptions_are_listed_explained_and_closed(RunningBridge bridge)
            throws Exception {
        Till till = bridge.till();
        String day = DAY.toString();
        bridge.sandbox().days().write(till.id(), "byhand-1", DAY.atTime(9, 30), "success", 4_200, null);
        bridge.sandbox().days().write(till.id(), "byhand-2", DAY.atTime(9, 31), "success", 9_900, null);
        try (Inbox feed = Inbox.ofQueue(bridge.factory(), "payments.reconciliation")) {
            Ran ran = Cli.run(bridge.home(), "reconcile", "--from", day, "--to", day, "--terminal", till.alias());
            assertThat(ran.code()).as(ran.err()).isZero();
            assertThat(ran.out()).contains("PUBLISHED", "EUR 141,00", "exceptions list");
            String report = ran.out()
                    .lines()
                    .filter(line -> line.endsWith(".html"))
                    .findFirst()
                    .orElseThrow()
                    .replaceFirst(".*  ", "");
            assertThat(Path.of(report)).isAbsolute().exists();
            Awaitility.await().until(() -> feed.arrivals().size() == 3);

            Ran list = Cli.run(bridge.home(), "exceptions", "list", "--day", day, "--terminal", till.alias());
            assertThat(list.out()).containsSubsequence("EUR 99,00", "byhand-2", "SHOP", "EUR 42,00", "byhand-1");
            Ran none = Cli.run(
                    bridge.home(), "exceptions", "list", "--class", "amount", "--terminal", till.alias(), "--json");
            assertThat(none.json().path("count").asInt()).isZero();
            assertThat(Cli.run(bridge.home(), "exceptions", "list", "--class", "ODD")
                            .err())
                    .contains("'class' is none of MISSING_AT_PROVIDER");

            Ran explained = Cli.run(bridge.home(), "exceptions", "explain", "byhand-2");
            assertThat(explained.out())
                    .contains("MISSING_IN_LEDGER", "EUR 99,00, status success", "It has none.", "OPENED in version 1")
                    .contains("find the receipt", "exceptions close ", "--by NAME --why TEXT");
            String id = Cli.run(bridge.home(), "exceptions", "explain", "byhand-2", "--json")
                    .json()
                    .at("/exception/id")
                    .asText();

            Ran closed = Cli.run(bridge.home(), "exceptions", "close", id, "--by", "Ans", "--why", "slip 0042");
            assertThat(closed.out()).contains("Ans closed MISSING_IN_LEDGER " + id, "slip 0042");
            Ran again = Cli.run(bridge.home(), "exceptions", "close", id, "--by", "Bo", "--why", "me too");
            assertThat(again.code()).isEqualTo(1);
            assertThat(again.err()).contains("was closed at", "by Ans");
            assertThat(Cli.run(bridge.home(), "exceptions", "close", "byhand-1", "--by", "PinBridge", "--why", "x")
                            .code())
                    .isEqualTo(1);
            assertThat(Cli.run(bridge.home(), "exceptions", "list", "--terminal", till.alias())
                            .out())
                    .contains("byhand-1")
                    .doesNotContain("byhand-2");
            assertThat(Cli.run(bridge.home(), "exceptions", "list", "--all", "--terminal", till.alias())
                            .out())
                    .contains("byhand-2", "Ans");
            assertThat(Cli.run(bridge.home(), "work", "decisions").out()).contains("CLOSE_EXCEPTION", id);

            // The next version of the day says so.
            Ran next = Cli.run(
                    bridge.home(), "reconcile", "--from", day, "--to", day, "--terminal", till.alias(), "--json");
            assertThat(next.err()).isEmpty();
            JsonNode run = next.json().path("runs").get(0);
            assertThat(run.path("version").asInt()).isEqualTo(2);
            assertThat(run.path("explained").asInt()).isEqualTo(1);
            assertThat(Path.of(run.path("report").asText()))
                    .content()
                    .contains("Explained by Ans: slip 0042", "1 of them explained");
            Awaitility.await().until(() -> feed.arrivals().size() == 6);
            feed.arrivals()
                    .forEach(part -> assertThat(FEED.validate(part.body())).isEmpty());
            assertThat(feed.arrivals().get(4).body().path("rows"))
                    .filteredOn(row -> row.path("explained").isObject())
                    .singleElement()
                    .satisfies(
                            row -> assertThat(row.at("/explained/why").asText()).isEqualTo("slip 0042"));
        }
    }

    @Test
    void the_command_line_names_the_option_that_is_wrong(RunningBridge bridge) {
        String today = LocalDate.now(ZoneId.of("Europe/Amsterdam")).toString();
        Ran over = Cli.run(bridge.home(), "reconcile", "--from", today, "--to", today);
        assertThat(over.code()).isEqualTo(1);
        assertThat(over.err()).contains("--to: The business day " + today + " is not over");
        Ran stranger = Cli.run(
                bridge.home(),
                "reconcile",
                "--from",
                DAY.toString(),
                "--to",
                DAY.toString(),
                "--terminal",
                "no-such-till",
                "--json");
        assertThat(stranger.code()).isEqualTo(1);
        assertThat(stranger.json().at("/error/field").asText()).isEqualTo("terminals");
        Ran unknown = Cli.run(bridge.home(), "exceptions", "explain", "no-such-thing");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("There is no exception 'no-such-thing'");
    }

    private static Path file(Path folder, String end) throws Exception {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(end))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void what_cannot_be_reconciled_is_refused(RunningBridge bridge) {
        String today = LocalDate.now(ZoneId.of("Europe/Amsterdam")).toString();
        try (TestClient client = bridge.client()) {
            client.send(command("recon-today", today, today));
            JsonNode over = client.awaitFinal("recon-today");
            assertThat(over.path("status").asText()).isEqualTo("REFUSED");
            assertThat(over.at("/error/field").asText()).isEqualTo("to");
            client.send(command("recon-stranger", DAY.toString(), DAY.toString(), "no-such-till"));
            assertThat(client.awaitFinal("recon-stranger").at("/error/code").asText())
                    .isEqualTo("UNKNOWN_TERMINAL");
        }
    }

    @Test
    void a_day_that_cannot_be_read_is_failed_and_not_published(RunningBridge bridge) {
        Till till = bridge.till();
        bridge.sandbox().faults().add(Fault.onDate().terminal(till.id()).answer(new Answer.Http(500, null)));
        try (TestClient client = bridge.client();
                Inbox feed = Inbox.ofQueue(bridge.factory(), "payments.reconciliation")) {
            client.send(command("recon-vain", DAY.toString(), DAY.toString(), till.alias()));
            JsonNode last = client.await("recon-vain", Duration.ofSeconds(60), body -> body.path("final")
                    .asBoolean());
            assertThat(last.path("status").asText()).isEqualTo("FAILED");
            assertThat(last.at("/error/code").asText()).isEqualTo("PROVIDER_FAILED");
            assertThat(last.at("/error/message").asText()).contains("HTTP 500");
            assertThat(feed.arrivals()).isEmpty();
        }
    }
}
