package nl.pinbridge.config;

/** Named instants between two steps that no route step separates, where tests stop or kill the process. Does nothing in production. */
@FunctionalInterface
public interface Probe {
    Probe NONE = point -> {};

    void at(String point);
}
