"""Canonical experiments in short, run whole: protocol, virtual patient, session on a simulated clock, recording."""

from __future__ import annotations

from pathlib import Path

from rehab.measures.analyses.recorded import Session as Analysed
from rehab.measures.analyses.result import Result, Row
from rehab.record.recording import Recording
from rehab.session.session import Session

HEAD = """protocol: {title}
version: 1
device: planar_arm
profile: research
limits: {{speed: 1 m/s, force: 40 N}}
"""
REACH = """trial:
  - hold:     {at: start, for: 150 ms}
  - go:       {}
  - move:     {until: UNTIL, timeout: 2 s}
  - dwell:    {for: 50 ms}
  - return:   {by: robot, with: move_to, in: 500 ms, cursor: hidden}
"""
CHANNEL = "{channel: {stiffness: 2 kN/m, damping: 40 N*s/m, ramp_in: hold}}"

CURL = """blocks:
  - name: baseline
    reach: &r {targets: 2, radius: 10 cm}
    controller: &bare {transparent: {friction_share: 0}}
    trials: 6
    insert: {channel: {per_target: 1, dynamics: &c CHANNEL}}
  - name: field
    reach: *r
    controller: *bare
    trials: 26
    dynamics: {force_field: {curl: 15 N*s/m}}
    insert:
      channel: {per_target: 3, not_first: 2, dynamics: *c}
      catch: {per_target: 1, not_first: 14, dynamics: none}
  - {name: washout, reach: *r, controller: *bare, trials: 4}
"""
SADDLE = """blocks:
  - name: baseline
    reach: &r {targets: 2, radius: 10 cm}
    controller: &bare {transparent: {friction_share: 0}}
    trials: 12
    insert: {channel: {per_target: 1, dynamics: &c CHANNEL}}
  - name: field
    reach: *r
    controller: *bare
    trials: 16
    dynamics: {force_field: {saddle: 1}}
    insert: {channel: {per_target: 2, not_first: 2, dynamics: *c}}
  - {name: washout, reach: *r, controller: *bare, trials: 2}
"""
ROTATION = """blocks:
  - {name: baseline, reach: &r {targets: 1, radius: 10 cm}, trials: 6, cursor: {shown: move}}
  - {name: rotated, reach: *r, trials: 14, cursor: {map: {rotate: 30 deg}, shown: move}}
  - {name: reversed, reach: *r, trials: 3, cursor: {map: {rotate: -30 deg}, shown: move}}
  - {name: unseen, reach: *r, trials: 9, cursor: {shown: never}}
"""
RECOVERY = """blocks:
  - name: baseline
    reach: &r {targets: 1, radius: 10 cm}
    controller: &bare {transparent: {friction_share: 0}}
    trials: 5
    insert: {channel: {count: 2, not_first: 3, dynamics: &c CHANNEL}}
  - name: field
    reach: *r
    controller: *bare
    trials: 12
    dynamics: {force_field: {curl: 15 N*s/m}}
    insert: {channel: {count: 2, not_first: 8, dynamics: *c}}
  - {name: opposite, reach: *r, controller: *bare, trials: 3, dynamics: {force_field: {curl: 15 N*s/m, sign: -1}}}
  - {name: error clamp, reach: *r, controller: *bare, trials: 8, dynamics: *c}
"""
STIFFNESS = """trial:
  - hold:     {at: start, for: 200 ms}
  - go:       {rt: 100..600 ms, early: redo, late: redo}
  - move:     {until: in_target, timeout: 3 s}
  - dwell:    {for: 50 ms}
  - return:   {by: robot, with: move_to, in: 700 ms}
redo: {when: [early, late, timeout], place: end_of_block, most: 1}
blocks:
  - {name: undisturbed, reach: &r {targets: 1, radius: 12 cm}, trials: 6}
  - name: shifted
    reach: *r
    trials: 8
    insert:
""" + "".join(
    f"      to_{angle}: {{count: 1, dynamics: {{perturbation: {{trigger: event, kind: position, stiffness: 3 kN/m}}}}, "
    f"perturb: {{direction: {angle} deg, displace: 8 mm, rise: 100 ms, hold: 250 ms, after: 250..400 ms}}}}\n"
    for angle in range(0, 360, 45)
)
STRETCHES = """blocks:
  - {name: stretches, spasticity: {direction: 270 deg, length: 16 cm, slowest: 8 cm/s, fastest: 40 cm/s}, mode: passive,
     trials: 4}
"""
KEPT_HELP = """blocks:
  - name: helped
    reach: {targets: 4, radius: 10 cm, home_dwell: 200 ms, movement_time: 1.8 s}
    controller: {impedance: {stiffness: 500 N/m}}
    trials: 20
"""
REFLEX = """trial:
  - hold:     {at: centre, for: 600..900 ms}
  - move:     {until: time, for: 400 ms}
  - return:   {by: robot, with: move_to, in: 600 ms}
order: {shuffle: each_cycle, never: same_target_twice}
blocks:
  - name: reflex
    hold_posture: {at: centre}
    cross: {preload: [-2 N.m, 2 N.m], step: [-3 N.m, 3 N.m]}
    each_cell: 1
    perturb: {joint: elbow, rise: 10 ms, hold: 200 ms, at: move}
"""
# who takes part; where a number is to be found again, without noise, so that short is long enough
EXACT_LEARNER = "like: learner\nnoise: 0\nspread: 0\n"
QUICK_LEARNER = EXACT_LEARNER + "learning: {learn_slow: 0.08}\n"  # what takes others hundreds of trials
UNSTEADY = "like: healthy\nnoise: 0.01\nspread: 0.01\nmovement: 1.1 s\nstiffness: 0.8\n"
KNOWN_STIFFNESS = "like: healthy\nnoise: 0\nspread: 0\nmovement: 1.1 s\nstiffness: 0.8\n"


def run(place: Path, title: str, blocks: str, patient: str, *, until: str = "in_target", seed: int = 7) -> Path:
    """The folder of the recording. `patient`: a preset's name, or the text of a file."""
    trial = "" if "trial:" in blocks or "spasticity" in blocks or "helped" in blocks else REACH.replace("UNTIL", until)
    protocol = place / f"{title}.yaml"
    protocol.write_text(HEAD.format(title=title) + trial + blocks.replace("CHANNEL", CHANNEL))
    who = patient
    if "\n" in patient:
        file = place / f"{title}-patient.yaml"
        file.write_text(patient)
        who = str(file)
    with Session("sim:planar_arm", who, seed=seed, clock="simulated", out=place / title) as session:
        for _ in session.run(protocol):
            pass
    return session.folder


def recorded(folder: Path) -> Analysed:
    return Analysed(Recording.open(folder))


def rows(result: Result) -> dict[str, Row]:
    return {row.name: row for row in result.rows}


def value(result: Result, name: str) -> float:
    found = rows(result)[name].value
    assert isinstance(found, float)
    return found
