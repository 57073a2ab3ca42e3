package nl.pinbridge.kit;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.provider.ProviderFolder;
import nl.pinbridge.provider.ProviderFolder.Operation;

/** Each operation has its route and its mappings, each file has its use, and provider.yaml agrees with itself. */
final class FolderCheck {
    private final KitFolder folder;
    private final Notes notes;
    private final ProviderFolder provider;

    private FolderCheck(KitFolder folder, ProviderFolder provider) {
        this.folder = folder;
        this.notes = folder.notes();
        this.provider = provider;
    }

    static void check(KitFolder folder) {
        ProviderFolder provider = folder.provider();
        if (provider != null) {
            FolderCheck check = new FolderCheck(folder, provider);
            provider.operations().values().forEach(check::operation);
            check.wiring();
            check.statements();
        }
        scripts(folder);
    }

    private void operation(Operation operation) {
        notes.tried(Chapter.FOLDER);
        Wiring wiring = folder.wiring();
        String name = operation.name();
        String routes = folder.name() + ".camel.yaml";
        if (wiring.calls(name) != 1) {
            notes.wrong(
                    KitRule.ROUTE,
                    routes,
                    "calls provider-call:" + folder.name() + "/" + name + " " + times(wiring.calls(name))
                            + ", once is wanted");
            return;
        }
        notes.tried(Chapter.FOLDER);
        boolean asked =
                CommandType.fromWire(name).isPresent() || provider.find().contains(name) || name.equals("date");
        if (asked && !wiring.entries().contains("direct:" + folder.name() + "-" + name)) {
            notes.wrong(KitRule.ROUTE, routes, "has no route from direct:" + folder.name() + "-" + name);
        }
        notes.tried(Chapter.FOLDER);
        if (wiring.requests(name).isEmpty()) {
            notes.wrong(KitRule.ROUTE, routes, "has no mapping before the call of " + name);
        }
        notes.tried(Chapter.FOLDER);
        if (wiring.answers(name).isEmpty()) {
            notes.wrong(KitRule.ROUTE, routes, "has no mapping that reads the answer to " + name);
        }
    }

    private static String times(int count) {
        return count == 0 ? "nowhere" : count + " times";
    }

    private void wiring() {
        String routes = folder.name() + ".camel.yaml";
        for (String called : folder.wiring().called()) {
            notes.tried(Chapter.FOLDER);
            if (!provider.operations().containsKey(called)) {
                notes.wrong(KitRule.ROUTE, routes, "calls " + called + ", which provider.yaml does not know");
            }
        }
        folder.wiring()
                .foreign()
                .forEach(
                        foreign -> notes.wrong(
                                KitRule.ROUTE,
                                routes,
                                foreign
                                        + " is no file and no operation of this folder: results carry the fingerprint of this one"));
        notes.tried(Chapter.FOLDER);
        if (!folder.wiring().entries().contains("jms:queue:pinbridge.lane." + folder.name())) {
            notes.wrong(
                    KitRule.ROUTE,
                    routes,
                    "has no route from jms:queue:pinbridge.lane." + folder.name() + ": no command would be worked on");
        }
    }

    private static void scripts(KitFolder folder) {
        Set<String> named = new TreeSet<>(folder.wiring().scripts());
        named.add(ProviderFolder.WEBHOOK);
        for (String script : folder.scriptFiles()) {
            if (!named.contains(script)) {
                folder.notes().wrong(KitRule.UNUSED, script, "is used by no route");
            }
        }
        for (String script : folder.wiring().scripts()) {
            if (!folder.scriptFiles().contains(script)) {
                folder.notes().wrong(KitRule.SCRIPT, script, "is named by a route and is not there");
            }
        }
    }

    /** What the reader of provider.yaml lets pass because no key is wrong by itself. */
    private void statements() {
        ProviderFolder.Cadence cadence = provider.cadence();
        if (cadence.intervalMax().compareTo(cadence.maximum()) > 0) {
            statement(
                    "cadence.look-interval-max is above maximum: a payment would be given up before it is looked at again");
        }
        if (cadence.firstLook().compareTo(cadence.maximum()) >= 0) {
            statement("cadence.first-look is not below maximum: a payment would be given up before it is looked at");
        }
        boolean starts = false;
        for (Operation operation : provider.operations().values()) {
            starts |= operation.once();
            if (operation.once()
                    && operation.responseTimeout() != null
                    && operation.responseTimeout().compareTo(cadence.maximum()) >= 0) {
                statement(
                        "operations." + operation.name()
                                + ".response-timeout is not below cadence.maximum: the payment would be given up while its answer may come");
            }
        }
        if (!starts) {
            statement("no operation is made once only: there is nothing that this provider could be asked to do");
        }
        for (String finder : List.of("last-transaction", "by-reference")) {
            if (provider.operations().containsKey(finder) && !provider.find().contains(finder)) {
                statement("operations." + finder + " is read for find only, and does not stand there");
            }
        }
    }

    private void statement(String wrong) {
        notes.wrong(KitRule.STATEMENTS, ProviderFolder.FILE, wrong);
    }
}
