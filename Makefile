# `make demo` and `make test` work on a bare Debian 12 machine with a Swift 6.3 toolchain.

PACKAGES := libfftw3-dev liblapacke-dev libopenblas-dev libnetcdf-dev libhdf5-dev zlib1g-dev libcairo2-dev libssl-dev fonts-dejavu-core pkg-config
MODULES := fftw3 fftw3f lapacke openblas netcdf hdf5 zlib cairo libcrypto
BUILD := .build/release
PDE := $(BUILD)/pde
PREFIX ?= /usr/local
DEMO := demo
# The demo's sizes; continuous integration runs the same commands smaller.
DEMO_GEN := --samples 640 --oversample 5
DEMO_TRAIN := --epochs 24

.PHONY: all setup build demo test test-release fuzz lint check-files notebooks manual docs install clean

all: build

# Installs the libraries when they are missing and apt-get may; else says which ones are needed.
setup:
	@if ! command -v pkg-config >/dev/null || ! pkg-config --exists $(MODULES); then \
	  if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(PACKAGES) \
	      || exit 1; \
	  else \
	    echo "Missing libraries. Please install (Debian names): $(PACKAGES)" >&2; exit 1; \
	  fi; \
	fi

build: setup
	swift build -c release --product pde

demo: build
	DEMO_GEN="$(DEMO_GEN)" DEMO_TRAIN="$(DEMO_TRAIN)" sh Tests/demo.sh $(PDE) $(DEMO)

test: setup lint
	swift test -c release

# Counts in the thousands; hours.
test-release: setup fuzz
	PDE_RELEASE_TESTS=1 swift test -c release

# Coverage-guided inputs for our own parsers, with the address sanitizer.
fuzz: setup
	Tests/Fuzz/run.sh

lint:
	swift format lint --strict --recursive Sources Tests Package.swift

# Opens files of every kind with the programs of the field.
FILE_PACKAGES := netcdf-bin cdo nco python3-venv
FILE_TOOLS := .build/file-tools
check-files: build
	@for program in ncdump cdo ncks; do \
	  if ! command -v $$program >/dev/null; then missing="$$missing $$program"; fi; \
	done; \
	if [ -n "$$missing" ] || ! python3 -c 'import ensurepip' 2>/dev/null; then \
	  if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(FILE_PACKAGES) || exit 1; \
	  else \
	    echo "Missing programs. Please install (Debian names): $(FILE_PACKAGES)" >&2; exit 1; \
	  fi; \
	fi
	python3 -m venv $(FILE_TOOLS)
	$(FILE_TOOLS)/bin/pip install -q -r Tests/files-requirements.txt
	sh Tests/files.sh $(abspath $(PDE)) $(abspath $(FILE_TOOLS))/bin/python

# Runs every command of the notebooks, which also use ncdump and Python.
NOTEBOOK_PACKAGES := netcdf-bin python3-venv
notebooks: build
	@if ! command -v ncdump >/dev/null || ! python3 -c 'import ensurepip' 2>/dev/null; then \
	  if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(NOTEBOOK_PACKAGES) || exit 1; \
	  else \
	    echo "Missing programs. Please install (Debian names): $(NOTEBOOK_PACKAGES)" >&2; exit 1; \
	  fi; \
	fi
	sh Notebooks-md/run.sh $(abspath $(PDE))

# Manual pages and completions, by swift-argument-parser's generators.
SHARE := $(BUILD)/share
MANUAL := $(SHARE)/man/man1
BASH := $(SHARE)/bash-completion/completions
ZSH := $(SHARE)/zsh/site-functions
FISH := $(SHARE)/fish/vendor_completions.d
manual: build
	swift build -c release --product generate-manual
	rm -rf $(SHARE) && mkdir -p $(MANUAL) $(BASH) $(ZSH) $(FISH)
	$(BUILD)/generate-manual $(PDE) --multi-page --output-directory $(MANUAL)
	$(PDE) --generate-completion-script bash > $(BASH)/pde
	$(PDE) --generate-completion-script zsh > $(ZSH)/_pde
	$(PDE) --generate-completion-script fish > $(FISH)/pde.fish

# Reference documentation, one archive a room; needs the docc that Swift toolchains bring.
docs: build
	sh Tests/docs.sh $(BUILD) $(BUILD)/docs

install: build manual
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(PDE) $(DESTDIR)$(PREFIX)/bin/pde
	cd $(SHARE) && find . -type f -exec install -D -m 644 {} $(abspath $(DESTDIR)$(PREFIX))/share/{} \;

clean:
	rm -rf .build $(DEMO)
