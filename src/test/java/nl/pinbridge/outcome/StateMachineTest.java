package nl.pinbridge.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.outcome.StateMachine.Evidence;
import org.junit.jupiter.api.Test;

/** The table has an answer to everything, and never takes a final state back. */
class StateMachineTest {
    @Test
    void f48_what_is_final_stays_or_becomes_a_conflict() {
        for (PaymentStatus from : PaymentStatus.values()) {
            for (Evidence evidence : Evidence.values()) {
                PaymentStatus to = StateMachine.after(from, evidence);
                // A reservation is taken or given up, and a bank may take money back: both are money that moves.
                boolean moves = from == PaymentStatus.AUTHORISED
                        || (evidence == Evidence.SAYS_CHARGED_BACK && from != PaymentStatus.NOT_PAID);
                if (!from.isOpen() && to != from && !moves) {
                    assertThat(to).as(from + " after " + evidence).isEqualTo(PaymentStatus.CONFLICT);
                }
                if (from.isOpen() && evidence == Evidence.NOTHING) {
                    assertThat(to).isEqualTo(from);
                }
            }
        }
    }

    @Test
    void doubt_alone_never_says_not_paid() {
        for (PaymentStatus from : PaymentStatus.values()) {
            if (from != PaymentStatus.NOT_PAID) {
                for (Evidence evidence : new Evidence[] {Evidence.DOUBT, Evidence.RUNNING, Evidence.NOTHING}) {
                    assertThat(StateMachine.after(from, evidence)).isNotEqualTo(PaymentStatus.NOT_PAID);
                }
            }
        }
    }

    @Test
    void the_table_in_the_docs_is_the_table() throws IOException {
        Path page = Path.of("docs/design/states.md");
        if (Boolean.getBoolean("docs.update")) {
            Files.writeString(page, StateMachine.markdown());
        }
        assertThat(Files.readString(page))
                .as("renew it with ./mvnw test -Dtest=StateMachineTest -Ddocs.update=true")
                .isEqualTo(StateMachine.markdown());
    }
}
