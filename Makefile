.PHONY: run test check format bench specimens

# Sets up what is missing, then web and worker until Ctrl-C; PORT=8000 chooses the port.
run:
	@deploy/setup.sh run
	@exec .venv/bin/python deploy/run.py

# The whole suite on a PostgreSQL and a Redis of its own; ARGS="-k dossier" goes to pytest.
test:
	@deploy/setup.sh test
	@.venv/bin/python deploy/check.py
	@exec .venv/bin/python deploy/test.py $(ARGS)

check:
	@deploy/setup.sh check
	@exec .venv/bin/python deploy/check.py

format:
	@deploy/setup.sh check
	@.venv/bin/python -m ruff check --fix --select I .
	@.venv/bin/python -m ruff format .

# How fast papers are made, on data of its own: beside other programs (where they are installed), by
# 1, 2 and 4 workers, and a second time. ARGS=--long looks at the workers' memory.
bench: export VAR_DIR := $(CURDIR)/var/bench
bench:
	@deploy/setup.sh test || deploy/setup.sh run
	@.venv/bin/python deploy/prepare.py
	@exec .venv/bin/python manage.py bench_documents $(or $(CAMPAIGN),lang-son-2024) $(ARGS)

# Every kind of paper with little, usual and too much content: var/specimens/index.html.
specimens:
	@deploy/setup.sh run
	@exec .venv/bin/python manage.py make_specimens $(ARGS)
