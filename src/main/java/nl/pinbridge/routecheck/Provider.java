package nl.pinbridge.routecheck;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.routecheck.Yaml.Entry;
import nl.pinbridge.routecheck.Yaml.Fields;

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
     */
    record Operation(
            String provider,
            String name,
            String method,
            String path,
            boolean declaredOnce,
            boolean movesMoney,
            int line) {
        /** True where the call may be made once only. */
        boolean once() {
            return declaredOnce || movesMoney;
        }

        /** Where its route begins. */
        String route() {
            return "direct:" + provider + "-" + name;
        }

        String call() {
            return "provider-call:" + provider + "/" + name;
        }
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
                                    CommandType.fromWire(entry.key())
                                            .map(CommandType::movesMoney)
                                            .orElse(false),
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
