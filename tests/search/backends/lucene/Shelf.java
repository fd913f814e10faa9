import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.DelegatingAnalyzerWrapper;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.ByteBuffersDirectory;

/** One index in memory: documents in, answers to searches out, in Elasticsearch's shapes. */
final class Shelf {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ALL = 1_000_000;

    private final Fields fields = new Fields();
    private final Analysis analysis;
    private final IndexWriter writer;
    private final Map<String, JsonNode> sources = new HashMap<>();
    private DirectoryReader reader;

    Shelf(JsonNode settings, JsonNode mappings) throws IOException {
        Checks.is(Occurrences.SCRIPT,
                settings.path("similarity").path("occurrences").path("script").path("source").asText());
        analysis = new Analysis(settings);
        fields.add("", mappings.path("properties"));
        IndexWriterConfig config = new IndexWriterConfig(new ByField());
        config.setSimilarity(new Occurrences()).setCodec(new Quantised());
        writer = new IndexWriter(new ByteBuffersDirectory(), config);
        reader = DirectoryReader.open(writer);
    }

    Analysis analysis() {
        return analysis;
    }

    void add(JsonNode properties) {
        fields.add("", properties);
    }

    void put(String id, JsonNode source) throws IOException {
        List<Document> block = new ArrayList<>();
        Document whole = new Document();
        whole.add(new StringField("_path", "", Field.Store.YES));
        fields.fill(whole, "", source, block);
        block.add(whole);
        block.forEach(each -> each.add(new StringField("_id", id, Field.Store.YES)));
        writer.updateDocuments(new Term("_id", id), block);
        sources.put(id, source);
    }

    void delete(String id) throws IOException {
        writer.deleteDocuments(new Term("_id", id));
        sources.remove(id);
    }

    ObjectNode search(JsonNode body) throws IOException {
        DirectoryReader newer = DirectoryReader.openIfChanged(reader, writer);
        reader = newer == null ? reader : newer;
        return new Search(body).answer();
    }

    /** The format that Elasticsearch calls int8_hnsw, with the numbers of the mapping. */
    private static final class Quantised extends Lucene99Codec {
        private static final KnnVectorsFormat INT8 =
                new Lucene99HnswScalarQuantizedVectorsFormat(16, 128, 1, null, null);

