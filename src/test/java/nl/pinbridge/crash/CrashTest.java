package nl.pinbridge.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import nl.pinbridge.app.TestClient;
import nl.pinbridge.broker.BrokerConnections;
import nl.pinbridge.sandbox.Sandbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real bridge is killed with kill -9 between two steps, started again, and its results compared with the book of charges. */
class CrashTest {
    /** Where the bridge is killed; the name is the probe's, or what the test does instead. */
    enum Point {
        F1_BEFORE_RECEIVING("", "SUCCEEDED"),
        F2_RECEIVED("received", "SUCCEEDED"),
        F3_VALIDATED("validated", "SUCCEEDED"),
        F4_RECORDED("recorded", "SUCCEEDED"),
        F5_NUDGED("nudged", "SUCCEEDED"),
        F5_TAKEN("taken", "SUCCEEDED"),
        F6_MARKED("marked", "NEEDS_ATTENTION"),
        F7_HALF_SENT("", "NEEDS_ATTENTION"),
        F8_TERMINAL_LIT("", "NEEDS_ATTENTION"),
        F9_ANSWERED("answered", "NEEDS_ATTENTION"),
        F10_OUTCOME("outcome", "SUCCEEDED"),
        F10_BEFORE_PUBLISH("before-publish", "SUCCEEDED"),
        F11_PUBLISHED("published", "SUCCEEDED"),
        F11_TOLD("told", "SUCCEEDED");

        final String probe;
        final String expected;

