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
