package nl.pinbridge.ledger;

import java.time.Instant;
import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.PaymentStatus;
import org.jspecify.annotations.Nullable;

/** Copies of rows with a few fields changed; rows themselves never change. */
public final class Rows {
    private Rows() {}

    public static PaymentRow withLook(
            PaymentRow p, PaymentStatus status, @Nullable Instant markedAt, @Nullable Instant nextLookAt) {
        return new PaymentRow(
                p.id(),
                p.createdBy(),
                status,
                p.version() + (status == p.status() ? 0 : 1),
                p.provider(),
                p.terminal(),
                p.device(),
                p.ownReference(),
                p.providerTransactionId(),
                p.currency(),
                p.requested(),
                p.tip(),
                p.authorised(),
                p.paid(),
                p.captured(),
                p.refunded(),
                p.reference(),
                p.test(),
                p.paymentUrl(),
                p.card(),
                p.receipts(),
                p.labels(),
                p.providerCreatedAt(),
                p.providerCreatedRaw(),
                p.createdAt(),
                markedAt,
                nextLookAt,
                p.looks());
    }

    public static CommandRow withStatus(CommandRow c, @Nullable CommandStatus status, @Nullable Instant nextNudgeAt) {
        return new CommandRow(
                c.rowId(),
                c.sender(),
                c.commandId(),
                c.contentHash(),
                c.body(),
                c.type(),
                status,
                c.version(),
                c.terminal(),
                c.device(),
                c.provider(),
                c.paymentId(),
                c.providerTransactionId(),
                c.error(),
                c.routeId(),
                c.routeFingerprint(),
                c.receivedAt(),
                c.expiresAt(),
                c.waitUntil(),
                nextNudgeAt);
    }

    public static CommandRow withRoute(CommandRow c, @Nullable String routeId, @Nullable String fingerprint) {
        return new CommandRow(
                c.rowId(),
                c.sender(),
                c.commandId(),
                c.contentHash(),
                c.body(),
                c.type(),
                c.status(),
                c.version(),
                c.terminal(),
                c.device(),
                c.provider(),
                c.paymentId(),
                c.providerTransactionId(),
                c.error(),
                routeId,
                fingerprint,
                c.receivedAt(),
                c.expiresAt(),
                c.waitUntil(),
                c.nextNudgeAt());
    }
}
