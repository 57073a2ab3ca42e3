package nl.pinbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SandboxLoadTest {
    private static final int CREATES = 2_000;

    @Test
    void the_book_is_exact_under_2000_concurrent_creates() {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults().withAnyTerminal(true))) {
            Till till = new Till(sandbox.url());
            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, CREATES)
                    .mapToObj(i -> till.createLater(
                            new SandboxTerminal(Integer.toString(10_000_000 + i), "k", Brand.WORLDLINE),
                            100 + i,
                            "so-" + i))
                    .toList();

            List<String> ids = answers.stream()
                    .map(answer ->
                            Till.json(answer.join()).path("transactionId").asText())
                    .toList();

            assertThat(ids).hasSize(CREATES).doesNotHaveDuplicates();
            await().atMost(Duration.ofSeconds(20)).until(() -> sandbox.book().size() == CREATES);
            assertThat(sandbox.book().charges())
                    .extracting(charge -> Objects.requireNonNull(charge.ownReference()))
                    .doesNotHaveDuplicates();
            assertThat(sandbox.book().charges())
                    .extracting(Charge::transactionId)
                    .containsExactlyInAnyOrderElementsOf(ids);
            assertThat(sandbox.book().total())
                    .isEqualTo(
                            IntStream.range(0, CREATES).mapToLong(i -> 100L + i).sum());
            assertThat(sandbox.calls().count("create")).isEqualTo(CREATES);
        }
    }

    /** Caller and sandbox share the machine, so this is a floor. */
    @Test
    @Tag("benchmark")
    void more_than_1000_creates_and_looks_a_second_are_sustained() {
        int pairs = 30_000;
        Semaphore inFlight = new Semaphore(64);
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults().withAnyTerminal(true))) {
            Till till = new Till(sandbox.url());
            long before = System.nanoTime();
            List<CompletableFuture<Integer>> looks = IntStream.range(0, pairs)
                    .mapToObj(i -> {
                        SandboxTerminal terminal =
                                new SandboxTerminal(Integer.toString(10_000_000 + i), "k", Brand.WORLDLINE);
                        inFlight.acquireUninterruptibly();
                        return till.createLater(terminal, 100, "so-" + i)
                                .thenCompose(created -> till.statusLater(
                                        terminal,
                                        Till.json(created).path("transactionId").asText()))
                                .thenApply(HttpResponse::statusCode)
                                .whenComplete((code, wrong) -> inFlight.release());
                    })
                    .toList();
            assertThat(looks).allMatch(look -> look.join() == 200);
            long millis = (System.nanoTime() - before) / 1_000_000;
            System.out.println(2L * pairs * 1_000 / millis + " requests/s");

            assertThat(2L * pairs * 1_000 / millis).isGreaterThan(1_000);
            await().atMost(Duration.ofSeconds(20)).until(() -> sandbox.book().size() == pairs);
        }
    }

    @Test
    void one_terminal_starts_one_of_2000_creates() {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults().withTerminals(Till.CCV))) {
            sandbox.faults().add(Fault.onCreate().outcome(Outcome.NEVER_ENDS).times(1));
            Till till = new Till(sandbox.url());
            List<Integer> codes =
                    IntStream.range(0, CREATES)
                            .mapToObj(i -> till.createLater(Till.CCV, 1, "so-" + i))
                            .toList()
                            .stream()
                            .map(answer -> answer.join().statusCode())
                            .toList();

            assertThat(codes).containsOnly(200, 409).containsOnlyOnce(200);
        }
    }
}
