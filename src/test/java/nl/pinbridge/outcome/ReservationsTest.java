package nl.pinbridge.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import nl.pinbridge.ledger.Databases;
import nl.pinbridge.provider.ProviderJob;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Money that is reserved first and taken, given up or taken back later, as a provider tells of it. */
class ReservationsTest extends RuleBench {
    private static final String RESERVED =
            "{\"state\":\"AUTHORISED\",\"providerTransactionId\":\"100\",\"amount\":1050,\"authorised\":1050,\"currency\":\"EUR\"}";

    private ProviderJob reserved;

    @BeforeEach
    void reserve() throws Exception {
        open(Databases.H2);
        reserved = started("so-1", "100");
        JsonNode told = only(looked(reserved, RESERVED));
        assertThat(told.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(told.at("/payment/status").asText()).isEqualTo("AUTHORISED");
        assertThat(told.at("/payment/amounts/authorised").asLong()).isEqualTo(1050);
        assertThat(told.at("/payment/amounts/paid").asLong()).isZero();
    }

    private JsonNode after(String state, String more) {
        return only(looked(
                reserved,
                "{\"state\":\"" + state + "\",\"providerTransactionId\":\"100\",\"amount\":1050" + more + "}"));
    }

    @Test
    void a_part_of_it_may_be_taken() {
        JsonNode told = after("PAID", ",\"captured\":400");
        assertThat(told.at("/payment/status").asText()).isEqualTo("PAID");
        assertThat(told.at("/payment/amounts/paid").asLong()).isEqualTo(400);
        assertThat(told.at("/payment/amounts/captured").asLong()).isEqualTo(400);
        assertThat(told.at("/payment/amounts/authorised").asLong()).isEqualTo(1050);
    }

    @Test
    void more_than_was_reserved_is_for_a_person() {
        JsonNode told = after("PAID", ",\"captured\":1051");
        assertThat(told.path("status").asText()).isEqualTo("NEEDS_ATTENTION");
        assertThat(told.at("/error/code").asText()).isEqualTo("INTEGRITY");
        assertThat(told.at("/payment/amounts/paid").asLong()).isZero();
    }

    @Test
    void what_is_given_up_was_not_paid_and_is_no_contradiction() {
        JsonNode told = after("NOT_PAID", ",\"code\":\"CANCELLED_AT_TERMINAL\"");
        assertThat(told.at("/payment/status").asText()).isEqualTo("NOT_PAID");
    }

    @Test
    void what_the_bank_takes_back_is_charged_back_and_stays_so() {
        after("PAID", "");
        JsonNode told = after("CHARGED_BACK", "");
        assertThat(told.at("/payment/status").asText()).isEqualTo("CHARGED_BACK");
        assertThat(results(looked(reserved, RESERVED))).isEmpty();
    }

    @Test
    void another_amount_than_asked_is_not_reserved() throws Exception {
        ProviderJob other = started("so-2", "101");
        JsonNode told = only(
                looked(
                        other,
                        "{\"state\":\"AUTHORISED\",\"providerTransactionId\":\"101\",\"amount\":1050,\"authorised\":999,\"currency\":\"EUR\"}"));
        assertThat(told.at("/error/code").asText()).isEqualTo("INTEGRITY");
    }
}
