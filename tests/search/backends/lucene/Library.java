import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.search.IndexSearcher;

/** Reads one request a line from standard input, and answers each with one line of JSON. */
public final class Library {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Shelf> SHELVES = new HashMap<>();

    public static void main(String[] arguments) throws IOException {
        IndexSearcher.setMaxClauseCount(100_000);
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new java.io.PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            out.println(JSON.writeValueAsString(answered(JSON.readTree(line))));
        }
    }

    private static ObjectNode answered(JsonNode request) {
        try {
            return answer(request);
        } catch (IOException | RuntimeException | Error problem) {
            return JSON.createObjectNode().put("problem", problem.toString());
        }
    }

    private static ObjectNode answer(JsonNode request) throws IOException {
        String index = request.get("index").asText();
        Shelf shelf = SHELVES.get(index);
        ObjectNode answer = JSON.createObjectNode();
        switch (request.get("do").asText()) {
            case "create" -> SHELVES.put(index, new Shelf(request.get("settings"), request.get("mappings")));
            case "drop" -> SHELVES.remove(index);
            case "map" -> shelf.add(request.get("properties"));
            case "put" -> shelf.put(request.get("id").asText(), request.get("source"));
            case "delete" -> shelf.delete(request.get("id").asText());
            case "search" -> answer = shelf.search(request.get("body"));
            case "analyse" -> {
                var tokens = answer.putArray("tokens");
                shelf.analysis()
                        .tokens(request.get("analyser").asText(), request.get("text").asText())
                        .forEach(tokens::add);
            }
            default -> throw new IllegalArgumentException("unknown: " + request);
        }
        return answer;
    }
}
