"""How right an analyser is: against labelled files, or against what people decided in the library."""
