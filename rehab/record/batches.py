"""Rows of the ring to Arrow record batches and back, and the Parquet file that is made when a recording closes.

Every batch is a whole Arrow IPC stream with its own schema (2 kB), so that any frame can be read alone. Buffers are LZ4
compressed: 0.19 instead of 0.32 MB a second for a planar arm, and single columns are read without touching the others.
Everything stays as exact as it was measured: float64, and int64 for whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from rehab.core.errors import RecordingError
from rehab.realtime.layout import Channel

Column = NDArray[Any]  # float64 or int64
_WRITE = pa.ipc.IpcWriteOptions(compression="lz4")
GROUP = 60  # frames a Parquet row group: a minute


def schema_of(channels: Sequence[Channel]) -> pa.Schema:
    return pa.schema([pa.field(c.name, pa.int64() if c.integer else pa.float64(), nullable=False) for c in channels])


def encode(rows: NDArray[np.float64], channels: Sequence[Channel], schema: pa.Schema) -> bytes:
    """The first len(channels) columns of rows (k, ≥ len(channels)) as one Arrow stream."""
    arrays = [
        pa.array(np.ascontiguousarray(rows[:, k], dtype=np.int64 if channel.integer else np.float64))
        for k, channel in enumerate(channels)
    ]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema, options=_WRITE) as writer:
        writer.write_batch(pa.record_batch(arrays, schema=schema))
    return bytes(sink.getvalue())


def decode(body: memoryview | bytes, fields: Sequence[int] | None = None) -> pa.RecordBatch:
    """The batch of one frame, or only the columns of those numbers. Raises RecordingError when it is no batch."""
    options = pa.ipc.IpcReadOptions(included_fields=None if fields is None else list(fields), use_threads=False)
    try:
        with pa.ipc.open_stream(pa.py_buffer(body), options=options) as reader:
            return reader.read_next_batch()
    except (pa.ArrowException, StopIteration, OSError) as error:
        raise RecordingError(f"a chunk is no Arrow record batch: {error}") from error


def columns(bodies: Iterable[memoryview], names: Sequence[str], all_names: Sequence[str]) -> dict[str, Column]:
    """Those columns over all frames. Nothing else is decompressed."""
    fields = sorted(all_names.index(name) for name in names)
    batches = [decode(body, fields) for body in bodies]
    found: dict[str, Column] = {}
    for position, field in enumerate(fields):
        parts = [batch.column(position).to_numpy() for batch in batches]
        found[all_names[field]] = np.concatenate(parts) if parts else np.empty(0)
    return found


def write_parquet(
    path: Path, bodies: Iterable[memoryview], channels: Sequence[Channel], metadata: dict[str, str]
) -> None:
    """All frames as one Parquet file, a minute a row group; units and meanings go with the columns. Raises OSError.

    zstd with byte-stream-split floats, in float64: commands and inputs must stay exact for replay, and what is measured
    here has no coarser resolution that the recorder would know of.
    """
    import pyarrow.parquet as pq

    about = [{"unit": c.unit, "says": c.says} for c in channels]
    bare = schema_of(channels)
    fields = [field.with_metadata(words) for field, words in zip(bare, about, strict=True)]
    schema = pa.schema(fields, metadata=metadata)
    floats = [c.name for c in channels if not c.integer]
    settings: dict[str, Any] = {
        "compression": "zstd", "compression_level": 1, "use_dictionary": [c.name for c in channels if c.integer],
        "use_byte_stream_split": floats,
    }  # fmt: skip
    with pq.ParquetWriter(path, schema, **settings) as writer:
        group: list[pa.RecordBatch] = []
        for body in bodies:
            group.append(decode(body))
            if len(group) == GROUP:
                writer.write_table(pa.Table.from_batches(group, bare).cast(schema))
                group.clear()
        if group:
            writer.write_table(pa.Table.from_batches(group, bare).cast(schema))


def read_parquet(path: Path, names: Sequence[str]) -> dict[str, Column]:
    """Those columns of a Parquet file. Raises RecordingError."""
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path, columns=list(names))
    except (pa.ArrowException, OSError) as error:
        raise RecordingError(f"{path} cannot be read: {error}") from error
    return {name: table.column(name).to_numpy() for name in names}
