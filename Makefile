# Shapes Desktop. `make help` lists what can be done; a newcomer needs two:
#   make run     set up this machine, open the window
#   make test    run every test that needs nothing but Go
#
# Flags and compiler stay the same in every target, because they are part of
# the key of Go's build cache: the window's OpenGL binding is costly to compile
# once (clang: 1.5 minutes of CPU, gcc: 5) and free afterwards.

SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

GO  ?= go
BIN := bin

# clang where it is: see above. An own choice (CC=… make …) wins.
ifeq ($(origin CC),default)
CC := $(if $(shell command -v clang),clang,gcc)
endif
export CC

# Everything but the window itself: pure Go, no system package, no display.
# Tag ci gives Fyne a window of air, so that main compiles and is checked too.
PURE := CGO_ENABLED=0
TAGS := -tags ci

# A point is {x, y} in any package: naming its fields each time hides the numbers.
VET := -composites=false

# Tools, pinned. `go run` keeps them in the build cache.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOFUMPT     := mvdan.cc/gofumpt@v0.12.0

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## set up this machine, build and open the window (without a display: draw the sample's map)
	@scripts/run.sh

.PHONY: test
test: ## run all tests that need nothing but Go
	$(PURE) $(GO) test $(TAGS) ./...

.PHONY: build
build: shapes setup ## build both programs into bin/
	CGO_ENABLED=1 $(GO) build -o $(BIN)/shapes-desktop ./cmd/shapes-desktop

.PHONY: shapes
shapes: ## build the command without a window into bin/
	$(PURE) $(GO) build -o $(BIN)/shapes ./cmd/shapes

.PHONY: setup
setup: ## install the system packages that the window needs (Debian; others: see README)
	@scripts/setup-debian.sh window

.PHONY: race
race: ## run the tests under the race detector (needs a C compiler), but those that kill processes or read large files
	# A program under the detector sleeps a second as it exits, and the scripts start hundreds.
	GORACE=atexit_sleep_ms=10 CGO_ENABLED=1 $(GO) test -race -short -timeout 30m $(TAGS) ./core/... ./gui/... ./cmd/shapes ./resources/... .

.PHONY: bench
bench: shapes test/oracle/node_modules ## measure builds end to end, beside geojson-vt; sessions and large trees
	$(PURE) $(GO) run ./test/bench
	$(PURE) $(GO) test -run '^$$' -bench . -benchtime 1x ./core/engine

.PHONY: oracle
oracle: shapes test/oracle/node_modules ## check our tiles with readers made by others (npm, GDAL, Chromium)
	$(PURE) $(GO) test $(TAGS) -count=1 ./test/oracle

test/oracle/node_modules: test/oracle/package-lock.json
	npm ci --prefix test/oracle --no-audit --no-fund
	@touch $@

.PHONY: lint
lint: ## vet, staticcheck and gofumpt
	$(PURE) $(GO) vet $(TAGS) $(VET) ./...
	$(PURE) $(GO) run $(STATICCHECK) $(TAGS) ./...
	@bad=$$($(PURE) $(GO) run $(GOFUMPT) -l $$(git ls-files '*.go')); \
	if [ -n "$$bad" ]; then echo "not in gofumpt's form (make fmt):"; echo "$$bad"; exit 1; fi

.PHONY: fmt
fmt: ## format the Go files
	$(PURE) $(GO) run $(GOFUMPT) -w $$(git ls-files '*.go')

.PHONY: cover
cover: ## measure test coverage into cover.html
	$(PURE) $(GO) test $(TAGS) -coverprofile=cover.out -coverpkg=./core/...,./gui/...,./cmd/... ./...
	$(GO) tool cover -html=cover.out -o cover.html
	@$(GO) tool cover -func=cover.out | tail -n 1

.PHONY: fuzz
fuzz: ## fuzz every decoder for a few seconds (FUZZTIME=10s)
	@scripts/fuzz.sh $(or $(FUZZTIME),10s)

.PHONY: generate
generate: ## make the bundled assets and notices anew
	$(GO) generate ./...

.PHONY: smoke
smoke: build ## open the window on a virtual screen, save build/window.png
	@scripts/smoke-window.sh

.PHONY: package
package: ## make the archives of a release into dist/
	@scripts/package.sh

.PHONY: ci
ci: ## run all that CI runs
	@.ci/run

.PHONY: clean
clean: ## remove what the targets above made
	rm -rf $(BIN) build dist cover.out cover.html
