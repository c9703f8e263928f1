# Golden tests through the sanitizer binary.
CHECKS += check-golden

.PHONY: check-golden golden-accept san
san: setup-test
	@$(MAKE) --no-print-directory SAN=1 OPT=-O1 build-san/defuse

## check-golden: files in, files out, under ASan, UBSan and LSan
check-golden: san
	@DEFUSE=$(abspath build-san/defuse) tests/golden/run.sh

## golden-accept: rewrite the wanted files and print what changed
golden-accept: san
	@ACCEPT=1 DEFUSE=$(abspath build-san/defuse) tests/golden/run.sh
