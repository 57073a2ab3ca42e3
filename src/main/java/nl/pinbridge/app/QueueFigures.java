package nl.pinbridge.app;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import nl.pinbridge.broker.BrokerException;
import nl.pinbridge.broker.BrokerManagement;
import nl.pinbridge.broker.Place;
import org.jspecify.annotations.Nullable;

/** Asks the broker how the bridge's queues stand, over a connection that is kept as long as it works. */
final class QueueFigures implements Supplier<Map<String, Figures.QueueFigure>>, AutoCloseable {
    private final ConnectionFactory factory;
    private final List<String> queues;
    private @Nullable BrokerManagement management;

    /**
     * @param factory a plain factory with the bridge's own user
     * @param places those that are topics are left out: each of their readers has a queue of its own
     */
    QueueFigures(ConnectionFactory factory, List<Place> places) {
        this.factory = factory;
        this.queues = places.stream()
                .filter(place -> !place.multicast())
                .map(Place::name)
                .toList();
    }

    @Override
    public synchronized Map<String, Figures.QueueFigure> get() {
        try {
            BrokerManagement broker = management;
            if (broker == null) {
                broker = BrokerManagement.open(factory);
                management = broker;
            }
            Map<String, Figures.QueueFigure> figures = new TreeMap<>();
            for (String queue : queues) {
                figures.put(queue, new Figures.QueueFigure(broker.messageCount(queue), broker.oldestMessage(queue)));
            }
            return figures;
        } catch (JMSException | RuntimeException e) {
            close();
            throw new BrokerException("The broker is out of reach", e);
        }
    }

    @Override
    public synchronized void close() {
        BrokerManagement broker = management;
        management = null;
        if (broker != null) {
            try {
                broker.close();
            } catch (JMSException e) {
                // It is gone already.
            }
        }
    }
}
