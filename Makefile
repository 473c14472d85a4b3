# mediad: `make run` to start it, `make test` to check it, `make help` for the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

BIN      := bin/mediad
WEB      := overlay/web
E2E      := cmd/mediad/e2e
GOBIN    := $(shell go env GOPATH)/bin
VERSITY  := github.com/versity/versitygw/cmd/versitygw@v1.8.0
GOTESTSUM := gotest.tools/gotestsum@v1.13.0
PEBBLE   := github.com/letsencrypt/pebble/v2/cmd/pebble@v2.10.1
export PATH := $(PATH):$(GOBIN):/usr/sbin

.PHONY: help run demo build web test test-go test-web test-e2e bench bench-streams soak losses hostile endure waiters outages kills holds listeners restream pictures fuzz tools clean

help: ## show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /  make \1\t/' | expand -t 22

run: build ## build everything and start the server with config.yaml
	$(BIN) serve --config config.yaml

demo: build ## build everything and start a demo: a show that runs itself
	$(BIN) demo --config config.yaml

build: web ## build the web parts and bin/mediad, start nothing
	go build -o $(BIN) ./cmd/mediad

web: $(WEB)/dist/.built

$(WEB)/dist/.built: $(WEB)/node_modules/.installed $(WEB)/.document $(shell find $(WEB)/src $(WEB)/build $(WEB)/build.mjs $(WEB)/strings $(WEB)/tsconfig.json -type f -not -path '*/generated/*' 2>/dev/null)
	cd $(WEB) && npm run --silent build
	@touch $@

