package nl.pinbridge.cli;

import picocli.CommandLine.Option;

/** How long a list may become. */
final class HowMany {
    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many at most, 1 to 1000. Default: ${DEFAULT-VALUE}.")
    private int limit = 100;

    int limit() {
        return limit;
    }
}
