"""Controllers and exercises from a function, in three lines:

    @controller("spring", stiffness="200 N/m")
    def spring(state, reference, dt, *, stiffness):
        return state.jacobian.T @ (stiffness * (reference.x - state.x))

    @exercise("circle", duration="10 s", radius="5 cm")
    def circle(t, *, radius, duration):
        return radius * cos(2 * pi * t / duration), radius * sin(2 * pi * t / duration)

The function itself is returned unchanged. Keywords are its parameters with their defaults: a quantity with its unit
(the function is given SI), a number, a flag, or a Parameter of rehab.core.parameters where a range or a text is wanted.
`duration` is how long a trial of an exercise lasts; the function is given it if it has a keyword of that name.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from rehab.core import registry
from rehab.core.errors import BadInput, UnknownName
from rehab.core.function_controller import make_controller
from rehab.core.function_exercise import make_exercise
from rehab.core.parameters import Parameters, inferred

Function = TypeVar("Function", bound=Callable[..., Any])


class Recipe(NamedTuple):
    """What a plug-in of this process is made of; `cloudpickle.dumps` carries it to another one.

    made_of   the decorated function, or a whole class that was made known with `registry.add_local`
    keywords  of the decorator; None for a class
    """

    kind: str
    name: str
    made_of: Any
    keywords: Mapping[str, Any] | None


def controller(name: str, **parameters: Any) -> Callable[[Function], Function]:
    """Make `f(state, reference, dt, *, parameters…) -> torque N·m (n,)` known as the controller `name`.

    Raises BadInput when the name is taken by an installed one, or when keywords and function do not fit.
    """
    return _decorator("controller", name, parameters)


def exercise(name: str, *, duration: Any = "10 s", **parameters: Any) -> Callable[[Function], Function]:
    """Make `f(t, *, parameters…) -> offset of the hand from home, m (d,)` known as the exercise `name`; t in s from 0.

    Raises BadInput when the name is taken by an installed one, or when keywords and function do not fit.
    """
    return _decorator("exercise", name, {"duration": duration, **parameters})


def describe(kind: str, name: str) -> Recipe:
    """What to send to another process so that `rebuild(*recipe)` makes the plug-in known there. Raises UnknownName."""
    plugin = registry.local(kind, name)
    if plugin is None:
        raise UnknownName(kind, name, registry.names(kind))
    recipe: Recipe = getattr(plugin, "recipe", Recipe(kind, name, plugin, None))
    return recipe


def rebuild(kind: str, name: str, made_of: Any, keywords: Mapping[str, Any] | None) -> Any:
    """Make a described plug-in known in this process and return its class."""
    plugin = made_of if keywords is None else _build(kind, name, made_of, keywords)
    registry.add_local(kind, name, plugin)
    return plugin


def _decorator(kind: str, name: str, keywords: Mapping[str, Any]) -> Callable[[Function], Function]:
    if not name.isidentifier():
        raise BadInput(f'"{name}" cannot be the name of a {kind}: letters, digits and _ only, no digit first')
    if registry.is_installed(kind, name):
        raise BadInput(f'there is an installed {kind} "{name}": choose another name')

    def decorate(function: Function) -> Function:
        rebuild(kind, name, function, keywords)
        return function

    return decorate


def _build(kind: str, name: str, function: Callable[..., Any], keywords: Mapping[str, Any]) -> Any:
    fields = {}
    for key, value in keywords.items():
        try:
            fields[key] = inferred(value, live=kind == "controller")
        except ValueError as error:
            raise BadInput(f'{kind} "{name}": {key}: {error}') from error
    parameters = Parameters(**fields)
    plugin: Any
    if kind == "controller":
        _must_take(function, kind, name, ("state", "reference", "dt"), fields)
        plugin = make_controller(name, function, parameters)
    else:
        if fields["duration"].unit != "s":
            raise BadInput(f'exercise "{name}": duration: "{keywords["duration"]}" is not a time, for example "10 s"')
        wants_duration = "duration" in inspect.signature(function).parameters
        given = fields if wants_duration else fields.keys() - {"duration"}
        _must_take(function, kind, name, ("t",), given)
        plugin = make_exercise(name, function, parameters, wants_duration=wants_duration)
    plugin.recipe = Recipe(kind, name, function, dict(keywords))
    return plugin


def _must_take(function: Callable[..., Any], kind: str, name: str, positional: tuple[str, ...], keywords: Any) -> None:
    try:
        inspect.signature(function).bind(*positional, **dict.fromkeys(keywords))
    except TypeError as error:
        listed = ", ".join([*positional, *(["*", *keywords] if keywords else [])])
        called = getattr(function, "__name__", "the function")
        raise BadInput(f'{kind} "{name}": {called} must take ({listed}): {error}') from error
