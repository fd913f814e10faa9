import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.VectorSimilarityFunction;

/** The fields of a mapping by their whole names, and a document's values as Lucene's fields. */
final class Fields {
    private static final Set<String> COUNTABLE = Set.of("long", "integer", "double", "date");

    private final Map<String, JsonNode> known = new HashMap<>();

    void add(String prefix, JsonNode properties) {
        Iterator<Map.Entry<String, JsonNode>> each = properties.fields();
        while (each.hasNext()) {
            Map.Entry<String, JsonNode> entry = each.next();
            String name = prefix + entry.getKey();
            known.put(name, entry.getValue());
            add(name + ".", entry.getValue().path("properties"));
        }
    }

    String type(String name) {
        JsonNode field = known.get(name);
        if (field == null) {
            throw new IllegalArgumentException("the mapping has no field " + name);
        }
        return field.path("type").asText("object");
    }

    Map<String, String> analysers() {
        Map<String, String> found = new HashMap<>();
        known.forEach((name, field) -> {
            if (field.path("type").asText().equals("text")) {
                Checks.is("occurrences", field.path("similarity").asText());
                found.put(name, field.path("analyzer").asText());
            }
        });
        return found;
    }

    /** The text fields that a name with a star at its end stands for. */
    List<String> texts(String pattern) {
        String start = pattern.substring(0, pattern.length() - 1);
        List<String> names = new ArrayList<>(analysers().keySet());
        names.removeIf(name -> pattern.endsWith("*") ? !name.startsWith(start) : !name.equals(pattern));
        return names;
    }

    /** Add an object's values to `document`; nested objects each get a document of their own in `nested`. */
    void fill(Document document, String prefix, JsonNode object, List<Document> nested) {
        Iterator<Map.Entry<String, JsonNode>> each = object.fields();
        while (each.hasNext()) {
            Map.Entry<String, JsonNode> entry = each.next();
            String name = prefix + entry.getKey();
            JsonNode value = entry.getValue();
            if (type(name).equals("nested")) {
                spread(name, value, nested);
            } else if (type(name).equals("object")) {
                fill(document, name + ".", value, nested);
            } else {
                put(document, name, value);
            }
        }
    }

    private void spread(String path, JsonNode objects, List<Document> nested) {
        for (int offset = 0; offset < objects.size(); offset++) {
            Document child = new Document();
            child.add(new StringField("_path", path, Field.Store.YES));
            child.add(new StringField("_offset", String.valueOf(offset), Field.Store.YES));
            fill(child, path + ".", objects.get(offset), nested);
            nested.add(child);
        }
    }

    private void put(Document document, String name, JsonNode value) {
        if (type(name).equals("dense_vector")) {
            document.add(new KnnFloatVectorField(name, vector(value), VectorSimilarityFunction.COSINE));
            return;
        }
        for (JsonNode each : value.isArray() ? value : List.of(value)) {
            document.add(one(name, each));
        }
        if (COUNTABLE.contains(type(name))) {
            document.add(new NumericDocValuesField(name, 1));
        }
    }

    private Field one(String name, JsonNode value) {
        return switch (type(name)) {
            case "text" -> new TextField(name, value.asText(), Field.Store.NO);
            case "long", "integer" -> new LongPoint(name, value.asLong());
            case "double" -> new DoublePoint(name, value.asDouble());
            case "date" -> new LongPoint(name, millis(value.asText()));
            case "keyword", "wildcard", "boolean" -> new StringField(name, value.asText(), Field.Store.NO);
            default -> throw new IllegalArgumentException("no field of type " + type(name));
        };
    }

    static float[] vector(JsonNode value) {
        float[] vector = new float[value.size()];
        for (int place = 0; place < vector.length; place++) {
            vector[place] = (float) value.get(place).asDouble();
        }
        return vector;
    }

    static long millis(String text) {
        Instant instant = text.contains("T")
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        return instant.toEpochMilli();
    }
}
