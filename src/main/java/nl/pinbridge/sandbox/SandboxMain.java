package nl.pinbridge.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The sandbox as a process of its own, so that its book outlives the bridge. Prints {@code sandbox http://127.0.0.1:PORT} once the port is open. */
@Command(
        name = "sandbox",
        mixinStandardHelpOptions = true,
        description = "Simulated providers with their own book of charges. Never for production.")
public final class SandboxMain implements Callable<Integer> {
    @Option(names = "--port", defaultValue = "0", description = "port to listen on; 0 picks a free one")
    private int port;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "address to listen on; there is no login")
    private String host = "127.0.0.1";

    @Option(names = "--terminal", description = "a terminal as id:key:BRAND, BRAND being CCV or WORLDLINE; repeatable")
    private List<String> terminals = new ArrayList<>();

    @Option(names = "--terminals", description = "file with one id:key:BRAND a line; # begins a comment line")
    private @Nullable Path terminalsFile;

    @Option(
            names = "--paynl-terminal",
            description =
                    "a terminal of PAY. as TH-####-####; repeatable; TH-1234-5678 and TH-1234-5679 when there is none")
    private List<String> payNlTerminals = new ArrayList<>();

    @Option(names = "--paynl-token", description = "the login of PAY.'s merchant as AT-####-####:token")
    private @Nullable String payNlToken;

    @Option(names = "--paynl-service", description = "a sales location of PAY. as SL-####-####:secret; repeatable")
    private List<String> payNlServices = new ArrayList<>();

    @Option(
            names = "--bavindo-terminal",
            description =
                    "a terminal of Bavindo as model-serial; repeatable; P400Plus-100000001 and V400m-100000002 when there is none")
    private List<String> bavindoTerminals = new ArrayList<>();

    @Option(names = "--bavindo-key", description = "the key of Bavindo's store")
    private @Nullable String bavindoKey;

    @Option(names = "--bavindo-webhook", description = "where Bavindo's webhooks go, as set in its Customer Area")
    private @Nullable String bavindoWebhook;

    @Option(
            names = "--ccv-terminal",
            description = "a terminal of the CCV Payment API; repeatable; 1234567 and 1234568 when there is none")
    private List<String> ccvTerminals = new ArrayList<>();

    @Option(names = "--ccv-key", description = "the API key of the CCV Payment API")
    private @Nullable String ccvKey;

    @Option(names = "--any-terminal", description = "also accept every other terminal with any key")
    private boolean anyTerminal;

    @Option(
            names = "--customer-delay",
            defaultValue = "300",
            converter = DelayConverter.class,
            description = "how long the customer takes, in milliseconds or as in PT1.5S")
    private Duration customerDelay = Duration.ofMillis(300);

    @Option(names = "--test-amounts", description = "the last two digits of an amount choose what happens")
    private boolean testAmounts;

    /** Milliseconds, or an ISO 8601 duration. */
    static final class DelayConverter implements CommandLine.ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return text.matches("[0-9]{1,9}") ? Duration.ofMillis(Long.parseLong(text)) : Duration.parse(text);
            } catch (DateTimeException e) {
                throw new CommandLine.TypeConversionException("'" + text + "' is neither milliseconds nor like PT1.5S");
            }
        }
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new SandboxMain())
                .setExecutionExceptionHandler((wrong, commandLine, parsed) -> {
                    commandLine.getErr().println(wrong.getMessage());
                    return 1;
                })
                .execute(arguments));
    }

    private PayNlSetup payNl() {
        PayNlSetup setup = PayNlSetup.defaults()
                .withTerminals((payNlTerminals.isEmpty() ? PayNlSetup.EXAMPLES : payNlTerminals)
                        .stream().map(PayNlSetup.Terminal::of).toList());
        if (payNlToken != null) {
            String[] login = login(payNlToken, "--paynl-token");
            setup = setup.withToken(login[0], login[1]);
        }
        for (String service : payNlServices) {
            String[] login = login(service, "--paynl-service");
            setup = setup.withService(login[0], login[1]);
        }
        return setup;
    }

    private BavindoSetup bavindo() {
        BavindoSetup setup = BavindoSetup.defaults()
                .withTerminals(bavindoTerminals.isEmpty() ? BavindoSetup.EXAMPLES : bavindoTerminals)
                .withWebhookUrl(bavindoWebhook);
        return bavindoKey == null ? setup : setup.withKey(bavindoKey);
    }

    private CcvSetup ccv() {
        CcvSetup setup = CcvSetup.defaults().withTerminals(ccvTerminals.isEmpty() ? CcvSetup.EXAMPLES : ccvTerminals);
        return ccvKey == null ? setup : setup.withKey(ccvKey);
    }

    /** Does not repeat what was typed: it holds a secret. */
    private static String[] login(String text, String option) {
        int colon = text.indexOf(':');
        if (colon < 1 || colon == text.length() - 1) {
            throw new IllegalArgumentException(option + " is written as code:secret");
        }
        return new String[] {text.substring(0, colon), text.substring(colon + 1)};
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<SandboxTerminal> known = new ArrayList<>();
        for (String terminal : terminals) {
            known.add(SandboxTerminal.parse(terminal));
        }
        if (terminalsFile != null) {
            for (String line : Files.readAllLines(terminalsFile, StandardCharsets.UTF_8)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    known.add(SandboxTerminal.parse(line.trim()));
                }
            }
        }
        Sandbox sandbox = Sandbox.start(SandboxOptions.defaults()
                .withHost(host)
                .withPort(port)
                .withTerminals(known)
                .withPayNl(payNl())
                .withBavindo(bavindo())
                .withCcv(ccv())
                .withAnyTerminal(anyTerminal)
                .withCustomerDelay(customerDelay)
                .withTestAmounts(testAmounts));
        Runtime.getRuntime().addShutdownHook(new Thread(sandbox::close, "sandbox-close"));
        System.out.println("sandbox " + sandbox.url());
        System.out.flush();
        // Runs until it is ended from outside.
        new CountDownLatch(1).await();
        return 0;
    }
}
