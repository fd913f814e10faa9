import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.MultiPhraseQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RegexpQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.QueryBuilder;
import org.apache.lucene.util.StringHelper;
import org.apache.lucene.util.automaton.RegExp;

/** Elasticsearch's queries, as far as the backend uses them, as Lucene's. */
final class Queries {
    /** How the matches of a nested query become a query for the documents that hold them. */
    interface Nesting {
        Query parents(String path, Query inner, JsonNode nested) throws IOException;
    }

    private final Fields fields;
    private final Analysis analysis;
    private final IndexReader reader;
    private final Nesting nesting;

    Queries(Fields fields, Analysis analysis, IndexReader reader, Nesting nesting) {
        this.reader = reader;
        this.fields = fields;
        this.analysis = analysis;
        this.nesting = nesting;
    }

    Query of(JsonNode node) throws IOException {
        if (node.size() != 1) {
            throw new IllegalArgumentException("a query has one name, not " + node);
        }
        String name = node.fieldNames().next();
        JsonNode body = node.get(name);
        Query query = switch (name) {
            case "match_all" -> new MatchAllDocsQuery();
            case "match_none" -> new MatchNoDocsQuery();
            case "bool" -> bool(body);
            case "constant_score" -> new ConstantScoreQuery(of(body.get("filter")));
            case "multi_match" -> words(body);
            case "term" -> term(only(body), value(body.get(only(body))));
            case "terms" -> terms(only(body), body.get(only(body)));
            case "range" -> range(only(body), body.get(only(body)));
            case "exists" -> new FieldExistsQuery(body.get("field").asText());
            case "wildcard" -> wildcard(only(body), body.get(only(body)));
            case "nested" -> nesting.parents(body.get("path").asText(), of(body.get("query")), body);
            default -> throw new IllegalArgumentException("no query " + name + " is known here");
        };
        return body.has("boost") ? new BoostQuery(query, (float) body.get("boost").asDouble()) : query;
    }

    private Query bool(JsonNode body) throws IOException {
        BooleanQuery.Builder builder = new BooleanQuery.Builder();
        int positive = 0;
        for (Map.Entry<String, Occur> each : OCCURS.entrySet()) {
            JsonNode clauses = body.path(each.getKey());
            for (JsonNode clause : clauses.isObject() ? List.of(clauses) : clauses) {
                builder.add(of(clause), each.getValue());
                positive += each.getValue() == Occur.MUST_NOT ? 0 : 1;
            }
        }
        if (positive == 0) {
            builder.add(new MatchAllDocsQuery(), Occur.FILTER);
        }
        return builder.setMinimumNumberShouldMatch(body.path("minimum_should_match").asInt(0)).build();
    }

    private static final Map<String, Occur> OCCURS = Map.of(
            "must", Occur.MUST, "filter", Occur.FILTER, "should", Occur.SHOULD, "must_not", Occur.MUST_NOT);

    /** The best field counts; a field in which nothing is left of the words holds nothing. */
    private Query words(JsonNode body) throws IOException {
        List<Query> found = new ArrayList<>();
        for (JsonNode each : body.get("fields")) {
            String[] parts = each.asText().split("\\^");
            float boost = parts.length > 1 ? Float.parseFloat(parts[1]) : 1;
            for (String field : fields.texts(parts[0])) {
                Query query = inField(field, body);
                if (query != null) {
                    found.add(new BoostQuery(query, boost));
                }
            }
        }
        return found.isEmpty() ? new MatchNoDocsQuery() : new DisjunctionMaxQuery(found, 0);
    }

    private Query inField(String field, JsonNode body) throws IOException {
        String name = body.path("analyzer").asText(fields.analysers().get(field));
        Analyzer analyser = analysis.named(name);
        String text = body.get("query").asText();
        if (body.get("type").asText().startsWith("phrase")) {
            Query phrase = new QueryBuilder(analyser).createPhraseQuery(field, text);
            return body.get("type").asText().equals("phrase") ? phrase : begun(phrase, body);
        }
        Checks.is("bool_prefix", body.get("type").asText());
        Query whole = new QueryBuilder(analyser).createBooleanQuery(field, text, Occur.MUST);
        return whole instanceof TermQuery one ? new PrefixQuery(one.getTerm()) : whole;
    }

