"""Runs the project's program in this process, as its language host would in another: runPython.py preview|up [FLAG...]"""

import runpy
import sys

from pulumi import automation

command, *flags = sys.argv[1:]
stack = automation.select_stack(
    "test",
    project_name=automation.LocalWorkspace(work_dir=".").project_settings().name,
    program=lambda: runpy.run_path("__main__.py") and None,
    opts=automation.LocalWorkspaceOptions(work_dir="."),
)
try:
    getattr(stack, command)(on_output=print, expect_no_changes="--expect-no-changes" in flags)
except automation.CommandError as error:
    sys.exit(str(error))
