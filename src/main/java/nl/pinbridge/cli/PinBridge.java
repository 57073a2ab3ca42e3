package nl.pinbridge.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import nl.pinbridge.config.BadConfigurationException;
import nl.pinbridge.config.StartCheck;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The one program: starts the bridge, and talks to a running one. */
@Command(
        name = "pinbridge",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Version.class,
        description = "The queue in front of card terminals: commands in, results out, never charged twice.",
        subcommandsRepeatable = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.OK_HELP,
            ExitCode.NOT_SUCCEEDED_HELP,
            ExitCode.USAGE_HELP,
            ExitCode.UNREACHABLE_HELP,
            ExitCode.NO_RESULT_YET_HELP,
            ExitCode.CONFIGURATION_HELP
        },
        footer = {
            "",
            "Examples:",
            "  pinbridge demo                            see it work, nothing is charged",
            "  pinbridge run --sandbox                   a bridge with simulated providers",
            "  pinbridge send create --terminal till-1 --amount 10.50",
            "  pinbridge payments                        the latest payments",
            "  pinbridge work list                       what needs a person",
            "  pinbridge exceptions list                 what the provider's list and the ledger do not agree on",
            "  pinbridge providers                       what each provider can do",
            "  pinbridge providers check                 whether their folders keep what the bridge relies on",
            "  pinbridge send --help                     more about one command"
        })
public final class PinBridge implements Runnable {
    /** Those that talk to a running bridge. */
    private static final Set<String> CLIENTS =
            Set.of("send", "payments", "work", "lane", "pause", "resume", "dead", "reconcile", "exceptions");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run()
    private CommandSpec spec;

    private PinBridge() {}

    public static void main(String[] args) {
        // A client's failed connection is told in one sentence; the library's own log would say it a second time.
        if (args.length > 0 && CLIENTS.contains(args[0])) {
            System.getProperties().putIfAbsent("pinbridge.log.libraries", "ERROR");
        }
        // The demo is a table: what it shows on purpose need not be warned of as well.
        if (args.length > 0 && args[0].equals("demo")) {
            System.getProperties().putIfAbsent("pinbridge.log", "ERROR");
            System.getProperties().putIfAbsent("pinbridge.log.libraries", "ERROR");
        }
        System.exit(execute(Surroundings.real(), new RealBridge(), args));
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Say what to do.");
    }

    /** Runs one command line and returns its exit code. */
    static int execute(Surroundings surroundings, BridgeLauncher launcher, String... args) {
        CommandLine payments = new CommandLine(new PaymentsCommand(surroundings))
                .addSubcommand(new PaymentsCommand.Show(surroundings))
                .addSubcommand(new ResendCommand(surroundings));
        CommandLine line = new CommandLine(new PinBridge())
                .addSubcommand(new RunCommand(surroundings, launcher))
                .addSubcommand(new DemoCommand(surroundings, launcher))
                .addSubcommand(new SendCommand(surroundings))
                .addSubcommand("payments", payments)
                .addSubcommand(
                        "work",
                        new CommandLine(new WorkCommand())
                                .addSubcommand(new WorkCommand.ListItems(surroundings))
                                .addSubcommand(new WorkCommand.Show(surroundings))
                                .addSubcommand(new WorkCommand.Settle(surroundings))
                                .addSubcommand(new WorkCommand.Decisions(surroundings)))
                .addSubcommand(
                        "lane",
                        new CommandLine(new LaneCommand())
                                .addSubcommand(new LaneCommand.ListLanes(surroundings))
                                .addSubcommand(new LaneCommand.Free(surroundings)))
                .addSubcommand(new PauseCommand(surroundings))
                .addSubcommand(new ResumeCommand(surroundings))
                .addSubcommand(
                        "dead",
                        new CommandLine(new DeadCommand())
                                .addSubcommand(new DeadCommand.ListLetters(surroundings))
                                .addSubcommand(new DeadCommand.Show(surroundings))
                                .addSubcommand(new DeadCommand.Requeue(surroundings))
                                .addSubcommand(new DeadCommand.Discard(surroundings)))
                .addSubcommand(new ReconcileCommand(surroundings))
                .addSubcommand(
                        "exceptions",
                        new CommandLine(new ExceptionsCommand())
                                .addSubcommand(new ExceptionsCommand.ListExceptions(surroundings))
                                .addSubcommand(new ExceptionsCommand.Explain(surroundings))
                                .addSubcommand(new ExceptionsCommand.Close(surroundings)))
                .addSubcommand(
                        "providers",
                        new CommandLine(new ProvidersCommand(surroundings))
                                .addSubcommand(new ProvidersCheckCommand(surroundings)))
                .addSubcommand(new VersionCommand(surroundings));
        // So that --version answers wherever it is asked.
        versioned(line);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(surroundings.ansi()));
        line.setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8));
        line.setUsageHelpWidth(100);
        line.setExecutionExceptionHandler((failure, at, parsed) -> failed(failure, surroundings));
        return line.execute(args);
    }

    private static void versioned(CommandLine line) {
        for (CommandLine each : line.getSubcommands().values()) {
            each.getCommandSpec().versionProvider(new VersionCommand.Version());
            versioned(each);
        }
    }

    private static int failed(Exception failure, Surroundings surroundings) {
        if (failure instanceof BadConfigurationException configuration) {
            StartCheck.report(configuration.complaints(), surroundings.err());
            return ExitCode.CONFIGURATION;
        }
        if (failure instanceof CliException told) {
            surroundings.err().println(told.getMessage());
            return told.exitCode();
        }
        LoggerFactory.getLogger(PinBridge.class).error("Stopped by a fault of the program", failure);
        return ExitCode.SOFTWARE;
    }
}
