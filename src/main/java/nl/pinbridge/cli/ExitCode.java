package nl.pinbridge.cli;

import nl.pinbridge.config.StartCheck;

/** Exit codes, after {@code sysexits.h} where it has one. */
final class ExitCode {
    static final int OK = 0;
    /** The command ended, and not with success. */
    static final int NOT_SUCCEEDED = 1;

    static final int USAGE = 2;
    static final int UNREACHABLE = 69;
    static final int SOFTWARE = 70;
    static final int NO_RESULT_YET = 75;
    static final int CONFIGURATION = StartCheck.EX_CONFIG;

    // picocli takes these as annotation values: one line each, "code:meaning".
    static final String OK_HELP = "0:Done; for 'send' the command succeeded.";
    static final String NOT_SUCCEEDED_HELP = "1:The command ended without success.";
    static final String USAGE_HELP = "2:The command line is wrong; nothing was sent.";
    static final String UNREACHABLE_HELP = "69:The bridge cannot be reached.";
    static final String NO_RESULT_YET_HELP = "75:No final result in time: ask again with 'send status'.";
    static final String CONFIGURATION_HELP = "78:The configuration is wrong; nothing was started.";

    private ExitCode() {}
}
