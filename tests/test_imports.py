"""Who may import whom (docs/architecture.md), and how long things may be, read from the syntax trees."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("sni_engine", "sni_desktop")
LONGEST_FILE, LONGEST_FUNCTION = 400, 50


@dataclass(frozen=True)
class Rule:
    """What the modules of a room may import besides the standard library and themselves, and what to do instead."""

    room: str
    may: tuple[str, ...]
    instead: str


CONTRACT = "sni_engine.api"
BASE = ("numpy", CONTRACT)
LEARNING = tuple(f"sni_engine.{room}" for room in ("networks", "checkpoints", "portraits", "seeds", "device"))
DOERS = ("methods", "metrics", "drawing", "holding", "influence", "studio", "train", "bench")
DOERS += ("answers", "librarian", "parts", "part_answers", "part_naming", "train_answers", "devices", "engine")
DOERS += ("contributions",)
ENGINE = tuple(f"sni_engine.{room}" for room in DOERS)
SHOWN = ("document", "activities", "snapshot", "theme", "words")
WIDGETS = (*BASE, "PySide6", *(f"sni_desktop.{room}" for room in SHOWN))
ASK = "Call a method of Document, or show what its snapshot holds; the window introduces widgets to each other."
LIGHT = "Keep the contract free of everything but numpy."
RULES = (
    # the first rule whose room holds a module is the one that counts
    Rule("sni_engine.api.paths", ("platformdirs",), LIGHT),
    *(Rule(f"sni_engine.api.{room}", (*BASE, "PIL"), LIGHT) for room in ("pictures", "sheets", "animations")),
    Rule("sni_engine.api.video", (*BASE, "imageio_ffmpeg"), LIGHT),
    Rule(CONTRACT, BASE, f"{LIGHT} Describe what you need as a frozen value; let the engine fill it in."),
    Rule("sni_engine.networks", (*BASE, "torch"), "Pass what a network needs to its constructor."),
    Rule("sni_engine.portraits", (*BASE, "torch", "PIL"), "Portraits know only themselves; let train or cli combine."),
    Rule(
        "sni_engine.methods",
        (*BASE, "torch", *(f"sni_engine.{room}" for room in ("networks", "parts", "seeds", "drawing"))),
        "Move what two methods share into methods/base.py; let the engine hand over the rest.",
    ),
    Rule(
        "sni_engine.parts",
        (*BASE, "torch", *(f"sni_engine.{room}" for room in ("networks", "seeds", "drawing"))),
        "Parts are found in features; files of them belong to checkpoints, their agreement with masks to metrics.",
    ),
    Rule("sni_engine.checkpoints", (*BASE, "torch", "safetensors", "sni_engine.networks"), "Take it as an argument."),
    Rule(
        "sni_engine.train",
        (*BASE, "torch", "PIL", "sni_engine.drawing", "sni_engine.metrics.sliced", *LEARNING),
        "Yield an event and let the caller do the rest.",
    ),
    Rule("sni_engine.metrics", (*BASE, "torch", "sklearn", *LEARNING), "Take pictures or networks as arguments."),
    Rule("sni_engine.seeds", BASE, "Random numbers come from numpy alone, so that a seed means the same everywhere."),
    Rule("sni_engine.device", ("torch", CONTRACT), "Choosing a device needs torch only."),
    Rule("sni_engine.holding", (*BASE, "torch"), "Mixing knows tensors and codes; drawing fills them in."),
    Rule(
        "sni_engine.drawing",
        (*BASE, "torch", "sni_engine.networks", "sni_engine.seeds", "sni_engine.holding"),
        "Drawing turns codes into bytes; everything else belongs to the engine.",
    ),
    Rule("sni_engine.cli", (*BASE, "tyro", "rich", "sni_engine"), "Commands drive the engine, not the window."),
    Rule("sni_engine", (*BASE, "torch", "rich", *LEARNING, *ENGINE), "The engine works without window and commands."),
    Rule("sni_desktop.canvas.lanczos", (*BASE, "PIL"), "Enlarging knows arrays, and Pillow's weights."),
    Rule(
        "sni_desktop.canvas.imaging",
        (*BASE, "PySide6", "PIL", "sni_desktop.canvas.lanczos"),
        "Imaging turns arrays into images, nothing else.",
    ),
    Rule(
        "sni_desktop.activities",
        (
            *BASE,
            "PySide6.QtCore",
            *(f"sni_desktop.{room}" for room in ("document", "gesture", "snapshot", "requests", "words", "worker")),
        ),
        "An activity knows the document and no widget; panels show its snapshot.",
    ),
    Rule("sni_desktop.canvas", WIDGETS, ASK),
    Rule("sni_desktop.panels", (*WIDGETS, "sni_desktop.canvas.imaging"), ASK),
    Rule(
        "sni_desktop.worker.client",
        (*BASE, "PySide6", "sni_engine.engine", "sni_desktop.worker"),
        "The client talks to an engine and to nothing else.",
    ),
    Rule(
        "sni_desktop.bench",
        (*BASE, "PySide6", "sni_desktop", "sni_engine.bench"),
        "The bench compares the window with bare drawing, which the engine's own bench does for it.",
    ),
    Rule(
        "sni_desktop.app",
        (*BASE, "PySide6", "sni_desktop", "sni_engine.engine"),
        "The start of the program hands the engine to the client; it is imported in the function the client calls.",
    ),
    Rule(
        "sni_desktop.preferences.monitor.plots",
        (*BASE, "PySide6", "pyqtgraph", "sni_desktop"),
        "Plots are drawn here and nowhere else, so that pyqtgraph is imported only when a monitor is shown.",
    ),
    Rule(
        "sni_desktop",
        (*BASE, "PySide6", "qtawesome", "sni_desktop"),
        "The window imports Qt, numpy and sni_engine.api; ask the engine through worker.client.",
    ),
)
LAZY = ("sni_engine.cli", "A command imports the engine inside its function, so that `sni --help` is instant.")


@dataclass(frozen=True)
class Import:
    """One import statement's module, where it stands, and whether it runs when its file is imported."""

    name: str
    line: int
    at_import: bool


