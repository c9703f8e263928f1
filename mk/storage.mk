# What the database can do: rows in, queue out. BENCH_ROWS=5000000 for the large picture.
BENCHES    += bench-store
BENCH_ROWS ?= 1000000

$(B)/tools/bench_store: tools/bench/bench_store.c $(B)/libdefuse.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALLFLAGS) -o $@ $< $(B)/libdefuse.a $(LIBS)

.PHONY: bench-store
bench-store: $(B)/tools/bench_store
	@$< $(B) $(BENCH_ROWS)

## check-tsan: threads on one database under ThreadSanitizer (builds a second tree)
.PHONY: check-tsan
check-tsan:
	@$(MAKE) --no-print-directory -s TSAN=1 build-tsan/tests/tools/store_race
	@TSAN_OPTIONS=halt_on_error=1 setarch -R build-tsan/tests/tools/store_race
