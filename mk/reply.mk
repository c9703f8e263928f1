# Replies: how fast they are composed and checked; do the words keep to their language?
BENCHES += bench-reply
$(B)/tools/bench_reply: tools/bench/bench_reply.c $(B)/libdefuse.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALLFLAGS) -o $@ $< $(B)/libdefuse.a $(LIBS)

.PHONY: bench-reply lint-i18n
bench-reply: $(B)/tools/bench_reply
	@$<

## lint-i18n: messages are complete, and every text keeps to its script
lint-i18n: check-messages
	@$(MAKE) --no-print-directory check-unit T=wording
