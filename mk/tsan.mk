# ThreadSanitizer over what runs in threads: the store, analyze on all processors, the bodies of
# many sources, the pages beside the passes.
.PHONY: check-tsan
## check-tsan: threads under ThreadSanitizer (not part of check: it builds another tree)
check-tsan: setup-test
	@$(MAKE) --no-print-directory TSAN=1 OPT=-O1 build-tsan/defuse build-tsan/tests/tools/store_race \
	    build-tsan/tests/tools/collect_race
	@tests/tsan.sh $(abspath build-tsan/defuse) $(abspath build-tsan/tests/tools)
