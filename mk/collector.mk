# What the collector can do: thousands of sources over loopback, bytes to posts.
# BENCH_SOURCES=n for another number of hosts.
BENCHES       += bench-collect
BENCH_SOURCES ?= 5000

$(B)/tools/bench_%: tools/bench/bench_%.c $(B)/libdefuse.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALLFLAGS) -o $@ $< $(B)/libdefuse.a $(LIBS)

.PHONY: bench-collect
bench-collect: $(B)/tools/bench_collect $(B)/tools/bench_extract
	@tools/setup.sh bench || :
	@$(B)/tools/bench_collect $(BENCH_SOURCES)
	@$(B)/tools/bench_extract

# `defuse serve` with as many sources: the time until all are read, pages meanwhile, cost afterwards.
BENCHES += bench-serve
.PHONY: bench-serve
bench-serve: $(B)/tools/bench_serve $(B)/defuse $(B)/tests/tools/loopback
	@$(B)/tools/bench_serve $(abspath $(B)/defuse) $(abspath $(B)/tests/tools/loopback) $(BENCH_SOURCES)
