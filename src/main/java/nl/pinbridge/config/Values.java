package nl.pinbridge.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import nl.pinbridge.config.Setting.Type;
import org.quartz.CronExpression;

/** Text to typed values, strictly. */
final class Values {
    private static final Set<String> LEVELS = Set.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE");
    private static final int LARGEST_PORT = 65_535;
    private static final int LARGEST_COUNT = 1_000;

    private final Path home;

    Values(Path home) {
        this.home = home;
    }

    /**
     * @throws IllegalArgumentException with a sentence that follows the setting's name
     */
    Object parse(Type type, String text) {
        return switch (type) {
            case TEXT, JDBC -> plain(text);
            case SECRET -> new Secret(text);
            case PATH -> path(text);
            case PORT -> number(text, 0, LARGEST_PORT, "a port");
            case COUNT -> number(text, 1, LARGEST_COUNT, "a number of this kind");
            case DURATION -> duration(text, false);
            case WAIT -> duration(text, true);
            case FLAG -> flag(text);
            case LIST -> list(text);
            case URL -> url(text);
            case URLS -> list(text).stream().map(Values::url).toList();
            case BROKER -> broker(text);
            case FORM -> oneOf(text, Set.of("multipart", "urlencoded"), "multipart or urlencoded");
            case ZONE -> zone(text);
            case TIME -> time(text);
            case CRON -> cron(text);
            case CHARACTER -> character(text);
            case LEVEL -> oneOf(text, LEVELS, Type.LEVEL.words());
        };
    }

    private static String plain(String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("holds a control character.");
        }
        return text;
    }

    private Path path(String text) {
        try {
            return home.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("is no path: '" + text + "'.", e);
        }
    }

    private static Integer number(String text, int least, int most, String what) {
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException(
                    "is '" + text + "', but " + what + " is a whole number from " + least + " to " + most + ".");
        }
        return Integer.valueOf(text);
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "is '" + text + "', which is no time zone: write a name such as Europe/Amsterdam.", e);
        }
    }

    private static LocalTime time(String text) {
        try {
            return LocalTime.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "is '" + text
                            + "', which is no time of day: write 00:00 for midnight, 06:00 for six in the morning.",
                    e);
        }
    }

    private static String cron(String text) {
        if (!CronExpression.isValidExpression(text)) {
            throw new IllegalArgumentException("is '" + text
                    + "', which is no Quartz schedule: write 0 30 3 * * ? for half past three every night.");
        }
        return text;
    }

    private static String character(String text) {
        if (text.length() != 1) {
            throw new IllegalArgumentException("must be one character.");
        }
        return text;
    }

    private static Duration duration(String text, boolean zeroAllowed) {
        Duration duration;
        try {
            duration = Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "is '" + text
                            + "', which is no duration: write PT5S for 5 seconds, PT0.5S for half a second, PT2M for 2 minutes.",
                    e);
        }
        if (duration.isNegative() || (duration.isZero() && !zeroAllowed)) {
            throw new IllegalArgumentException(
                    "is '" + text + "', but must be " + (zeroAllowed ? "0 or more." : "above 0."));
        }
        if (!duration.isZero() && duration.toMillis() == 0) {
            throw new IllegalArgumentException("is '" + text + "', which is shorter than a millisecond.");
        }
        return duration;
    }

    private static Boolean flag(String text) {
        return Boolean.valueOf(oneOf(text, Set.of("true", "false"), "true or false"));
    }

    private static List<String> list(String text) {
        List<String> items = new ArrayList<>();
        for (String item : text.split(",", -1)) {
            String name = plain(item.strip());
            if (name.isEmpty()) {
                throw new IllegalArgumentException("has an empty place in its list: '" + text + "'.");
            }
            if (items.contains(name)) {
                throw new IllegalArgumentException("names " + name + " twice.");
            }
            items.add(name);
        }
        return List.copyOf(items);
    }

    private static URI url(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is " + quoted(text) + ", which is no URL.", e);
        }
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (http && uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("must not hold a user name or password.");
        }
        if (!http || uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("is " + quoted(text)
                    + ", but must be http:// or https:// with a host and perhaps a path, nothing after it.");
        }
        if (uri.getPort() > LARGEST_PORT || uri.getPort() == 0) {
            throw new IllegalArgumentException("is '" + text + "', whose port is not from 1 to 65535.");
        }
        return uri;
    }

    /** URLs are where people leave passwords, before an @ or in the query. */
    private static String quoted(String text) {
        return text.contains("@") || text.contains("?") ? "a text that is not shown here" : "'" + text + "'";
    }

    private static String broker(String text) {
        if (!text.matches("\\(?tcp://[^\\s]+")) {
            throw new IllegalArgumentException(
                    "must be an address of Artemis such as tcp://host:61616 or (tcp://a:61616,tcp://b:61616)?ha=true.");
        }
        if (text.matches("[^?]*@.*") || text.matches(".*[?&;](user|password)=.*")) {
            throw new IllegalArgumentException(
                    "must not hold user or password: put them in pinbridge.broker.username and .password.");
        }
        return text;
    }

    private static String oneOf(String text, Set<String> words, String listed) {
        if (!words.contains(text)) {
            throw new IllegalArgumentException("is '" + text + "', but must be " + listed + ".");
        }
        return text;
    }
}
