package nl.pinbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nl.pinbridge.contract.Amount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HumanAmountTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.50 | EUR | 1050",
                "10,50 | EUR | 1050",
                "0.01 | EUR | 1",
                "0,00 | EUR | 0",
                "8.29 | EUR | 829",
                "1.15 | EUR | 115",
                "999999999999.99 | EUR | 99999999999999",
                "1050 | JPY | 1050",
                "1.500 | KWD | 1500",
            })
    void an_amount_with_all_its_decimals_is_exact(String text, String currency, long minor) {
        assertThat(HumanAmount.parse(text, currency)).isEqualTo(new Amount(minor, currency));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1050",
                "10",
                "10.5",
                "10.505",
                "10.",
                ".50",
                "",
                " ",
                "-10.50",
                "+10.50",
                "1.050,00",
                "1,050.00",
                "10 50",
                "1e2",
                "10.50 EUR",
                "€10,50",
                "٣.٠٠",
                "9999999999999.99",
                "0x10.00",
                "10..50"
            })
    void what_could_be_meant_otherwise_is_refused_with_the_way_to_write_it(String text) {
        assertThatThrownBy(() -> HumanAmount.parse(text, "EUR"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("all 2 decimals")
                .hasMessageContaining("10.50");
    }

    @Test
    void yen_have_no_decimals() {
        assertThatThrownBy(() -> HumanAmount.parse("10.50", "JPY")).hasMessageContaining("a whole number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"eur", "EURO", "XXX", "ABC", ""})
    void what_is_no_currency_is_refused(String currency) {
        assertThatThrownBy(() -> HumanAmount.parse("10.50", currency)).hasMessageContaining("ISO 4217");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1050 | EUR | EUR 10,50",
                "5 | EUR | EUR 0,05",
                "0 | EUR | EUR 0,00",
                "-50 | EUR | EUR -0,50",
                "123456789 | EUR | EUR 1234567,89",
                "1050 | JPY | JPY 1050",
                "7 | ??? | ??? 7 (minor units)"
            })
    void amounts_are_shown_with_a_comma(long minor, String currency, String shown) {
        assertThat(HumanAmount.show(minor, currency)).isEqualTo(shown);
    }
}
