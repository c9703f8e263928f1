# Channel packs test themselves; recorded bodies are tried where they are at hand.
CHECKS += check-channels check-recorded

## check-channels: every channel's fixture against what it should give, under sanitizers
.PHONY: check-channels check-recorded channels-accept channel-docs
ifdef SAN
channels-binary: $(B)/defuse
else
check-channels: setup-test
	@$(MAKE) --no-print-directory SAN=1 OPT=-O1 build-san/defuse
	@DEFUSE=$(abspath build-san/defuse) tests/channels/run.sh

## check-recorded: real answers through `defuse extract` (RECORDED=folder; skipped when absent)
check-recorded: setup-test
	@if [ -d "$(RECORDED)" ]; then $(MAKE) --no-print-directory SAN=1 OPT=-O1 build-san/defuse build-san/tests/tools/count_items; fi
	@DEFUSE=$(abspath build-san/defuse) COUNT=$(abspath build-san/tests/tools/count_items) \
		tests/channels/recorded.sh "$(RECORDED)"

## channels-accept: rewrite expected.jsonl of the channels and show what changed (C=name)
channels-accept: $(B)/defuse
	@ACCEPT=1 DEFUSE=$(abspath $(B)/defuse) tests/channels/run.sh $(C)

## channel-docs: write docs/channels.md from the packs
channel-docs: $(B)/defuse
	@tools/channel-docs.sh $(abspath $(B)/defuse)
endif
