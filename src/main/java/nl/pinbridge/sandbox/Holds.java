package nl.pinbridge.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;

/** Answers that wait for a release. Safe for any thread. */
final class Holds {
    private final Map<Line, Delivery> held = new LinkedHashMap<>();

    synchronized void keep(Line line, Delivery delivery) {
        held.put(line, delivery);
    }

    synchronized void forget(Line line) {
        held.remove(line);
    }

    synchronized int size() {
        return held.size();
    }

    /** Sends everything that is held; how many there were. */
    synchronized int release() {
        int count = held.size();
        held.forEach(Line::release);
        held.clear();
        return count;
    }
}
