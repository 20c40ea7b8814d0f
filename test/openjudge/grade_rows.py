"""Grades rows with an exported module inside the OpenJudge library: MODULE CLASS, the rest as JSON on standard input."""

import asyncio
import importlib.util
import json
import sys

from loguru import logger
from openjudge.models.openai_chat_model import OpenAIChatModel
from openjudge.runner.grading_runner import GradingRunner

logger.remove()
path, name = sys.argv[1:]
asked = json.load(sys.stdin)
# In an environment of the person's own transformers stands beside OpenJudge; here it is in another one.
sys.path.extend(asked.get("packages", []))
spec = importlib.util.spec_from_file_location("exported", path)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
options = dict(asked["options"])
if "chat" in asked:
    options["model"] = OpenAIChatModel(**asked["chat"])
grader = getattr(module, name)(**options)
results = asyncio.run(GradingRunner({"graded": grader}, show_progress=False).arun(asked["rows"]))
print(json.dumps([{"type": type(each).__name__, **each.model_dump()} for each in results["graded"]]))
