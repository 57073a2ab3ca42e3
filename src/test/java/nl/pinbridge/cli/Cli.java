package nl.pinbridge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;
import java.util.Properties;
import nl.pinbridge.config.Settings;
import nl.pinbridge.contract.Json;
import picocli.CommandLine.Help.Ansi;

/** The real command line in this process, for tests against a bridge that runs. */
public final class Cli {
    /** What a command line left behind. */
    public record Ran(int code, String out, String err) {
        public JsonNode json() {
            return Json.read(out);
        }
    }

    private Cli() {}

    /**
     * @param home the installation whose bridge is meant
     */
    public static Ran run(Path home, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Surroundings surroundings = new Surroundings(
                home,
                Map.of(),
                new Properties(),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                Clock.systemUTC(),
                ZoneId.of("Europe/Amsterdam"),
                Ansi.OFF,
                false);
        int code = PinBridge.execute(surroundings, new NoBridge(), args);
        return new Ran(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    private static final class NoBridge implements BridgeLauncher {
        @Override
        public int run(Settings settings, boolean sandbox) {
            throw new IllegalStateException("This command line starts no bridge");
        }

        @Override
        public int demo(Path home, boolean json, boolean stay) {
            throw new IllegalStateException("This command line starts no bridge");
        }
    }
}
