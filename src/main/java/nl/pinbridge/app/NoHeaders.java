package nl.pinbridge.app;

import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Lets no property of a message become a header and no header a property. The bridge reads the few JMS fields that it needs itself;
 * whatever else a sender sets must not steer a component ({@code CamelHttpUri} and its spellings) or reach a provider.
 */
final class NoHeaders implements HeaderFilterStrategy {
    @Override
    public boolean applyFilterToCamelHeaders(String name, @Nullable Object value, Exchange exchange) {
        return true;
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, @Nullable Object value, Exchange exchange) {
        return true;
    }
}
