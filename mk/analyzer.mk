# The folding table: made once from utf8proc and OpenCC's dictionaries by tools/gen_fold.c.
LIBOBJ += $(B)/obj/gen/fold_table.o

$(B)/tools/gen_fold: tools/gen_fold.c analyzer/fold_table.h | setup
	@mkdir -p $(@D)
	$(Q)$(CC) -O1 -Wall -Wextra -I. -o $@ $< -lutf8proc -lopencc

$(B)/gen/fold_table.c: $(B)/tools/gen_fold
	@mkdir -p $(@D)
	$(B)/tools/gen_fold > $@.tmp && mv $@.tmp $@

# The scan is a few tight loops over tables. What is worth vectors is written with vectors; left to
# itself the compiler moves pairs of numbers through vector registers and back.
$(B)/obj/analyzer/%.o: OPT = -O3 -fno-tree-slp-vectorize

# The shipped rules, compiled once: the program starts without reading YAML.
CMDOBJ += $(B)/obj/gen/rules_image.o

$(B)/tools/rulec: tools/rulec.c $(B)/libdefuse.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALLFLAGS) -o $@ $< $(B)/libdefuse.a $(LIBS)

$(B)/gen/rules.image: $(B)/tools/rulec
	@mkdir -p $(@D)
	$(B)/tools/rulec $@

$(B)/gen/rules_image.c: $(B)/gen/rules.image
	@printf '%s\n' '/* Generated: the compiled rules. */' \
	  '__asm__(".section .rodata\n.balign 4096\n.global df_rules_image\ndf_rules_image:\n"' \
	  '        ".incbin \"$(B)/gen/rules.image\"\n.balign 8\n.quad 0\n.previous\n");' > $@

BENCHES += bench-analyze
$(B)/tools/bench_analyze: tools/bench/analyze.c $(B)/libdefuse.a $(B)/obj/gen/rules_image.o
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALLFLAGS) -o $@ $< $(B)/obj/gen/rules_image.o $(B)/libdefuse.a $(LIBS)

.PHONY: bench-analyze
bench-analyze: $(B)/tools/bench_analyze $(B)/defuse
	@tools/bench/analyze.sh $(abspath $(B)/tools/bench_analyze) $(abspath $(B)/defuse) $(CORPORA) \
	  $(abspath $(B)/bench)
