"""Recording: read ticks, trials, events, timing, metadata. Nothing is loaded before it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from rehab.core.device import DeviceInfo
from rehab.core.errors import RecordingError
from rehab.core.types import Trial
from rehab.realtime.layout import Channel
from rehab.realtime.ring import RingEvent
from rehab.record import batches, events, manifest
from rehab.record.batches import Column
from rehab.record.closing import stream_of
from rehab.record.folder import EVENTS, FRAMES, PARQUET, key_of
from rehab.record.frames import Stream
from rehab.record.trials import USED, trials_from, vector


class Ticks(Mapping[str, Column]):
    """Column name -> 1-D array, float64 or int64, all of equal length; read-only, loaded when first asked for."""

    def __init__(self, channels: Sequence[Channel], stream: Stream | None, parquet: Path) -> None:
        self._names = [channel.name for channel in channels]
        self._integer = {channel.name: channel.integer for channel in channels}
        self._frames = () if stream is None else stream.frames + stream.after
        self._parquet = parquet if stream is None else None
        self._loaded: dict[str, Column] = {}

    def load(self, names: Sequence[str]) -> None:
        """Several columns in one pass over the file. Raises RecordingError, and KeyError for a name that is none."""
        wanted = [name for name in dict.fromkeys(names) if name not in self._loaded]
        unknown = [name for name in wanted if name not in self._integer]
        if unknown:
            raise KeyError(f"{unknown[0]}: there is no such column; there are {', '.join(self._names)}")
        if not wanted:
            return
        if self._parquet is not None:
            found = batches.read_parquet(self._parquet, wanted)
        else:
            found = batches.columns((frame.body for frame in self._frames), wanted, self._names)
        for name in wanted:
            column = found[name]
            if column.dtype != (np.int64 if self._integer[name] else np.float64):  # an empty one
                column = column.astype(np.int64)
            column.flags.writeable = False
            self._loaded[name] = column

    def __getitem__(self, name: str) -> Column:
        if name not in self._loaded:
            self.load([name])
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in self._integer

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        """How many columns."""
        return len(self._names)


class Recording:
    """One session's folder. Read from the frames; from the Parquet file when they are absent.

    A session that was killed gives everything up to its last whole chunk; a damaged one everything but what is damaged
    (`damage` says what, `rehab verify` everything that is wrong).

    folder    where it is
    metadata  the manifest (rehab.record.manifest)
    damage    the first bad chunk in words, "" without one
    """

    def __init__(self, folder: Path, metadata: dict[str, Any], stream: Stream | None) -> None:
        self.folder, self.metadata = folder, metadata
        self._channels = manifest.channels_of(metadata)
        self.ticks = Ticks(self._channels, stream, folder / PARQUET)
        self.damage = "" if stream is None or stream.bad is None else str(stream.bad)

    @classmethod
    def open(cls, folder: str | Path) -> Self:
        """Raises RecordingError, in words, for what is no recording or cannot be read."""
        path = Path(folder)
        about, _ = manifest.read(path)
        if (path / FRAMES).exists():
            return cls(path, about, stream_of(path / FRAMES, key_of(about), about["session"]))
        if (path / PARQUET).exists():
            return cls(path, about, None)
        raise RecordingError(f"{path} holds no ticks: neither {FRAMES} nor {PARQUET} is in it")

    @property
    def info(self) -> DeviceInfo:
        """The facts of the device. Raises RecordingError when the session ended before one was open."""
        try:
            return msgspec.convert(self.metadata.get("info"), DeviceInfo)
        except msgspec.ValidationError as error:
            raise RecordingError(f"{self.folder} does not describe its device: {error}") from error

    @property
    def units(self) -> dict[str, str]:
        """Column -> SI unit, "" for none."""
        return {channel.name: channel.unit for channel in self._channels}

    def array(self, name: str) -> NDArray[np.float64]:
        """A vector's columns name_0, name_1, ... side by side: (n, d)."""
        names = [
            c.name for c in self._channels if c.name.rpartition("_")[0] == name and c.name.rpartition("_")[2].isdigit()
        ]
        if not names:
            raise KeyError(f"{name}: there is no such vector; columns are {', '.join(self.ticks)}")
        self.ticks.load(names)
        stacked: Column = np.column_stack([self.ticks[column] for column in names])
        return stacked

    @cached_property
    def events(self) -> list[RingEvent]:
        """Everything that happened, in order; also what the recorder noted (gap, resumed, clock_jump)."""
        return events.read(self.folder / EVENTS)

    @cached_property
    def trials(self) -> list[Trial]:
        """Every trial with its measures; one that nothing ended is `stopped`."""
        columns = list(self.ticks)
        names = [columns[k] for name in USED for k in vector(columns, name)]
        names += ["t"] if "t" in columns else []
        if "tick" not in self.ticks or "t" not in names:
            return []
        self.ticks.load(["tick", *names])
        ticks, rows = self.ticks["tick"], np.column_stack([self.ticks[name] for name in names])

        def rows_of(first: int, end: int) -> NDArray[np.float64]:
            return rows[slice(*np.searchsorted(ticks, (first, end)))]

        by_name = {channel.name: channel for channel in self._channels}
        try:
            info = self.info
        except RecordingError:
            info = None
        return trials_from(self.events, rows_of, [by_name[name] for name in names], info)

    @property
    def timing(self) -> dict[str, Any]:
        """How the loop kept time: by its own report, or made from the ticks when it was killed before that."""
        said = self.metadata.get("timing") or next((e.data for e in reversed(self.events) if e.kind == "timing"), None)
        return dict(said) if said else self._timing_of_ticks()

    def _timing_of_ticks(self) -> dict[str, Any]:
        certificate = next((e.data for e in self.events if e.kind == "certificate"), {})
        words = {"scheduling": certificate.get("scheduling", "unknown"), "clock": certificate.get("clock", "unknown")}
        if "dt" not in self.ticks or not len(self.ticks["dt"]):
            return {"ticks": 0, **words}
        self.ticks.load(["dt", "skipped"])
        periods = self.ticks["dt"]
        p50, p99, p999, most = (float(v) * 1e6 for v in np.quantile(periods, (0.5, 0.99, 0.999, 1.0)))
        total = float(periods.sum())
        return {
            "ticks": len(periods),
            "rate_hz": round(len(periods) / total, 3) if total > 0 else 0.0,
            "period_p50_us": p50,
            "period_p99_us": p99,
            "period_p999_us": p999,
            "period_max_us": most,
            "late_share": float((periods > 1.5 * self.info.period_s).mean()),
            "skipped": int(self.ticks["skipped"].sum()),
            **words,
        }
