package nl.pinbridge.crash;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.intake.Intake;
import nl.pinbridge.ledger.Ids;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.outcome.TestWorld;
import nl.pinbridge.provider.CallGate;
import nl.pinbridge.provider.Marks;
import nl.pinbridge.provider.Work;

/** Marks one command after another and prints each attempt as soon as its mark has been acknowledged, until it is killed. */
public final class MarkingProcess {
    private MarkingProcess() {}

    public static void main(String[] args) throws CallGate.NotMarkedException {
        // Unbuffered: what was printed before the kill counts as acknowledged.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        Clock clock = Clock.systemUTC();
        Ledger ledger = Ledger.open(args[0], "sa", "", 4, clock);
        TestWorld world = new TestWorld(
                device -> Optional.of(till(device.substring("pinvandaag:".length()))), (terminal, type) -> true);
        Intake intake = new Intake(
                ledger,
                alias -> Optional.of(till(alias)),
                List::of,
                world::supports,
                false,
                Duration.ofMinutes(5),
                Duration.ofSeconds(10),
                clock,
                nl.pinbridge.config.Probe.NONE);
        Work work = new Work(ledger, world);
        Marks marks = new Marks(ledger, world::callTime);
        while (true) {
            String key = Ids.next();
            Intake.Verdict verdict = intake.accept(new Intake.Received(
                    "{\"commandId\":\"" + key + "\",\"command\":\"create\",\"terminal\":\"" + key
                            + "\",\"amount\":{\"value\":1,\"currency\":\"EUR\"}}",
                    "shop",
                    "payments.replies",
                    key,
                    clock.instant(),
                    null,
                    false));
            Work.Task task =
                    work.ofCommand(Objects.requireNonNull(verdict.commandRow()), false, Work.Refreshed.NOT_YET);
            out.println(marks.mark(((Work.Task.Call) task).job()).attempt());
        }
    }

    private static Terminal till(String alias) {
        return new Terminal(alias, "pinvandaag", alias, "CCV", null, Map.of());
    }
}
