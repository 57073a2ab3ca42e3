package nl.pinbridge.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.intake.Intake;
import nl.pinbridge.ledger.Databases;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.provider.CallGate.Mark;
import nl.pinbridge.provider.CallGate.NotMarkedException;
import nl.pinbridge.provider.ProviderJob;
import nl.pinbridge.provider.Work;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A provider that gives whole payments back, without a terminal and in no other way, lets customers tip, and has a least amount. */
class WholeRefundsTest extends RuleBench {
    private static final class OnlyWithoutCard implements Work.World, Intake.Capabilities {
        private final boolean whole;

        OnlyWithoutCard(boolean whole) {
            this.whole = whole;
        }

        @Override
        public Optional<Terminal> terminal(String device) {
            return device.equals(TILL.device()) ? Optional.of(TILL) : Optional.empty();
        }

        @Override
        public boolean supports(Terminal terminal, CommandType type) {
            return type == CommandType.CREATE || type == CommandType.REFUND;
        }

        @Override
        public boolean test(Terminal terminal, CommandType type) {
            return supports(terminal, type);
        }

        @Override
        public boolean offers(Terminal terminal, String operation) {
            return operation.equals("create") || operation.equals(Work.WITHOUT_CARD);
        }

        @Override
        public boolean refundsWithoutCardOnly(Terminal terminal) {
            return Work.World.super.refundsWithoutCardOnly(terminal);
        }

        @Override
        public boolean refundsWhole(Terminal terminal) {
            return whole;
        }

        @Override
        public long leastAmount(Terminal terminal) {
            return 35;
        }

        @Override
        public Duration lookInterval(String provider) {
            return Duration.ofSeconds(15);
        }

        @Override
        public List<String> finders(String provider) {
            return List.of();
        }

        @Override
        public Duration callTime(String provider, String operation) {
            return Duration.ofSeconds(70);
        }

        @Override
        public @Nullable String callbackUrl(String provider, String paymentId) {
            return null;
        }
    }

    private void start(Databases database) {
        start(database, false);
    }

    private void start(Databases database, boolean unknownSales) {
        OnlyWithoutCard world = new OnlyWithoutCard(true);
        open(database, unknownSales, world, world);
    }

    private static String tipped(String transaction, long cents, long tip) {
        return "{\"state\":\"PAID\",\"providerTransactionId\":\"" + transaction + "\",\"amount\":" + cents + ",\"tip\":"
                + tip + ",\"word\":\"success\"}";
    }

    /** The result of a payment of 10.50 with a tip of 1.00. */
    private JsonNode paidWithTip(String key) throws Exception {
        ProviderJob job = started(key, "T-" + key);
        return only(looked(job, tipped("T-" + key, 1050, 100)));
    }

    private static JsonNode answered(Intake.Verdict verdict) {
        assertThat(verdict.way()).isEqualTo(Intake.Way.ANSWERED);
        return only(verdict.nudges());
    }

    private Intake.Verdict refund(String key, String more) {
        return intake.accept(message(command(key, "refund", about("sale") + more), key));
    }

