package nl.pinbridge.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import nl.pinbridge.sandbox.Brand;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.SandboxOptions;
import nl.pinbridge.sandbox.SandboxTerminal;
import org.awaitility.Awaitility;

/** Folders for bridges that live a few seconds, and the sandbox beside them. */
final class TestHomes {
    private TestHomes() {}

    static Sandbox sandbox() {
        return Sandbox.start(SandboxOptions.defaults()
                .withTerminals(new SandboxTerminal("50303253", "key-of-till-1", Brand.WORLDLINE))
                .withCustomerDelay(Duration.ofMillis(200)));
    }

    static void write(Path home, String providerUrl) throws IOException {
        write(home, providerUrl, "");
    }

    /** With more lines for the settings. */
    static void write(Path home, String providerUrl, String more) throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(
                home.resolve("config").resolve("application.properties"),
                """
                pinbridge.routes=%s
                pinbridge.broker.port=0
                pinbridge.http.port=0
                pinbridge.management.port=0
                pinbridge.sweep.interval=PT1S
                pinbridge.provider.pinvandaag.url=%s
                pinbridge.provider.pinvandaag.connect-timeout=PT2S
                pinbridge.provider.pinvandaag.response-timeout=PT2S
                pinbridge.provider.pinvandaag.first-look=PT0.3S
                pinbridge.provider.pinvandaag.look-interval=PT0.3S
                pinbridge.provider.pinvandaag.look-interval-max=PT1S
                pinbridge.provider.pinvandaag.maximum=PT15S
                """
                                .formatted(Path.of("routes").toAbsolutePath(), providerUrl)
                        + more);
        Files.writeString(
                home.resolve("config").resolve("terminals.yaml"),
                """
                terminals:
                  till-1: {provider: pinvandaag, id: "50303253", brand: WORLDLINE, key: "key-of-till-1", labels: {shop: Utrecht}}
                """);
    }

    static long createCalls(Sandbox sandbox) {
        return sandbox.calls().count("create");
    }

    static void awaitCreateCalls(Sandbox sandbox, long count) {
        Awaitility.await("create calls at the sandbox")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> createCalls(sandbox) >= count);
    }
}
