package nl.pinbridge.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import nl.pinbridge.app.Bridge;
import nl.pinbridge.broker.PrivateFiles;
import nl.pinbridge.config.Probe;
import nl.pinbridge.config.Settings;
import nl.pinbridge.sandbox.BavindoSetup;
import nl.pinbridge.sandbox.Brand;
import nl.pinbridge.sandbox.CcvSetup;
import nl.pinbridge.sandbox.PayNlSetup;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.SandboxOptions;
import nl.pinbridge.sandbox.SandboxTerminal;

/**
 * A bridge whose terminals and providers are simulated. It keeps everything below {@code <pinbridge.data>/demo}, so that no demo
 * payment ever lies in a real ledger.
 */
public final class SandboxedBridge implements AutoCloseable {
    private static final List<SandboxTerminal> TILLS = List.of(
            new SandboxTerminal("50303253", "sandbox-key-till-1", Brand.WORLDLINE),
            new SandboxTerminal("706249441", "sandbox-key-till-2", Brand.CCV),
            new SandboxTerminal("50303254", "sandbox-key-till-3", Brand.WORLDLINE),
            new SandboxTerminal("706249442", "sandbox-key-till-4", Brand.CCV));
    private static final PayNlSetup PAY = PayNlSetup.defaults()
            .withTerminals(
                    PayNlSetup.EXAMPLES.stream().map(PayNlSetup.Terminal::of).toList());
    private static final List<String> SHOPS = List.of("Utrecht", "Utrecht", "Zwolle", "Zwolle");

    /** Of Pin Vandaag's second API. */
    private static final SandboxTerminal V2 = new SandboxTerminal("50303255", "sandbox-key-till-7", Brand.WORLDLINE);

    private static final BavindoSetup BAVINDO = BavindoSetup.defaults().withTerminals(List.of("P400Plus-100000001"));
    private static final CcvSetup CCV = CcvSetup.defaults().withTerminals(List.of("1234567"));

    /** CCV PayProxy runs on the terminal itself, so that each has an address of its own. */
    private static final String PUMP = "11140023";

    private final Sandbox sandbox;
    private final Bridge bridge;
    private final Path connectionFile;

    private SandboxedBridge(Sandbox sandbox, Bridge bridge, Path connectionFile) {
        this.sandbox = sandbox;
        this.bridge = bridge;
        this.connectionFile = connectionFile;
    }

    /**
     * Starts both.
     *
     * @param settings the operator's; terminals, provider, ports and data folder are replaced
     * @param changes more settings to replace
     * @param fresh true to begin with an empty ledger and empty queues
     */
    public static SandboxedBridge start(Settings settings, Map<String, String> changes, boolean fresh) {
        Path data = settings.path("pinbridge.data");
        Path own = data.resolve("demo");
        Sandbox sandbox = Sandbox.start(SandboxOptions.defaults()
                .withTerminals(Stream.concat(TILLS.stream(), Stream.of(V2)).toList())
                .withPayNl(PAY)
                .withBavindo(BAVINDO)
                .withCcv(CCV)
                .withCustomerDelay(Duration.ofMillis(1_000))
                .withTestAmounts(true));
        try {
            if (fresh) {
                delete(own);
            }
            Files.createDirectories(own);
            Path terminals = own.resolve("terminals.yaml");
            Files.writeString(terminals, directory(sandbox));
            Map<String, String> replaced = new HashMap<>();
            replaced.put("pinbridge.data", own.toString());
            replaced.put("pinbridge.terminals", terminals.toString());
            replaced.put("pinbridge.broker.url", "");
            replaced.put("pinbridge.ledger.url", "");
            replaced.put("pinbridge.broker.port", "0");
            int webhooks = freePort();
            replaced.put("pinbridge.http.port", String.valueOf(webhooks));
            replaced.put("pinbridge.public-url", "http://127.0.0.1:" + webhooks);
            replaced.put("pinbridge.management.port", "0");
            replaced.put("pinbridge.provider.pinvandaag.url", sandbox.pinVandaagUrl());
            String pay = "pinbridge.provider.paynl.";
            replaced.put(pay + "url", sandbox.payNlUrl());
            replaced.put(pay + "url.rest", sandbox.payNlRestUrl());
            replaced.put(pay + "read-urls", sandbox.payNlCoreUrl(2) + "," + sandbox.payNlCoreUrl(3));
            replaced.put(pay + "secret.username", PAY.tokenCode());
            replaced.put(pay + "secret.password", PAY.token());
            replaced.put(pay + "option.service-id", PAY.service().code());
            replaced.put(pay + "secret.service-secret", PAY.service().secret());
            replaced.put("pinbridge.provider.pinvandaag-v2.url", sandbox.pinVandaagV2Url());
            replaced.put("pinbridge.provider.bavindo.url", sandbox.bavindoUrl());
            replaced.put("pinbridge.provider.ccv.url", sandbox.ccvUrl());
            replaced.put("pinbridge.provider.ccv.option.management-system-id", "GrundmasterNL-ThirdPartyTest");
            replaced.put("pinbridge.provider.ccv.option.return-url", "https://pay.example.nl/done");
            for (String provider : List.of("pinvandaag", "pinvandaag-v2", "paynl", "bavindo", "ccv")) {
                for (String pause : List.of("first-look", "look-interval", "look-interval-max")) {
                    replaced.put("pinbridge.provider." + provider + "." + pause, "PT0.7S");
                }
            }
            replaced.putAll(changes);
            Bridge bridge = Bridge.start(settings.with(replaced), Clock.systemUTC(), Probe.NONE);
            // As an operator does in Bavindo's Customer Area.
            sandbox.bavindoWebhooks(PrivateFiles.read(own.resolve("webhook-addresses.properties"))
                    .getProperty("bavindo"));
            return new SandboxedBridge(sandbox, bridge, publishConnectionFiles(data, own));
        } catch (IOException e) {
            sandbox.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            sandbox.close();
            throw e;
        }
    }

