package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.Json;
import nl.pinbridge.provider.ProviderFolder;
import nl.pinbridge.provider.ProviderFolder.Operation;
import org.jspecify.annotations.Nullable;

/** What each provider can do, by command and brand, from the providers' folders. */
final class ProvidersText {
    private static final int WIDTH = 100;

    /** The column of a provider that knows no brands. */
    private static final String ALL = "ALL";

    /** Commands that the bridge answers itself: no provider has a say in them. */
    private static final Set<CommandType> OWN = EnumSet.of(
            CommandType.PING, CommandType.LIST_TERMINALS, CommandType.TERMINAL_STATUS, CommandType.RECONCILE);

    /** Whether a terminal of a brand can do something. */
    enum Support {
        YES("yes"),
        /** On request, and the operator's setting asks for it. */
        ALLOWED("allowed"),
        ON_REQUEST("on request"),
        /** Not of a payment of ours: of what was authorised without the bridge. */
        ELSEWHERE("elsewhere"),
        /** The provider cannot be asked; the bridge tells what it knows. */
        LEDGER("ledger"),
        NO("no");

        private final String words;

        Support(String words) {
            this.words = words;
        }

        static Support of(ProviderFolder folder, String operation, @Nullable String brand, Set<String> allowed) {
            if (folder.supports(operation, brand)) {
                return YES;
            }
            if (folder.supports(operation, brand, allowed)) {
                return ALLOWED;
            }
            return folder.supports(operation, brand, folder.onRequest()) ? ON_REQUEST : NO;
        }
    }

    private final Collection<ProviderFolder> folders;
    private final Function<String, Set<String>> allowed;

    /**
     * @param allowed what the operator's setting allows a provider beyond its page, as in {@code cancel/CCV}
     */
    ProvidersText(Collection<ProviderFolder> folders, Function<String, Set<String>> allowed) {
        this.folders = folders;
        this.allowed = allowed;
    }

