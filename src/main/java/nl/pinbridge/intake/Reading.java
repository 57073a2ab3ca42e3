package nl.pinbridge.intake;

import nl.pinbridge.contract.Command;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.ResultError;
import org.jspecify.annotations.Nullable;

/** What became of a message on the command address. */
public sealed interface Reading {
    /** A command that keeps to the contract. */
    record Valid(Command command) implements Reading {}

    /**
     * The sender is known by its key and can be answered {@code REFUSED}.
     *
     * @param type null when the command's word is missing or unknown
     * @param error always {@code INVALID}, with the path of the field at fault
     */
    record Refused(String commandId, @Nullable CommandType type, ResultError error) implements Reading {}

    /**
     * No result can be addressed: the message belongs on {@code payments.refused}.
     *
     * @param reason a sentence for people; it quotes nothing of the message but names of fields
     * @param field the path of the field at fault; null where none is
     */
    record Unreadable(String reason, @Nullable String field) implements Reading {}
}
