import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.custom.CustomAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/** The analysers of an index's settings, made of Lucene's own parts. */
final class Analysis {
    static final int GAP = 100;

    private static final Map<String, String> FILTERS = Map.of(
            "lowercase", "lowercase",
            "asciifolding", "asciiFolding",
            "cjk_width", "cjkWidth",
            "cjk_bigram", "cjkBigram");

    /** Which of Lucene's filters stands behind a language of Elasticsearch's `stemmer`. */
    private static final Map<String, String> STEMMERS = Map.of(
            "light_german", "germanLightStem",
            "light_french", "frenchLightStem",
            "light_spanish", "spanishLightStem",
            "light_italian", "italianLightStem",
            "light_portuguese", "portugueseLightStem");

    private final Map<String, Analyzer> analysers = new HashMap<>();

    Analysis(JsonNode settings) throws IOException {
        JsonNode analysis = settings.path("analysis");
        Iterator<Map.Entry<String, JsonNode>> each = analysis.path("analyzer").fields();
        while (each.hasNext()) {
            Map.Entry<String, JsonNode> entry = each.next();
            analysers.put(entry.getKey(), built(entry.getValue(), analysis));
        }
    }

    Analyzer named(String name) {
        Analyzer found = analysers.get(name);
        if (found == null) {
            throw new IllegalArgumentException("there is no analyser " + name);
        }
        return found;
    }

    List<String> tokens(String name, String text) throws IOException {
        List<String> tokens = new ArrayList<>();
        try (TokenStream stream = named(name).tokenStream("", text)) {
            CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
            stream.reset();
            while (stream.incrementToken()) {
                tokens.add(term.toString());
            }
            stream.end();
        }
        return tokens;
    }

    private static Analyzer built(JsonNode analyser, JsonNode analysis) throws IOException {
        CustomAnalyzer.Builder builder = CustomAnalyzer.builder().withPositionIncrementGap(GAP);
        for (JsonNode name : analyser.path("char_filter")) {
            JsonNode filter = analysis.path("char_filter").path(name.asText());
            Checks.is("pattern_replace", filter.path("type").asText());
            builder.addCharFilter("patternReplace", new HashMap<>(Map.of(
                    "pattern", filter.path("pattern").asText(),
                    "replacement", filter.path("replacement").asText())));
        }
        builder.withTokenizer(analyser.path("tokenizer").asText());
        for (JsonNode name : analyser.path("filter")) {
            add(builder, name.asText(), analysis.path("filter").path(name.asText()));
        }
        return builder.build();
    }

    private static void add(CustomAnalyzer.Builder builder, String name, JsonNode filter) throws IOException {
        if (FILTERS.containsKey(name)) {
            builder.addTokenFilter(FILTERS.get(name));
            return;
        }
        Checks.is("stemmer", filter.path("type").asText());
        String language = filter.path("language").asText();
        if (STEMMERS.containsKey(language)) {
            builder.addTokenFilter(STEMMERS.get(language));
            return;
        }
        String snowball = language.equals("porter2")
                ? "English"
                : language.substring(0, 1).toUpperCase() + language.substring(1);
        builder.addTokenFilter("snowballPorter", new HashMap<>(Map.of("language", snowball)));
    }
}
