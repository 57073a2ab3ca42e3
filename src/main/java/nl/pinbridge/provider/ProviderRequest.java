package nl.pinbridge.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import nl.pinbridge.config.Secret;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.Json;
import nl.pinbridge.provider.ProviderFolder.Encoding;
import nl.pinbridge.provider.ProviderFolder.Operation;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request, whole and in bytes, with the credentials in it: made before the mark, so that a fault in a mapping sends nothing.
 *
 * @param url without the query
 * @param query percent-encoded; null for none
 * @param contentType null where there is no body
 * @param body null for none
 * @param shown the request as evidence shows it, before redaction: no credentials in it
 */
record ProviderRequest(
        String method,
        String url,
        @Nullable String query,
        Map<String, String> headers,
        @Nullable String contentType,
        byte @Nullable [] body,
        ObjectNode shown,
        Redactor redactor) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final Set<String> PARTS = Set.of("form", "json", "query", "path");

    /**
     * @param mapped a mapping's output: {@code form} or {@code json}, {@code query}, {@code path}
     * @throws IllegalArgumentException when the mapping's output is no request for this operation; the message holds names, no values
     */
    static ProviderRequest of(
            ProviderFolder folder, ProviderSettings settings, Operation operation, ProviderJob job, JsonNode mapped) {
        return of(folder, settings, operation, settings.base(folder, operation), job, mapped);
    }

    /** The same, at this base URL. */
    static ProviderRequest of(
            ProviderFolder folder,
            ProviderSettings settings,
            Operation operation,
            URI base,
            ProviderJob job,
            JsonNode mapped) {
        Terminal terminal = job.terminal();
        if (!mapped.isObject()) {
            throw new IllegalArgumentException("The mapping gave no object");
        }
        for (Iterator<String> names = mapped.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!PARTS.contains(name)) {
                throw new IllegalArgumentException(
                        "The mapping's output has " + name + "; known are form, json, query, path");
            }
        }
        List<Secret> secrets = new ArrayList<>(settings.secrets().values());
        // Whoever knows the address of a payment's webhooks can send some.
        String callback = job.view().at("/settings/callbackUrl").textValue();
        if (callback != null) {
            secrets.add(new Secret(callback.substring(callback.lastIndexOf('/') + 1)));
        }
        Secret key = terminal.key();
        if (key != null) {
            secrets.add(key);
        }
        folder.confidential().forEach(name -> {
            String told = job.view().path("command").path("provider").path(name).textValue();
            if (told != null && !told.isEmpty()) {
                secrets.add(new Secret(told));
            }
        });
        Function<String, String> credential = template -> fill(template, name -> switch (name) {
            case "terminal.id" -> terminal.id();
            case "terminal.key" -> {
                if (key == null) {
                    throw new IllegalArgumentException("Terminal " + terminal.alias() + " has no key");
                }
                yield key.reveal();
            }
            default -> {
                Secret secret = settings.secrets().get(name.substring("setting.".length()));
                if (secret == null) {
                    throw new IllegalArgumentException("There is no secret setting for {" + name + "}");
                }
                yield secret.reveal();
            }
        });

        ObjectNode shown = Json.object();
        Map<String, String> headers = new LinkedHashMap<>(folder.headers());
        ProviderFolder.Auth auth = operation.anonymous() ? ProviderFolder.Auth.NONE : folder.auth();
        auth.header().forEach((name, template) -> headers.put(name, credential.apply(template)));
        Map<String, String> named = new LinkedHashMap<>();
        operation.headers().forEach((name, template) -> named.put(name, fill(template, id -> id(job, id))));
        if (!named.isEmpty()) {
            headers.putAll(named);
            shown.set("headers", Json.MAPPER.valueToTree(named));
        }
        String user = auth.basicUser();
        String password = auth.basicPassword();
        if (user != null && password != null) {
            String pair = credential.apply(user) + ":" + credential.apply(password);
            String encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
            secrets.add(new Secret(encoded));
            headers.put("Authorization", "Basic " + encoded);
        }

        Map<String, String> path = values(mapped, "path");
        if (!path.keySet().equals(operation.pathValues())) {
            throw new IllegalArgumentException(
                    "The path wants the values " + operation.pathValues() + ", the mapping gave " + path.keySet());
        }
        String url = base.toString().replaceFirst("/+$", "")
                + fill(operation.path(), name -> segment(name, path.getOrDefault(name, "")));

        Map<String, String> query = values(mapped, "query");
        shown.set("query", query.isEmpty() ? null : Json.MAPPER.valueToTree(query));

        JsonNode json = mapped.path("json");
        boolean hasForm = mapped.has("form");
        if (hasForm && mapped.has("json")) {
            throw new IllegalArgumentException("The mapping gave a form and a json; only one can be sent");
        }
        String contentType = null;
        byte[] body = null;
        Encoding encoding = settings.encoding() == null ? folder.encoding() : settings.encoding();
        if (mapped.has("json")) {
            if (!auth.form().isEmpty()) {
                throw new IllegalArgumentException("The credentials are form fields, the mapping gave a json");
            }
            contentType = "application/json";
            body = Json.write(json).getBytes(StandardCharsets.UTF_8);
            shown.set("json", json);
        } else if (hasForm || !auth.form().isEmpty()) {
            Map<String, String> form = new LinkedHashMap<>();
            ObjectNode shownForm = shown.putObject("form");
            auth.form().forEach((name, template) -> {
                form.put(name, credential.apply(template));
                shownForm.put(name, template.equals("{terminal.id}") ? terminal.id() : "***");
            });
            values(mapped, "form").forEach((name, value) -> {
                if (form.containsKey(name)) {
                    throw new IllegalArgumentException("The mapping gave the form field " + name
                            + ", which holds a credential or stands there already");
                }
                form.put(name, value);
                shownForm.put(name, value);
            });
            if (encoding == Encoding.MULTIPART) {
                String boundary = boundary(form);
                contentType = "multipart/form-data; boundary=" + boundary;
                body = multipart(form, boundary).getBytes(StandardCharsets.UTF_8);
            } else if (encoding == Encoding.URLENCODED) {
                contentType = "application/x-www-form-urlencoded";
                body = urlencoded(form).getBytes(StandardCharsets.UTF_8);
            } else {
                throw new IllegalArgumentException("The provider takes json, the mapping gave a form");
            }
        }
        if (body != null && operation.method().equals("GET")) {
            throw new IllegalArgumentException("A GET takes no form and no json");
        }
        return new ProviderRequest(
                operation.method(),
                url,
                query.isEmpty() ? null : urlencoded(query),
                headers,
                contentType,
                body,
                shown,
                new Redactor(secrets));
    }

    /** Never the contents: a request prints without credentials. */
    @Override
    public String toString() {
        return method + " " + url;
    }

    /** The values of one part; those that are null are left out. */
    private static Map<String, String> values(JsonNode mapped, String part) {
        JsonNode node = mapped.get(part);
        Map<String, String> values = new LinkedHashMap<>();
        if (node == null || node.isNull()) {
            return values;
        }
        if (!node.isObject()) {
            throw new IllegalArgumentException("The mapping's " + part + " is no object");
        }
        node.fields().forEachRemaining(field -> {
            JsonNode value = field.getValue();
            if (value.isTextual() || value.isBoolean() || value.isIntegralNumber()) {
                values.put(field.getKey(), value.asText());
            } else if (!value.isNull()) {
                // A fraction has no one way to be written: the mapping has to say which.
                throw new IllegalArgumentException("The mapping's " + part + "." + field.getKey()
                        + " is neither text, nor true or false, nor a whole number, nor null");
            }
        });
        return values;
    }

    /** The ledger's id of what a call is about; without it nothing is sent. */
    private static String id(ProviderJob job, String name) {
        String id = name.equals("payment.id") ? job.paymentId() : job.commandRow();
        if (id == null || !ID.matcher(id).matches()) {
            throw new IllegalArgumentException("There is no {" + name + "} to name this call by");
        }
        return id;
    }

    private static String fill(String template, Function<String, String> value) {
        return PLACEHOLDER.matcher(template).replaceAll(found -> Matcher.quoteReplacement(value.apply(found.group(1))));
    }

    private static String segment(String name, String value) {
        // A dot segment would be resolved away and hit another path.
        if (value.isEmpty() || value.equals(".") || value.equals("..")) {
            throw new IllegalArgumentException("The mapping's path." + name + " is no path segment");
        }
        return percent(value);
    }

    private static String percent(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static String urlencoded(Map<String, String> values) {
        return values.entrySet().stream()
                .map(value -> percent(value.getKey()) + "=" + percent(value.getValue()))
                .collect(Collectors.joining("&"));
    }

    static String multipart(Map<String, String> form, String boundary) {
        StringBuilder text = new StringBuilder();
        form.forEach((name, value) -> text.append("--")
                .append(boundary)
                .append("\r\nContent-Disposition: form-data; name=\"")
                .append(name.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A"))
                .append("\"\r\n\r\n")
                .append(value)
                .append("\r\n"));
        return text.append("--").append(boundary).append("--\r\n").toString();
    }

    private static String boundary(Map<String, String> form) {
        Set<String> values = new HashSet<>(form.values());
        String boundary;
        do {
            boundary = "pinbridge-" + UUID.randomUUID();
        } while (contains(values, boundary));
        return boundary;
    }

    private static boolean contains(Set<String> values, String boundary) {
        return values.stream().anyMatch(value -> value.contains(boundary));
    }
}
