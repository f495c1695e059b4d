"""`rehab new KIND NAME`: a small package of one's own, with tests that pass, from the templates in rehab/templates."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

HELP = "make a package of your own: a controller, an exercise or a device"
KINDS = ("controller", "exercise", "device")
TEMPLATE = ".template"
PLACES = {"module.py": "src/{name}.py", "test.py": "tests/test_{name}.py", "gitignore": ".gitignore"}
LONGEST = 32  # letters of a name: lines of the made files stay within 120
BUILDS = 77  # the setuptools that knows what the made pyproject.toml says


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=KINDS, help="what it is to be")
    parser.add_argument("name", metavar="NAME", help='by which protocols will know it, for example "my_spring"')
    parser.add_argument("--dir", type=Path, default=Path(), help="folder in which its folder is made (default: here)")


def run(args: argparse.Namespace) -> int:
    folder = make(args.kind, args.name, args.dir)
    print(f"{folder} is made: {a(args.kind)} that works, its tests, a protocol to try it. Next:\n")
    for line in next_steps(args.kind, args.name, folder):
        print(f"  {line}")
    print(f"\nThen make {folder / 'src' / args.name}.py your own.")
    return 0


def make(kind: str, name: str, where: Path) -> Path:
    """The folder of the new package inside `where`. Raises BadInput, and then nothing was written."""
    from rehab.core.errors import BadInput

    refuse_name(kind, name)
    files = rendered(kind, name)
    folder = where / name
    try:
        where.mkdir(parents=True, exist_ok=True)
        folder.mkdir()
    except FileExistsError:
        what = "is there already" if folder.exists() else f"cannot be made: {where} is a file"
        raise BadInput(f"{folder} {what}; nothing was written. Choose another name, or another --dir") from None
    except OSError as error:
        raise BadInput(f"{folder} cannot be made: {error.strerror or error}") from error
    try:
        for path, text in files.items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_text(text, "utf-8")
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise BadInput(f"{folder} cannot be written: {error.strerror or error}; nothing was left of it") from error
    return folder


def refuse_name(kind: str, name: str) -> None:
    """Raises BadInput for a name that no protocol could write, that is Python's own, or that is taken."""
    import keyword
    import re
    from importlib.util import find_spec

    from rehab.core import registry
    from rehab.core.errors import BadInput

    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or len(name) > LONGEST:
        likely = "_".join(re.findall(r"[a-z][a-z0-9]*", name.lower()))[:LONGEST].strip("_") or f"my_{kind}"
        allowed = f"small letters, digits and single _, a letter first, at most {LONGEST}"
        raise BadInput(f'"{name}" cannot be the name of {a(kind)}: {allowed}, for example "{likely}"')
    if keyword.iskeyword(name):
        raise BadInput(f'"{name}" is a word of Python\'s own: choose another name, for example "my_{name}"')
    if name in registry.names(kind):
        raise BadInput(f'there is {a(kind)} "{name}" already: choose another name, for example "my_{name}"')
    found = find_spec(name)
    if found is not None and found.loader is not None and found.origin is not None:
        where = f" ({found.origin})" if found.has_location else ""
        raise BadInput(
            f'there is a Python module "{name}" already{where}, which yours would hide: choose another name, '
            f'for example "my_{name}"'
        )


def rendered(kind: str, name: str) -> dict[str, str]:
    """Path inside the new folder -> text. Raises BadInput for a name whose class would hide one that a file uses."""
    from importlib.resources import files
    from string import Template

    words = {
        "kind": kind,
        "name": name,
        "class": class_name(name),
        "title": name.replace("_", " ").capitalize(),
        "distribution": name.replace("_", "-"),
    }
    found = {}
    for folder in ("common", kind):
        for source in (files("rehab") / "templates" / folder).iterdir():
            file = source.name.removesuffix(TEMPLATE)
            text = Template(source.read_text("utf-8")).substitute(words)
            if file.endswith(".py"):
                _refuse_hiding(text, name)
            found[PLACES.get(file, file).format(name=name)] = text
    return found


def _refuse_hiding(source: str, name: str) -> None:
    import ast
    import builtins

    from rehab.core.errors import BadInput

    own, bound = class_name(name), [*dir(builtins)]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            bound += [alias.asname or alias.name for alias in node.names]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.append(node.id)
        elif isinstance(node, ast.ClassDef):
            bound.append(node.name)
    if bound.count(own) > 1 or own in dir(builtins):
        raise BadInput(
            f'"{name}" would make a class {own}, a name that its module needs for something else: choose another '
            f'name, for example "my_{name}"'
        )


def class_name(name: str) -> str:
    """my_spring -> MySpring."""
    return "".join(part.capitalize() for part in name.split("_"))


def next_steps(kind: str, name: str, folder: Path) -> list[str]:
    """Three commands to paste: install it, test it, see it run."""
    import shlex

    here = shlex.quote(str(folder))
    offline = " --no-deps --no-build-isolation" if _setuptools() >= BUILDS else ""
    device = f" --device {name}:one" if kind == "device" else " --patient stroke --fast"
    return [
        f"{_installer()}{offline} -e {here}",
        f"{_tool('pytest')} {here}",
        f"{_tool('rehab')} run {shlex.quote(str(folder / 'try.yaml'))}{device}",
    ]


def _tool(name: str) -> str:
    """How a person types a tool of this environment: its name where that finds it, else its path."""
    ours = Path(sys.executable).parent / name
    found = shutil.which(name)
    if ours.exists():
        return name if found is not None and Path(found) == ours else str(ours)
    return f"{sys.executable} -m {name}"


def _installer() -> str:
    """pip, or uv in an environment that it has made without pip."""
    from importlib.util import find_spec

    if find_spec("pip") is None and shutil.which("uv"):
        return f"uv pip install --python {sys.executable}"
    return f"{_tool('pip')} install"


def _setuptools() -> int:
    """The installed setuptools' major version; 0 for none."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return int(version("setuptools").split(".")[0])
    except (PackageNotFoundError, ValueError):
        return 0


def a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
