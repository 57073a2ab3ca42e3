package nl.pinbridge.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people type them: {@code 90s}, {@code 2m}, {@code 1h30m}, and as settings have them: {@code PT2M}. */
final class HumanDuration implements ITypeConverter<Duration> {
    private static final Duration LONGEST = Duration.ofDays(7);

    @Override
    public Duration convert(String text) {
        Duration duration;
        try {
            String upper = text.strip().toUpperCase(Locale.ROOT);
            duration = Duration.parse(upper.startsWith("P") ? upper : "PT" + upper);
        } catch (DateTimeParseException e) {
            throw wrong(text);
        }
        if (duration.toMillis() <= 0 || duration.compareTo(LONGEST) > 0) {
            throw wrong(text);
        }
        return duration;
    }

    private static TypeConversionException wrong(String text) {
        return new TypeConversionException("'" + text + "' is no time up to a week: write 90s, 2m or 1h30m.");
    }
}
