# Installing: binary, manual pages, completions. DESTDIR and PREFIX as usual.
PREFIX  ?= /usr/local
MANDIR  ?= $(PREFIX)/share/man
MANPAGES := $(wildcard docs/*.1 docs/*.5)
.PHONY: install uninstall check-docs

## install: binary, manual pages and shell completions under PREFIX
install: all
	install -D -m 755 $(B)/defuse $(DESTDIR)$(PREFIX)/bin/defuse
	for page in $(MANPAGES); do \
	    install -D -m 644 $$page $(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}; done
	mkdir -p $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions
	tools/completions.sh bash $(B)/defuse > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/defuse
	tools/completions.sh zsh $(B)/defuse > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_defuse

## uninstall: remove what install put there
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/defuse $(DESTDIR)$(PREFIX)/share/bash-completion/completions/defuse \
	    $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_defuse
	for page in $(MANPAGES); do rm -f $(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}; done

CHECKS += check-docs
## check-docs: manual pages agree with the program: settings, commands
check-docs: $(B)/defuse
	@tools/check-docs.sh $(B)/defuse
