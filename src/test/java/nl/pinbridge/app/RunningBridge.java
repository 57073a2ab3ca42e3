package nl.pinbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.ConnectionFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import nl.pinbridge.broker.BrokerConnections;
import nl.pinbridge.config.Settings;
import nl.pinbridge.contract.ContractSchema;
import nl.pinbridge.sandbox.Brand;
import nl.pinbridge.sandbox.Charge;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.SandboxOptions;
import nl.pinbridge.sandbox.SandboxTerminal;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A whole bridge in this JVM: the real routes, an embedded broker, a database in files, and the sandbox over HTTP. Tests take a
 * terminal each, so that many can use one bridge.
 */
public final class RunningBridge implements AutoCloseable {
    /** A terminal that only one test uses. */
    public record Till(String alias, String id) {}

    /** Every terminal's key begins with this; nothing but the terminal directory may hold it. */
    public static final String KEY = "zeer-geheime-sleutel-";

    static final ContractSchema RESULTS = ContractSchema.ofResults();

    /** How long an answer may take in these bridges. */
    static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(2);

    private static final int TILLS = 200;

    private final Path home;
    private final Sandbox sandbox;
    private final boolean ownSandbox;
    private final Cable cable;
    private final Bridge bridge;
    private final Map<String, Runnable> probes = new ConcurrentHashMap<>();
    private final List<TestClient> clients = new CopyOnWriteArrayList<>();
    private final Map<Brand, AtomicInteger> used =
            Map.of(Brand.WORLDLINE, new AtomicInteger(), Brand.CCV, new AtomicInteger());

    /** What a bridge is to be like. */
    public static final class Options {
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final StringBuilder terminals = new StringBuilder();
        private @Nullable Sandbox sandbox;
        private boolean webhooks;
        private String scheme = "http";

        /** Tells the provider where webhooks go; without this it sends none. */
        public Options webhooks() {
            webhooks = true;
            return this;
        }

        /** The same, for a provider that takes https only; the stand-ins leave TLS out on this machine. */
        public Options secureWebhooks() {
            scheme = "https";
            return webhooks();
        }

        public Options set(String key, String value) {
            settings.put(key, value);
            return this;
        }

        /** One more line of the terminal directory. */
        public Options terminal(String line) {
            terminals.append("  ").append(line).append('\n');
            return this;
        }

        /** Uses a sandbox that others use too. */
        public Options sandbox(Sandbox shared) {
            sandbox = shared;
            return this;
        }

        public RunningBridge start() {
            return new RunningBridge(this);
        }
    }

    public static Options with() {
        return new Options();
    }

