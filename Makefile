# Otter.  "make" builds everything into build/ and html/dist/; no root needed.
#
#   make                 the module, the commands and the web app
#   make module          build/ngx_otter_module.so alone
#   make bin             build/bin/ alone
#   make web             html/dist/ alone (npm ci, npm run build)
#   make unit            the unit tests of core/, under ASan and UBSan, and
#                        what the fuzzers start from
#   make fuzz            the fuzzers: build/fuzz/TARGET [t/fuzz/corpus/TARGET]
#   make check-style     linters and t/style
#   make install         DESTDIR= PREFIX=/usr
#   make clean

SHELL = /bin/bash
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:

CC = gcc
INSTALL = install

PREFIX = /usr
BINDIR = $(PREFIX)/bin
DATADIR = $(PREFIX)/share/otter
DOCDIR = $(PREFIX)/share/doc/otter
MANDIR = $(PREFIX)/share/man
# where Debian's nginx looks, whatever the prefix
MODULESDIR = /usr/lib/nginx/modules
MODCONFDIR = /usr/share/nginx/modules-available
# and systemd
UNITSDIR = /lib/systemd/system

# sources of nginx as nginx-dev installs them
NGINX_SRC = /usr/share/nginx/src

BUILD = build
OUT := $(abspath $(BUILD))

WARN = -Wall -Wextra -Werror
HARDEN = -fstack-protector-strong -D_FORTIFY_SOURCE=2 \
	-Wformat -Werror=format-security
CFLAGS = -g -O2
LDFLAGS = -Wl,-z,relro -Wl,-z,now
PREFIX_MAP = -ffile-prefix-map=$(CURDIR)=.

CORE_SRCS := $(sort $(wildcard ngx_otter_module/core/*.c))
MODULE_SRCS := $(sort $(wildcard ngx_otter_module/*/*.c))
MODULE_HDRS := $(sort $(wildcard ngx_otter_module/*/*.h))
COMMON_SRCS := $(sort $(wildcard workers/common/*.c))
UNIT_SRCS := $(sort $(wildcard t/unit/*.c))
FUZZ_SRCS := $(sort $(wildcard t/fuzz/fuzz_*.c))
WORKER_HDRS := $(sort $(wildcard workers/*/*.h))
MAN_PAGES := $(sort $(wildcard workers/*/*.1 workers/*/*.8))

