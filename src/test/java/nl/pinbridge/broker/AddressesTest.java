package nl.pinbridge.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressesTest {
    @Test
    void f37_every_place_has_refuges_that_are_places_too() {
        List<Place> places = Addresses.places(settings(List.of("shop"), List.of("erp.in", "payments.replies.shop")));
        List<String> names = places.stream().map(Place::name).toList();
        assertThat(names)
                .doesNotHaveDuplicates()
                .contains("payments.replies.client", "payments.replies.shop", "erp.in");
        assertThat(places).allSatisfy(place -> {
            assertThat(names).contains(place.deadLetters(), place.expiry());
            if (place.reader() == Place.Reader.BRIDGE) {
                assertThat(place.maxDeliveryAttempts()).isEqualTo(-1);
            }
        });
    }

    @Test
    void a_reply_queue_that_is_named_twice_stays_its_users_own() {
        Place own = Addresses.places(settings(List.of("shop"), List.of("payments.replies.shop"))).stream()
                .filter(place -> place.name().equals("payments.replies.shop"))
                .findFirst()
                .orElseThrow();
        assertThat(own.grants()).containsKey("client.shop").doesNotContainKey("client");
    }

    @Test
    void names_that_would_break_addresses_or_roles_are_refused() {
        for (String user : List.of("a.b", "#", "", "pinbridge", "operator", "a b", "a,b")) {
            assertThatThrownBy(() -> settings(List.of(user), List.of()))
                    .as(user)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (String queue : List.of("payments.commands", "pinbridge.x", "a..b", "a::b", "activemq.management", "")) {
            assertThatThrownBy(() -> settings(List.of(), List.of(queue)))
                    .as(queue)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static BrokerSettings settings(List<String> users, List<String> queues) {
        return new BrokerSettings(Path.of("data"), 0, users, queues, List.of("ccv"));
    }
}
