package nl.pinbridge.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import nl.pinbridge.contract.Json;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.SingleInputTypedLanguageSupport;
import org.jspecify.annotations.Nullable;

/**
 * The expression language {@code jq} of the routes: {@code jq: {expression: "resource:file:routes/…/create-request.jq"}}.
 *
 * <p>Bound by its name: {@code @BindToRegistry("jq") JqLanguage jq() { return new JqLanguage(); }}. The input is the message body, a
 * {@link JsonNode} or text that is JSON; the result is a {@link JsonNode}. A script is compiled once, when its route is built: a script
 * that is no jq stops the route from starting.
 */
public final class JqLanguage extends SingleInputTypedLanguageSupport {
    private final ConcurrentMap<String, JqScript> compiled = new ConcurrentHashMap<>();

    @Override
    public Expression createExpression(@Nullable Expression source, String expression, Object @Nullable [] properties) {
        JqScript script = script(expression);
        return new ExpressionAdapter() {
            @Override
            public Object evaluate(Exchange exchange) {
                return script.apply(input(source, exchange));
            }

            @Override
            public <T> T evaluate(Exchange exchange, Class<T> type) {
                // A text node as text: Camel's converters would give some of them as JSON, in quotes.
                Object result = evaluate(exchange);
                if (type == String.class && result instanceof JsonNode node) {
                    return type.cast(node.isTextual() ? node.textValue() : Json.write(node));
                }
                return type.isInstance(result)
                        ? type.cast(result)
                        : exchange.getContext().getTypeConverter().convertTo(type, exchange, result);
            }

            @Override
            public void init(org.apache.camel.CamelContext context) {
                super.init(context);
                if (source != null) {
                    source.init(context);
                }
            }

            @Override
            public String toString() {
                return "jq[" + script + "]";
            }
        };
    }

    @Override
    public Predicate createPredicate(@Nullable Expression source, String expression, Object @Nullable [] properties) {
        JqScript script = script(expression);
        return new Predicate() {
            @Override
            public boolean matches(Exchange exchange) {
                return script.test(input(source, exchange));
            }

            @Override
            public void init(org.apache.camel.CamelContext context) {
                if (source != null) {
                    source.init(context);
                }
            }

            @Override
            public String toString() {
                return "jq[" + script + "]";
            }
        };
    }

    private JqScript script(String expression) {
        String text = loadResource(expression);
        // The name is part of the key, so that two files with the same text keep their own names in messages.
        return compiled.computeIfAbsent(expression + '\n' + text, key -> JqScript.compile(expression, text));
    }

    private static JsonNode input(@Nullable Expression source, Exchange exchange) {
        Object body = source == null ? exchange.getMessage().getBody() : source.evaluate(exchange, Object.class);
        if (body == null) {
            return NullNode.getInstance();
        }
        if (body instanceof JsonNode node) {
            return node;
        }
        try {
            if (body instanceof String text) {
                return Json.MAPPER.readTree(text);
            }
            if (body instanceof byte[] bytes) {
                return Json.MAPPER.readTree(bytes);
            }
            if (body instanceof InputStream || body instanceof org.apache.camel.StreamCache) {
                return Json.MAPPER.readTree(
                        exchange.getContext().getTypeConverter().mandatoryConvertTo(byte[].class, exchange, body));
            }
            return Json.MAPPER.valueToTree(body);
        } catch (IOException | org.apache.camel.CamelException | IllegalArgumentException e) {
            // The body is named by its type alone: it may hold personal data.
            throw new IllegalArgumentException(
                    "The input of a jq expression is no JSON: "
                            + body.getClass().getSimpleName(),
                    e);
        }
    }
}
