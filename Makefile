# make 2023        the whole disclosure of 2023 into out/2023/
# make test        everything that is tested
# make help        all targets
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
YEAR ?= $(lastword $(sort $(YEARS)))
YEARS := $(notdir $(patsubst %/department.yaml,%,$(wildcard data/[12][0-9][0-9][0-9]/department.yaml)))

.PHONY: help $(YEARS) check figures schema test golden lint bench clean

help:
	@echo "make 2023            生成 2023 年部门预算公开（data/ 里有的年度都可以：$(YEARS)）"
	@echo "make check           检查数据和模板，不写文件（YEAR=2023）"
	@echo "make figures         列出全部指标（YEAR=2023）"
	@echo "make schema          导出数据文件的 JSON Schema"
	@echo "make test            运行全部测试"
	@echo "make golden          重写 tests/golden/，改动要当作文稿来审"
	@echo "make lint            代码风格和类型检查"
	@echo "make bench           计时"

$(YEARS): $(VENV)/ready
	$(RUN) -m generator build $@

check figures: $(VENV)/ready
	$(RUN) -m generator $@ $(YEAR)

schema: $(VENV)/ready
	$(RUN) -m generator schema

test: $(VENV)/ready-test
	$(RUN) -m pytest

golden: $(VENV)/ready
	$(RUN) -m tools.golden

lint: $(VENV)/ready-lint
	$(RUN) -m ruff format --check generator tests tools benchmarks
	$(RUN) -m ruff check generator tests tools benchmarks
	$(RUN) -m mypy

bench: $(VENV)/ready-bench
	$(RUN) -m benchmarks

clean:
	rm -rf $(VENV) out

# Exact versions; the lock names no index.
$(VENV)/ready: requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements.lock
	touch $@

$(VENV)/ready-%: requirements-%.lock $(VENV)/ready
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements-$*.lock
	touch $@
