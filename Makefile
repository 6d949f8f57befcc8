# make 2023        the whole disclosure of 2023 into out/2023/
# make test        everything that is tested
# make help        all targets
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
YEAR ?= $(lastword $(sort $(YEARS)))
YEARS := $(notdir $(patsubst %/department.yaml,%,$(wildcard data/[12][0-9][0-9][0-9]/department.yaml)))

ALL := $(addsuffix -all,$(YEARS))
# An offline bundle brings its packages along.
PIP := -m pip install --quiet --disable-pip-version-check $(if $(wildcard wheels),--no-index --find-links wheels)

.PHONY: help $(YEARS) $(ALL) preview pictures editor check figures status publish new diff diff-example schema test golden lint \
	bench bundle clean

help:
	@echo "make 2023            生成 2023 年部门预算公开（data/ 里有的年度都可以：$(YEARS)）"
	@echo "make 2023-all        部门的和每个单位的都生成，核对各单位之和"
	@echo "make preview         在浏览器里边改边看（YEAR=2023；单位的加 UNIT=159002）"
	@echo "make check           检查数据和模板，不写文件（YEAR=2023）"
	@echo "make figures         列出模板里能写的全部名称（YEAR=2023）"
	@echo "make status          离公布还差什么（YEAR=2023）"
	@echo "make publish YEAR=2023   公布一个年度并存档（文号 DOCUMENT=…，更正 CORRECT=原因 DATE=日期）"
	@echo "make new YEAR=2024   由上一年建新一年的数据"
	@echo "make diff OLD=2022 NEW=2023   比较两年；make diff-example 看一个例子"
	@echo "make schema          导出数据文件的 JSON Schema"
	@echo "make test            运行全部测试"
	@echo "make golden          重写 tests/golden/，改动要当作文稿来审"
	@echo "make pictures        重做 docs/pictures/ 里的图（要 Chromium 和 LibreOffice）"
	@echo "make lint            代码风格和类型检查"
	@echo "make bench           计时"
	@echo "make bundle          做离线安装包（dist/，做的时候要上网）"

$(YEARS): $(VENV)/ready
	$(RUN) -m generator build $@

$(ALL): $(VENV)/ready
	$(RUN) -m generator build $(@:-all=) --all

# A year without data: the program says which there are.
20%-all: $(VENV)/ready
	$(RUN) -m generator build $(@:-all=) --all

20%: $(VENV)/ready
	$(RUN) -m generator build $@

preview: $(VENV)/ready
	$(RUN) -m generator preview $(YEAR) $(if $(UNIT),--unit $(UNIT))

check figures status: $(VENV)/ready
	$(RUN) -m generator $@ $(YEAR)

publish: $(VENV)/ready
	@test "$(origin YEAR)" = "command line" || (echo "写明年度：make publish YEAR=2023"; exit 2)
	$(RUN) -m generator publish $(YEAR) $(if $(DATE),--date $(DATE)) $(if $(DOCUMENT),--document "$(DOCUMENT)") \
		$(if $(CORRECT),--correct "$(CORRECT)")

new: $(VENV)/ready
	@test "$(origin YEAR)" = "command line" || (echo "写明年度：make new YEAR=2024"; exit 2)
	$(RUN) -m generator new $(YEAR)

diff: $(VENV)/ready
	@test -n "$(OLD)" -a -n "$(NEW)" || (echo "写明两年：make diff OLD=2022 NEW=2023"; exit 2)
	$(RUN) -m generator diff $(OLD) $(NEW) --fail-on 无

diff-example: $(VENV)/ready
	$(RUN) -m generator diff 2023 2024 --data examples/data --templates examples/templates --fail-on 无

schema: $(VENV)/ready
	$(RUN) -m generator schema

test: $(VENV)/ready-test $(VENV)/ready-browser
	$(RUN) -m pytest

pictures: $(VENV)/ready-browser
	$(RUN) -m tools.pictures

# Only to take newer packages into the preview's editor: what it makes is kept in the repository.
editor:
	tools/editor/bundle.sh

golden: $(VENV)/ready
	$(RUN) -m tools.golden

lint: $(VENV)/ready-lint
	$(RUN) -m ruff format --check generator tests tools benchmarks start.py
	$(RUN) -m ruff check generator tests tools benchmarks start.py
	$(RUN) -m mypy

bench: $(VENV)/ready-bench $(VENV)/ready-browser
	$(RUN) -m benchmarks

bundle: $(VENV)/ready
	$(RUN) -m tools.bundle

clean:
	rm -rf $(VENV) out dist

# Exact versions; the lock names no index.
$(VENV)/ready: requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(RUN) $(PIP) -r requirements.lock
	cp requirements.lock $(VENV)/installed.lock
	touch $@

$(VENV)/ready-%: requirements-%.lock $(VENV)/ready
	$(RUN) $(PIP) -r requirements-$*.lock
	touch $@
