package nl.pinbridge.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import nl.pinbridge.config.Complaint;
import nl.pinbridge.config.ProviderOptions;
import nl.pinbridge.config.Settings;
import nl.pinbridge.config.StartCheck;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.config.Terminals;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.Confidential;
import nl.pinbridge.contract.ContractSchema;
import nl.pinbridge.contract.Fingerprint;
import nl.pinbridge.intake.Intake;
import nl.pinbridge.provider.Numbers;
import nl.pinbridge.provider.ProviderFolder;
import nl.pinbridge.provider.Work;
import nl.pinbridge.webhook.WebhookTokens;
import org.jspecify.annotations.Nullable;

/** Terminals, and what their providers can do: the folders as the operator's settings complete them. */
final class World implements Work.World, Intake.Capabilities {
    /** Where neither the operator nor the provider's folder says how long an answer may take. */
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(60);

    /** Connecting, writing, and a busy machine. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    private final Map<String, ProviderFolder> folders;
    private final Map<String, ProviderOptions> options = new HashMap<>();
    private final Terminals terminals;
    private final WebhookTokens tokens;
    private final @Nullable URI publicUrl;
    private final Confidential confidential;

    World(Settings settings, Map<String, ProviderFolder> folders, Terminals terminals, WebhookTokens tokens) {
        this.folders = folders;
        this.terminals = terminals;
        this.tokens = tokens;
        this.confidential = Confidential.of(folders.values().stream()
                .flatMap(folder -> folder.confidential().stream())
                .collect(Collectors.toSet()));
        this.publicUrl = settings.uri("pinbridge.public-url").orElse(null);
        StartCheck check = new StartCheck();
        folders.forEach((name, folder) -> {
            ProviderOptions set = settings.forProvider(name);
            options.put(name, set);
            if (folder.callsTerminals() && set.url() != null) {
                check.add(new Complaint(
                        "settings",
                        "pinbridge.provider." + name + ".url",
                        "has no use: each terminal of " + name + " has its own url in the terminal directory."));
            }
            set.allow().stream()
                    .filter(entry -> !folder.onRequest().contains(entry))
                    .forEach(entry -> {
                        String sentence = folder.onRequest().isEmpty()
                                ? "cannot hold '" + entry + "': the folder leaves nothing to the operator."
                                : "cannot hold '" + entry + "': the folder leaves only "
                                        + String.join(", ", new TreeSet<>(folder.onRequest())) + " to the operator.";
                        check.add(new Complaint("settings", "pinbridge.provider." + name + ".allow", sentence));
                    });
        });
        check.finish();
    }

    @Override
    public Optional<Terminal> terminal(String device) {
        return terminals.ofDevice(device);
    }

    @Override
    public boolean supports(Terminal terminal, CommandType type) {
        return offers(terminal, type.wire()) || (type == CommandType.REFUND && offers(terminal, Work.WITHOUT_CARD));
    }

    @Override
    public boolean test(Terminal terminal, CommandType type) {
        return supports(terminal, type);
    }

    @Override
    public boolean refundsWithoutCardOnly(Terminal terminal) {
        return Work.World.super.refundsWithoutCardOnly(terminal);
    }

    @Override
    public boolean refundsWhole(Terminal terminal) {
        return folder(terminal.provider()).refundsWhole();
    }

    @Override
    public long leastAmount(Terminal terminal) {
        return folder(terminal.provider()).leastAmount();
    }

    @Override
    public boolean offers(Terminal terminal, String operation) {
        return folder(terminal.provider())
                .supports(operation, terminal.brand(), set(terminal.provider()).allow());
    }

    @Override
    public @Nullable Numbers numbers(Terminal terminal, String operation) {
        ProviderFolder folder = folder(terminal.provider());
        return folder.operation(operation)
                        .filter(ProviderFolder.Operation::numbered)
                        .isPresent()
                ? folder.numbers()
                : null;
    }

    @Override
    public @Nullable ContractSchema schema(Terminal terminal) {
        return folder(terminal.provider()).commandSchema();
    }

    @Override
    public Confidential confidential() {
        return confidential;
    }

    @Override
    public @Nullable String usedOnce(Terminal terminal, String operation, JsonNode command) {
        return useKey(terminal, operation, command);
    }

    @Override
    public @Nullable String useKey(Terminal terminal, String operation, JsonNode command) {
        String field = folder(terminal.provider())
                .operation(operation)
                .map(ProviderFolder.Operation::onePer)
                .orElse(null);
        String value =
                field == null ? null : command.path("provider").path(field).textValue();
        return value == null ? null : terminal.provider() + ":" + Fingerprint.of(value);
    }

    @Override
    public Duration lookInterval(String provider) {
        Duration set = set(provider).lookIntervalMax();
        return set == null ? folder(provider).cadence().intervalMax() : set;
    }

    @Override
    public List<String> finders(String provider) {
        return folder(provider).find();
    }

    @Override
    public Duration callTime(String provider, String operation) {
        Duration set = set(provider).responseTimeout();
        Duration folder = folder(provider)
                .operation(operation)
                .map(ProviderFolder.Operation::responseTimeout)
                .orElse(null);
        Duration answer = set != null ? set : folder != null ? folder : RESPONSE_TIMEOUT;
        return answer.plus(SLACK);
    }

    @Override
    public @Nullable String callbackUrl(String provider, String paymentId) {
        ProviderFolder folder = folder(provider);
        return folder.webhook() == null || folder.door().oneAddress()
                ? null
                : tokens.url(publicUrl, provider, paymentId);
    }

    @Override
    public Map<String, String> options(String provider) {
        return set(provider).values();
    }

    @Override
    public boolean test(String provider) {
        return set(provider).expectTest();
    }

    private ProviderFolder folder(String provider) {
        ProviderFolder folder = folders.get(provider);
        if (folder == null) {
            throw new IllegalStateException("There is no folder for the provider " + provider);
        }
        return folder;
    }

    private ProviderOptions set(String provider) {
        ProviderOptions set = options.get(provider);
        if (set == null) {
            throw new IllegalStateException("There is no folder for the provider " + provider);
        }
        return set;
    }
}
