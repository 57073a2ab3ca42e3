package nl.pinbridge.reconciliation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import nl.pinbridge.app.TestClock;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.Json;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.CommandRowBuilder;
import nl.pinbridge.ledger.Databases;
import nl.pinbridge.ledger.Ids;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.PaymentRowBuilder;
import nl.pinbridge.ledger.ReconciliationRun;
import nl.pinbridge.ledger.ReconciliationRun.State;
import nl.pinbridge.ledger.ReconciliationTx.Entry;
import nl.pinbridge.ledger.ReconciliationTx.Feed;
import nl.pinbridge.outcome.Outcome;
import nl.pinbridge.outcome.ProviderRules;
import nl.pinbridge.provider.JqScript;
import nl.pinbridge.provider.ProviderJob;
import nl.pinbridge.provider.WireOutcome;
import nl.pinbridge.sandbox.Brand;
import nl.pinbridge.sandbox.Days;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.SandboxOptions;
import nl.pinbridge.sandbox.SandboxTerminal;

/**
 * Reconciliation by hand: a real database, the real mappings, and the sandbox over real HTTP; no broker, and a clock that the test
 * moves.
 */
final class DayBench implements AutoCloseable {
    static final ZoneId ZONE = ZoneId.of("Europe/Amsterdam");

    private static final ProviderRules RULES = new ProviderRules(
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            Duration.ofSeconds(15),
            Duration.ofMinutes(6),
            true,
            false,
            true,
            false,
            false,
            "sha256:routes");

    final TestClock clock;
    final Sandbox sandbox;
    final Ledger ledger;
    final List<Terminal> terminals = new ArrayList<>();
    Runs runs;
    ListReader reader;
    Matching matching;
    ReconciliationRules rules;

    private final HttpClient http = HttpClient.newHttpClient();
    private final JqScript request = script("date-request.jq");
    private final JqScript answer = script("date-answer.jq");

    DayBench(Databases database, Instant now, int tills) {
        this(database, database.freshUrl(), now, tills);
    }

    DayBench(Databases database, String url, Instant now, int tills) {
        clock = new TestClock(now);
        List<SandboxTerminal> known = new ArrayList<>();
        for (int i = 1; i <= tills; i++) {
            terminals.add(new Terminal(
                    "till-" + i, "pinvandaag", "5030" + (1000 + i), "WORLDLINE", null, Map.of("shop", "Utrecht")));
            known.add(new SandboxTerminal("5030" + (1000 + i), "key", Brand.WORLDLINE));
        }
        sandbox = Sandbox.start(SandboxOptions.defaults().withTerminals(known).withClock(clock));
        ledger = database.open(url, clock);
        with(new ReconciliationRules(
                ZONE,
                LocalTime.MIDNIGHT,
                3,
                Duration.ofHours(1),
                Duration.ofMinutes(10),
                Duration.ofMinutes(10),
                Duration.ofMinutes(2),
                400));
    }

    /** Works by other rules from now on. */
    void with(ReconciliationRules changed) {
        rules = changed;
        runs = new Runs(ledger, rules, Set.of("pinvandaag"), () -> terminals, terminal -> true, clock);
        reader = new ListReader(this::ask, 3, Duration.ofMillis(5));
        Outcome outcome = new Outcome(ledger, provider -> RULES);
        matching = new Matching(ledger, runs, outcome, provider -> "sha256:routes", () -> terminals);
    }

