package nl.pinbridge.provider;

import nl.pinbridge.provider.ProviderFolder.Operation;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** One operation of one provider. */
final class ProviderCallEndpoint extends DefaultEndpoint {
    private final ProviderCallComponent component;
    private final ProviderFolder folder;
    private final ProviderSettings settings;
    private final Operation operation;

    ProviderCallEndpoint(
            String uri,
            ProviderCallComponent component,
            ProviderFolder folder,
            ProviderSettings settings,
            Operation operation) {
        super(uri, component);
        this.component = component;
        this.folder = folder;
        this.settings = settings;
        this.operation = operation;
    }

    @Override
    public Producer createProducer() {
        return new ProviderCallProducer(this, component, folder, settings, operation);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("provider-call is called, nothing comes from it");
    }
}