    /** The simulated provider is told the port before it is open. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String directory(Sandbox sandbox) {
        StringBuilder yaml = new StringBuilder("# The simulated terminals.\nterminals:\n");
        for (int i = 0; i < TILLS.size(); i++) {
            SandboxTerminal till = TILLS.get(i);
            yaml.append("  till-%d: {provider: pinvandaag, id: \"%s\", brand: %s, key: \"%s\", labels: {shop: %s}}\n"
                    .formatted(i + 1, till.id(), till.brand(), till.key(), SHOPS.get(i)));
        }
        List<PayNlSetup.Terminal> pay = PAY.terminals();
        for (int i = 0; i < pay.size(); i++) {
            yaml.append("  till-%d: {provider: paynl, id: \"%s\", labels: {shop: Amersfoort}}\n"
                    .formatted(TILLS.size() + i + 1, pay.get(i).code()));
        }
        yaml.append("  till-7: {provider: pinvandaag-v2, id: \"%s\", brand: %s, key: \"%s\", labels: {shop: Arnhem}}\n"
                .formatted(V2.id(), V2.brand(), V2.key()));
        yaml.append("  till-8: {provider: bavindo, id: \"%s\", key: \"%s\", labels: {shop: Breda}}\n"
                .formatted(BAVINDO.store().terminals().get(0), BAVINDO.store().key()));
        yaml.append("  till-9: {provider: ccv, id: \"%s\", key: \"%s\", labels: {shop: Venlo}}\n"
                .formatted(CCV.terminals().get(0), CCV.key()));
        yaml.append("  pump-1: {provider: ccv-payproxy, id: \"%s\", url: \"%s\", labels: {shop: Ede}}\n"
                .formatted(PUMP, sandbox.payProxyUrl(PUMP)));
        return yaml.toString();
    }

    /**
     * Lets {@code pinbridge send} find this bridge without a word about where it lies, unless a real one runs beside it.
     *
     * @return the file that clients connect with
     */
    private static Path publishConnectionFiles(Path data, Path own) throws IOException {
        if (runs(data.resolve("ports.properties"))) {
            return own.resolve("client.properties");
        }
        for (String file : List.of("client.properties", "operator.properties", "ports.properties")) {
            Files.copy(
                    own.resolve(file),
                    data.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
        return data.resolve("client.properties");
    }

    private static boolean runs(Path ports) {
        if (!Files.exists(ports)) {
            return false;
        }
        Properties known = PrivateFiles.read(ports);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", Integer.parseInt(known.getProperty("broker", "0"))), 500);
            return true;
        } catch (IOException | IllegalArgumentException nobody) {
            return false;
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    public Sandbox sandbox() {
        return sandbox;
    }

    public Bridge bridge() {
        return bridge;
    }

    /** {@code url}, {@code username} and {@code password} for an outside client. */
    public Path connectionFile() {
        return connectionFile;
    }

    @Override
    public void close() {
        bridge.close();
        sandbox.close();
    }
}
