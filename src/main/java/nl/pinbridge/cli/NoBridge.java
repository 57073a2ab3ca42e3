package nl.pinbridge.cli;

import java.nio.file.Path;
import nl.pinbridge.config.Settings;

/** Stands where the bridge will be wired in, and says that it is not. */
final class NoBridge implements BridgeLauncher {
    @Override
    public int run(Settings settings, boolean sandbox) {
        throw missing();
    }

    @Override
    public int demo(Path home, boolean json, boolean stay) {
        throw missing();
    }

    private static CliException missing() {
        return new CliException(ExitCode.SOFTWARE, "This build has no bridge in it: only the client commands work.");
    }
}
