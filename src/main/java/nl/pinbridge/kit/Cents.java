package nl.pinbridge.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The amounts that are tried, in minor units, and the forms in which providers write them. */
final class Cents {
    /** With those that a float cannot hold: 0.29 * 100 is 28.999999999999996. */
    static final List<Long> SOME = List.of(
            1L,
            7L,
            10L,
            29L,
            57L,
            58L,
            99L,
            100L,
            101L,
            110L,
            115L,
            199L,
            435L,
            820L,
            1_001L,
            1_050L,
            1_999L,
            3_333L,
            4_350L,
            8_190L,
            100_000L,
            123_456L,
            1_000_000L,
            16_777_217L,
            99_999_999L);

    /** Every amount up to three euros beside them. */
    static final List<Long> MANY = many();

    private Cents() {}

    private static List<Long> many() {
        List<Long> all = new ArrayList<>(SOME);
        for (long cents = 1; cents <= 300; cents++) {
            if (!all.contains(cents)) {
                all.add(cents);
            }
        }
        return Collections.unmodifiableList(all);
    }

    /** As people write it. */
    static String shown(long cents) {
        return BigDecimal.valueOf(cents, 2).toPlainString();
    }

    /** How an amount is written. */
    enum Form {
        /** 1050 */
        WHOLE {
            @Override
            JsonNode of(long cents) {
                return LongNode.valueOf(cents);
            }

            @Override
            boolean is(JsonNode value, long cents) {
                return value.isIntegralNumber() && value.canConvertToLong() && value.longValue() == cents;
            }
        },
        /** "1050" */
        WHOLE_TEXT {
            @Override
            JsonNode of(long cents) {
                return TextNode.valueOf(Long.toString(cents));
            }
        },
        /** "10.50" */
        DECIMAL_TEXT {
            @Override
            JsonNode of(long cents) {
                return TextNode.valueOf(shown(cents));
            }
        },
        /** 10.5 */
        DECIMAL {
            @Override
            JsonNode of(long cents) {
                return DecimalNode.valueOf(BigDecimal.valueOf(cents, 2));
            }

            @Override
            boolean is(JsonNode value, long cents) {
                return value.isNumber() && new BigDecimal(value.asText()).compareTo(BigDecimal.valueOf(cents, 2)) == 0;
            }
        };

        /** The amount in this form. */
        abstract JsonNode of(long cents);

        boolean is(JsonNode value, long cents) {
            return of(cents).equals(value);
        }
    }
}
