package nl.pinbridge.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

@Command(
        name = "version",
        mixinStandardHelpOptions = true,
        description = "Prints the version of the bridge and of Java.",
        footer = {"", "Example:", "  pinbridge version"})
final class VersionCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    VersionCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        for (String line : new Version().getVersion()) {
            surroundings.out().println(line);
        }
        return ExitCode.OK;
    }

    /** For {@code --version}, too. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = VersionCommand.class.getPackage().getImplementationVersion();
            return new String[] {
                "pinbridge " + (version == null ? "(not built as a jar)" : version), "java " + Runtime.version()
            };
        }
    }
}
