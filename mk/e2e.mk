# End-to-end tests: the real binary against a loopback site and webhook receiver.
CHECKS += check-e2e

$(B)/tests/tools/%: tests/tools/%.c $(B)/libdefuse.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALLFLAGS) -o $@ $< $(B)/libdefuse.a $(LIBS)

$(B)/tests/tools/faults: LIBS += -lssl

## check-e2e: whole passes over a loopback site (KILLS=n for the number of SIGKILLs)
.PHONY: check-e2e
KILLS ?= 200
check-e2e: $(B)/defuse $(B)/tests/tools/loopback $(B)/tests/tools/faults $(B)/tests/tools/ask
	@DEFUSE=$(abspath $(B)/defuse) TOOLS=$(abspath $(B)/tests/tools) KILLS=$(KILLS) tests/e2e/run.sh

## run: build, one pass over the example, print the queue, serve the dashboard (ONCE=1: stop)
run: all
	@DEFUSE=$(abspath $(B)/defuse) ONCE=$(ONCE) tools/run-demo.sh
