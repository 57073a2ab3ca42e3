package nl.pinbridge.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.JMSRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import nl.pinbridge.app.TestClient;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Sandbox;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A real bridge is killed with kill -9 between two steps and started again, over and over with the same data, and what it says is
 * compared with the sandbox's book of charges.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashTest {
    /** Where the bridge is killed, what the test does instead of a trap, and what the command must end in. */
    enum Point {
        F1_BEFORE_RECEIVING(null, "SUCCEEDED"),
        F2_RECEIVED("received", "SUCCEEDED"),
        F3_VALIDATED("validated", "SUCCEEDED"),
        F4_RECORDED("recorded", "SUCCEEDED"),
        F5_NUDGED("nudged", "SUCCEEDED"),
        F5_TAKEN("taken", "SUCCEEDED"),
        F6_MARKED("marked", "NEEDS_ATTENTION"),
        F7_HALF_SENT(null, "NEEDS_ATTENTION"),
        F8_TERMINAL_LIT(null, "SUCCEEDED"),
        F9_ANSWERED("answered", "SUCCEEDED"),
        F10_OUTCOME_STORED("outcome", "SUCCEEDED"),
        F10_BEFORE_PUBLISHING("before-publish", "SUCCEEDED"),
        F11_PUBLISHED("published", "SUCCEEDED"),
        // Intake tells nothing and passes this point too.
        F11_TOLD("outcome>told", "SUCCEEDED"),
        // The customer is still busy: nothing but the ledger knows that the payment is to be looked at.
        F12_ONLY_THE_CLOCK(null, "SUCCEEDED"),
        F13_END_READ("looked", "SUCCEEDED"),
        F14_END_STORED("looked>outcome", "SUCCEEDED"),
        F15_END_PUBLISHED("looked>published", "SUCCEEDED");

        final String trap;
        final String expected;

        Point(String trap, String expected) {
            this.trap = trap;
            this.expected = expected;
        }
    }

    @TempDir
    static Path folder;

    private Sandbox sandbox;
    private Bottleneck wayToProvider;
    private Life life;
    private int sent;

    @BeforeAll
    void startSandbox() throws IOException {
        sandbox = TestHomes.sandbox();
        wayToProvider = new Bottleneck(sandbox.pinVandaagUrl());
        TestHomes.write(folder, wayToProvider.url());
        life = new Life(folder);
    }

    @AfterAll
    void stopAll() throws Exception {
        life.close();
        wayToProvider.close();
        sandbox.close();
    }

    @ParameterizedTest
    @EnumSource
    void killed_at(Point point) throws Exception {
        killAndJudge(point);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("crash-20")
    void killed_many_times_at(Point point) throws Exception {
        // -Dcrash.point=F11_TOLD runs that one alone.
        Assumptions.assumeTrue(System.getProperty("crash.point", point.name()).equals(point.name()));
        int times = Integer.getInteger("crash.times", 20);
        for (int i = 0; i < times; i++) {
            killAndJudge(point);
        }
        System.out.println(point + ": killed " + times + " times, judged right " + times
                + " times, charges in the book so far " + sandbox.book().size());
    }

    private void killAndJudge(Point point) throws Exception {
        String key = point + "-" + ++sent;
        if (point == Point.F1_BEFORE_RECEIVING) {
            life.kill();
            // A bridge that does not receive: its broker takes the command, nobody reads it.
            life.start(Map.of("CAMEL_MAIN_ROUTE_FILTER_EXCLUDE_PATTERN", "intake"));
        } else {
            life.start(Map.of());
        }
        long callsBefore = sandbox.calls().count("create");
        int chargesBefore = sandbox.book().size();
        List<JsonNode> heard = List.of();
        try (TestClient client = life.client()) {
            switch (point) {
                case F1_BEFORE_RECEIVING -> {}
                case F7_HALF_SENT -> wayToProvider.block();
                case F8_TERMINAL_LIT ->
                    sandbox.faults().add(Fault.onCreate().held().times(1));
                case F12_ONLY_THE_CLOCK ->
                    sandbox.faults()
                            .add(Fault.onCreate()
                                    .customerDelay(Duration.ofSeconds(2))
                                    .times(1));
                case F13_END_READ, F14_END_STORED, F15_END_PUBLISHED -> {
                    // Over before anybody looks, so that the first look reads the end.
                    sandbox.faults()
                            .add(Fault.onCreate().customerDelay(Duration.ZERO).times(1));
                    life.trap(point.trap, false);
                }
                default -> life.trap(point.trap, false);
            }
            client.send(TestClient.create(key, "till-1", 1050));
            switch (point) {
                case F1_BEFORE_RECEIVING -> {}
                case F7_HALF_SENT -> wayToProvider.awaitHalf();
                case F8_TERMINAL_LIT -> TestHomes.awaitCreateCalls(sandbox, callsBefore + 1);
                case F12_ONLY_THE_CLOCK -> {
                    client.awaitStatus(key, "STARTED");
                    assertThat(sandbox.book().size()).isEqualTo(chargesBefore);
                }
                default -> life.awaitTrapped(point.trap.substring(point.trap.indexOf('>') + 1));
            }
            life.kill();
            heard = client.results(key);
        } catch (JMSRuntimeException closing) {
            // The broker died with the bridge; the client's own closing fails.
        }
        life.start(Map.of());
        // What was received before the kill does not come again: the broker knows its id.
        Optional<JsonNode> before = heard.stream()
                .filter(result -> result.path("final").asBoolean())
                .findFirst();
        try (TestClient client = life.client()) {
            JsonNode last = before.isPresent() ? before.get() : client.awaitFinal(key);
            judge(point, last, sandbox.calls().count("create") - callsBefore);
        }
        sandbox.release();
    }

    /** The judge: at most one call and one charge, and the result agrees with the book. */
    private void judge(Point point, JsonNode last, long calls) {
        JsonNode payment = last.path("payment");
        int charges = sandbox.book().chargesOf(payment.path("id").asText()).size();
        assertThat(last.path("status").asText())
                .as("the last result of %s", point)
                .isEqualTo(point.expected);
        assertThat(calls).as("HTTP calls that start a payment").isLessThanOrEqualTo(1);
        assertThat(charges).as("charges").isLessThanOrEqualTo(1);
        if (point.expected.equals("SUCCEEDED")) {
            assertThat(charges).isEqualTo(1);
            assertThat(payment.path("status").asText()).isEqualTo("PAID");
            assertThat(payment.path("amounts").path("paid").asLong()).isEqualTo(1050);
        } else {
            assertThat(payment.path("status").asText()).isEqualTo("IN_DOUBT");
        }
    }

    @Test
    void f55_a_bridge_that_was_stopped_after_the_mark_writes_nothing_when_it_wakes(@TempDir Path home)
            throws Exception {
        try (Sandbox own = TestHomes.sandbox();
                Life stopped = new Life(home)) {
            TestHomes.write(home, own.pinVandaagUrl());
            stopped.start(Map.of());
            try (TestClient client = stopped.client()) {
                stopped.trap("before-write", true);
                client.send(TestClient.create("so-1", "till-1", 1050));
                stopped.awaitTrapped("before-write");
                stopped.signal("STOP");
                stopped.go();
                long since = System.nanoTime();
                Awaitility.await()
                        .atMost(Duration.ofSeconds(5))
                        .until(() -> System.nanoTime() - since > TimeUnit.MILLISECONDS.toNanos(2_500));
                assertThat(client.results("so-1"))
                        .noneMatch(result -> result.path("final").asBoolean());
                stopped.signal("CONT");
                JsonNode last = client.awaitFinal("so-1");
                assertThat(last.path("status").asText()).isEqualTo("NOT_SENT");
                assertThat(last.path("payment").path("status").asText()).isEqualTo("NOT_PAID");
            }
            assertThat(own.calls().count("create")).isZero();
            assertThat(own.book().charges()).isEmpty();
        }
    }

    @Test
    void f58_the_brokers_data_is_deleted_and_nothing_is_lost(@TempDir Path home) throws Exception {
        try (Sandbox own = TestHomes.sandbox();
                Life bridge = new Life(home)) {
            TestHomes.write(home, own.pinVandaagUrl());
            bridge.start(Map.of());
            try (TestClient client = bridge.client()) {
                bridge.trap("before-publish", false);
                client.send(TestClient.create("so-1", "till-1", 1050));
                bridge.awaitTrapped("before-publish");
                bridge.kill();
            } catch (JMSRuntimeException closing) {
                // The broker died with the bridge; the client's own closing fails.
            }
            delete(home.resolve("data").resolve("broker"));
            bridge.start(Map.of());
            try (TestClient client = bridge.client()) {
                assertThat(client.awaitFinal("so-1").path("status").asText()).isEqualTo("SUCCEEDED");
                assertThat(client.results("so-1"))
                        .extracting(body -> body.path("status").asText())
                        .contains("STARTED");
            }
            assertThat(own.book().charges()).hasSize(1);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
