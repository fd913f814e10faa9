"""High dynamic range brought down to what ordinary screens show (sRGB primaries, standard range)."""

from __future__ import annotations

TRANSFERS = {16: "smpte2084", 18: "arib-std-b67"}
"""PQ and HLG by their code points in ITU-T H.273, table 3, under the names that ffmpeg gives them."""
WHITE = 203
"""Nits of diffuse white in HDR (ITU-R BT.2408, section 2.2)."""


def filters(transfer: str) -> str:
    """ffmpeg filters, beginning with a comma, that follow `scale`; nothing for standard dynamic range.

    The light is made linear with diffuse white at 1, the colours are brought to BT.709 and what is brightest
    is rolled off by a Möbius curve, which leaves darker light as it is (ffmpeg, "tonemap").
    """
    if transfer not in TRANSFERS.values():
        return ""
    linear = f"zscale=tin={transfer}:pin=bt2020:min=bt2020nc:t=linear:npl={WHITE}"
    rolled = "format=gbrpf32le,zscale=p=bt709,tonemap=mobius:desat=0"
    return f",format=yuv444p10le,{linear},{rolled},zscale=t=bt709:r=full,format=gbrp"
