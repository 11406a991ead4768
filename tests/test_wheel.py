"""A wheel is whole: in a clean environment, far from the tree, `sni draw` draws with the model that came in it."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.timeout(300)


def call(*words: object, cwd: Path) -> str:
    """Run a program with nothing of the tree on its path, and return what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run([str(word) for word in words], cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    build = ["wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", folder]
    call(sys.executable, "-m", "pip", *build, ROOT, cwd=folder)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a clean environment with the wheel, and with the packages it needs lent from ours."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=False)
    scheme = sysconfig.get_path("purelib", "venv", {"base": str(folder)})
    # a .pth adds our packages but not what their own .pth files point to, such as the tree itself
    (Path(scheme) / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    scripts = Path(sysconfig.get_path("scripts", "venv", {"base": str(folder)}))
    install = ["install", "--quiet", "--no-deps", "--no-index", "--force-reinstall", "--no-compile", wheel]
    call(sys.executable, "-m", "pip", "--python", folder, *install, cwd=folder)
    return scripts


def test_a_wheel_carries_models_licence_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    files = [path for path in (ROOT / "resources").rglob("*") if path.is_file()]
    shipped = {f"sni_engine/resources/{path.relative_to(ROOT / 'resources').as_posix()}" for path in files}
    assert any(name.endswith(".safetensors") for name in shipped)
    assert shipped <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert "sni_desktop/icons/down-dark-quiet.svg" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"sni_engine", "sni_desktop"}


def test_the_wheel_draws_far_from_the_tree(scripts: Path, tmp_path: Path) -> None:
    place = call(scripts / "python", "-c", "import sni_engine; print(sni_engine.__file__)", cwd=tmp_path)
    assert str(scripts.parent) in place
    assert str(scripts.parent) in call(scripts / "sni", "models", "list", cwd=tmp_path)
    call(scripts / "sni", "new", "--seed", 7, "--out", "face.sni", cwd=tmp_path)
    call(scripts / "sni", "draw", "face.sni", "--out", "face.png", cwd=tmp_path)
    assert (tmp_path / "face.png").read_bytes().startswith(b"\x89PNG")


def test_the_wheel_gives_the_trees_picture(scripts: Path, tmp_path: Path) -> None:
    call(scripts / "sni", "new", "--seed", 7, "--out", "face.sni", "--device", "cpu", cwd=tmp_path)
    call(scripts / "sni", "draw", "face.sni", "--out", "wheel.png", "--device", "cpu", cwd=tmp_path)
    here = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from sni_engine.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    call(sys.executable, "-c", here, "draw", "face.sni", "--out", "tree.png", "--device", "cpu", cwd=tmp_path)
    assert (tmp_path / "wheel.png").read_bytes() == (tmp_path / "tree.png").read_bytes()