    private static JqScript script(String name) {
        try {
            return JqScript.compile(name, Files.readString(Path.of("routes/providers/pinvandaag", name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ListReader.Answer ask(ProviderJob job) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("terminalId", job.terminal().id());
        form.put("key", "key");
        request.apply(job.view())
                .path("form")
                .fields()
                .forEachRemaining(
                        field -> form.put(field.getKey(), field.getValue().asText()));
        String text = form.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        try {
            HttpResponse<String> got = http.send(
                    HttpRequest.newBuilder(URI.create(sandbox.pinVandaagUrl() + "/instore/transactions/date"))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(text))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            ObjectNode seen = Json.object();
            seen.set("job", job.view());
            ObjectNode body = seen.putObject("answer").put("status", got.statusCode());
            JsonNode json =
                    got.statusCode() == 200 && got.body().matches("(?s)[\\[{].*") ? Json.read(got.body()) : null;
            body.set("json", json);
            return new ListReader.Answer(
                    new WireOutcome.Answered(
                            got.statusCode(), got.body(), got.statusCode() == 200, got.statusCode() == 401, false),
                    answer.apply(seen));
        } catch (IOException | UncheckedIOException e) {
            return new ListReader.Answer(new WireOutcome.Unknown("broken"), null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Days days() {
        return sandbox.days();
    }

    String till(int number) {
        return terminals.get(number - 1).id();
    }

    int pages() {
        return sandbox.calls().matching("date", null, null, null).size();
    }

    /** Plans a day as a command would. */
    void plan(LocalDate day) {
        runs.plan("pinvandaag", day);
    }

    /** Works on whatever is due, and holds each feed for sent; what it came to. */
    ReconciliationRun work() {
        ReconciliationRun last = null;
        for (Optional<Runs.Held> held = runs.take(); held.isPresent(); held = runs.take()) {
            last = work(held.get());
        }
        return last;
    }

    ReconciliationRun work(Runs.Held held) {
        Reconciliation reconciliation = new Reconciliation(runs, reader, matching, null, null);
        for (Optional<Runs.Ask> ask = runs.nextPage(held); ask.isPresent(); ask = runs.nextPage(held)) {
            reconciliation.read(ask.get());
        }
        nudges.and(matching.match(held));
        if (runs.run(held).state() == State.MATCHED) {
            runs.change(held, (tx, run) -> {
                tx.reconciliation().published(run.id(), tx.now());
                return run.with(row -> row.state(State.PUBLISHED).endedAt(tx.now()));
            });
        }
        return runs.run(held);
    }

    final Nudges nudges = new Nudges();

    ReconciliationRun reconcile(LocalDate day) {
        plan(day);
        return work();
    }

    Feed feed(LocalDate day) {
        return ledger.inTransaction(
                tx -> tx.reconciliation().latestFeed("pinvandaag", day, "").orElseThrow());
    }

    List<JsonNode> rows(LocalDate day) {
        String run = feed(day).runId();
        return ledger.inTransaction(tx -> tx.reconciliation().entries(run, 0, 200_000)).stream()
                .map(Entry::body)
                .map(Json::read)
                .toList();
    }

    Map<String, Long> classes(LocalDate day) {
        return rows(day).stream()
                .filter(row -> !row.path("exception").isNull())
                .collect(Collectors.groupingBy(
                        row -> row.path("exception").asText(), TreeMap::new, Collectors.counting()));
    }

    JsonNode identity(LocalDate day, String currency) {
        for (JsonNode line : Json.read(feed(day).trailer()).path("identity")) {
            if (line.path("currency").asText().equals(currency)) {
                return line;
            }
        }
        return Json.object();
    }

    /** Puts a payment into the ledger as it stands after it was worked on. */
    PaymentRow pay(int till, String transactionId, Instant at, long amount, PaymentStatus status) {
        return pay(till, transactionId, at, amount, status, PaymentRow.Kind.PAYMENT, null);
    }

    PaymentRow pay(
            int till,
            String transactionId,
            Instant at,
            long amount,
            PaymentStatus status,
            PaymentRow.Kind kind,
            String refundOf) {
        Terminal terminal = terminals.get(till - 1);
        String row = Ids.next();
        CommandRow command = CommandRowBuilder.builder()
                .rowId(row)
                .sender("shop")
                .commandId("so-" + row)
                .contentHash("hash")
                .body("{}")
                .type(kind == PaymentRow.Kind.REFUND ? CommandType.REFUND : CommandType.CREATE)
                .status(status.isOpen() ? CommandStatus.NEEDS_ATTENTION : CommandStatus.SUCCEEDED)
                .version(1)
                .terminal(terminal.alias())
                .device(terminal.device())
                .provider("pinvandaag")
                .routeFingerprint("sha256:routes")
                .receivedAt(at)
                .expiresAt(at.plusSeconds(300))
                .waitUntil(at.plusSeconds(10))
                .build();
        boolean paid = status == PaymentStatus.PAID || status == PaymentStatus.PARTLY_REFUNDED;
        PaymentRow payment = PaymentRowBuilder.builder()
                .id(Ids.next())
                .kind(kind)
                .refundOf(refundOf)
                .createdBy(row)
                .status(status)
                .version(1)
                .provider("pinvandaag")
                .terminal(terminal.alias())
                .device(terminal.device())
                .ownReference(Ids.next())
                .providerTransactionId(transactionId)
                .currency("EUR")
                .requested(amount)
                .paid(paid ? amount : 0)
                .reference("SO-" + row)
                .labels("{\"shop\":\"Utrecht\"}")
                .createdAt(at)
                .markedAt(at)
                .build();
        bulk.add(new Paid(command, payment));
        if (bulk.size() >= 200) {
            flush();
        }
        return payment;
    }

    private record Paid(CommandRow command, PaymentRow payment) {}

    private final List<Paid> bulk = new ArrayList<>();

    /** Writes the payments so far. */
    void flush() {
        List<Paid> all = List.copyOf(bulk);
        bulk.clear();
        ledger.update(tx -> all.forEach(each -> {
            tx.insert(each.command());
            tx.insert(each.payment());
        }));
    }

    @Override
    public void close() {
        sandbox.close();
        ledger.close();
    }
}
