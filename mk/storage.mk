# What the database can do: rows in, queue out. BENCH_ROWS=5000000 for the large picture.
BENCHES    += bench-store
BENCH_ROWS ?= 1000000

$(B)/tools/bench_store: tools/bench/bench_store.c $(B)/libdefuse.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALLFLAGS) -o $@ $< $(B)/libdefuse.a $(LIBS)

.PHONY: bench-store
bench-store: $(B)/tools/bench_store
	@$< $(B) $(BENCH_ROWS)
