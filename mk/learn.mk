# Learned lexicons. They are part of the repository; learning them again needs the labelled files.

## lexicons: learn the shipped lexicons again from the labelled files (CORPORA=DIR)
.PHONY: lexicons
lexicons: $(B)/defuse
	@for l in en zh; do \
	    $(B)/defuse rules train learn/$$l.yaml --corpora $(CORPORA) -o rules/core/lexicon/$$l.tsv || exit 1; \
	done
	@$(B)/defuse rules train learn/danger-zh.yaml --corpora tests/people \
	    -o rules/safety/lexicon/danger-zh.tsv

## accuracy: scores on posts the weights were not learned from, as a table (CORPORA=DIR)
.PHONY: accuracy
accuracy: $(B)/defuse
	@tools/accuracy.sh $(B)/defuse $(CORPORA)
