package nl.pinbridge.broker;

import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.TemporaryQueue;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.activemq.artemis.jms.client.ActiveMQDestination;
import org.apache.activemq.artemis.jms.client.ActiveMQTopic;
import org.jspecify.annotations.Nullable;

/**
 * Where a sender may have his results sent. Whatever way the address was written, what counts is its bare name, and
 * results are always sent to it as to an anycast queue.
 */
public final class ReplyAddresses {
    /** What {@code pinbridge.reply.allow} holds by default. */
    public static final List<String> DEFAULT_ALLOW = List.of("payments.replies.*");

    // Nothing that a broker gives a meaning to (:: for queues of an address, wildcards, options) and no separators.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,199}");
    // Temporary queues are named by the broker with a UUID; AMQP senders name them without a mark that says so.
    private static final Pattern UUID_NAME =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern QUEUE_PREFIX = Pattern.compile("(?i)^(temp-)?queue:?//");
    private static final Pattern TOPIC_PREFIX = Pattern.compile("(?i)^(temp-)?topic:?//");

    private final Pattern allowed;

    /**
     * @param allow patterns: {@code *} stands for one word, {@code #} at the end for any words
     * @throws IllegalArgumentException when a pattern is not usable
     */
    public ReplyAddresses(List<String> allow) {
        allowed =
                Pattern.compile(allow.stream().map(ReplyAddresses::regex).collect(Collectors.joining("|", "^(", ")$")));
    }

    /** What becomes of a wished reply address. */
    public sealed interface Verdict {
        /** No address was named. */
        record None() implements Verdict {}

        /**
         * @param name the bare name, to be sent to as an anycast queue
         * @param temporary true for a queue that lives as long as its client's connection
         */
        record Allowed(String name, boolean temporary) implements Verdict {}

        /**
         * @param asked the address as it was written, shortened
         */
        record Refused(String asked) implements Verdict {}
    }

    /** Judges a {@code JMSReplyTo}. */
    public Verdict judge(@Nullable Destination replyTo) {
        if (replyTo == null) {
            return new Verdict.None();
        }
        // Asked first: Artemis' own destinations are queue and topic at once in Java, and one that came by STOMP is
        // neither and knows its address only.
        if (replyTo instanceof ActiveMQDestination own) {
            if (own instanceof ActiveMQTopic) {
                return new Verdict.Refused(shortened("topic " + own.getAddress()));
            }
            return judge(own.getAddress(), own.isTemporary());
        }
        try {
            if (replyTo instanceof Queue queue && queue.getQueueName() != null) {
                return judge(queue.getQueueName(), replyTo instanceof TemporaryQueue);
            }
        } catch (JMSException e) {
            return new Verdict.Refused("unreadable");
        }
        return new Verdict.Refused(shortened(replyTo.toString()));
    }

    /** Judges an address as text, for example {@code queue://x}, or {@code queue//x} as STOMP senders end up with. */
    public Verdict judge(@Nullable String replyTo) {
        if (replyTo == null || replyTo.isBlank()) {
            return new Verdict.None();
        }
        return judge(replyTo.strip(), replyTo.strip().toLowerCase(Locale.ROOT).startsWith("temp-queue"));
    }

    private Verdict judge(String raw, boolean temporary) {
        if (TOPIC_PREFIX.matcher(raw).find()) {
            return new Verdict.Refused(shortened(raw));
        }
        String name = QUEUE_PREFIX.matcher(raw).replaceFirst("");
        if (!NAME.matcher(name).matches()) {
            return new Verdict.Refused(shortened(raw));
        }
        if (UUID_NAME.matcher(name).matches()) {
            return new Verdict.Allowed(name, true);
        }
        // A name that only claims to be temporary must still match: it could be any queue.
        if (name.equals(Addresses.REPLIES)
                || (!Addresses.isReserved(name) && allowed.matcher(name).matches())) {
            return new Verdict.Allowed(name, temporary);
        }
        return new Verdict.Refused(shortened(raw));
    }

    private static String regex(String pattern) {
        String stripped = pattern.strip();
        if (!stripped.matches("[A-Za-z0-9_.*-]+(\\.#)?") || stripped.startsWith("*")) {
            throw new IllegalArgumentException("The pattern '" + pattern
                    + "' in pinbridge.reply.allow is not usable: words and dots, * for one word, .# at the end for the"
                    + " rest; it must not start with *.");
        }
        StringBuilder regex = new StringBuilder();
        for (char c : stripped.toCharArray()) {
            switch (c) {
                case '*' -> regex.append("[^.]+");
                case '#' -> regex.append(".+");
                case '.' -> regex.append("\\.");
                default -> regex.append(c);
            }
        }
        return regex.toString();
    }

    private static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
}
