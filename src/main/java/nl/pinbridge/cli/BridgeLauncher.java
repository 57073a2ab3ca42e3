package nl.pinbridge.cli;

import java.nio.file.Path;
import nl.pinbridge.config.Settings;

/** What {@code run} and {@code demo} start. Both return when the bridge has stopped, with the exit code of the process. */
public interface BridgeLauncher {
    /**
     * Runs the bridge until it is told to stop.
     *
     * @param settings already checked on their own; the launcher checks what needs other files
     * @param sandbox true to answer for the providers with the simulated ones, on which nothing is charged
     * @throws nl.pinbridge.config.BadConfigurationException when the configuration cannot be used
     */
    int run(Settings settings, boolean sandbox);

    /**
     * Shows a payment from command to result against the simulated providers.
     *
     * @param home the installation; its data folder is not touched
     * @param json true for one JSON line each instead of sentences
     * @param stay true to keep bridge and sandbox running until told to stop
     */
    int demo(Path home, boolean json, boolean stay);
}
