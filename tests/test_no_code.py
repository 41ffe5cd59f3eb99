"""Nothing that is read is ever run: the syntax of every module is looked through for what could do that."""

import ast
from pathlib import Path

import pytest

import cleaner

ROOT = Path(cleaner.__file__).parent
MODULES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py"))

RUNS = {"eval", "exec", "compile", "__import__", "execfile", "input", "breakpoint"}
"""Builtins that make code of text."""
LOADS = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "jsonpickle", "yaml"}
"""Libraries whose files may hold code."""
SHELLS = {"subprocess", "pty", "commands", "popen2", "code", "codeop", "runpy", "imp"}
"""Modules that start programs, or run code that they are given."""
STARTS = {"system", "popen", "posix_spawn", "posix_spawnp", "startfile", "execv", "execve", "execvp", "spawnv"}
"""Functions of ``os`` that do."""

EXCEPTIONS = {
    ("executors/_process.py", "pickle"): "the pipe from a worker, which runs this very code",
    ("executors/_worker.py", "pickle"): "the pipe to the process that has started this one",
    ("plugins.py", "import_module"): "a name that `names` has found in the package, never one from a file",
    ("__init__.py", "import_module"): "a name that the table above it holds",
    ("dedup/__init__.py", "import_module"): "a name that the table above it holds",
}


def dotted(node):
    """Return ``a.b.c`` for such an expression, empty for any other."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


def of_imports(node):
    names = [alias.name for alias in node.names]
    for name in [node.module or ""] if isinstance(node, ast.ImportFrom) else names:
        if (top := name.partition(".")[0]) in LOADS | SHELLS:
            yield top
    if isinstance(node, ast.ImportFrom) and node.module == "os":
        yield from (f"os.{name}" for name in names if name in STARTS)


def of_calls(node):
    name = dotted(node.func)
    last = name.rpartition(".")[2]
    if name in RUNS or name in {f"builtins.{run}" for run in RUNS}:
        yield name
    if name in {f"os.{start}" for start in STARTS}:
        yield name
    if last == "import_module" and not all(isinstance(given, ast.Constant) for given in node.args):
        yield last
    for given in node.keywords:
        told = given.value.value if isinstance(given.value, ast.Constant) else ...
        if (given.arg == "allow_pickle" and told is not False) or (given.arg == "shell" and told is not False):
            yield f"{given.arg}={told}"


def found(source):
    """Return what a module does that it must not."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from of_imports(node)
        elif isinstance(node, ast.Call):
            yield from of_calls(node)


@pytest.mark.parametrize("module", MODULES)
def test_no_module_makes_code_of_data(module):
    seen = set(found((ROOT / module).read_text()))
    assert seen - {what for place, what in EXCEPTIONS if place == module} == set()


@pytest.mark.parametrize(("module", "what"), EXCEPTIONS)
def test_every_exception_is_needed(module, what):
    assert what in set(found((ROOT / module).read_text()))


@pytest.mark.parametrize(
    "source",
    [
        "eval(text)",
        "builtins.exec(text)",
        "compile(text, '', 'exec')",
        "import pickle",
        "from pickle import loads",
        "import yaml",
        "import os; os.system(line)",
        "from os import popen",
        "import subprocess",
        "run(line, shell=True)",
        "np.load(file, allow_pickle=True)",
        "np.load(file, allow_pickle=told)",
        "importlib.import_module(name)",
        "__import__(name)",
    ],
)
def test_what_must_not_be_is_found(source):
    assert list(found(source))


@pytest.mark.parametrize("source", ["re.compile(x)", "np.load(x)", "np.load(x, allow_pickle=False)", "json.loads(x)"])
def test_what_may_be_is_not_found(source):
    assert not list(found(source))
