package nl.pinbridge.app;

import jakarta.jms.JMSException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nl.pinbridge.admin.Admin;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.config.Terminals;
import nl.pinbridge.intake.Intake;
import nl.pinbridge.intake.MessageReader;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.Path;
import nl.pinbridge.ledger.ReconciliationTx.Feed;
import nl.pinbridge.outcome.ProviderRules;
import nl.pinbridge.publish.Messenger;
import nl.pinbridge.publish.Publisher;
import nl.pinbridge.reconciliation.Reports;

/** What the operator's room needs of the running bridge. */
final class OperatorHouse implements Admin.House {
    private static final String ACTUAL_EXPIRY = "_AMQ_ACTUAL_EXPIRY";

    private final Terminals terminals;
    private final Set<String> providers;
    private final Map<String, ProviderRules> rules;
    private final Publisher publisher;
    private final Messenger messenger;
    private final MessageReader messages;
    private final Intake intake;
    private final Reports reports;
    private final Clock clock;

    OperatorHouse(
            Terminals terminals,
            Set<String> providers,
            Map<String, ProviderRules> rules,
            Publisher publisher,
            Messenger messenger,
            MessageReader messages,
            Intake intake,
            Reports reports,
            Clock clock) {
        this.terminals = terminals;
        this.providers = providers;
        this.rules = rules;
        this.publisher = publisher;
        this.messenger = messenger;
        this.messages = messages;
        this.intake = intake;
        this.reports = reports;
        this.clock = clock;
    }

    @Override
    public Optional<Terminal> terminal(String alias) {
        return terminals.find(alias);
    }

    @Override
    public Optional<Terminal> ofDevice(String device) {
        return terminals.ofDevice(device);
    }

    @Override
    public Collection<Terminal> terminals() {
        return terminals.all();
    }

    @Override
    public Collection<String> providers() {
        return providers;
    }

    @Override
    public ProviderRules rules(String provider) {
        ProviderRules known = rules.get(provider);
        if (known == null) {
            throw new IllegalStateException("There is no folder for the provider " + provider);
        }
        return known;
    }

    @Override
    public java.nio.file.Path report(Feed feed) {
        return reports.page(feed).toAbsolutePath().normalize();
    }

    @Override
    public void publish(Nudges nudges) {
        publisher.publish(nudges);
    }

    @Override
    public String takeIn(jakarta.jms.Message message) {
        MessageReader.Message read = messages.read(message, hasExpired(message));
        Intake.Received received = read.received();
        if (received == null) {
            throw new IllegalArgumentException("It cannot be read as a command: " + read.unreadable());
        }
        Intake.Verdict verdict = intake.accept(sentWhenItWas(received, message));
        if (verdict.way() == Intake.Way.REFUSED) {
            throw new IllegalArgumentException("It cannot be read as a command: " + verdict.reason());
        }
        if (verdict.direct() != null) {
            messenger.deliverDirect(
                    verdict.direct().replyTo(),
                    verdict.direct().correlationId(),
                    verdict.direct().body());
        }
        publisher.publish(verdict.nudges());
        if (verdict.way() == Intake.Way.ANSWERED || verdict.commandRow() == null) {
            return "It was taken in and answered at once.";
        }
        messenger.wake(
                new Nudges.Wake(Path.valueOf(verdict.way().name()), verdict.provider(), verdict.commandRow(), null));
        return "It was taken in under its sender's name (" + received.sender() + ") and is worked on.";
    }

    @Override
    public String hidden(String text) {
        return messages.hidden(text);
    }

    private static boolean hasExpired(jakarta.jms.Message message) {
        try {
            return message.propertyExists(ACTUAL_EXPIRY);
        } catch (JMSException e) {
            return true;
        }
    }

    /** The broker's own time of arrival is that of its last move; the sender's is older, and the older one counts. */
    private Intake.Received sentWhenItWas(Intake.Received received, jakarta.jms.Message message) {
        Instant sent;
        try {
            long stamp = message.getJMSTimestamp();
            sent = stamp > 0 ? Instant.ofEpochMilli(stamp) : clock.instant();
        } catch (JMSException e) {
            sent = Instant.EPOCH;
        }
        return new Intake.Received(
                received.text(),
                received.sender(),
                received.replyTo(),
                received.correlationId(),
                sent.isBefore(received.ingress()) ? sent : received.ingress(),
                received.expiration(),
                received.expired());
    }
}
