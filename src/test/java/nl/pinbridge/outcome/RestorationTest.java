package nl.pinbridge.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import nl.pinbridge.ledger.Databases;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.WorkItemRow;
import nl.pinbridge.provider.CallGate.Mark;
import nl.pinbridge.provider.ProviderJob;
import nl.pinbridge.provider.Waterline;
import nl.pinbridge.provider.Work;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A ledger that was restored from a backup older than what was sent. */
class RestorationTest extends RuleBench {
    private static final Optional<String> LOST_MARK = Optional.of("01KAJQ3D8V2M5X7R9T0W4Y6Z1B");

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void f59_what_the_restored_ledger_holds_as_not_begun_goes_to_a_person(Databases database) throws Exception {
        open(database);
        ProviderJob running = started("so-running", "77");
        String waiting = accepted("so-waiting");
        String receipt = sent(command("r-1", "ctmp", "\"terminal\":\"till-1\""));
        clock.forward(Duration.ofSeconds(1));
        Restoration restoration = new Restoration(ledger);

        Nudges nudges = new Nudges();
        assertThat(restoration.check(LOST_MARK, nudges)).contains(clock.instant());

        assertThat(latest(waiting).path("status").asText()).isEqualTo("NEEDS_ATTENTION");
        assertThat(latest(waiting).path("error").path("code").asText()).isEqualTo("OUTCOME_UNKNOWN");
        assertThat(latest(waiting).path("payment").path("status").asText()).isEqualTo("IN_DOUBT");
        assertThat(latest(receipt).path("error").path("code").asText()).isEqualTo("MAYBE_SENT");
        List<WorkItemRow> items = ledger.inTransaction(tx -> tx.openWorkItems());
        assertThat(items).singleElement().satisfies(item -> assertThat(item.text())
                .contains("restored from a backup"));
        assertThat(task(waiting)).isInstanceOf(Work.Task.Nothing.class);
        // What the restored ledger knows as sent is followed up as ever.
        looked(running, paid("77", 1050));
        assertThat(latest(Objects.requireNonNull(running.commandRow()))
                        .path("status")
                        .asText())
                .isEqualTo("SUCCEEDED");

        // A second start finds the same and hands nothing over that came in since.
        clock.forward(Duration.ofSeconds(1));
        String later = accepted("so-later");
        Nudges again = new Nudges();
        assertThat(restoration.check(LOST_MARK, again)).isPresent();
        assertThat(again.deliveries()).isEmpty();
        assertThat(task(later)).isInstanceOf(Work.Task.Call.class);

        // A person settles it; nothing was marked here, so there is nothing to wait for.
        Decisions decisions = new Decisions(ledger, provider -> RULES);
        assertThat(decisions.settle(
                        items.get(0).id(), Decisions.Verdict.NOT_PAID, new Signature("operator", "Ans", "not there")))
                .isInstanceOf(Decisions.Answer.Done.class);
    }

    @ParameterizedTest
    @EnumSource
    void a_ledger_that_knows_the_last_mark_is_trusted(Databases database) throws Exception {
        open(database);
        Path file = folder.resolve("last-mark");
        assertThat(new Restoration(ledger).check(Waterline.lastMark(file), new Nudges()))
                .isEmpty();
        String row = accepted("so-1");
        Mark mark;
        try (Waterline waterline = Waterline.open(file, marks)) {
            mark = waterline.mark(job(row));
        }
        assertThat(Waterline.lastMark(file)).contains(mark.attempt());
        Nudges nudges = new Nudges();
        assertThat(new Restoration(ledger).check(Waterline.lastMark(file), nudges))
                .isEmpty();
        assertThat(nudges.deliveries()).isEmpty();
    }
}