    private RunningBridge(Options options) {
        try {
            home = Files.createTempDirectory("pinbridge-case");
            Files.createDirectories(home.resolve("config"));
            Files.writeString(home.resolve("config").resolve("terminals.yaml"), directory() + options.terminals);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ownSandbox = options.sandbox == null;
        sandbox = options.sandbox == null ? startSandbox() : options.sandbox;
        cable = new Cable(sandbox.port(), true);
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("pinbridge.routes", Path.of("routes").toAbsolutePath().toString());
        settings.put("pinbridge.broker.port", "0");
        settings.put("pinbridge.http.port", "0");
        settings.put("pinbridge.management.port", "0");
        settings.put("pinbridge.sweep.interval", "PT1S");
        settings.put("pinbridge.lane.wait", "PT5S");
        settings.put("pinbridge.reconciliation.page-pause", "PT0S");
        settings.put("pinbridge.reconciliation.read-pause", "PT0.05S");
        settings.put("pinbridge.reconciliation.retry-interval", "PT0.5S");
        settings.put("pinbridge.provider.pinvandaag.url", "http://127.0.0.1:" + cable.port() + "/V1");
        settings.put("pinbridge.provider.pinvandaag.connect-timeout", "PT2S");
        settings.put("pinbridge.provider.pinvandaag.response-timeout", RESPONSE_TIMEOUT.toString());
        settings.put("pinbridge.provider.pinvandaag.first-look", "PT0.2S");
        settings.put("pinbridge.provider.pinvandaag.look-interval", "PT0.2S");
        settings.put("pinbridge.provider.pinvandaag.look-interval-max", "PT1S");
        settings.put("pinbridge.provider.pinvandaag.maximum", "PT8S");
        if (options.webhooks) {
            int port = freePort();
            settings.put("pinbridge.http.port", String.valueOf(port));
            settings.put("pinbridge.public-url", options.scheme + "://127.0.0.1:" + port);
        }
        settings.putAll(options.settings);
        bridge = Bridge.start(
                Settings.of(home, settings), Clock.systemUTC(), point -> probes.getOrDefault(point, () -> {})
                        .run());
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A sandbox that knows the terminals of these bridges; {@code wrong-key} has another key there, {@code stranger} is unknown. */
    static Sandbox startSandbox() {
        List<SandboxTerminal> terminals = new ArrayList<>();
        for (int i = 1; i <= TILLS; i++) {
            terminals.add(new SandboxTerminal(worldline(i).id(), KEY + i, Brand.WORLDLINE));
            terminals.add(new SandboxTerminal(ccv(i).id(), KEY + "c" + i, Brand.CCV));
        }
        terminals.add(new SandboxTerminal("50309001", "another-key", Brand.WORLDLINE));
        return Sandbox.start(SandboxOptions.defaults()
                .withTerminals(terminals)
                .withAnyTerminal(false)
                .withCustomerDelay(Duration.ofMillis(300)));
    }

    private static String directory() {
        StringBuilder text = new StringBuilder("terminals:\n");
        for (int i = 1; i <= TILLS; i++) {
            text.append(
                    "  %s: {provider: pinvandaag, id: \"%s\", brand: WORLDLINE, key: \"%s\", labels: {shop: Utrecht}}\n"
                            .formatted(worldline(i).alias(), worldline(i).id(), KEY + i));
            text.append("  %s: {provider: pinvandaag, id: \"%s\", brand: CCV, key: \"%s\", labels: {shop: Breda}}\n"
                    .formatted(ccv(i).alias(), ccv(i).id(), KEY + "c" + i));
        }
        text.append(
                "  wrong-key: {provider: pinvandaag, id: \"50309001\", brand: WORLDLINE, key: \"" + KEY + "wrong\"}\n");
        text.append(
                "  stranger: {provider: pinvandaag, id: \"50309002\", brand: WORLDLINE, key: \"" + KEY + "none\"}\n");
        return text.toString();
    }

    private static Till worldline(int number) {
        return new Till("wl-" + number, String.valueOf(50_303_000 + number));
    }

    private static Till ccv(int number) {
        return new Till("ccv-" + number, String.valueOf(706_249_000 + number));
    }

    /** A terminal that nobody has used yet. */
    public Till till(Brand brand) {
        int number = used.get(brand).incrementAndGet();
        assertThat(number).as("terminals of " + brand).isLessThanOrEqualTo(TILLS);
        return brand == Brand.WORLDLINE ? worldline(number) : ccv(number);
    }

    public Till till() {
        return till(Brand.WORLDLINE);
    }

    /** Does something when the bridge comes to a point, until {@link #calm()}. */
    void at(String point, Runnable action) {
        probes.put(point, action);
    }

    void calm() {
        probes.clear();
    }

    public Path home() {
        return home;
    }

    public Path data() {
        return home.resolve("data");
    }

    public Sandbox sandbox() {
        return sandbox;
    }

    public Bridge bridge() {
        return bridge;
    }

    /** What the provider was sent, byte by byte. */
    String wire() {
        return cable.heard();
    }

    /** How an outside client gets in. */
    public ConnectionFactory factory() {
        return BrokerConnections.ofFile(data().resolve("client.properties"));
    }

    /** A back office with a reply queue of its own. */
    public TestClient client() {
        return client(factory(), null);
    }

    TestClient client(ConnectionFactory factory, @Nullable String replyQueue) {
        TestClient client = new TestClient(factory, replyQueue);
        clients.add(client);
        return client;
    }

    /** The charges of a result's payment. */
    List<Charge> charges(JsonNode result) {
        return sandbox.book().chargesOf(result.path("payment").path("id").asText());
    }

    /** What was charged on a terminal. */
    List<Charge> charges(Till till) {
        return sandbox.book().charges().stream()
                .filter(charge -> charge.terminal().equals(till.id()))
                .toList();
    }

    /** What was given back on a terminal, cents. */
    long moneyBack(Till till) {
        return sandbox.book().refundsOn(till.id()).stream()
                .mapToLong(Charge::amount)
                .sum();
    }

    /** How often the provider was called about a terminal; a null operation counts all. */
    int calls(Till till, @Nullable String operation) {
        return sandbox.calls().matching(operation, till.id(), null, null).size();
    }

    void awaitCalls(Till till, String operation, int count) {
        Awaitility.await(count + " calls of " + operation)
                .atMost(Duration.ofSeconds(20))
                .until(() -> calls(till, operation) >= count);
    }

    /** How often the provider was asked to start a result's payment. */
    long createCalls(JsonNode result) {
        return sandbox.calls().count("create", result.path("payment").path("id").asText());
    }

    /** How often the provider was asked to start anything on a terminal. */
    int createCalls(Till till) {
        return sandbox.calls().matching("create", till.id(), null, null).size();
    }

    /** Every result that any client got so far keeps the contract. */
    public void assertContract() {
        for (TestClient client : clients) {
            for (TestClient.Arrival arrival : client.arrivals()) {
                assertThat(RESULTS.validate(arrival.body()))
                        .as(arrival.body().toString())
                        .isEmpty();
            }
        }
    }

    /** Stops the bridge and leaves its folder. */
    public void stop() {
        clients.forEach(TestClient::close);
        clients.clear();
        bridge.close();
    }

    @Override
    public void close() {
        stop();
        cable.close();
        if (ownSandbox) {
            sandbox.close();
        }
        delete(home);
    }

    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
