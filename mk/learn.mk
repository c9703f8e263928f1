# Learned lexicons. They are part of the repository; learning them again needs the labelled files.

## lexicons: learn the shipped lexicons again from the labelled files (CORPORA=DIR)
.PHONY: lexicons
lexicons: $(B)/defuse
	@for l in en zh; do \
	    $(B)/defuse rules train learn/$$l.yaml --corpora $(CORPORA) -o rules/core/lexicon/$$l.tsv || exit 1; \
	done
