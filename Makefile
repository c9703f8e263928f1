# defuse: one non-recursive Makefile. `make help` lists the targets.
# Variables people may set: SAN=1 (sanitizers), CC, CFLAGS, ONCE=1 (make run), T=prefix (one test
# file), V=1 (show the commands), RECORDED=DIR and CORPORA=DIR (development data, not part of the project).

SHELL     := /bin/sh
ROOMS     := core model net collector analyzer casework reply storage alerts dashboard
RECORDED  ?= ../shared/recorded
CORPORA   ?= ../shared/corpora
VERSION   := $(shell cat VERSION)

Q         := $(if $(V),,@)
B         := build$(if $(SAN),-san)$(if $(TSAN),-tsan)
OPT       ?= -O2
WARN      := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
             -Wpointer-arith -Wwrite-strings -Wno-missing-field-initializers
SANFLAGS  := $(if $(SAN),-fsanitize=address -fsanitize=undefined -fno-sanitize-recover=undefined \
             -fno-omit-frame-pointer)$(if $(TSAN),-fsanitize=thread)
PKGS      := libcurl jansson libpcre2-8 sqlite3 libxml-2.0 expat libfyaml libutf8proc \
             libevent_core libevent_extra libsodium libcrypto uchardet zlib
ALLFLAGS   = -std=gnu11 -D_GNU_SOURCE -g $(OPT) $(WARN) $(CI:%=-Werror) $(SANFLAGS) -I. -I$(B)/gen \
             -DDEFUSE_VERSION='"$(VERSION)"' $(shell pkg-config --cflags $(PKGS) 2>/dev/null) $(CFLAGS)
LIBS       = $(shell pkg-config --libs $(PKGS) 2>/dev/null) -ljq -lonig -lm -lpthread $(LDFLAGS)

SRC       := $(foreach r,$(ROOMS),$(wildcard $(r)/*.c))
CMD       := $(wildcard cmd/*.c)
DATA      := $(sort $(shell find rules channels storage dashboard/assets i18n -type f \
             \( -name '*.yaml' -o -name '*.tsv' -o -name '*.sql' -o -name '*.jq' -o -name '*.css' \
             -o -name '*.js' -o -name '*.svg' -o -name '*.html' \) 2>/dev/null))
LIBOBJ    := $(SRC:%.c=$(B)/obj/%.o) $(B)/obj/gen/data_files.o
CMDOBJ    := $(CMD:%.c=$(B)/obj/%.o)
TESTSRC   := $(wildcard tests/unit/test_*.c tests/contract/test_*.c)
TESTBIN   := $(patsubst tests/%.c,$(B)/tests/%,$(TESTSRC))

.DEFAULT_GOAL := all
.SUFFIXES:
.SECONDARY:
.PHONY: all run check setup setup-test help layers lint fmt clean FORCE

## all: build build/defuse
all: setup $(B)/defuse

setup:
	@tools/setup.sh build

setup-test:
	@tools/setup.sh build test

-include mk/*.mk

$(B)/defuse: $(CMDOBJ) $(B)/libdefuse.a
	$(Q)$(CC) $(SANFLAGS) -o $@ $(CMDOBJ) $(B)/libdefuse.a $(LIBS)

$(B)/libdefuse.a: $(LIBOBJ)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(B)/obj/%.o: %.c | setup
	@mkdir -p $(@D)
	$(if $(Q),@echo '  $(B)  $<')
	$(Q)$(CC) $(ALLFLAGS) -MMD -MP -c $< -o $@

$(B)/obj/gen/%.o: $(B)/gen/%.c
	@mkdir -p $(@D)
	$(if $(Q),@echo '  $(B)  $<')
	$(Q)$(CC) $(ALLFLAGS) -MMD -MP -c $< -o $@

$(B)/tools/embed: tools/embed.c
	@mkdir -p $(@D)
	$(Q)$(CC) -O1 -Wall -Wextra -o $@ $<

$(B)/gen/data_files.c: $(B)/tools/embed $(DATA) $(B)/gen/data.list
	@mkdir -p $(@D)
	$(Q)$(B)/tools/embed $(DATA) > $@

# Changes only when the set of data files does, so that a removed file rebuilds the table too.
$(B)/gen/data.list: FORCE
	@mkdir -p $(@D)
	@echo '$(DATA)' | cmp -s - $@ || echo '$(DATA)' > $@
FORCE:

$(B)/tests/%: tests/%.c $(B)/libdefuse.a $(wildcard tests/lib/*.c tests/lib/*.h) | setup-test
	@mkdir -p $(@D)
	$(if $(Q),@echo '  $(B)  $<')
	$(Q)$(CC) $(ALLFLAGS) -MMD -MP -o $@ $< $(wildcard tests/lib/*.c) $(B)/libdefuse.a -lcriterion $(LIBS)

-include $(LIBOBJ:.o=.d) $(CMDOBJ:.o=.d) $(TESTBIN:%=%.d)

# Rooms append their own checks in mk/*.mk: CHECKS += check-golden
CHECKS := lint layers check-unit $(CHECKS)

## check: install what is missing, build, run all tests; ends with "N passed, N failed"
check: setup-test
	@tools/check.sh $(CHECKS)

## bench: print one tab-separated line a figure (name, value, unit)
.PHONY: bench
bench: all
	@for target in $(BENCHES); do $(MAKE) --no-print-directory -s $$target || exit 1; done

## check-unit: unit and contract tests (T=prefix for one file)
.PHONY: check-unit
check-unit: setup-test $(TESTBIN)
	@tests/run-unit.sh $(filter $(B)/tests/unit/test_$(T)% $(B)/tests/contract/test_$(T)%,$(TESTBIN))

## layers: check the layer rule from the #include lines
layers:
	@tools/layers.sh

## lint: banned functions, file sizes, wording of the repository
lint:
	@tools/lint.sh

## fmt: format the C sources
fmt:
	@clang-format -i $(SRC) $(CMD) $(wildcard */*.h) $(TESTSRC)

## clean: remove what was built
clean:
	@rm -rf build build-san build-tsan

## help: list the targets
help:
	@sed -n 's/^## \([a-z-]*\): /\1\t/p' Makefile mk/*.mk | expand -t 18 | sort