        @Override
        public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
            return INT8;
        }
    }

    private final class ByField extends DelegatingAnalyzerWrapper {
        ByField() {
            super(PER_FIELD_REUSE_STRATEGY);
        }

        @Override
        protected Analyzer getWrappedAnalyzer(String field) {
            return analysis.named(fields.analysers().get(field));
        }
    }

    private final class Search {
        private final JsonNode body;
        private final IndexSearcher searcher = new IndexSearcher(reader);
        private final Queries queries = new Queries(fields, analysis, reader, this::parents);
        private final Map<String, Map<String, List<ScoreDoc>>> inner = new TreeMap<>();
        private JsonNode shown;

        Search(JsonNode body) {
            this.body = body;
            searcher.setSimilarity(body.has("bm25") ? new BM25Similarity() : new Occurrences());
        }

        ObjectNode answer() throws IOException {
            List<ObjectNode> found = body.has("knn") ? nearest() : matching(queries.of(body.get("query")));
            ObjectNode answer = JSON.createObjectNode();
            ArrayNode hits = answer.putObject("hits").putArray("hits");
            page(found).forEach(hits::add);
            if (body.has("aggs")) {
                answer.set("aggregations", counted());
            }
            return answer;
        }

        private List<ObjectNode> matching(Query query) throws IOException {
            List<ObjectNode> found = new ArrayList<>();
            for (ScoreDoc each : searcher.search(at("", query), ALL).scoreDocs) {
                found.add(hit(id(each), each.score));
            }
            return found;
        }

        private ObjectNode hit(String id, float score) throws IOException {
            ObjectNode hit = JSON.createObjectNode().put("_index", "").put("_id", id).put("_score", score);
            ArrayNode sort = JSON.createArrayNode();
            for (JsonNode each : body.path("sort")) {
                String field = each.fieldNames().next();
                sort.add(field.equals("_score") ? hit.get("_score") : sources.get(id).get(field));
            }
            if (!sort.isEmpty()) {
                hit.set("sort", sort);
            }
            if (body.path("_source").has("includes")) {
                hit.putObject("_source").put("fingerprint", sources.get(id).get("fingerprint").asText());
            }
            if (inner.containsKey("moments")) {
                hit.putObject("inner_hits").putObject("moments").set("hits", moments(id));
            }
            return hit;
        }

        /** Sorted as asked, from behind `search_after`, and no more than `size`. */
        private List<ObjectNode> page(List<ObjectNode> found) {
            found.sort((one, other) -> compared(one.path("sort"), other.path("sort"), body.path("sort")));
            if (body.has("search_after")) {
                found.removeIf(each ->
                        compared(each.get("sort"), body.get("search_after"), body.get("sort")) <= 0);
            }
            return found.subList(0, Math.min(found.size(), body.path("size").asInt(10)));
        }

        private int compared(JsonNode one, JsonNode other, JsonNode sort) {
            for (int place = 0; place < one.size(); place++) {
                int order = Double.compare(one.get(place).asDouble(), other.get(place).asDouble());
                String direction = sort.get(place).elements().next().path("order").asText();
                if (order != 0) {
                    return direction.equals("desc") ? -order : order;
                }
            }
            return 0;
        }

        private ObjectNode counted() throws IOException {
            ObjectNode aggregations = JSON.createObjectNode();
            Query within = queries.of(body.get("query"));
            for (Map.Entry<String, JsonNode> each : body.get("aggs").properties()) {
                ObjectNode buckets = aggregations.putObject(each.getKey()).putObject("buckets");
                for (Map.Entry<String, JsonNode> one : each.getValue().at("/filters/filters").properties()) {
                    Query both = and(at("", within), queries.of(one.getValue()));
                    buckets.putObject(one.getKey()).put("doc_count", searcher.count(both));
                }
            }
            return aggregations;
        }

        /** The documents whose nested objects answer, each with the best, the mean or none of their scores. */
        private Query parents(String path, Query query, JsonNode nested) throws IOException {
            Map<String, List<ScoreDoc>> held = new TreeMap<>();
            for (ScoreDoc each : searcher.search(at(path, query), ALL).scoreDocs) {
                held.computeIfAbsent(id(each), key -> new ArrayList<>()).add(each);
            }
            if (nested.has("inner_hits")) {
                inner.put(path, held);
                shown = nested.get("inner_hits");
            }
            BooleanQuery.Builder either = new BooleanQuery.Builder();
            for (Map.Entry<String, List<ScoreDoc>> each : held.entrySet()) {
                Query one = new ConstantScoreQuery(new TermQuery(new Term("_id", each.getKey())));
                either.add(new BoostQuery(one, joined(each.getValue(), nested)), Occur.SHOULD);
            }
            return either.build();
        }

        private float joined(List<ScoreDoc> held, JsonNode nested) {
            var scores = held.stream().mapToDouble(each -> each.score);
            return switch (nested.path("score_mode").asText("avg")) {
                case "none" -> 0;
                case "max" -> (float) scores.max().orElse(0);
                case "avg" -> (float) scores.average().orElse(0);
                default -> throw new IllegalArgumentException("no such score_mode is known here");
            };
        }

        private ObjectNode moments(String id) throws IOException {
            List<ObjectNode> found = new ArrayList<>();
            for (ScoreDoc each : inner.get("moments").getOrDefault(id, List.of())) {
                found.add(moment(id, each));
            }
            found.sort(Comparator.comparing((ObjectNode each) -> -each.get("_score").asDouble())
                    .thenComparing(each -> each.at("/sort/1").asLong()));
            ObjectNode hits = JSON.createObjectNode().putNull("max_score");
            hits.putObject("total").put("value", found.size()).put("relation", "eq");
            ArrayNode best = hits.putArray("hits");
            found.subList(0, Math.min(found.size(), shown.get("size").asInt())).forEach(best::add);
            return hits;
        }

        private ObjectNode moment(String id, ScoreDoc found) throws IOException {
            int offset = Integer.parseInt(searcher.storedFields().document(found.doc).get("_offset"));
            JsonNode source = sources.get(id).get("moments").get(offset);
            ObjectNode hit = JSON.createObjectNode().put("_index", "").put("_id", id).put("_score", found.score);
            hit.putObject("_nested").put("field", "moments").put("offset", offset);
            hit.putObject("fields").putArray("moments.moment").add(source.get("moment"));
            hit.putArray("sort").add(found.score).add(source.get("place"));
            return hit;
        }

        /** The documents with the nearest of the nested vectors, nearest first. */
        private List<ObjectNode> nearest() throws IOException {
            JsonNode knn = body.get("knn");
            Query filter = new ConstantScoreQuery(at("", queries.of(knn.get("filter"))));
            BooleanQuery.Builder within = new BooleanQuery.Builder();
            for (ScoreDoc each : searcher.search(filter, ALL).scoreDocs) {
                within.add(new TermQuery(new Term("_id", id(each))), Occur.SHOULD);
            }
            float[] vector = Fields.vector(knn.get("query_vector"));
            int kept = knn.get("num_candidates").asInt();
            Query query = new KnnFloatVectorQuery(knn.get("field").asText(), vector, kept, within.build());
            Map<String, ObjectNode> first = new LinkedHashMap<>();
            for (ScoreDoc each : searcher.search(query, kept).scoreDocs) {
                first.putIfAbsent(id(each), hit(id(each), each.score));
            }
            List<ObjectNode> found = new ArrayList<>(first.values());
            return new ArrayList<>(found.subList(0, Math.min(found.size(), knn.get("k").asInt())));
        }

        private Query at(String path, Query query) {
            return new BooleanQuery.Builder()
                    .add(query, Occur.MUST)
                    .add(new TermQuery(new Term("_path", path)), Occur.FILTER)
                    .build();
        }

        private Query and(Query one, Query other) {
            return new BooleanQuery.Builder().add(one, Occur.FILTER).add(other, Occur.FILTER).build();
        }

        private String id(ScoreDoc found) throws IOException {
            return searcher.storedFields().document(found.doc).get("_id");
        }
    }
}
