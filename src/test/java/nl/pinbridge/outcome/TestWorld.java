package nl.pinbridge.outcome;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.provider.Work;
import org.jspecify.annotations.Nullable;

/** Terminals by device and what they can do, for tests without provider folders. Calls take at most 70 s, looks come every 15 s. */
public record TestWorld(Function<String, Optional<Terminal>> terminals, BiPredicate<Terminal, CommandType> can)
        implements Work.World {
    @Override
    public Optional<Terminal> terminal(String device) {
        return terminals.apply(device);
    }

    @Override
    public boolean supports(Terminal terminal, CommandType type) {
        return can.test(terminal, type);
    }

    @Override
    public boolean offers(Terminal terminal, String operation) {
        return CommandType.fromWire(operation)
                .filter(type -> can.test(terminal, type))
                .isPresent();
    }

    @Override
    public Duration lookInterval(String provider) {
        return Duration.ofSeconds(15);
    }

    @Override
    public List<String> finders(String provider) {
        return List.of();
    }

    @Override
    public Duration callTime(String provider, String operation) {
        return Duration.ofSeconds(70);
    }

    @Override
    public @Nullable String callbackUrl(String provider, String paymentId) {
        return null;
    }
}
