package nl.pinbridge.routecheck;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.provider.ProviderFolder;
import nl.pinbridge.routecheck.Yaml.Entry;
import nl.pinbridge.routecheck.Yaml.Fields;
import org.jspecify.annotations.Nullable;

/**
 * What a provider's folder says of its operations, as far as routes must know it.
 *
 * @param folder {@code routes/providers/<name>}
 * @param name the folder's name
 * @param file its {@code provider.yaml}
 */
record Provider(Path folder, String name, YamlFile file, Map<String, Operation> operations) {
    /**
     * @param declaredOnce true unless the folder says that the call may be repeated: what is not said is not allowed
     * @param movesMoney true where the contract knows a command of this name that must never be sent twice
     * @param partOf the operation in whose route it stands; null where it has a route of its own
     */
    record Operation(
            String provider,
            String name,
            String method,
            String path,
            boolean declaredOnce,
            boolean movesMoney,
            @Nullable String partOf,
            int line) {
        /** True where the call may be made once only. */
        boolean once() {
            return declaredOnce || movesMoney;
        }

        /** Where the route begins that it stands in. */
        String route() {
            return "direct:" + provider + "-" + (partOf == null ? name : partOf);
        }

        String call() {
            return "provider-call:" + provider + "/" + name;
        }
    }

    /** The reads that stand in the route of this operation, before its own call. */
    List<Operation> partsOf(Operation whole) {
        return operations.values().stream()
                .filter(operation -> whole.name().equals(operation.partOf()))
                .toList();
    }

    static Provider of(Path folder, YamlFile file) {
        String name = String.valueOf(folder.getFileName());
        Map<String, Operation> operations = new LinkedHashMap<>();
        if (file.content() instanceof Fields fields) {
            for (Entry entry : fields.fields("operations").entries()) {
                if (entry.value() instanceof Fields operation) {
                    String method = operation.text("method");
                    String path = operation.text("path");
                    operations.put(
                            entry.key(),
                            new Operation(
                                    name,
                                    entry.key(),
                                    method == null ? "" : method,
                                    path == null ? "" : path,
                                    once(operation),
                                    ProviderFolder.commandOf(entry.key())
                                            .map(CommandType::movesMoney)
                                            .orElse(false),
                                    operation.text("part-of"),
                                    entry.line()));
                }
            }
        }
        return new Provider(folder, name, file, operations);
    }

    /** Both names of the flag are read; with neither, or with two minds, the call counts as one that may be made once only. */
    private static boolean once(Fields operation) {
        String once = operation.text("once");
        String money = operation.text("money");
        return !("false".equals(once) && (money == null || money.equals("false")))
                && !(once == null && "false".equals(money));
    }
}
