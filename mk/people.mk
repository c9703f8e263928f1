# Agreement of the shipped rules with labelled posts.
CHECKS += check-people

CORPORA ?= ../shared/corpora

## check-people: the shipped rules against labelled posts (CORPORA=folder of development posts)
.PHONY: check-people
check-people: $(B)/defuse
	@DEFUSE=$(abspath $(B)/defuse) tests/people/run.sh --corpora "$(CORPORA)"
