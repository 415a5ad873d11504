"""nbgrader's settings for this course; read by every `nbgrader` command and by formgrader.

They are read from the folder that nbgrader or the Jupyter server was started in, so start
both here, in the course's root. What else you want to set goes below, or, where it is not for
the repository (the exchange, a database, a seed), into `nbgrader_local.py` beside this file.
What these two set wins over a file in ~/.jupyter.
"""

from pathlib import Path

from jaxercise.nbgrader.starters import GENERATE_PREPROCESSORS

c = get_config()

# The exchange files assignments under this name. No default for c.CourseDirectory.db_url:
# nbgrader's own is gradebook.db in this folder (SQLite, nothing to install).
c.CourseDirectory.course_id = "jax"

# generate_assignment: solutions give way to the lessons' starter code. release/ is built from
# source/ and holds nothing of its own, so it is written anew without asking.
c.GenerateAssignment.force = True
c.GenerateAssignment.preprocessors = list(GENERATE_PREPROCESSORS)
# What would lose grades is refused before the old release is deleted.
c.GenerateAssignment.exporter_class = "jaxercise.nbgrader.gradebook.Release"

# autograde reads a damaged notebook, follows no link, and finishes what an earlier run left
# unfinished when it was killed.
c.Autograde.exporter_class = "jaxercise.nbgrader.intake.SubmissionReader"

# autograde, first half: stock, but for the step that puts the student's cells into our copy
# of the lesson. It comes first, so that no damaged notebook can stop the batch.
c.Autograde.sanitize_preprocessors = [
    "jaxercise.nbgrader.mend.MendSubmission",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# autograde, second half: the judge in the place of nbgrader's Execute, and a SaveAutoGrades
# that leaves to a person what the judge could not decide.
c.Autograde.autograde_preprocessors = [
    "jaxercise.nbgrader.plugin.JudgeSubmission",
    "nbgrader.preprocessors.LimitOutput",
    "jaxercise.nbgrader.plugin.SaveGrades",
    "jaxercise.nbgrader.late.AssignPenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# generate_feedback: an overview, verdicts and messages; nothing that acts, nothing for
# instructors only.
c.GenerateFeedback.exporter_class = "jaxercise.nbgrader.feedback.FeedbackPage"
c.GenerateFeedback.preprocessors = [
    "jaxercise.nbgrader.late.AssignPenalties",
    "nbgrader.preprocessors.GetGrades",
    "jaxercise.nbgrader.feedback.PrepareFeedback",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]

# Feedback after the due date shows the reference solution beside each answer; see
# docs/instructors.md.
# c.PrepareFeedback.show_reference = False

# release_feedback: one submission that came by mail does not stop the others' feedback.
c.ExchangeFactory.release_feedback = "jaxercise.nbgrader.exchange.ReleaseFeedback"

# The exchange with due dates. Students' nbgrader needs the last two of these lines as well, where
# they have a configuration of their own.
c.ExchangeFactory.release_assignment = "jaxercise.nbgrader.due_dates.ReleaseAssignment"
c.ExchangeFactory.list = "jaxercise.nbgrader.due_dates.ListAssignments"
c.ExchangeFactory.fetch_feedback = "jaxercise.nbgrader.due_dates.FetchFeedback"

# export: correctly quoted; names and ids from roster.csv, where there is one. For other files see
# jaxercise.nbgrader.platforms.
c.ExportApp.plugin_class = "jaxercise.nbgrader.export.Csv"

# What being late costs; by default nothing. More time for a student: extensions.csv.
# c.LatePolicy.percent_per_day = 10.0         # of the earned points, for each day begun
# c.LatePolicy.grace_minutes = 15.0
# c.Exchange.timezone = "Europe/Berlin"       # of the dates that students read

# Settings of the judge, with their defaults:
# c.JudgeSubmission.seed = 0                  # of the hidden inputs
# c.JudgeSubmission.cell_timeout_s = 60.0     # wall clock, one cell of a student
# c.JudgeSubmission.notebook_timeout_s = 600.0
# c.JudgeSubmission.jobs = 0                  # notebooks of a batch at once; 0: one a CPU
# c.JudgeSubmission.scheduler = ""            # tcp://...: judge on many hosts
# c.JudgeSubmission.keep_verdicts = True      # judge nothing twice; see `jaxercise verdicts`
# Student code runs in a sandbox, and without one grading refuses and says what to switch on.
# On a host where that cannot be had, and for code you trust only:
# c.JudgeSubmission.confine = False

# Last, so that it has precedence.
if (_local := Path(__file__).with_name("nbgrader_local.py")).is_file():
    load_subconfig(_local.name, path=str(_local.parent))
