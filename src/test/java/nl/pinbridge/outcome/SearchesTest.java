package nl.pinbridge.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import nl.pinbridge.ledger.CandidateRow;
import nl.pinbridge.ledger.Databases;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.provider.CallGate.NotMarkedException;
import nl.pinbridge.provider.ProviderJob;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a search makes of the transactions that a provider shows; the tills' own tests run it against the sandbox. */
class SearchesTest extends RuleBench {
    private static Sightings.Row row(
            String id, long amount, @Nullable String reference, @Nullable String at, @Nullable String kind) {
        return new Sightings.Row(
                reading("{\"state\":\"OPEN\",\"providerTransactionId\":\"" + id + "\",\"amount\":" + amount
                        + (reference == null ? "" : ",\"ownReference\":\"" + reference + "\"")
                        + (at == null ? "" : ",\"createdAt\":\"" + at + "\"") + "}"),
                kind);
    }

    private static final String NOW = "2026-11-21T10:00:01Z";

    private ProviderJob lostCreate(String key) throws NotMarkedException {
        ProviderJob job = job(accepted(key));
        outcome.ofMarkedCall(job, marks.mark(job).attempt(), LOST, null, Reading.UNREADABLE);
        return job;
    }

    private ProviderJob lostRefund(long cents) throws NotMarkedException {
        ProviderJob sale = started("so-1", "100");
        looked(sale, "{\"state\":\"PAID\",\"providerTransactionId\":\"100\",\"amount\":1050,\"currency\":\"EUR\"}");
        ProviderJob job = job(sent(command(
                "r-1", "refund", about("so-1") + ",\"amount\":{\"value\":" + cents + ",\"currency\":\"EUR\"}")));
        outcome.ofMarkedCall(job, marks.mark(job).attempt(), LOST, null, Reading.UNREADABLE);
        return job;
    }

    private List<CandidateRow> found(ProviderJob of, boolean whole, Sightings.Row... rows) {
        String payment = Objects.requireNonNull(of.paymentId());
        outcome.ofSearch(payment, new Sightings(List.of(rows), whole));
        return ledger.inTransaction(tx -> tx.candidates(payment));
    }

    private String reference(ProviderJob of) {
        return ledger.inTransaction(tx ->
                tx.payment(Objects.requireNonNull(of.paymentId())).orElseThrow().ownReference());
    }

    private PaymentRow.Kind kind(ProviderJob of) {
        return ledger.inTransaction(tx ->
                tx.payment(Objects.requireNonNull(of.paymentId())).orElseThrow().kind());
    }

    @Test
    void a_payment_is_asked_about_by_every_transaction_that_it_can_be() throws Exception {
        open(Databases.H2);
        ProviderJob lost = lostCreate("so-1");
        List<CandidateRow> found = found(
                lost,
                false,
                row("1", 1050, null, NOW, null),
                row("2", 1050, null, null, null),
                row("another-amount", 1051, null, NOW, null),
                row("another-reference", 1050, "SOMEBODY", NOW, null),
                row("yesterday", 1050, null, "2026-11-20T10:00:00Z", null),
                row("a-refund", 1050, null, NOW, "REFUND"));
        assertThat(found).extracting(CandidateRow::providerTransactionId).containsExactlyInAnyOrder("1", "2");
        assertThat(found).allMatch(CandidateRow::isOpen);
    }

    @Test
    void a_row_with_our_reference_leaves_the_others_aside_and_a_row_seen_twice_counts_once() throws Exception {
        open(Databases.H2);
        ProviderJob lost = lostCreate("so-1");
        assertThat(found(
                        lost,
                        true,
                        row("1", 1050, null, NOW, null),
                        row("2", 1050, null, NOW, null),
                        row("2", 1050, reference(lost), NOW, null)))
                .extracting(CandidateRow::providerTransactionId)
                .containsExactly("2");
        assertThat(found(lost, true, row("2", 1050, reference(lost), NOW, null)))
                .hasSize(1);
    }

    @Test
    void a_payment_is_never_taken_without_our_reference() throws Exception {
        open(Databases.H2);
        ProviderJob lost = lostCreate("so-1");
        found(lost, true, row("1", 1050, null, NOW, null));
        ProviderJob look = new ProviderJob("pinvandaag", "status", null, lost.paymentId(), TILL, lost.view(), "1");
        Nudges nudges = outcome.ofLook(
                look,
                OK,
                null,
                reading("{\"state\":\"PAID\",\"providerTransactionId\":\"1\",\"amount\":1050,\"currency\":\"EUR\"}"));
        assertThat(results(nudges)).isEmpty();
        assertThat(found(lost, true, row("1", 1050, null, NOW, null))).allMatch(row -> row.refutedAt() != null);
    }

