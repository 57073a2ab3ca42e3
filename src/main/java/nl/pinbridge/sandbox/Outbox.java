package nl.pinbridge.sandbox;

import java.util.ArrayList;
import java.util.List;

/** The receipts that would have been mailed, in order. Safe for any thread; grows until a reset. */
public final class Outbox {
    private final List<Mail> mails = new ArrayList<>();

    Outbox() {}

    synchronized void add(Mail mail) {
        mails.add(mail);
    }

    public synchronized List<Mail> all() {
        return List.copyOf(mails);
    }

    /** The receipts of one transaction, oldest first; more than one is a mail sent twice. */
    public List<Mail> of(String transactionId) {
        return all().stream()
                .filter(mail -> transactionId.equals(mail.transactionId()))
                .toList();
    }

    synchronized void clear() {
        mails.clear();
    }
}
