package nl.pinbridge.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers are the schemes' published test numbers. */
class CardNumbersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4111111111111111                      | xxxxxxxxxxxx1111",
                "Kaart: 5555555555554444               | Kaart: xxxxxxxxxxxx4444",
                "2223003122003222                      | xxxxxxxxxxxx3222",
                "378282246310005                       | xxxxxxxxxxx0005",
                "30569309025904                        | xxxxxxxxxx5904",
                "3530111333300000                      | xxxxxxxxxxxx0000",
                "6011000990139424                      | xxxxxxxxxxxx9424",
                "6759649826438453                      | xxxxxxxxxxxx8453",
                "6799990100000000019                   | xxxxxxxxxxxxxxx0019",
                "4111 1111 1111 1111                   | xxxx xxxx xxxx 1111",
                "4111-1111-1111-1111                   | xxxx-xxxx-xxxx-1111",
                "4111.1111.1111.1111                   | xxxx.xxxx.xxxx.1111",
                "4111  1111  1111  1111                | xxxx  xxxx  xxxx  1111",
                "4111\u00a01111\u00a01111\u00a01111     | xxxx\u00a0xxxx\u00a0xxxx\u00a01111",
                "3782 822463 10005                     | xxxx xxxxxx x0005",
                "6799 9901 0000 0000 019               | xxxx xxxx xxxx xxx0 019",
                "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1       | x x x x x x x x x x x x 1 1 1 1",
                "nr 12 4111 1111 1111 1111 12/26       | nr 12 xxxx xxxx xxxx 1111 12/26",
                "1234 4111-1111-1111-1111              | 1234 xxxx-xxxx-xxxx-1111",
                "4111111111111111=25121010000012345678 | xxxxxxxxxxxx1111=25121010000012345678",
                "{\"pan\":4111111111111111}            | {\"pan\":xxxxxxxxxxxx1111}",
                "4111111111111111,5555555555554444     | xxxxxxxxxxxx1111,xxxxxxxxxxxx4444",
                "4111111111111111 5555555555554444     | xxxxxxxxxxxx1111 xxxxxxxxxxxx4444",
            })
    void a_whole_card_number_is_masked(String text, String masked) {
        assertThat(CardNumbers.isIn(text)).isTrue();
        assertThat(CardNumbers.masked(text)).isEqualTo(masked);
        assertThat(CardNumbers.isIn(masked)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "673703xxxxxxxxx5008",
                "4111 11xx xxxx 1111",
                "************1111",
                "so-4711-1",
                "4111111111111112",
                "1234567812345670",
                "0000000000000000",
                "9111111111111111",
                "41111111111111111111111111",
                "4006381333931",
                "4222222222222",
                "356938035643809",
                "2026-11-21 10:15:30.123456",
                "1763720130123",
                "20261121101530123",
                "TL2611211015301231A2B3C4D.1",
                "TL26112110153012341111111.1",
                "01KAJ4T6Z8Q4M3V8W2N5R7XYAA",
                "NL91ABNA0417164300",
                "+31 6 12 34 56 78",
                "A0000000043060",
                "192.168.100.200",
            })
    void other_numbers_are_none(String text) {
        assertThat(CardNumbers.isIn(text)).isFalse();
        assertThat(CardNumbers.masked(text)).isSameAs(text);
    }

    @Test
    void a_megabyte_of_digits_is_no_work() {
        String grouped = "4 1 ".repeat(300_000);
        Instant before = Instant.now();
        assertThat(CardNumbers.masked(grouped)).hasSameSizeAs(grouped);
        assertThat(CardNumbers.masked("4".repeat(1_000_000))).doesNotContain("x");
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void of_order_numbers_of_sixteen_digits_few_are_taken_for_one() {
        Random random = new Random(4711);
        long taken = random.longs(100_000, 1_000_000_000_000_000L, 9_999_999_999_999_999L)
                .filter(number -> CardNumbers.isIn(Long.toString(number)))
                .count();
        // 4 in 100, where the check digit alone would take 10.
        assertThat(taken).isBetween(2_000L, 4_500L);
    }
}
