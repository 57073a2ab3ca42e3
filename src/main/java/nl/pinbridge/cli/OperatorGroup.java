package nl.pinbridge.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A word that only groups others. */
@Command(
        mixinStandardHelpOptions = true,
        subcommandsRepeatable = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Done.",
            "1:It was turned down, or there is no such thing.",
            ExitCode.USAGE_HELP,
            ExitCode.UNREACHABLE_HELP,
            "75:The bridge did not answer in time; ask again, a second time does no harm.",
            ExitCode.CONFIGURATION_HELP
        })
abstract class OperatorGroup implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run()
    private CommandSpec spec;

    @Override
    public void run() {
        List<String> words = new ArrayList<>(spec.subcommands().keySet());
        String last = words.remove(words.size() - 1);
        throw new ParameterException(
                spec.commandLine(), "Say what to do: " + String.join(", ", words) + " or " + last + ".");
    }
}