# The client of the pages is made from this document, so the test checks first that it describes the API as it is.
$(WEB)/.document: $(WEB)/openapi.json $(wildcard overlay/*.go overlay/api/*.go)
	go test ./overlay/api -run '^TestDocument$$'
	@touch $@

%/node_modules/.installed: %/package-lock.json
	cd $* && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

tools: ## install what the tests need: ffmpeg, Chromium, Firefox, PostgreSQL, pgbouncer, an S3 server, an ACME server, caches, a load generator
	@.ci/tools
	@command -v versitygw >/dev/null || { echo "installing versitygw"; go install $(VERSITY); }
	@command -v gotestsum >/dev/null || { echo "installing gotestsum"; go install $(GOTESTSUM); }
	@command -v pebble >/dev/null || { echo "installing pebble"; go install $(PEBBLE); }

test: tools build test-web test-go test-e2e ## run every test: Go with -race, web, end to end in a real browser

test-web: $(WEB)/node_modules/.installed
	cd $(WEB) && npm run --silent check && npm test --silent

# A machine that others use can hold a test up for seconds. So up to six tests (end to end: six files) that fail are run once
# more, and are named at the end; a data race fails at once. RERUNS=0: each failure counts.
RERUNS ?= 1

# Three packages at once: many tests wait for media in real time, and leave two cores half idle.
test-go: tools web
	go vet ./...
	gotestsum --format pkgname --packages ./... --rerun-fails=$(RERUNS) --rerun-fails-max-failures 6 --rerun-fails-run-root-test --rerun-fails-abort-on-data-race -- -race -p 3 -timeout 15m

test-e2e: build tools $(E2E)/node_modules/.installed
	cd $(E2E) && MEDIAD_E2E_RERUNS=$(RERUNS) node run.mjs

bench: web ## run the benchmarks; the benchmark of streams in its short form
	go test -run '^$$' -bench . -benchmem -timeout 30m ./...

STREAMS ?= 100
PAIRS ?= 5
bench-streams: web ## CPU and memory of STREAMS (100) streams with full windows, PAIRS (5) times with each storage: 40 minutes, 4 GB
	MEDIAD_BENCH_STREAMS="$(STREAMS)" MEDIAD_BENCH_PAIRS=$(PAIRS) MEDIAD_BENCH_WARM=110 MEDIAD_BENCH_SECONDS=15 \
	  go test -run '^$$' -bench Streams -timeout 3h -v ./cmd/mediad

soak: FUZZTIME = 5m
soak: fuzz losses hostile endure waiters outages kills holds listeners restream ## run all tests that take long; fuzz each target for 5 minutes

HOSTILE ?= 10000
hostile: build tools $(E2E)/node_modules/.installed ## attack ingest, then the whole server, with HOSTILE (10000) connections
	MEDIAD_HOSTILE=$(HOSTILE) go test -count=1 -timeout 30m -run 'TestHostileLoad' -v ./ingest/rtmp
	cd $(E2E) && MEDIAD_HOSTILE=$(HOSTILE) node --test --test-timeout=1800000 hostile.test.mjs

STORE_SOAK ?= 10m/20
outages: tools web ## test with an object store that fails, for STORE_SOAK (10m/20: ten minutes, 20 broadcasts)
	MEDIAD_STORE_SOAK=$(STORE_SOAK) go test -count=1 -timeout 2h -run '^TestStoreInTrouble$$' -v ./cmd/mediad

KILLS ?= 50
kills: tools web ## kill -9 a server KILLS (50) times in a broadcast, and one with a directory store half as often; compare replay and playlist
	MEDIAD_KILLS=$(KILLS) go test -count=1 -timeout 2h -run '^TestKills$$' -v ./cmd/mediad

HOLDS ?= 10000
HOOKS ?= 5000
ORDER_KILLS ?= 20
holds: tools web ## let HOLDS (10000) buyers ask for a tenth as many units over HTTP; tell of HOOKS (5000) orders twice and shuffled; kill -9 a server that sells ORDER_KILLS (20) times
	MEDIAD_HOOKS=$(HOOKS) go test -count=1 -timeout 30m -run '^TestHooksInAnyOrder$$' -v ./overlay/api
	MEDIAD_HOLDS=$(HOLDS) go test -count=1 -timeout 30m -run '^TestHoldsOverHTTP$$' -v ./overlay/api
	MEDIAD_ORDER_KILLS=$(ORDER_KILLS) go test -count=1 -timeout 30m -run '^TestOrderKills$$' -v ./cmd/mediad

ENDURE_HOURS ?= 24
endure: ## check every part and playlist of a broadcast of ENDURE_HOURS (24) hours, in accelerated time
	MEDIAD_SOAK_HOURS=$(ENDURE_HOURS) go test -count=1 -timeout 60m -run '^TestEndurance$$' -v ./packager

RESTREAM_OUTAGE ?= 10m
restream: ## send a broadcast on to a platform that reads nothing for RESTREAM_OUTAGE (10m), beside one that does
	MEDIAD_RESTREAM_OUTAGE=$(RESTREAM_OUTAGE) go test -count=1 -timeout 60m -run '^TestOutage$$' -v ./ingest/rtmp/restream

WAITERS ?= 10000
waiters: web ## let WAITERS (10000) players wait for one playlist
	MEDIAD_LOADTEST_WAITERS=$(WAITERS) go test -count=1 -timeout 30m -run '^TestWaiters$$' -v ./cmd/mediad/loadtest

LISTENERS ?= 19800
LISTENERS_BESIDE ?= 7800
listeners: web ## let LISTENERS (19800) connections listen to one chat, each end needs so many open files; then LISTENERS_BESIDE (7800) beside a picture, with comments and likes
	MEDIAD_LISTENERS=$(LISTENERS) go test -count=1 -timeout 30m -run '^TestListenersOverHTTP$$' -v ./overlay/api
	MEDIAD_LOADTEST_LISTENERS=$(LISTENERS_BESIDE) MEDIAD_LOADTEST_LISTENERS_FOR=20 go test -count=1 -timeout 30m -run '^TestListenersDuringBroadcast$$' -v ./cmd/mediad/loadtest

PICTURES ?= pictures
pictures: build tools $(E2E)/node_modules/.installed ## photograph all pages: each state on phone and desk, light and dark, English and Chinese, into PICTURES (pictures)
	cd $(E2E) && node pictures.mjs "$(abspath $(PICTURES))"

LOSSES ?= 200
losses: build tools $(E2E)/node_modules/.installed ## lose the publisher LOSSES (200) times in a row while a player watches
	cd $(E2E) && MEDIAD_SOAK_LOSSES=$(LOSSES) node --test --test-timeout=14400000 continuity.test.mjs

FUZZTIME ?= 1m
# By default go test minimizes each new input for a minute. That would leave a first run no time to fuzz.
fuzz: ## fuzz every target for FUZZTIME (1m)
	@for dir in $$(grep -rl --include=*_test.go '^func Fuzz' . | xargs -n1 dirname | sort -u); do \
	  for f in $$(grep -ho '^func Fuzz[A-Za-z0-9_]*' $$dir/*_test.go | cut -d' ' -f2); do \
	    echo "== $$dir $$f"; go test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$dir; \
	  done; \
	done

clean: ## remove what was built (not the data directory)
	rm -rf bin $(WEB)/node_modules $(E2E)/node_modules
	find $(WEB)/dist -mindepth 1 ! -name .keep -delete
