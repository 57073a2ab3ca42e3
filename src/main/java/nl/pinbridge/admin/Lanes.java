package nl.pinbridge.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.Desk;
import nl.pinbridge.ledger.LaneRow;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.Tx;
import nl.pinbridge.outcome.Decisions;
import org.jspecify.annotations.Nullable;

/** Who holds which terminal. */
final class Lanes {
    private final Ledger ledger;
    private final Decisions decisions;
    private final Admin.House house;
    private final Consumer<Nudges> publish;

    Lanes(Ledger ledger, Decisions decisions, Admin.House house, Consumer<Nudges> publish) {
        this.ledger = ledger;
        this.decisions = decisions;
        this.house = house;
        this.publish = publish;
    }

    ObjectNode list() {
        return ledger.inTransaction(tx -> {
            Desk desk = new Desk(tx);
            Map<String, LaneRow> lanes = new TreeMap<>();
            desk.lanes().forEach(lane -> lanes.put(lane.device(), lane));
            // Also those on which nothing ever ran.
            house.terminals()
                    .forEach(terminal -> lanes.putIfAbsent(
                            terminal.device(), new LaneRow(terminal.device(), null, null, null, null)));
            ObjectNode answer = Json.object();
            ArrayNode list = answer.putArray("lanes");
            lanes.values().forEach(lane -> list.add(described(tx, desk, lane)));
            return answer;
        });
    }

    private ObjectNode described(Tx tx, Desk desk, LaneRow lane) {
        Terminal terminal = house.ofDevice(lane.device()).orElse(null);
        CommandRow holder =
                lane.commandRow() == null ? null : tx.command(lane.commandRow()).orElse(null);
        PaymentRow payment =
                holder == null ? null : tx.paymentCreatedBy(holder.rowId()).orElse(null);
        boolean blocked = lane.blockedUntil() != null && tx.now().isBefore(lane.blockedUntil());
        ObjectNode line = Json.object();
        line.put("terminal", terminal == null ? null : terminal.alias());
        line.put("device", lane.device());
        line.put("provider", terminal == null ? null : terminal.provider());
        line.put("state", state(tx, terminal, lane, blocked));
        line.put("command", holder == null ? null : holder.commandId());
        line.put("payment", payment == null ? null : payment.id());
        line.put("paymentStatus", payment == null ? null : payment.status().name());
        line.put("takenAt", lane.takenAt() == null ? null : lane.takenAt().toString());
        line.put("blockedUntil", blocked ? String.valueOf(lane.blockedUntil()) : null);
        line.put("waiting", desk.waitingFor(lane.device()));
        return line;
    }

    private static String state(Tx tx, @Nullable Terminal terminal, LaneRow lane, boolean blocked) {
        if (lane.commandRow() != null) {
            return "TAKEN";
        }
        if (blocked) {
            return "BLOCKED";
        }
        return terminal != null && tx.paused(terminal.provider()) ? "PAUSED" : "FREE";
    }

    ObjectNode free(Question asked) {
        String name = asked.needed("terminal");
        String device = house.terminal(name)
                .map(Terminal::device)
                .or(() -> house.ofDevice(name).map(Terminal::device))
                .orElseThrow(() -> new SorryException("There is no terminal '" + name + "': 'lane list' shows them."));
        Decisions.Answer answer = decisions.freeLane(device, name, asked.signature());
        if (answer instanceof Decisions.Answer.Done done) {
            publish.accept(done.nudges());
            return Json.object().put("terminal", name).put("told", done.told());
        }
        throw new SorryException(((Decisions.Answer.Refused) answer).why());
    }
}
