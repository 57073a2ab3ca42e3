package nl.pinbridge.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import nl.pinbridge.broker.ReplyAddresses.Verdict;
import org.apache.activemq.artemis.api.jms.ActiveMQJMSClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyAddressesTest {
    private static final String UUID = "0b6c8a52-6a43-11f0-9d2c-0242ac120002";

    private final ReplyAddresses replies = new ReplyAddresses(ReplyAddresses.DEFAULT_ALLOW);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "payments.replies.shop",
                "queue://payments.replies.shop",
                "queue//payments.replies.shop",
                "QUEUE://payments.replies.shop",
                " payments.replies.shop "
            })
    void however_it_is_written_the_bare_name_counts(String asked) {
        assertThat(replies.judge(asked)).isEqualTo(new Verdict.Allowed("payments.replies.shop", false));
    }

    @Test
    void the_common_reply_queue_is_always_allowed() {
        assertThat(new ReplyAddresses(List.of()).judge("payments.replies"))
                .isEqualTo(new Verdict.Allowed("payments.replies", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {UUID, "temp-queue://" + UUID, "queue://" + UUID})
    void temporary_queues_are_allowed_also_where_the_sender_did_not_say_so(String asked) {
        assertThat(replies.judge(asked)).isEqualTo(new Verdict.Allowed(UUID, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "payments.commands",
                "payments.events",
                "payments.refused",
                "pinbridge.lane.ccv",
                "temp-queue://pinbridge.admin",
                "activemq.management",
                "payments.replies.a.b",
                "payments.replies.",
                "payments.repliesXshop",
                "payments.replies.a::pinbridge.admin",
                "payments.replies.a,pinbridge.admin",
                "payments.replies.a?x=y",
                "payments.replies.*",
                "topic://payments.replies.shop",
                "topic//payments.replies.shop",
                "queue://queue://payments.replies.shop",
                "/queue/payments.replies.shop"
            })
    void anything_else_is_refused(String asked) {
        assertThat(replies.judge(asked)).isEqualTo(new Verdict.Refused(asked));
    }

    @Test
    void no_pattern_opens_the_bridges_own_queues() {
        ReplyAddresses wide = new ReplyAddresses(List.of("payments.#", "pinbridge.#", "erp.*.in"));
        assertThat(wide.judge("erp.shop.in")).isInstanceOf(Verdict.Allowed.class);
        assertThat(wide.judge("payments.extra.queue")).isInstanceOf(Verdict.Allowed.class);
        assertThat(wide.judge("payments.commands")).isInstanceOf(Verdict.Refused.class);
        assertThat(wide.judge("pinbridge.admin")).isInstanceOf(Verdict.Refused.class);
        assertThat(wide.judge("erp.in")).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void a_pattern_that_cannot_be_meant_is_refused() {
        for (String pattern : List.of("#", "*", "", "a b", "(a|b)", "a.#.b")) {
            assertThatThrownBy(() -> new ReplyAddresses(List.of(pattern)))
                    .as(pattern)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("pinbridge.reply.allow");
        }
    }

    @Test
    void destinations_are_judged_by_their_address() {
        assertThat(replies.judge((jakarta.jms.Destination) null)).isEqualTo(new Verdict.None());
        assertThat(replies.judge("  ")).isEqualTo(new Verdict.None());
        assertThat(replies.judge(ActiveMQJMSClient.createQueue("payments.replies.shop")))
                .isEqualTo(new Verdict.Allowed("payments.replies.shop", false));
        assertThat(replies.judge(ActiveMQJMSClient.createTopic("payments.replies.shop")))
                .isInstanceOf(Verdict.Refused.class);
    }
}