    @Test
    void a_tip_comes_on_top_of_what_was_asked() throws Exception {
        start(Databases.H2);
        JsonNode told = paidWithTip("sale");
        assertThat(told.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(told.at("/payment/amounts/requested").asLong()).isEqualTo(1050);
        assertThat(told.at("/payment/amounts/tip").asLong()).isEqualTo(100);
        assertThat(told.at("/payment/amounts/paid").asLong()).isEqualTo(1150);
    }

    @Test
    void a_tip_does_not_hide_another_amount() throws Exception {
        start(Databases.H2);
        JsonNode told = only(looked(started("sale", "T-1"), tipped("T-1", 950, 100)));
        assertThat(told.path("status").asText()).isEqualTo("NEEDS_ATTENTION");
        assertThat(told.at("/error/code").asText()).isEqualTo("INTEGRITY");
        JsonNode negative = only(looked(started("next", "T-2"), tipped("T-2", 1050, -1)));
        assertThat(negative.at("/error/code").asText()).isEqualTo("INTEGRITY");
    }

    @Test
    void a_payment_below_the_least_amount_is_refused_before_anything_is_sent() {
        start(Databases.H2);
        JsonNode told = answered(intake.accept(message(create("small", 34), "small")));
        assertThat(told.path("status").asText()).isEqualTo("REFUSED");
        assertThat(told.at("/error/code").asText()).isEqualTo("NOT_SUPPORTED");
        assertThat(told.at("/error/field").asText()).isEqualTo("amount.value");
        assertThat(intake.accept(message(create("enough", 35), "enough")).way()).isEqualTo(Intake.Way.LANE);
    }

    @Test
    void a_part_is_refused_before_anything_is_sent() throws Exception {
        start(Databases.H2);
        paidWithTip("sale");
        for (long part : new long[] {1, 1050, 1149}) {
            JsonNode told =
                    answered(refund("part-" + part, ",\"amount\":{\"value\":" + part + ",\"currency\":\"EUR\"}"));
            assertThat(told.path("status").asText()).isEqualTo("REFUSED");
            assertThat(told.at("/error/code").asText()).isEqualTo("NOT_SUPPORTED");
            assertThat(told.at("/error/field").asText()).isEqualTo("amount");
        }
        assertThat(answered(refund("more", ",\"amount\":{\"value\":1151,\"currency\":\"EUR\"}"))
                        .at("/error/code")
                        .asText())
                .isEqualTo("REFUND_TOO_HIGH");
    }

    @ParameterizedTest
    @EnumSource
    void all_of_it_goes_back_without_a_terminal_and_is_known_by_what_it_added(Databases database) throws Exception {
        start(database);
        paidWithTip("sale");
        // A terminal that is busy is no hindrance.
        ProviderJob busy = job(accepted("next"));
        marks.mark(busy);
        String row = sent(command("back", "refund", about("sale")));
        Work.Task asked = task(row);
        assertThat(asked).isInstanceOf(Work.Task.Refresh.class);
        ProviderJob before = ((Work.Task.Refresh) asked).look();
        assertThat(before.operation()).isEqualTo(ProviderJob.GIVEN_BACK);
        outcome.ofGivenBack(before, OK, null, reading("{\"state\":\"DONE\",\"refunded\":0}"));

        ProviderJob job = ((Work.Task.Call) refreshed(row)).job();
        assertThat(job.operation()).isEqualTo(Work.WITHOUT_CARD);
        assertThat(job.view().at("/command/amount/value").asLong()).isEqualTo(1150);
        Mark mark = marks.mark(job);
        Nudges lost = outcome.ofMarkedCall(job, mark.attempt(), LOST, null, Reading.UNREADABLE);
        assertThat(only(lost).path("status").asText()).isEqualTo("IN_DOUBT");

        Nudges nothing = outcome.ofGivenBack(before, OK, null, reading("{\"state\":\"DONE\",\"refunded\":0}"));
        assertThat(results(nothing)).isEmpty();
        JsonNode told = only(outcome.ofGivenBack(before, OK, null, reading("{\"state\":\"DONE\",\"refunded\":1150}")));
        assertThat(told.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(told.at("/payment/status").asText()).isEqualTo("REFUNDED");
        assertThat(told.at("/payment/amounts/refunded").asLong()).isEqualTo(1150);
    }

    private static String part(long cents) {
        return about("sale") + ",\"amount\":{\"value\":" + cents + ",\"currency\":\"EUR\"}";
    }

    /** Asks what was given back before, and then for the refund. */
    private ProviderJob readyToGoBack(String row, long before) {
        outcome.ofGivenBack(
                ((Work.Task.Refresh) task(row)).look(),
                OK,
                null,
                reading("{\"state\":\"DONE\",\"refunded\":" + before + "}"));
        return ((Work.Task.Call) refreshed(row)).job();
    }

    @ParameterizedTest
    @EnumSource
    void one_is_told_from_another_because_they_never_run_beside_each_other(Databases database) throws Exception {
        OnlyWithoutCard parts = new OnlyWithoutCard(false);
        open(database, false, parts, parts);
        paidWithTip("sale");
        String first = sent(command("back-1", "refund", part(400)));
        String second = sent(command("back-2", "refund", part(300)));
        String third = sent(command("back-3", "refund", part(200)));
        ProviderJob one = readyToGoBack(first, 0);
        ProviderJob beside = readyToGoBack(second, 0);
        ProviderJob old = readyToGoBack(third, 0);
        Mark mark = marks.mark(one);
        assertThatThrownBy(() -> marks.mark(beside)).isInstanceOf(NotMarkedException.class);
        assertThat(latest(second).at("/error/code").asText()).isEqualTo("NOT_ALLOWED_NOW");
        outcome.ofMarkedCall(one, mark.attempt(), LOST, null, Reading.UNREADABLE);
        outcome.ofGivenBack(one, OK, null, reading("{\"state\":\"DONE\",\"refunded\":400}"));
        assertThat(latest(first).path("status").asText()).isEqualTo("SUCCEEDED");
        // It was asked before the first was over.
        assertThatThrownBy(() -> marks.mark(old)).isInstanceOf(NotMarkedException.class);
        assertThat(latest(third).at("/error/code").asText()).isEqualTo("NOT_ALLOWED_NOW");
        marks.mark(readyToGoBack(sent(command("back-4", "refund", part(200))), 400));
    }

    @Test
    void what_was_asked_back_before_the_tip_was_known_is_judged_again() throws Exception {
        start(Databases.H2);
        ProviderJob job = started("sale", "T-1");
        String row =
                sent(command("back", "refund", about("sale") + ",\"amount\":{\"value\":1050,\"currency\":\"EUR\"}"));
        looked(job, tipped("T-1", 1050, 100));
        assertThat(refreshed(row)).isInstanceOfSatisfying(Work.Task.End.class, end -> {
            assertThat(end.error().code().name()).isEqualTo("NOT_SUPPORTED");
            assertThat(end.error().field()).isEqualTo("amount");
        });
    }

    @Test
    void all_of_what_was_not_known_yet_goes_back_with_the_tip() throws Exception {
        start(Databases.H2);
        ProviderJob job = started("sale", "T-1");
        String row = sent(command("back", "refund", about("sale")));
        looked(job, tipped("T-1", 1050, 100));
        assertThat(refreshed(row)).isInstanceOfSatisfying(Work.Task.Call.class, call -> assertThat(
                        call.job().view().at("/command/amount/value").asLong())
                .isEqualTo(1150));
    }

    @Test
    void a_sale_that_the_ledger_does_not_know_cannot_go_back() {
        start(Databases.H2, true);
        String row = sent(command(
                "back",
                "refund",
                about("elsewhere") + ",\"terminal\":\"till-1\",\"amount\":{\"value\":1050,\"currency\":\"EUR\"}"));
        assertThat(task(row)).isInstanceOfSatisfying(Work.Task.End.class, end -> assertThat(
                        end.error().field())
                .isEqualTo("payment"));
    }
}