# a companion is built when its folder is there
COMMANDS := $(patsubst workers/%/,%,$(filter-out workers/common/, \
	$(sort $(wildcard workers/*/))))
BINS := $(COMMANDS:%=$(BUILD)/bin/%)
UNITS := $(UNIT_SRCS:t/unit/%.c=$(BUILD)/unit/%)

.PHONY: all module bin web unit units fuzz check-style clang-tidy cppcheck \
	shellcheck html-style install clean

all: module bin web

module: $(BUILD)/ngx_otter_module.so
bin: $(BINS)


# The module.  nginx's configure script runs out of the source tree, again only
# with another list of files; afterwards its makefile decides what to compile.

MODULE_CFLAGS = $(CFLAGS) -std=gnu11 -fPIC $(PREFIX_MAP) $(HARDEN) $(WARN) \
	-Wno-unused-parameter
MODULE_LDFLAGS = $(LDFLAGS) -fPIC

$(BUILD)/nginx/sources: $(shell mkdir -p $(BUILD)/nginx; \
		echo $(MODULE_SRCS) $(MODULE_HDRS) | \
		cmp -s - $(BUILD)/nginx/sources || echo FORCE)
	@echo $(MODULE_SRCS) $(MODULE_HDRS) > $@

.PHONY: FORCE
FORCE:

$(BUILD)/nginx/Makefile: config $(NGINX_SRC)/conf_flags $(BUILD)/nginx/sources
	. $(NGINX_SRC)/conf_flags && cd $(NGINX_SRC) \
	&& ./configure "$${NGX_CONF_FLAGS[@]}" --with-cc=$(CC) \
		--with-cc-opt='$(MODULE_CFLAGS)' \
		--with-ld-opt='$(MODULE_LDFLAGS)' \
		--add-dynamic-module=$(CURDIR) --builddir=$(OUT)/nginx \
		> $(OUT)/nginx/configure.log 2>&1 \
	|| { cat $(OUT)/nginx/configure.log; rm -f $(OUT)/nginx/Makefile; exit 1; }

$(BUILD)/ngx_otter_module.so: $(BUILD)/nginx/Makefile \
		$(MODULE_SRCS) $(MODULE_HDRS)
	+$(MAKE) -s --no-print-directory -f $(OUT)/nginx/Makefile -C $(NGINX_SRC) \
		modules
	$(INSTALL) -m 644 $(BUILD)/nginx/ngx_otter_module.so $@


# The commands: plain C11 over core/ and workers/common/.

BIN_CFLAGS = -std=c11 -D_GNU_SOURCE $(CFLAGS) -fPIE $(PREFIX_MAP) $(HARDEN) \
	$(WARN) -Ingx_otter_module/core -Iworkers/common -MMD -MP
# a command is linked with what it uses of these
BIN_LIBS = -Wl,--as-needed -ljwt -ljansson -lhiredis -lcurl -lssl -lcrypto

BIN_OBJS = $(patsubst %.c,$(BUILD)/obj/%.o,$(sort $(wildcard \
	workers/$(1)/*.c)) $(COMMON_SRCS) $(CORE_SRCS))

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(BIN_CFLAGS) -c -o $@ $<

define bin_rule
$(BUILD)/bin/$(1): $(call BIN_OBJS,$(1))
	@mkdir -p $$(@D)
	$$(CC) $$(LDFLAGS) -pie -o $$@ $$^ $$(BIN_LIBS)
endef
$(foreach c,$(COMMANDS),$(eval $(call bin_rule,$(c))))


# The unit tests: each file of t/unit/ is a program that prints TAP.

UNIT_CFLAGS = -std=c11 -D_GNU_SOURCE -g -O1 -fno-omit-frame-pointer $(WARN) \
	-fsanitize=address,undefined -fno-sanitize-recover=all \
	-Ingx_otter_module/core -Iworkers/common -It/unit -MMD -MP

$(BUILD)/unit/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) -c -o $@ $<

$(UNITS): $(BUILD)/unit/%: $(BUILD)/unit/obj/t/unit/%.o \
		$(CORE_SRCS:%.c=$(BUILD)/unit/obj/%.o) \
		$(COMMON_SRCS:%.c=$(BUILD)/unit/obj/%.o)
	$(CC) $(UNIT_CFLAGS) -o $@ $^ $(BIN_LIBS)

# A fuzz target without its fuzzer replays its corpus, as one more of them.

REPLAYS := $(FUZZ_SRCS:t/fuzz/fuzz_%.c=$(BUILD)/unit/replay_%)

$(BUILD)/unit/obj/t/fuzz/replay_%.o: t/fuzz/replay.c t/unit/tap.h
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) -DOTTER_FUZZ_CORPUS='"t/fuzz/corpus/$*"' -c -o $@ $<

$(REPLAYS): $(BUILD)/unit/replay_%: $(BUILD)/unit/obj/t/fuzz/fuzz_%.o \
		$(BUILD)/unit/obj/t/fuzz/replay_%.o \
		$(CORE_SRCS:%.c=$(BUILD)/unit/obj/%.o)
	$(CC) $(UNIT_CFLAGS) -o $@ $^ $(BIN_LIBS)

units: $(UNITS) $(REPLAYS)

unit: units
	prove --exec '' $(UNITS) $(REPLAYS)


# Replies of Redis are read into nginx's pools, of which the target has its own.

FUZZ_NGINX_SRCS = ngx_otter_module/event/ngx_otter_redis_reader.c
FUZZ_NGINX_FLAGS = -std=gnu11 -Wno-unused-parameter $(NGINX_INCS) \
	-Ingx_otter_module/event
FUZZ_NGINX_OBJS = $(FUZZ_NGINX_SRCS:%.c=$(BUILD)/unit/obj/%.o)

$(BUILD)/unit/obj/t/fuzz/fuzz_reply.o $(FUZZ_NGINX_OBJS): \
		UNIT_CFLAGS += $(FUZZ_NGINX_FLAGS)
$(BUILD)/unit/obj/t/fuzz/fuzz_reply.o $(FUZZ_NGINX_OBJS): \
		$(BUILD)/nginx/Makefile
$(BUILD)/unit/replay_reply: $(FUZZ_NGINX_OBJS)


# The same targets with libFuzzer.

FUZZ_CFLAGS = -std=gnu11 -D_GNU_SOURCE -g -O1 -fno-omit-frame-pointer \
	-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	-Ingx_otter_module/core -It/unit
FUZZERS := $(FUZZ_SRCS:t/fuzz/fuzz_%.c=$(BUILD)/fuzz/%)

fuzz: $(FUZZERS)

$(FUZZERS): $(BUILD)/fuzz/%: t/fuzz/fuzz_%.c $(CORE_SRCS)
	@mkdir -p $(@D)
	clang $(FUZZ_CFLAGS) -o $@ $(filter %.c,$^) $(BIN_LIBS)

$(BUILD)/fuzz/reply: $(FUZZ_NGINX_SRCS) $(BUILD)/nginx/Makefile
$(BUILD)/fuzz/reply: FUZZ_CFLAGS += $(FUZZ_NGINX_FLAGS)


# The web app.  npm ci runs again only with another lock file (npm leaves its
# own copy of it in node_modules), the build only with other sources.

WEB_SRCS := $(shell find html -name node_modules -prune -o \
	-path html/dist -prune -o -type f -print)
NPM_STAMP = html/node_modules/.package-lock.json

web: html/dist/index.html

%/node_modules/.package-lock.json: %/package-lock.json
	cd $* && npm ci --no-audit --no-fund
	touch $@

html/dist/index.html: $(NPM_STAMP) $(WEB_SRCS)
	cd html && npm run build
	touch $@


# Style.

NGINX_INCS = $(addprefix -isystem $(NGINX_SRC)/src/,core event \
	event/modules event/quic os/unix http http/modules http/v2) \
	-isystem $(BUILD)/nginx
OTTER_INCS = $(addprefix -Ingx_otter_module/,core event http)
TIDY = clang-tidy --quiet
HOST_SRCS = $(filter-out $(CORE_SRCS),$(MODULE_SRCS))
PLAIN_SRCS = $(CORE_SRCS) $(wildcard workers/*/*.c)

check-style: clang-tidy cppcheck shellcheck html-style
	prove t/style

# the analyzer takes the ends of nginx's queues for null pointers
clang-tidy: $(BUILD)/nginx/Makefile
	printf '%s\n' $(HOST_SRCS) | xargs -P 2 -n 3 sh -c \
		'$(TIDY) --checks=-clang-analyzer-core.NullDereference \
		"$$@" -- -std=gnu11 $(OTTER_INCS) $(NGINX_INCS)' tidy
	printf '%s\n' $(PLAIN_SRCS) | xargs -P 2 -n 3 sh -c \
		'$(TIDY) "$$@" -- -std=c11 -D_GNU_SOURCE \
		-Ingx_otter_module/core -Iworkers/common' tidy

cppcheck:
	@mkdir -p $(BUILD)/cppcheck
	cppcheck --quiet --error-exitcode=1 --inline-suppr -j 2 \
		--cppcheck-build-dir=$(BUILD)/cppcheck --std=c11 \
		--enable=warning,performance,portability \
		--suppress=missingInclude $(OTTER_INCS) -Iworkers/common \
		$(MODULE_SRCS) $(wildcard workers/*/*.c)

shellcheck:
	git ls-files -z '*.sh' '*.bash' .ci/run | xargs -0 shellcheck

html-style: $(NPM_STAMP) t/browser/$(NPM_STAMP:html/%=%)
	cd html && npm run typecheck && npm run lint && npm run format:check
	cd t/browser && npm run typecheck


# For a package or for the machine itself.

install: all
	$(INSTALL) -D -m 644 $(BUILD)/ngx_otter_module.so \
		$(DESTDIR)$(MODULESDIR)/ngx_otter_module.so
	$(INSTALL) -D -m 644 conf.d/nginx/mod-otter.conf \
		$(DESTDIR)$(MODCONFDIR)/mod-otter.conf
	for b in $(BINS); do \
		$(INSTALL) -D -m 755 $$b \
			$(DESTDIR)$(BINDIR)/$${b##*/} || exit; \
	done
	$(INSTALL) -d $(DESTDIR)$(UNITSDIR)
	for u in conf.d/systemd/*.service; do \
		sed 's,=/usr/bin/,=$(BINDIR)/,' $$u \
			> $(DESTDIR)$(UNITSDIR)/$${u##*/} || exit; \
		chmod 644 $(DESTDIR)$(UNITSDIR)/$${u##*/} || exit; \
	done
	for m in $(MAN_PAGES); do \
		$(INSTALL) -D -m 644 $$m \
			$(DESTDIR)$(MANDIR)/man$${m##*.}/$${m##*/} || exit; \
	done
	$(INSTALL) -D -m 644 conf.d/completion/otter.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/otter
	$(INSTALL) -D -m 644 conf.d/completion/_otter \
		$(DESTDIR)$(PREFIX)/share/zsh/vendor-completions/_otter
	rm -rf $(DESTDIR)$(DATADIR)/html
	mkdir -p $(DESTDIR)$(DATADIR)
	cp -R html/dist $(DESTDIR)$(DATADIR)/html
	chmod -R u=rwX,go=rX $(DESTDIR)$(DATADIR)/html
	mkdir -p $(DESTDIR)$(DATADIR)/docker
	sed -e '/^    build:/d' -e '/^  restart:/a\  pull_policy: never' \
		docker/compose.yaml > $(DESTDIR)$(DATADIR)/docker/compose.yaml
	chmod 644 $(DESTDIR)$(DATADIR)/docker/compose.yaml
	cd conf.d && find . -type f ! -name '*.in' -exec $(INSTALL) -D -m 644 \
		{} $(abspath $(DESTDIR)/)$(DOCDIR)/examples/{} \;
	$(INSTALL) -D -m 644 LICENSE $(DESTDIR)$(DOCDIR)/LICENSE
	$(INSTALL) -D -m 644 CHANGES $(DESTDIR)$(DOCDIR)/CHANGES

clean:
	rm -rf $(BUILD) html/dist

-include $(shell find $(BUILD)/obj $(BUILD)/unit/obj -name '*.d' 2>/dev/null)
