package nl.pinbridge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import nl.pinbridge.config.Settings;
import picocli.CommandLine.Help.Ansi;

/** The command line in this process, for commands that want no bridge. */
public final class Console {
    private Console() {}

    /**
     * @param home the installation that it is called in
     * @param printed takes what it prints
     * @return its exit code
     */
    public static int run(Path home, StringBuilder printed, List<String> words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, UTF_8);
        Surroundings surroundings = new Surroundings(
                home, Map.of(), new Properties(), stream, stream, Clock.systemUTC(), ZoneOffset.UTC, Ansi.OFF, false);
        int exit = PinBridge.execute(
                surroundings,
                new BridgeLauncher() {
                    @Override
                    public int run(Settings settings, boolean sandbox) {
                        throw new AssertionError("no bridge is wanted");
                    }

                    @Override
                    public int demo(Path at, boolean json, boolean stay) {
                        throw new AssertionError("no demo is wanted");
                    }
                },
                words.toArray(String[]::new));
        printed.append(out.toString(UTF_8));
        return exit;
    }
}
