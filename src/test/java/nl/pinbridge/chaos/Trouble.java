package nl.pinbridge.chaos;

import java.time.Duration;
import java.util.function.UnaryOperator;
import nl.pinbridge.sandbox.Answer;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Outcome;

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
    NO_TRANSACTION_ID(fault -> fault.answer(new Answer.NoTransactionId()));

    private final UnaryOperator<Fault> script;

    Trouble(UnaryOperator<Fault> script) {
        this.script = script;
    }

    /** The script for the next call of an operation on a terminal. */
    Fault on(String operation, String terminal) {
        return script.apply(Fault.on(operation).terminal(terminal).times(1));
    }
}
