"""Decode vehicle identification numbers (车架号), one, many, or a table of Arrow.

The work is done by the compiled module beside this one, which reads no clock: a day that is not given
is today's in China.
"""

import datetime as _datetime

from chejia import _chejia
from chejia._chejia import Decoded, __version__

__all__ = ["Decoded", "__version__", "decode", "decode_arrow", "decode_batch"]

_CHINA = _datetime.timezone(_datetime.timedelta(hours=8))


def _day(as_of):
    day = _datetime.datetime.now(_CHINA).date() if as_of is None else as_of
    return day if isinstance(day, str) else day.strftime("%Y-%m-%d")


def decode(vin, *, year=None, lang="zh", explain=False, vpic=False, as_of=None):
    return _chejia.decode(vin, year, lang, explain, vpic, _day(as_of))


def decode_batch(vins, *, years=None, lang="zh", vpic=False, as_of=None):
    return _chejia.decode_batch(vins, years, lang, vpic, _day(as_of))


def decode_arrow(
    source, *, column=None, columns=None, lang="zh", explain=False, only_hits=False, vpic=False, as_of=None
):
    return _chejia.decode_arrow(source, column, columns, lang, explain, only_hits, vpic, _day(as_of))
