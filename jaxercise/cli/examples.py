"""The examples that `--help` shows for each command."""

ALL = """\
examples:
  jaxercise build                       write source/ and release/ from the lessons
  jaxercise build --watch               do so again whenever a file changes
  jaxercise grade release/ps2/ps2.ipynb
  jaxercise prove ps2 --exercise add_tax
  jaxercise report ps2                  the class at a glance, as a web page
  jaxercise demo
  jaxercise new course analysis         start a course of your own in the folder analysis
  jaxercise new exercise hw1 softmax    add an exercise to the set hw1

Run `jaxercise COMMAND --help` for more. Every command but `new course` runs inside a course, a
folder with lessons/, reference/ and grader_tests/, or in a folder below one.
"""
BUILD = """\
examples:
  jaxercise build
  jaxercise build --check               in a test: exit status 1 if a notebook is out of date
  jaxercise build --watch               build again whenever a lesson or a solution changes

A lesson with a mistake is reported with file and line, and nothing is written.
"""
GRADE = """\
examples:
  jaxercise grade submitted/alice/ps2/ps2.ipynb
  jaxercise grade alice.ipynb --assignment ps2 --json alice.json
  jaxercise grade alice.ipynb --json - | jq .score
  jaxercise grade submitted --jobs 4 --json grades
  jaxercise grade submitted --scheduler tcp://10.0.0.1:8786
  jaxercise grade --watch submitted     judge what arrives there, until Ctrl-C

With --watch the judge has the settings of nbgrader_config.py, and `nbgrader autograde` finds the
verdicts kept. FOLDER may also be the exchange's, such as /srv/nbgrader/exchange/jax/inbound.
"""
REPORT = """\
examples:
  jaxercise report ps2
  jaxercise report ps2 --html ps2.html --json ps2.json
  jaxercise report ps2 --before last_week.json

Reads what nbgrader has graded. Scores, checks and their statistics, messages, hand-in times, what
the last regrade changed, and answers that resemble each other. The page needs no network. It names
students and quotes their work, so keep it where only instructors read.
"""
VERDICTS = """\
examples:
  jaxercise verdicts
  jaxercise verdicts --clear
"""
ROSTER = """\
examples:
  jaxercise roster roster.csv           names and addresses into the gradebook
  jaxercise roster roster.csv --check   only look for mistakes in the file

The first line names the columns: id, and any of name, first_name, last_name, email, section,
canvas_id, sis_id, login, id_number. Nobody is removed from the gradebook.
"""
PROVE = """\
examples:
  jaxercise prove                       every assignment
  jaxercise prove ps2 ps3 --jobs 2
  jaxercise prove ps2 --exercise add_tax --json matrix.json
  jaxercise prove ps3 --seed 1          with other hidden inputs
  jaxercise prove --watch               prove again what a change concerns
  jaxercise prove ps2 --mutants         how many machine-made wrong answers are caught

Exit status 0: every solution came out as expected; 1: some did not.
"""
DEMO = """\
examples:
  jaxercise demo                        the first assignment
  jaxercise demo --assignments ps2 ps3
  jaxercise demo --all                  every assignment

Writes to a folder of its own, with its own gradebook, and deletes what an earlier demonstration
left there. Your gradebook is not touched.
"""
NEW = """\
examples:
  jaxercise new course analysis         a course with one exercise, in the new folder analysis
  jaxercise new set hw2                 lessons/hw2.md and reference/hw2.py
  jaxercise new exercise hw2 softmax    lesson section, solution, hidden tests, known answers

No file is overwritten. What is still to be written is marked FILL IN.
"""
NEW_COURSE = """\
examples:
  jaxercise new course analysis
"""
NEW_SET = """\
examples:
  jaxercise new set hw2
  jaxercise new set stats1 --kind numpy
"""
NEW_EXERCISE = """\
examples:
  jaxercise new exercise hw2 softmax

The exercise asks for twice its input until you fill it in, so that it builds and proves at once.
"""
HUB = """\
examples:
  jaxercise hub demo                    a hub to try, on this machine alone
  sudo jaxercise hub init hub.toml
  sudo jaxercise hub check hub.toml
  sudo jaxercise hub start hub.toml

docs/operators.md leads from a bare Debian to a course, and says what hub.toml holds.
"""
HUB_INIT = """\
examples:
  jaxercise hub init hub.toml --dry-run what it would make
  sudo jaxercise hub init hub.toml

Run it again whenever hub.toml, a roster or this program has changed: what is as it should be is
left alone. Nothing is removed.
"""
HUB_CHECK = """\
examples:
  sudo jaxercise hub check hub.toml

Exit status 0: everything holds; 1: something does not, and the output says what to do.
"""
HUB_START = """\
examples:
  sudo jaxercise hub start hub.toml
  sudo systemctl enable --now jaxercise-hub
"""
HUB_DEMO = """\
examples:
  jaxercise hub demo                    the first assignment
  jaxercise hub demo --assignments ps1 ps2 --port 9000

An instructor and three students, with passwords that are made up and shown. All of them run as
you, so let nobody else log in. Everything lies in a temporary folder, which goes at the end.
"""