    /** The phrase with every word of the index that begins as its last word does. */
    private Query begun(Query phrase, JsonNode body) throws IOException {
        if (!(phrase instanceof PhraseQuery whole)) {
            return phrase instanceof TermQuery one ? new PrefixQuery(one.getTerm()) : phrase;
        }
        Term[] terms = whole.getTerms();
        Term last = terms[terms.length - 1];
        MultiPhraseQuery.Builder builder = new MultiPhraseQuery.Builder();
        for (int place = 0; place < terms.length - 1; place++) {
            builder.add(terms[place]);
        }
        Term[] expanded = expanded(last, body.path("max_expansions").asInt(50));
        return expanded.length == 0 ? new MatchNoDocsQuery() : builder.add(expanded).build();
    }

    private Term[] expanded(Term beginning, int most) throws IOException {
        List<Term> found = new ArrayList<>();
        Terms all = MultiTerms.getTerms(reader, beginning.field());
        TermsEnum each = all == null ? TermsEnum.EMPTY : all.iterator();
        if (each.seekCeil(beginning.bytes()) == TermsEnum.SeekStatus.END) {
            return new Term[0];
        }
        for (BytesRef term = each.term(); term != null && found.size() < most; term = each.next()) {
            if (!StringHelper.startsWith(term, beginning.bytes())) {
                break;
            }
            found.add(new Term(beginning.field(), BytesRef.deepCopyOf(term)));
        }
        return found.toArray(new Term[0]);
    }

    private Query term(String field, JsonNode value) {
        return switch (fields.type(field)) {
            case "long", "integer" -> LongPoint.newExactQuery(field, value.asLong());
            case "keyword", "boolean", "wildcard" -> new TermQuery(new Term(field, value.asText()));
            default -> throw new IllegalArgumentException("no term in a field of type " + fields.type(field));
        };
    }

    private Query terms(String field, JsonNode values) {
        BooleanQuery.Builder builder = new BooleanQuery.Builder();
        for (JsonNode value : values) {
            builder.add(term(field, value), Occur.SHOULD);
        }
        return new ConstantScoreQuery(builder.build());
    }

    private Query range(String field, JsonNode bounds) {
        return new ConstantScoreQuery(
                fields.type(field).equals("double") ? reals(field, bounds) : wholes(field, bounds));
    }

    private Query reals(String field, JsonNode bounds) {
        double low = bounds.has("gte") ? bounds.get("gte").asDouble() : Double.NEGATIVE_INFINITY;
        double high = bounds.has("lte") ? bounds.get("lte").asDouble() : Double.POSITIVE_INFINITY;
        low = bounds.has("gt") ? DoublePoint.nextUp(bounds.get("gt").asDouble()) : low;
        high = bounds.has("lt") ? DoublePoint.nextDown(bounds.get("lt").asDouble()) : high;
        return DoublePoint.newRangeQuery(field, low, high);
    }

    private Query wholes(String field, JsonNode bounds) {
        long low = bounds.has("gte") ? number(field, bounds.get("gte")) : Long.MIN_VALUE;
        long high = bounds.has("lte") ? number(field, bounds.get("lte")) : Long.MAX_VALUE;
        low = bounds.has("gt") ? number(field, bounds.get("gt")) + 1 : low;
        high = bounds.has("lt") ? number(field, bounds.get("lt")) - 1 : high;
        return LongPoint.newRangeQuery(field, low, high);
    }

    private long number(String field, JsonNode value) {
        return fields.type(field).equals("date") ? Fields.millis(value.asText()) : value.asLong();
    }

    private static Query wildcard(String field, JsonNode body) {
        StringBuilder pattern = new StringBuilder();
        String text = body.get("value").asText();
        for (int place = 0; place < text.length(); place++) {
            char each = text.charAt(place);
            if (each == '*' || each == '?') {
                pattern.append(each == '*' ? "(.|\n)*" : ".");
            } else {
                each = each == '\\' && place + 1 < text.length() ? text.charAt(++place) : each;
                pattern.append(Character.isLetterOrDigit(each) ? "" : "\\").append(each);
            }
        }
        int insensitive = body.path("case_insensitive").asBoolean() ? RegExp.ASCII_CASE_INSENSITIVE : 0;
        return new RegexpQuery(new Term(field, pattern.toString()), RegExp.NONE, insensitive);
    }

    private static String only(JsonNode body) {
        return body.fieldNames().next();
    }

    private static JsonNode value(JsonNode body) {
        return body.isObject() ? body.get("value") : body;
    }
}
