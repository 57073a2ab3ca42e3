package nl.pinbridge.chaos;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import nl.pinbridge.sandbox.Answer;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Outcome;
import org.jspecify.annotations.Nullable;

/** What can go wrong between the bridge and a provider; each is a script for the sandbox, for one call on one terminal. */
enum Trouble {
    NONE(fault -> fault),
    DECLINED(fault -> fault.outcome(Outcome.DECLINED)),
    CANCELLED_AT_TERMINAL(fault -> fault.outcome(Outcome.CANCELLED_AT_TERMINAL)),
    TIMED_OUT(fault -> fault.outcome(Outcome.TIMED_OUT)),
    PROCESSING_ERROR(fault -> fault.outcome(Outcome.PROCESSING_ERROR)),
    SLOW_CUSTOMER(fault -> fault.customerDelay(Duration.ofMillis(1_500))),
    ANSWER_LATE(fault -> fault.late(Duration.ofMillis(700))),
    ANSWER_TOO_LATE(fault -> fault.late(Duration.ofMillis(2_500))),
    NEVER_ANSWERED(Fault::neverAnswer),
    NEVER_ANSWERED_NOT_DONE(fault -> fault.withoutActing().neverAnswer()),
    BROKEN_AFTER(Fault::breakConnection),
    BROKEN_BEFORE(fault -> fault.withoutActing().breakConnection()),
    BAD_GATEWAY_AFTER(fault -> fault.http(502)),
    UNAVAILABLE_BEFORE(fault -> fault.withoutActing().http(503)),
    TRUNCATED(fault -> fault.answer(new Answer.Truncated(false))),
    CUT_OFF(fault -> fault.answer(new Answer.Truncated(true))),
    EMPTY(fault -> fault.answer(new Answer.Empty())),
    NOT_JSON(fault -> fault.answer(new Answer.NotJson())),
    WRONG_AMOUNT(fault -> fault.answer(new Answer.WrongAmount(99_999))),
    UNKNOWN_WORD(fault -> fault.answer(new Answer.StatusWord("manualintervention"))),
    NO_TRANSACTION_ID(fault -> fault.answer(new Answer.NoTransactionId())),
    /** A status code that nobody knows. */
    UNKNOWN_CODE(Shop.PAYNL, fault -> fault.answer(new Answer.StatusWord("33"))),
    /** Nothing is started, and it is tried again. */
    TERMINAL_IN_USE(Shop.PAYNL, fault -> fault.answer(new Answer.Busy()).times(2)),
    TOO_MANY_CALLS(Shop.PAYNL, Fault::tooMany),
    /** The host that is asked first; the others are there. */
    CORE_AWAY(
            Shop.PAYNL, fault -> fault.host("connect.pay.nl").breakConnection().times(3));

    private final @Nullable Shop only;
    private final UnaryOperator<Fault> script;

    Trouble(UnaryOperator<Fault> script) {
        this(null, script);
    }

    Trouble(@Nullable Shop only, UnaryOperator<Fault> script) {
        this.only = only;
        this.script = script;
    }

    /** What can go wrong with a provider. */
    static List<Trouble> of(Shop shop) {
        return Stream.of(values())
                .filter(each -> each.only == null || each.only == shop)
                .toList();
    }

    /** The script for the next call of an operation on a terminal. */
    Fault on(Shop shop, String operation, String terminal) {
        if (this == CORE_AWAY && !operation.equals("status")) {
            throw new IllegalArgumentException("nothing but a read goes to another host");
        }
        return script.apply(
                Fault.on(operation).provider(shop.provider()).terminal(terminal).times(1));
    }
}
