package nl.pinbridge.bench;

import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What was seen in one stretch of time. */
final class Window {
    private final long from = System.nanoTime();
    private final ConcurrentLinkedQueue<Long> startNanos = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Long> finalNanos = new ConcurrentLinkedQueue<>();
    private final AtomicInteger ended = new AtomicInteger();
    private long to;

    void started(long nanos) {
        startNanos.add(nanos);
    }

    void ended(long nanos) {
        finalNanos.add(nanos);
        ended.incrementAndGet();
    }

    Window close() {
        to = System.nanoTime();
        return this;
    }

    int count() {
        return ended.get();
    }

    double perSecond() {
        return ended.get() / ((to - from) / 1e9);
    }

    /** From sending to the first result, less what the provider took; ascending, in milliseconds. */
    double[] start(double providerMillis) {
        return millis(startNanos, providerMillis);
    }

    /** From sending to the final result, less what the provider took; ascending, in milliseconds. */
    double[] end(double providerMillis) {
        return millis(finalNanos, providerMillis);
    }

    private static double[] millis(ConcurrentLinkedQueue<Long> nanos, double less) {
        return nanos.stream().mapToDouble(each -> each / 1e6 - less).sorted().toArray();
    }

    /** The value that this share of them does not exceed. */
    static double percentile(double[] ascending, double share) {
        return ascending.length == 0
                ? Double.NaN
                : ascending[Math.min(ascending.length - 1, (int) Math.ceil(share * ascending.length) - 1)];
    }

    static double[] together(double[]... parts) {
        return Arrays.stream(parts).flatMapToDouble(Arrays::stream).sorted().toArray();
    }
}
