package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import nl.pinbridge.sandbox.Answer;
import nl.pinbridge.sandbox.Brand;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.SandboxOptions;
import nl.pinbridge.sandbox.SandboxTerminal;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Providers made by copying a folder and editing it, as an integration team would: one that is away, one without TLS, one that says busy. */
class MoreProvidersTest {
    @TempDir
    static Path folder;

    private static Sandbox sandbox;
    private static RunningBridge bridge;

    @BeforeAll
    static void start() throws IOException {
        sandbox = Sandbox.start(SandboxOptions.defaults()
                .withTerminals(
                        new SandboxTerminal("1", "key", Brand.WORLDLINE),
                        new SandboxTerminal("2", "key", Brand.WORLDLINE),
                        new SandboxTerminal("3", "key", Brand.WORLDLINE),
                        new SandboxTerminal("4", "key", Brand.WORLDLINE)));
        Path routes = folder.resolve("routes");
        copy(Path.of("routes"), routes);
        for (String name : List.of("gone", "plain", "busy")) {
            Path copied = routes.resolve("providers").resolve(name);
            copy(routes.resolve("providers").resolve("pinvandaag"), copied);
            Files.move(copied.resolve("pinvandaag.camel.yaml"), copied.resolve(name + ".camel.yaml"));
            edit(copied.resolve(name + ".camel.yaml"), "pinvandaag", name);
            edit(copied.resolve("provider.yaml"), "name: pinvandaag", "name: " + name);
        }
        edit(
                routes.resolve("providers").resolve("busy").resolve("provider.yaml"),
                "busy: []",
                "busy:\n  - status: [409]\n    why: the terminal is busy, nothing was started");
        bridge = options(routes).start();
    }

    private static RunningBridge.Options options(Path routes) throws IOException {
        RunningBridge.Options options = RunningBridge.with()
                .sandbox(sandbox)
                .set("pinbridge.routes", routes.toString())
                .set("pinbridge.lane.wait", "PT10S")
                .set("pinbridge.provider.gone.url", "http://127.0.0.1:" + closedPort() + "/V1")
                .set("pinbridge.provider.plain.url", "https://127.0.0.1:" + sandbox.port() + "/V1")
                .set("pinbridge.provider.busy.url", sandbox.pinVandaagUrl())
                .set("pinbridge.provider.busy.first-look", "PT0.2S")
                .set("pinbridge.provider.busy.look-interval", "PT0.2S");
        int id = 1;
        for (String name : List.of("gone", "plain", "busy", "busy")) {
            options.terminal(
                    name + "-" + id + ": {provider: " + name + ", id: \"" + id + "\", brand: WORLDLINE, key: \"key\"}");
            id++;
        }
        return options;
    }

    @AfterAll
    static void stop() {
        bridge.close();
        sandbox.close();
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            files.forEach(file -> {
                try {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private static void edit(Path file, String find, String replace) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(find);
        Files.writeString(file, text.replace(find, replace));
    }

    @Test
    void f18_a_refused_connection_is_proof_that_nothing_was_sent() {
        notSent("gone-1");
    }

    @Test
    void f28_a_tls_failure_is_proof_that_nothing_was_sent() {
        notSent("plain-2");
    }

    private static void notSent(String terminal) {
        try (TestClient client = bridge.client()) {
            client.send(TestClient.create("to-" + terminal, terminal, 1050));
            JsonNode last = client.awaitFinal("to-" + terminal);
            assertThat(client.results("to-" + terminal)).hasSize(1);
            assertThat(text(last, "status")).isEqualTo("NOT_SENT");
            assertThat(text(last.path("error"), "code")).isEqualTo("NO_CONNECTION");
            assertThat(text(last.path("error"), "resend")).isEqualTo("safe");
            assertThat(text(last.path("payment"), "status")).isEqualTo("NOT_PAID");
            assertThat(bridge.createCalls(last)).isZero();
            // The lane is free again at once.
            client.send(TestClient.create("again-" + terminal, terminal, 1050));
            assertThat(text(client.awaitFinal("again-" + terminal).path("error"), "code"))
                    .isEqualTo("NO_CONNECTION");
        }
        bridge.assertContract();
    }

    @Test
    void f22_busy_as_the_folder_lists_it_waits_and_goes_on() {
        sandbox.faults()
                .add(Fault.onCreate().terminal("3").answer(new Answer.Busy()).times(2));
        try (TestClient client = bridge.client()) {
            client.send(TestClient.create("busy-twice", "busy-3", 1050));
            JsonNode last = client.awaitFinal("busy-twice");
            assertThat(client.results("busy-twice"))
                    .extracting(result -> text(result, "status"))
                    .containsExactly("WAITING", "STARTED", "SUCCEEDED");
            assertThat(bridge.createCalls(last)).isEqualTo(3);
            assertThat(bridge.charges(last)).hasSize(1);
        }
        bridge.assertContract();
    }

    @Test
    void f22_busy_for_too_long_is_not_sent() {
        sandbox.faults().add(Fault.onCreate().terminal("4").answer(new Answer.Busy()));
        try (TestClient client = bridge.client()) {
            client.send(TestClient.create("busy-always", "busy-4", 1050));
            JsonNode last = client.awaitFinal("busy-always");
            assertThat(text(last, "status")).isEqualTo("NOT_SENT");
            assertThat(text(last.path("error"), "code")).isEqualTo("TERMINAL_BUSY");
            assertThat(text(last.path("payment"), "status")).isEqualTo("NOT_PAID");
            assertThat(bridge.charges(last)).isEmpty();
        }
        bridge.assertContract();
    }
}
