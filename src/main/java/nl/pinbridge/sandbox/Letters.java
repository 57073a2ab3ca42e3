package nl.pinbridge.sandbox;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a provider writes a webhook about one change of one payment. */
interface Letters {
    /** What is written. */
    enum Told {
        TRUTH,
        /** As it was when it had just started. */
        EARLIER,
        OTHER_TRANSACTION,
        /** Failed for what is paid, paid for what failed. */
        OTHER_STATUS,
        /** {@link #OTHER_STATUS}, signed with a secret that is none. */
        FORGED,
        /** Another amount, put in after it was signed. */
        TAMPERED,
        UNSIGNED,
        /** The truth, signed by an unknown key. */
        UNKNOWN_KEY
    }

    String provider();

    String transactionId();

    String terminal();

    /**
     * The letter; the same arguments give the same bytes.
     *
     * @param style one of the provider's; null for the usual. An unknown one is the usual
     */
    Letter write(Told told, @Nullable String style);

    /** After how long it is sent again each time that it was not taken; empty for never. */
    List<Duration> retries();
}
