"""`rehab listen`: the running session as sound, for who cannot see the screen.

    rehab listen                     plays it, with aplay, pw-cat or paplay
    rehab listen --raw | aplay ...   or gives the samples to any other program
"""

from __future__ import annotations

import argparse
import sys

HELP = "hear the running session: the way to the target as a tone"
PLAYERS = (  # signed 16 bit, stereo, from standard input
    "aplay -q -t raw -f S16_LE -c 2 -r {rate}",
    "pw-cat --playback --raw --format=s16 --channels=2 --rate={rate} -",
    "paplay --raw --format=s16le --channels=2 --rate={rate}",
)
PIECE = 0.04  # s of sound at once: what a player must wait for, and how late a tone may be


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "Left and right say where the target is, high and low whether it is farther or nearer; pulses get faster on "
        "the way to it, and the tone is unbroken inside. It ends with the session."
    )
    parser.add_argument("--raw", action="store_true", help="samples to standard output: 16 bit, stereo, 22050 Hz")
    parser.add_argument("--session", metavar="ID", help="which session, when several are running")


def run(args: argparse.Namespace) -> int:
    import subprocess

    from rehab.core.errors import BadInput
    from rehab.session.listening import follow, the_session
    from rehab.session.voice import RATE

    folder = the_session(args.session)
    if args.raw:
        if sys.stdout.isatty():
            raise BadInput('--raw gives samples, not text: send them on, for example "rehab listen --raw | aplay ..."')
        follow(folder, sys.stdout.buffer, PIECE)
        return 0
    command = _player(RATE)
    with subprocess.Popen(command, stdin=subprocess.PIPE) as player:
        assert player.stdin is not None
        try:
            follow(folder, player.stdin, PIECE)
        except BrokenPipeError:
            raise BadInput(f"{command[0]} plays nothing: is there a loudspeaker?") from None
    return 0


def _player(rate: int) -> list[str]:
    from shutil import which

    from rehab.core.errors import BadInput

    for player in PLAYERS:
        if which(player.split()[0]):
            return player.format(rate=rate).split()
    names = ", ".join(player.split()[0] for player in PLAYERS)
    raise BadInput(f'no player was found ({names}); install one (Debian: "apt-get install alsa-utils"), or use --raw')
