package nl.pinbridge.cli;

import java.io.Console;
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
 * @param interactive whether somebody looks at it on a terminal
 */
record Surroundings(
        Path home,
        Map<String, String> env,
        Properties system,
        PrintStream out,
        PrintStream err,
        Clock clock,
        ZoneId zone,
        Ansi ansi,
        boolean interactive) {

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
                Ansi.AUTO,
                isTerminal());
    }

    /** Newer Javas have a console also where there is no terminal, and a method that tells. */
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException older) {
            return true;
        }
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
