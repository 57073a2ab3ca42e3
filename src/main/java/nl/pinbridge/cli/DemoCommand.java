package nl.pinbridge.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Shows payments from command to result, with simulated providers and a data folder of its own.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:Everything went as it should.", "1:Something did not.", ExitCode.USAGE_HELP},
        footer = {
            "",
            "Examples:",
            "  pinbridge demo",
            "  pinbridge demo --json | jq .status",
            "  pinbridge demo --stay                    then try 'pinbridge send' in another window"
        })
final class DemoCommand implements Callable<Integer> {
    private final Surroundings surroundings;
    private final BridgeLauncher launcher;

    @Option(names = "--json", description = "One JSON line for each step instead of sentences.")
    private boolean json;

    @Option(names = "--stay", description = "Keep everything running afterwards, until Ctrl-C.")
    private boolean stay;

    DemoCommand(Surroundings surroundings, BridgeLauncher launcher) {
        this.surroundings = surroundings;
        this.launcher = launcher;
    }

    @Override
    public Integer call() {
        return launcher.demo(surroundings.home(), json, stay);
    }
}
