package nl.pinbridge.routecheck;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nl.pinbridge.routecheck.Yaml.Scalar.Type;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * One YAML file, read with the parser that Camel reads it with, so that both see the same.
 *
 * @param content null where the file cannot be read or is empty
 * @param faults what is wrong with it as YAML
 */
record YamlFile(Path path, @Nullable Yaml content, List<Fault> faults) {
    /** More than any route needs, and less than what overflows a stack. */
    private static final int DEEPEST = 100;

    /** @param line counted from 1; 0 for the whole file */
    record Fault(int line, String message) {}

    static YamlFile read(Path path) {
        List<Fault> faults = new ArrayList<>();
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(path)))
                    .toString();
            LoadSettings settings =
                    LoadSettings.builder().setLabel(path.toString()).build();
            if (!events(new ParserImpl(settings, new StreamReader(settings, text)), faults)) {
                return new YamlFile(path, null, faults);
            }
            Optional<Node> root =
                    new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text))).getSingleNode();
            return new YamlFile(path, root.map(node -> value(node, faults)).orElse(null), faults);
        } catch (CharacterCodingException e) {
            faults.add(new Fault(0, "is no text in UTF-8: save it as such"));
        } catch (IOException e) {
            faults.add(new Fault(0, "cannot be read: is it a file, and readable for this user?"));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            faults.add(new Fault(line, "is no YAML here: " + e.getProblem()));
        } catch (YamlEngineException e) {
            faults.add(new Fault(0, "is no YAML: " + e.getMessage()));
        }
        return new YamlFile(path, null, faults);
    }

    /** What composing would hide: anchors, tags, several documents. False where composing is of no use. */
    private static boolean events(ParserImpl parser, List<Fault> faults) {
        int documents = 0;
        int depth = 0;
        boolean plain = true;
        while (parser.hasNext()) {
            Event event = parser.next();
            int line = line(event.getStartMark());
            if (event instanceof DocumentStartEvent && ++documents == 2) {
                faults.add(new Fault(line, "starts a second document: write one list of routes in each file"));
                plain = false;
            }
            if (event instanceof AliasEvent
                    || (event instanceof NodeEvent node && node.getAnchor().isPresent())) {
                String name =
                        ((NodeEvent) event).getAnchor().map(Anchor::getValue).orElse("");
                faults.add(new Fault(
                        line,
                        "has the anchor or alias " + name + ": write it out, so that a reader sees what a step does"));
                plain = false;
            }
            if (tag(event).isPresent()) {
                faults.add(new Fault(line, "has the tag " + tag(event).get() + ": routes need none"));
                plain = false;
            }
            if (event instanceof CollectionStartEvent && ++depth > DEEPEST) {
                faults.add(new Fault(line, "is nested too deep to be read"));
                return false;
            }
            if (event instanceof CollectionEndEvent) {
                depth--;
            }
        }
        return plain;
    }

    private static Optional<String> tag(Event event) {
        if (event instanceof ScalarEvent scalar) {
            return scalar.getTag();
        }
        return event instanceof CollectionStartEvent start ? start.getTag() : Optional.empty();
    }

    private static Yaml value(Node node, List<Fault> faults) {
        int line = line(node.getStartMark());
        if (node instanceof MappingNode mapping) {
            List<Yaml.Entry> entries = new ArrayList<>();
            Map<String, Integer> seen = new HashMap<>();
            for (NodeTuple tuple : mapping.getValue()) {
                int at = line(tuple.getKeyNode().getStartMark());
                if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                    faults.add(new Fault(at, "has a list or mapping as a key: keys are words"));
                    continue;
                }
                Integer before = seen.putIfAbsent(key.getValue(), at);
                if (before != null) {
                    faults.add(new Fault(
                            at,
                            "has the key " + key.getValue() + " twice (line " + before + "): only one of them counts"));
                    continue;
                }
                if (key.getValue().equals("<<")) {
                    faults.add(new Fault(at, "merges another mapping in: write it out"));
                }
                entries.add(new Yaml.Entry(key.getValue(), at, value(tuple.getValueNode(), faults)));
            }
            return new Yaml.Fields(List.copyOf(entries), line);
        }
        if (node instanceof SequenceNode sequence) {
            return new Yaml.Items(
                    sequence.getValue().stream()
                            .map(item -> value(item, faults))
                            .toList(),
                    line);
        }
        ScalarNode scalar = (ScalarNode) node;
        return new Yaml.Scalar(scalar.getValue(), type(scalar.getTag()), line);
    }

    private static Type type(Tag tag) {
        if (tag.equals(Tag.BOOL)) {
            return Type.BOOL;
        }
        if (tag.equals(Tag.NULL)) {
            return Type.NONE;
        }
        return tag.equals(Tag.INT) || tag.equals(Tag.FLOAT) ? Type.NUMBER : Type.TEXT;
    }

    private static int line(Optional<Mark> mark) {
        return mark.map(found -> found.getLine() + 1).orElse(0);
    }
}
