from collections.abc import Sequence
from datetime import date
from typing import Any, Literal, Protocol, TypedDict, Union, final

__version__: str

_Lang = Literal["zh", "en"]
_Day = Union[date, str, None]

class _ArrowStream(Protocol):
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...

class _ArrowArray(Protocol):
    def __arrow_c_array__(self, requested_schema: Any = None) -> Any: ...

class _Found(TypedDict, total=False):
    status: Literal["found", "unknown", "refused"]
    """`unknown`: a VIN of which not even the brand is known. `refused`: no VIN."""
    error: str
    """Why it was refused."""
    result: dict[str, Any]
    """All 69 fields as a server answers them: docs/reference/fields.md."""
    match: dict[str, Any]
    """`level`, `confidence`, `channel`, `year` and `notes`."""
    explain: list[dict[str, Any]]
    """Where each value comes from, with `explain=True`."""
    vin: str
    """With `vpic=True`, in place of all above: the VIN as it was read."""
    model_year: int | None
    error_codes: list[int]
    attributes: dict[str, str | list[str]]
    """The variables of NHTSA's vPIC by name; those that may repeat are lists."""

@final
class Decoded:
    """Decoded batches, decoded while they are read; it can be read once."""

    def __arrow_c_schema__(self) -> Any:
        """The columns, before anything is decoded."""
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """The batches, for pyarrow, polars, DuckDB and others; without copies."""

def decode(
    vin: str,
    *,
    year: int | None = None,
    lang: _Lang = "zh",
    explain: bool = False,
    vpic: bool = False,
    as_of: _Day = None,
) -> _Found:
    """Decode one VIN, as people write it. Raises nothing for a text that is none: see `status`.

    `as_of` is the day to decode for, a date or `YYYY-MM-DD`; today in China without.
    """

def decode_batch(
    vins: Sequence[str],
    *,
    years: Sequence[int | None] | None = None,
    lang: _Lang = "zh",
    vpic: bool = False,
    as_of: _Day = None,
) -> list[_Found]:
    """Decode many VINs, in order. Texts that several answers hold are one object."""

def decode_arrow(
    source: _ArrowStream | _ArrowArray,
    *,
    column: str | None = None,
    columns: Sequence[str] | None = None,
    lang: _Lang = "zh",
    explain: bool = False,
    only_hits: bool = False,
    vpic: bool = False,
    as_of: _Day = None,
) -> Decoded:
    """Add decoded columns to a table, a batch, a stream of batches, or an array of VINs.

    The columns of the source are handed on as they are, without copies; the column of the VINs is
    found by its name unless `column` names it. `columns` chooses those that are added, by the names
    in docs/reference/columns.md. The interpreter is free for other threads meanwhile.
    """
