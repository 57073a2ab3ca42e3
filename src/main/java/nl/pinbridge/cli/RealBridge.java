package nl.pinbridge.cli;

import jakarta.jms.JMSException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import nl.pinbridge.app.Bridge;
import nl.pinbridge.broker.BrokerException;
import nl.pinbridge.config.Probe;
import nl.pinbridge.config.Settings;
import nl.pinbridge.config.StartCheck;
import nl.pinbridge.demo.Morning;
import nl.pinbridge.demo.SandboxedBridge;
import nl.pinbridge.ledger.LedgerUnavailableException;
import nl.pinbridge.provider.ProviderFolderException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Help.Ansi;

/** Starts bridges in this process and ends them in order when it is told to stop. */
final class RealBridge implements BridgeLauncher {
    private static final Logger LOG = LoggerFactory.getLogger(RealBridge.class);

    /** What the demo shortens so that nobody waits: a doubt becomes a work item, a busy terminal an answer, within seconds. */
    private static final Map<String, String> IMPATIENT =
            Map.of("pinbridge.lane.wait", "PT1.5S", "pinbridge.provider.pinvandaag.maximum", "PT5S");

    @Override
    public int run(Settings settings, boolean sandbox) {
        refuseUnsafeLedger(settings, sandbox);
        try (AutoCloseable running = sandbox
                ? SandboxedBridge.start(settings, Map.of(), false)
                : Bridge.start(settings, Clock.systemUTC(), Probe.NONE)) {
            if (running instanceof SandboxedBridge simulated) {
                LOG.info(
                        "The providers are simulated: nothing is charged. The book of charges: {}/sandbox",
                        simulated.sandbox().url());
            }
            untilTold(running);
            return ExitCode.OK;
        } catch (Exception e) {
            throw told(e);
        }
    }

    /** An in-memory ledger forgets every payment when the process ends. */
    private static void refuseUnsafeLedger(Settings settings, boolean sandbox) {
        StartCheck check = new StartCheck();
        if (!sandbox) {
            check.addAll(settings.ledgerComplaints(false));
        }
        check.finish();
    }

    @Override
    public int demo(Path home, boolean json, boolean stay) {
        Path data = Settings.dataFolder(home, System.getenv(), System.getProperties());
        Settings settings = Settings.of(home, Map.of("pinbridge.data", data.toString()));
        if (!json) {
            System.out.println(
                    "Starting a bridge, its broker, its ledger and simulated terminals; nothing real is charged.");
        }
        try (SandboxedBridge running = SandboxedBridge.start(settings, IMPATIENT, true)) {
            boolean right = new Morning(running, System.out, json, !json && Ansi.AUTO.enabled()).play();
            if (stay) {
                System.err.println("The bridge stays up until Ctrl-C. Try, in another window:");
                System.err.println("  ./pinbridge send create --terminal till-1 --amount 10.50 --reference X --wait");
                System.err.println("  ./pinbridge payments");
                System.err.println(
                        "  the terminals' book of charges: " + running.sandbox().url() + "/sandbox");
                untilTold(running);
            }
            return right ? ExitCode.OK : ExitCode.NOT_SUCCEEDED;
        } catch (JMSException | InterruptedException e) {
            throw told(e);
        } catch (RuntimeException e) {
            throw told(e);
        }
    }

    /** Waits for SIGTERM or Ctrl-C; the process goes only when the bridge has ended what it had begun. */
    private static void untilTold(AutoCloseable running) throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                running.close();
                            } catch (Exception e) {
                                LOG.warn("The bridge did not stop cleanly", e);
                            } finally {
                                stopped.countDown();
                            }
                        },
                        "stop"));
        stopped.await();
    }

    /** Faults that an operator can mend are told in a sentence; the rest is a fault of the program. */
    private static RuntimeException told(Exception e) {
        if (e instanceof BrokerException
                || e instanceof LedgerUnavailableException
                || e instanceof IllegalStateException) {
            LOG.debug("Not started", e);
            Throwable cause = e.getCause();
            return new CliException(
                    ExitCode.NOT_SUCCEEDED,
                    e.getMessage() + (cause == null || cause.getMessage() == null ? "" : "\n  " + cause.getMessage()));
        }
        if (e instanceof ProviderFolderException folder) {
            return new CliException(ExitCode.CONFIGURATION, String.valueOf(folder.getMessage()));
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }
}
