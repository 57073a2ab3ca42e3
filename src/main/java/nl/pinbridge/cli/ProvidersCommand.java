package nl.pinbridge.cli;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.Callable;
import nl.pinbridge.config.Settings;
import nl.pinbridge.provider.ProviderFolder;
import nl.pinbridge.provider.ProviderFolderException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The capability matrix, from the folders on disk: no bridge needs to run. */
@Command(
        name = "providers",
        mixinStandardHelpOptions = true,
        description = {
            "Prints what each provider can do, by command and brand of terminal,",
            "and what follows when the answer to a call that is made once only is lost."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:Done.", ExitCode.USAGE_HELP, ExitCode.CONFIGURATION_HELP},
        footer = {
            "",
            "Examples:",
            "  pinbridge providers",
            "  pinbridge providers --json",
            "  pinbridge providers check"
        })
final class ProvidersCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Option(names = "--json", description = "Print the answer as one line of JSON.")
    private boolean json;

    ProvidersCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Settings settings = surroundings.settings();
        ProvidersText text = new ProvidersText(
                folders(settings.path("pinbridge.routes").resolve("providers")),
                name -> settings.forProvider(name).allow());
        if (json) {
            surroundings.out().println(HumanText.oneLine(text.json()));
        } else {
            text.lines().forEach(surroundings.out()::println);
        }
        return ExitCode.OK;
    }

    private static Collection<ProviderFolder> folders(Path providers) {
        try {
            return ProviderFolder.readAll(providers).values();
        } catch (ProviderFolderException e) {
            throw new CliException(ExitCode.CONFIGURATION, String.valueOf(e.getMessage()), e);
        } catch (UncheckedIOException e) {
            throw new CliException(ExitCode.CONFIGURATION, "The folder " + providers + " cannot be read.", e);
        }
    }
}
