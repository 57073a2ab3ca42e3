package nl.pinbridge.provider;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import nl.pinbridge.config.Probe;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/**
 * The Camel component {@code provider-call}, one block for every provider: {@code provider-call:pinvandaag/create}.
 *
 * <p>Takes the {@link ProviderJob} from the exchange property and a mapping's output as the body; leaves the {@link WireOutcome}, the
 * evidence and, as the body, {@code {"job": view, "answer": {"status", "json", "text"}}} for the next mapping. See
 * {@link ProviderCallProducer}.
 */
public final class ProviderCallComponent extends DefaultComponent {
    public static final String SCHEME = "provider-call";

    /** The exchange property that holds what may be kept of the call: a JSON text, without secrets and card numbers. */
    public static final String EVIDENCE = "pinbridge.evidence";

    private final Map<String, ProviderFolder> folders;
    private final Map<String, ProviderSettings> settings;
    private final CallGate gate;
    private final Clock clock;
    private final Probe probe;
    private final MeterRegistry meters;
    private final Map<String, Throttle> throttles = new ConcurrentHashMap<>();
    private @Nullable ScheduledExecutorService timer;

    /**
     * @param folders the providers' folders by name
     * @param settings by provider; a provider that is not in it has {@link ProviderSettings#none}
     * @param gate the ledger's mark
     */
    public ProviderCallComponent(
            Map<String, ProviderFolder> folders,
            Map<String, ProviderSettings> settings,
            CallGate gate,
            Clock clock,
            Probe probe,
            MeterRegistry meters) {
        this.folders = Map.copyOf(folders);
        this.settings = Map.copyOf(settings);
        this.gate = gate;
        this.clock = clock;
        this.probe = probe;
        this.meters = meters;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        String[] parts = remaining.split("/", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException(
                    "A provider call is written provider-call:<provider>/<operation>: " + uri);
        }
        ProviderFolder folder = folders.get(parts[0]);
        if (folder == null) {
            throw new IllegalArgumentException("There is no provider " + parts[0] + "; there are " + folders.keySet());
        }
        ProviderFolder.Operation operation = folder.operation(parts[1])
                .orElseThrow(() -> new IllegalArgumentException("Provider " + parts[0] + " has no operation " + parts[1]
                        + "; it has " + folder.operations().keySet()));
        return new ProviderCallEndpoint(
                uri,
                this,
                folder,
                settings.getOrDefault(folder.name(), ProviderSettings.none(folder.name())),
                operation);
    }

    /** One for all calls to a provider. */
    Throttle throttle(ProviderFolder folder) {
        ProviderFolder.Limits limits = folder.limits();
        return limits == null
                ? Throttle.NONE
                : throttles.computeIfAbsent(folder.name(), name -> new Throttle(limits, System::nanoTime));
    }

    CallGate gate() {
        return gate;
    }

    Clock clock() {
        return clock;
    }

    Probe probe() {
        return probe;
    }

    MeterRegistry meters() {
        return meters;
    }

    ScheduledExecutorService timer() {
        ScheduledExecutorService started = timer;
        if (started == null) {
            throw new IllegalStateException("The component provider-call is not started");
        }
        return started;
    }

    @Override
    protected void doStart() throws Exception {
        timer = getCamelContext()
                .getExecutorServiceManager()
                .newSingleThreadScheduledExecutor(this, "ProviderCallDeadline");
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        ScheduledExecutorService started = timer;
        if (started != null) {
            getCamelContext().getExecutorServiceManager().shutdown(started);
            timer = null;
        }
    }
}
