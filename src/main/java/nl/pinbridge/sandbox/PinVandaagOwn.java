package nl.pinbridge.sandbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What only Pin Vandaag knows of a payment.
 *
 * @param status Pin Vandaag's word
 * @param errorMsg its words for a failure
 * @param incidentCode WorldLine's code for a failure
 * @param endedAt when it became final; null while it runs
 */
record PinVandaagOwn(
        Brand brand,
        @Nullable String callbackUrl,
        String status,
        @Nullable String errorMsg,
        @Nullable String incidentCode,
        @Nullable Instant endedAt) {
    static PinVandaagOwn started(Brand brand, @Nullable String callbackUrl) {
        return new PinVandaagOwn(brand, callbackUrl, PinVandaagText.STARTED, null, null, null);
    }

    PinVandaagOwn ended(String word, @Nullable String words, @Nullable String code, Instant at) {
        return new PinVandaagOwn(brand, callbackUrl, word, words, code, at);
    }
}
