package nl.pinbridge.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Starts the bridge and stays until it is told to stop (SIGTERM or Ctrl-C), then drains.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Stopped as asked.",
            "1:It could not start or stopped by itself.",
            ExitCode.USAGE_HELP,
            ExitCode.CONFIGURATION_HELP
        },
        footer = {
            "",
            "Examples:",
            "  pinbridge run",
            "  pinbridge run --sandbox",
            "  PINBRIDGE_HTTP_PORT=0 pinbridge run      any setting, see docs/settings.md"
        })
final class RunCommand implements Callable<Integer> {
    private final Surroundings surroundings;
    private final BridgeLauncher launcher;

    @Option(
            names = "--sandbox",
            description = "Use the simulated providers: nothing is charged and no provider is called.")
    private boolean sandbox;

    RunCommand(Surroundings surroundings, BridgeLauncher launcher) {
        this.surroundings = surroundings;
        this.launcher = launcher;
    }

    @Override
    public Integer call() {
        return launcher.run(surroundings.settings(), sandbox);
    }
}