def list_modules() -> list[tuple[str, Path]]:
    """Return the dotted name and path of every module of the packages."""
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path) for path in paths]


def find_imports(tree: ast.AST, at_import: bool = True) -> Iterator[Import]:
    """Yield every import in a tree; those in functions and under TYPE_CHECKING do not run at import."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno, at_import) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: write imports in full, not with leading dots"
            yield from (Import(f"{node.module}.{alias.name}", node.lineno, at_import) for alias in node.names)
        else:
            later = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            typing = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
            yield from find_imports(node, at_import and not later and not typing)


def is_within(name: str, room: str) -> bool:
    """Say whether a module is a room or lies in it."""
    return name == room or name.startswith(f"{room}.")


def rule_for(module: str) -> Rule:
    """Return the rule of the first room that holds a module."""
    return next(rule for rule in RULES if is_within(module, rule.room))


def is_allowed(name: str, rule: Rule) -> bool:
    """Say whether a rule lets a module be imported; a room may always import itself."""
    if name.split(".")[0] in sys.stdlib_module_names:
        return True
    if name == "sni_engine.__version__":
        return True
    own = () if rule.room in PACKAGES else (rule.room,)
    return any(is_within(name, room) for room in (*rule.may, *own))


MODULES = [pytest.param(name, path, id=name) for name, path in list_modules()]


@pytest.mark.parametrize(("module", "path"), MODULES)
def test_modules_import_only_what_their_room_may(module: str, path: Path) -> None:
    rule = rule_for(module)
    wrong = [item for item in find_imports(ast.parse(path.read_text())) if not is_allowed(item.name, rule)]
    told = [f"{path.relative_to(ROOT)}:{item.line} imports {item.name}" for item in wrong]
    assert not told, f"{told}: {rule.room} may import {', '.join(rule.may)}. {rule.instead}"


@pytest.mark.parametrize(("module", "path"), [item for item in MODULES if is_within(str(item.values[0]), LAZY[0])])
def test_commands_import_the_engine_only_when_called(module: str, path: Path) -> None:
    light = Rule(module, (*BASE, "tyro", LAZY[0]), LAZY[1])
    wrong = [i for i in find_imports(ast.parse(path.read_text())) if i.at_import and not is_allowed(i.name, light)]
    assert not wrong, f"{[f'{path.relative_to(ROOT)}:{item.line} {item.name}' for item in wrong]}: {LAZY[1]}"


def test_the_window_is_there_before_the_engine_is_imported() -> None:
    for module, path in list_modules():
        if is_within(module, "sni_desktop"):
            early = [item.name for item in find_imports(ast.parse(path.read_text())) if item.at_import]
            wrong = [name for name in early if is_within(name, "sni_engine.engine")]
            assert not wrong, f"{path.name}: import the engine in the function that the engine's thread calls."


def test_methods_do_not_import_each_other() -> None:
    for path in sorted((ROOT / "sni_engine/methods").glob("*.py")):
        if path.stem in ("__init__", "base"):
            continue
        names = [item.name for item in find_imports(ast.parse(path.read_text())) if "sni_engine.methods" in item.name]
        wrong = [name for name in names if not is_within(name, "sni_engine.methods.base")]
        assert not wrong, f"{path.name} imports {wrong}: move what two methods share into methods/base.py."


@pytest.mark.parametrize(("module", "path"), MODULES)
def test_files_and_functions_stay_short_and_say_what_they_are_for(module: str, path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text)
    count = len(text.splitlines())
    assert count <= LONGEST_FILE, f"{path.name} has {count} lines: split it by noun."
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{path.name}: {node.name} has {length} lines: give its steps names."
    assert ast.get_docstring(tree), f"{path.name}: say in the first line what the file is for."


def test_the_rules_find_what_they_are_for() -> None:
    source = "import os\nfrom sni_engine.api.codes import Codes\ndef f():\n    import torch\n"
    found = list(find_imports(ast.parse(source)))
    assert [item.at_import for item in found] == [True, True, False]
    desktop, contract = rule_for("sni_desktop.window"), rule_for("sni_engine.api.codes")
    assert not is_allowed("torch", desktop)
    assert not is_allowed("sni_engine.engine.Engine", desktop)
    assert is_allowed("sni_engine.engine.Engine", rule_for("sni_desktop.worker.client"))
    assert not is_allowed("sni_desktop.canvas.view", rule_for("sni_desktop.panels.edit"))
    assert not is_allowed("PIL.Image", contract)
    assert not is_allowed("sni_engine.engine", contract)
    assert not is_allowed("sni_engine.apiary", contract)
