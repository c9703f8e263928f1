# Pages are written as HTML and become C that escapes every value for its place.
TEMPLATES := $(wildcard dashboard/templates/*.html)
LIBOBJ    += $(TEMPLATES:dashboard/templates/%.html=$(B)/obj/gen/template_%.o)

$(B)/tools/template: tools/template.c
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O1 -Wall -Wextra -o $@ $<

$(B)/gen/template_%.c: dashboard/templates/%.html $(B)/tools/template
	@mkdir -p $(@D)
	$(B)/tools/template $< > $@.tmp && mv $@.tmp $@

## check-browser: a real Chromium goes through the dashboard
.PHONY: check-browser
check-browser: $(B)/defuse
	@tests/browser/run.sh $(B)/defuse

## check-messages: every sentence exists in the three languages
CHECKS += check-messages check-browser
.PHONY: check-messages
check-messages:
	@tools/check-messages.sh

## check-template: what the template compiler refuses, and how it escapes
CHECKS += check-template
.PHONY: check-template
check-template: $(B)/tools/template
	@tests/template/run.sh $(B)/tools/template

## screenshots: renew docs/img from the demonstration
.PHONY: screenshots
screenshots: $(B)/defuse
	@mkdir -p docs/img
	@tests/browser/run.sh $(B)/defuse shots

# How long a page takes to make, over BENCH_ROWS posts.
BENCHES += bench-pages
$(B)/tools/bench_pages: tools/bench/bench_pages.c $(B)/libdefuse.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALLFLAGS) -o $@ $< $(B)/libdefuse.a $(LIBS)
.PHONY: bench-pages
bench-pages: $(B)/tools/bench_pages
	@$< $(B) $(BENCH_ROWS)
