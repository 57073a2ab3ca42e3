package nl.pinbridge.ledger;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to make one version of one business day's feed, with the checkpoint that a killed run goes on from.
 *
 * @param scope empty for every terminal; else what names the terminals that were asked for
 * @param wanted JSON list of the aliases asked for; null for every terminal
 * @param version the version that it may publish
 * @param dayFrom first instant of the business day
 * @param dayTo first instant that is no longer in it
 * @param asOf nothing created at or after this is read; null before the first page
 * @param coverage JSON {@code {covered: [{alias, id}], notCovered: [{alias, reason}]}}; null before the first page
 * @param pass 1 or 2
 * @param terminal index of the terminal that is read, in the covered ones
 * @param page the page that is read next, from 1
 * @param pageHash of the ids on the page before; null on the first page
 * @param changes rows in which the second pass differs from the first
 * @param pages pages read in both passes
 * @param listHash of (id, status, amount) of the day's rows; null until both passes agree
 * @param attempts how often it was tried in vain
 * @param why what went wrong last
 */
@RecordBuilder
public record ReconciliationRun(
        String id,
        String provider,
        LocalDate businessDay,
        String scope,
        @Nullable String wanted,
        int version,
        State state,
        Instant dayFrom,
        Instant dayTo,
        @Nullable Instant asOf,
        @Nullable String coverage,
        int pass,
        int terminal,
        int page,
        @Nullable String pageHash,
        int changes,
        int pages,
        @Nullable String listHash,
        int attempts,
        Instant notBefore,
        @Nullable String why,
        @Nullable String leasedBy,
        @Nullable Instant leasedUntil,
        Instant createdAt,
        @Nullable Instant endedAt)
        implements ReconciliationRunBuilder.With {

    /** How far it is. */
    public enum State {
        /** To be read, or being read. */
        READING,
        /** Both passes are read and agree. */
        READ,
        /** The feed is in the ledger, to be sent. */
        MATCHED,
        /** The feed is with the broker; the reports may still be missing. */
        SENT,
        PUBLISHED,
        /** Nothing differs from the version that is published. */
        UNCHANGED,
        /** Given up; the next night tries again. */
        FAILED;

        public boolean isOver() {
            return this == PUBLISHED || this == UNCHANGED || this == FAILED;
        }
    }

    /** What names the feed in all its versions. */
    public String feedId() {
        return ReconciliationTx.Feed.feedId(provider, businessDay, scope);
    }

    /** What the database allows once as long as it is under way. */
    String openKey() {
        return provider + "/" + businessDay + "/" + scope;
    }
}