    List<String> lines() {
        if (folders.isEmpty()) {
            return List.of("There are no providers.");
        }
        List<String> lines = new ArrayList<>();
        if (folders.size() > 1) {
            lines.add("All providers");
            lines.add("");
            overview().forEach(line -> lines.add("  " + line));
            legend(folders).forEach(line -> lines.add("  " + line));
        }
        for (ProviderFolder folder : folders) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.add(HumanText.clean(folder.title()) + " (" + folder.name() + ")");
            lines.add("");
            table(folder).forEach(line -> lines.add("  " + line));
            legend(List.of(folder)).forEach(line -> lines.add("  " + line));
            if (!folder.onRequest().isEmpty()) {
                lines.add("");
                lines.add("  on request: " + setting(folder.name()) + "=" + String.join(",", folder.onRequest()));
            }
            List<Operation> once = once(folder);
            if (!once.isEmpty()) {
                lines.add("");
                lines.add("  Made once only, never sent again. When the answer is lost:");
                int name = once.stream()
                        .mapToInt(each -> each.name().length())
                        .max()
                        .orElse(0);
                for (Operation operation : once) {
                    String head = "  " + padded(operation.name(), name) + "  ";
                    for (String part :
                            wrapped(HumanText.clean(String.valueOf(operation.lostAnswer())), head.length())) {
                        lines.add(head + part);
                        head = " ".repeat(head.length());
                    }
                }
            }
        }
        return lines;
    }

    ObjectNode json() {
        ObjectNode all = Json.object();
        ArrayNode providers = all.putArray("providers");
        for (ProviderFolder folder : folders) {
            ObjectNode provider =
                    providers.addObject().put("name", folder.name()).put("title", folder.title());
            ArrayNode brands = provider.putArray("brands");
            new TreeSet<>(folder.brands()).forEach(brands::add);
            provider.put("setting", setting(folder.name()));
            ArrayNode onRequest = provider.putArray("onRequest");
            folder.onRequest().forEach(onRequest::add);
            ArrayNode commands = provider.putArray("commands");
            for (CommandType type : commands()) {
                Operation operation = folder.operations().get(folder.way(type));
                ObjectNode command = commands.addObject()
                        .put("command", type.wire())
                        .put("once", operation != null && operation.once())
                        .put("lostAnswer", operation == null ? null : operation.lostAnswer());
                ObjectNode supported = command.putObject("support");
                for (String column : columns(folder)) {
                    supported.put(column, support(folder, type, column).words.replace(' ', '-'));
                }
            }
        }
        return all;
    }

    /** Every command by every provider and brand, the providers' names above their brands. */
    private List<String> overview() {
        List<List<String>> rows = new ArrayList<>();
        List<String> names = new ArrayList<>(List.of(""));
        List<String> heads = new ArrayList<>(List.of("COMMAND"));
        for (ProviderFolder folder : folders) {
            String name = folder.name();
            for (String column : columns(folder)) {
                names.add(name);
                heads.add(column);
                // Once, above the first of its brands.
                name = "";
            }
        }
        rows.add(names);
        rows.add(heads);
        for (CommandType type : commands()) {
            List<String> row = new ArrayList<>(List.of(type.wire()));
            for (ProviderFolder folder : folders) {
                columns(folder).forEach(column -> row.add(support(folder, type, column).words));
            }
            rows.add(row);
        }
        return aligned(rows);
    }

    private List<String> table(ProviderFolder folder) {
        List<List<String>> rows = new ArrayList<>();
        List<String> heads = new ArrayList<>(List.of("COMMAND"));
        heads.addAll(columns(folder));
        rows.add(heads);
        for (CommandType type : commands()) {
            List<String> row = new ArrayList<>(List.of(type.wire()));
            columns(folder).forEach(column -> row.add(support(folder, type, column).words));
            rows.add(row);
        }
        return aligned(rows);
    }

    private static List<String> aligned(List<List<String>> rows) {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int c = column;
                int width = rows.stream()
                        .mapToInt(each -> each.get(c).length())
                        .max()
                        .orElse(0);
                line.append(padded(row.get(column), width)).append("  ");
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private Support support(ProviderFolder folder, CommandType type, String column) {
        if (type == CommandType.STATUS && folder.answersOnce()) {
            return Support.LEDGER;
        }
        String brand = folder.brands().isEmpty() ? null : column;
        String way = folder.way(type);
        Support support = Support.of(folder, way, brand, allowed.apply(folder.name()));
        boolean elsewhere = way.equals(ProviderFolder.CAPTURE_ELSEWHERE);
        return support == Support.YES && elsewhere ? Support.ELSEWHERE : support;
    }

    /** What the words of a table mean that are neither yes nor no. */
    private List<String> legend(Collection<ProviderFolder> shown) {
        Set<Support> used = EnumSet.noneOf(Support.class);
        for (ProviderFolder folder : shown) {
            for (CommandType type : commands()) {
                columns(folder).forEach(column -> used.add(support(folder, type, column)));
            }
        }
        List<String> lines = new ArrayList<>();
        if (used.contains(Support.ELSEWHERE)) {
            lines.add("elsewhere: of an authorisation that was made without the bridge; it names the terminal");
        }
        if (used.contains(Support.LEDGER)) {
            lines.add("ledger: the provider cannot be asked; the bridge tells what it knows");
        }
        return lines;
    }

    private static List<String> columns(ProviderFolder folder) {
        return folder.brands().isEmpty() ? List.of(ALL) : List.copyOf(new TreeSet<>(folder.brands()));
    }

    private static List<CommandType> commands() {
        return List.copyOf(EnumSet.complementOf(EnumSet.copyOf(OWN)));
    }

    private static List<Operation> once(ProviderFolder folder) {
        return folder.operations().values().stream().filter(Operation::once).toList();
    }

    private static String setting(String provider) {
        return "pinbridge.provider." + provider + ".allow";
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    /** The words in lines that fit beside a head of this many characters. */
    private static List<String> wrapped(String text, int head) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" +")) {
            if (!line.isEmpty() && head + line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
