package nl.pinbridge.app;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives all test classes of a run the same bridge, because a start takes seconds; checks every result against the contract. */
final class SharedBridge implements ParameterResolver, AfterEachCallback {
    private record Held(RunningBridge bridge) implements CloseableResource {
        @Override
        public void close() {
            bridge.close();
        }
    }

    private static RunningBridge bridge(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SharedBridge.class))
                .getOrComputeIfAbsent(
                        "bridge",
                        key -> new Held(RunningBridge.with()
                                .set("pinbridge.broker.clients", "kassa")
                                .start()),
                        Held.class)
                .bridge();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RunningBridge.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return bridge(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        bridge(context).calm();
        bridge(context).assertContract();
    }
}
