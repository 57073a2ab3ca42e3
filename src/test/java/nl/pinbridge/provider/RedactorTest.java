package nl.pinbridge.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import nl.pinbridge.contract.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactorTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"message\":\"card 4111111111111111\"}    | {\"message\":\"card xxxxxxxxxxxx1111\"}",
                "{\"pan\":4111111111111111}                 | {\"pan\":\"xxxxxxxxxxxx1111\"}",
                "{\"4111111111111111\":1}                   | {\"xxxxxxxxxxxx1111\":1}",
                "[[\"4111 1111 1111 1111\"],null,true,1.5]  | [[\"xxxx xxxx xxxx 1111\"],null,true,1.5]",
                "{\"receipt\":\"[[0,\\\"Kaart: 4111111111111111\\\\r\\\"]]\"} | {\"receipt\":\"[[0,\\\"Kaart: xxxxxxxxxxxx1111\\\\r\\\"]]\"}",
                // A number that only looks like one must not change where it is what a payment is asked for by.
                "{\"transactionId\":\"4111111111111111\"}   | {\"transactionId\":\"4111111111111111\"}",
                "{\"transactionId\":4111111111111111}       | {\"transactionId\":4111111111111111}",
                "{\"transactionId\":\"nr 4111111111111111\"}| {\"transactionId\":\"nr xxxxxxxxxxxx1111\"}",
                "{\"reference\":\"5555555555554444\"}       | {\"reference\":\"5555555555554444\"}",
            })
    void an_answer_loses_its_card_numbers_and_keeps_what_identifies(String answer, String clean) {
        assertThat(Redactor.withoutCards(Json.read(answer), Set.of("5555555555554444")))
                .isEqualTo(Json.read(clean));
    }
}