    @Test
    void what_belongs_to_another_payment_is_nobody_elses() throws Exception {
        open(Databases.H2);
        ProviderJob sale = started("so-1", "100");
        looked(sale, "{\"state\":\"PAID\",\"providerTransactionId\":\"100\",\"amount\":1050,\"currency\":\"EUR\"}");
        ProviderJob lost = lostCreate("so-2");
        assertThat(found(lost, true, row("100", 1050, null, NOW, null))).isEmpty();
    }

    @Test
    void a_refund_is_the_only_one_that_it_can_be_or_for_a_person() throws Exception {
        open(Databases.H2);
        ProviderJob lost = lostRefund(400);
        assertThat(kind(lost)).isEqualTo(PaymentRow.Kind.REFUND);
        // The last transaction alone does not show that there is no other, a sale is none, and neither is one with a
        // reference.
        assertThat(found(lost, false, row("1", 400, null, NOW, null))).isEmpty();
        assertThat(found(
                        lost,
                        true,
                        row("sale", 400, null, NOW, "PAYMENT"),
                        row("referenced", 400, "SOMEBODY", NOW, null),
                        row("100", 400, null, NOW, null),
                        row("early", 400, null, "2026-11-21T09:57:00Z", null),
                        row("without-a-time", 401, null, null, null)))
                .isEmpty();
        assertThat(found(lost, true, row("without-a-time", 400, null, null, null)))
                .isEmpty();
        List<CandidateRow> one = found(lost, true, row("1", 400, null, NOW, null));
        assertThat(one).extracting(CandidateRow::source).containsExactly(CandidateRow.Source.SEARCH);
        ProviderJob look = new ProviderJob("pinvandaag", "status", null, lost.paymentId(), TILL, lost.view(), "1");
        Nudges told = outcome.ofLook(
                look,
                OK,
                null,
                reading("{\"state\":\"PAID\",\"providerTransactionId\":\"1\",\"amount\":400,\"currency\":\"EUR\"}"));
        assertThat(only(told).path("status").asText()).isEqualTo("SUCCEEDED");
    }

    @Test
    void of_several_refunds_none_is_taken_however_often_they_are_seen() throws Exception {
        open(Databases.H2);
        ProviderJob lost = lostRefund(400);
        List<CandidateRow> several = new ArrayList<>();
        for (int look = 0; look < 3; look++) {
            several = found(
                    lost, true, row("1", 400, null, NOW, null), row("2", 400, null, "2026-11-21T10:03:00Z", null));
        }
        assertThat(several).hasSize(2).noneMatch(CandidateRow::isOpen);
        // One of them is gone from the list: the other is not the only one for that.
        assertThat(found(lost, true, row("2", 400, null, "2026-11-21T10:03:00Z", null)))
                .noneMatch(CandidateRow::isOpen);
    }

    @Test
    void a_refund_that_carries_our_reference_is_taken_also_from_an_answer_that_is_not_the_whole_time()
            throws Exception {
        open(Databases.H2);
        ProviderJob lost = lostRefund(400);
        List<CandidateRow> one =
                found(lost, false, row("1", 400, null, NOW, "REFUND"), row("2", 400, reference(lost), NOW, "REFUND"));
        assertThat(one).singleElement().satisfies(row -> {
            assertThat(row.providerTransactionId()).isEqualTo("2");
            assertThat(row.source()).isEqualTo(CandidateRow.Source.SEARCH);
        });
        ProviderJob look = new ProviderJob("pinvandaag", "status", null, lost.paymentId(), TILL, lost.view(), "2");
        Nudges told = outcome.ofLook(
                look,
                OK,
                null,
                reading("{\"state\":\"PAID\",\"providerTransactionId\":\"2\",\"amount\":400,\"currency\":\"EUR\","
                        + "\"ownReference\":\"" + reference(lost) + "\"}"));
        assertThat(only(told).path("status").asText()).isEqualTo("SUCCEEDED");
    }

    @Test
    void of_two_that_carry_our_reference_none_is_taken() throws Exception {
        open(Databases.H2);
        ProviderJob lost = lostCreate("so-1");
        for (int look = 0; look < 2; look++) {
            assertThat(found(
                            lost,
                            true,
                            row("1", 1050, reference(lost), NOW, null),
                            row("2", 1050, reference(lost), NOW, null)))
                    .hasSize(2)
                    .noneMatch(CandidateRow::isOpen);
        }
    }
}
