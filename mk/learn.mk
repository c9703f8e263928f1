# Learned lexicons. They are part of the repository; learning them again needs the labelled files.

## lexicons: learn the shipped lexicons again from the labelled files (CORPORA=DIR)
LEXICONS := core/lexicon/en core/lexicon/zh safety/lexicon/danger-en safety/lexicon/danger-zh
.PHONY: lexicons
lexicons: $(B)/defuse
	@for l in $(LEXICONS); do \
	    $(B)/defuse rules train learn/$${l##*/}.yaml --corpora $(CORPORA) -o rules/$$l.tsv || exit 1; \
	done

## accuracy: scores on posts the weights were not learned from, as a table (CORPORA=DIR)
.PHONY: accuracy
accuracy: $(B)/defuse
	@tools/accuracy.sh $(B)/defuse $(CORPORA)
