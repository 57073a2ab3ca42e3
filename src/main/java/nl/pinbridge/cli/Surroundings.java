package nl.pinbridge.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;
import java.util.Properties;
import nl.pinbridge.config.Settings;
import picocli.CommandLine.Help.Ansi;

/**
 * What a command touches outside itself.
 *
 * @param out results, for people or programs
 * @param err remarks and refusals
 * @param zone in which people read times
 * @param ansi whether colours are wanted
 */
record Surroundings(
        Path home,
        Map<String, String> env,
        Properties system,
        PrintStream out,
        PrintStream err,
        Clock clock,
        ZoneId zone,
        Ansi ansi) {

    static Surroundings real() {
        Map<String, String> env = System.getenv();
        Properties system = System.getProperties();
        String home = system.getProperty("pinbridge.home", env.getOrDefault("PINBRIDGE_HOME", ""));
        return new Surroundings(
                Path.of(home).toAbsolutePath().normalize(),
                env,
                system,
                System.out,
                System.err,
                Clock.systemUTC(),
                ZoneId.systemDefault(),
                // Looks at the terminal and at NO_COLOR.
                Ansi.AUTO);
    }

    /**
     * @throws nl.pinbridge.config.BadConfigurationException when they are wrong
     */
    Settings settings() {
        return Settings.load(home, env, system);
    }

    /** A file in the data folder. */
    Path data(String name) {
        return Settings.dataFolder(home, env, system).resolve(name);
    }
}
