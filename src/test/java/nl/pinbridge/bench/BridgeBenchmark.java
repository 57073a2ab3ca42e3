package nl.pinbridge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nl.pinbridge.contract.Json;
import nl.pinbridge.sandbox.SandboxMain;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the bridge carries, what it adds to a payment, and what open payments cost: {@code docs/benchmark.md}. */
@Tag("benchmark")
class BridgeBenchmark {
    private static final int TILLS = 200;
    private static final int[] OPEN = {100, 1_000, 5_000, 10_000};
    private static final int[] ANSWER_MILLIS = {0, 200};
    private static final int SECONDS = Integer.getInteger("benchmark.seconds", 10);
    private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 3);
    private static final int WARM_UP_SECONDS = Integer.getInteger("benchmark.warm-up", 30);
    private static final int CALM_PER_SECOND = Integer.getInteger("benchmark.calm", 10);
    private static final List<String> HEAP = List.of("-Xmx512m");
    private static final List<String> LOOK_AT_ONCE = List.of("pinbridge.provider.pinvandaag.first-look=PT0.01S");

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    /** Figures of one way of working, for one answering time. */
    private record Column(List<Window> windows, double millisOfBridge, double millisOfSandbox) {}

    @Test
    void throughput_and_added_latency_beside_a_bare_loop() throws Exception {
        head();
        Map<String, Column> columns = new LinkedHashMap<>();
        try (Child sandbox = Child.start(
                SandboxMain.class, folder.resolve("sandbox.log"), HEAP, "--any-terminal", "--customer-delay", "0")) {
            String url = sandbox.awaitLine("sandbox");
            flatOut(url, sandbox, columns);
            bare(url, sandbox, columns);
            calm(url, sandbox, columns);
        }
        print(columns);
    }

    private void bare(String url, Child sandbox, Map<String, Column> columns) throws Exception {
        for (int answer : ANSWER_MILLIS) {
            answersAfter(url, answer);
            try (BareLoop loop = new BareLoop(url + "/V1")) {
                loop.keepBusy(TILLS);
                columns.put("bare " + answer, rounds(loop::nextWindow, null, sandbox, 5));
                assertThat(loop.failed())
                        .as("tills of the bare loop that failed")
                        .isZero();
            }
        }
    }

    private void flatOut(String url, Child sandbox, Map<String, Column> columns) throws Exception {
        Path home = Homes.write(folder.resolve("flat-out"), url + "/V1", TILLS, LOOK_AT_ONCE);
        try (Child bridge = start(home)) {
            for (int answer : ANSWER_MILLIS) {
                answersAfter(url, answer);
                try (BackOffice office = new BackOffice(clientProperties(home))) {
                    office.keepBusy(TILLS);
                    columns.put("flat out " + answer, rounds(office::nextWindow, bridge, sandbox, WARM_UP_SECONDS));
                    office.drain(Duration.ofSeconds(60));
                    judge(url, office);
                }
            }
        }
    }

    private void calm(String url, Child sandbox, Map<String, Column> columns) throws Exception {
        Path home = Homes.write(folder.resolve("calm"), url + "/V1", TILLS, List.of());
        try (Child bridge = start(home)) {
            for (int answer : ANSWER_MILLIS) {
                answersAfter(url, answer);
                ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
                try (BackOffice office = new BackOffice(clientProperties(home))) {
                    AtomicInteger sent = new AtomicInteger();
                    var sending = clock.scheduleAtFixedRate(
                            () -> office.send(1 + sent.getAndIncrement() % TILLS),
                            0,
                            1_000_000 / CALM_PER_SECOND,
                            TimeUnit.MICROSECONDS);
                    columns.put("calm " + answer, rounds(office::nextWindow, bridge, sandbox, WARM_UP_SECONDS));
                    sending.cancel(false);
                    office.drain(Duration.ofSeconds(60));
                    judge(url, office);
                } finally {
                    clock.shutdownNow();
                }
            }
        }
    }

    /** Fast figures of a bridge that charges twice or loses a result are worth nothing. */
    private void judge(String url, BackOffice office) throws Exception {
        assertThat(office.otherwise()).as("results that are no success").isZero();
        JsonNode book = ask("GET", url + "/sandbox/book", "");
        assertThat(book.path("count").asLong())
                .as("charges in the sandbox's book, beside the commands that succeeded")
                .isEqualTo(office.succeeded());
    }

    private Column rounds(Supplier<Window> next, @Nullable Child bridge, Child sandbox, int warmUp) {
        pass(warmUp);
        Window warmingUp = next.get();
        assertThat(warmingUp.count()).as("results while warming up").isPositive();
        Duration bridgeBefore = bridge == null ? Duration.ZERO : bridge.processorTime();
        Duration sandboxBefore = sandbox.processorTime();
        List<Window> windows = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            pass(SECONDS);
            windows.add(next.get());
        }
        double payments = Math.max(1, windows.stream().mapToInt(Window::count).sum());
        double ofBridge = bridge == null
                ? Double.NaN
                : bridge.processorTime().minus(bridgeBefore).toMillis() / payments;
        double ofSandbox = sandbox.processorTime().minus(sandboxBefore).toMillis() / payments;
        return new Column(windows, ofBridge, ofSandbox);
    }

    @Test
    void memory_and_threads_of_open_payments() throws Exception {
        List<String> lines = new ArrayList<>();
        try (Child sandbox = Child.start(
                SandboxMain.class, folder.resolve("sandbox.log"), HEAP, "--any-terminal", "--customer-delay", "0")) {
            String url = sandbox.awaitLine("sandbox");
            ask("POST", url + "/sandbox/faults", "{\"operation\": \"create\", \"outcome\": \"never-ends\"}");
            int tills = OPEN[OPEN.length - 1];
            Path home = Homes.write(folder.resolve("open"), url + "/V1", tills, List.of());
            try (Child bridge = start(home);
                    BackOffice office = new BackOffice(clientProperties(home))) {
                lines.add(openFigures(bridge, url, 0));
                int sent = 0;
                for (int open : OPEN) {
                    while (sent < open) {
                        office.send(++sent);
                    }
                    Awaitility.await(open + " open payments")
                            .atMost(Duration.ofMinutes(2))
                            .pollInterval(Duration.ofMillis(100))
                            .until(() -> office.started() == open);
                    // Long enough for the looks to come at their longest interval.
                    pass(20);
                    lines.add(openFigures(bridge, url, open));
                }
                assertThat(office.otherwise()).as("results that are no success").isZero();
            }
        }
        System.out.println();
        System.out.println("Open payments, the provider answering at 0 ms and looks as shipped (one bridge, -Xmx512m)");
        System.out.println(
                "| open payments | heap after GC | resident | live threads | looks a second | of one core |");
        System.out.println("|---|---|---|---|---|---|");
        lines.forEach(System.out::println);
    }

    private String openFigures(Child bridge, String url, int open) throws Exception {
        long looksBefore = looks(url);
        Duration processorBefore = bridge.processorTime();
        long from = System.nanoTime();
        pass(SECONDS);
        double seconds = (System.nanoTime() - from) / 1e9;
        double looks = (looks(url) - looksBefore) / seconds;
        double core = bridge.processorTime().minus(processorBefore).toMillis() / (seconds * 1000);
        JsonNode figures = Json.read(bridge.ask("figures"));
        assertThat(figures.path("open").asInt()).isEqualTo(open);
        return String.format(
                Locale.ROOT,
                "| %d | %.0f MB | %.0f MB | %d | %.0f | %.0f %% |",
                open,
                figures.path("heapBytes").asLong() / 1e6,
                bridge.residentBytes() / 1e6,
                figures.path("threads").asInt(),
                looks,
                core * 100);
    }

    private long looks(String url) throws Exception {
        return ask("GET", url + "/sandbox/calls/count?operation=status", "")
                .path("count")
                .asLong();
    }

    private Child start(Path home) throws IOException {
        List<String> jvm = new ArrayList<>(HEAP);
        Stream.of(System.getProperty("benchmark.jvm", "").split(" "))
                .filter(option -> !option.isEmpty())
                .forEach(jvm::add);
        Child bridge = Child.start(BridgeUnderLoad.class, folder.resolve("bridge.log"), jvm, home.toString());
        bridge.awaitLine("ready");
        return bridge;
    }

    private static Path clientProperties(Path home) {
        return home.resolve("data").resolve("client.properties");
    }

    private void answersAfter(String url, int millis) throws Exception {
        ask("POST", url + "/sandbox/reset", "");
        if (millis > 0) {
            ask("POST", url + "/sandbox/faults", "{\"lateMs\": " + millis + "}");
        }
    }

    private JsonNode ask(String method, String url, String body) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(url))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(method + " " + url).isLessThan(300);
        return Json.read(answer.body());
    }

    /** Lets the load go on for a while. */
    private static void pass(int seconds) {
        long from = System.nanoTime();
        Awaitility.await()
                .pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofSeconds(seconds + 10L))
                .until(() -> System.nanoTime() - from >= TimeUnit.SECONDS.toNanos(seconds));
    }

    private static void head() {
        System.out.printf(
                Locale.ROOT,
                """

                PinBridge benchmark, Java %s, %d processors, load average %.1f at the start
                Three processes on this machine: the bridge with embedded broker and H2 ledger in a file (-Xmx512m), the sandbox, and
                this one: back office over TCP and bare loop. %d tills. A payment is one durable command, two HTTP calls (create, status)
                and two results (STARTED, SUCCEEDED), read from the reply queue; the simulated customer takes 0 ms.
                flat out: every till sends its next command when it has its final result; first look 10 ms after the start.
                calm:     %d commands a second, all settings as shipped: the first look comes 2 s after the start.
                bare:     the same two HTTP calls by java.net.http alone, %d at once: no queue, no ledger, no results.
                added:    from sending to the result at the back office, less what the provider took: one answer to STARTED, two to the
                          final result. At flat out this is mostly waiting in line; calm includes the 2 s until the first look.
                %d rounds of %d s each after %d s of warm-up; commands a second as median (lowest to highest round).
                """,
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                TILLS,
                CALM_PER_SECOND,
                TILLS,
                ROUNDS,
                SECONDS,
                WARM_UP_SECONDS);
    }

    private static void print(Map<String, Column> columns) {
        System.out.println();
        System.out.println("| | "
                + Stream.of(ANSWER_MILLIS)
                        .flatMapToInt(java.util.Arrays::stream)
                        .mapToObj(answer -> "provider answers at " + answer + " ms")
                        .collect(Collectors.joining(" | "))
                + " |");
        System.out.println("|---|---|---|");
        row("bare loop, payments/s", columns, "bare ", (column, answer) -> rate(column));
        row("bridge flat out, commands/s", columns, "flat out ", (column, answer) -> rate(column));
        System.out.println("| ratio | "
                + Stream.of(ANSWER_MILLIS)
                        .flatMapToInt(java.util.Arrays::stream)
                        .mapToObj(answer -> String.format(
                                Locale.ROOT,
                                "%.3f",
                                median(columns.get("flat out " + answer)) / median(columns.get("bare " + answer))))
                        .collect(Collectors.joining(" | "))
                + " |");
        latencies("flat out", columns);
        row("bridge calm, commands/s", columns, "calm ", (column, answer) -> rate(column));
        latencies("calm", columns);
    }

    private static void latencies(String mode, Map<String, Column> columns) {
        String prefix = mode + " ";
        row(
                mode + ": added to STARTED, p50 / p95 / p99 ms",
                columns,
                prefix,
                (column, answer) -> percentiles(column.windows().stream()
                        .map(window -> window.start(answer))
                        .toList()));
        row(
                mode + ": added to the final result, p50 / p95 / p99 ms",
                columns,
                prefix,
                (column, answer) -> percentiles(column.windows().stream()
                        .map(window -> window.end(2.0 * answer))
                        .toList()));
        row(
                mode + ": processor time a payment, bridge / sandbox, ms",
                columns,
                prefix,
                (column, answer) ->
                        String.format(Locale.ROOT, "%.1f / %.1f", column.millisOfBridge(), column.millisOfSandbox()));
    }

    private interface Cell {
        String of(Column column, int answerMillis);
    }

    private static void row(String title, Map<String, Column> columns, String prefix, Cell cell) {
        StringBuilder row = new StringBuilder("| ").append(title);
        for (int answer : ANSWER_MILLIS) {
            row.append(" | ").append(cell.of(columns.get(prefix + answer), answer));
        }
        System.out.println(row.append(" |"));
    }

    private static double[] rates(Column column) {
        return column.windows().stream().mapToDouble(Window::perSecond).sorted().toArray();
    }

    private static double median(Column column) {
        return Window.percentile(rates(column), 0.5);
    }

    private static String rate(Column column) {
        double[] rates = rates(column);
        return String.format(Locale.ROOT, "%.0f (%.0f to %.0f)", median(column), rates[0], rates[rates.length - 1]);
    }

    private static String percentiles(List<double[]> parts) {
        double[] all = Window.together(parts.toArray(double[][]::new));
        return Stream.of(0.5, 0.95, 0.99)
                .map(share -> String.format(Locale.ROOT, "%.1f", Window.percentile(all, share)))
                .collect(Collectors.joining(" / "));
    }
}
