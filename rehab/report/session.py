"""The report of one session: what was done, how the hand moved, what the monitor did, how the loop kept time.

Made of the recording alone, so that it can be made again at any time; equal recordings give equal bytes.
"""

from __future__ import annotations

import functools
import io
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.units import cm, mm
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Frame,
    HRFlowable,
    Image,
    KeepTogether,
    PageTemplate,
    Spacer,
    Table,
)

from rehab.core.errors import RehabError
from rehab.measures.trial import METHOD
from rehab.report import figures, monitored, recorded, tables
from rehab.report.recorded import Recorded
from rehab.report.sheet import ALARM, BLUE, MARGIN, PAPER, VERMILLION, WIDTH, Pages, say

GAP = 0.6 * cm
TOP, BOTTOM = 15 * mm, 19 * mm
HALF = (WIDTH - GAP) / 2
TALL = HALF / cm - figures.LEFT - figures.RIGHT + figures.BOTTOM + figures.TOP  # cm: the axes are a square


def write(recording: Recorded, path: Path) -> Path:
    """The report as an A4 PDF at `path`, whose folder must exist. Raises RehabError when it cannot be written."""
    session = recorded.session_id(recording)
    out = io.BytesIO()
    document = BaseDocTemplate(
        out, pagesize=PAPER, title=f"Session report {session}", author="rehab", subject=recorded.protocol(recording),
        lang="en", invariant=1,
    )  # fmt: skip
    page = Frame(MARGIN, BOTTOM, WIDTH, PAPER[1] - BOTTOM - TOP, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate(frames=[page]))
    story = [
        *_head(recording, session),
        *_movements(recording),
        *_measures(recording),
        *_safety(recording),
        *_timing(recording),
        *_limits(recording),
        *_origin(recording),
    ]
    document.build(story, canvasmaker=functools.partial(Pages, session=session))
    try:
        path.write_bytes(out.getvalue())
    except OSError as error:
        raise RehabError(f"the report cannot be written to {path}: {error.strerror}") from error
    return path


def _head(recording: Recorded, session: str) -> list[Any]:
    title = Table(
        [[say("rehab", "product"), ""], [say("Session report", "title"), say(session, "id")]],
        colWidths=[0.55 * WIDTH, 0.45 * WIDTH],
        style=[*_padding(0, 0, 0, 0), ("BOTTOMPADDING", (0, 1), (-1, 1), 5), ("VALIGN", (0, 0), (-1, -1), "BOTTOM")],
    )
    rule = HRFlowable(width="100%", thickness=1.4, color=HexColor(BLUE), spaceBefore=0, spaceAfter=5)
    alarms = [_box(heading, words) for heading, words in recorded.notices(recording)]
    return [
        title,
        rule,
        tables.facts_table(recorded.header(recording)),
        *alarms,
        say(recorded.summary(recording), "lead"),
    ]


def _box(heading: str, words: str) -> Any:
    """Something that must not be overlooked: a bar, a tint, a sign and bold words."""
    return Table(
        [[[say(f"▲ {heading}", "alarm"), say(words, "text")]]],
        colWidths=[WIDTH],
        spaceBefore=6,
        style=[
            *_padding(9, 9, 5, 3),
            ("BACKGROUND", (0, 0), (-1, -1), HexColor(ALARM)),
            ("LINEBEFORE", (0, 0), (0, -1), 3, HexColor(VERMILLION)),
        ],
    )


def _movements(recording: Recorded) -> list[Any]:
    paths = figures.hand_paths(recording, width=HALF / cm, height=TALL)
    full = paths is None  # a single joint has no path in a plane: its speed gets the whole width
    speeds = figures.speed_profiles(recording, width=(WIDTH if full else HALF) / cm, height=TALL)
    drawn = [picture for picture in (paths, speeds) if picture is not None]
    if not drawn:
        return []
    widths = [WIDTH] if len(drawn) == 1 and full else [HALF] * len(drawn)
    return [
        say("How the hand moved", "heading"),
        _beside([_image(d, w) for d, w in zip(drawn, widths, strict=True)], widths),
    ]


def _measures(recording: Recorded) -> list[Any]:
    trials = recording.trials
    if not trials:
        return []
    method = (
        f"Speed from filtered positions ({METHOD['filter']}, {METHOD['cutoff_hz']:g} Hz). A movement begins where "
        f"the speed last rises through {100 * float(METHOD['threshold']):g} % of the trial's peak on its way to "
        f"{100 * float(METHOD['rise']):g} %, and ends with the last sample of at least "
        f"{100 * float(METHOD['threshold']):g} %. "
        f"Method version {METHOD['version']:g}; LDLJ may be compared only between equal methods. A dash: not "
        "defined on this trial."
    )
    return [
        *_heading("Measures of the session"),
        say("Medians of the reached trials; in brackets their first and third quartile.", "note"),
        *_spaced(tables.block_tables(trials)),
        *_heading("Measures of each trial"),
        tables.trial_table(trials),
        say(method, "note"),
    ]


