package nl.pinbridge.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.ReconciliationRun;
import nl.pinbridge.ledger.ReconciliationTx.Feed;
import nl.pinbridge.ledger.Tx;

/** How far the days are that a reconcile command asked for. */
final class Reconciling {
    private final Ledger ledger;
    private final Admin.House house;

    Reconciling(Ledger ledger, Admin.House house) {
        this.ledger = ledger;
        this.house = house;
    }

    /** @param commandId of the command, whoever sent it */
    ObjectNode progress(String commandId) {
        return ledger.inTransaction(tx -> {
            CommandRow command = tx.commandsNamed(commandId).stream()
                    .filter(row -> row.type() == CommandType.RECONCILE)
                    .findFirst()
                    .orElseThrow(() -> new SorryException("There is no command reconcile named '" + commandId + "'."));
            List<ReconciliationRun> runs = tx.reconciliation().runsAskedBy(command.rowId());
            ObjectNode answer = Json.object()
                    .put("commandId", commandId)
                    .put(
                            "status",
                            command.status() == null ? null : command.status().name())
                    .put("over", command.isOver())
                    .put("days", runs.size())
                    .put(
                            "daysDone",
                            runs.stream().filter(run -> run.state().isOver()).count())
                    .put(
                            "pagesRead",
                            runs.stream().mapToInt(ReconciliationRun::pages).sum());
            ArrayNode list = answer.putArray("runs");
            runs.forEach(run -> list.add(described(tx, run)));
            return answer;
        });
    }

    private ObjectNode described(Tx tx, ReconciliationRun run) {
        ObjectNode line = Json.object()
                .put("provider", run.provider())
                .put("businessDay", run.businessDay().toString())
                .put("state", run.state().name())
                .put("pass", run.pass())
                .put("terminal", run.terminal() + 1)
                .put(
                        "terminals",
                        run.coverage() == null
                                ? 0
                                : Json.read(run.coverage()).path("covered").size())
                .put("page", run.page())
                .put("pagesRead", run.pages())
                .put("attempts", run.attempts())
                .put("why", run.why());
        Optional<Feed> feed =
                switch (run.state()) {
                    case PUBLISHED -> tx.reconciliation().feedOf(run.id());
                    // Nothing was new: what was published before is what this run says.
                    case UNCHANGED -> tx.reconciliation().latestFeed(run.provider(), run.businessDay(), run.scope());
                    default -> Optional.empty();
                };
        feed.ifPresent(published -> {
            JsonNode trailer = Json.read(published.trailer());
            line.put("version", published.version())
                    .put("provisional", !published.dayOver())
                    .put("rows", trailer.path("rows").asLong())
                    .put("matched", trailer.path("matched").asLong())
                    .put("exceptions", trailer.path("exceptions").asLong())
                    .put("explained", trailer.path("explained").asLong())
                    .put("report", house.report(published).toString())
                    .set("identity", trailer.path("identity"));
        });
        return line;
    }
}
