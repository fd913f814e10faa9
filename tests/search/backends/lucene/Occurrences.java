import org.apache.lucene.index.FieldInvertState;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.TermStatistics;
import org.apache.lucene.search.similarities.Similarity;
import org.apache.lucene.util.SmallFloat;

/** The scripted similarity of the mapping; as in Elasticsearch, the words of a phrase are added up. */
final class Occurrences extends Similarity {
    static final String SCRIPT =
            "return query.boost * (doc.freq / (doc.freq + 1.2)) / (1.0 + Math.log(1.0 + doc.length));";

    @Override
    public long computeNorm(FieldInvertState state) {
        return SmallFloat.intToByte4(state.getLength() - state.getNumOverlap());
    }

    @Override
    public SimScorer scorer(float boost, CollectionStatistics field, TermStatistics... terms) {
        return new SimScorer() {
            @Override
            public float score(float freq, long norm) {
                double length = SmallFloat.byte4ToInt((byte) norm);
                return (float) (terms.length * boost * (freq / (freq + 1.2)) / (1.0 + Math.log(1.0 + length)));
            }
        };
    }
}
