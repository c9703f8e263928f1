# The folding table: made once from utf8proc and OpenCC's dictionaries by tools/gen_fold.c.
LIBOBJ += $(B)/obj/gen/fold_table.o

$(B)/tools/gen_fold: tools/gen_fold.c analyzer/fold_table.h | setup
	@mkdir -p $(@D)
	$(CC) -O1 -Wall -Wextra -I. -o $@ $< -lutf8proc -lopencc

$(B)/gen/fold_table.c: $(B)/tools/gen_fold
	@mkdir -p $(@D)
	$(B)/tools/gen_fold > $@.tmp && mv $@.tmp $@

# The scan is a few tight loops over tables.
$(B)/obj/analyzer/%.o: OPT = -O3
