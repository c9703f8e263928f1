# Fuzz targets: tests/fuzz/fuzz_NAME.c with its corpus in tests/fuzz/corpus/NAME.
CHECKS += check-fuzz
FUZZ := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))

.PHONY: check-fuzz fuzz-replay fuzz
ifdef SAN
fuzz-replay: $(FUZZ:%=$(B)/fuzz/%)

$(B)/fuzz/%: tests/fuzz/%.c tests/fuzz/replay.c $(B)/libdefuse.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALLFLAGS) -o $@ $< tests/fuzz/replay.c $(B)/libdefuse.a $(LIBS)
else
## check-fuzz: replay every fuzz corpus, mutated, under sanitizers (MUTATE=n per file)
check-fuzz: setup-test
	@$(MAKE) --no-print-directory SAN=1 OPT=-O1 fuzz-replay
	@tests/fuzz/run.sh $(abspath build-san/fuzz)

# FAST=1 makes more inputs a second, less clever ones: it leaves comparisons untraced.
## fuzz: fuzz one target with libFuzzer (F=name SECONDS=n RUNS=n MAX_LEN=n FAST=1); needs clang
SECONDS ?= 600
RUNS ?= -1
MAX_LEN ?= 65536
FUZZ_COVER := -fsanitize=fuzzer-no-link $(if $(FAST),-fno-sanitize-coverage=trace-cmp)
FUZZ_ARGS := $(if $(FAST),-entropic=0)
fuzz: setup-test
	@tools/setup.sh fuzz
	@$(MAKE) --no-print-directory CC=clang SAN=1 OPT=-O2 B=build-fuzz \
	    CFLAGS="$(FUZZ_COVER)" build-fuzz/libdefuse.a
	clang -std=gnu11 -D_GNU_SOURCE -g -O2 -fsanitize=address,undefined,fuzzer -I. -o build-fuzz/$(F) \
	    tests/fuzz/fuzz_$(F).c build-fuzz/libdefuse.a $(LIBS)
	@mkdir -p build-fuzz/corpus/$(F)
	build-fuzz/$(F) -max_total_time=$(SECONDS) -runs=$(RUNS) -max_len=$(MAX_LEN) \
	    -timeout=10 $(FUZZ_ARGS) build-fuzz/corpus/$(F) tests/fuzz/corpus/$(F)
endif
