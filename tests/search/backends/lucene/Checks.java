/** What is read must be what this program knows; it never guesses. */
final class Checks {
    private Checks() {}

    static void is(String expected, String found) {
        if (!expected.equals(found)) {
            throw new IllegalArgumentException("only " + expected + " is known here, not " + found);
        }
    }
}