        Point(String probe, String expected) {
            this.probe = probe;
            this.expected = expected;
        }
    }

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void stopAll() throws Exception {
        for (Process process : started) {
            if (process.isAlive()) {
                Children.kill(process);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void killed_once(Point point) throws Exception {
        killedAt(point, folder);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("crash-20")
    void killed_twenty_times(Point point) throws Exception {
        for (int i = 0; i < 20; i++) {
            killedAt(point, Files.createDirectory(folder.resolve(point + "-" + i)));
        }
        System.out.println(point + ": killed 20 times, 20 times judged right");
    }

    private void killedAt(Point point, Path home) throws Exception {
        try (Sandbox sandbox = TestHomes.sandbox();
                HalfReader halfReader = new HalfReader()) {
            TestHomes.write(home, point == Point.F7_HALF_SENT ? halfReader.url() : sandbox.pinVandaagUrl());
            if (point == Point.F8_TERMINAL_LIT) {
                TestHomes.holdAnswerAfterActing(sandbox);
            }
            List<String> jvm = new ArrayList<>(List.of("-Dcrash.at=" + point.probe));
            Map<String, String> environment = point == Point.F1_BEFORE_RECEIVING
                    ? Map.of("CAMEL_MAIN_ROUTE_FILTER_EXCLUDE_PATTERN", "intake")
                    : Map.of();
            Running first = start(home, jvm, environment);
            try (TestClient client = client(home)) {
                client.send(TestClient.create("so-1", "till-1", 1050));
                switch (point) {
                    case F1_BEFORE_RECEIVING -> {}
                    case F7_HALF_SENT -> halfReader.awaitHalf();
                    case F8_TERMINAL_LIT -> TestHomes.awaitCreateCalls(sandbox, 1);
                    default -> first.awaitLine("at " + point.probe);
                }
                Children.kill(first.process());
            } catch (jakarta.jms.JMSRuntimeException closing) {
                // The broker died with the bridge; the client's own closing fails.
            }
            TestHomes.write(home, sandbox.pinVandaagUrl());
            Running second = start(home, List.of(), Map.of());
            try (TestClient client = client(home)) {
                JsonNode last = client.awaitFinal("so-1");
                judge(point, sandbox, last);
            }
            Children.kill(second.process());
        }
    }

    /** The judge: at most one charge, and the result agrees with the book. */
    private static void judge(Point point, Sandbox sandbox, JsonNode last) {
        String reference = last.path("payment").path("id").asText();
        long charges = sandbox.book().charges().stream()
                .filter(charge -> reference.equals(charge.ownReference()))
                .count();
        String status = last.path("status").asText();
        assertThat(status).as("the last result of %s", point).isEqualTo(point.expected);
        assertThat(TestHomes.createCalls(sandbox))
                .as("HTTP calls that start a payment")
                .isLessThanOrEqualTo(1);
        assertThat(charges).as("charges").isLessThanOrEqualTo(1);
        if (status.equals("SUCCEEDED")) {
            assertThat(charges).isEqualTo(1);
            assertThat(last.path("payment").path("amounts").path("paid").asLong())
                    .isEqualTo(1050);
        } else {
            assertThat(last.path("payment").path("status").asText()).isEqualTo("IN_DOUBT");
        }
    }

    @Test
    void f55_a_bridge_that_was_stopped_after_the_mark_writes_nothing_when_it_wakes() throws Exception {
        try (Sandbox sandbox = TestHomes.sandbox()) {
            TestHomes.write(folder, sandbox.pinVandaagUrl());
            Running bridge = start(folder, List.of("-Dcrash.at=before-write", "-Dcrash.pause=true"), Map.of());
            try (TestClient client = client(folder)) {
                client.send(TestClient.create("so-1", "till-1", 1050));
                bridge.awaitLine("at before-write");
                Children.signal(bridge.process(), "STOP");
                bridge.process().getOutputStream().write("go\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                bridge.process().getOutputStream().flush();
                long stopped = System.nanoTime();
                org.awaitility.Awaitility.await()
                        .atMost(Duration.ofSeconds(5))
                        .until(() -> System.nanoTime() - stopped > TimeUnit.MILLISECONDS.toNanos(2_500));
                assertThat(client.results("so-1"))
                        .noneMatch(result -> result.path("final").asBoolean());
                Children.signal(bridge.process(), "CONT");
                JsonNode last = client.awaitFinal("so-1");
                assertThat(last.path("status").asText()).isEqualTo("NOT_SENT");
                assertThat(last.path("payment").path("status").asText()).isEqualTo("NOT_PAID");
            }
            assertThat(TestHomes.createCalls(sandbox)).isZero();
            assertThat(sandbox.book().charges()).isEmpty();
        }
    }

    @Test
    void f58_the_brokers_data_is_deleted_and_nothing_is_lost() throws Exception {
        try (Sandbox sandbox = TestHomes.sandbox()) {
            TestHomes.write(folder, sandbox.pinVandaagUrl());
            Running first = start(folder, List.of("-Dcrash.at=before-publish"), Map.of());
            try (TestClient client = client(folder)) {
                client.send(TestClient.create("so-1", "till-1", 1050));
                first.awaitLine("at before-publish");
                Children.kill(first.process());
            } catch (jakarta.jms.JMSRuntimeException closing) {
                // The broker died with the bridge; the client's own closing fails.
            }
            delete(folder.resolve("data").resolve("broker"));
            start(folder, List.of(), Map.of());
            try (TestClient client = client(folder)) {
                JsonNode last = client.awaitFinal("so-1");
                assertThat(last.path("status").asText()).isEqualTo("SUCCEEDED");
                assertThat(client.results("so-1"))
                        .extracting(body -> body.path("status").asText())
                        .contains("STARTED");
            }
            assertThat(sandbox.book().charges()).hasSize(1);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static TestClient client(Path home) {
        return new TestClient(
                BrokerConnections.ofFile(home.resolve("data").resolve("client.properties")), "payments.replies.client");
    }

    private record Running(Process process, BufferedReader output) {
        void awaitLine(String line) throws IOException {
            String read;
            while ((read = output.readLine()) != null) {
                if (read.equals(line)) {
                    return;
                }
            }
            throw new IOException("The bridge ended before it said '" + line + "'; see errors.log in its folder");
        }
    }

    private Running start(Path home, List<String> jvm, Map<String, String> environment) throws IOException {
        Process process =
                Children.java(BridgeProcess.class, jvm, home.resolve("errors.log"), environment, home.toString());
        started.add(process);
        Running running = new Running(process, Children.output(process));
        String line = running.output().readLine();
        if (line == null || !line.startsWith("ready")) {
            throw new IOException("The bridge did not start:\n" + Files.readString(home.resolve("errors.log")));
        }
        return running;
    }
}
