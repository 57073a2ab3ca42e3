package nl.pinbridge.reconciliation;

import nl.pinbridge.ledger.Nudges;

/** The parts of a reconciliation that the routes are made of. */
public record Reconciliation(Runs runs, ListReader reader, Matching matching, FeedSender sender, Reports reports) {

    /**
     * Reads one page and takes it in.
     *
     * @return false when the list cannot be read; the run then says so and is tried again
     */
    public boolean read(Runs.Ask ask) {
        try {
            ListReader.Page page =
                    reader.page(ask.terminal(), ask.from(), ask.to(), ask.run().page(), () -> runs.renewInTime(ask));
            runs.store(ask, page);
            return true;
        } catch (ListReader.IncompleteException e) {
            if (e.refused()) {
                runs.notCovered(ask, e.why());
                return true;
            }
            runs.failed(ask.held(), e.why());
            return false;
        }
    }

    /** Answers whoever waited for the run. */
    public Nudges answer(Runs.Held held) {
        return runs.answerAll(held.runId());
    }
}