def _safety(recording: Recorded) -> list[Any]:
    faults = [event for event in recording.events if event.kind == "fault"]
    share = monitored.limited_share(recording)
    if faults:
        named = "; ".join(f"{e.data.get('name', '?')} at {recorded.span(e.t)}, action {_action(e)}" for e in faults)
        words = f"The monitor stopped the session by {len(faults)} fault{'s' if len(faults) > 1 else ''}: {named}."
    else:
        words = "The monitor found no fault."
    if share == share:  # not NaN: the power stage was on at some time
        words += (
            f" Besides the soft start, it changed the controller's wish in {100 * share:.2f} % of the powered ticks."
        )
    else:
        words += " The power stage was never on."
    halves = []
    if monitored.shares(recording):
        halves.append(tables.filter_table(recording, HALF))
    extremes = monitored.extremes(recording)
    if extremes:
        halves.append(tables.extreme_table(extremes, HALF))
    both = [_beside(halves, [HALF] * len(halves))] if halves else []
    return [KeepTogether([say("What the safety monitor did", "heading"), say(words, "text"), *both])]


def _action(event: Any) -> str:
    return str(event.data.get("action", "unknown")).replace("_", " ").lower()


def _timing(recording: Recorded) -> list[Any]:
    rows = monitored.timing_rows(recording)
    head = say("How the loop kept time", "heading")
    if not rows:
        return [
            KeepTogether(
                [head, say("No timing was recorded: the session ended before the loop could report it.", "text")]
            )
        ]
    drawn = figures.lateness(recording, width=HALF / cm, height=5.6)
    parts: list[Any] = [tables.pair_table(rows, HALF, left=0.55)]
    if drawn is not None:
        parts.append(_image(drawn, HALF))
    note = []
    if recording.timing.get("clock") == "simulated":
        note = [say("The clock was simulated: these figures say nothing about a loop in real time.", "text")]
    return [KeepTogether([head, *note, _beside(parts, [HALF] * len(parts))])]


def _limits(recording: Recorded) -> list[Any]:
    return [*_heading("Limits in force, and who set them"), tables.limit_table(recording)]


def _origin(recording: Recorded) -> list[Any]:
    metadata = recording.metadata
    versions = metadata.get("versions") or {}
    shown = (
        ", ".join(f"{name} {version}" for name, version in versions.items())
        if isinstance(versions, dict)
        else str(versions)
    )
    rows = [
        ("Session", recorded.session_id(recording)),
        ("Seed", str(metadata.get("seed", "not recorded"))),
        ("Device", f"{recording.info.model}, identity {recording.info.identity}, firmware {recording.info.firmware}"),
        ("Versions", shown or "not recorded"),
    ]
    cells = [[say(a, "label"), say(b, "fact")] for a, b in rows]
    look = [*_padding(3, 3, 1, 1), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    table = Table(cells, colWidths=[2.2 * cm, WIDTH - 2.2 * cm], style=look)
    return [KeepTogether([say("Where this report comes from", "heading"), table])]


def _heading(words: str) -> list[Any]:
    """A heading that is never left alone at the foot of a page; what follows it may be split."""
    return [CondPageBreak(4.5 * cm), say(words, "heading")]


def _spaced(parts: list[Any]) -> list[Any]:
    return [piece for part in parts for piece in (part, Spacer(0, 6))]


def _image(png: bytes, width: float) -> Any:
    picture = Image(io.BytesIO(png))
    picture.drawHeight *= width / picture.drawWidth
    picture.drawWidth = width
    return picture


def _beside(parts: list[Any], widths: list[float]) -> Any:
    """Flowables next to each other, tops aligned, a gap between them."""
    cells: list[Any] = []
    columns: list[float] = []
    for part, width in zip(parts, widths, strict=True):
        if cells:
            cells.append(Spacer(GAP, 0))
            columns.append(GAP)
        cells.append(part)
        columns.append(width)
    look = [*_padding(0, 0, 2, 0), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    return Table([cells], colWidths=columns, hAlign="LEFT", style=look)


def _padding(left: float, right: float, top: float, bottom: float) -> list[tuple[Any, ...]]:
    """The same padding, in points, in every cell."""
    sides = {"LEFT": left, "RIGHT": right, "TOP": top, "BOTTOM": bottom}
    return [(f"{side}PADDING", (0, 0), (-1, -1), points) for side, points in sides.items()]
